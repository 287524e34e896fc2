import { geometricMean } from "./statistics.js";

/**
 * What the race is to show: the least geometric mean of the ratios of some groups.
 *
 * @type {{ name: string, groups: import("./rows.js").Group[], least: number }[]}
 */
const MEANS = [
  { name: "3x3 stride-1 convolutions", groups: ["conv3x3"], least: 2.5 },
  { name: "1x1, 5x5, 7x7, 11x11 convolutions", groups: ["conv"], least: 1.2 },
  { name: "depthwise and pooling", groups: ["depthwise", "pooling"], least: 1.3 },
  { name: "image filters", groups: ["filters"], least: 3 },
  { name: "share of the simd128 peak in matrix products", groups: ["gemm"], least: 0.85 },
];

/** @typedef {{ name: string, value: number | null, least: number, rows: number }} Summary */

/**
 * The geometric means of what was raced, and the smallest ratio of all rows.
 *
 * @param {import("./score.js").Scored[]} rows
 * @returns {Summary[]} `value` is `null` when a row has no ratio
 */
export function summaries(rows) {
  const means = MEANS.map(({ name, groups, least }) => {
    const ratios = ratiosOf(rows.filter(({ group }) => groups.includes(group)));
    return {
      name: `${name}, geometric mean`,
      value: known(ratios, geometricMean),
      least,
      rows: ratios.length,
    };
  });
  const races = ratiosOf(rows.filter(({ group }) => group !== "gemm"));
  const slowest = known(races, (ratios) => Math.min(...ratios));
  return [
    { name: "every row: the smallest ratio", value: slowest, least: 1, rows: races.length },
    ...means,
  ].filter(({ rows }) => rows > 0);
}

/** @param {import("./score.js").Scored[]} rows */
function ratiosOf(rows) {
  return rows.map(({ ratio }) => ratio);
}

/**
 * @param {(number | null)[]} ratios
 * @param {(ratios: number[]) => number | null} summarise
 */
function known(ratios, summarise) {
  const values = ratios.filter((ratio) => ratio !== null);
  return values.length === ratios.length && values.length > 0 ? summarise(values) : null;
}
