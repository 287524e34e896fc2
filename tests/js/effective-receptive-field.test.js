/**
 * `effectiveReceptiveField` through the wasm: closed forms, seeds, and an error for every mistake.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import * as cnn from "../../www/pkg/operators.js";

cnn.initSync({
  module: readFileSync(new URL("../../www/pkg/operators_bg.wasm", import.meta.url)),
});

/** @type {{ uniform: { layers: number[][], rf: number, sd_theory: number, [share: string]: any }[] }} */
const TRUTH = JSON.parse(readFileSync(new URL("../data/truth/erf.json", import.meta.url), "utf8"));

/**
 * @param {number[][]} windows  kernel, stride, dilation
 * @returns {any}
 */
function stack(windows) {
  const layers = windows.map(([kernel, stride, dilation], index) => ({
    id: `conv${index + 1}`,
    op: "conv2d",
    channels: 2,
    kernel,
    stride,
    dilation,
  }));
  return { input: { channels: 2 }, layers };
}

const SPEC = stack([
  [3, 1, 1],
  [3, 1, 1],
]);

test("uniform weights give the closed forms", () => {
  for (const { layers, rf, sd_theory, ...shares } of TRUTH.uniform) {
    const field = cnn.effectiveReceptiveField(stack(layers), { node: `conv${layers.length}` });
    assert.deepEqual(field.map.shape, [rf, rf]);
    assert.equal(Math.max(...field.map.data), 1);
    const { rows, cols } = field.theoretical;
    assert.deepEqual([rows[1] - rows[0] + 1, cols[1] - cols[0] + 1], [rf, rf]);
    assert.deepEqual(field.origin, [rows[0], cols[0]]);
    // Each layer sums 2 * kernel^2 positive products in float32.
    const summed = layers.reduce((sum, [kernel]) => sum + 2 * kernel ** 2, 0);
    for (const sd of field.sd ?? []) {
      assert.ok(Math.abs(sd - sd_theory) <= summed * 2 ** -23 * sd_theory, `${sd} ${sd_theory}`);
    }
    const share = shares.share_of_rf_pixels_above_4p55_percent_of_peak;
    assert.ok(Math.abs(field.above.share - share) < 1e-12);
    assert.ok(Math.abs(field.area.side ** 2 - field.area.pixels) < 1e-9);
  }
});

test("the seed determines the map, and given weights are used", () => {
  /** @param {Partial<import("../../www/pkg/operators.js").EffectiveReceptiveFieldOptions>} options */
  const map = (options) => [
    ...cnn.effectiveReceptiveField(SPEC, { node: "conv2", ...options }).map.data,
  ];
  assert.deepEqual(map({ weights: "random", seed: 1 }), map({ weights: "random", seed: 1 }));
  assert.notDeepEqual(map({ weights: "random", seed: 1 }), map({ weights: "random", seed: 2 }));
  const cross = [0, 1, 0, 1, 1, 1, 0, 1, 0];
  const values = { shape: [2, 2, 3, 3], data: [...cross, ...cross, ...cross, ...cross] };
  const weights = [
    { layer: "conv1", name: "weights", values },
    { layer: "conv2", name: "weights", values },
  ];
  // A cross of five ones with itself, over its largest value.
  const expected = [0, 0, 1, 0, 0, 0, 2, 2, 2, 0, 1, 2, 5, 2, 1, 0, 2, 2, 2, 0, 0, 0, 1, 0, 0];
  assert.deepEqual(
    map({ weights }),
    expected.map((value) => Math.fround(value / 5)),
  );
});

