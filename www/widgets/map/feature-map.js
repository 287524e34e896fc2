import { css, html, LitElement, nothing, svg } from "lit";
import { number, t } from "../../i18n/index.js";
import { paint } from "../../pictures/canvas.js";
import { emit } from "../base/emit.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";
import { factorText } from "../numbers/number-cells.js";
import { digitStyles, digits, mapTexts } from "./map-digits.js";
import {
  arrow,
  clampView,
  hull,
  largestZoom,
  pixelAt,
  pixelBox,
  pixelByKey,
  place,
  viewportAspect,
  viewWith,
  worldAt,
} from "./map-geometry.js";
import { MapGestures } from "./map-gestures.js";
import {
  cover,
  hatchPattern,
  markerSign,
  nestedFields,
  overlayStyles,
  paddingRing,
  pixelLines,
  windowOutline,
} from "./map-overlay.js";

/** What one press of a zoom button or key multiplies by. */
const ZOOM_STEP = 2;
/** Share of the viewport that Shift and an arrow key move by. */
const PAN_STEP = 1 / 8;
/** Map pixels that an arrow key moves by with Ctrl or Alt. */
const LONG_STEP = 10;

/**
 * The picture of a feature map: to look into, and to pick a pixel of.
 *
 * One canvas pixel is one value's colour; zooming only scales the canvas. Maps that share `world`
 * and `view` show the same place of the input at the same place of the screen.
 *
 * What is slotted in stands below the picture, beside the zoom buttons: room for a legend. What is
 * slotted into `end` stands in the place of the zoom buttons, where another map with the same view
 * has them. The attribute `zoom` says where these are in a wide lab: `above`, at the top right
 * corner of the card around, or, where the map is wide enough, `beside` the legend's last line. `--map-most` limits the picture's sides.
 * @fires map-pick `{row, col, how: "hover" | "select" | "drop" | "key"}`, a map pixel; a drag drops
 * @fires map-leave the pointer has left the pixels
 * @fires map-view `{view: {zoom, row, col}}`, the view asked for; the owner sets it
 */
export class FeatureMapElement extends Localized(LitElement) {
  static properties = {
    picture: { attribute: false },
    origin: { attribute: false },
    step: { attribute: false },
    world: { attribute: false },
    view: { attribute: false },
    border: { attribute: false },
    markers: { attribute: false },
    windows: { attribute: false },
    fields: { attribute: false },
    cells: { attribute: false },
    reveal: { attribute: false },
    values: { attribute: false },
    label: {},
    pickable: { type: Boolean },
    bare: { type: Boolean, reflect: true },
    viewport: { state: true },
  };

  static styles = [
    controls,
    overlayStyles,
    digitStyles,
    css`
      /* Maps beside each other have their buttons level, however long their legends are. */
      :host {
        display: grid;
        grid-template: auto 1fr / minmax(0, 1fr);
      }
      .viewport {
        position: relative;
        inline-size: 100%;
        /* The map is neither wider nor higher than it may be. */
        max-inline-size: calc(var(--map-most) * var(--map-aspect, 1));
        margin-inline: auto;
        overflow: hidden;
        border-radius: var(--cnn-radius-small, 6px);
        background: var(--cnn-paper);
        user-select: none;
        -webkit-user-select: none;
        /* A finger scrolls the page; two fingers are ours. */
        touch-action: pan-x pan-y;
      }
      .viewport.pickable {
        cursor: crosshair;
      }
      .viewport.zoomed {
        touch-action: none;
      }
      .viewport.empty {
        background: var(--cnn-zero);
      }
      canvas {
        position: absolute;
        inset: 0 auto auto 0;
        transform-origin: 0 0;
      }
      canvas.sharp {
        image-rendering: pixelated;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 12px;
        align-content: space-between;
        align-items: start;
        justify-content: flex-end;
        margin-block-start: 6px;
      }
      ::slotted(:not([slot])) {
        flex: 1 1 150px;
        min-inline-size: 0;
      }
      .factor {
        font-size: 12px;
      }
      :host([bare]) .bar {
        display: none;
      }
      .zoom > * {
        min-block-size: var(--zoom-button, 24px);
        padding-block: 0;
        padding-inline: 4px;
        color: var(--cnn-soft);
        font-size: 12px;
      }
      .zoom > :hover {
        color: var(--cnn-ink);
      }
      .zoom .percent {
        inline-size: 4em;
      }
      @media (pointer: coarse) {
        .zoom {
          --zoom-button: var(--cnn-target);
        }
      }
      @media (pointer: fine) {
        .zoom > :not(.percent) {
          min-inline-size: 24px;
        }
        .zoom .percent {
          inline-size: 3.5em;
        }
      }
      @container (min-width: 901px) {
        :host([zoom]) .zoom {
          position: absolute;
          inset-block-start: 6px;
          inset-inline-end: 11px;
        }
      }
      @container (min-width: 1101px) {
        :host([zoom="beside"]) .bar {
          position: relative;
          --legend-room: 100px;
        }
        :host([zoom="beside"]) .zoom {
          position: absolute;
          inset-block: auto 0;
          inset-inline-end: 0;
        }
      }
      @media print {
        .zoom {
          display: none;
        }
      }
      .zoom svg {
        inline-size: 12px;
        block-size: 12px;
        stroke: currentcolor;
        stroke-width: 1.75;
        stroke-linecap: round;
      }
    `,
  ];

