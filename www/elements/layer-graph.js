import { css, html, LitElement, nothing, svg } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { number, t } from "../i18n/index.js";
import { Localized } from "../i18n/localized.js";
import { emit } from "./emit.js";
import { around, blocksOf, fold, openAtFirst } from "./layer-blocks.js";
import {
  blockSign,
  drawingStyles,
  frameDrawing,
  ITEM_HEIGHTS,
  ITEM_WIDTH,
  itemDrawing,
} from "./layer-graph-drawing.js";
import { layOut } from "./layer-layout.js";
import { walk } from "./layer-walk.js";
import { controls } from "./shared-styles.js";

/**
 * @typedef {import("./layer-blocks.js").Item} Item
 * @typedef {import("./layer-graph-drawing.js").Shown} Shown
 * @typedef {{ id: string, from: readonly string[], detail: string, size: string,
 *   look: "wide" | "slim", flag: string }} GraphLayer a layer in words; inputs come first
 */

/** Items up to which the blocks of a network are opened at first. */
const SHOWN_AT_FIRST = 64;
const ZOOM = { least: 0.1, most: 2, step: 1.25 };
/** Zoom below which words cannot be read and are left out. */
const LEGIBLE = 0.45;
/** The smallest zoom at which a network is shown at first. */
const READABLE = 0.7;
/** Movement in CSS px up to which a press is still a click. */
const CLICK_SLOP = 4;
/** Zoom per wheel pixel as a power of two. */
const WHEEL_RATE = 0.004;

/**
 * A network as a graph, top to bottom, its blocks folded or open.
 *
 * It scrolls as any box does; only what is near the visible part is in the document, so that some
 * hundred layers stay smooth. A folded block stands for its last layer.
 * @fires layer-hover - `{ id }`, the layer pointed at or walked to
 * @fires layer-leave
 * @fires layer-select - `{ id }`
 */
export class LayerGraphElement extends Localized(LitElement) {
  static properties = {
    name: {},
    layers: { attribute: false },
    selected: {},
    hovered: {},
    label: {},
    open: { state: true },
    zoom: { state: true },
    active: { state: true },
    rows: { state: true },
  };

  static styles = [
    controls,
    drawingStyles,
    css`
      :host {
        display: grid;
        grid-template-rows: minmax(0, 1fr) auto;
        gap: 8px;
        min-block-size: 0;
      }
      .viewport {
        position: relative;
        min-block-size: 0;
        overflow: auto;
        border: 1px solid var(--cnn-line);
        border-radius: var(--cnn-radius-small);
        background: var(--cnn-paper);
        cursor: grab;
        user-select: none;
        -webkit-user-select: none;
      }
      .viewport.dragged {
        cursor: grabbing;
      }
      svg.drawing {
        display: block;
        margin-inline: auto;
      }
      .item {
        cursor: pointer;
      }
      .bar {
        display: flex;
        flex-wrap: wrap;
        gap: 4px 8px;
        align-items: center;
        justify-content: space-between;
      }
      .bar button {
        padding-inline: 7px;
        color: var(--cnn-soft);
        font-size: 12px;
      }
      .bar button:hover {
        color: var(--cnn-ink);
      }
      .percent {
        inline-size: 4.2em;
      }
    `,
  ];

  #resizes = new ResizeObserver(() => this.#look());
  #frame = 0;
  /** @type {import("./layer-blocks.js").Blocks} */
  #blocks = { blocks: new Map(), blockOf: new Map(), labels: new Map() };
  /** @type {import("./layer-blocks.js").Folded} */
  #folded = { items: [], itemOf: new Map(), open: new Set() };
  /** @type {import("./layer-layout.js").Layout} */
  #layout = { width: 0, height: 0, boxes: new Map(), edges: [], frames: [] };
  /** Names of the layers that the drawing was made for. */
  #structure = "";
  /** @type {string | null} */
  #drawnName = null;
  /** @type {Map<string, GraphLayer>} */
  #byId = new Map();
  /** @type {{ id: number, x: number, y: number, left: number, top: number, isClick: boolean } | null} */
  #drag = null;
  #spread = 0;
  /** @type {{ anchor: [number, number], at: [number, number] } | null} what a new zoom keeps in place */
  #anchor = null;
  #isFresh = true;

