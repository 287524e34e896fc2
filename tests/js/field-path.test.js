/** The path along which a field grows, from the engine's description of each layer. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  fieldPath,
  growthSteps,
  multiplyAddsUpTo,
  usualNode,
} from "../../www/labs/receptive-field/field-path.js";

/**
 * @param {string} id
 * @param {string[]} from
 * @param {number} size
 * @param {number} stride
 * @param {object | null} [formula]
 * @returns {any}
 */
function node(id, from, size, stride, formula = null) {
  const field = { size: [size, size], stride: [stride, stride] };
  return { id, from, receptiveField: field, formula: [formula, null] };
}

/** A block with a shortcut that has the smaller field. */
const NODES = [
  node("input", [], 1, 1),
  node("short", ["input"], 3, 2, { from: "input" }),
  node("long1", ["input"], 3, 2, { from: "input" }),
  node("norm", ["long1"], 3, 2),
  node("long2", ["norm"], 7, 2, { from: "norm" }),
  node("sum", ["short", "long2"], 7, 2),
  node("pool", ["sum"], 9, 4, { from: "sum" }),
];

/** @type {any} */
const DESCRIPTION = { nodes: NODES, lattices: NODES.map(() => ({})) };

/** @param {{ node: { id: string } }[]} steps */
function ids(steps) {
  return steps.map((step) => step.node.id).join(" ");
}

test("at a merge the path continues through the largest field", () => {
  assert.equal(ids(fieldPath(DESCRIPTION, "pool", 0)), "input long1 norm long2 sum pool");
  assert.equal(ids(fieldPath(DESCRIPTION, "short", 0)), "input short");
  assert.equal(ids(fieldPath(DESCRIPTION, "input", 0)), "input");
});

test("only what changes the field or the stride makes a step", () => {
  assert.equal(ids(growthSteps(fieldPath(DESCRIPTION, "pool", 0), 0)), "long1 long2 pool");
});

test("a layer's cost covers everything it depends on, each once", () => {
  const nodes = NODES.map((node, index) => ({ ...node, multiplyAdds: 10 ** index }));
  const upTo = (/** @type {string} */ id) => multiplyAddsUpTo(/** @type {any} */ ({ nodes }), id);
  assert.equal(upTo("short"), 11);
  assert.equal(upTo("long2"), 11_101);
  assert.equal(upTo("pool"), 1_111_111);
});

test("the initial layer is the last one with a position on the picture", () => {
  const lattices = NODES.map((_, index) => (index < 6 ? {} : null));
  assert.equal(usualNode(/** @type {any} */ ({ nodes: NODES, lattices })), "sum");
});
