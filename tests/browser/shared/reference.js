/**
 * The expected output of the kernel lab, computed from its definition in plain loops.
 *
 * Nothing here uses the engine. Arithmetic is rounded to f32 after every step, as in the engine,
 * and taps are added in row-major order, so values agree to the last bit and pictures to the last
 * byte.
 *
 * @import { KernelLabState } from "../../../www/labs/kernel/state.js"
 *
 * @typedef {{ width: number, height: number, rgba: Uint8ClampedArray | Uint8Array }} Picture
 * @typedef {{ width: number, height: number, channels: Float32Array[] }} Values  row by row
 * @typedef {{ top: number, left: number, bottom: number, right: number }} Sides
 * @typedef {"light" | "dark"} Theme
 */
const { fround } = Math;

/**
 * The lab's output picture.
 * @param {Picture} picture
 * @param {KernelLabState} state
 * @param {Theme} [theme]
 */
export function outputPicture(picture, state, theme = "light") {
  return painted(outputValues(picture, state), state.display, theme);
}

/**
 * The lab's input picture with its padding.
 * @param {Picture} picture
 * @param {KernelLabState} state
 */
export function inputPicture(picture, state) {
  const values = inputValues(picture, state.color);
  const { top, left, bottom, right } = paddingSides(values, state);
  const [height, width] = [values.height + top + bottom, values.width + left + right];
  const channels = values.channels.map((channel) =>
    filled(height, width, (row, col) =>
      valueAt(channel, values, state.paddingMode, row - top, col - left),
    ),
  );
  return painted({ width, height, channels }, { kind: "clip", min: 0, max: 1 }, "light");
}

/**
 * The lab's output values, computed tap by tap.
 * @param {Picture} picture
 * @param {KernelLabState} state
 * @returns {Values}
 */
export function outputValues(picture, state) {
  const { stride, dilation, paddingMode, relu } = state;
  const input = inputValues(picture, state.color);
  const { top, left } = paddingSides(input, state);
  const { height, width } = outputSize(input, state);
  const kernel = appliedKernel(state);
  const bias = fround(state.bias);
  const channels = input.channels.map((channel) =>
    filled(height, width, (outRow, outCol) => {
      let sum = 0;
      for (let i = 0; i < kernel.length; i++) {
        for (let j = 0; j < kernel[0].length; j++) {
          const row = outRow * stride[0] + i * dilation[0] - top;
          const col = outCol * stride[1] + j * dilation[1] - left;
          sum = fround(sum + fround(kernel[i][j] * valueAt(channel, input, paddingMode, row, col)));
        }
      }
      const value = fround(sum + bias);
      return relu ? Math.max(0, value) : value;
    }),
  );
  return { width, height, channels };
}

/**
 * The smallest and the largest of all values.
 * @param {Values} values
 * @returns {[min: number, max: number]}
 */
export function extremes({ channels }) {
  let [min, max] = [Infinity, -Infinity];
  for (const channel of channels) {
    for (const value of channel) [min, max] = [Math.min(min, value), Math.max(max, value)];
  }
  // Adding 0 turns minus zero into zero.
  return [min + 0, max + 0];
}

/**
 * One output value with its terms. The grids are row-major.
 * @param {Picture} picture
 * @param {KernelLabState} state
 * @param {readonly [row: number, col: number]} position
 * @param {number} [channel]
 */
export function inspection(picture, state, [outRow, outCol], channel = 0) {
  const { stride, dilation, paddingMode, relu } = state;
  const input = inputValues(picture, state.color);
  const { top, left } = paddingSides(input, state);
  const kernel = appliedKernel(state);
  const rows = kernel.map((_, index) => outRow * stride[0] + index * dilation[0] - top);
  const cols = kernel[0].map((_, index) => outCol * stride[1] + index * dilation[1] - left);
  const window = rows.flatMap((row) =>
    cols.map((col) => valueAt(input.channels[channel], input, paddingMode, row, col)),
  );
  const outside = rows.flatMap((row) =>
    cols.map((col) => row < 0 || row >= input.height || col < 0 || col >= input.width),
  );
  const weights = kernel.flat();
  const products = window.map((value, tap) => fround(weights[tap] * value));
  /** @type {number[]} */
  const partialSums = [];
  for (const product of products) partialSums.push(fround((partialSums.at(-1) ?? 0) + product));
  const sum = /** @type {number} */ (partialSums.at(-1));
  const beforeRelu = fround(sum + fround(state.bias));
  const value = relu ? Math.max(0, beforeRelu) : beforeRelu;
  return { rows, cols, window, outside, weights, products, partialSums, sum, beforeRelu, value };
}

/**
 * @param {{ width: number, height: number }} input
 * @param {KernelLabState} state
 */
