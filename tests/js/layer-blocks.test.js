/** Blocks read from names, and graphs with some of them folded. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { around, blocksOf, fold, openAtFirst } from "../../www/widgets/layer-graph/layer-blocks.js";

/**
 * A chain of layers after an input.
 * @param {string[]} ids
 */
function chain(...ids) {
  return ["input", ...ids].map((id, index, all) => ({ id, from: all.slice(index - 1, index) }));
}

test("dots and slashes divide a name into blocks", () => {
  const layers = chain("stem", "layer1.0.conv1", "layer1.0.conv2", "layer1.1/conv", "layer1.1/bn");
  const { blocks, blockOf, labels } = blocksOf(layers);
  assert.deepEqual(
    [...blocks.values()].map(({ id, label, parent, depth }) => [id, label, parent, depth]),
    [
      ["layer1", "layer1", null, 0],
      ["layer1.0", "0", "layer1", 1],
      ["layer1.1", "1", "layer1", 1],
    ],
  );
  assert.deepEqual(
    blocks.get("layer1")?.layers,
    layers.slice(2).map(({ id }) => id),
  );
  assert.equal(blockOf.get("layer1.1/bn"), "layer1.1");
  assert.equal(labels.get("layer1.0.conv2"), "conv2");
  assert.equal(labels.get("stem"), "stem");
  assert.deepEqual(around("layer1.0", { blocks, blockOf, labels }), ["layer1", "layer1.0"]);
});

test("a prefix that only one layer has, or every layer, makes no block", () => {
  const { blocks, labels } = blocksOf(chain("net/a/x", "net/a/y", "net/b/z"));
  assert.deepEqual([...blocks.keys()], ["net/a"]);
  assert.equal(blocks.get("net/a")?.label, "a");
  assert.equal(labels.get("net/a/y"), "y");
  assert.equal(labels.get("net/b/z"), "b/z");
});

test("a block with the same layers as its parent is not a second block", () => {
  const { blocks, labels } = blocksOf(chain("unit/inner/x", "unit/inner/y", "head"));
  assert.deepEqual([...blocks.keys()], ["unit"]);
  assert.equal(labels.get("unit/inner/x"), "inner/x");
});

test("a folded block takes the place of its layers", () => {
  const layers = [
    ...chain("stem", "a.x", "a.y"),
    { id: "a.sum", from: ["a.y", "stem"] },
    { id: "head", from: ["a.sum"] },
  ];
  const blocks = blocksOf(layers);
  const { items, itemOf } = fold(layers, blocks, new Set());
  assert.deepEqual(
    items.map(({ id, from, isBlock }) => [id, from, isBlock]),
    [
      ["input", [], false],
      ["stem", ["input"], false],
      ["a", ["stem"], true],
      ["head", ["a"], false],
    ],
  );
  assert.equal(itemOf.get("a.y"), "a");
  assert.equal(items[2].layers.at(-1), "a.sum");
  assert.equal(fold(layers, blocks, new Set(["a"])).items.length, layers.length);
});

test("blocks whose folding would create a cycle stay open", () => {
  const layers = chain("a.x", "b.x", "a.y", "b.y");
  const blocks = blocksOf(layers);
  const { items, open } = fold(layers, blocks, new Set());
  const places = new Map(items.map(({ id }, index) => [id, index]));
  for (const { id, from } of items) {
    for (const input of from) assert.ok(Number(places.get(input)) < Number(places.get(id)));
  }
  assert.ok(open.size > 0);
});

test("a network opens a whole level of blocks at a time, up to a limit", () => {
  const stages = ["s1", "s2", "s3"].flatMap((stage) =>
    ["0", "1"].flatMap((unit) => ["conv", "bn", "relu"].map((name) => `${stage}.${unit}.${name}`)),
  );
  const layers = chain("stem", ...stages, "fc");
  const blocks = blocksOf(layers);
  const shown = (/** @type {number} */ limit) => {
    const open = openAtFirst(layers, blocks, limit);
    return fold(layers, blocks, open).items.length;
  };
  assert.equal(shown(5), 6);
  assert.equal(shown(9), 9);
  assert.equal(shown(20), 9);
  assert.equal(shown(21), 21);
});
