import { contest } from "./contest.js";
import { convNetJs } from "./convnetjs.js";
import { openCv } from "./opencv.js";
import { onnxRuntime } from "./ort.js";
import { ours } from "./ours.js";
import { PEAK, PEAK_OPERATIONS, peak } from "./peak.js";
import { openCvs, rivals } from "./rivals.js";
import { tfjs } from "./tfjs.js";
import { workOf } from "./work.js";

/**
 * @typedef {import("../rows.js").Row} Row
 * @typedef {import("./work.js").Work} Work
 * @typedef {import("./contest.js").Entry} Entry
 * @typedef {import("./stopwatch.js").Pace & { slowOperations: number }} Pace
 *   `slowOperations`: the most that those without SIMD are asked to compute
 */

/** @typedef {typeof run} Run */

/** Outputs differ by rounding: by 1e-5 of the largest value at most in one layer, ten times that in many. */
const TOLERANCE = { layer: 1e-4, network: 1e-3 };

/**
 * What all contestants need for a row, and their times.
 *
 * @param {Row} row
 * @param {Pace} pace
 */
async function run(row, pace) {
  const cnn = await product();
  const work = workOf(cnn, row);
  /** @type {Entry[]} */
  const entries = [{ name: "ours", enter: () => ours(cnn, work) }, ...(await rivalsOf(work, pace))];
  if (row.kind === "gemm") entries.push({ name: PEAK, enter: peak });
  const tolerance = work.nodes.length > 2 ? TOLERANCE.network : TOLERANCE.layer;
  const { operations } = work;
  return {
    operations,
    peakOperations: PEAK_OPERATIONS,
    ...(await contest(entries, tolerance, pace)),
  };
}

/** @returns {Promise<typeof import("../../../www/package/index.js")>} */
async function product() {
  const address = "/package/index.js";
  const cnn = await import(address);
  await cnn.ready();
  return cnn;
}

/**
 * @param {Work} work
 * @param {Pace} pace
 * @returns {Promise<Entry[]>}
 */
async function rivalsOf(work, pace) {
  const { tf, ort, convnetjs } = await rivals();
  /** @type {Entry[]} */
  const entries = [
    { name: "TF.js wasm", enter: () => tfjs(tf, "wasm", work) },
    { name: "ONNX Runtime", enter: () => onnxRuntime(ort, work) },
  ];
  if (work.shared) {
    for (const [version, cv] of Object.entries(await openCvs())) {
      entries.push({ name: `OpenCV.js ${version}`, enter: () => openCv(cv, version, work) });
    }
  }
  if (work.operations > pace.slowOperations) return entries;
  entries.push({ name: "TF.js cpu", enter: () => tfjs(tf, "cpu", work) });
  const layers = work.nodes.length - 1;
  if (layers === 1) entries.push({ name: "ConvNetJS", enter: () => convNetJs(convnetjs, work) });
  return entries;
}

Object.assign(globalThis, { race: { run } });
