/**
 * What the channels lab must show, computed from the definition in plain loops: each sum in the order
 * of channel, row and column, rounded to f32 after every step.
 *
 * @import { ChannelsLabState } from "../../../www/labs/channels/state.js"
 * @import { Picture, Values } from "../shared/reference.js"
 */
import { inputValues } from "../shared/reference.js";

const { fround } = Math;

/**
 * The inside of one output value: grids per channel, running sums, sums.
 * @param {Picture} picture
 * @param {ChannelsLabState} state
 * @param {number} filter
 * @param {readonly [row: number, col: number]} position
 */
export function inspection(picture, state, filter, position) {
  return parts(inputValues(picture, "color"), state, filter, position);
}

/**
 * The feature map of a filter, and what each channel gives by itself.
 * @param {Picture} picture
 * @param {ChannelsLabState} state
 * @param {number} filter
 * @returns {{ map: Values, results: Values[] }}
 */
export function mapsOf(picture, state, filter) {
  const input = inputValues(picture, "color");
  const { height, width } = outputSize(input, state);
  const { kernels, bias } = state.filters[filter];
  const weights = kernels.map((kernel) => kernel.flat().map(fround));
  const side = kernels[0].length;
  const map = new Float32Array(height * width);
  const results = [0, 1, 2].map(() => new Float32Array(height * width));
  for (let at = 0; at < height * width; at++) {
    const [top, left] = corner(input, state, [Math.floor(at / width), at % width]);
    let sum = 0;
    for (const channel of [0, 1, 2]) {
      let result = 0;
      for (let tap = 0; tap < side * side; tap++) {
        const [row, col] = [top + Math.floor(tap / side), left + (tap % side)];
        const inside = row >= 0 && row < input.height && col >= 0 && col < input.width;
        const value = inside ? input.channels[channel][row * input.width + col] : 0;
        const product = fround(weights[channel][tap] * value);
        sum = fround(sum + product);
        result = fround(result + product);
      }
      results[channel][at] = result;
    }
    const value = fround(sum + fround(bias));
    map[at] = state.relu ? Math.max(0, value) : value;
  }
  const values = (/** @type {Float32Array[]} */ channels) => ({ height, width, channels });
  return { map: values([map]), results: results.map((result) => values([result])) };
}

/**
 * @param {Values} input
 * @param {ChannelsLabState} state
 */
function outputSize({ height, width }, { filters, padding, stride }) {
  const side = filters[0].kernels[0].length;
  const extent = (/** @type {number} */ length, /** @type {number} */ step) =>
    padding === "same" ? Math.ceil(length / step) : Math.floor((length - side) / step) + 1;
  return { height: extent(height, stride[0]), width: extent(width, stride[1]) };
}

/**
 * @param {Values} input
 * @param {ChannelsLabState} state
 * @param {number} filter
 * @param {readonly [row: number, col: number]} position
 */
function parts(input, state, filter, position) {
  const { relu } = state;
  const { kernels, bias } = state.filters[filter];
  const side = kernels[0].length;
  const [top, left] = corner(input, state, position);
  let sum = 0;
  /** @type {number[]} */
  const partialSums = [];
  const channels = kernels.map((kernel, channel) => {
    /** @type {number[]} */
    const window = [];
    for (let row = top; row < top + side; row++) {
      for (let col = left; col < left + side; col++) {
        const inside = row >= 0 && row < input.height && col >= 0 && col < input.width;
        window.push(inside ? input.channels[channel][row * input.width + col] : 0);
      }
    }
    const products = kernel.flat().map((weight, tap) => fround(fround(weight) * window[tap]));
    for (const product of products) {
      sum = fround(sum + product);
      partialSums.push(sum);
    }
    return { window, products };
  });
  const sums = channels.map(({ products }) =>
    products.reduce((total, product) => fround(total + product), 0),
  );
  const beforeActivation = fround(sum + fround(bias));
  return {
    channels,
    sums,
    partialSums,
    sum,
    value: relu ? Math.max(0, beforeActivation) : beforeActivation,
  };
}

/**
 * The input row and column under the first weight.
 * @param {Values} input
 * @param {ChannelsLabState} state
 * @param {readonly [row: number, col: number]} position
 */
function corner(input, { filters, padding, stride }, [outRow, outCol]) {
  const side = filters[0].kernels[0].length;
  const before = (/** @type {number} */ extent, /** @type {number} */ step) => {
    if (padding !== "same") return 0;
    const added = (Math.ceil(extent / step) - 1) * step + side - extent;
    return Math.floor(Math.max(0, added) / 2);
  };
  return [
    outRow * stride[0] - before(input.height, stride[0]),
    outCol * stride[1] - before(input.width, stride[1]),
  ];
}
