import { css, html, LitElement, svg } from "lit";
import { paint } from "../../../pictures/canvas.js";
import { emit } from "../../../widgets/base/emit.js";
import { controls } from "../../../widgets/base/shared-styles.js";

/**
 * Many maps in rows on one canvas, of which one is chosen: by a click, or with the arrow keys, Home and
 * End.
 *
 * @fires map-pick - `{ index }`, where the map stands in the sheet
 */
export class ContactSheetElement extends LitElement {
  static properties = {
    picture: { attribute: false },
    columns: { type: Number },
    count: { type: Number },
    chosen: { type: Number },
    label: {},
    chosenLabel: { attribute: false },
  };

  static styles = [
    controls,
    css`
      :host {
        display: block;
        position: relative;
      }
      .sheet {
        position: relative;
        border-radius: var(--cnn-radius-small);
        cursor: pointer;
      }
      canvas {
        display: block;
        inline-size: 100%;
        border: 1px solid var(--cnn-line);
        border-radius: var(--cnn-radius-small);
        background: var(--cnn-zero);
        image-rendering: pixelated;
      }
      svg {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
        overflow: visible;
        pointer-events: none;
      }
      .grid {
        stroke: var(--cnn-panel);
        stroke-width: 2px;
        vector-effect: non-scaling-stroke;
      }
      .around,
      .chosen {
        fill: none;
        vector-effect: non-scaling-stroke;
      }
      .around {
        stroke: var(--cnn-panel);
        stroke-width: 5px;
      }
      .chosen {
        stroke: var(--cnn-focus);
        stroke-width: 3px;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import("../../../pictures/canvas.js").Picture | null}  the maps, row after row */
    this.picture = null;
    /** Maps in a row. */
    this.columns = 12;
    /** Number of maps. */
    this.count = 0;
    /** Where the chosen map stands; -1 for none. */
    this.chosen = -1;
    /** What the sheet is. */
    this.label = "";
    /** What the chosen map is. */
    this.chosenLabel = "";
  }

  /** @override */
  render() {
    const { columns, count, chosen } = this;
    const rows = Math.max(1, Math.ceil(count / columns));
    const cell = { x: chosen % columns, y: Math.floor(chosen / columns) };
    const lines = [
      ...Array.from({ length: columns - 1 }, (_, at) => `M${at + 1} 0V${rows}`),
      ...Array.from({ length: rows - 1 }, (_, at) => `M0 ${at + 1}H${columns}`),
    ].join("");
    return html`<div
      class="sheet"
      role="listbox"
      tabindex="0"
      aria-label=${this.label}
      aria-activedescendant="chosen"
      @pointerdown=${this.#pick}
      @keydown=${this.#move}
    >
      <canvas width="1" height="1" aria-hidden="true"></canvas>
      <svg viewBox="0 0 ${columns} ${rows}" preserveAspectRatio="none" aria-hidden="true">
        <path class="grid" d=${lines}></path>
        ${chosen < 0 ? "" : mark(cell)}
      </svg>
      <div id="chosen" class="visually-hidden" role="option" aria-selected="true">
        ${this.chosenLabel}
      </div>
    </div>`;
  }

  /** @override @param {Map<PropertyKey, unknown>} changed */
  updated(changed) {
    if (!changed.has("picture") || !this.picture) return;
    paint(/** @type {HTMLCanvasElement} */ (this.renderRoot.querySelector("canvas")), this.picture);
  }

  /** @param {PointerEvent} event */
  #pick = (event) => {
    const { left, top, width, height } = /** @type {Element} */ (
      event.currentTarget
    ).getBoundingClientRect();
    const rows = Math.ceil(this.count / this.columns);
    const column = Math.floor(((event.clientX - left) / width) * this.columns);
    const row = Math.floor(((event.clientY - top) / height) * rows);
    this.#choose(row * this.columns + column);
  };

  /** @param {KeyboardEvent} event */
  #move = (event) => {
    const { columns, count, chosen } = this;
    const steps = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns, ArrowDown: columns };
    const ends = { Home: 0, End: count - 1 };
    const step = /** @type {Record<string, number>} */ (steps)[event.key];
    const end = /** @type {Record<string, number>} */ (ends)[event.key];
    if (step === undefined && end === undefined) return;
    event.preventDefault();
    this.#choose(end ?? chosen + step);
  };

  /** @param {number} index */
  #choose(index) {
    if (index >= 0 && index < this.count) emit(this, "map-pick", { index });
  }
}

/** @param {{ x: number, y: number }} cell */
function mark({ x, y }) {
  return ["around", "chosen"].map(
    (name) => svg`<rect class=${name} x=${x} y=${y} width="1" height="1"></rect>`,
  );
}
