import { css, html, LitElement, nothing } from "lit";
import { number, t } from "../../i18n/index.js";
import { emit } from "../base/emit.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";
import { readable, signed } from "./readable-number.js";

/**
 * @typedef {import("./number-cells.js").Cells} Cells
 * @typedef {object} Inspection one output value with its terms, computed by the core; the grids
 * are row-major and of the kernel's size
 * @property {number} row of the output pixel
 * @property {number} col
 * @property {number} channel
 * @property {[rows: number, cols: number]} size
 * @property {Float32Array} window input values under the window
 * @property {Float32Array} kernel weights as applied
 * @property {Float32Array} products
 * @property {Float32Array} partialSums after each product
 * @property {Uint8Array} outside 1 where the window lies on padding
 * @property {Int32Array} rows input row of each kernel row
 * @property {Int32Array} cols
 * @property {number} sum
 * @property {number} bias
 * @property {number} beforeRelu
 * @property {number} value
 * @property {{ window: Cells, kernel: Cells, products: Cells }} cells
 */

const CHANNELS = ["red", "green", "blue"];

/**
 * How one output pixel is computed: window times kernel gives the products, which are added up.
 *
 * Pointing at a cell marks it in all three grids and spells out its product.
 * @fires channel-pick `{channel}`, counted from 0
 */
export class PixelInspectorElement extends Localized(LitElement) {
  static properties = {
    inspection: { attribute: false },
    tap: { attribute: false },
    title: { attribute: false },
    channels: { type: Number },
    compact: { type: Boolean, reflect: true },
    weights: {},
    note: { attribute: false },
    marked: { attribute: false },
    pointed: { state: true },
  };

  static styles = [
    controls,
    css`
      :host {
        --cell-most: 45px;
        --beside: 420px;
        /* Height of a value grid's cell by its width. */
        --ratio: var(--value-grid-cell-ratio, 0.8);
        display: block;
        container-type: inline-size;
      }
      :host([compact]) {
        --cell-most: 36px;
      }
      p {
        margin: 0;
      }
      .head {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 16px;
        align-items: center;
        justify-content: space-between;
        margin-block-end: 10px;
        font-size: 13px;
        font-weight: 600;
      }
      .place {
        color: var(--cnn-soft);
      }
      .equation {
        --cell: min(
          var(--cell-most),
          var(--rows-most, 368px) / var(--ratio) / var(--kernel-rows),
          (100cqi - var(--beside)) / (3 * var(--kernel-columns))
        );
        --grid-height: calc(var(--cell) * var(--kernel-rows) * var(--ratio));
        display: flex;
        flex-wrap: wrap;
        gap: var(--gap, 16px);
        align-items: end;
      }
      .grid {
        position: relative;
        inline-size: calc(var(--cell) * var(--kernel-columns));
      }
      .grid.window cnn-value-grid {
        /* Brightness has no sign to keep: where numbers have no room, cells stay clean. The grid
           resolves this inside itself, where 100cqi is its own width. */
        --cell-font: clamp(0px, (100cqi / var(--kernel-columns) - 20px) * 99, 13px);
      }
      .rest {
        position: absolute;
        inset: 0;
        background: color-mix(in srgb, var(--cnn-panel) 78%, transparent);
        pointer-events: none;
      }
      .operator {
        display: grid;
        align-items: center;
        block-size: var(--grid-height);
        color: var(--cnn-soft);
        font-size: 24px;
        line-height: 1;
      }
      .total {
        display: flex;
        flex: 1 1 7em;
        gap: inherit;
        align-items: center;
        min-inline-size: 0;
        min-block-size: var(--grid-height);
      }
      .result {
        flex: 1;
        min-inline-size: 0;
        color: var(--cnn-soft);
        font-size: 13px;
      }
      .value {
        color: var(--cnn-ink);
        font: 650 30px / 1.2 var(--cnn-mono, monospace);
      }
      :host([compact]) .value {
        font-size: 22px;
      }
      .value.negative {
        color: var(--cnn-neg-text);
      }
      .value.positive {
        color: var(--cnn-pos-text);
      }
      .detail {
        min-block-size: 1.45em;
        color: var(--cnn-ink);
      }
      .empty {
        color: var(--cnn-soft);
      }

      @container (max-width: 520px) {
        .equation {
          --beside: 68px;
          gap: 8px;
        }
        .operator {
          inline-size: 16px;
          font-size: 18px;
          text-align: center;
        }
        .figure {
          inline-size: min-content;
        }
        .total {
          flex: 1 0 100%;
          align-items: start;
          min-block-size: 0;
        }
        .sum {
          block-size: auto;
          line-height: 2;
        }
      }
      /* Numbers need cells of 30 px: two grids in a row if they have them, else one. */
      @container (max-width: 330px) {
        .equation {
          --two: (100cqi - 58px) / (2 * var(--kernel-columns));
          --one: min(var(--cell-most), 100cqi / var(--kernel-columns));
          --cell: min(
            var(--cell-most),
            max(var(--two), clamp(0px, (30px - var(--two)) * 99, var(--one)))
          );
        }
      }
    `,
  ];

