/**
 * Options that several labs share, for a model whose state holds them under the same names. Their
 * messages are `<area>.<name>` in the catalogue.
 *
 * @import { LabModel } from "./lab-model.js"
 * @import { LabElement } from "./lab-element.js"
 */
import { html, nothing } from "lit";
import { t } from "../../i18n/index.js";
import { anchorPopover } from "../../widgets/base/anchored-popover.js";
import { linkIcon } from "../../widgets/base/icon.js";

/** @typedef {{ top: number, left: number, bottom: number, right: number }} Sides */

const PADDINGS = ["valid", "same", "full"];
const SIDES = /** @type {const} */ (["top", "left", "bottom", "right"]);
const NO_SIDES = { top: 0, left: 0, bottom: 0, right: 0 };
const DISPLAYS = ["clip", "symmetric", "absolute", "fixed"];

/** Smallest distance between the ends of a fixed range. */
const DISPLAY_GAP = 0.001;

/**
 * Padding by name; "per side" is offered while that is what is chosen.
 * @param {LabModel<any, any>} model
 */
export function paddingOption(model) {
  const { padding: chosen } = model.store.state.value;
  const isNamed = typeof chosen === "string";
  return html`<cnn-segmented-control
    .label=${t("lab.padding")}
    .options=${choices("padding", isNamed ? PADDINGS : [...PADDINGS, "sides"], "lab")}
    .value=${isNamed ? chosen : "sides"}
    @value-change=${(/** @type {CustomEvent} */ { detail }) =>
      detail.value !== "sides" && model.set({ padding: detail.value })}
  ></cnn-segmented-control>`;
}

/**
 * Padding per side; it begins with the padding that a name stands for.
 * @param {LabModel<any, any>} model
 * @param {number} most
 * @param {Sides | undefined} present  the padding that there is
 */
export function sidesOption(model, most, present = NO_SIDES) {
  const { padding: chosen } = model.store.state.value;
  const sides = typeof chosen === "object" ? chosen : present;
  return html`<div class="field sides" role="group" aria-labelledby="sides-label">
    <span class="label" id="sides-label">${t("lab.padding.sides.long")}</span>
    <div>
      ${SIDES.map(
        (side) => html`<cnn-number-stepper
          .label=${t(`lab.padding.${side}`)}
          .value=${sides[side]}
          .min=${0}
          .max=${most}
          .step=${1}
          @value-change=${(/** @type {CustomEvent} */ { detail }) =>
            model.set({ padding: { ...sides, [side]: detail.value } }, `padding ${side}`)}
        ></cnn-number-stepper>`,
      )}
    </div>
  </div>`;
}

/**
 * The options that few need, behind a button; a line beside it says what they are, so that none of
 * them acts unseen.
 * @param {{ words: string[], changed: string[] }} summary  the options, and those not at their
 *   defaults
 * @param {unknown} content
 */
export function moreOptions({ words, changed }, content) {
  return html`
    <p class="caption summary">
      ${words.map(
        (word, index) =>
          html`${index > 0 ? " · " : ""}${changed.includes(word) ? html`<b>${word}</b>` : word}`,
      )}
    </p>
    <button type="button" class="more" popovertarget="more">${t("lab.more")}</button>
    <div
      class="options end"
      id="more"
      popover
      role="group"
      aria-label=${t("lab.more.title")}
      @toggle=${anchorPopover}
    >
      ${content}
    </div>
  `;
}

/**
 * One of a few named values.
 * @param {LabModel<any, any>} model
 * @param {string} name
 * @param {readonly string[]} values
 * @param {string} area
 */
export function choiceOption(model, name, values, area) {
  return html`<cnn-segmented-control
    .label=${t(`${area}.${name}`)}
    .options=${choices(name, values, area)}
    .value=${model.store.state.value[name]}
    @value-change=${(/** @type {CustomEvent} */ { detail }) => model.set({ [name]: detail.value })}
  ></cnn-segmented-control>`;
}

/**
 * @param {LabModel<any, any>} model
 * @param {string} name
 * @param {string} area
 */
