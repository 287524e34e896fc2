import { readFileSync } from "node:fs";
import { main } from "./lib/failure.js";
import { packageFile } from "./lib/parts.js";
import { fromRoot } from "./lib/paths.js";
import { buildWasm } from "./wasm.js";

/** @import * as ChannelsPart from "../www/pkg/channels_lab.js" */

const PART = "channels-lab";
const SIDE = 256;
const RUNS = 51;
const STACKS = [1, 4, 16];
const SIZES = [1, 3, 5];

/**
 * Reports the core's share of a painted weight: what the chosen filter makes of a colour picture of
 * 256 x 256, with its three results, and the maps of all filters, from plain spec to pictures through
 * WebAssembly. A frame at 60 Hz lasts 16.7 ms. It asserts nothing, because the times depend on the
 * machine as much as on the code.
 */
main(async () => {
  await buildWasm({ parts: [PART] });
  /** @type {typeof ChannelsPart} */
  const core = await import(fromRoot(`www/pkg/${packageFile(PART, ".js")}`));
  const bytes = readFileSync(fromRoot(`www/pkg/${packageFile(PART, "_bg.wasm")}`));
  core.initSync({ module: new WebAssembly.Module(bytes) });
  const data = new Uint8ClampedArray(4 * SIDE * SIDE).map((_, at) => (at * 97 + (at >> 8)) % 256);
  const lab = new core.ChannelsLab({ width: SIDE, height: SIDE, data });
  console.log(`milliseconds, fastest and median of ${RUNS} paintings\n`);
  console.log(row(["filters", "kernel", "chosen filter", "", "all maps", ""]));
  for (const side of SIZES) {
    for (const filters of STACKS) {
      const times = [
        (/** @type {ChannelsPart.ChannelsLabSpec} */ spec) => lab.output(spec, 0),
        (/** @type {ChannelsPart.ChannelsLabSpec} */ spec) => lab.stack(spec),
      ].flatMap((call) => measured((run) => call(layer(filters, side, run))));
      const figures = times.map((time) => time.toFixed(1));
      console.log(row([String(filters), `${side} x ${side}`, ...figures]));
    }
  }
});

/**
 * A layer of which each run paints another weight.
 * @param {number} filters
 * @param {number} side
 * @param {number} run
 * @returns {ChannelsPart.ChannelsLabSpec}
 */
function layer(filters, side, run) {
  const weight = (/** @type {number} */ at) => ((at * 37) % 19) / 9 - 1;
  const kernel = (/** @type {number} */ first) =>
    Array.from({ length: side }, (_, row) =>
      Array.from({ length: side }, (_, col) => weight(first + side * row + col)),
    );
  const filter = (/** @type {number} */ at) => ({
    kernels: [0, 1, 2].map((channel) => kernel(at * 100 + channel * 10 + run)),
    bias: 0.1,
  });
  return {
    filters: Array.from({ length: filters }, (_, at) => filter(at)),
    padding: "same",
    relu: true,
    theme: "light",
  };
}

/** @param {string[]} cells */
function row(cells) {
  return cells.map((cell) => cell.padStart(14)).join("");
}

/**
 * The shortest and the median time of a call.
 * @param {(run: number) => unknown} call
 */
function measured(call) {
  const times = Array.from({ length: RUNS }, (_, run) => {
    const start = performance.now();
    call(run);
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return [times[0], times[(RUNS - 1) / 2]];
}