export function outputSize(input, state) {
  const { top, left, bottom, right } = paddingSides(input, state);
  const [coveredRows, coveredCols] = covered(state);
  return {
    height: Math.floor((input.height + top + bottom - coveredRows) / state.stride[0]) + 1,
    width: Math.floor((input.width + left + right - coveredCols) / state.stride[1]) + 1,
  };
}

/**
 * The padding on each side.
 * @param {{ width: number, height: number }} input
 * @param {KernelLabState} state
 * @returns {Sides}
 */
export function paddingSides({ height, width }, state) {
  const { padding, stride } = state;
  const [rows, cols] = covered(state);
  if (padding === "valid") return { top: 0, left: 0, bottom: 0, right: 0 };
  if (padding === "full")
    return { top: rows - 1, left: cols - 1, bottom: rows - 1, right: cols - 1 };
  if (padding !== "same") return padding;
  const added = (
    /** @type {number} */ extent,
    /** @type {number} */ step,
    /** @type {number} */ reach,
  ) => Math.max(0, (Math.ceil(extent / step) - 1) * step + reach - extent);
  const [down, across] = [added(height, stride[0], rows), added(width, stride[1], cols)];
  const [top, left] = [Math.floor(down / 2), Math.floor(across / 2)];
  return { top, left, bottom: down - top, right: across - left };
}

/**
 * Luma, or red, green and blue, from 0 to 1; transparent pixels are blended with white.
 *
 * Sums are integers, so that only the division and the conversion to f32 round.
 * @param {Picture} picture
 * @param {"grey" | "color"} color
 * @returns {Values}
 */
export function inputValues({ width, height, rgba }, color) {
  const onWhite = (/** @type {number} */ pixel, /** @type {number} */ channel) => {
    const alpha = rgba[4 * pixel + 3];
    return rgba[4 * pixel + channel] * alpha + 255 * (255 - alpha);
  };
  const channel = (/** @type {(pixel: number) => number} */ valueFrom) =>
    Float32Array.from({ length: width * height }, (_, pixel) => valueFrom(pixel));
  if (color === "color") {
    const channels = [0, 1, 2].map((index) =>
      channel((pixel) => onWhite(pixel, index) / (255 * 255)),
    );
    return { width, height, channels };
  }
  const luma = channel((pixel) => {
    const [red, green, blue] = [0, 1, 2].map((index) => onWhite(pixel, index));
    return (299 * red + 587 * green + 114 * blue) / (1000 * 255 * 255);
  });
  return { width, height, channels: [luma] };
}

/**
 * Colours for values in a display range.
 * @param {Values} values
 * @param {KernelLabState["display"]} display
 * @param {Theme} theme
 * @returns {Picture}
 */
export function painted({ width, height, channels }, { kind, min, max }, theme) {
  const shown = channels.map((channel) => (kind === "absolute" ? channel.map(Math.abs) : channel));
  const colorOf = colorMap(rangeOf(shown, kind, min, max), shown.length === 1, theme);
  const rgba = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (const channel of [0, 1, 2]) {
      const value = (shown[channel] ?? shown[0])[pixel];
      rgba[4 * pixel + channel] = colorOf(value)[channel];
    }
  }
  return { width, height, rgba };
}

/**
 * The colour of a weight's cell, relative to the other weights.
 * @param {number} weight
 * @param {number} largest  magnitude among the weights
 * @param {Theme} [theme]
 */
export function cellColor(weight, largest, theme = "light") {
  return colorMap([-1, 1], true, theme)(weight / (largest || 1));
}

/**
 * A picture scaled down by an integer factor: each pixel is the rounded mean of a block.
 * @param {Picture} picture  opaque
 * @param {number} factor
 * @returns {Picture}
 */
export function shrunk({ width, height, rgba }, factor) {
  const small = { width: width / factor, height: height / factor };
  const means = new Uint8ClampedArray(4 * small.width * small.height);
  for (let index = 0; index < means.length; index++) {
    const pixel = Math.floor(index / 4);
    const [top, left] = [Math.floor(pixel / small.width) * factor, (pixel % small.width) * factor];
    let sum = 0;
    for (let row = top; row < top + factor; row++) {
      for (let col = left; col < left + factor; col++) {
        sum += rgba[4 * (row * width + col) + (index % 4)];
      }
    }
    means[index] = Math.floor(sum / factor ** 2 + 0.5);
  }
  return { ...small, rgba: means };
}

/**
 * The kernel as applied, in f32.
 * @param {KernelLabState} state
 */
function appliedKernel({ kernel, flipKernel }) {
  const rows = kernel.map((row) => row.map(fround));
  return flipKernel ? rows.reverse().map((row) => row.reverse()) : rows;
}

/**
 * @param {KernelLabState} state
 * @returns {[rows: number, cols: number]} input pixels from the first tap to the last
 */
function covered({ kernel, dilation }) {
  return [dilation[0] * (kernel.length - 1) + 1, dilation[1] * (kernel[0].length - 1) + 1];
}

