/**
 * The expected output of the pooling lab, computed from its definitions in plain loops.
 *
 * Nothing here uses the engine. Means and norms are summed in double precision, convolutions in
 * single precision tap by tap, as the engine does, so values agree to the last bit.
 *
 * @import { PoolingLabState, MethodName } from "../../../www/labs/pooling/state.js"
 * @import { Picture, Values } from "../shared/reference.js"
 */
import { inputValues } from "../shared/reference.js";

const { fround } = Math;

/** The largest shift of the picture, and the largest side of the visible frame, in pixels. */
const LIMIT = 8;
const FRAME = 256;

/**
 * The output of one method.
 * @param {Picture} picture
 * @param {PoolingLabState} state
 * @param {MethodName} method
 */
export function pooledValues(picture, state, method) {
  return pooled(inputValues(picture, state.color), state, method);
}

/**
 * @param {Values} input
 * @param {PoolingLabState} state
 * @param {MethodName} method
 * @returns {Values}
 */
function pooled(input, state, method) {
  if (method === "blur") return blurred(input, state);
  if (method === "binomial") {
    const [rows, cols] = state.size;
    const side = { top: 1, left: 1, bottom: 1, right: 1 };
    const larger = /** @type {[number, number]} */ ([rows + 2, cols + 2]);
    return pooled(input, { ...state, kernel: "binomial", size: larger, padding: side }, "strided");
  }
  if (method === "max_blur") {
    const dense = { ...state, stride: /** @type {[number, number]} */ ([1, 1]), ceilMode: false };
    return blurred(pooled(input, dense, "max"), state);
  }
  const [down, across] = [0, 1].map((axis) => slots(input, state, method, axis));
  const channels = input.channels.map((channel) => {
    const values = new Float32Array(down.length * across.length);
    down.forEach((rows, row) => {
      across.forEach((cols, col) => {
        values[row * across.length + col] = summary(channel, input, state, method, rows, cols);
      });
    });
    return values;
  });
  return { height: down.length, width: across.length, channels };
}

/**
 * For every output along an axis, the input indices under its window: -1 in padding that counts,
 * null beyond it.
 * @param {{ width: number, height: number }} input
 * @param {PoolingLabState} state
 * @param {MethodName} method
 * @param {number} axis
 * @returns {(number | null)[][]}
 */
function slots(input, state, method, axis) {
  const extent = axis === 0 ? input.height : input.width;
  if (method === "global" || method === "adaptive") {
    const count = method === "global" ? 1 : state.outputSize[axis];
    return Array.from({ length: count }, (_, index) => {
      const first = Math.floor((index * extent) / count);
      const end = Math.ceil(((index + 1) * extent) / count);
      return Array.from({ length: end - first }, (_nothing, place) => first + place);
    });
  }
  const [size, stride, dilation] = [state.size[axis], state.stride[axis], state.dilation[axis]];
  const reach = dilation * (size - 1) + 1;
  const [before, after] = paddingAlong(state, axis, extent, stride, reach);
  const isCeil = state.ceilMode && method !== "strided";
  const found = [];
  for (let start = 0; ; start += stride) {
    const beyond = start + reach - (before + extent + after);
    if (isCeil ? beyond >= stride || start >= before + extent : beyond > 0) return found;
    found.push(
      Array.from({ length: size }, (_, tap) => {
        const place = start + tap * dilation - before;
        if (place >= extent + after) return null;
        return place >= 0 && place < extent ? place : -1;
      }),
    );
  }
}

/**
 * @param {PoolingLabState} state
 * @param {number} axis
 * @param {number} extent
 * @param {number} stride
 * @param {number} reach  of the window
 * @returns {number[]} before and after
 */
function paddingAlong({ padding }, axis, extent, stride, reach) {
  if (padding === "valid") return [0, 0];
  if (padding === "full") return [reach - 1, reach - 1];
  if (padding !== "same") {
    const { top, left, bottom, right } = padding;
    return axis === 0 ? [top, bottom] : [left, right];
  }
  const total = Math.max(0, (Math.ceil(extent / stride) - 1) * stride + reach - extent);
  return [Math.floor(total / 2), total - Math.floor(total / 2)];
}

/**
 * @param {Float32Array} channel
 * @param {{ width: number }} input
 * @param {PoolingLabState} state
 * @param {MethodName} method
 * @param {(number | null)[]} rows
 * @param {(number | null)[]} cols
 */