  constructor() {
    super();
    /** Another name is another network: its blocks are opened anew, not as they were left. */
    this.name = "";
    /** @type {readonly GraphLayer[]} */
    this.layers = [];
    /** Id of the chosen layer. */
    this.selected = "";
    /** Id of the layer pointed at, here or elsewhere. */
    this.hovered = "";
    this.label = "";
    /** @type {ReadonlySet<string>} Open blocks. */
    this.open = new Set();
    this.zoom = 1;
    /** The item that keys walk from. */
    this.active = "";
    /** The rows of the drawing that are in the document, in its px. */
    this.rows = { top: 0, bottom: 0 };
  }

  /** @override */
  connectedCallback() {
    super.connectedCallback();
    if (this.hasUpdated) this.#resizes.observe(this.#viewport);
  }

  /** @override */
  disconnectedCallback() {
    super.disconnectedCallback();
    this.#resizes.disconnect();
    cancelAnimationFrame(this.#frame);
  }

  /** @override */
  firstUpdated() {
    this.#resizes.observe(this.#viewport);
  }

  /**
   * @override
   * @param {Map<PropertyKey, unknown>} changed
   */
  willUpdate(changed) {
    if (changed.has("layers")) this.#readLayers();
    if (changed.has("layers") || changed.has("open")) this.#drawAnew();
    if (changed.has("selected") && !this.#itemOf(this.active)) {
      this.active = this.#itemOf(this.selected) ?? "";
    }
  }

  /** @override */
  render() {
    const { width, height } = this.#layout;
    return html`
      <div
        class="viewport"
        role="tree"
        tabindex="0"
        aria-label=${this.label}
        aria-describedby="keys"
        aria-activedescendant=${this.#idOf(this.active) ?? nothing}
        @scroll=${this.#look}
        @keydown=${this.#keydown}
        @focus=${() => this.#walkTo(this.active, false)}
        @blur=${() => emit(this, "layer-leave")}
        @wheel=${this.#wheel}
        @touchstart=${this.#touchstart}
        @touchmove=${this.#touchmove}
        @pointerdown=${this.#pointerdown}
        @pointermove=${this.#pointermove}
        @pointerup=${this.#pointerup}
        @pointercancel=${this.#dragEnd}
        @pointerleave=${() => emit(this, "layer-leave")}
        @dblclick=${this.#dblclick}
      >
        <svg
          class=${this.zoom < LEGIBLE ? "drawing far" : "drawing"}
          role="group"
          aria-label=${this.label}
          width=${width * this.zoom}
          height=${height * this.zoom}
          viewBox="0 0 ${width} ${height}"
        >
          ${guard([this.#layout, this.rows], () => this.#background())}
          ${repeat(
            this.#visible(),
            ({ id }) => id,
            (item) => this.#item(item),
          )}
          ${guard([this.#layout, this.rows], () => this.#signs())}
        </svg>
      </div>
      ${this.#bar()}
      <p id="keys" hidden>${t("layers.graph.keys")}</p>
    `;
  }

  /** @override */
  updated() {
    const anchor = this.#anchor;
    this.#anchor = null;
    if (anchor) {
      this.#viewport.scrollLeft = anchor.anchor[0] * this.zoom - anchor.at[0];
      this.#viewport.scrollTop = anchor.anchor[1] * this.zoom - anchor.at[1];
    }
    if (this.#isFresh && this.#viewport.clientWidth > 0 && this.#layout.width > 0) {
      this.#isFresh = false;
      const fitting = this.#viewport.clientWidth / this.#layout.width;
      this.zoom = Math.max(READABLE, Math.min(1, fitting));
      this.updateComplete.then(() => this.#show(this.#itemOf(this.selected) ?? ""));
    }
  }

  get #viewport() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector(".viewport"));
  }

  #readLayers() {
    this.#byId = new Map(this.layers.map((layer) => [layer.id, layer]));
    const structure = JSON.stringify(this.layers.map(({ id, from }) => [id, from]));
    if (structure === this.#structure) return;
    this.#structure = structure;
    this.#blocks = blocksOf(this.layers);
    if (this.name === this.#drawnName) return;
    this.#drawnName = this.name;
    this.open = openAtFirst(this.layers, this.#blocks, SHOWN_AT_FIRST);
    this.#isFresh = true;
  }

  #drawAnew() {
    this.#folded = fold(this.layers, this.#blocks, this.open);
    this.#layout = layOut(
      this.#folded.items.map((item) => ({
        id: item.id,
        from: item.from,
        width: ITEM_WIDTH,
        height: ITEM_HEIGHTS[this.#shown(item).look],
        frames: around(item.block, this.#blocks),
      })),
    );
  }

