/**
 * The only importer of the wasm: its functions under the protocol's names.
 *
 * Runs in the worker; on the page's own thread where no worker may start; and in Node.
 *
 * @import { Picture, Reply, Runner } from "./protocol.js"
 */
import * as wasm from "../pkg/cnn_playground.js";

/**
 * The public functions, all on tensors `{ shape, data }`; their types, shapes and options stand with
 * each of them in `cnn_playground.d.ts`.
 *
 * Operators: every `...Backward` takes what its forward takes and the gradient of the output, and
 * returns the gradients of sum(output * dOutput). Training: `Optimizer`, `learningRate`,
 * `initialise`, `clipGradients`. Named kernels for `conv2d`: `filter`, `filters`. A mistake throws an
 * `Error` with a stable `code` and `details`.
 */
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
} from "../pkg/cnn_playground.js";

/**
 * Makes the functions of this module work.
 * @param {WebAssembly.Module} module
 */
export function instantiate(module) {
  wasm.initSync({ module });
}

/**
 * A runner with its own pictures. Call after {@link instantiate}.
 * @returns {Runner}
 */
export function createRunner() {
  /** @type {Map<number, wasm.KernelLab>} */
  const labs = new Map();
  /** @type {Record<string, (...args: any[]) => unknown>} */
  const operations = {
    filters: wasm.filters,
    filterKernel: wasm.filterKernel,
    editKernel: wasm.editKernel,
    parseKernel: wasm.parseKernel,
    parseNumber: wasm.parseNumber,
    formatKernel: wasm.formatKernel,
    testPattern: wasm.testPattern,
    kernelLabInput: (id, spec) => labs.get(id)?.input(spec),
    kernelLabOutput: (id, spec) => labs.get(id)?.output(spec),
    kernelLabInspect: (id, spec, positions, channel) =>
      labs.get(id)?.inspect(spec, positions, channel),
    kernelLabThumbnails: (id, spec, kernels) => labs.get(id)?.thumbnails(spec, kernels),
    kernelLabCsv: (id, spec) => labs.get(id)?.csv(spec),
    kernelLabPytorch: (id, spec) => labs.get(id)?.pytorch(spec),
  };
  return {
    run: (name, args) => reply(() => operations[name](...args)),
    keepPicture: (id, picture) =>
      reply(() => {
        labs.set(id, new wasm.KernelLab(picture.width, picture.height, picture.rgba));
      }),
    dropPicture: (id) => {
      labs.get(id)?.free();
      labs.delete(id);
    },
  };
}

/**
 * @param {() => unknown} work
 * @returns {Reply}
 */
function reply(work) {
  try {
    return { value: work() };
  } catch (error) {
    if (error instanceof Error && "code" in error) {
      const { code, message, details } = /** @type {any} */ (error);
      return { problem: { code, message, details } };
    }
    return { trap: String(error) };
  }
}
