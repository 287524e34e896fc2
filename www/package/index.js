/**
 * The plain functions of the engine, for notebooks, slides and Node.
 *
 * Importing has no side effect; call {@link ready} once before anything else.
 */
import { initSync } from "../pkg/operators.js";
import wasmUrl from "../pkg/operators_bg.wasm?url";

/**
 * The public functions, on tensors `{ shape, data }`; their types, shapes and options stand with
 * each of them in `operators.d.ts`.
 *
 * Operators: every `...Backward` takes what its forward takes and the gradient of the output, and
 * returns the gradients of sum(output * dOutput). Inference with a whole network: `Network`,
 * `initialWeights`. Training: `Trainer`, `Optimizer`, `learningRate`, `initialize`, `clipGradients`.
 * Named kernels for `conv2d`: `filter`, `filters`; pasted ones as rows: `parseKernel`. Networks as
 * plain specs: `describe`, `receptiveField`, `receptiveRegion`, `effectiveReceptiveField`; published
 * ones: `architecture`, `architectures`. A mistake throws an `Error` with a stable `code` and
 * `details`.
 */
export {
  activation,
  activationBackward,
  adaptivePool2d,
  adaptivePool2dBackward,
  add,
  addBackward,
  architecture,
  architectures,
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
  describe,
  dropout,
  dropoutBackward,
  effectiveReceptiveField,
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
  initialize,
  initialWeights,
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
  Network,
  negativeLogLikelihood,
  negativeLogLikelihoodBackward,
  Optimizer,
  pad2d,
  pad2dBackward,
  parseKernel,
  pool2d,
  pool2dBackward,
  prelu,
  preluBackward,
  receptiveField,
  receptiveRegion,
  resize2d,
  resize2dBackward,
  softmax,
  softmaxBackward,
  Trainer,
  unpool2d,
  unpool2dBackward,
} from "../pkg/operators.js";

/** @type {Promise<void> | undefined} */
let started;

/**
 * Loads the WebAssembly module that lies beside this file, or the one given.
 *
 * @param {URL | BufferSource | WebAssembly.Module} [source]  where else to take it from
 * @returns {Promise<void>}  the same promise at every call
 */
export function ready(source) {
  started ??= start(source ?? new URL(wasmUrl));
  return started;
}

/** @param {URL | BufferSource | WebAssembly.Module} source */
async function start(source) {
  const module = await compiled(source);
  initSync({ module });
}

/**
 * @param {URL | BufferSource | WebAssembly.Module} source
 * @returns {Promise<WebAssembly.Module>}
 */
async function compiled(source) {
  if (source instanceof WebAssembly.Module) return source;
  if (!(source instanceof URL)) return WebAssembly.compile(source);
  if (source.protocol === "file:") {
    // Imported, it would bring every browser a second file to wait for.
    const { readFile } = process.getBuiltinModule("node:fs/promises");
    return WebAssembly.compile(await readFile(source));
  }
  const response = await fetch(source);
  if (!response.ok) throw new Error(`${response.status} for ${source}`);
  // Compiling while the bytes come in is for servers that name their type.
  return response.headers.get("Content-Type") === "application/wasm"
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}