export function yesNoOption(model, name, area) {
  return html`<cnn-segmented-control
    .label=${t(`${area}.${name}`)}
    title=${t(`${area}.${name}.title`)}
    .options=${[false, true].map((value) => ({ value, label: t(value ? "lab.yes" : "lab.no") }))}
    .value=${model.store.state.value[name]}
    @value-change=${(/** @type {CustomEvent} */ { detail }) => model.set({ [name]: detail.value })}
  ></cnn-segmented-control>`;
}

/**
 * @param {LabModel<any, any>} model
 * @param {string} name
 * @param {{ min: number, max: number, step?: number }} range
 * @param {string} area
 */
export function numberOption(model, name, { min, max, step = 1 }, area) {
  return html`<cnn-number-stepper
    .label=${t(`${area}.${name}`)}
    title=${t(`${area}.${name}.title`)}
    .value=${model.store.state.value[name]}
    .min=${min}
    .max=${max}
    .step=${step}
    @value-change=${(/** @type {CustomEvent} */ { detail }) =>
      model.set({ [name]: detail.value }, name)}
  ></cnn-number-stepper>`;
}

/**
 * An option with one value for rows and one for columns: a single stepper while they are linked.
 * @param {LabModel<any, any>} model
 * @param {LabElement<any, any>} lab
 * @param {string} name
 * @param {number} most
 * @param {string} area
 */
export function pairOption(model, lab, name, most, area) {
  const [rows, cols] = /** @type {[number, number]} */ (model.store.state.value[name]);
  const apart = rows !== cols || lab.unlinked.has(name);
  const stepper = (
    /** @type {string} */ label,
    /** @type {number} */ value,
    /** @type {(value: number) => [number, number]} */ next,
  ) => html`<cnn-number-stepper
    .label=${label}
    title=${t(`${area}.${name}.title`)}
    .value=${value}
    .min=${1}
    .max=${most}
    .step=${1}
    @value-change=${(/** @type {CustomEvent} */ { detail }) =>
      model.set({ [name]: next(detail.value) }, name)}
  ></cnn-number-stepper>`;
  const link = () => {
    if (apart && rows !== cols) model.set({ [name]: [rows, rows] });
    lab.link(name, apart);
  };
  return html`<div class="pair">
    ${
      apart
        ? [
            stepper(t(`${area}.${name}.rows`), rows, (value) => [value, cols]),
            stepper(t(`${area}.${name}.columns`), cols, (value) => [rows, value]),
          ]
        : stepper(t(`${area}.${name}`), rows, (value) => [value, value])
    }
    <button
      type="button"
      class="toggle"
      aria-pressed=${String(!apart)}
      aria-label=${t(`${area}.${name}.link`)}
      title=${t(`${area}.${name}.link`)}
      @click=${link}
    >
      ${linkIcon}
    </button>
  </div>`;
}

/**
 * The display range, which maps values to colours.
 * @param {LabModel<any, any>} model
 * @param {number} most  largest magnitude of the ends
 */
export function displayOption(model, most) {
  const { display } = model.store.state.value;
  const end = (/** @type {"min" | "max"} */ name) => html`<cnn-number-stepper
    class="end"
    .label=${t(`lab.display.${name}`)}
    .value=${display[name]}
    .min=${name === "max" ? display.min + DISPLAY_GAP : -most}
    .max=${name === "min" ? display.max - DISPLAY_GAP : most}
    .step=${0.1}
    @value-change=${(/** @type {CustomEvent} */ event) =>
      model.set({ display: { ...display, [name]: event.detail.value } }, `display ${name}`)}
  ></cnn-number-stepper>`;
  return html`
    <cnn-segmented-control
      .label=${t("lab.display")}
      .options=${choices("display", DISPLAYS, "lab")}
      .value=${display.kind}
      @value-change=${(/** @type {CustomEvent} */ event) =>
        model.set({ display: { ...display, kind: event.detail.value } })}
    ></cnn-segmented-control>
    ${display.kind === "fixed" ? [end("min"), end("max")] : nothing}
  `;
}

/**
 * @param {string} name
 * @param {readonly string[]} values
 * @param {string} area
 */
function choices(name, values, area) {
  return values.map((value) => ({
    value,
    label: t(`${area}.${name}.${value}`),
    title: t(`${area}.${name}.${value}.title`),
  }));
}