  #gestures = new MapGestures({
    zoom: () => this.#view().zoom,
    worldAt: (at) => worldAt(this.#placement(), at),
    look: (zoom, anchor, at) => this.#look(viewWith(zoom, anchor, at, this.world, this.viewport)),
    hover: (at) => this.#hover(at),
    select: (at) => this.#select(at, "select"),
    drop: (at) => this.#select(at, "drop"),
    leave: () => this.#leave(),
  });

  #resizes = new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    this.viewport = { width, height };
  });

  /** @type {[row: number, col: number] | null} The pixel last picked by key or pointer. */
  #picked = null;
  #isHovered = false;

  constructor() {
    super();
    /** @type {import("../../pictures/canvas.js").Picture | null} Null shows an empty frame. */
    this.picture = null;
    /** @type {[row: number, col: number]} World point of the first pixel's corner. */
    this.origin = [0, 0];
    /** @type {[row: number, col: number]} World units from pixel to pixel. */
    this.step = [1, 1];
    /** @type {import("./map-geometry.js").Edges} What can be looked at, in world units. */
    this.world = { top: 0, left: 0, bottom: 1, right: 1 };
    /** @type {import("./map-geometry.js").View} */
    this.view = { zoom: 1, row: 0, col: 0 };
    /** @type {import("./map-geometry.js").Edges} Width of the padding, in map pixels. */
    this.border = { top: 0, left: 0, bottom: 0, right: 0 };
    /** @type {import("./map-overlay.js").Marker[]} */
    this.markers = [];
    /** @type {import("./map-overlay.js").Window[]} */
    this.windows = [];
    /** @type {readonly import("./map-overlay.js").Field[]} Rectangles within one another, the outermost first. */
    this.fields = [];
    /**
     * @type {import("./map-geometry.js").Lattice | null} What is picked and marked instead of the
     * picture's own pixels: those of another map that lies over it.
     */
    this.cells = null;
    /** @type {number | null} Only so many pixels are shown, in row-major order; null shows all. */
    this.reveal = null;
    /** @type {ArrayLike<number> | null} Row-major, to be written into the cells if they fit. */
    this.values = null;
    /** The text alternative of the picture. */
    this.label = "";
    /** Whether pixels can be picked. */
    this.pickable = false;
    /** Without what stands below the picture. */
    this.bare = false;
    /** @type {import("./map-geometry.js").Size} Size of the viewport in CSS px, measured. */
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
    this.#gestures.stop();
  }

  /** @override */
  firstUpdated() {
    this.#resizes.observe(this.#viewportElement);
  }

  /** @override */
  render() {
    const view = this.#view();
    const factor = factorText((this.picture && this.#texts()?.exponent) || 0);
    const look = [
      "viewport",
      this.picture ? "" : "empty",
      this.picture && this.pickable ? "pickable" : "",
      view.zoom > 1 ? "zoomed" : "",
    ].join(" ");
    return html`
      <div
        class=${look}
        role="group"
        tabindex=${this.picture ? "0" : nothing}
        aria-labelledby="picture"
        aria-describedby="keys"
        @pointerdown=${(/** @type {PointerEvent} */ event) => this.#gestures.pointerdown(event)}
        @pointermove=${(/** @type {PointerEvent} */ event) => this.#gestures.pointermove(event)}
        @pointerup=${(/** @type {PointerEvent} */ event) => this.#gestures.pointerup(event)}
        @pointercancel=${(/** @type {PointerEvent} */ event) => this.#gestures.pointercancel(event)}
        @pointerleave=${(/** @type {PointerEvent} */ event) => this.#gestures.pointerleave(event)}
        @touchmove=${this.#touchmove}
        @wheel=${this.#wheel}
        @keydown=${this.#keydown}
        @blur=${this.#forget}
      >
        <canvas
          id="picture"
          role="img"
          aria-label=${this.picture ? this.label : t("maps.map.empty")}
          ?hidden=${!this.picture}
        ></canvas>
        ${this.picture ? this.#overlay() : nothing}
      </div>
      <div class="bar">
        ${factor ? html`<b class="factor">${factor}</b>` : nothing}
        <slot></slot>
        <slot name="end">${this.#zoomButtons(view.zoom)}</slot>
      </div>
      <p id="keys" hidden>${t(this.pickable ? "maps.map.keys_pick" : "maps.map.keys")}</p>
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
    const [top, left] = this.origin;
    const pixel = { width: this.step[1] * scale, height: this.step[0] * scale };
    const move = `translate(${x + left * scale}px, ${y + top * scale}px)`;
    canvas.style.transform = `${move} scale(${pixel.width}, ${pixel.height})`;
    const isEnlarged = Math.min(pixel.width, pixel.height) * devicePixelRatio > 1;
    canvas.classList.toggle("sharp", isEnlarged);
  }

  #overlay() {
    const placement = this.#placement();
    const lattice = this.#lattice();
    const picture = /** @type {import("../../pictures/canvas.js").Picture} */ (this.picture);
    const texts = this.#texts();
    return html`<svg class="overlay" aria-hidden="true">
      ${hatchPattern}
      ${pixelLines(placement, lattice, this.viewport)}
      ${texts ? digits(placement, lattice, texts.texts, picture) : nothing}
      ${paddingRing(placement, lattice, this.border)}
      ${this.reveal === null ? nothing : cover(placement, lattice, this.reveal)}
      ${nestedFields(placement, this.fields, lattice)}
      ${this.windows.map((taps) => windowOutline(placement, taps, this.viewport))}
      ${this.markers.map((marker) => markerSign(placement, this.#cells(), marker, this.viewport))}
    </svg>`;
  }

  #texts() {
    return mapTexts(this.#placement(), this.#lattice(), this.values);
  }

  /** @param {number} zoom */
  #zoomButtons(zoom) {
    const percent = number(zoom, { style: "percent", maximumFractionDigits: 0 });
    const isClosest = zoom >= largestZoom(this.world);
    return html`<div class="zoom segmented" role="group" aria-label=${t("maps.zoom.group")}>
      <button
        type="button"
        aria-label=${t("maps.zoom.out")}
        title=${t("maps.zoom.out")}
        aria-disabled=${zoom <= 1 ? "true" : nothing}
        @click=${() => this.#zoomBy(1 / ZOOM_STEP)}
      >${sign(svg`<path d="M2 6h8"></path>`)}</button>
      <button
        type="button"
        class="percent"
        aria-label=${t("maps.zoom.whole", { zoom: percent })}
        title=${t("maps.zoom.whole", { zoom: percent })}
        aria-disabled=${zoom <= 1 ? "true" : nothing}
        @click=${() => this.#zoomBy(0)}
      >${percent}</button>
      <button
        type="button"
        aria-label=${t("maps.zoom.in")}
        title=${t("maps.zoom.in")}
        aria-disabled=${isClosest ? "true" : nothing}
        @click=${() => this.#zoomBy(ZOOM_STEP)}
      >${sign(svg`<path d="M2 6h8M6 2v8"></path>`)}</button>
    </div>`;
  }

  #touchmove = {
    passive: false,
    /** @param {TouchEvent} event */
    handleEvent: (event) => this.#gestures.touchmove(event),
  };

  #wheel = {
    passive: false,
    /** @param {WheelEvent} event */
    handleEvent: (event) => {
      const root = /** @type {ShadowRoot} */ (this.renderRoot);
      this.#gestures.wheel(event, root.activeElement === this.#viewportElement);
    },
  };

  /** @param {KeyboardEvent} event */
  #keydown(event) {
    if (event.metaKey || !this.#byKey(event)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * Does what a key means and says whether it means anything.
   * @param {KeyboardEvent} event
   */
  #byKey({ key, shiftKey, ctrlKey, altKey }) {
    const isPlain = !ctrlKey && !altKey;
    if (isPlain && (key === "+" || key === "=")) return this.#zoomBy(ZOOM_STEP);
    if (isPlain && key === "-") return this.#zoomBy(1 / ZOOM_STEP);
    if (isPlain && key === "0") return this.#zoomBy(0);
    const direction = arrow(key);
    if (shiftKey && direction) return this.#panBy(direction);
    if (!this.pickable || !this.picture || shiftKey) return false;
    if (isPlain && key === "Enter") return this.#pick(this.#cursor(), "select");
    const pixel = pixelByKey(this.#cursor(), key, isPlain ? 1 : LONG_STEP, this.#cells());
    return pixel !== null && this.#pick(pixel, "key");
  }

  /**
   * Zooms around the picked pixel if it is in view, else around the middle; 0 shows everything.
   * @param {number} factor
   */
  #zoomBy(factor) {
    const { width, height } = this.viewport;
    const placement = this.#placement();
    const picked = centre(pixelBox(this.#cells(), this.#cursor()));
    const x = placement.x + picked[1] * placement.scale;
    const y = placement.y + picked[0] * placement.scale;
    const isInView = x >= 0 && x <= width && y >= 0 && y <= height;
    const at = /** @type {[number, number]} */ (isInView ? [x, y] : [width / 2, height / 2]);
    const zoom = this.#view().zoom * factor;
    this.#look(viewWith(zoom, worldAt(placement, at), at, this.world, this.viewport));
    return true;
  }

  /** @param {number[]} direction */
  #panBy([rows, cols]) {
    const view = this.#view();
    const { scale } = this.#placement();
    const moved = {
      zoom: view.zoom,
      row: view.row + (rows * PAN_STEP * this.viewport.height) / scale,
      col: view.col + (cols * PAN_STEP * this.viewport.width) / scale,
    };
    this.#look(clampView(moved, this.world, this.viewport));
    return true;
  }

  /**
   * @param {import("./map-geometry.js").View} view
   * @returns {boolean} false if that is what is shown already
   */
  #look(view) {
    const { zoom, row, col } = this.#view();
    if (zoom === view.zoom && row === view.row && col === view.col) return false;
    emit(this, "map-view", { view });
    return true;
  }

  /** @param {[x: number, y: number]} at */
  #hover(at) {
    const pixel = this.#pixelUnder(at);
    if (!pixel) this.#leave();
    else if (!this.#isHovered || !isSame(pixel, this.#picked)) {
      this.#isHovered = true;
      this.#pick(pixel, "hover");
    }
  }

  /**
   * @param {[x: number, y: number]} at
   * @param {"select" | "drop"} how
   */
  #select(at, how) {
    const pixel = this.#pixelUnder(at);
    if (pixel) this.#pick(pixel, how);
  }

  #leave() {
    if (!this.#isHovered) return;
    this.#isHovered = false;
    this.#picked = null;
    emit(this, "map-leave");
  }

  /**
   * @param {[row: number, col: number]} pixel
   * @param {"hover" | "select" | "drop" | "key"} how
   */
  #pick(pixel, how) {
    this.#picked = pixel;
    emit(this, "map-pick", { row: pixel[0], col: pixel[1], how });
    return true;
  }

  #forget() {
    this.#picked = null;
  }

  /** @param {[x: number, y: number]} at */
  #pixelUnder(at) {
    if (!this.pickable || !this.picture) return null;
    return pixelAt(this.#cells(), worldAt(this.#placement(), at));
  }

  /**
   * The pixel that keys move from: the marked one, else the one last picked here, else the middle
   * of the window shown, else the middle of the picture.
   * @returns {[row: number, col: number]}
   */
  #cursor() {
    const lattice = this.#cells();
    const marked = this.markers.find((marker) => marker.kind === "hover");
    if (marked) return [marked.row, marked.col];
    if (this.#picked) return this.#picked;
    const shown = this.windows.find((taps) => taps.kind === "hover");
    const pixel = shown && pixelAt(lattice, centre(hull(shown)));
    return pixel ?? [Math.floor(lattice.height / 2), Math.floor(lattice.width / 2)];
  }

  #view() {
    return clampView(this.view, this.world, this.viewport);
  }

  #placement() {
    return place(this.#view(), this.world, this.viewport);
  }

  #cells() {
    return this.cells ?? this.#lattice();
  }

  /** @returns {import("./map-geometry.js").Lattice} */
  #lattice() {
    const { width, height } = this.picture ?? { width: 0, height: 0 };
    return { origin: this.origin, step: this.step, width, height };
  }

  get #viewportElement() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector(".viewport"));
  }
}

/**
 * @param {import("./map-geometry.js").Box} box
 * @returns {[row: number, col: number]}
 */
function centre({ top, left, width, height }) {
  return [top + height / 2, left + width / 2];
}

/**
 * @param {[row: number, col: number]} a
 * @param {[row: number, col: number] | null} b
 */
function isSame(a, b) {
  return b !== null && a[0] === b[0] && a[1] === b[1];
}

/** @param {import("lit").TemplateResult} shapes */
function sign(shapes) {
  return html`<svg viewBox="0 0 12 12" aria-hidden="true">${shapes}</svg>`;
}
