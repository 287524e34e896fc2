/**
 * Filters as the state holds them: stacks of kernels of one size. Only places change here; what is
 * computed of weights is the core's.
 *
 * @import { ChannelsLabState } from "./state.js"
 *
 * @typedef {ChannelsLabState["filters"][number]} StateFilter
 * @typedef {{ readonly kernels: readonly (readonly (readonly number[])[])[], readonly bias: number }}
 *   AnyFilter
 */

/**
 * The side of the smallest square that holds all kernels.
 * @param {readonly AnyFilter[]} filters
 */
export function sideOf(filters) {
  const kernels = filters.flatMap((filter) => filter.kernels);
  return Math.max(...kernels.flatMap((rows) => [rows.length, ...rows.map((row) => row.length)]));
}

/**
 * The filters with square kernels of `side`: zeros are added around, or what is outside is cut off.
 * @param {readonly AnyFilter[]} filters
 * @param {number} side
 * @returns {StateFilter[]}
 */
export function withSide(filters, side) {
  return filters.map(({ kernels, bias }) => ({
    kernels: /** @type {StateFilter["kernels"]} */ (kernels.map((rows) => centered(rows, side))),
    bias,
  }));
}

/**
 * All filters in one size, that of the largest.
 * @param {readonly AnyFilter[]} filters
 */
export function evenedOut(filters) {
  return withSide(filters, sideOf(filters));
}

/**
 * Filters of which one has another kernel on some channels.
 * @param {readonly StateFilter[]} filters
 * @param {number} chosen
 * @param {(channel: number, kernel: number[][]) => readonly (readonly number[])[]} change
 */
export function withKernels(filters, chosen, change) {
  const { kernels, bias } = filters[chosen];
  const changed = kernels.map((rows, channel) =>
    change(
      channel,
      rows.map((row) => [...row]),
    ),
  );
  return evenedOut(filters.with(chosen, /** @type {StateFilter} */ ({ kernels: changed, bias })));
}

/**
 * A filter of zeros.
 * @param {number} side
 * @returns {StateFilter}
 */
export function blank(side) {
  const zeros = () => Array.from({ length: side }, () => Array.from({ length: side }, () => 0));
  return { kernels: [zeros(), zeros(), zeros()], bias: 0 };
}

/**
 * @param {readonly (readonly number[])[]} rows
 * @param {number} side
 */
function centered(rows, side) {
  const top = Math.floor((side - rows.length) / 2);
  const left = Math.floor((side - rows[0].length) / 2);
  return Array.from({ length: side }, (_, row) =>
    Array.from({ length: side }, (_, col) => rows[row - top]?.[col - left] ?? 0),
  );
}