  constructor() {
    super();
    /** @type {Inspection | null} Null shows how to get one. */
    this.inspection = null;
    /** @type {number | null} The product just added, from 0; null when all are. */
    this.tap = null;
    /** Title above the grids, with the pixel's position; empty where the page shows both. */
    this.title = "";
    /** Channels of the input, 1 or 3; with 3 there is a choice of channel. */
    this.channels = 1;
    /** A smaller version, for two side by side. */
    this.compact = false;
    /** Name of the second grid: `kernel` or `weights`. */
    this.weights = "kernel";
    /** Explains the value, instead of sum, bias and ReLU. */
    this.note = "";
    /** @type {number | null} The cell to mark while none is pointed at. */
    this.marked = null;
    /** @type {number | null} The cell pointed at. */
    this.pointed = null;
  }

  /** @override */
  render() {
    const { inspection } = this;
    if (!inspection) return html`<p class="empty">${t("maps.inspector.empty")}</p>`;
    const { cells, outside } = inspection;
    return html`<div role="group" aria-label=${this.title || t("maps.inspector.title")}>
      ${this.#head(inspection)}
      <div class="equation">
        ${this.#grid("window", inspection.window, cells.window, outside)}
        ${operator("×")}
        ${this.#grid("kernel", inspection.kernel, cells.kernel, null)}
        ${operator("=")}
        ${this.#grid("products", inspection.products, cells.products, null)}
        ${this.#result(inspection)}
      </div>
    </div>`;
  }

