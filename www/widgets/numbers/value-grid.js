import { css, html, LitElement, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";
import {
  cellTexts,
  factorText,
  legibleCharacters,
  numberCells,
  paintCells,
  shapeGrid,
  WidthController,
} from "./number-cells.js";

/** The digits that a 32-bit float holds. */
const FLOAT32 = { maximumSignificantDigits: 7, useGrouping: false };

/**
 * A small read-only grid of coloured numbers: a window, a kernel or products.
 *
 * Every number comes from the core; the grid rounds what it shows and gives the full value in the
 * title and to screen readers.
 */
export class ValueGridElement extends Localized(LitElement) {
  static properties = {
    values: { attribute: false },
    cells: { attribute: false },
    columns: { type: Number },
    active: { attribute: false },
    outside: { attribute: false },
    label: {},
    caption: {},
  };

  static styles = [
    controls,
    numberCells,
    css`
      :host {
        display: block;
        container-type: inline-size;
      }
      .cells {
        --cell-width: calc((100cqi - 2px) / var(--columns));
      }
      .caption {
        margin: 0 0 4px;
        line-height: 1.3;
      }
      .caption b {
        color: var(--cnn-ink);
      }
      .cell-row {
        block-size: calc(var(--cell-width) * var(--value-grid-cell-ratio, 0.8));
      }
      .cell.outside {
        background-image: repeating-linear-gradient(
          135deg,
          transparent 0 3px,
          color-mix(in srgb, currentcolor 28%, transparent) 3px 4px
        );
      }
      .cell[aria-current] {
        outline: 2px solid var(--cnn-focus);
        outline-offset: -2px;
        box-shadow: inset 0 0 0 3px var(--cnn-panel);
      }
    `,
  ];

  #width = new WidthController(this);

  constructor() {
    super();
    /** @type {ArrayLike<number>} Row-major values. */
    this.values = [];
    /** @type {import("./number-cells.js").Cells | null} Colours of the values. */
    this.cells = null;
    /** Values per row. */
    this.columns = 1;
    /** @type {number | null} Index of the value outlined. */
    this.active = null;
    /** @type {ArrayLike<number> | null} 1 where a value lies outside the picture; hatched. */
    this.outside = null;
    /** Name of the grid for screen readers. */
    this.label = "";
    /** Stands above the grid, with the common factor of its numbers. */
    this.caption = "";
  }

  render() {
    const columns = Math.max(1, this.columns);
    const { texts, exponent } = this.#texts();
    const rows = [];
    for (let start = 0; start < this.values.length; start += columns) {
      const row = texts.slice(start, start + columns);
      rows.push(
        html`<div class="cell-row" role="row">${row.map((text, column) => this.#cell(text, start + column))}</div>`,
      );
    }
    const factor = factorText(exponent);
    return html`
      ${
        this.caption || factor
          ? html`<p class="caption" aria-hidden="true">${this.caption} <b>${factor}</b></p>`
          : nothing
      }
      <div class="cells" role="table" aria-label=${this.label || nothing}>${rows}</div>
    `;
  }

  updated() {
    const grid = /** @type {HTMLElement} */ (this.renderRoot.querySelector(".cells"));
    const columns = Math.max(1, this.columns);
    shapeGrid(grid, Math.ceil(this.values.length / columns), columns, this.#texts().texts);
    paintCells(this.renderRoot.querySelectorAll(".cell"), this.cells);
  }

  #texts() {
    return cellTexts(this.values, legibleCharacters(this.#width.width / Math.max(1, this.columns)));
  }

  /**
   * @param {string} text
   * @param {number} index
   */
  #cell(text, index) {
    const outside = this.outside?.[index] === 1;
    const value = number(this.values[index], FLOAT32);
    const spoken = outside ? t("widget.value.outside", { value }) : value;
    return html`<div
      class=${outside ? "cell outside" : "cell"}
      role="cell"
      title=${spoken}
      aria-label=${spoken}
      aria-current=${this.active === index ? "true" : nothing}
    >${text}</div>`;
  }
}