  /**
   * @param {Item} item
   * @returns {Shown}
   */
  #shown({ id, isBlock, layers }) {
    const last = /** @type {GraphLayer} */ (this.#byId.get(/** @type {string} */ (layers.at(-1))));
    const title = this.#title(id);
    if (!isBlock) return { title, ...last };
    const detail = t("layers.graph.count", { count: layers.length });
    const flag = layers.map((layer) => this.#byId.get(layer)?.flag).find(Boolean) ?? "";
    return { title, detail, size: last.size, look: "wide", flag };
  }

  /** @param {string} id of an item */
  #title(id) {
    return this.#blocks.blocks.get(id)?.label ?? this.#blocks.labels.get(id) ?? id;
  }

  #visible() {
    const { top, bottom } = this.rows;
    return this.#folded.items.filter(({ id }) => {
      const box = /** @type {import("./layer-layout.js").Box} */ (this.#layout.boxes.get(id));
      return id === this.active || (box.y <= bottom && box.y + box.height >= top);
    });
  }

  #background() {
    const { top, bottom } = this.rows;
    const edges = this.#layout.edges.filter((edge) => edge.top <= bottom && edge.bottom >= top);
    const frames = this.#layout.frames.filter(({ y, height }) => y <= bottom && y + height >= top);
    return svg`<g aria-hidden="true">
      ${frames.map((frame) => frameDrawing(frame, this.#title(frame.id)))}
      <path class="edge" d=${edges.map(({ path }) => path).join("")}></path>
    </g>`;
  }

  /** The signs of folded blocks lie over the items, those of open ones on their frames. */
  #signs() {
    return svg`<g aria-hidden="true">
      ${this.#visible()
        .filter(({ isBlock }) => isBlock)
        .map(({ id }) => blockSign(this.#layout.boxes.get(id) ?? EMPTY, "open", id))}
    </g>`;
  }

  /** @param {Item} item */
  #item(item) {
    const { id, isBlock, block } = item;
    const box = this.#layout.boxes.get(id) ?? EMPTY;
    const shown = this.#shown(item);
    const isSelected = this.#itemOf(this.selected) === id;
    const isHovered = this.#itemOf(this.hovered) === id;
    const position = this.#folded.items.indexOf(item) + 1;
    const words = [shown.title, shown.detail, shown.size, shown.flag].filter(Boolean).join(", ");
    return svg`<g
      id=${`item-${position}`}
      role="treeitem"
      data-item=${id}
      aria-label=${words}
      aria-selected=${String(isSelected)}
      aria-expanded=${isBlock ? "false" : nothing}
      aria-level=${around(block, this.#blocks).length + 1}
      aria-posinset=${position}
      aria-setsize=${this.#folded.items.length}
    >${itemDrawing(shown, box, { isBlock, isSelected, isHovered, isActive: id === this.active })}</g>`;
  }

  #bar() {
    const percent = number(this.zoom, { style: "percent", maximumFractionDigits: 0 });
    const hasBlocks = this.#blocks.blocks.size > 0;
    return html`<div class="bar">
      <div class="segmented" role="group" aria-label=${t("maps.zoom.group")}>
        ${this.#zoomButton("−", "maps.zoom.out", this.zoom / ZOOM.step, this.zoom <= ZOOM.least)}
        <button
          class="percent"
          aria-label=${t("layers.graph.fit", { zoom: percent })}
          title=${t("layers.graph.fit", { zoom: percent })}
          @click=${this.#fit}
        >${percent}</button>
        ${this.#zoomButton("+", "maps.zoom.in", this.zoom * ZOOM.step, this.zoom >= ZOOM.most)}
      </div>
      ${
        hasBlocks
          ? html`<div class="segmented" role="group" aria-label=${t("layers.graph.blocks")}>
              <button @click=${() => this.#openOnly([])}>${t("layers.graph.fold_all")}</button>
              <button @click=${() => this.#openOnly([...this.#blocks.blocks.keys()])}>
                ${t("layers.graph.open_all")}
              </button>
            </div>`
          : nothing
      }
    </div>`;
  }

  /**
   * @param {string} sign
   * @param {string} key
   * @param {number} zoom
   * @param {boolean} isEnd
   */
  #zoomButton(sign, key, zoom, isEnd) {
    return html`<button
      aria-label=${t(key)}
      title=${t(key)}
      aria-disabled=${isEnd ? "true" : nothing}
      @click=${() => this.#zoomTo(zoom)}
    >${sign}</button>`;
  }

  /** @param {string} layer */
  #itemOf(layer) {
    return this.#folded.itemOf.get(layer);
  }

  /** @param {string} item */
  #idOf(item) {
    const index = this.#folded.items.findIndex(({ id }) => id === item);
    return index < 0 ? null : `item-${index + 1}`;
  }

  /** Puts into the document what is visible, and a screen more on either side. */
  #look = () => {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const { scrollTop, clientHeight } = this.#viewport;
      const [top, height] = [scrollTop / this.zoom, clientHeight / this.zoom];
      const { top: from, bottom: to } = this.rows;
      const isCovered =
        from <= Math.max(0, top - height / 2) &&
        to >= Math.min(this.#layout.height, top + 1.5 * height) &&
        to - from < 5 * height;
      if (!isCovered) this.rows = { top: top - height, bottom: top + 2 * height };
    });
  };

  /**
   * @param {number} zoom
   * @param {[number, number]} [at] the place of the viewport that keeps what it shows
   */
  #zoomTo(zoom, at) {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.#viewport;
    const place = at ?? /** @type {[number, number]} */ ([clientWidth / 2, clientHeight / 2]);
    const next = Math.max(ZOOM.least, Math.min(ZOOM.most, zoom));
    if (next === this.zoom) return;
    this.#anchor ??= {
      anchor: [(scrollLeft + place[0]) / this.zoom, (scrollTop + place[1]) / this.zoom],
      at: place,
    };
    this.zoom = next;
    this.updateComplete.then(this.#look);
  }

  #fit = () => {
    const { clientWidth, clientHeight } = this.#viewport;
    const { width, height } = this.#layout;
    this.#zoomTo(Math.min(1, clientWidth / width, clientHeight / height));
  };

  /** @param {string[]} blocks */
  #openOnly(blocks) {
    this.open = new Set(blocks);
    this.#stay();
  }

  /** @param {string} block */
  #toggle(block) {
    const open = new Set(this.#folded.open);
    if (!open.delete(block)) open.add(block);
    this.open = open;
    this.#stay(block);
  }

  /**
   * Keeps the place after blocks have been opened or folded.
   * @param {string} [block]
   */
  #stay(block) {
    const layers = block === undefined ? undefined : this.#blocks.blocks.get(block)?.layers;
    this.updateComplete.then(() => {
      const at = layers?.includes(this.active) ? this.active : (layers?.[0] ?? this.selected);
      this.active = this.#itemOf(at) ?? this.#itemOf(this.selected) ?? "";
      this.#show(this.active);
      this.#look();
    });
  }

  /**
   * Scrolls as far as needed to see an item.
   * @param {string} item
   */
  #show(item) {
    const box = this.#layout.boxes.get(item);
    if (!box) return;
    const view = this.#viewport;
    const room = 40;
    const top = (box.y - room) * this.zoom;
    const bottom = (box.y + box.height + room) * this.zoom - view.clientHeight;
    if (view.scrollTop > top || view.scrollTop < bottom) {
      view.scrollTop = (top + bottom) / 2;
    }
    const left = box.x * this.zoom;
    const right = (box.x + box.width) * this.zoom - view.clientWidth;
    if (view.scrollLeft > left || view.scrollLeft < right) view.scrollLeft = (left + right) / 2;
  }

  /** @param {KeyboardEvent} event */
  #keydown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.#byKey(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * Does what a key means and says whether it means anything.
   * @param {string} key
   */
  #byKey(key) {
    const item = this.#folded.items.find(({ id }) => id === this.active);
    if (!item) return false;
    if (key === "Enter" || key === " ") {
      emit(this, "layer-select", { id: item.layers.at(-1) });
    } else if (key === "+" || key === "=") {
      if (item.isBlock) this.#toggle(item.id);
    } else if (key === "-") {
      if (item.block !== null) this.#toggle(item.block);
    } else {
      const next = walk(this.active, key, this.#folded.items, this.#layout.boxes);
      if (next === null) return key.startsWith("Arrow");
      this.#walkTo(next, true);
    }
    return true;
  }

  /**
   * @param {string} item
   * @param {boolean} isMoved
   */
  #walkTo(item, isMoved) {
    this.active = item;
    const found = this.#folded.items.find(({ id }) => id === item);
    if (!found) return;
    this.#show(item);
    if (isMoved) emit(this, "layer-hover", { id: found.layers.at(-1) });
  }

  #wheel = {
    passive: false,
    /** @param {WheelEvent} event */
    handleEvent: (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const factor = 2 ** -Math.max(-0.5, Math.min(0.5, event.deltaY * WHEEL_RATE));
      this.#zoomTo(this.zoom * factor, this.#at(event.clientX, event.clientY));
    },
  };

  /** @param {TouchEvent} event */
  #touchstart(event) {
    this.#spread = spreadOf(event);
  }

  #touchmove = {
    passive: false,
    /** @param {TouchEvent} event */
    handleEvent: (event) => {
      const spread = spreadOf(event);
      if (spread === 0 || this.#spread === 0) return;
      event.preventDefault();
      const [first, second] = event.touches;
      const middle = /** @type {const} */ ([
        (first.clientX + second.clientX) / 2,
        (first.clientY + second.clientY) / 2,
      ]);
      this.#zoomTo((this.zoom * spread) / this.#spread, this.#at(...middle));
      this.#spread = spread;
    },
  };

  /**
   * @param {number} x
   * @param {number} y
   * @returns {[number, number]} in the viewport
   */
  #at(x, y) {
    const { left, top } = this.#viewport.getBoundingClientRect();
    return [x - left, y - top];
  }

  /** @param {PointerEvent} event */
  #pointerdown(event) {
    if (event.button !== 0) return;
    const { scrollLeft: left, scrollTop: top } = this.#viewport;
    this.#drag = {
      id: event.pointerId,
      x: event.clientX,
      y: event.clientY,
      left,
      top,
      isClick: true,
    };
  }

  /** @param {PointerEvent} event */
  #pointermove(event) {
    const drag = this.#drag;
    if (!drag || drag.id !== event.pointerId) return this.#point(event);
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (drag.isClick && Math.hypot(dx, dy) <= CLICK_SLOP) return;
    drag.isClick = false;
    if (event.pointerType === "touch") return;
    this.#viewport.setPointerCapture(event.pointerId);
    this.#viewport.classList.add("dragged");
    this.#viewport.scrollTo(drag.left - dx, drag.top - dy);
  }

  /** @param {PointerEvent} event */
  #pointerup(event) {
    const isClick = this.#drag?.isClick === true;
    this.#dragEnd();
    if (!isClick) return;
    const target = /** @type {Element} */ (event.target);
    const block = target.closest("[data-toggle]")?.getAttribute("data-toggle");
    if (block) return this.#toggle(block);
    const item = this.#itemUnder(event);
    if (!item) return;
    this.active = item.id;
    emit(this, "layer-select", { id: item.layers.at(-1) });
  }

  #dragEnd() {
    this.#drag = null;
    this.#viewport.classList.remove("dragged");
  }

  /** @param {MouseEvent} event */
  #dblclick(event) {
    const item = this.#itemUnder(event);
    if (item?.isBlock) this.#toggle(item.id);
  }

  /** @param {PointerEvent} event */
  #point(event) {
    if (event.pointerType === "touch") return;
    const id = this.#itemUnder(event)?.layers.at(-1) ?? "";
    if (id === this.hovered) return;
    if (id) emit(this, "layer-hover", { id });
    else emit(this, "layer-leave");
  }

  /** @param {Event} event */
  #itemUnder(event) {
    const target = /** @type {Element} */ (event.target);
    const id = target.closest("[data-item]")?.getAttribute("data-item");
    return this.#folded.items.find((item) => item.id === id);
  }
}

const EMPTY = { x: 0, y: 0, width: 0, height: 0 };

/** @param {TouchEvent} event */
function spreadOf({ touches: [first, second] }) {
  return second ? Math.hypot(first.clientX - second.clientX, first.clientY - second.clientY) : 0;
}
