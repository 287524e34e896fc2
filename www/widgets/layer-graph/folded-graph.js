/**
 * A laid-out layer graph with some blocks folded: what to draw, and its text.
 *
 * @typedef {import("./layer-blocks.js").Item} Item
 * @typedef {import("./layer-graph-drawing.js").Shown} Shown
 * @typedef {{ id: string, from: readonly string[], detail: string, size: string,
 *   look: "wide" | "slim", flag: string }} GraphLayer a layer and its text; inputs come first
 */
import { t } from "../../i18n/index.js";
import { around, blocksOf, fold, openAtFirst } from "./layer-blocks.js";
import { ITEM_HEIGHTS, ITEM_WIDTH } from "./layer-graph-drawing.js";
import { layOut } from "./layer-layout.js";

/** Number of items up to which blocks are initially open. */
const SHOWN_AT_FIRST = 64;

export class FoldedGraph {
  /** @type {Map<string, GraphLayer>} */
  #layers;
  #blocks;
  #folded;

  /**
   * @param {readonly GraphLayer[]} layers
   * @param {ReadonlySet<string> | null} open blocks; null to open as many levels as fit
   */
  constructor(layers, open) {
    this.#layers = new Map(layers.map((layer) => [layer.id, layer]));
    this.#blocks = blocksOf(layers);
    const opened = open ?? openAtFirst(layers, this.#blocks, SHOWN_AT_FIRST);
    this.#folded = fold(layers, this.#blocks, opened);
    this.layout = layOut(
      this.#folded.items.map((item) => ({
        id: item.id,
        from: item.from,
        width: ITEM_WIDTH,
        height: ITEM_HEIGHTS[this.shown(item).look],
        frames: this.around(item),
      })),
    );
  }

  get items() {
    return this.#folded.items;
  }

  /** The open blocks. @type {ReadonlySet<string>} */
  get open() {
    return this.#folded.open;
  }

  /** Ids of all blocks. */
  get blocks() {
    return [...this.#blocks.blocks.keys()];
  }

  /** @param {string} id */
  item(id) {
    return this.#folded.items.find((item) => item.id === id);
  }

  /**
   * The item that shows a layer.
   * @param {string} layer
   */
  itemOf(layer) {
    return this.#folded.itemOf.get(layer);
  }

  /** @param {string} block */
  layersOf(block) {
    return this.#blocks.blocks.get(block)?.layers ?? [];
  }

  /**
   * The open blocks around an item, outermost first.
   * @param {Item} item
   */
  around({ block }) {
    return around(block, this.#blocks);
  }

  /** @param {string} id */
  box(id) {
    return this.layout.boxes.get(id) ?? EMPTY;
  }

  /**
   * The name of an item or block, without the name of the enclosing block.
   * @param {string} id
   */
  title(id) {
    return this.#blocks.blocks.get(id)?.label ?? this.#blocks.labels.get(id) ?? id;
  }

  /**
   * The text of an item; a block has the size of its last layer, and a flag if any layer has one.
   * @param {Item} item
   * @returns {Shown}
   */
  shown({ id, isBlock, layers }) {
    const last = /** @type {GraphLayer} */ (
      this.#layers.get(/** @type {string} */ (layers.at(-1)))
    );
    const title = this.title(id);
    if (!isBlock) return { title, ...last };
    const flag = layers.map((layer) => this.#layers.get(layer)?.flag).find(Boolean) ?? "";
    const detail = t("layers.graph.count", { count: layers.length });
    return { title, detail, size: last.size, look: "wide", flag };
  }
}

const EMPTY = { x: 0, y: 0, width: 0, height: 0 };
