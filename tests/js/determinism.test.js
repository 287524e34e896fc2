/**
 * The same seed gives the same bits here and in native code: both are compared with the hashes in
 * `tests/data/determinism.json`, native code by `tests/determinism.rs`.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fromRoot } from "../../scripts/lib/paths.js";

/** @type {import("../../scripts/oracle/run.js").Cnn} */
const cnn = await import(new URL("../../dist/npm/index.js", import.meta.url).href);
await cnn.ready();

const ACTIVATIONS = /** @type {const} */ ([
  "relu",
  "relu6",
  "leaky_relu",
  "elu",
  "selu",
  "celu",
  "gelu",
  "silu",
  "softplus",
  "softsign",
  "sigmoid",
  "tanh",
  "hardtanh",
  "hardswish",
  "hardsigmoid",
  "mish",
  "thresholded_relu",
]);

test("WebAssembly gives the bits that native code gives", () => {
  const text = readFileSync(fromRoot("tests/data/determinism.json"), "utf8");
  assert.deepEqual(results(), JSON.parse(text));
});

function results() {
  const normal = (/** @type {number[]} */ shape, /** @type {number} */ seed) =>
    cnn.initialize(shape, { kind: "normal", seed });
  const kaiming = (/** @type {number[]} */ shape, /** @type {number} */ seed) =>
    cnn.initialize(shape, { kind: "kaiming", distribution: "normal", seed });
  const image = normal([2, 4, 9, 8], 1);
  const weights = kaiming([6, 2, 3, 3], 2);
  const strided = { stride: 2, padding: 1, groups: 2 };
  const output = cnn.conv2d(image, weights, strided);
  const dOutput = normal(output.shape, 4);
  const flat = cnn.flatten(image);
  const pool = (/** @type {any} */ options) =>
    cnn.pool2d(image, { size: 3, stride: 2, ...options }).output;

  const adam = new cnn.Optimizer({ kind: "adam" }, [image.shape]);
  let params = [image];
  for (let step = 0; step < 5; step++) {
    params = adam.step(params, [normal(image.shape, 10 + step)], 0.01);
  }
  adam.free();

  const tensors = {
    "initialize normal": image,
    "initialize kaiming": weights,
    "initialize orthogonal": cnn.initialize([6, 2, 3, 3], { kind: "orthogonal", seed: 3 }),
    conv2d: output,
    conv2dBackward: cnn.conv2dBackward(image, weights, dOutput, strided).dWeights,
    convTranspose2d: cnn.convTranspose2d(image, kaiming([4, 3, 3, 3], 5), {
      stride: 2,
      padding: 1,
    }),
    "pool2d max": pool({ kind: "max" }),
    "pool2d average": pool({ kind: "average" }),
    "pool2d lp": pool({ kind: "lp", p: 3 }),
    blurPool2d: cnn.blurPool2d(image, { taps: 5 }),
    resize2d: cnn.resize2d(image, { kind: "bilinear", size: [13, 7] }),
    dense: cnn.dense(flat, kaiming([10, 288], 6)),
    batchNorm: cnn.batchNorm(image, { training: true }).output,
    layerNorm: cnn.layerNorm(image, { axis: 1 }).output,
    groupNorm: cnn.groupNorm(image, { groups: 2 }),
    localResponseNorm: cnn.localResponseNorm(image, { size: 3, alpha: 0.5 }),
    softmax: cnn.softmax(image, { axis: 1 }),
    logSoftmax: cnn.logSoftmax(image, { axis: 1 }),
    crossEntropy: cnn.crossEntropy(flat, [7, 200], { labelSmoothing: 0.1 }),
    dropout: cnn.dropout(image, { probability: 0.3, training: true, seed: 7 }).output,
    "Optimizer adam": params[0],
    ...Object.fromEntries(
      ACTIVATIONS.map((kind) => [`activation ${kind}`, cnn.activation(image, { kind })]),
    ),
  };
  return Object.fromEntries(Object.entries(tensors).map(([name, { data }]) => [name, bits(data)]));
}

/** The 32-bit FNV-1a hash of all values as little-endian bytes. @param {Float32Array} values */
function bits(values) {
  const view = new DataView(new ArrayBuffer(4));
  let hash = 0x811c9dc5;
  for (const value of values) {
    view.setFloat32(0, value, true);
    for (let byte = 0; byte < 4; byte++) {
      hash = Math.imul(hash ^ view.getUint8(byte), 0x01000193);
    }
  }
  return (hash >>> 0).toString(16).padStart(8, "0");
}
