/**
 * Edits of a network's spec that keep it connected: adding, removing, moving and changing layers.
 *
 * Every function takes a spec and returns a new one. A layer without `from` reads the one before
 * it; the results omit `from` wherever possible.
 *
 * @typedef {{ id: string, op: string, from?: string | string[], [option: string]: unknown }} Layer
 * @typedef {{ input: { channels: number, height?: number | null, width?: number | null },
 *   layers: readonly Layer[] }} Spec
 */

export const INPUT = "input";

/** A network without layers. */
export const EMPTY = Object.freeze({
  input: Object.freeze({ channels: 3, height: 64, width: 64 }),
  layers: Object.freeze([]),
});

/**
 * The inputs of each layer by name.
 * @param {Spec} spec
 * @returns {{ id: string, from: string[] }[]} the input first
 */
export function links({ layers }) {
  return [
    { id: INPUT, from: [] },
    ...layers.map(({ id, from }, index) => ({
      id,
      from: from?.length ? [from].flat() : [layers[index - 1]?.id ?? INPUT],
    })),
  ];
}

/**
 * Inserts a layer after another one: the readers of that one read the new layer.
 * @param {Spec} spec
 * @param {string} after
 * @param {Layer} layer
 */
export function addAfter(spec, after, layer) {
  const layers = explicit(spec).map((known) => reading(known, after, layer.id));
  const place = layers.findIndex(({ id }) => id === after) + 1;
  layers.splice(place, 0, { ...layer, from: [place === 0 ? INPUT : after] });
  return compact(spec, layers);
}

/**
 * Whether a layer can be removed: it must have exactly one input, which then takes its place.
 * @param {Spec} spec
 * @param {string} id
 */
export function isRemovable(spec, id) {
  return links(spec).find((layer) => layer.id === id)?.from.length === 1;
}

/**
 * Removes a layer; its readers then read its input.
 * @param {Spec} spec
 * @param {string} id
 * @param {number} [input]  which of its inputs
 */
export function remove(spec, id, input = 0) {
  const removed = links(spec).find((layer) => layer.id === id);
  if (!removed) return spec;
  const layers = explicit(spec)
    .filter((layer) => layer.id !== id)
    .map((layer) => reading(layer, id, removed.from[input]));
  return compact(spec, layers);
}

/**
 * Whether a layer can swap with the one before it (-1) or after it (1): nothing else reads the
 * first of the two, and the second reads nothing else.
 * @param {Spec} spec
 * @param {string} id
 * @param {-1 | 1} by
 */
export function isMovable(spec, id, by) {
  return neighbors(spec, id, by) !== null;
}

/**
 * Moves a layer down by `by` places, or up if negative, as far as it can go.
 * @param {Spec} spec
 * @param {string} id
 * @param {number} by
 * @returns {Spec}
 */
export function move(spec, id, by) {
  /** @type {Spec} */
  let moved = spec;
  for (let step = 0; step < Math.abs(by); step++) {
    const pair = neighbors(moved, id, by < 0 ? -1 : 1);
    if (!pair) break;
    moved = swapped(moved, pair);
  }
  return moved;
}

/**
 * @param {Spec} spec
 * @param {string} id
 * @param {string} name  of an option
 * @param {unknown} value
 */
export function setOption(spec, id, name, value) {
  const layers = spec.layers.map((layer) =>
    layer.id === id ? { ...layer, [name]: value } : layer,
  );
  return { ...spec, layers };
}

/**
 * A name that no layer uses yet: `conv1`, `conv2`, ...
 * @param {Spec} spec
 * @param {string} stem
 */
export function unusedId({ layers }, stem) {
  const taken = new Set(layers.map(({ id }) => id));
  let number = 1;
  while (taken.has(`${stem}${number}`)) number++;
  return `${stem}${number}`;
}

/**
 * The spec with these layers, omitting `from` and options that equal their defaults.
 * @param {Spec} spec
 * @param {readonly Layer[]} layers  each with its `from`
 * @returns {Spec}
 */
