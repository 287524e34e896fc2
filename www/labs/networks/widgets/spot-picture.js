import { css, html, LitElement, nothing, svg } from "lit";
import { paint } from "../../../pictures/canvas.js";
import { emit } from "../../../widgets/base/emit.js";
import { controls } from "../../../widgets/base/shared-styles.js";

/**
 * A square picture with a rectangle on it that is moved by dragging, or with the arrow keys: by `step`,
 * with Shift by one pixel.
 *
 * @fires spot-move - `{ row, column }`, the pixel at which the middle of the rectangle is to be
 */
export class SpotPictureElement extends LitElement {
  static properties = {
    picture: { attribute: false },
    spot: { attribute: false },
    filled: { type: Boolean },
    anchor: { attribute: false },
    step: { type: Number },
    label: {},
  };

  static styles = [
    controls,
    css`
      :host {
        display: block;
      }
      .picture {
        position: relative;
        overflow: hidden;
        border-radius: var(--cnn-radius-small);
        cursor: crosshair;
        touch-action: none;
      }
      canvas {
        display: block;
        inline-size: 100%;
        aspect-ratio: 1;
        background: var(--cnn-zero);
      }
      svg {
        position: absolute;
        inset: 0;
        inline-size: 100%;
        block-size: 100%;
        pointer-events: none;
      }
      rect {
        fill: none;
        vector-effect: non-scaling-stroke;
      }
      .around {
        stroke: light-dark(#ffffff, #131418);
        stroke-width: 4px;
      }
      .mark {
        stroke: var(--cnn-focus);
        stroke-width: 2px;
      }
      .filled {
        fill: #7f7f7f;
      }
    `,
  ];

  constructor() {
    super();
    /** @type {import("../../../pictures/canvas.js").Picture | null} */
    this.picture = null;
    /**
     * The rectangle in pixels, which may reach outside.
     * @type {{ top: number, left: number, bottom: number, right: number } | null}
     */
    this.spot = null;
    /** Whether the rectangle hides what is under it. */
    this.filled = false;
    /**
     * `[row, column]` from which the arrow keys move; null for the middle of the rectangle.
     * @type {[number, number] | null}
     */
    this.anchor = null;
    /** Pixels of an arrow key. */
    this.step = 8;
    /** What the picture shows and where the rectangle is. */
    this.label = "";
  }

  /** @override */
  render() {
    const side = this.picture?.width ?? 1;
    return html`<div
      class="picture"
      role="group"
      tabindex="0"
      aria-label=${this.label}
      @pointerdown=${this.#press}
      @pointermove=${this.#drag}
      @keydown=${this.#move}
    >
      <canvas width="1" height="1" aria-hidden="true"></canvas>
      <svg viewBox="0 0 ${side} ${side}" aria-hidden="true">${this.spot ? this.#marks() : nothing}</svg>
    </div>`;
  }

  /** @override @param {Map<PropertyKey, unknown>} changed */
  updated(changed) {
    if (!changed.has("picture") || !this.picture) return;
    paint(/** @type {HTMLCanvasElement} */ (this.renderRoot.querySelector("canvas")), this.picture);
  }

  #marks() {
    const { top, left, bottom, right } = /** @type {NonNullable<typeof this.spot>} */ (this.spot);
    const names = this.filled ? ["filled", "around", "mark"] : ["around", "mark"];
    return names.map(
      (name) =>
        svg`<rect class=${name} x=${left} y=${top} width=${right - left} height=${bottom - top}></rect>`,
    );
  }

  /** @param {PointerEvent} event */
  #press = (event) => {
    if (event.button !== 0) return;
    /** @type {Element} */ (event.currentTarget).setPointerCapture(event.pointerId);
    this.#point(event);
  };

  /** @param {PointerEvent} event */
  #drag = (event) => {
    if (/** @type {Element} */ (event.currentTarget).hasPointerCapture(event.pointerId))
      this.#point(event);
  };

  /** @param {PointerEvent} event */
  #point(event) {
    if (!this.picture) return;
    const { left, top, width, height } = /** @type {Element} */ (
      event.currentTarget
    ).getBoundingClientRect();
    const row = ((event.clientY - top) / height) * this.picture.height;
    const column = ((event.clientX - left) / width) * this.picture.width;
    this.#moveTo(row, column);
  }

  /** @param {KeyboardEvent} event */
  #move = (event) => {
    const directions = {
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
    };
    const direction = /** @type {Record<string, number[]>} */ (directions)[event.key];
    if (!direction || !this.spot) return;
    event.preventDefault();
    const by = event.shiftKey ? 1 : this.step;
    const { top, left, bottom, right } = this.spot;
    const [row, column] = this.anchor ?? [(top + bottom) / 2, (left + right) / 2];
    this.#moveTo(row + by * direction[0], column + by * direction[1]);
  };

  /**
   * @param {number} row
   * @param {number} column
   */
  #moveTo(row, column) {
    const most = (this.picture?.width ?? 1) - 1e-6;
    const inside = (/** @type {number} */ at) => Math.max(0, Math.min(most, at));
    emit(this, "spot-move", { row: inside(row), column: inside(column) });
  }
}
