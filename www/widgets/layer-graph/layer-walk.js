/**
 * Where the arrow keys lead in a layer graph: up and down along edges, left and right to
 * neighbouring branches.
 *
 * @typedef {import("./layer-blocks.js").Item} Item
 * @typedef {import("./layer-layout.js").Box} Box
 */

/** Vertical distance, in px of the drawing, within which items count as neighbours. */
const BESIDE = 90;

/**
 * The item that a key leads to; null if it leads nowhere.
 * @param {string} id of the item to start from
 * @param {string} key a `KeyboardEvent.key`
 * @param {readonly Item[]} items inputs first
 * @param {Map<string, Box>} boxes by item
 * @returns {string | null}
 */
export function walk(id, key, items, boxes) {
  if (key === "Home") return items[0]?.id ?? null;
  if (key === "End") return items.at(-1)?.id ?? null;
  const from = items.find((item) => item.id === id);
  if (!from) return null;
  if (key === "ArrowUp") return straightest(id, from.from, boxes);
  if (key === "ArrowDown") {
    const outputs = items.filter((item) => item.from.includes(id));
    return straightest(
      id,
      outputs.map((item) => item.id),
      boxes,
    );
  }
  const side = { ArrowLeft: -1, ArrowRight: 1 }[key];
  return side ? beside(id, side, boxes) : null;
}

/**
 * @param {string} id
 * @param {readonly string[]} candidates
 * @param {Map<string, Box>} boxes
 */
function straightest(id, candidates, boxes) {
  const [x] = center(id, boxes);
  const across = (/** @type {string} */ other) => Math.abs(center(other, boxes)[0] - x);
  return least(candidates, across);
}

/**
 * @param {string} id
 * @param {number} side
 * @param {Map<string, Box>} boxes
 */
function beside(id, side, boxes) {
  const [x, y] = center(id, boxes);
  const offset = (/** @type {string} */ other) => {
    const [otherX, otherY] = center(other, boxes);
    return { across: (otherX - x) * side, down: Math.abs(otherY - y) };
  };
  const candidates = [...boxes.keys()].filter((other) => {
    const { across, down } = offset(other);
    return across > 1 && down <= BESIDE;
  });
  return least(candidates, (other) => offset(other).across + 2 * offset(other).down);
}

/**
 * @param {readonly string[]} candidates
 * @param {(id: string) => number} cost
 * @returns {string | null}
 */
function least(candidates, cost) {
  return candidates.reduce(
    (/** @type {string | null} */ best, id) => (best === null || cost(id) < cost(best) ? id : best),
    null,
  );
}

/**
 * @param {string} id
 * @param {Map<string, Box>} boxes
 */
function center(id, boxes) {
  const { x, y, width, height } = /** @type {Box} */ (boxes.get(id));
  return [x + width / 2, y + height / 2];
}
