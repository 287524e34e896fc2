export const PEAK = "peak";
const PASSES = 1 << 20;
/** What a call computes: a pass of peak.wat is 96 operations. */
export const PEAK_OPERATIONS = 96 * PASSES;

/** @type {Promise<WebAssembly.WebAssemblyInstantiatedSource> | undefined} */
let loaded;

/**
 * The machine's peak, to be timed beside the contestants.
 *
 * @returns {Promise<import("./contest.js").Contestant>}
 */
export async function peak() {
  loaded ??= WebAssembly.instantiateStreaming(fetch("/peak.wasm"));
  const { instance } = await loaded;
  const call = /** @type {(passes: number, by: number, plus: number) => number} */ (
    instance.exports.run
  );
  return { name: PEAK, run: () => call(PASSES, 0.5, 1), free() {} };
}