function summary(channel, { width }, state, method, rows, cols) {
  /** @type {number[]} */
  const pixels = [];
  const weights = stridedWeights(state);
  let [cells, sum] = [0, 0];
  rows.forEach((row, i) => {
    cols.forEach((col, j) => {
      if (row === null || col === null) return;
      cells += 1;
      if (row < 0 || col < 0) return;
      const value = channel[row * width + col];
      pixels.push(value);
      sum = fround(sum + fround(weights(i, j) * value));
    });
  });
  const isMax = method === "max" || (method !== "average" && state.kind === "max");
  if (method === "strided") return sum;
  if (method === "lp") {
    return pixels.reduce((total, value) => total + value ** state.p, 0) ** (1 / state.p);
  }
  if (isMax) return pixels.reduce((most, value) => Math.max(most, value), -Infinity);
  const isCounted = method === "average" && state.countIncludePad;
  return pixels.reduce((total, value) => total + value, 0) / (isCounted ? cells : pixels.length);
}

/**
 * The weights of the strided convolution that have a formula.
 * @param {PoolingLabState} state
 * @returns {(row: number, col: number) => number}
 */
function stridedWeights({ kernel, size: [rows, cols] }) {
  if (kernel === "box") return () => fround(1 / (rows * cols));
  if (kernel === "binomial") {
    const [down, across] = [binomial(rows), binomial(cols)];
    return (row, col) => fround(down[row] * across[col]);
  }
  return (row, col) => Number(row === Math.ceil(rows / 2) - 1 && col === Math.ceil(cols / 2) - 1);
}

/**
 * @param {Values} input
 * @param {PoolingLabState} state
 * @returns {Values}
 */
function blurred({ width, height, channels }, { taps, stride }) {
  const filter = binomial(taps);
  const before = Math.floor((taps - 1) / 2);
  const size = { height: Math.ceil(height / stride[0]), width: Math.ceil(width / stride[1]) };
  const blur = (/** @type {Float32Array} */ channel) => {
    const values = new Float32Array(size.height * size.width);
    for (let index = 0; index < values.length; index++) {
      const [row, col] = [Math.floor(index / size.width), index % size.width];
      let sum = 0;
      for (let i = 0; i < taps; i++) {
        for (let j = 0; j < taps; j++) {
          const at = mirrored(row * stride[0] + i - before, height) * width;
          const value = channel[at + mirrored(col * stride[1] + j - before, width)];
          sum = fround(sum + fround(fround(filter[i] * filter[j]) * value));
        }
      }
      values[index] = sum;
    }
    return values;
  };
  return { ...size, channels: channels.map(blur) };
}

/**
 * @param {number} index
 * @param {number} extent
 */
function mirrored(index, extent) {
  const at = Math.abs(index);
  return at < extent ? at : 2 * (extent - 1) - at;
}

/** @param {number} taps */
function binomial(taps) {
  let row = [1];
  while (row.length < taps) row = [1, ...row.slice(1).map((value, at) => value + row[at]), 1];
  return row.map((value) => value / 2 ** (taps - 1));
}

/**
 * The gradient at each input pixel for a gradient of 1 at one output, or at all of them.
 * @param {Picture} picture
 * @param {PoolingLabState} state  of max or average pooling
 * @param {"max" | "average"} method
 * @param {readonly [row: number, col: number] | null} position  null for all outputs
 * @returns {Values}
 */
export function gradientValues(picture, state, method, position) {
  const input = inputValues(picture, state.color);
  const channel = input.channels[state.channel];
  const [down, across] = [0, 1].map((axis) => slots(input, state, method, axis));
  const spread = new Float32Array(input.width * input.height);
  down.forEach((rows, row) => {
    across.forEach((cols, col) => {
      if (position && (row !== position[0] || col !== position[1])) return;
      const places = rows.flatMap((at) =>
        cols.flatMap((to) =>
          at !== null && to !== null && at >= 0 && to >= 0 ? [at * input.width + to] : [],
        ),
      );
      if (method === "average") {
        const count =
          rows.filter((at) => at !== null).length * cols.filter((to) => to !== null).length;
        const share = fround(1 / (state.countIncludePad ? count : places.length));
        for (const place of places) spread[place] += share;
      } else {
        const most = Math.max(...places.map((place) => channel[place]));
        const winner = places.find((place) => channel[place] === most);
        spread[/** @type {number} */ (winner)] += 1;
      }
    });
  });
  return { width: input.width, height: input.height, channels: [spread] };
}

/**
 * The nearest-neighbour reconstruction, and its difference from the input.
 * @param {Picture} picture
 * @param {PoolingLabState} state
 * @param {MethodName} method
 */
export function repeated(picture, state, method) {
  const input = inputValues(picture, state.color);
  const output = pooled(input, state, method);
  const channels = output.channels.map((channel) =>
    Float32Array.from({ length: input.width * input.height }, (_, index) => {
      const [row, col] = [Math.floor(index / input.width), index % input.width];
      const from = Math.floor((row * output.height) / input.height) * output.width;
      return channel[from + Math.floor((col * output.width) / input.width)];
    }),
  );
  const restored = { width: input.width, height: input.height, channels };
  const difference = input.channels.map((channel, index) =>
    channel.map((value, at) => value - channels[index][at]),
  );
  const all = difference.flatMap((channel) => Array.from(channel, Math.abs));
  const mean = all.reduce((sum, value) => sum + value, 0) / all.length;
  return { restored, difference: { ...restored, channels: difference }, mean };
}