test("a picture is used, and ReLU passes what it makes positive", () => {
  const spec = {
    input: { channels: 1, height: 1, width: 4 },
    layers: [
      { id: "relu", op: "activation", kind: "relu" },
      { id: "sum", op: "conv2d", channels: 1, kernel: [1, 4] },
    ],
  };
  const input = { shape: [1, 1, 4], data: [1, -1, 2, -3] };
  const seen = cnn.effectiveReceptiveField(/** @type {any} */ (spec), { node: "sum", input });
  assert.deepEqual([...seen.map.data], [1, 0, 1, 0]);
  const dead = { shape: [1, 1, 4], data: [-1, -1, -2, -3] };
  const nothing = cnn.effectiveReceptiveField(/** @type {any} */ (spec), {
    node: "sum",
    input: dead,
  });
  assert.deepEqual([nothing.sd, nothing.centre, nothing.peak], [null, null, 0]);
  assert.deepEqual([...nothing.map.data], [0, 0, 0, 0]);
  const linear = { node: "sum", input: dead, linear: true };
  assert.deepEqual(
    [...cnn.effectiveReceptiveField(/** @type {any} */ (spec), linear).map.data],
    [1, 1, 1, 1],
  );
});

test("every mistake gives one error that says what was expected", () => {
  const values = { shape: [1], data: [1] };
  /** @type {[any, string, RegExp][]} */
  const mistakes = [
    [undefined, "wrong_type", /node must be a text, got undefined/],
    [{ node: 3 }, "wrong_type", /node must be a text, got 3/],
    [{ node: "conv9" }, "layer_unknown", /no layer conv9/],
    [{ node: "conv2", nodes: 1 }, "unknown_name", /option must be one of node, position/],
    [{ node: "conv2", position: "middle" }, "wrong_type", /position must be/],
    [{ node: "conv2", units: 300 }, "out_of_range", /units must be between 1 and 256, got 300/],
    [{ node: "conv2", channel: 2 }, "out_of_range", /channel must be between 0 and 1, got 2/],
    [{ node: "conv2", weights: "zero" }, "unknown_name", /weights must be one of uniform, random/],
    [
      { node: "conv2", weights: [{ layer: "conv1", name: "weight", values }] },
      "unknown_name",
      /parameter must be one of weights, bias, got weight/,
    ],
    [
      { node: "conv2", weights: [{ layer: "conv1", name: "bias", values }] },
      "layer",
      /layer conv1: network: bias must have shape \[2\], got \[1\]/,
    ],
    [{ node: "conv2", weights: [1] }, "wrong_type", /must be an object/],
    [{ node: "conv2", input: values }, "shape_mismatch", /\[channels, height, width\], got \[1\]/],
    [
      { node: "conv2", input: { shape: [2, 1, 1], data: [1, 1] } },
      "shape_mismatch",
      /gives its input no size/,
    ],
    [{ node: "conv2", seed: -1 }, "wrong_type", /seed must be a whole number/],
    [{ node: "conv2", draws: 1e6 }, "out_of_range", /draws must be between 1 and 10000/],
    [{ node: "conv2", linear: 1 }, "wrong_type", /linear must be true or false/],
    [{ node: "conv2", measure: "cubed" }, "unknown_name", /measure must be one of absolute/],
  ];
  for (const [options, code, message] of mistakes) {
    assert.throws(
      () => cnn.effectiveReceptiveField(SPEC, options),
      (/** @type {any} */ error) => {
        assert.equal(error.code, code, error.message);
        assert.match(error.message, message);
        return true;
      },
    );
  }
});

test("unbounded work is refused at once", () => {
  const wide = (/** @type {number} */ channels) => ({
    input: { channels, height: 1024, width: 1024 },
    layers: [{ id: "conv", op: "conv2d", channels, kernel: 3 }],
  });
  const far = {
    ...SPEC,
    layers: SPEC.layers.map((/** @type {any} */ layer) => ({ ...layer, dilation: 1e5 })),
  };
  const deep = stack(Array.from({ length: 40 }, () => [3, 2, 1]));
  const start = performance.now();
  for (const [spec, options] of [
    [wide(4096), { node: "conv", units: 256 }],
    [wide(64), { node: "conv", units: 256, draws: 10_000 }],
    [far, { node: "conv2" }],
    [deep, { node: "conv40" }],
  ]) {
    assert.throws(
      () => cnn.effectiveReceptiveField(spec, options),
      (/** @type {any} */ { code }) =>
        code === "out_of_range" || code === "too_large" || code === "layer",
    );
  }
  assert.ok(performance.now() - start < 20_000);
});
