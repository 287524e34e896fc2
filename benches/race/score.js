import { compared, median } from "./statistics.js";

/**
 * A row's outcome; times are medians in milliseconds.
 *
 * @typedef {{ raw: number, gzip: number, brotli?: number }} Bytes
 * @typedef {{ ms?: number, ratio?: number, copies?: boolean, refused?: string, bytes?: Bytes }} Rival
 *   `ratio`: its time over ours, fairly; `refused`: why it has no time; `bytes`: what it loads
 * @typedef {object} Scored
 * @property {import("./rows.js").Group} group
 * @property {string} name
 * @property {number | null} ratio  the fastest rival's time over ours; of matrix products, our share of
 *   the machine's peak; `null` when there is none
 * @property {number} [target]  the least that this row is to reach, where it has its own
 * @property {{ ms?: number, withCopiesMs?: number, refused?: string, gflops?: number, bytes?: Bytes }} ours
 * @property {Record<string, Rival>} rivals
 * @property {number} [peakGflops]
 * @property {number} [error]  largest difference between right outputs, as a share of the largest value
 */

/**
 * @param {import("./rows.js").Row} row
 * @param {{ operations: number, peakOperations: number, error: number,
 *   results: Record<string, import("./page/contest.js").Result> }} raced
 * @returns {Scored}
 */
export function scored({ group, name, target }, { operations, peakOperations, error, results }) {
  const {
    ours: resident,
    "ours with copies": copying,
    peak,
    ...others
  } = Object.fromEntries(Object.entries(results).map(([who, result]) => [who, timed(result)]));
  const ours = { ...resident, withCopiesMs: copying?.ms, gflops: rate(operations, resident?.ms) };
  const { ratio, ratios } = compared(ours, others);
  const rivals = Object.fromEntries(
    Object.entries(others).map(([who, rival]) => [who, { ...rival, ratio: ratios[who] }]),
  );
  const common = { group, name, target, ours, rivals, error };
  if (!peak) return { ...common, ratio };
  const peakGflops = rate(peakOperations, peak.ms);
  const share = ours.gflops && peakGflops ? ours.gflops / peakGflops : null;
  return { ...common, ratio: share, peakGflops };
}

/**
 * @param {import("./page/contest.js").Result} result
 * @returns {Rival}
 */
function timed({ samples, copies, refused }) {
  return { ms: samples ? median(samples) : undefined, copies, refused };
}

/**
 * @param {number} operations
 * @param {number | undefined} ms
 */
function rate(operations, ms) {
  return ms === undefined || operations === 0 ? undefined : operations / ms / 1e6;
}
