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

test("a step reports the norm of the gradients before clipping", () => {
  const { inputs, labels } = halves(4);
  const optimizer = { kind: "sgd", learningRate: 1 };
  const after = (/** @type {object} */ options) => {
    const trainer = new cnn.Trainer(SPEC, { optimizer, ...options });
    const { gradientNorm } = trainer.step(inputs, labels);
    return { gradientNorm, weights: trainer.weights() };
  };
  const free = after({});
  assert.ok(free.gradientNorm > 0.01);
  const clipped = after({ clipping: { kind: "norm", limit: free.gradientNorm / 10 } });
  assert.equal(clipped.gradientNorm, free.gradientNorm);
  assert.notDeepEqual(clipped.weights, free.weights);
  assert.deepEqual(after({ clipping: { kind: "norm", limit: 1e5 } }), free);
});

test("frozen layers keep their parameters and their running statistics", () => {
  const { inputs, labels } = halves(4);
  const trainer = new cnn.Trainer(SPEC, {
    optimizer: { kind: "adamw", l1: 0.1 },
    frozen: ["conv", "norm"],
  });
  const before = trainer.weights();
  for (let step = 0; step < 3; step++) trainer.step(inputs, labels);
  const moved = trainer
    .weights()
    .filter((/** @type {any} */ { tensor }, /** @type {number} */ index) =>
      tensor.data.some((/** @type {number} */ v, /** @type {number} */ i) => {
        return v !== before[index].tensor.data[i];
      }),
    )
    .map((/** @type {any} */ { layer }) => layer);
  assert.deepEqual(moved, ["dense", "dense"]);
});

test("the mean squared error takes targets of the output's shape", () => {
  const { inputs, labels } = halves(8);
  const targets = { shape: [8, 2], data: labels.flatMap((label) => [label, 1 - label]) };
  const trainer = new cnn.Trainer(SPEC, {
    optimizer: { kind: "adam", learningRate: 0.01 },
    loss: "meanSquaredError",
  });
  const losses = Array.from({ length: 60 }, () => trainer.step(inputs, targets).loss);
  assert.ok(losses[59] < 0.3 * losses[0], losses.join());
  const flat = { shape: [16], data: targets.data };
  assert.throws(() => trainer.step(inputs, flat), { code: "shape_mismatch" });
});

test("label smoothing makes a sure answer cost something", () => {
  const { inputs, labels } = halves(8);
  const last = (/** @type {number} */ labelSmoothing) => {
    const optimizer = { kind: "adam", learningRate: 0.05 };
    const trainer = new cnn.Trainer(SPEC, { optimizer, labelSmoothing });
    const losses = Array.from({ length: 60 }, () => trainer.step(inputs, labels).loss);
    return losses[59];
  };
  // The least it can be: the entropy of 0.9 and 0.1.
  assert.ok(last(0.2) >= -(0.9 * Math.log(0.9) + 0.1 * Math.log(0.1)));
  assert.ok(last(0) < 0.1);
});

/** @param {any} trainer @param {number[]} batches */
function steps(trainer, batches) {
  const taken = batches.map((n) => {
    const { inputs, labels } = halves(n);
    return trainer.step(inputs, labels);
  });
  return { taken, weights: trainer.weights() };
}

test("a snapshot crosses to another trainer, which goes on bit for bit", () => {
  const options = { optimizer: { kind: "adam", learningRate: 0.01 }, frozen: [] };
  const first = new cnn.Trainer(SPEC, { ...options, seed: 5 });
  steps(first, [8, 6, 8]);
  const snapshot = structuredClone(first.snapshot());
  assert.equal(snapshot.optimizer.step, 3);
  const other = new cnn.Trainer(SPEC, { ...options, seed: 6 });
  other.restore(snapshot);
  assert.deepEqual(other.snapshot(), first.snapshot());
  const expected = steps(first, [4, 8, 8]);
  assert.deepEqual(steps(other, [4, 8, 8]), expected);
  first.restore(snapshot);
  assert.deepEqual(steps(first, [4, 8, 8]), expected);
});

test("a snapshot that does not fit is refused and changes nothing", () => {
  const trainer = new cnn.Trainer(SPEC, { optimizer: { kind: "adam" } });
  steps(trainer, [4]);
  const own = trainer.snapshot();
  const sgd = new cnn.Trainer(SPEC, { optimizer: { kind: "sgd" } }).snapshot();
  const { seed, ...noSeed } = own;
  for (const [code, wrong] of [
    ["wrong_type", undefined],
    ["wrong_type", {}],
    ["wrong_type", noSeed],
    ["wrong_type", { ...own, weights: own.weights.slice(1) }],
    ["shape_mismatch", { ...own, optimizer: sgd.optimizer }],
    ["unknown_name", { ...own, steps: 1 }],
  ]) {
    assert.throws(() => trainer.restore(wrong), { code }, JSON.stringify(wrong)?.slice(0, 80));
  }
  assert.deepEqual(trainer.snapshot(), own);
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
    ["unknown_name", () => new cnn.Trainer(SPEC, { optimizer: { kind: "sgd" }, loss: "mse" })],
    ["layer_unknown", () => new cnn.Trainer(SPEC, { optimizer: { kind: "sgd" }, frozen: ["x"] })],
    ["wrong_type", () => new cnn.Trainer(SPEC, { optimizer: { kind: "sgd" }, frozen: "conv" })],
    [
      "out_of_range",
      () => new cnn.Trainer(SPEC, { optimizer: { kind: "sgd" }, labelSmoothing: 2 }),
    ],
    [
      "out_of_range",
      () =>
        new cnn.Trainer(SPEC, {
          optimizer: { kind: "sgd" },
          clipping: { kind: "value", limit: -1 },
        }),
    ],
  ])) {
    assert.throws(attempt, { code });
  }
  assert.deepEqual(trainer.weights(), untouched);
});

test("an option that is refused is named by its path, among those that there are", () => {
  const refusal = (/** @type {object} */ optimizer) => {
    try {
      return new cnn.Trainer(SPEC, { optimizer });
    } catch (error) {
      return /** @type {any} */ (error).message;
    }
  };
  assert.equal(
    refusal({ kind: "adam", betas: [0.9, "x"] }),
    'Optimizer: betas[1] must be a number, got "x"',
  );
  assert.equal(
    refusal({ kind: "adam", betas: [0.9] }),
    "Optimizer: betas must be an array of length 2, got an array",
  );
  assert.equal(
    refusal({ kind: "sgd", lr: 1 }),
    "Optimizer: option must be one of kind, learningRate, weightDecay, decoupledWeightDecay, l1, " +
      "momentum, dampening, nesterov, got lr",
  );
  assert.equal(
    refusal({ kind: "adam", weightDecay: Number.NaN }),
    "Optimizer: weightDecay must be a finite number, got NaN",
  );
  assert.equal(
    refusal({ kind: "Adam" }),
    "Optimizer: kind must be one of sgd, adagrad, rmsprop, adadelta, adam, adamw, adamax, nadam, " +
      'got "Adam"',
  );
});
