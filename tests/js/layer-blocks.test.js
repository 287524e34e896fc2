/** Blocks of the layer editor: connected, named apart, and of the sizes that their names promise. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { addBlock, BLOCK_KINDS } from "../../www/labs/receptive-field/layer-blocks.js";
import { compact } from "../../www/labs/receptive-field/layer-edit.js";

const SPEC = {
  input: { channels: 3, height: 32, width: 32 },
  layers: [
    { id: "conv1", op: "conv2d", channels: 16, kernel: 3, padding: 1 },
    { id: "relu1", op: "activation", kind: "relu" },
    { id: "pool1", op: "pool2d", kind: "max", size: 2, stride: 2 },
  ],
};

test("a residual block adds its input to its last convolution, and the rest reads the block", () => {
  const { spec, node } = addBlock(SPEC, "relu1", "residual", 16) ?? assert.fail();
  const layer = (/** @type {string} */ id) => spec.layers.find((known) => known.id === id);
  assert.equal(node, "residual1.relu2");
  assert.deepEqual(layer("residual1.conv1")?.from, ["relu1"]);
  assert.deepEqual(layer("residual1.add")?.from, ["residual1.conv2", "relu1"]);
  assert.equal(layer("residual1.conv2")?.channels, 16);
  assert.deepEqual(layer("pool1")?.from, ["residual1.relu2"]);
});

test("an inception block keeps the number of channels and joins four branches", () => {
  const { spec, node } = addBlock(SPEC, "relu1", "inception", 16) ?? assert.fail();
  const joined = spec.layers.find(({ id }) => id === node);
  assert.equal(joined?.op, "concat");
  assert.equal([joined?.from].flat().length, 4);
  const widths = spec.layers.filter(
    ({ id, op }) => id.startsWith("inception1.") && op === "conv2d",
  );
  assert.deepEqual(
    widths.map(({ channels }) => channels),
    [4, 4, 4, 4],
  );
});

test("a block is repeated behind itself, once per press, under names of its own", () => {
  let { spec, node } = addBlock(SPEC, "relu1", "residual", 16) ?? assert.fail();
  for (const name of ["residual2", "residual3"]) {
    const again = addBlock(spec, node, "again", 16) ?? assert.fail();
    assert.equal(again.node, `${name}.relu2`);
    const first = again.spec.layers.find(({ id }) => id === `${name}.conv1`);
    assert.deepEqual(first?.from, [node]);
    ({ spec, node } = again);
  }
  assert.equal(compact(spec).layers.length, 3 + 3 * 5);
});

test("addition joins a layer and what it read; the input alone has nothing to join", () => {
  const { spec, node } = addBlock(SPEC, "relu1", "add", 16) ?? assert.fail();
  assert.deepEqual(spec.layers.find(({ id }) => id === node)?.from, ["relu1", "conv1"]);
  assert.equal(addBlock({ ...SPEC, layers: [] }, "input", "add", 3), null);
});

test("every kind leaves no layer that reads what is not there", () => {
  for (const kind of BLOCK_KINDS) {
    const added = addBlock(SPEC, "relu1", kind, 16) ?? assert.fail(kind);
    const known = new Set(["input"]);
    for (const { id, from } of added.spec.layers) {
      for (const name of [from ?? []].flat()) assert.ok(known.has(name), `${kind}: ${name}`);
      known.add(id);
    }
  }
});
