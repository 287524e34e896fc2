/**
 * What the layer editor does to the network of a lab's model. An edited network of the zoo becomes
 * one's own.
 *
 * @import { NetworkSpec } from "./contract.js"
 * @import { ReceptiveFieldLabModel } from "./model.js"
 * @import { Spec } from "./state.js"
 */
import { addBlock, BLOCK_KINDS } from "./layer-blocks.js";
import { addAfter, compact, isRemovable, move, remove, setOption, unusedId } from "./layer-edit.js";
import { newLayer } from "./layer-kinds.js";
import { LIMITS } from "./state.js";

/** Channels of a first block. */
const NEW_CHANNELS = 16;

/**
 * Adds a layer or a block after the selected layer.
 * @param {ReceptiveFieldLabModel} model
 * @param {string} kind  of {@link newLayer}, or a block's
 */
export function add(model, kind) {
  edit(model, (spec) => {
    const after = model.store.state.peek().node;
    const isThere = spec.layers.some(({ id }) => id === after);
    const place = isThere ? after : (spec.layers.at(-1)?.id ?? "input");
    const channels = channelsOf(model, place);
    if (BLOCK_KINDS.includes(kind)) {
      return addBlock(spec, place, kind, channels ?? NEW_CHANNELS) ?? { spec };
    }
    const { stem, layer } = newLayer(kind);
    const id = unusedId(spec, stem);
    const sized = "channels" in layer && channels ? { ...layer, channels } : layer;
    return { spec: addAfter(spec, place, { id, ...sized }), node: id };
  });
}

/**
 * @param {ReceptiveFieldLabModel} model
 * @param {string} id
 */
export function removeLayer(model, id) {
  edit(model, (spec) => {
    if (!isRemovable(spec, id)) return { spec };
    const index = spec.layers.findIndex((layer) => layer.id === id);
    const next = spec.layers[index - 1] ?? spec.layers[index + 1];
    return { spec: remove(spec, id), node: next?.id ?? "" };
  });
}

/**
 * @param {ReceptiveFieldLabModel} model
 * @param {string} id
 * @param {number} by  places down, negative for up
 */
export function moveLayer(model, id, by) {
  edit(model, (spec) => ({ spec: move(spec, id, by), node: id }));
}

/**
 * @param {ReceptiveFieldLabModel} model
 * @param {string} id
 * @param {string} name
 * @param {unknown} value
 */
export function changeOption(model, id, name, value) {
  edit(model, (spec) => ({ spec: setOption(spec, id, name, value) }), `${id} ${name}`);
}

/**
 * @param {ReceptiveFieldLabModel} model
 * @param {(spec: NetworkSpec) => { spec: NetworkSpec, node?: string }} change
 * @param {string} [merge]
 */
function edit(model, change, merge) {
  const before = model.spec.peek();
  if (!before) return;
  const { spec, node = model.store.state.peek().node } = change(before);
  const { input, layers } = compact(spec);
  if (layers.length > LIMITS.layers) {
    return model.say("receptive.too_many", { limit: LIMITS.layers, layers: layers.length });
  }
  const own = /** @type {Spec} */ (/** @type {unknown} */ ({ input, layers }));
  model.set({ net: { kind: "own", spec: own }, size: null, node, question: null }, merge);
}

/**
 * The channels of a layer's map, which a new convolution takes over; null behind the picture.
 * @param {ReceptiveFieldLabModel} model
 * @param {string} id
 */
function channelsOf(model, id) {
  const node = model.network.peek()?.description.nodes.find((known) => known.id === id);
  return node && node.op !== "input" ? node.shape[0] : null;
}
