import assert from "node:assert/strict";
import { test } from "node:test";
import { moved, sorted } from "../../www/widgets/table/table-order.js";

const ROWS = [
  ["b", "conv10", 3],
  ["a", "conv2", null],
  ["c", "conv2", -1],
].map(([id, word, value]) => ({
  id: String(id),
  cells: [word, value].map((cell) => ({ text: String(cell), value: cell })),
}));

/** @param {import("../../www/widgets/table/table-order.js").Order | null} order */
function ids(order) {
  return sorted(ROWS, order)
    .map(({ id }) => id)
    .join("");
}

test("without an order the rows stay as they are", () => {
  assert.equal(ids(null), "bac");
});

test("numbers are sorted as numbers, and missing values come last either way", () => {
  assert.equal(ids({ column: 1, direction: "ascending" }), "cba");
  assert.equal(ids({ column: 1, direction: "descending" }), "bca");
});

test("names are sorted by the numbers in them, and equal ones keep their order", () => {
  assert.equal(ids({ column: 0, direction: "ascending" }), "acb");
  assert.equal(ids({ column: 0, direction: "descending" }), "bac");
});

test("keys move from row to row and stop at the ends", () => {
  const rows = Array.from({ length: 30 }, (_, index) => String(index));
  assert.equal(moved(rows, "3", "ArrowDown"), "4");
  assert.equal(moved(rows, "0", "ArrowUp"), "0");
  assert.equal(moved(rows, "3", "PageDown"), "13");
  assert.equal(moved(rows, "25", "PageDown"), "29");
  assert.equal(moved(rows, "25", "Home"), "0");
  assert.equal(moved(rows, "25", "End"), "29");
  assert.equal(moved(rows, "25", "x"), null);
});
