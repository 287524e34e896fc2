import { median } from "../statistics.js";

/**
 * Something to time.
 *
 * @typedef {object} Candidate
 * @property {string} name
 * @property {boolean} [copies]  whether a call copies its input in and its output out
 * @property {boolean} [async]  whether a call returns a promise
 * @property {() => unknown} run
 * @property {() => unknown} [before]  to be called before a series of calls, outside the time
 * @property {number} [firstMs]  what its first call took, when that is known
 * @property {string} [party]  what competes with others, maybe by several candidates
 *
 * @typedef {object} Pace
 * @property {number} rounds
 * @property {number} closeRounds  how many more for those that come close to each other
 * @property {number} seriesMs  how long a series of calls lasts at least
 * @property {number} warmMs  how long each is warmed up
 * @property {number} hopeless  of one that takes so many times as long as the fastest, the time when
 *   warmed up is enough
 */

/** Those that take at most so many times as long as the fastest need more rounds to be told apart. */
const CLOSE = 1.5;
/** Code that has just come runs so many times as long as later, at most. */
const COLD = 30;
/** Calls that warm up are warm when a series takes hardly less than the one before it. */
const SETTLED = 0.8;
/** It is given up after so many times the time to warm up; there are bursts of noise. */
const UNSETTLED = 5;
/** A call so long is not made just to warm up when it is hopeless even if it was cold. */
const LONG_MS = 1000;

/**
 * Milliseconds for a call of each candidate: in every round each makes a series of calls, long enough
 * for a clock that moves in steps of 0.1 ms; another one begins in every round. Parties that come
 * close to the fastest go on for some rounds more.
 *
 * @param {Candidate[]} candidates
 * @param {Pace} pace
 * @returns {Promise<number[][]>}  a sample for each round, by candidate
 */
export async function race(candidates, pace) {
  const { rounds, closeRounds, seriesMs, warmMs, hopeless } = pace;
  const long = candidates.map(({ firstMs = 0 }) => firstMs > LONG_MS);
  /** @type {number[]} */
  const estimates = candidates.map(() => Number.POSITIVE_INFINITY);
  for (const [index, candidate] of candidates.entries()) {
    if (!long[index]) estimates[index] = await warmUp(candidate, warmMs);
  }
  for (const [index, candidate] of candidates.entries()) {
    const { firstMs = 0 } = candidate;
    if (!long[index]) continue;
    const isHopeless = firstMs > COLD * Math.min(...estimates);
    estimates[index] = isHopeless ? firstMs : await warmUp(candidate, warmMs);
  }
  const fastest = Math.min(...estimates);
  /** @type {number[][]} */
  const samples = estimates.map((estimate) => (estimate > hopeless * fastest ? [estimate] : []));
  const inRace = candidates.map((_, index) => index).filter((index) => samples[index].length === 0);
  await go(inRace, rounds);
  const medians = samples.map(median);
  const leading = Math.min(...medians);
  const close = inRace.filter((index) => medians[index] <= CLOSE * leading);
  const parties = new Set(close.map((index) => candidates[index].party));
  if (parties.size > 1) await go(close, closeRounds);
  return samples;

  /**
   * @param {number[]} runners
   * @param {number} rounds
   */
  async function go(runners, rounds) {
    for (let round = 0; round < rounds; round++) {
      for (let place = 0; place < runners.length; place++) {
        const index = runners[(round + place) % runners.length];
        const calls = Math.max(1, Math.ceil(seriesMs / estimates[index]));
        samples[index].push((await series(candidates[index], calls)) / calls);
      }
    }
  }
}

/**
 * @param {Candidate} candidate
 * @param {number} warmMs
 * @returns {Promise<number>} milliseconds of a call, roughly
 */
async function warmUp(candidate, warmMs) {
  let calls = 1;
  let spent = 0;
  let before = Number.POSITIVE_INFINITY;
  for (;;) {
    const took = await series(candidate, calls);
    const estimate = Math.max(took, 1e-3) / calls;
    spent += took;
    const isWarm = spent >= warmMs && estimate > SETTLED * before;
    if (isWarm || spent >= UNSETTLED * Math.max(warmMs, took)) return estimate;
    before = estimate;
    if (took < warmMs / 4) calls *= 2;
  }
}

/**
 * @param {Candidate} candidate
 * @param {number} calls
 * @returns {Promise<number>} milliseconds of all calls
 */
async function series(candidate, calls) {
  await candidate.before?.();
  // What waits, such as collecting another's garbage, is to happen now.
  await new Promise((resolve) => setTimeout(resolve));
  const start = performance.now();
  if (candidate.async) for (let call = 0; call < calls; call++) await candidate.run();
  else for (let call = 0; call < calls; call++) candidate.run();
  return performance.now() - start;
}
