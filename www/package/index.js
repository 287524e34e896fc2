/**
 * The plain functions of the engine, for notebooks, slides and Node.
 *
 * Importing has no side effect; call {@link ready} once before anything else.
 */
import { instantiate } from "../engine/core.js";

/** Each function is documented where {@link ../engine/core.js} takes it from. */
export {
  activation,
  activationBackward,
  adaptivePool2d,
  adaptivePool2dBackward,
  add,
  addBackward,
  batchNorm,
  batchNormBackward,
  binaryCrossEntropy,
  binaryCrossEntropyBackward,
  blurPool2d,
  blurPool2dBackward,
  clipGradients,
  concat,
  concatBackward,
  conv2d,
  conv2dBackward,
  convTranspose2d,
  convTranspose2dBackward,
  crossEntropy,
  crossEntropyBackward,
  dense,
  denseBackward,
  dropout,
  dropoutBackward,
  filter,
  filters,
  flatten,
  globalPool2d,
  globalPool2dBackward,
  groupNorm,
  groupNormBackward,
  hingeLoss,
  hingeLossBackward,
  huberLoss,
  huberLossBackward,
  initialise,
  instanceNorm,
  instanceNormBackward,
  l1Loss,
  l1LossBackward,
  layerNorm,
  layerNormBackward,
  learningRate,
  localResponseNorm,
  localResponseNormBackward,
  logSoftmax,
  logSoftmaxBackward,
  meanSquaredError,
  meanSquaredErrorBackward,
  negativeLogLikelihood,
  negativeLogLikelihoodBackward,
  Optimizer,
  pad2d,
  pad2dBackward,
  pool2d,
  pool2dBackward,
  prelu,
  preluBackward,
  resize2d,
  resize2dBackward,
  softmax,
  softmaxBackward,
  unpool2d,
  unpool2dBackward,
} from "../engine/core.js";

/** @type {Promise<void> | undefined} */
let started;

/**
 * Loads the WebAssembly module that lies beside this file, or the one given.
 *
 * @param {URL | BufferSource | WebAssembly.Module} [source]  where else to take it from
 * @returns {Promise<void>}  the same promise at every call
 */
export function ready(source) {
  started ??= start(
    source ?? new URL(/* @vite-ignore */ "./cnn_playground_bg.wasm", import.meta.url),
  );
  return started;
}

/** @param {URL | BufferSource | WebAssembly.Module} source */
async function start(source) {
  if (source instanceof WebAssembly.Module) return instantiate(source);
  const bytes = source instanceof URL ? await read(source) : source;
  instantiate(await WebAssembly.compile(bytes));
}

/**
 * @param {URL} url
 * @returns {Promise<BufferSource>}
 */
async function read(url) {
  if (url.protocol === "file:") {
    const { readFile } = await import("node:fs/promises");
    return readFile(url);
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  return response.arrayBuffer();
}
