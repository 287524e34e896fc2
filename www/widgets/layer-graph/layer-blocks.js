/**
 * The blocks of a network, derived from its layer names, and the graph with some of them folded.
 *
 * `layer1.0.conv1` lies in `layer1.0`, and that in `layer1`; `/` separates like `.`. A prefix
 * that only one layer has, or all layers have, makes no block.
 *
 * @typedef {{ id: string, from: readonly string[] }} Layer in an order in which inputs come first;
 * the network's input is the first layer and has no inputs itself
 * @typedef {{ id: string, label: string, parent: string | null, depth: number, layers: string[] }}
 * Block `layers` are all those inside, at any depth; `label` is the name without the parent's, but
 * `layer2.0` instead of a mere `0`
 * @typedef {{ blocks: Map<string, Block>, blockOf: Map<string, string>, labels: Map<string, string> }} Blocks
 * `blockOf` gives a layer's innermost block, `labels` its name without that block's
 * @typedef {{ id: string, from: string[], layers: string[], isBlock: boolean, block: string | null }} Item
 * a layer, or a folded block with all its layers; `block` is the innermost open one around it
 * @typedef {{ items: Item[], itemOf: Map<string, string>, open: Set<string> }} Folded `itemOf`
 * gives the item that shows a layer; `open` holds the open blocks, including those that cannot be
 * folded
 */

/**
 * @param {readonly Layer[]} layers
 * @returns {Blocks}
 */
export function blocksOf(layers) {
  /** @type {Map<string, string[]>} */
  const members = new Map();
  for (const { id } of layers) {
    for (const prefix of prefixes(id)) {
      members.set(prefix, [...(members.get(prefix) ?? []), id]);
    }
  }
  const named = layers.filter(({ from }) => from.length > 0).length;
  /** @type {Map<string, Block>} */
  const blocks = new Map();
  const byLength = [...members].sort(([a], [b]) => a.length - b.length);
  for (const [id, inside] of byLength) {
    if (inside.length < 2 || inside.length >= named) continue;
    const parent = prefixes(id).findLast((prefix) => blocks.has(prefix)) ?? null;
    const around = parent === null ? undefined : blocks.get(parent);
    if (around?.layers.length === inside.length) continue;
    const whole = longest(id, members, named);
    blocks.set(id, {
      id,
      label: nameWithin(id, parent ?? whole),
      parent,
      depth: around ? around.depth + 1 : 0,
      layers: inside,
    });
  }
  const blockOf = new Map();
  const labels = new Map();
  for (const { id } of layers) {
    const block = prefixes(id).findLast((prefix) => blocks.has(prefix));
    if (block !== undefined) blockOf.set(id, block);
    labels.set(id, nameWithin(id, block ?? longest(id, members, named)));
  }
  return { blocks, blockOf, labels };
}

/**
 * The blocks to open so that at most `limit` items are shown, one whole level at a time, so that
 * sibling blocks look alike.
 * @param {readonly Layer[]} layers
 * @param {Blocks} blocks
 * @param {number} limit
 * @returns {Set<string>}
 */
export function openAtFirst(layers, blocks, limit) {
  let open = new Set();
  const deepest = Math.max(-1, ...[...blocks.blocks.values()].map(({ depth }) => depth));
  for (let depth = 0; depth <= deepest; depth++) {
    const next = new Set(
      [...blocks.blocks.values()].filter((block) => block.depth <= depth).map(({ id }) => id),
    );
    if (fold(layers, blocks, next).items.length > limit) break;
    open = next;
  }
  return open;
}

/**
 * The graph with every block folded that is not in `open`. A block stays open if folding it would
 * create a cycle.
 * @param {readonly Layer[]} layers
 * @param {Blocks} blocks
 * @param {ReadonlySet<string>} open
 * @returns {Folded}
 */
export function fold(layers, blocks, open) {
  const opened = new Set([...open].filter((id) => blocks.blocks.has(id)));
  for (;;) {
    const itemOf = new Map(layers.map(({ id }) => [id, shownBy(id, blocks, opened)]));
    const { sorted, rest } = inOrder(items(layers, blocks, itemOf));
    if (rest.length === 0) return { items: sorted, itemOf, open: opened };
    for (const { id, isBlock } of rest) if (isBlock) opened.add(id);
  }
}

/**
 * The blocks around a layer or block, outermost first.
 * @param {string | null | undefined} block the innermost one
 * @param {Blocks} blocks
 * @returns {string[]}
 */
export function around(block, { blocks }) {
  const path = [];
  for (let id = block ?? null; id !== null; id = blocks.get(id)?.parent ?? null) path.unshift(id);
  return path;
}

/**
 * @param {string} layer
 * @param {Blocks} blocks
 * @param {ReadonlySet<string>} open
 */
function shownBy(layer, blocks, open) {
  return around(blocks.blockOf.get(layer), blocks).find((block) => !open.has(block)) ?? layer;
}

/**
 * @param {readonly Layer[]} layers
 * @param {Blocks} blocks
 * @param {Map<string, string>} itemOf
 */
function items(layers, blocks, itemOf) {
  /** @type {Map<string, Item>} */
  const found = new Map();
  for (const { id, from } of layers) {
    const shown = /** @type {string} */ (itemOf.get(id));
    const block = blocks.blocks.get(shown);
    const isBlock = shown !== id;
    const item = found.get(shown) ?? {
      id: shown,
      from: [],
      layers: [],
      isBlock,
      block: isBlock ? (block?.parent ?? null) : (blocks.blockOf.get(id) ?? null),
    };
    item.layers.push(id);
    for (const input of from) {
      const source = /** @type {string} */ (itemOf.get(input));
      if (source !== shown && !item.from.includes(source)) item.from.push(source);
    }
    found.set(shown, item);
  }
  return [...found.values()];
}

/**
 * Items with inputs first, otherwise in their current order; `rest` is what lies on a cycle or
 * depends on one.
 * @param {Item[]} unsorted
 */
function inOrder(unsorted) {
  const done = new Set();
  const sorted = [];
  let rest = unsorted;
  for (let before = -1; before !== rest.length; ) {
    before = rest.length;
    const later = [];
    for (const item of rest) {
      if (item.from.every((input) => done.has(input))) {
        done.add(item.id);
        sorted.push(item);
      } else later.push(item);
    }
    rest = later;
  }
  return { sorted, rest };
}

/**
 * `a.b.c` has the prefixes `a` and `a.b`.
 * @param {string} id
 */
function prefixes(id) {
  return [...id.matchAll(/[./]/g)]
    .map(({ index }) => id.slice(0, index))
    .filter((prefix) => prefix !== "");
}

/**
 * The name without that of what is around it; a mere number keeps the part before it.
 * @param {string} id
 * @param {string} prefix
 */
function nameWithin(id, prefix) {
  const name = id.slice(prefix.length).replace(/^[./]/, "");
  return /^\d+$/.test(name) ? id.split("/").at(-1)?.split(".").slice(-2).join(".") || name : name;
}

/**
 * The longest prefix that all layers share: it carries no information.
 * @param {string} id
 * @param {Map<string, string[]>} members
 * @param {number} named
 */
function longest(id, members, named) {
  return prefixes(id).findLast((prefix) => (members.get(prefix)?.length ?? 0) >= named) ?? "";
}
