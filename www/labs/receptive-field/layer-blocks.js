/**
 * Blocks that the editor adds as a whole, and one more of a block that is there.
 *
 * @import { Layer, Spec } from "./layer-edit.js"
 */
import { links } from "./layer-edit.js";

/** What a block's first layers read. */
const START = "start";

const relu = { op: "activation", kind: "relu" };

/**
 * The layers of a block for a map of so many channels, their names without the block's; without
 * `from` a layer reads the one before it.
 * @type {Record<string, (channels: number) => Layer[]>}
 */
const BLOCKS = {
  add: () => [{ id: "add", op: "add", from: [START, "before"] }],
  concat: () => [{ id: "concat", op: "concat", from: [START, "before"] }],
  residual: (channels) => [
    { id: "conv1", op: "conv2d", channels, kernel: 3, padding: 1 },
    { id: "relu1", ...relu },
    { id: "conv2", op: "conv2d", channels, kernel: 3, padding: 1 },
    { id: "add", op: "add", from: ["conv2", START] },
    { id: "relu2", ...relu },
  ],
  inception: (channels) => {
    const part = Math.max(1, Math.round(channels / 4));
    return [
      { id: "one", op: "conv2d", channels: part, kernel: 1, from: START },
      { id: "three", op: "conv2d", channels: part, kernel: 3, padding: 1, from: START },
      { id: "five", op: "conv2d", channels: part, kernel: 5, padding: 2, from: START },
      { id: "pool", op: "pool2d", kind: "max", size: 3, stride: 1, padding: 1, from: START },
      { id: "project", op: "conv2d", channels: part, kernel: 1, from: "pool" },
      { id: "concat", op: "concat", from: ["one", "three", "five", "project"] },
    ];
  },
  denseBlock: (channels) => {
    const growth = Math.max(1, Math.round(channels / 2));
    return [
      { id: "conv1", op: "conv2d", channels: growth, kernel: 3, padding: 1 },
      { id: "concat1", op: "concat", from: [START, "conv1"] },
      { id: "conv2", op: "conv2d", channels: growth, kernel: 3, padding: 1 },
      { id: "concat2", op: "concat", from: ["concat1", "conv2"] },
    ];
  },
};

/** Names of the blocks, in display order; `again` repeats the block of the selected layer. */
export const BLOCK_KINDS = [...Object.keys(BLOCKS), "again"];

/**
 * The spec with a block after a layer, and the block's last layer; null if there is nothing to
 * repeat or to join.
 * @param {Spec} spec
 * @param {string} after
 * @param {string} kind
 * @param {number} channels  of the layer's map
 * @returns {{ spec: Spec, node: string } | null}
 */
export function addBlock(spec, after, kind, channels) {
  if (kind === "again") return repeatBlock(spec, after);
  const [before] = links(spec).find(({ id }) => id === after)?.from ?? [];
  const layers = BLOCKS[kind](channels);
  if (!before && layers.some(({ from }) => [from].flat().includes("before"))) return null;
  const prefix = layers.length === 1 ? "" : `${unusedPrefix(spec, kind)}.`;
  const name = (/** @type {string} */ id) =>
    ({ [START]: after, before: before ?? "" })[id] ??
    (prefix ? `${prefix}${id}` : unusedPrefix(spec, id));
  return insert(
    spec,
    after,
    layers.map((layer, index) => ({
      ...layer,
      id: name(layer.id),
      from: [layer.from ?? layers[index - 1]?.id ?? START].flat().map(name),
    })),
  );
}

/**
 * The block of the layer once more behind it; a layer outside of blocks is a block of its own.
 * @param {Spec} spec
 * @param {string} layer
 */
function repeatBlock(spec, layer) {
  const linked = links(spec).slice(1);
  const block = layer.slice(0, Math.max(0, layer.lastIndexOf(".")));
  const isInside = (/** @type {string} */ id) =>
    block ? id.startsWith(`${block}.`) : id === layer;
  const members = linked.filter(({ id }) => isInside(id));
  const last = members.at(-1);
  const starts = new Set(members.flatMap(({ from }) => from.filter((id) => !isInside(id))));
  if (!last || starts.size !== 1) return null;
  const stem = (block || layer).replace(/\d+$/, "") || "block";
  const prefix = unusedPrefix(spec, stem);
  const name = (/** @type {string} */ id) =>
    isInside(id) ? (block ? `${prefix}${id.slice(block.length)}` : prefix) : last.id;
  return insert(
    spec,
    last.id,
    members.map(({ id, from }) => {
      const known = /** @type {Layer} */ (spec.layers.find((one) => one.id === id));
      return { ...known, id: name(id), from: from.map(name) };
    }),
  );
}

/**
 * @param {Spec} spec
 * @param {string} after
 * @param {Layer[]} added  each with its `from`; the last one's output is the block's
 */
function insert(spec, after, added) {
  const linked = links(spec).slice(1);
  const node = added[added.length - 1].id;
  const layers = spec.layers.map((layer, index) => ({
    ...layer,
    from: linked[index].from.map((id) => (id === after ? node : id)),
  }));
  const place = layers.findIndex(({ id }) => id === after) + 1;
  layers.splice(place, 0, ...added.map((layer) => ({ ...layer, from: [layer.from ?? []].flat() })));
  return { spec: { ...spec, layers }, node };
}

/**
 * A name that neither a layer nor a block has.
 * @param {Spec} spec
 * @param {string} stem
 */
function unusedPrefix({ layers }, stem) {
  const isTaken = (/** @type {string} */ name) =>
    layers.some(({ id }) => id === name || id.startsWith(`${name}.`));
  let count = 1;
  while (isTaken(`${stem}${count}`)) count++;
  return `${stem}${count}`;
}
