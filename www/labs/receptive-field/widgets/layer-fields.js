/**
 * The controls of a layer's options, one for each kind of value.
 *
 * @import { TemplateResult } from "lit"
 */
import { css, html, nothing } from "lit";
import { t } from "../../../i18n/index.js";
import { linkIcon } from "../../../widgets/base/icon.js";

/**
 * @typedef {{ name: string, label: string, min: number, max: number }} Bounded
 * @typedef {Bounded & { type: "whole", value: number }} WholeField
 * @typedef {Bounded & { type: "pair", value: readonly [number, number] }} PairField [rows, columns]
 * @typedef {Bounded & { type: "padding", value: string | readonly number[],
 *   names: readonly { value: string, label: string }[] }} PaddingField a name, or
 *   [top, left, bottom, right]; the name "sides" stands for the numbers
 * @typedef {{ name: string, label: string, type: "choice", value: unknown,
 *   options: readonly { value: unknown, label: string }[] }} ChoiceField
 * @typedef {WholeField | PairField | PaddingField | ChoiceField} Field
 *
 * @typedef {object} Handlers
 * @property {boolean} isApart whether rows and columns are unlinked although equal
 * @property {(isLinked: boolean) => void} link
 * @property {(value: unknown) => void} change
 */

/**
 * @param {Field} field
 * @param {Handlers} handlers
 * @returns {TemplateResult}
 */
export function fieldControl(field, handlers) {
  switch (field.type) {
    case "whole":
      return stepper(field, field.label, field.value, handlers.change);
    case "pair":
      return pair(field, handlers);
    case "padding":
      return padding(field, handlers);
    case "choice":
      return html`<cnn-segmented-control
        .label=${field.label}
        .options=${field.options}
        .value=${field.value}
        @value-change=${changed(handlers.change)}
      ></cnn-segmented-control>`;
  }
}

export const fieldStyles = css`
  .pair {
    display: flex;
    gap: 4px;
    align-items: end;
  }
  /* As high as a stepper with its border. */
  .pair > button {
    block-size: calc(var(--cnn-target) + 2px);
  }
  .fields {
    --cnn-segment-padding: 7px;
  }
  @media (pointer: fine) {
    .fields {
      --stepper-button: 26px;
    }
  }
`;

/**
 * @param {PairField} field
 * @param {Handlers} handlers
 */
function pair(field, { isApart, link, change }) {
  const { label, value } = field;
  const [rows, cols] = value;
  const apart = rows !== cols || isApart;
  const toggle = () => {
    if (apart && rows !== cols) change([rows, rows]);
    link(apart);
  };
  return html`<div class="pair">
    ${
      apart
        ? [
            stepper(field, t("receptive.editor.rows", { label }), rows, (next) =>
              change([next, cols]),
            ),
            stepper(field, t("receptive.editor.columns", { label }), cols, (next) =>
              change([rows, next]),
            ),
          ]
        : stepper(field, label, rows, (next) => change([next, next]))
    }
    <button
      class="toggle"
      aria-pressed=${String(!apart)}
      aria-label=${t("receptive.editor.link", { label })}
      title=${t("receptive.editor.link", { label })}
      @click=${toggle}
    >${linkIcon}</button>
  </div>`;
}

/**
 * @param {PaddingField} field
 * @param {Handlers} handlers
 */
function padding(field, { isApart, link, change }) {
  const { label, value, names } = field;
  const sides = typeof value === "string" ? null : value;
  const isAlike = sides?.every((side) => side === sides[0]) === true;
  return html`
    <cnn-segmented-control
      .label=${label}
      .options=${names}
      .value=${sides ? "sides" : value}
      @value-change=${changed((name) => change(name === "sides" ? [0, 0, 0, 0] : name))}
    ></cnn-segmented-control>
    ${
      sides
        ? html`<div class="pair">
            ${
              isAlike && !isApart
                ? stepper(field, label, sides[0], (next) => change([next, next, next, next]), true)
                : sides.map((side, index) =>
                    stepper(field, t(`receptive.editor.side.${index}`, { label }), side, (next) =>
                      change(sides.map((other, at) => (at === index ? next : other))),
                    ),
                  )
            }
            <button
              class="toggle"
              aria-pressed=${String(isAlike && !isApart)}
              aria-label=${t("receptive.editor.link", { label })}
              title=${t("receptive.editor.link", { label })}
              @click=${() => {
                if (!isAlike) change([sides[0], sides[0], sides[0], sides[0]]);
                link(!isAlike || isApart);
              }}
            >${linkIcon}</button>
          </div>`
        : nothing
    }
  `;
}

/**
 * @param {Bounded} field
 * @param {string} label
 * @param {number} value
 * @param {(value: number) => void} change
 * @param {boolean} [isLabelHidden]
 */
function stepper({ min, max }, label, value, change, isLabelHidden = false) {
  return html`<cnn-number-stepper
    .label=${label}
    ?label-hidden=${isLabelHidden}
    .value=${value}
    .min=${min}
    .max=${max}
    .step=${1}
    @value-change=${changed(change)}
  ></cnn-number-stepper>`;
}

/**
 * @param {(value: any) => void} change
 * @returns {(event: CustomEvent) => void}
 */
function changed(change) {
  return ({ detail }) => change(detail.value);
}
