/** @param {readonly number[]} values  at least one */
export function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle)]) / 2;
}

/**
 * The n-th root of the product of n positive values; `null` without values.
 *
 * @param {readonly number[]} values
 */
export function geometricMean(values) {
  if (values.length === 0) return null;
  return Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
}

/**
 * How many times as long each rival takes as ours, and the row's ratio: that of the fastest.
 *
 * A rival whose interface copies inputs and outputs is held against our time with these copies, all
 * others against our time without.
 *
 * @param {{ ms?: number, withCopiesMs?: number }} ours
 * @param {Record<string, { ms?: number, copies?: boolean }>} rivals
 * @returns {{ ratio: number | null, ratios: Record<string, number> }}  `null` when ours or all
 *   rivals have no time
 */
export function compared(ours, rivals) {
  /** @type {Record<string, number>} */
  const ratios = {};
  for (const [name, { ms, copies }] of Object.entries(rivals)) {
    const own = copies ? ours.withCopiesMs : ours.ms;
    if (ms !== undefined && own !== undefined) ratios[name] = ms / own;
  }
  const all = Object.values(ratios);
  return { ratio: all.length > 0 ? Math.min(...all) : null, ratios };
}