/**
 * The value at a position that may lie outside the picture.
 * @param {Float32Array} channel
 * @param {{ width: number, height: number }} size
 * @param {KernelLabState["paddingMode"]} mode
 * @param {number} row
 * @param {number} col
 */
function valueAt(channel, { width, height }, mode, row, col) {
  const isInside = row >= 0 && row < height && col >= 0 && col < width;
  if (!isInside && mode === "zeros") return 0;
  return channel[continued(row, height, mode) * width + continued(col, width, mode)];
}

/**
 * @param {number} index
 * @param {number} extent
 * @param {KernelLabState["paddingMode"]} mode
 */
function continued(index, extent, mode) {
  const last = extent - 1;
  if (mode === "replicate") return Math.max(0, Math.min(index, last));
  if (mode === "circular") return ((index % extent) + extent) % extent;
  if (index < 0) return -index;
  return index > last ? last - (index - last) : index;
}

/**
 * @param {number} height
 * @param {number} width
 * @param {(row: number, col: number) => number} valueFrom
 */
function filled(height, width, valueFrom) {
  const values = new Float32Array(height * width);
  for (let row = 0; row < height; row++) {
    for (let col = 0; col < width; col++) values[row * width + col] = valueFrom(row, col);
  }
  return values;
}

/**
 * Values at the two ends of the colour scale.
 * @param {Float32Array[]} channels
 * @param {KernelLabState["display"]["kind"]} kind
 * @param {number} min
 * @param {number} max
 * @returns {[min: number, max: number]}
 */
function rangeOf(channels, kind, min, max) {
  if (kind === "clip") return [0, 1];
  if (kind === "fixed") return [min, max];
  let largest = 0;
  for (const channel of channels) {
    for (const value of channel) largest = Math.max(largest, Math.abs(value));
  }
  const end = largest || 1;
  return kind === "absolute" ? [0, end] : [-end, end];
}

/**
 * Maps values to colours: the nearest entry of a table, ties to even.
 *
 * A range that contains zero is signed and centred: its table runs from minus the larger end to
 * plus the larger end, and only the part between `min` and `max` is used.
 * @param {[min: number, max: number]} range
 * @param {boolean} isSingle  one channel, which uses the diverging map if signed
 * @param {Theme} theme
 * @returns {(value: number) => number[]}
 */
function colorMap([min, max], isSingle, theme) {
  const isSigned = min < 0 && max > 0;
  const table = isSigned && isSingle ? DIVERGING[theme] : GREYS;
  const half = Math.max(-min, max);
  const [first, last] = isSigned ? [-half, half] : [min, max];
  // Multiply by entries per unit first, as in the engine; the other order rounds differently.
  const density = (table.length - 1) / (last - first);
  const entry = (/** @type {number} */ value) => nearestEven((value - first) * density);
  const [lowest, highest] = [entry(min), entry(max)];
  return (value) => table[Math.max(lowest, Math.min(entry(value), highest))];
}

/** @param {number} value */
function nearestEven(value) {
  const down = Math.floor(value);
  const rest = value - down;
  if (rest !== 0.5) return Math.round(value);
  return down % 2 === 0 ? down : down + 1;
}

const GREYS = Array.from({ length: 256 }, (_, byte) => [byte, byte, byte]);

/** 256 steps from the colour of zero to each end. */
const DIVERGING = {
  light: diverging("5e3c99", "f7f6f3", "d95f0e"),
  dark: diverging("9d7fd6", "24262c", "f2964a"),
};

/**
 * @param {string} negative
 * @param {string} zero
 * @param {string} positive
 */
function diverging(negative, zero, positive) {
  const [low, middle, high] = [negative, zero, positive].map(oklab);
  const towards = (/** @type {number[]} */ end, /** @type {number} */ step) => {
    const share = (step / 256) ** 0.7;
    return bytes(middle.map((from, axis) => from + (end[axis] - from) * share));
  };
  return [
    ...Array.from({ length: 256 }, (_, index) => towards(low, 256 - index)),
    ...Array.from({ length: 257 }, (_, step) => towards(high, step)),
  ];
}

/**
 * OKLab of an sRGB colour.
 * @param {string} hex
 * @see https://bottosson.github.io/posts/oklab/
 */
function oklab(hex) {
  const [red, green, blue] = [0, 2, 4].map((at) => {
    const encoded = Number.parseInt(hex.slice(at, at + 2), 16) / 255;
    return encoded <= 0.04045 ? encoded / 12.92 : ((encoded + 0.055) / 1.055) ** 2.4;
  });
  const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
  const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
  const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
  return [
    0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s,
    1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s,
    0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s,
  ];
}

/** @param {number[]} lab */
function bytes([lightness, a, b]) {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const light = [
    4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s,
    -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s,
    -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s,
  ];
  return light.map((value) => {
    const encoded = value <= 0.0031308 ? 12.92 * value : 1.055 * value ** (1 / 2.4) - 0.055;
    return Math.round(255 * encoded);
  });
}
