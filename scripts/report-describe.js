import { main } from "./lib/failure.js";
import { builtPackage } from "./lib/package.js";

const NETWORKS = ["resnet152", "inception_v4", "inception_resnet_v2"];
const RUNS = 50;

/**
 * Reports how long the built package takes to describe the largest networks, from plain spec to
 * plain results through WebAssembly. A frame at 60 Hz lasts 16.7 ms. It asserts nothing, because
 * the times depend on the machine as much as on the code.
 */
main(async () => {
  const cnn = await builtPackage();
  console.log(`milliseconds, fastest and median of ${RUNS} calls\n`);
  console.log(
    row(["network", "layers", "describe", "", "receptiveField", "", "receptiveRegion", ""]),
  );
  for (const name of NETWORKS) {
    const spec = cnn.architecture(name);
    const last = spec.layers.findLast(({ op }) => op === "conv2d")?.id ?? "input";
    const times = [
      () => cnn.describe(spec),
      () => cnn.receptiveField(spec),
      () => cnn.receptiveRegion(spec, last, [0, 0]),
    ].flatMap(measured);
    const figures = times.map((time) => time.toFixed(1));
    console.log(row([name, String(spec.layers.length), ...figures]));
  }
});

/** @param {string[]} cells */
function row([name, ...cells]) {
  return name.padEnd(22) + cells.map((cell) => cell.padStart(16)).join("");
}

/**
 * The shortest and the median time of a call.
 * @param {() => unknown} call
 */
function measured(call) {
  const times = Array.from({ length: RUNS }, () => {
    const start = performance.now();
    call();
    return performance.now() - start;
  }).sort((a, b) => a - b);
  return [times[0], times[RUNS / 2]];
}
