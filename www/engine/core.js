/**
 * The only importer of the labs' wasm: its functions under the protocol's names.
 *
 * Runs in the worker, and on the page's own thread where no worker may start.
 *
 * @import { Part, Picture, Reply, Runner } from "./protocol.js"
 */

import * as networks from "../pkg/cnn_networks.js";
import * as kernel from "../pkg/cnn_playground.js";

/**
 * A runner with its own pictures. What an operation needs is loaded first: its part of the engine.
 * @returns {Runner}
 */
export function createRunner() {
  /** @type {Map<number, Picture>} */
  const pictures = new Map();
  const kernelLabs = new Labs(pictures, kernel.KernelLab);
  const poolingLabs = new Labs(pictures, networks.PoolingLab);
  const receptiveFieldLabs = new Labs(pictures, networks.ReceptiveFieldLab);
  /** @type {Record<string, (...args: any[]) => unknown>} */
  const operations = {
    filters: kernel.filters,
    filterKernel: kernel.filterKernel,
    editKernel: kernel.editKernel,
    parseKernel: kernel.parseKernel,
    parseNumber: kernel.parseNumber,
    formatKernel: kernel.formatKernel,
    testPattern: kernel.testPattern,
    kernelLabInput: (id, spec) => kernelLabs.of(id).input(spec),
    kernelLabOutput: (id, spec) => kernelLabs.of(id).output(spec),
    kernelLabInspect: (id, spec, positions, channel) =>
      kernelLabs.of(id).inspect(spec, positions, channel),
    kernelLabThumbnails: (id, spec, kernels) => kernelLabs.of(id).thumbnails(spec, kernels),
    kernelLabCsv: (id, spec) => kernelLabs.of(id).csv(spec),
    kernelLabPytorch: (id, spec) => kernelLabs.of(id).pytorch(spec),
    poolingLabInput: (id, spec) => poolingLabs.of(id).input(spec),
    poolingLabOutput: (id, spec) => poolingLabs.of(id).output(spec),
    poolingLabInspect: (id, spec, position, channel) =>
      poolingLabs.of(id).inspect(spec, position, channel),
    poolingLabGradient: (id, spec, position, channel) =>
      poolingLabs.of(id).gradient(spec, position, channel),
    poolingLabRestored: (id, spec, restoring) => poolingLabs.of(id).restored(spec, restoring),
    poolingLabSavings: (id, spec, channels) => poolingLabs.of(id).savings(spec, channels),
    poolingLabShiftedInput: (id, spec, shift) => poolingLabs.of(id).shiftedInput(spec, shift),
    poolingLabShift: (id, spec, shift, measure) => poolingLabs.of(id).shift(spec, shift, measure),
    poolingLabCurve: (id, spec) => poolingLabs.of(id).curve(spec),
    poolingLabInputCurve: (id, spec) => poolingLabs.of(id).inputCurve(spec),
    poolingLabCsv: (id, spec) => poolingLabs.of(id).csv(spec),
    architectures: networks.architectures,
    architecture: networks.architecture,
    receptiveFieldLabDescribe: networks.receptiveFieldLabDescribe,
    receptiveFieldLabRegions: networks.receptiveFieldLabRegions,
    receptiveFieldLabTable: networks.receptiveFieldLabTable,
    receptiveFieldLabPytorch: networks.receptiveFieldLabPytorch,
    receptiveFieldLabEffective: (id, spec, options) =>
      receptiveFieldLabs.of(id).effective(spec, options),
  };
  return {
    load: (part, module) => reply(() => void MODULES[part].initSync({ module })),
    run: (name, args) => reply(() => operations[name](...args)),
    keepPicture: (id, picture) => reply(() => void pictures.set(id, picture)),
    dropPicture: (id) => {
      kernelLabs.drop(id);
      poolingLabs.drop(id);
      receptiveFieldLabs.drop(id);
      pictures.delete(id);
    },
  };
}

/** @type {Record<Part, { initSync: (from: { module: WebAssembly.Module }) => unknown }>} */
const MODULES = { kernel, networks };

/**
 * The wasm's objects of one lab, each made of its picture when first asked for.
 * @template {{ free(): void }} Lab
 */
class Labs {
  /** @type {Map<number, Lab>} */
  #labs = new Map();
  #pictures;
  #Lab;

  /**
   * @param {Map<number, Picture>} pictures
   * @param {new (picture: Picture) => Lab} Lab
   */
  constructor(pictures, Lab) {
    this.#pictures = pictures;
    this.#Lab = Lab;
  }

  /**
   * @param {number} id  of a picture
   * @returns {Lab}
   */
  of(id) {
    const known = this.#labs.get(id);
    if (known) return known;
    const lab = new this.#Lab(/** @type {Picture} */ (this.#pictures.get(id)));
    this.#labs.set(id, lab);
    return lab;
  }

  /** @param {number} id  of a picture that is not asked for any more */
  drop(id) {
    this.#labs.get(id)?.free();
    this.#labs.delete(id);
  }
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
