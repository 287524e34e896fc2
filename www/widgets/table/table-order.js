/**
 * The order of a table's rows.
 *
 * @typedef {{ text: string, value: number | string | null }} Cell what is shown, and the sort key;
 * null sorts last in either direction
 * @typedef {{ id: string, cells: readonly Cell[] }} Row
 * @typedef {{ column: number, direction: "ascending" | "descending" }} Order
 */

/**
 * Rows with equal values keep their order.
 * @param {readonly Row[]} rows
 * @param {Order | null} order
 * @returns {readonly Row[]}
 */
export function sorted(rows, order) {
  if (!order) return rows;
  const sign = order.direction === "ascending" ? 1 : -1;
  return [...rows].sort((a, b) => {
    const [first, second] = [a.cells[order.column].value, b.cells[order.column].value];
    if (first === null || second === null) return Number(first === null) - Number(second === null);
    if (typeof first === "number" && typeof second === "number") return sign * (first - second);
    return sign * String(first).localeCompare(String(second), undefined, { numeric: true });
  });
}

/** Rows that Page Up and Page Down move by. */
const PAGE = 10;

/**
 * The row that a key leads to; null for any other key.
 * @param {readonly string[]} ids
 * @param {string} at
 * @param {string} key a `KeyboardEvent.key`
 * @returns {string | null}
 */
export function moved(ids, at, key) {
  const steps = {
    ArrowDown: 1,
    ArrowUp: -1,
    PageDown: PAGE,
    PageUp: -PAGE,
    Home: -ids.length,
    End: ids.length,
  }[key];
  if (steps === undefined) return null;
  return ids[Math.max(0, Math.min(ids.length - 1, ids.indexOf(at) + steps))] ?? null;
}
