import { css, html, LitElement, nothing } from "lit";
import { t } from "../../i18n/index.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";

/**
 * @typedef {object} SideFormula the numbers behind one side of the output, in pixels
 * @property {number} input
 * @property {number} before padding at the top or left
 * @property {number} after padding at the bottom or right
 * @property {number} kernel
 * @property {number} dilation
 * @property {number} stride
 * @property {number} output
 * @property {boolean} [ceil] rounded up instead of down
 * @property {number} [dropped] windows that the rounded formula counts but that would start past
 * the input
 */

/**
 * The output size formula with its numbers filled in; one line if both sides are equal.
 *
 * The formula is relationship 6 of Dumoulin and Visin, arXiv:1603.07285, with dilation and
 * separate padding at the two ends; pooling may round up, and drops windows that would then start
 * past the input.
 */
export class SizeFormulaElement extends Localized(LitElement) {
  static properties = {
    formula: { attribute: false },
  };

  static styles = [
    controls,
    css`
      :host {
        display: block;
        container-type: inline-size;
        min-block-size: 38px;
        color: var(--cnn-ink);
      }
      .line {
        display: flex;
        flex-wrap: wrap;
        gap: 0 8px;
        align-items: center;
        cursor: help;
      }
      .line:has(.side) {
        flex-wrap: nowrap;
        justify-content: space-between;
      }
      .line + .line {
        margin-block-start: 4px;
      }
      .side {
        color: var(--cnn-soft);
        font-size: 12px;
      }
      math {
        padding-block: 2px;
        font-family: "Cambria Math", "STIX Two Math", "Latin Modern Math", "Noto Sans Math",
          "DejaVu Math TeX Gyre", math;
        font-size: min(16px, 4.9cqi);
      }
      .side + math {
        font-size: min(16px, 3.8cqi);
      }
      .output {
        font-weight: 700;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {{ height: SideFormula, width: SideFormula } | null} Null while there is no output. */
    this.formula = null;
  }

  /** @override */
  render() {
    if (!this.formula) return nothing;
    const { height, width } = this.formula;
    if (isAlike(height, width)) return line("both", height);
    return [line("height", height), line("width", width)];
  }
}

/**
 * @param {"both" | "height" | "width"} side
 * @param {SideFormula} numbers
 */
function line(side, { input, before, after, kernel, dilation, stride, output, ceil, dropped = 0 }) {
  const name = t(`maps.size.${side}`);
  const rounding = ceil ? "up" : "down";
  const numbers = { side: name, input, before, after, kernel, dilation, stride, output };
  const [open, close] = ceil ? ["⌈", "⌉"] : ["⌊", "⌋"];
  return html`<div
    class="line"
    role="img"
    aria-label=${t("maps.size.spoken", { ...numbers, rounding, dropped })}
    title=${t("maps.size.symbols", { open, close, dropped })}
  >
    ${side === "both" ? nothing : html`<span class="side">${name}</span>`}
    <math displaystyle="true"><mrow>
      <mo>${open}</mo>
      <mfrac>
        <mrow>
          <mn>${input}</mn><mo>+</mo><mn>${before}</mn><mo>+</mo><mn>${after}</mn><mo>−</mo>
          <mn>${dilation}</mn><mo>·</mo><mrow><mo>(</mo><mn>${kernel}</mn><mo>−</mo><mn>1</mn><mo>)</mo></mrow>
          <mo>−</mo><mn>1</mn>
        </mrow>
        <mn>${stride}</mn>
      </mfrac>
      <mo>${close}</mo><mo>+</mo><mn>1</mn>${dropped > 0 ? html`<mo>−</mo><mn>${dropped}</mn>` : nothing}<mo>=</mo><mn class="output">${output}</mn>
    </mrow></math>
  </div>`;
}

/**
 * @param {SideFormula} height
 * @param {SideFormula} width
 */
function isAlike(height, width) {
  const names = /** @type {(keyof SideFormula)[]} */ (Object.keys(height));
  return names.every((name) => height[name] === width[name]);
}
