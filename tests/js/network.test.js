/**
 * Planned networks against the public operators called layer by layer: another path through the
 * engine, which has neither plan nor arena.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";

const PACKAGE = new URL("../../dist/npm/index.js", import.meta.url);

/** @type {any} */
let cnn;

before(async () => {
  cnn = await import(PACKAGE.href);
  await cnn.ready();
});

/** @typedef {{ shape: number[], data: Float32Array }} Tensor */

/** @param {number[]} shape @param {number} [seed] @returns {Tensor} */
const noise = (shape, seed = 0) =>
  cnn.initialize(shape, { kind: "uniform", low: -1, high: 1, seed });

/** A spec with layers on a picture. @param {any[]} layers */
const spec = (...layers) => ({ input: { channels: 3, height: 20, width: 18 }, layers });

const RESIDUAL = spec(
  { id: "conv1", op: "conv2d", channels: 8, kernel: 3, stride: 2, padding: 1, bias: false },
  { id: "norm1", op: "batchNorm" },
  { id: "relu1", op: "activation", kind: "relu" },
  { id: "conv2", op: "conv2d", channels: 8, kernel: 3, padding: 1, groups: 8 },
  { id: "norm2", op: "batchNorm" },
  { id: "sum", op: "add", from: ["relu1", "norm2"] },
  { id: "relu2", op: "activation", kind: "relu" },
  { id: "left", op: "conv2d", channels: 5, kernel: 1 },
  { id: "right", op: "pool2d", kind: "max", size: 3, stride: 1, padding: 1, from: "relu2" },
  { id: "both", op: "concat", from: ["left", "right", "relu2"] },
  { id: "mean", op: "globalPool2d", kind: "average" },
  { id: "flat", op: "flatten" },
  { id: "drop", op: "dropout", probability: 0.5 },
  { id: "logits", op: "dense", features: 10 },
  { id: "classes", op: "softmax" },
);

/** Weights with plausible values for every kind of parameter. @param {any} network @param {number} seed */
function weightsOf(network, seed) {
  return cnn
    .initialWeights(network, { seed })
    .map((/** @type {any} */ parameter, /** @type {number} */ at) => {
      const { layer, name, tensor } = parameter;
      const { shape } = tensor;
      const own = name === "weights" && shape.length > 1 ? tensor : noise(shape, 100 * seed + at);
      const data =
        name === "runningVariance"
          ? own.data.map((/** @type {number} */ value) => 1 + value / 2)
          : own.data;
      return { layer, name, tensor: { shape, data } };
    });
}

/** Every layer by its public operator. @param {any} network @param {any[]} weights @param {Tensor} input */
function layerByLayer(network, weights, input) {
  const values = new Map([["input", input]]);
  for (const { id, op, options, from } of cnn.describe(network).nodes.slice(1)) {
    const inputs = from.map((/** @type {string} */ name) => values.get(name));
    const own = Object.fromEntries(
      weights.filter(({ layer }) => layer === id).map(({ name, tensor }) => [name, tensor]),
    );
    const {
      op: _,
      channels,
      kernel,
      connections,
      features,
      probability,
      scale,
      p,
      bias,
      ...rest
    } = options;
    values.set(id, run(op, inputs, own, rest));
  }
  return /** @type {Tensor} */ ([...values.values()].at(-1));
}

/** @param {string} op @param {any[]} inputs @param {any} own @param {any} options */
function run(op, inputs, own, options) {
  const { weights, bias, ...running } = own;
  const [input] = inputs;
  switch (op) {
    case "conv2d":
      return cnn.conv2d(input, weights, { ...options, bias });
    case "dense":
      return cnn.dense(input, weights, { bias });
    case "batchNorm": {
      const result = cnn.batchNorm(input, { ...options, weights, bias, ...running });
      return result.output ?? result;
    }
    case "pool2d":
      return pooled(input, options);
    case "add":
      return cnn.add(inputs);
    case "concat":
      return cnn.concat(inputs, { axis: 1 });
    case "dropout":
      return input;
    case "softmax":
    case "flatten":
      return cnn[op](input, { axis: 1 });
    default: {
      const result = cnn[op](input, options);
      return result.output ?? result;
    }
  }
}

/** @param {Tensor} input @param {any} options */
function pooled(input, { countIncludePad, ...options }) {
  const result = cnn.pool2d(
    input,
    options.kind === "max" ? options : { ...options, countIncludePad },
  );
  return result.output ?? result;
}

/**
 * Half a unit in the last place of the largest value for each number summed on the way.
 * @param {Tensor} got @param {Tensor} expected @param {any[]} weights
 */
function assertClose(got, expected, weights) {
  assert.deepEqual(got.shape, expected.shape);
  const terms = weights.reduce((sum, { tensor }) => sum + tensor.data.length / tensor.shape[0], 0);
  const largest = expected.data.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const tolerance = terms * 2 ** -24 * largest;
  for (const [index, value] of expected.data.entries()) {
    const error = Math.abs(got.data[index] - value);
    assert.ok(
      error <= tolerance,
      `${index}: ${got.data[index]} for ${value}, ${error} > ${tolerance}`,
    );
  }
}

