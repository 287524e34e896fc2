import { css, html, LitElement, nothing, svg } from "lit";
import { guard } from "lit/directives/guard.js";
import { repeat } from "lit/directives/repeat.js";
import { number, t } from "../../i18n/index.js";
import "../../i18n/layers.js";
import { emit } from "../base/emit.js";
import { Localized } from "../base/localized.js";
import { controls } from "../base/shared-styles.js";
import { FoldedGraph } from "./folded-graph.js";
import { blockSign, drawingStyles, frameDrawing, itemDrawing } from "./layer-graph-drawing.js";
import { GraphGestures } from "./layer-graph-gestures.js";
import { walk } from "./layer-walk.js";

/**
 * @typedef {import("./layer-blocks.js").Item} Item
 * @typedef {import("./folded-graph.js").GraphLayer} GraphLayer
 */

const ZOOM = { least: 0.1, most: 2, step: 1.25 };
/** Zoom below which text is illegible and left out. */
const LEGIBLE = 0.45;
/** The smallest initial zoom. */
const READABLE = 0.7;
/** CSS px to keep visible around an item. */
const ROOM = 40;

/** Items up to which all are drawn, those out of view too. */
const LISTED = 80;

/**
 * A network as a graph, top to bottom, its blocks folded or open.
 *
 * It scrolls like any box. Only the part near the viewport is in the document, so that hundreds of
 * layers stay smooth. A folded block stands for its last layer.
 * @fires layer-hover - `{ id }`, the layer under the pointer or reached by arrow keys
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
      @media print {
        .bar {
          display: none;
        }
      }
    `,
  ];

  #gestures = new GraphGestures({
    viewport: () => this.#viewport,
    zoomBy: (factor, at) => this.#zoomTo(this.zoom * factor, at),
    point: (event) => this.#point(event),
    click: (event) => this.#click(event),
  });

  #resizes = new ResizeObserver(() => this.#look());
  #frame = 0;
  #graph = new FoldedGraph([], null);
  /** The network whose open blocks are kept. @type {string | null} */
  #drawnName = null;
  /** @type {{ point: [number, number], at: [number, number] } | null} what a new zoom keeps in place */
  #anchor = null;
  /** Whether the initial zoom and scroll position are still to be chosen. */
  #isFresh = true;

  constructor() {
    super();
    /** A new name is a new network, whose blocks start in their initial state. */
    this.name = "";
    /** @type {readonly GraphLayer[]} */
    this.layers = [];
    /** Id of the selected layer. */
    this.selected = "";
    /** Id of the layer pointed at, here or elsewhere. */
    this.hovered = "";
    this.label = "";
    /** @type {ReadonlySet<string> | null} Open blocks; null for as many levels as fit. */
    this.open = null;
    this.zoom = 1;
    /** The item that arrow keys start from. */
    this.active = "";
    /** The part of the drawing that is in the document, in its px. */
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
    if (changed.has("layers") && this.name !== this.#drawnName) {
      this.#drawnName = this.name;
      this.open = null;
      this.#isFresh = true;
    }
    if (changed.has("layers") || changed.has("open")) {
      this.#graph = new FoldedGraph(this.layers, this.open);
      this.open ??= this.#graph.open;
    }
    if (!this.#graph.item(this.active)) this.active = this.#graph.itemOf(this.selected) ?? "";
  }

  /** @override */
  render() {
    const { width, height } = this.#graph.layout;
    const gestures = this.#gestures;
    return html`
      <div
        class="viewport"
        role="tree"
        tabindex="0"
        aria-label=${this.label}
        aria-describedby="keys"
        aria-activedescendant=${this.#domId(this.active) ?? nothing}
        @scroll=${this.#look}
        @keydown=${this.#keydown}
        @focus=${this.#focus}
        @blur=${() => emit(this, "layer-leave")}
        @wheel=${gestures.wheel}
        @touchstart=${gestures.touchstart}
        @touchmove=${gestures.touchmove}
        @pointerdown=${gestures.pointerdown}
        @pointermove=${gestures.pointermove}
        @pointerup=${gestures.pointerup}
        @pointercancel=${gestures.pointercancel}
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
          ${guard([this.#graph, this.rows], () => this.#background())}
          ${repeat(
            this.#near(),
            ({ id }) => id,
            (item) => this.#item(item),
          )}
          ${guard([this.#graph, this.rows], () => this.#signs())}
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
      const [x, y] = anchor.point;
      this.#viewport.scrollTo(x * this.zoom - anchor.at[0], y * this.zoom - anchor.at[1]);
    }
    const { width } = this.#graph.layout;
    if (!this.#isFresh || width === 0 || this.#viewport.clientWidth === 0) return;
    this.#isFresh = false;
    this.zoom = Math.max(READABLE, Math.min(1, this.#viewport.clientWidth / width));
    this.updateComplete.then(() => this.#show(this.#graph.itemOf(this.selected) ?? ""));
  }

  get #viewport() {
    return /** @type {HTMLElement} */ (this.renderRoot.querySelector(".viewport"));
  }

  /** The items near the viewport, and the one that arrow keys start from. */
  #near() {
    const { top, bottom } = this.rows;
    const { items } = this.#graph;
    // A screen reader's tree then lists every layer.
    if (items.length <= LISTED) return items;
    return items.filter(({ id }) => {
      const { y, height } = this.#graph.box(id);
      return id === this.active || (y <= bottom && y + height >= top);
    });
  }

  #background() {
    const { top, bottom } = this.rows;
    const { edges, frames } = this.#graph.layout;
    const paths = edges.filter((edge) => edge.top <= bottom && edge.bottom >= top);
    const near = frames.filter(({ y, height }) => y <= bottom && y + height >= top);
    return svg`<g aria-hidden="true">
      ${near.map((frame) => frameDrawing(frame, this.#graph.title(frame.id)))}
      <path class="edge" d=${paths.map(({ path }) => path).join("")}></path>
    </g>`;
  }

  /** The signs of folded blocks lie over the items, those of open ones on their frames. */
  #signs() {
    const blocks = this.#near().filter(({ isBlock }) => isBlock);
    return svg`<g aria-hidden="true">
      ${blocks.map(({ id }) => blockSign(this.#graph.box(id), "open", id))}
    </g>`;
  }

  /** @param {Item} item */
  #item(item) {
    const { id, isBlock } = item;
    const shown = this.#graph.shown(item);
    const isSelected = this.#graph.itemOf(this.selected) === id;
    const isHovered = this.#graph.itemOf(this.hovered) === id;
    const words = [shown.title, shown.detail, shown.size, shown.flag].filter(Boolean).join(", ");
    return svg`<g
      id=${this.#domId(id)}
      role="treeitem"
      data-item=${id}
      aria-label=${words}
      aria-selected=${String(isSelected)}
      aria-expanded=${isBlock ? "false" : nothing}
      aria-level=${this.#graph.around(item).length + 1}
      aria-posinset=${this.#graph.items.indexOf(item) + 1}
      aria-setsize=${this.#graph.items.length}
    >${itemDrawing(shown, this.#graph.box(id), {
      isBlock,
      isSelected,
      isHovered,
      isActive: id === this.active,
    })}</g>`;
  }

  #bar() {
    const percent = number(this.zoom, { style: "percent", maximumFractionDigits: 0 });
    const { blocks } = this.#graph;
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
        blocks.length > 0
          ? html`<div class="segmented" role="group" aria-label=${t("layers.graph.blocks")}>
              <button @click=${() => this.#openOnly([])}>${t("layers.graph.fold_all")}</button>
              <button @click=${() => this.#openOnly(blocks)}>${t("layers.graph.open_all")}</button>
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

  /** @param {string} item */
  #domId(item) {
    const index = this.#graph.items.findIndex(({ id }) => id === item);
    return index < 0 ? null : `item-${index + 1}`;
  }

  /** Renders what is visible, and one more screen on either side. */
  #look = () => {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      const { scrollTop, clientHeight } = this.#viewport;
      const [top, height] = [scrollTop / this.zoom, clientHeight / this.zoom];
      const { top: from, bottom: to } = this.rows;
      const isCovered =
        from <= Math.max(0, top - height / 2) &&
        to >= Math.min(this.#graph.layout.height, top + 1.5 * height) &&
        to - from < 5 * height;
      if (!isCovered) this.rows = { top: top - height, bottom: top + 2 * height };
    });
  };

  /**
   * @param {number} zoom
   * @param {[number, number]} [at] the point of the viewport that keeps its content
   */
  #zoomTo(zoom, at) {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = this.#viewport;
    const [x, y] = at ?? [clientWidth / 2, clientHeight / 2];
    const next = Math.max(ZOOM.least, Math.min(ZOOM.most, zoom));
    if (next === this.zoom) return;
    this.#anchor ??= {
      point: [(scrollLeft + x) / this.zoom, (scrollTop + y) / this.zoom],
      at: [x, y],
    };
    this.zoom = next;
    this.updateComplete.then(this.#look);
  }

  #fit = () => {
    const { clientWidth, clientHeight } = this.#viewport;
    const { width, height } = this.#graph.layout;
    this.#zoomTo(Math.min(1, clientWidth / width, clientHeight / height));
  };

  /** @param {string[]} blocks */
  #openOnly(blocks) {
    this.open = new Set(blocks);
    this.#stayAt(this.selected);
  }

  /** @param {string} block */
  #toggle(block) {
    const open = new Set(this.#graph.open);
    if (!open.delete(block)) open.add(block);
    this.open = open;
    const layers = this.#graph.layersOf(block);
    this.#stayAt(layers.includes(this.active) ? this.active : layers[0]);
  }

  /**
   * Keeps a layer in view after blocks have been opened or folded.
   * @param {string} layer
   */
  async #stayAt(layer) {
    await this.updateComplete;
    this.active = this.#graph.itemOf(layer) ?? this.active;
    this.#show(this.active);
    this.#look();
  }

  /**
   * Scrolls as far as needed to see an item.
   * @param {string} item
   */
  #show(item) {
    if (!this.#graph.item(item)) return;
    const box = this.#graph.box(item);
    const view = this.#viewport;
    const top = box.y * this.zoom - ROOM;
    const bottom = (box.y + box.height) * this.zoom + ROOM - view.clientHeight;
    if (view.scrollTop > top || view.scrollTop < bottom) view.scrollTop = (top + bottom) / 2;
    const left = box.x * this.zoom;
    const right = (box.x + box.width) * this.zoom - view.clientWidth;
    if (view.scrollLeft > left || view.scrollLeft < right) view.scrollLeft = (left + right) / 2;
  }

  /** Under a press the drawing stays where it is, or the click would land on another layer. */
  #focus() {
    if (!this.#gestures.isPressed) this.#show(this.active);
  }

  /** @param {KeyboardEvent} event */
  #keydown(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || !this.#byKey(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /**
   * Handles a key and returns whether it has a meaning here.
   * @param {string} key
   */
  #byKey(key) {
    const item = this.#graph.item(this.active);
    if (!item) return false;
    if (key === "Enter" || key === " ") emit(this, "layer-select", { id: item.layers.at(-1) });
    else if (key === "+" || key === "=") {
      if (item.isBlock) this.#toggle(item.id);
    } else if (key === "-") {
      if (item.block !== null) this.#toggle(item.block);
    } else {
      const next = walk(this.active, key, this.#graph.items, this.#graph.layout.boxes);
      if (next === null) return key.startsWith("Arrow");
      this.active = next;
      this.#show(next);
      emit(this, "layer-hover", { id: this.#graph.item(next)?.layers.at(-1) });
    }
    return true;
  }

  /** @param {PointerEvent} event */
  #click(event) {
    const target = /** @type {Element} */ (event.target);
    const block = target.closest("[data-toggle]")?.getAttribute("data-toggle");
    if (block) return this.#toggle(block);
    const item = this.#itemUnder(event);
    if (!item) return;
    this.active = item.id;
    emit(this, "layer-select", { id: item.layers.at(-1) });
  }

  /** @param {MouseEvent} event */
  #dblclick(event) {
    const item = this.#itemUnder(event);
    if (item?.isBlock) this.#toggle(item.id);
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const id = this.#itemUnder(event)?.layers.at(-1) ?? "";
    if (id === this.hovered) return;
    if (id) emit(this, "layer-hover", { id });
    else emit(this, "layer-leave");
  }

  /** @param {Event} event */
  #itemUnder(event) {
    const target = /** @type {Element} */ (event.target);
    return this.#graph.item(target.closest("[data-item]")?.getAttribute("data-item") ?? "");
  }
}
