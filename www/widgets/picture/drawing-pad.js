import { css, html, LitElement, nothing } from "lit";
import { t } from "../../i18n/index.js";
import { paint } from "../../pictures/canvas.js";
import {
  BLANK_DRAWING,
  DRAWING_SIDE,
  decodeDrawing,
  drawStroke,
  encodeDrawing,
  inkToPicture,
} from "../../pictures/drawing.js";
import { emit } from "../base/emit.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";
import { dot, icons } from "./picture-icons.js";

const TOOL_ICONS = { pen: icons.drawing, eraser: icons.eraser };

/** Diameters of the brush in drawing pixels. */
const SIZES = [1, 3, 5];

/** @typedef {[row: number, column: number]} Place */

/** @type {Record<string, Place>} Rows down and columns right. */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** The buttons of a pointer, as in PointerEvent.button. */
const BUTTON = { primary: 0, eraser: 5 };

/**
 * @typedef {object} Stroke
 * @property {string} id
 * @property {0 | 1} value
 * @property {Place} last
 * @property {number | null} pointer null if drawn by keyboard
 */

let strokes = 0;

/**
 * A pad for drawing a 64 x 64 picture, black on white, by pointer or keys. With `compact` it has the
 * thickest pen alone, and no other tool than to clear it.
 *
 * @fires drawing-change - `{ bits, stroke }`, at most once per frame while drawing;
 *   equal `stroke`s are one undo step
 */
export class DrawingPadElement extends Localized(LitElement) {
  static properties = {
    bits: { attribute: false },
    compact: { type: Boolean, reflect: true },
    tool: { state: true },
    size: { state: true },
    cursor: { state: true },
  };

  static styles = [
    controls,
    css`
      :host {
        display: grid;
        grid-template-columns: minmax(0, 1fr) auto;
        gap: 8px 12px;
        align-items: start;
      }
      :host([compact]) {
        grid-template-columns: minmax(0, 1fr);
        gap: 6px;
      }
      .paper {
        position: relative;
        justify-self: end;
        inline-size: 100%;
        max-inline-size: 280px;
        aspect-ratio: 1;
        overflow: hidden;
        border: 1px solid var(--cnn-line);
        border-radius: var(--cnn-radius-small);
        cursor: crosshair;
        touch-action: none;
        user-select: none;
        -webkit-user-select: none;
      }
      canvas {
        display: block;
        inline-size: 100%;
        block-size: 100%;
        image-rendering: pixelated;
      }
      .cursor {
        display: none;
        position: absolute;
        left: calc(var(--column) * 100% / 64);
        top: calc(var(--row) * 100% / 64);
        inline-size: calc(100% / 64);
        block-size: calc(100% / 64);
        outline: 2px solid var(--cnn-focus);
        box-shadow: 0 0 0 3px white;
        pointer-events: none;
      }
      .paper:focus-visible .cursor {
        display: block;
      }
      .tools {
        display: grid;
        gap: 8px;
        justify-items: start;
      }
      .clear {
        display: grid;
        place-items: center;
        padding: 0;
      }
      .hint {
        grid-row: 2;
        grid-column: 1 / -1;
        margin: 0;
      }
      .paper:not(:focus-visible) ~ .hint {
        position: absolute;
        visibility: hidden;
      }
      @media (forced-colors: active) {
        .paper {
          forced-color-adjust: none;
        }
      }
    `,
  ];

  #ink = decodeDrawing(BLANK_DRAWING);
  /** The bits of the current drawing, as last received or sent. */
  #inkBits = BLANK_DRAWING;
  /** @type {string[]} Bits sent since the stroke began that have not come back yet, oldest first. */
  #sent = [];
  /** @type {Stroke | null} The stroke being drawn, by a pointer or by Shift and arrows. */
  #stroke = null;
  /** Handle of the animation frame that will send the stroke so far; 0 if none is pending. */
  #frame = 0;
  #announcement = "";