test("a network computes what its operators compute one after the other", () => {
  const weights = weightsOf(RESIDUAL, 1);
  const network = new cnn.Network(RESIDUAL, { weights });
  const images = noise([3, 3, 20, 18]);
  assertClose(network.forward(images), layerByLayer(RESIDUAL, weights, images), weights);
  network.free();
});

test("the input is unchanged, and a second run gives the same bits", () => {
  const network = new cnn.Network(RESIDUAL, { seed: 3 });
  const { data } = noise([1, 3, 20, 18]);
  network.input.set(data);
  network.run();
  const first = network.output.slice();
  assert.deepEqual(network.input, data);
  network.run();
  assert.deepEqual(network.output, first);
  assert.deepEqual(network.outputShape, [1, 10]);
  assert.ok(
    Math.abs(first.reduce((/** @type {number} */ sum, /** @type {number} */ p) => sum + p) - 1) <
      1e-6,
  );
  network.free();
});

test("loaded weights are used, and omitted ones come from the seed again", () => {
  const input = noise([1, 3, 20, 18]);
  const run = (/** @type {any} */ network) => network.forward(input).data;
  const seeded = new cnn.Network(RESIDUAL, { seed: 5 });
  const fromList = new cnn.Network(RESIDUAL, { seed: 6 });
  fromList.loadWeights(cnn.initialWeights(RESIDUAL, { seed: 5 }));
  assert.deepEqual(run(fromList), run(seeded));
  const before = run(seeded);
  seeded.loadWeights(weightsOf(RESIDUAL, 2));
  const { data: expected } = layerByLayer(RESIDUAL, weightsOf(RESIDUAL, 2), input);
  assert.ok(
    run(seeded).every(
      (/** @type {number} */ value, /** @type {number} */ at) =>
        Math.abs(value - expected[at]) < 1e-5,
    ),
  );
  assert.notDeepEqual(run(seeded), before);
  seeded.loadWeights([]);
  assert.deepEqual(run(seeded), before);
  seeded.free();
  fromList.free();
});

test("memory is reported: values share buffers, weights are packed", () => {
  const network = new cnn.Network(RESIDUAL);
  const { arenaBytes, weightBytes } = network.memory;
  const { activationBytes, parameters } = cnn.describe(RESIDUAL).totals;
  assert.ok(arenaBytes > 0 && arenaBytes < activationBytes, `${arenaBytes} of ${activationBytes}`);
  assert.ok(weightBytes > 0 && weightBytes < 8 * 4 * parameters);
  network.free();
});

test("mistakes are refused by name and leave the network unchanged", () => {
  const network = new cnn.Network(RESIDUAL, { seed: 1 });
  const before = network.forward(noise([1, 3, 20, 18])).data;
  const one = (/** @type {any} */ entry) => () => network.loadWeights([entry]);
  const good = { layer: "conv1", name: "weights", tensor: noise([8, 3, 3, 3]) };
  /** @type {[() => unknown, string, RegExp][]} */
  const mistakes = [
    [() => new cnn.Network(), "wrong_type", /spec/],
    [() => new cnn.Network(RESIDUAL, { speed: 1 }), "unknown_name", /speed/],
    [() => new cnn.Network({ ...RESIDUAL, input: { channels: 3 } }), "layer", /height and width/],
    [
      () => new cnn.Network(spec({ id: "a", op: "conv2d", channels: 2 ** 20, kernel: 16 })),
      "too_large",
      /2147483648/,
    ],
    [() => network.loadWeights(7), "wrong_type", /weights/],
    [one({ ...good, layer: "conv9" }), "layer_unknown", /conv9/],
    [one({ ...good, name: "bias" }), "unknown_name", /weights.*bias/],
    [one({ ...good, tensor: noise([8, 3, 3]) }), "shape_mismatch", /\[8, 3, 3, 3\]/],
    [
      one({ ...good, tensor: { shape: [8, 3, 3, 3], data: new Float32Array(3) } }),
      "shape_mismatch",
      /3 values/,
    ],
    [
      one({ ...good, tensor: { shape: [8, 3, 3, 3], data: Array(216).fill("1") } }),
      "wrong_type",
      /data/,
    ],
    [() => network.forward(noise([1, 3, 20, 19])), "shape_mismatch", /input/],
  ];
  for (const [ask, code, message] of mistakes) {
    assert.throws(ask, (/** @type {any} */ error) => {
      assert.equal(error.code, code, error.message);
      assert.match(error.message, message);
      return true;
    });
  }
  assert.deepEqual(network.forward(noise([1, 3, 20, 18])).data, before);
  network.free();
});

test("published networks compute what their operators compute", () => {
  for (const name of ["squeezenet1_1", "mobilenet_v2", "googlenet", "densenet121"]) {
    const network = { ...cnn.architecture(name), input: { channels: 3, height: 64, width: 64 } };
    const weights = weightsOf(network, 1);
    const planned = new cnn.Network(network, { weights });
    const input = noise([1, 3, 64, 64]);
    assertClose(planned.forward(input), layerByLayer(network, weights, input), weights);
    planned.free();
  }
});