export function compact(spec, layers = explicit(spec)) {
  const shortened = layers.map(({ id, from, ...options }, index) => {
    const names = [from ?? []].flat();
    const before = layers[index - 1]?.id ?? INPUT;
    if (names.length === 1 && names[0] === before) return { id, ...options };
    return { id, from: names.length === 1 ? names[0] : names, ...options };
  });
  return { ...spec, layers: shortened.map(withoutDefaults) };
}

/**
 * @param {Spec} spec
 * @returns {Layer[]}
 */
function explicit(spec) {
  const [, ...linked] = links(spec);
  return spec.layers.map((layer, index) => ({ ...layer, from: linked[index].from }));
}

/**
 * The layer with its input `id` replaced by `instead`.
 * @param {Layer} layer
 * @param {string} id
 * @param {string} instead
 */
function reading(layer, id, instead) {
  const from = [layer.from ?? []].flat().map((name) => (name === id ? instead : name));
  return { ...layer, from };
}

/**
 * The layer and its neighbour in order, if they can swap.
 * @param {Spec} spec
 * @param {string} id
 * @param {number} by
 * @returns {[string, string] | null}
 */
function neighbors(spec, id, by) {
  const linked = links(spec);
  const readers = (/** @type {string} */ name) => linked.filter(({ from }) => from.includes(name));
  const layer = linked.find((known) => known.id === id);
  if (layer?.from.length !== 1) return null;
  const other = by < 0 ? layer.from[0] : readers(id)[0]?.id;
  const [first, second] = by < 0 ? [other, id] : [id, other];
  if (!first || !second || first === INPUT) return null;
  const isPlain = linked.find((known) => known.id === second)?.from.length === 1;
  const single = linked.find((known) => known.id === first)?.from.length === 1;
  return isPlain && single && readers(first).length === 1 ? [first, second] : null;
}

/**
 * @param {Spec} spec
 * @param {[string, string]} pair
 */
function swapped(spec, [first, second]) {
  const layers = explicit(spec);
  const [firstAt, secondAt] = [first, second].map((id) =>
    layers.findIndex((layer) => layer.id === id),
  );
  const before = layers[firstAt].from;
  const relinked = layers.map((layer) => {
    if (layer.id === first) return { ...layer, from: [second] };
    if (layer.id === second) return { ...layer, from: before };
    return reading(layer, second, first);
  });
  [relinked[firstAt], relinked[secondAt]] = [relinked[secondAt], relinked[firstAt]];
  return compact(spec, relinked);
}

/**
 * Default values, which a spec need not state.
 * @type {Record<string, Record<string, unknown>>}
 */
const DEFAULTS = {
  conv2d: { stride: 1, padding: 0, dilation: 1, groups: 1, bias: true },
  convTranspose2d: { stride: 1, padding: 0, outputPadding: 0, dilation: 1, groups: 1, bias: true },
  pool2d: { padding: 0, dilation: 1, ceilMode: false, countIncludePad: true, p: 2 },
  batchNorm: { epsilon: 1e-5, scale: true },
  groupNorm: { epsilon: 1e-5 },
  dense: { bias: true },
};

/** @param {Layer} layer */
function withoutDefaults(layer) {
  const defaults = new Map(Object.entries(DEFAULTS[layer.op] ?? {}));
  const kept = Object.entries(layer).flatMap(([name, value]) => {
    const short = name === "padding" && value === "valid" ? 0 : shortest(value);
    return defaults.has(name) && defaults.get(name) === short ? [] : [[name, short]];
  });
  return /** @type {Layer} */ (Object.fromEntries(kept));
}

/**
 * One number for several equal ones, two for four that are equal in pairs.
 * @param {unknown} value
 */
function shortest(value) {
  if (!Array.isArray(value) || !value.every((part) => typeof part === "number")) return value;
  const [first, second, third, fourth] = value;
  if (value.length === 4 && first === third && second === fourth) {
    return first === second ? first : [first, second];
  }
  return value.length === 2 && first === second ? first : value;
}