  constructor() {
    super();
    /** The drawing, as `encodeDrawing` packs it. */
    this.bits = BLANK_DRAWING;
    this.compact = false;
    /** @type {"pen" | "eraser"} */
    this.tool = "pen";
    this.size = 3;
    /** @type {Place} Row and column of the keyboard's pen. */
    this.cursor = [DRAWING_SIDE / 2, DRAWING_SIDE / 2];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#endStroke();
  }

  #pens() {
    return html`
      <div class="segmented" role="group" aria-label=${t("pictures.pad.tool")}>
        ${this.#toolButton("pen")} ${this.#toolButton("eraser")}
      </div>
      <div class="segmented" role="group" aria-label=${t("pictures.pad.sizes")}>
        ${SIZES.map((size) => this.#sizeButton(size))}
      </div>
    `;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("compact") && this.compact) this.size = SIZES[SIZES.length - 1];
    if (!changed.has("bits")) return;
    const echo = this.#sent.indexOf(this.bits);
    this.#sent.splice(0, echo + 1);
    // What comes back from the owner may be older than the current drawing.
    if (echo >= 0 || this.#stroke) return;
    this.#ink = decodeDrawing(this.bits);
    this.#inkBits = this.bits;
  }

  render() {
    return html`
      <div
        class="paper"
        role="application"
        tabindex="0"
        aria-label=${t("pictures.pad.name")}
        aria-describedby="hint"
        @pointerdown=${this.#onPointerdown}
        @pointermove=${this.#onPointermove}
        @pointerup=${this.#onPointerend}
        @pointercancel=${this.#onPointerend}
        @lostpointercapture=${this.#onPointerend}
        @keydown=${this.#onKeydown}
        @keyup=${this.#onKeyup}
        @blur=${this.#endStroke}
      >
        <canvas width=${DRAWING_SIDE} height=${DRAWING_SIDE}></canvas>
        <div class="cursor"></div>
      </div>
      <p class="caption hint" id="hint">${t("pictures.pad.hint")}</p>
      <div class="tools">
        ${this.compact ? nothing : this.#pens()}
        <button
          class="clear"
          aria-label=${t("pictures.pad.clear")}
          title=${t("pictures.pad.clear")}
          @click=${this.#onClear}
        >${icons.clear}</button>
      </div>
      <p class="visually-hidden" role="status">${this.#announcement}</p>
    `;
  }

  updated() {
    this.#paint();
    this.#placeCursor();
  }

  /** @param {"pen" | "eraser"} tool */
  #toolButton(tool) {
    const name = t(`pictures.pad.${tool}`);
    return html`<button
      aria-pressed=${this.tool === tool}
      aria-label=${name}
      title=${name}
      @click=${() => {
        this.tool = tool;
      }}
    >${TOOL_ICONS[tool]}</button>`;
  }

  /** @param {number} size */
  #sizeButton(size) {
    const name = t("pictures.pad.size", { size });
    return html`<button
      aria-pressed=${this.size === size}
      aria-label=${name}
      title=${name}
      @click=${() => {
        this.size = size;
      }}
    >${dot(size)}</button>`;
  }

  #paint() {
    paint(this.#canvas, inkToPicture(this.#ink));
  }

  /** Uses the CSSOM: the content security policy forbids style attributes in markup. */
  #placeCursor() {
    const [row, column] = this.cursor;
    const { style } = /** @type {HTMLElement} */ (this.renderRoot.querySelector(".cursor"));
    style.setProperty("--row", String(row));
    style.setProperty("--column", String(column));
  }

  /** @param {PointerEvent} event */
  #onPointerdown(event) {
    const { primary, eraser } = BUTTON;
    if (!event.isPrimary || (event.button !== primary && event.button !== eraser)) return;
    this.#endStroke();
    this.#paper.setPointerCapture(event.pointerId);
    const value = event.button === eraser ? 0 : this.#toolValue;
    this.#beginStroke(this.#pixelAt(event), value, event.pointerId);
  }

  /** @param {PointerEvent} event */
  #onPointermove(event) {
    if (this.#stroke?.pointer !== event.pointerId) return;
    // All positions since the last frame, if the browser keeps them.
    const positions = event.getCoalescedEvents?.() ?? [];
    for (const position of positions.length > 0 ? positions : [event]) {
      this.#continueStroke(this.#pixelAt(position));
    }
  }

  /** @param {PointerEvent} event */
  #onPointerend(event) {
    if (this.#stroke?.pointer === event.pointerId) this.#endStroke();
  }

  /** @param {KeyboardEvent} event */
  #onKeydown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || this.#stroke?.pointer != null) return;
    const arrow = ARROWS[event.key];
    if (arrow) {
      event.preventDefault();
      this.#moveCursor(arrow, event.shiftKey);
    } else if (event.key === " ") {
      event.preventDefault();
      if (!event.repeat) this.#toggleInk();
    }
  }

  /** @param {KeyboardEvent} event */
  #onKeyup(event) {
    if (event.key === "Shift" && this.#stroke?.pointer === null) this.#endStroke();
  }

  /**
   * @param {Place} arrow
   * @param {boolean} isDrawing
   */
  #moveCursor([down, right], isDrawing) {
    const [row, column] = this.cursor;
    if (isDrawing && !this.#stroke) this.#beginStroke([row, column], this.#toolValue, null);
    this.cursor = [clamped(row + down), clamped(column + right)];
    if (isDrawing) this.#continueStroke(this.cursor);
    this.#announceCursor();
  }

  #toggleInk() {
    this.#endStroke();
    this.#beginStroke(this.cursor, this.#inkAtCursor ? 0 : 1, null);
    this.#endStroke();
    this.#announceCursor();
  }

  #announceCursor() {
    const [row, column] = this.cursor;
    const ink = this.#inkAtCursor ? "ink" : "paper";
    this.#announcement = t("pictures.pad.place", { row, column, ink });
    this.requestUpdate();
  }

  #onClear() {
    this.#endStroke();
    this.#ink.fill(0);
    this.#paint();
    this.#send(newStroke());
  }

  /**
   * @param {Place} place
   * @param {0 | 1} value
   * @param {number | null} pointer
   */
  #beginStroke(place, value, pointer) {
    this.#sent = [];
    this.#stroke = { id: newStroke(), value, last: place, pointer };
    this.#continueStroke(place);
  }

  /** @param {Place} place */
  #continueStroke(place) {
    const stroke = /** @type {NonNullable<Stroke>} */ (this.#stroke);
    drawStroke(this.#ink, stroke.last, place, this.size, stroke.value);
    stroke.last = place;
    this.#frame ||= requestAnimationFrame(() => {
      this.#frame = 0;
      this.#paint();
      this.#send(stroke.id);
    });
  }

  /** Sends what the last frame did not, so that the lab has the whole stroke. */
  #endStroke() {
    if (!this.#stroke) return;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#paint();
    this.#send(this.#stroke.id);
    this.#stroke = null;
  }

  /** @param {string} stroke */
  #send(stroke) {
    const bits = encodeDrawing(this.#ink);
    if (bits === this.#inkBits) return;
    this.#inkBits = bits;
    this.#sent.push(bits);
    emit(this, "drawing-change", { bits, stroke });
  }

  get #canvas() {
    return /** @type {HTMLCanvasElement} */ (this.renderRoot.querySelector("canvas"));
  }

  get #paper() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector(".paper"));
  }

  get #toolValue() {
    return this.tool === "pen" ? 1 : 0;
  }

  get #inkAtCursor() {
    const [row, column] = this.cursor;
    return this.#ink[row * DRAWING_SIDE + column] === 1;
  }

  /**
   * The drawing pixel under a pointer; it may lie outside the drawing.
   *
   * @param {PointerEvent} event
   * @returns {Place}
   */
  #pixelAt({ clientX, clientY }) {
    const { left, top, width, height } = this.#canvas.getBoundingClientRect();
    return [
      Math.floor(((clientY - top) / height) * DRAWING_SIDE),
      Math.floor(((clientX - left) / width) * DRAWING_SIDE),
    ];
  }
}

/** Unique among the strokes on the page. */
function newStroke() {
  strokes += 1;
  return `drawing-${strokes}`;
}

/** @param {number} place */
function clamped(place) {
  return Math.min(Math.max(place, 0), DRAWING_SIDE - 1);
}
