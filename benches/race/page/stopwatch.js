/**
 * Something to time.
 *
 * @typedef {object} Candidate
 * @property {string} name
 * @property {boolean} [copies]  whether a call copies its input in and its output out
 * @property {boolean} [async]  whether a call returns a promise
 * @property {() => unknown} run
 * @property {() => unknown} [before]  to be called before a series of calls, outside the time
 *
 * @typedef {object} Pace
 * @property {number} rounds
 * @property {number} seriesMs  how long a series of calls lasts at least
 * @property {number} warmMs  how long each is warmed up
 */

/** Of one that takes so many times as long as the fastest, the time when warmed up is enough. */
const HOPELESS = 8;

/**
 * Milliseconds for a call of each candidate: in every round each makes a series of calls, long enough
 * for a clock that moves in steps of 0.1 ms; another one begins in every round.
 *
 * @param {Candidate[]} candidates
 * @param {Pace} pace
 * @returns {Promise<number[][]>}  a sample for each round, by candidate
 */
export async function race(candidates, { rounds, seriesMs, warmMs }) {
  /** @type {number[]} */
  const estimates = [];
  for (const candidate of candidates) estimates.push(await warmUp(candidate, warmMs));
  const fastest = Math.min(...estimates);
  /** @type {number[][]} */
  const samples = estimates.map((estimate) => (estimate > HOPELESS * fastest ? [estimate] : []));
  for (let round = 0; round < rounds; round++) {
    for (let place = 0; place < candidates.length; place++) {
      const index = (round + place) % candidates.length;
      const estimate = estimates[index];
      if (estimate > HOPELESS * fastest) continue;
      const calls = Math.max(1, Math.ceil(seriesMs / estimate));
      samples[index].push((await series(candidates[index], calls)) / calls);
    }
  }
  return samples;
}

/**
 * @param {Candidate} candidate
 * @param {number} warmMs
 * @returns {Promise<number>} milliseconds of a call, roughly
 */
async function warmUp(candidate, warmMs) {
  let calls = 1;
  let spent = 0;
  for (;;) {
    const took = await series(candidate, calls);
    spent += took;
    if (spent >= warmMs) return Math.max(took, 1e-3) / calls;
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
