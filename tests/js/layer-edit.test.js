/** Edits of a network's spec, and what each layer reads afterwards. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  addAfter,
  compact,
  EMPTY,
  isMovable,
  isRemovable,
  links,
  move,
  remove,
  setOption,
  unusedId,
} from "../../www/labs/receptive-field/layer-edit.js";

/** A skip connection: a, b, c in a chain, their sum with a's output, and d. */
const SKIP = {
  input: { channels: 1, height: 8, width: 8 },
  layers: [
    { id: "a", op: "conv2d", channels: 1, kernel: 3, padding: 1 },
    { id: "b", op: "activation", kind: "relu" },
    { id: "c", op: "conv2d", channels: 1, kernel: 3, padding: 1 },
    { id: "sum", op: "add", from: ["c", "a"] },
    { id: "d", op: "flatten" },
  ],
};

/** @param {import("../../www/labs/receptive-field/layer-edit.js").Spec} spec */
function wires(spec) {
  return links(spec)
    .slice(1)
    .map(({ id, from }) => `${from.join("+")}>${id}`)
    .join(" ");
}

test("a layer without inputs follows the one before it", () => {
  assert.equal(wires(SKIP), "input>a a>b b>c c+a>sum sum>d");
});

test("a new layer comes between another and all its readers", () => {
  const spec = addAfter(SKIP, "a", { id: "new", op: "batchNorm" });
  assert.equal(wires(spec), "input>a a>new new>b b>c c+new>sum sum>d");
  assert.equal(wires(addAfter(SKIP, "d", { id: "e", op: "softmax" })).endsWith("sum>d d>e"), true);
  assert.equal(wires(addAfter(EMPTY, "input", { id: "a", op: "flatten" })), "input>a");
});

test("the readers of a removed layer read its input", () => {
  assert.equal(wires(remove(SKIP, "c")), "input>a a>b b+a>sum sum>d");
  assert.equal(wires(remove(SKIP, "a")), "input>b b>c c+input>sum sum>d");
  assert.equal(wires(remove(SKIP, "sum", 1)), "input>a a>b b>c a>d");
  assert.equal(isRemovable(SKIP, "c"), true);
  assert.equal(isRemovable(SKIP, "sum"), false);
  assert.equal(isRemovable(SKIP, "nobody"), false);
});

test("neighbours on a chain swap, with all their options", () => {
  const moved = move(SKIP, "c", -1);
  assert.equal(wires(moved), "input>a a>c c>b b+a>sum sum>d");
  assert.deepEqual(
    moved.layers.map(({ id }) => id),
    ["a", "c", "b", "sum", "d"],
  );
  assert.deepEqual(moved.layers[1], { ...SKIP.layers[2] });
  assert.deepEqual(move(moved, "c", 1), move(move(SKIP, "c", -1), "c", 1));
  assert.equal(wires(move(moved, "c", 1)), wires(SKIP));
});

test("a layer moves only past layers that nothing else reads", () => {
  assert.equal(isMovable(SKIP, "b", -1), false, "the sum reads a too");
  assert.equal(isMovable(SKIP, "b", 1), true);
  assert.equal(isMovable(SKIP, "c", 1), false, "the sum has two inputs");
  assert.equal(isMovable(SKIP, "a", -1), false, "the input stays first");
  assert.equal(isMovable(SKIP, "d", 1), false);
  assert.equal(wires(move(SKIP, "c", -9)), wires(move(SKIP, "c", -1)));
});

test("an option is set only on its layer", () => {
  const spec = setOption(SKIP, "c", "kernel", [5, 3]);
  assert.deepEqual(spec.layers[2].kernel, [5, 3]);
  assert.equal(spec.layers[0], SKIP.layers[0]);
});

test("names are not used twice", () => {
  assert.equal(unusedId({ ...SKIP, layers: [{ id: "conv1", op: "flatten" }] }, "conv"), "conv2");
  assert.equal(unusedId(EMPTY, "conv"), "conv1");
});

test("defaults are omitted from a spec, and nothing else", () => {
  const full = {
    ...SKIP,
    layers: [
      {
        id: "conv",
        from: ["input"],
        op: "conv2d",
        channels: 2,
        kernel: [3, 3],
        stride: [1, 1],
        padding: [1, 2, 1, 2],
        dilation: [1, 2],
        groups: 1,
        bias: true,
      },
      {
        id: "pool",
        from: ["conv"],
        op: "pool2d",
        kind: "max",
        size: [2, 2],
        stride: [2, 2],
        padding: [0, 0, 0, 0],
        dilation: [1, 1],
        ceilMode: true,
        countIncludePad: true,
        p: 2,
      },
      { id: "sum", from: ["pool", "pool"], op: "add" },
      { id: "last", from: ["conv"], op: "activation", kind: "relu" },
    ],
  };
  assert.deepEqual(compact(full).layers, [
    { id: "conv", op: "conv2d", channels: 2, kernel: 3, padding: [1, 2], dilation: [1, 2] },
    { id: "pool", op: "pool2d", kind: "max", size: 2, stride: 2, ceilMode: true },
    { id: "sum", from: ["pool", "pool"], op: "add" },
    { id: "last", from: "conv", op: "activation", kind: "relu" },
  ]);
});
