/**
 * The only importer of the labs' wasm: its functions under the protocol's names.
 *
 * Runs in the worker, and on the page's own thread where no worker may start.
 *
 * @import { Picture, Reply, Runner } from "./protocol.js"
 */
import * as wasm from "../pkg/cnn_playground.js";

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
