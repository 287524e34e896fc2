/**
 * Whoever takes part in a row.
 *
 * @typedef {import("./stopwatch.js").Candidate & {
 *   output?: () => ArrayLike<number> | Promise<ArrayLike<number>>,
 *   outputRuns?: number,
 *   free: () => unknown,
 * }} Contestant  `output` is computed anew, by so many runs (1 unless given), channels first; who has
 *   none is a measure, or has been compared already
 *
 * @typedef {object} Entry
 * @property {string} name  of all that it enters
 * @property {() => Contestant | Contestant[] | Promise<Contestant | Contestant[]>} enter
 *   throws when the tool cannot do the row's work
 *
 * @typedef {{ samples?: number[], copies?: boolean, refused?: string }} Result
 *   milliseconds of a call in each round, or why there is no time
 */

import { agreement } from "./agreement.js";
import { race } from "./stopwatch.js";

/**
 * Lets all compute, drops who is wrong, and times the others.
 *
 * @param {Entry[]} entries
 * @param {number} tolerance  largest difference of right outputs, as a share of the largest value
 * @param {import("./stopwatch.js").Pace} pace
 * @returns {Promise<{ results: Record<string, Result>, error: number }>} by contestant; and the
 *   largest difference among those that are right
 */
export async function contest(entries, tolerance, pace) {
  /** @type {Record<string, Result>} */
  const results = {};
  /** @type {Contestant[]} */
  const contestants = [];
  /** @type {{ name: string, output: ArrayLike<number> }[]} */
  const outputs = [];
  for (const { name, enter } of entries) {
    try {
      for (const contestant of [await enter()].flat()) {
        contestant.party = name;
        contestants.push(contestant);
        const start = performance.now();
        const output = await contestant.output?.();
        if (!output) continue;
        contestant.firstMs = (performance.now() - start) / (contestant.outputRuns ?? 1);
        outputs.push({ name: contestant.name, output });
      }
    } catch (error) {
      results[name] = { refused: error instanceof Error ? error.message : String(error) };
    }
  }
  const { wrong, error } = agreement(outputs, tolerance);
  for (const [name, refused] of wrong) results[name] = { refused };
  const right = contestants.filter(({ name }) => !results[name]);
  const samples = right.length > 0 ? await race(right, pace) : [];
  for (const [index, { name, copies }] of right.entries()) {
    results[name] = { samples: samples[index], copies };
  }
  for (const contestant of contestants) await contestant.free();
  return { results, error };
}
