import { contest } from "./contest.js";
import { convNetJs } from "./convnetjs.js";
import { openCv } from "./opencv.js";
import { onnxRuntime } from "./ort.js";
import { OURS, ours } from "./ours.js";
import { PEAK, PEAK_OPERATIONS, peak } from "./peak.js";
import { openCvs, rivals } from "./rivals.js";
import { tfjs } from "./tfjs.js";
import { trainConvNetJs } from "./training/convnetjs.js";
import { descentOfOurs, trainOurs } from "./training/ours.js";
import { trainTfjs } from "./training/tfjs.js";
import { workOf } from "./work.js";

/**
 * @typedef {import("../rows.js").Row} Row
 * @typedef {import("./work.js").Work} Work
 * @typedef {import("./contest.js").Entry} Entry
 * @typedef {import("./stopwatch.js").Pace & { slowOperations: number, trainingSteps: number }} Pace
 *   `slowOperations`: the most that those without SIMD are asked to compute; `trainingSteps`: those
 *   whose losses are compared, the second of which shows what the update before it did
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
  const entries =
    row.kind === "training" ? await trainers(cnn, work, pace) : await networks(cnn, work, pace);
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
 * @param {typeof import("../../../www/package/index.js")} cnn
 * @param {Work} work
 * @param {Pace} pace
 */
async function networks(cnn, work, pace) {
  const { tf, ort, convnetjs } = rivals();
  /** @type {Entry[]} */
  const entries = [
    { name: OURS, enter: () => ours(cnn, work) },
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

/**
 * @param {typeof import("../../../www/package/index.js")} cnn
 * @param {Work} work
 * @param {Pace} pace
 * @returns {Promise<Entry[]>}
 */
async function trainers(cnn, work, { trainingSteps }) {
  const { tf, convnetjs } = rivals();
  return [
    { name: OURS, enter: () => trainOurs(cnn, work, trainingSteps) },
    { name: "TF.js wasm", enter: () => trainTfjs(tf, "wasm", work, trainingSteps) },
    { name: "TF.js cpu", enter: () => trainTfjs(tf, "cpu", work, trainingSteps) },
    {
      name: "ConvNetJS",
      enter: () => trainConvNetJs(convnetjs, work, descentOfOurs(cnn, work, trainingSteps)),
    },
  ];
}

Object.assign(globalThis, { race: { run } });
