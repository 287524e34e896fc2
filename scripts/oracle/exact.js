/** Figures that must match exactly, or to the published digits. */

/** @import { Verdict } from "./tolerance.js" */

/**
 * @param {string} name
 * @param {unknown} got
 * @param {unknown} expected
 * @returns {Verdict}
 */
export function exactly(name, got, expected) {
  const [ours, theirs] = [JSON.stringify(got), JSON.stringify(expected)];
  if (ours === theirs) return { name, error: 0 };
  return { name, error: Infinity, complaint: `${name} is ${ours}, not ${theirs}` };
}

/**
 * @param {string} name
 * @param {number | null} count
 * @param {number} billions  as published
 * @param {number} digits  decimals published
 * @returns {Verdict}
 */
export function inBillions(name, count, billions, digits) {
  const ours = count === null ? null : (count / 1e9).toFixed(digits);
  return exactly(`${name} in billions`, ours, billions.toFixed(digits));
}
