/**
 * The sliding window of an ONNX node: pads, `auto_pad` and one spatial axis instead of two.
 *
 * @import { Values } from "./tolerance.js"
 */
import { given, NotCovered, reshaped, size } from "./case.js";

export const WINDOW = ["kernel_shape", "strides", "dilations", "pads", "auto_pad"];

/**
 * One axis of a sliding window.
 * @typedef {{ input: number, stride: number, dilation: number, covered: number, before: number,
 *   after: number }} WindowAxis
 */

/**
 * The window of a node with one or two spatial axes; a single axis becomes the second of two.
 * @param {Values | undefined} x
 * @param {Record<string, any>} attrs
 * @param {number[] | undefined} kernel
 */
export function spatial(x, attrs, kernel) {
  const extents = given(x).shape.slice(2);
  if (extents.length > 2 || extents.length === 0) {
    throw new NotCovered(`${extents.length} spatial axes`);
  }
  if (!kernel) throw new Error("kernel_shape is missing");
  const axes = extents.map((input, axis) => windowAxis(attrs, kernel, axis, input, extents.length));
  /** @type {(values: Values | undefined) => Values | undefined} */
  const lift = (values) => {
    if (values?.shape.length !== 3) return values;
    const [first, second, last] = values.shape;
    return reshaped(values, [first, second, 1, last]);
  };
  /** @type {(values: Values) => Values} */
  const lower = (values) =>
    extents.length === 2 ? values : reshaped(values, values.shape.toSpliced(2, 1));
  const options = () => ({
    stride: pair(
      axes.map(({ stride }) => stride),
      1,
    ),
    dilation: pair(
      axes.map(({ dilation }) => dilation),
      1,
    ),
    padding: sides(axes),
  });
  return { lift, lower, options, axes };
}

/**
 * @param {Record<string, any>} attrs
 * @param {number[]} kernel
 * @param {number} axis
 * @param {number} input
 * @param {number} count  of spatial axes
 * @returns {WindowAxis}
 */
function windowAxis(attrs, kernel, axis, input, count) {
  const stride = attrs.strides?.[axis] ?? 1;
  const dilation = attrs.dilations?.[axis] ?? 1;
  const covered = dilation * (kernel[axis] - 1) + 1;
  const autoPad = attrs.auto_pad || "NOTSET";
  if (!autoPad.startsWith("SAME")) {
    const pads = autoPad === "VALID" ? [] : (attrs.pads ?? []);
    return {
      input,
      stride,
      dilation,
      covered,
      before: pads[axis] ?? 0,
      after: pads[axis + count] ?? 0,
    };
  }
  const total = Math.max(0, (Math.ceil(input / stride) - 1) * stride + covered - input);
  const less = Math.floor(total / 2);
  const before = autoPad === "SAME_UPPER" ? less : total - less;
  return { input, stride, dilation, covered, before, after: total - before };
}

/**
 * The padding of a transposed convolution, which may be given through the output shape.
 * @param {WindowAxis} axis
 * @param {Record<string, any>} attrs
 * @param {number} index
 */
export function transposedPads({ input, stride, covered, before, after }, attrs, index) {
  const output = attrs.output_padding?.[index] ?? 0;
  const isSame = attrs.auto_pad?.startsWith("SAME");
  const wanted = attrs.output_shape?.[index] ?? (isSame ? input * stride : undefined);
  if (wanted === undefined) return { before, after, output };
  const total = stride * (input - 1) + output + covered - wanted;
  if (total < 0) return { before: 0, after: 0, output: output - total };
  const less = Math.floor(total / 2);
  const first = attrs.auto_pad === "SAME_UPPER" ? less : total - less;
  return { before: first, after: total - first, output };
}

/** @param {number[]} values of one or two axes @param {number} other for the axis that is missing
 * @returns {[number, number]} */
export function pair(values, other) {
  return values.length === 1 ? [other, values[0]] : [values[0], values[1]];
}

/** @param {{ before: number, after: number }[]} axes
 * @returns {[number, number, number, number]} top, left, bottom, right */
export function sides(axes) {
  const [top, left] = pair(
    axes.map(({ before }) => before),
    0,
  );
  const [bottom, right] = pair(
    axes.map(({ after }) => after),
    0,
  );
  return [top, left, bottom, right];
}

/** Indices in their plane as ONNX counts them: through the whole batch.
 * @param {{ shape: number[], data: Int32Array }} indices @param {number[]} input shape @param {number} [columnMajor] */
export function throughBatch({ shape, data }, [, , height, width], columnMajor) {
  const each = size(shape.slice(2));
  return {
    shape,
    data: Array.from(data, (index, position) => {
      const [row, col] = [Math.floor(index / width), index % width];
      const place = columnMajor ? col * height + row : index;
      return Math.floor(position / each) * height * width + place;
    }),
  };
}
