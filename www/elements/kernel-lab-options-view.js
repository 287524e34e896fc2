/**
 * The card of the options, with the output-size formula filled in.
 *
 * @import { KernelLabModel } from "../labs/kernel-lab.js"
 * @import { KernelLabState } from "../state/kernel-lab-state.js"
 * @import { KernelLabElement } from "./kernel-lab.js"
 */
import { html, nothing } from "lit";
import { t } from "../i18n/index.js";
import { LIMITS } from "../state/kernel-lab-state.js";
import { linkIcon } from "./icon.js";

const PADDINGS = ["valid", "same", "full", "sides"];
const PADDING_MODES = ["zeros", "reflect", "replicate", "circular"];
const SIDES = /** @type {const} */ (["top", "left", "bottom", "right"]);

/**
 * @param {KernelLabModel} model
 * @param {KernelLabElement} lab
 */
export function optionsCard(model, lab) {
  const state = model.store.state.value;
  return html`
    <section class="card wide options" aria-label=${t("lab.options")}>
      ${padding(model)}
      ${choice(model, "paddingMode", PADDING_MODES)}
      ${pair(model, lab, "stride", LIMITS.stride)}
      ${pair(model, lab, "dilation", LIMITS.dilation)}
      <cnn-number-stepper
        .label=${t("lab.bias")}
        title=${t("lab.bias.title")}
        .value=${state.bias}
        .min=${-LIMITS.bias}
        .max=${LIMITS.bias}
        .step=${0.1}
        @value-change=${(/** @type {CustomEvent} */ { detail }) =>
          model.set({ bias: detail.value }, "bias")}
      ></cnn-number-stepper>
      ${yesNo(model, "relu")}
      ${yesNo(model, "flipKernel")}
      <p class="caption">${t(state.flipKernel ? "lab.flipKernel.on" : "lab.flipKernel.off")}</p>
    </section>
  `;
}

/** @param {KernelLabModel} model */
function padding(model) {
  const { padding: chosen } = model.store.state.value;
  const sides = typeof chosen === "object" ? chosen : null;
  const choose = (/** @type {CustomEvent} */ { detail }) => {
    const present = model.frame.peek()?.padding ?? { top: 0, left: 0, bottom: 0, right: 0 };
    model.set({ padding: detail.value === "sides" ? present : detail.value });
  };
  return html`
    <cnn-segmented-control
      .label=${t("lab.padding")}
      .options=${PADDINGS.map((value) => ({
        value,
        label: t(`lab.padding.${value}`),
        title: t(`lab.padding.${value}.title`),
      }))}
      .value=${sides ? "sides" : chosen}
      @value-change=${choose}
    ></cnn-segmented-control>
    ${
      sides
        ? SIDES.map(
            (side) => html`<cnn-number-stepper
              .label=${t(`lab.padding.${side}`)}
              .value=${sides[side]}
              .min=${0}
              .max=${LIMITS.padding}
              .step=${1}
              @value-change=${(/** @type {CustomEvent} */ { detail }) =>
                model.set({ padding: { ...sides, [side]: detail.value } }, `padding ${side}`)}
            ></cnn-number-stepper>`,
          )
        : nothing
    }
  `;
}

/**
 * @param {KernelLabModel} model
 * @param {"paddingMode"} name
 * @param {string[]} values
 */
function choice(model, name, values) {
  return html`<cnn-segmented-control
    .label=${t(`lab.${name}`)}
    .options=${values.map((value) => ({
      value,
      label: t(`lab.${name}.${value}`),
      title: t(`lab.${name}.${value}.title`),
    }))}
    .value=${model.store.state.value[name]}
    @value-change=${(/** @type {CustomEvent} */ { detail }) => model.set({ [name]: detail.value })}
  ></cnn-segmented-control>`;
}

/**
 * @param {KernelLabModel} model
 * @param {"relu" | "flipKernel"} name
 */
function yesNo(model, name) {
  return html`<cnn-segmented-control
    .label=${t(`lab.${name}`)}
    title=${t(`lab.${name}.title`)}
    .options=${[false, true].map((value) => ({ value, label: t(value ? "lab.yes" : "lab.no") }))}
    .value=${model.store.state.value[name]}
    @value-change=${(/** @type {CustomEvent} */ { detail }) => model.set({ [name]: detail.value })}
  ></cnn-segmented-control>`;
}

/**
 * An option with a value for rows and one for columns: one stepper while they are linked.
 * @param {KernelLabModel} model
 * @param {KernelLabElement} lab
 * @param {"stride" | "dilation"} name
 * @param {number} most
 */
function pair(model, lab, name, most) {
  const [rows, cols] = model.store.state.value[name];
  const apart = rows !== cols || lab.unlinked.has(name);
  const stepper = (
    /** @type {string} */ label,
    /** @type {number} */ value,
    /** @type {(value: number) => [number, number]} */ next,
  ) => html`<cnn-number-stepper
    .label=${label}
    title=${t(`lab.${name}.title`)}
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
            stepper(t(`lab.${name}.rows`), rows, (value) => [value, cols]),
            stepper(t(`lab.${name}.columns`), cols, (value) => [rows, value]),
          ]
        : stepper(t(`lab.${name}`), rows, (value) => [value, value])
    }
    <button
      type="button"
      class="toggle"
      aria-pressed=${String(!apart)}
      aria-label=${t(`lab.${name}.link`)}
      title=${t(`lab.${name}.link`)}
      @click=${link}
    >
      ${linkIcon}
    </button>
  </div>`;
}
