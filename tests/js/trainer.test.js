/** Training through the built package. */
import assert from "node:assert/strict";
import { before, test } from "node:test";

/** @type {any} */
let cnn;

before(async () => {
  cnn = await import(new URL("../../dist/npm/index.js", import.meta.url).href);
  await cnn.ready();
});

const SPEC = {
  input: { channels: 1, height: 8, width: 8 },
  layers: [
    { id: "conv", op: "conv2d", channels: 4, kernel: 3 },
    { id: "norm", op: "batchNorm" },
    { id: "relu", op: "activation", kind: "relu" },
    { id: "pool", op: "pool2d", kind: "max", size: 2 },
    { id: "flat", op: "flatten" },
    { id: "drop", op: "dropout", probability: 0.25 },
    { id: "dense", op: "dense", features: 2 },
  ],
};

/** Pictures with the brighter half on the left (0) or on the right (1). @param {number} n */
function halves(n) {
  const labels = Array.from({ length: n }, (_, index) => index % 2);
  const pixel = (/** @type {number} */ index) => {
    const isRight = index % 8 >= 4;
    return Number(isRight === (labels[Math.floor(index / 64)] === 1)) + ((index * 37) % 11) / 40;
  };
  const data = Float32Array.from({ length: n * 64 }, (_, index) => pixel(index));
  return { inputs: { shape: [n, 1, 8, 8], data }, labels };
}

test("the loss falls, and the seed determines how", () => {
  const { inputs, labels } = halves(8);
  const run = (/** @type {number} */ seed) => {
    const trainer = new cnn.Trainer(SPEC, {
      optimizer: { kind: "adam", learningRate: 0.01 },
      seed,
    });
    const losses = Array.from({ length: 40 }, () => trainer.step(inputs, labels).loss);
    const weights = trainer.weights();
    trainer.free();
    return { losses, weights };
  };
  const { losses } = run(1);
  assert.ok(losses[39] < 0.1 * losses[0], losses.join());
  assert.deepEqual(run(1), run(1));
  assert.notDeepEqual(run(1).losses, run(2).losses);
});

test("weights come layer by layer, and loaded weights come back", () => {
  const optimizer = { kind: "sgd" };
  const [trainer, other] = [1, 2].map((seed) => new cnn.Trainer(SPEC, { optimizer, seed }));
  const named = trainer
    .weights()
    .map((/** @type {any} */ { layer, name, tensor }) => `${layer} ${name} ${tensor.shape}`);
  assert.deepEqual(named, [
    "conv weights 4,1,3,3",
    "conv bias 4",
    "norm weights 4",
    "norm bias 4",
    "norm runningMean 4",
    "norm runningVariance 4",
    "dense weights 2,36",
    "dense bias 2",
  ]);
  assert.notDeepEqual(other.weights(), trainer.weights());
  other.loadWeights(trainer.weights());
  assert.deepEqual(other.weights(), trainer.weights());
});

test("the learning rate of a step replaces that of the options", () => {
  const { inputs, labels } = halves(4);
  const after = (/** @type {any} */ options, /** @type {number | undefined} */ rate) => {
    const trainer = new cnn.Trainer(SPEC, { optimizer: { kind: "sgd", ...options } });
    trainer.step(inputs, labels, rate);
    return trainer.weights();
  };
  assert.deepEqual(after({ learningRate: 0.5 }, undefined), after({}, 0.5));
  assert.notDeepEqual(after({}, undefined), after({}, 0.5));
});

test("mismatches are refused by name and change nothing", () => {
  const { inputs, labels } = halves(4);
  const trainer = new cnn.Trainer(SPEC, { optimizer: { kind: "sgd" } });
  const untouched = trainer.weights();
  const map = { ...SPEC, layers: SPEC.layers.slice(0, 4) };
  for (const [code, attempt] of /** @type {[string, () => void][]} */ ([
    ["out_of_range", () => trainer.step(inputs, [0, 1, 2, 0])],
    ["shape_mismatch", () => trainer.step(inputs, [0])],
    ["wrong_type", () => trainer.step(inputs, "cat")],
    ["shape_mismatch", () => trainer.step({ shape: [4, 8, 8], data: inputs.data }, labels)],
    ["layer_unknown", () => trainer.loadWeights([{ layer: "x", name: "bias", tensor: inputs }])],
    ["shape_mismatch", () => new cnn.Trainer(map, { optimizer: { kind: "sgd" } })],
    ["unknown_name", () => new cnn.Trainer(SPEC, { optimizer: { kind: "best" } })],
    ["unknown_name", () => new cnn.Trainer(SPEC, {})],
  ])) {
    assert.throws(attempt, { code });
  }
  assert.deepEqual(trainer.weights(), untouched);
});