/**
 * The part of the picture visible through the frame after a shift.
 * @param {Picture} picture
 * @param {PoolingLabState} state
 * @param {readonly number[]} shift  [down, right]
 * @returns {Values}
 */
export function movedValues(picture, state, shift) {
  const input = inputValues(picture, state.color);
  const size = [input.height, input.width].map((extent) => Math.min(FRAME, extent - 2 * LIMIT));
  const start = [input.height, input.width].map((extent, axis) =>
    Math.floor((extent - size[axis]) / 2),
  );
  const channels = input.channels.map((channel) =>
    Float32Array.from({ length: size[0] * size[1] }, (_, index) =>
      between(
        { ...input, channels: [channel] },
        start[0] + Math.floor(index / size[1]) - shift[0],
        start[1] + (index % size[1]) - shift[1],
      ),
    ),
  );
  return { height: size[0], width: size[1], channels };
}

/**
 * The bilinear interpolation between four pixels.
 * @param {Values} values  of one channel
 * @param {number} row
 * @param {number} col
 */
function between({ width, channels: [channel] }, row, col) {
  const [top, left] = [Math.floor(row), Math.floor(col)];
  const [down, right] = [row - top, col - left];
  const at = (/** @type {number} */ r, /** @type {number} */ c) => channel[r * width + c] ?? 0;
  const across = (/** @type {number} */ r) =>
    right === 0 ? at(r, left) : at(r, left) * (1 - right) + at(r, left + 1) * right;
  return down === 0 ? across(top) : across(top) * (1 - down) + across(top + 1) * down;
}

/**
 * The output after a shift.
 * @param {Picture} picture
 * @param {PoolingLabState} state
 * @param {MethodName} method
 */
export function shiftedValues(picture, state, method) {
  return pooled(movedValues(picture, state, state.shift), state, method);
}

/**
 * How much a method's output changes, under both measures.
 * @param {Picture} picture  in grey
 * @param {PoolingLabState} state
 * @param {MethodName} method  whose windows slide without padding
 * @param {readonly number[]} [shift]
 */
export function changes(picture, state, method, shift = state.shift) {
  const frame = movedValues(picture, state, [0, 0]);
  const before = pooled(frame, state, method);
  const after = pooled(movedValues(picture, state, shift), state, method);
  const ranges = [0, 1].map((axis) => compared(frame, before, state, method, axis));
  let [stay, follow, count, sum, squares] = [0, 0, 0, 0, 0];
  for (let row = ranges[0][0]; row < ranges[0][1]; row++) {
    for (let col = ranges[1][0]; col < ranges[1][1]; col++) {
      const got = after.channels[0][row * after.width + col];
      const was = before.channels[0][row * before.width + col];
      const expected = between(
        before,
        row - shift[0] / state.stride[0],
        col - shift[1] / state.stride[1],
      );
      stay += (got - was) ** 2;
      follow += (got - expected) ** 2;
      count += 1;
      sum += was;
      squares += was ** 2;
    }
  }
  const deviation = Math.sqrt(squares / count - (sum / count) ** 2);
  return {
    stay: Math.sqrt(stay / count) / deviation,
    follow: Math.sqrt(follow / count) / deviation,
  };
}

/**
 * The outputs along an axis whose windows contain no reflected border, minus those that a shift
 * would leave without a counterpart.
 * @param {Values} frame
 * @param {Values} output
 * @param {PoolingLabState} state
 * @param {MethodName} method
 * @param {number} axis
 */
function compared(frame, output, { size, stride, taps }, method, axis) {
  const extent = axis === 0 ? frame.height : frame.width;
  const count = axis === 0 ? output.height : output.width;
  const hasBlur = method === "blur" || method === "max_blur";
  // The smooth convolution covers one pixel more on each side.
  const margin = method === "binomial" ? 1 : 0;
  const lead = hasBlur ? Math.floor((taps - 1) / 2) : margin;
  const window = size[axis] + 2 * margin;
  const reach = hasBlur ? taps - 1 + (method === "max_blur" ? window : 1) : window;
  const inset = Math.ceil(LIMIT / stride[axis]);
  const whole = Array.from({ length: count }, (_, index) => index * stride[axis] - lead).map(
    (first) => first >= 0 && first + reach <= extent,
  );
  return [whole.indexOf(true) + inset, whole.lastIndexOf(true) + 1 - inset];
}
