import { css, html, LitElement, nothing } from "lit";
import { t } from "../../../i18n/index.js";
import { paint } from "../../../pictures/canvas.js";
import { emit } from "../../../widgets/base/emit.js";
import { Localized } from "../../../widgets/base/localized.js";
import { controls } from "../../../widgets/base/shared-styles.js";
import { arrow, place, viewportAspect } from "../../../widgets/map/map-geometry.js";

/** Pixels per arrow key, without and with Shift. */
const STEP = 1;
const FINE_STEP = 0.25;
/** Steps per pixel when dragging. */
const GRAIN = 4;

/**
 * A picture that is shifted by dragging or by the arrow keys.
 *
 * It shows the picture as already shifted; the owner shifts it and sets the new `shift` and
 * `picture`. A drag follows the pointer in steps of a quarter of a pixel.
 * @fires shift-change `{ shift: [down, right], stroke }`; equal `stroke`s are one undo step
 */
export class ShiftPadElement extends Localized(LitElement) {
  static properties = {
    picture: { attribute: false },
    world: { attribute: false },
    shift: { attribute: false },
    limit: { type: Number },
    label: {},
    viewport: { state: true },
  };

  static styles = [
    controls,
    css`
      :host {
        display: block;
      }
      .viewport {
        position: relative;
        max-inline-size: calc(var(--map-most) * var(--map-aspect, 1));
        margin-inline: auto;
        overflow: hidden;
        border-radius: var(--cnn-radius-small, 6px);
        background: var(--cnn-zero);
        cursor: grab;
        touch-action: none;
        user-select: none;
        -webkit-user-select: none;
      }
      .viewport:active {
        cursor: grabbing;
      }
      canvas {
        position: absolute;
        inset: 0 auto auto 0;
        transform-origin: 0 0;
        image-rendering: pixelated;
      }
      .hint {
        margin: 6px 0 0;
        color: var(--cnn-soft);
        font-size: 12px;
      }
    `,
  ];

  #resizes = new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    this.viewport = { width, height };
  });

  /** @type {{ x: number, y: number, shift: [number, number], stroke: number } | null} */
  #drag = null;
  #strokes = 0;

  constructor() {
    super();
    /** @type {import("../../../pictures/canvas.js").Picture | null} */
    this.picture = null;
    /** @type {import("../../../widgets/map/map-geometry.js").Edges} The part that is seen, in pixels of the picture. */
    this.world = { top: 0, left: 0, bottom: 1, right: 1 };
    /** @type {[down: number, right: number]} In pixels of the picture. */
    this.shift = [0, 0];
    /** The largest shift along an axis. */
    this.limit = 0;
    this.label = "";
    /** @type {import("../../../widgets/map/map-geometry.js").Size} */
    this.viewport = { width: 0, height: 0 };
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) this.#resizes.observe(this.#viewportElement);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resizes.disconnect();
  }

  /** @override */
  firstUpdated() {
    this.#resizes.observe(this.#viewportElement);
  }

  /** @override */
  render() {
    return html`
      <div
        class="viewport"
        role="group"
        tabindex=${this.picture ? "0" : nothing}
        aria-labelledby="picture"
        aria-describedby="keys"
        @pointerdown=${this.#pointerdown}
        @pointermove=${this.#pointermove}
        @pointerup=${this.#end}
        @pointercancel=${this.#end}
        @keydown=${this.#keydown}
      >
        <canvas id="picture" role="img" aria-label=${this.label} ?hidden=${!this.picture}></canvas>
      </div>
      <p id="keys" class="hint">${t("pooling.shift.keys")}</p>
    `;
  }

  /**
   * @override
   * @param {Map<PropertyKey, unknown>} changed
   */
  updated(changed) {
    const aspect = viewportAspect(this.world);
    this.#viewportElement.style.aspectRatio = String(aspect);
    this.#viewportElement.style.setProperty("--map-aspect", String(Math.min(1, aspect)));
    if (!this.picture) return;
    const canvas = /** @type {HTMLCanvasElement} */ (this.renderRoot.querySelector("canvas"));
    if (changed.has("picture")) paint(canvas, this.picture);
    const { scale, x, y } = this.#placement();
    canvas.style.transform = `translate(${x}px, ${y}px) scale(${scale})`;
  }

  /** @param {PointerEvent} event */
  #pointerdown(event) {
    if (event.button !== 0 || this.#drag) return;
    const { clientX: x, clientY: y } = event;
    this.#viewportElement.setPointerCapture(event.pointerId);
    this.#drag = { x, y, shift: [...this.shift], stroke: ++this.#strokes };
  }

  /** @param {PointerEvent} event */
  #pointermove(event) {
    if (!this.#drag) return;
    const { x, y, shift, stroke } = this.#drag;
    const { scale } = this.#placement();
    const moved = (/** @type {number} */ from, /** @type {number} */ distance) =>
      Math.round((from + distance / scale) * GRAIN) / GRAIN;
    const down = moved(shift[0], event.clientY - y);
    this.#ask([down, moved(shift[1], event.clientX - x)], `drag ${stroke}`);
  }

  #end() {
    this.#drag = null;
  }

  /** @param {KeyboardEvent} event */
  #keydown(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const direction = arrow(event.key);
    if (event.key === "Home") this.#ask([0, 0], "keys");
    else if (direction) {
      const step = event.shiftKey ? FINE_STEP : STEP;
      const [down, right] = this.shift;
      this.#ask([down + direction[0] * step, right + direction[1] * step], "keys");
    } else return;
    event.preventDefault();
  }

  /**
   * @param {[number, number]} wanted
   * @param {string} stroke
   */
  #ask(wanted, stroke) {
    const within = (/** @type {number} */ part) =>
      Math.max(-this.limit, Math.min(this.limit, part)) + 0;
    const shift = [within(wanted[0]), within(wanted[1])];
    if (shift.join() !== this.shift.join()) emit(this, "shift-change", { shift, stroke });
  }

  #placement() {
    const { top, left, bottom, right } = this.world;
    const whole = { zoom: 1, row: (top + bottom) / 2, col: (left + right) / 2 };
    return place(whole, this.world, this.viewport);
  }

  get #viewportElement() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector(".viewport"));
  }
}
