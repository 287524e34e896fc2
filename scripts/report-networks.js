import { readFileSync } from "node:fs";
import { performance } from "node:perf_hooks";
import { main } from "./lib/failure.js";
import { packageFile } from "./lib/parts.js";
import { fromRoot } from "./lib/paths.js";
import { buildWasm } from "./wasm.js";

/** @import * as NetworksPart from "../www/pkg/networks_lab.js" */

const PART = "networks-lab";
const SIDE = 256;
const RUNS = 11;
const LAYER = "_blocks.1._relu6";

/**
 * Reports the core's share of the networks lab's answers, from picture to answer through WebAssembly. It
 * asserts nothing, because the times depend on the machine as much as on the code.
 */
main(async () => {
  await buildWasm({ parts: [PART] });
  /** @type {typeof NetworksPart} */
  const core = await import(fromRoot(`www/pkg/${packageFile(PART, ".js")}`));
  const bytes = readFileSync(fromRoot(`www/pkg/${packageFile(PART, "_bg.wasm")}`));
  core.initSync({ module: new WebAssembly.Module(bytes) });
  const weights = readFileSync(fromRoot("www/labs/networks/efficientnet-lite0/weights.bin"));
  const start = performance.now();
  const lab = new core.NetworksLab(new Uint8Array(weights));
  console.log(`unpacking the weights: ${(performance.now() - start).toFixed(0)} ms`);
  const ask = (/** @type {number} */ run) => lab.answer(picture(run), { kind: "none" });
  ask(-1);
  const same = picture(0);
  /** @type {[string, (run: number) => unknown][]} */
  const calls = [
    ["an answer: resizing, forward pass, top five", ask],
    ["the same picture again", () => lab.answer(same, { kind: "none" })],
    ["a map of every block", () => lab.strip(same, "light")],
    ["all 96 maps of 112 x 112", () => lab.sheet(same, LAYER, "varied", "light")],
    ["one map over the picture", () => lab.map(same, LAYER, 0, "light")],
    ["Grad-CAM", () => lab.gradCam(same, 0, "light")],
    ["the gradient at the input", () => lab.gradient(same, 0, "light")],
    ["every channel switched off", () => lab.channelsOff(same, 0)],
    ["a row of 14 patches", (run) => lab.occlusion(same, 0, 64, run % 14)],
  ];
  console.log(`milliseconds, fastest and median of ${RUNS}\n`);
  for (const [name, call] of calls) {
    ask(0);
    const times = Array.from({ length: RUNS }, (_, run) => {
      const before = performance.now();
      call(run + 1);
      return performance.now() - before;
    }).sort((a, b) => a - b);
    const figures = [times[0], times[Math.floor(RUNS / 2)]];
    console.log(name.padEnd(46), ...figures.map((time) => time.toFixed(1).padStart(8)));
  }
});

/** A picture of noise, each with another middle. @param {number} run */
function picture(run) {
  const noise = (/** @type {number} */ at) => (at * 97 + (at >> 8)) % 256;
  const data = new Uint8ClampedArray(4 * SIDE * SIDE).map((_, at) =>
    at % 4 === 3 ? 255 : noise(at),
  );
  data[4 * (SIDE / 2) * (SIDE + 1)] = run + 1;
  return { width: SIDE, height: SIDE, data };
}