  /** @override */
  updated() {
    if (!this.inspection) return;
    const [rows, columns] = this.inspection.size;
    this.style.setProperty("--kernel-rows", String(rows));
    this.style.setProperty("--kernel-columns", String(columns));
    const rest = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(".rest"));
    if (rest && this.tap !== null) rest.style.clipPath = after(this.tap, rows, columns);
  }

  /** @param {Inspection} inspection */
  #head({ row, col, channel }) {
    const channels = this.channels > 1 ? this.#channelChoice(channel) : nothing;
    if (!this.title)
      return channels === nothing ? nothing : html`<div class="head">${channels}</div>`;
    return html`<div class="head">
      <p>${this.title}</p>
      ${channels}
      <p class="place">${t("maps.place", { row, col })}</p>
    </div>`;
  }

  /**
   * @param {"window" | "kernel" | "products"} name
   * @param {Float32Array} values
   * @param {Cells} cells
   * @param {Uint8Array | null} outside
   */
  #grid(name, values, cells, outside) {
    const isUnfinished = name === "products" && this.#isUnfinished();
    const word = t(`maps.inspector.${name === "kernel" ? this.weights : name}`);
    return html`<div class="figure">
      <div class="grid ${name}" @pointermove=${this.#point} @pointerdown=${this.#point} @pointerleave=${this.#leave}>
        <cnn-value-grid
          .values=${values}
          .cells=${cells}
          .columns=${/** @type {Inspection} */ (this.inspection).size[1]}
          .active=${this.#active()}
          .outside=${outside}
          .label=${word}
          .caption=${word}
        ></cnn-value-grid>
        ${isUnfinished ? html`<div class="rest"></div>` : nothing}
      </div>
    </div>`;
  }

  /** @param {Inspection} inspection */
  #result(inspection) {
    const { products, partialSums, value } = inspection;
    const shown = this.#isUnfinished() ? partialSums[/** @type {number} */ (this.tap)] : value;
    const look = shown < 0 ? "value negative" : shown > 0 ? "value positive" : "value";
    return html`<div class="total">
      <span class="operator sum" aria-hidden="true">Σ</span>
      <div class="result">
        <p class=${look} title=${number(shown, { maximumSignificantDigits: 7 })}>${signed(shown)}</p>
        ${
          this.#isUnfinished()
            ? html`<p>${t("maps.inspector.so_far", { done: Number(this.tap) + 1, count: products.length })}</p>`
            : this.note
              ? html`<p>${this.note}</p>`
              : steps(inspection)
        }
        <p class="detail">${this.#detail(inspection)}</p>
      </div>
    </div>`;
  }

  /** The product of the marked cell, in full. @param {Inspection} inspection */
  #detail({ size, rows, cols, outside, window, kernel, products }) {
    const index = this.#active();
    if (index === null) return nothing;
    const key = outside[index] ? "maps.inspector.product_outside" : "maps.inspector.product";
    return t(key, {
      row: number(rows[Math.floor(index / size[1])]),
      col: number(cols[index % size[1]]),
      window: readable(window[index]),
      kernel: readable(kernel[index]),
      product: readable(products[index]),
    });
  }

  /** @param {number} channel */
  #channelChoice(channel) {
    const options = CHANNELS.map((name, value) => ({ value, label: t(`maps.channel.${name}`) }));
    return html`<cnn-segmented-control
      label-hidden
      .label=${t("maps.inspector.channel")}
      .options=${options}
      .value=${channel}
      @value-change=${this.#pickChannel}
    ></cnn-segmented-control>`;
  }

  /** @param {CustomEvent<{ value: number }>} event */
  #pickChannel(event) {
    event.stopPropagation();
    emit(this, "channel-pick", { channel: event.detail.value });
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const [rows, columns] = /** @type {Inspection} */ (this.inspection).size;
    const grid = /** @type {Element} */ (event.currentTarget).getBoundingClientRect();
    const row = Math.floor(((event.clientY - grid.top) / grid.height) * rows);
    const column = Math.floor(((event.clientX - grid.left) / grid.width) * columns);
    const isInside = row >= 0 && row < rows && column >= 0 && column < columns;
    this.pointed = isInside ? row * columns + column : null;
  }

  /** A lifted finger keeps the cell it pointed at. @param {PointerEvent} event */
  #leave(event) {
    if (event.pointerType !== "touch") this.pointed = null;
  }

  /** The cell to mark: the one under the pointer, else the product just added, else `marked`. */
  #active() {
    const taps = this.inspection?.products.length ?? 0;
    const index = this.pointed ?? this.tap ?? this.marked;
    return index !== null && index < taps ? index : null;
  }

  #isUnfinished() {
    const taps = this.inspection?.products.length ?? 0;
    return this.tap !== null && this.tap < taps - 1;
  }
}

/**
 * The steps from the sum of the products to the value, as far as they change it.
 * @param {Inspection} inspection
 */
function steps({ products, sum, bias, beforeRelu, value }) {
  const size = Math.abs(bias);
  const biased = `${readable(sum)} ${bias < 0 ? "−" : "+"} ${readable(size)} = ${readable(beforeRelu)}`;
  const relu = { before: readable(beforeRelu), after: readable(value) };
  return html`
    <p>${t("maps.inspector.sum", { count: products.length, bias: readable(bias) })}</p>
    ${bias === 0 ? nothing : html`<p>${biased}</p>`}
    ${beforeRelu === value ? nothing : html`<p>${t("maps.inspector.relu", relu)}</p>`}
  `;
}

/** @param {string} sign */
function operator(sign) {
  return html`<span class="operator" aria-hidden="true">${sign}</span>`;
}

/**
 * The part of a grid after a cell, as a CSS shape.
 * @param {number} index
 * @param {number} rows
 * @param {number} columns
 */
function after(index, rows, columns) {
  const top = `${(100 * Math.floor(index / columns)) / rows}%`;
  const bottom = `${(100 * (Math.floor(index / columns) + 1)) / rows}%`;
  const left = `${(100 * ((index % columns) + 1)) / columns}%`;
  return `polygon(${left} ${top}, 100% ${top}, 100% 100%, 0 100%, 0 ${bottom}, ${left} ${bottom})`;
}
