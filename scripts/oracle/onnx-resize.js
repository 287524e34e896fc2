/**
 * ONNX's `Resize` and `Upsample`: which input position an output pixel reads depends on modes, of
 * which the package supports PyTorch's.
 *
 * @import { Node, Plan } from "./onnx.js"
 * @import { Cnn } from "./run.js"
 */
import { given, NotCovered } from "./case.js";

/** Roundings in the four weights of a pixel. */
const BILINEAR = 32;

/** @param {Cnn} cnn @param {Node} node @returns {Plan} */
export function upsample(cnn, { attrs, inputs: [x, scales] }) {
  if ((attrs.mode ?? "nearest") !== "nearest") {
    throw new NotCovered("linear with the asymmetric coordinates of Upsample");
  }
  const [rows, cols] = planeOf(given(x).shape, [...(scales?.data ?? attrs.scales)], [1, 1]);
  return {
    attributes: ["mode", "scales"],
    tensors: { x },
    run: ({ x }) => [cnn.resize2d(x, { kind: "nearest", scale: [rows, cols] })],
    terms: 0,
    growth: [],
  };
}

/** @param {Cnn} cnn @param {Node} node @returns {Plan} */
export function resize(cnn, { attrs, inputs: [x, , scales, sizes] }) {
  const { shape } = given(x);
  const factors = spread(
    attrs,
    scales?.data,
    shape.map(() => 1),
  );
  const extents = spread(attrs, sizes?.data, shape);
  const scale = factors && planeOf(shape, factors, [1, 1]);
  const size = extents && planeOf(shape, extents, shape.slice(0, 2));
  if (!scale === !size) throw new Error("neither or both of scales and sizes are given");
  if ((attrs.keep_aspect_ratio_policy ?? "stretch") !== "stretch") {
    throw new NotCovered("keeping the aspect ratio");
  }
  const plane = shape.slice(2);
  const exact = size ?? plane.map((extent, axis) => extent * /** @type {number[]} */ (scale)[axis]);
  const kind = resizeKind(attrs, plane, exact);
  return {
    attributes: [
      "mode",
      "coordinate_transformation_mode",
      "nearest_mode",
      "keep_aspect_ratio_policy",
      "axes",
      "cubic_coeff_a",
      "extrapolation_value",
    ],
    tensors: { x },
    run: ({ x }) => [cnn.resize2d(x, size ? { ...kind, size } : { ...kind, scale })],
    terms: BILINEAR,
    growth: ["x"],
  };
}

/**
 * The package's names for the modes that it supports.
 * @param {Record<string, any>} attrs
 * @param {number[]} from  input extents
 * @param {number[]} to  output extents, before they are rounded down
 */
function resizeKind(attrs, from, to) {
  const mode = attrs.mode ?? "nearest";
  const coordinates = attrs.coordinate_transformation_mode ?? "half_pixel";
  const rounding = attrs.nearest_mode ?? "round_prefer_floor";
  const isWhole = to.every((extent) => Number.isInteger(extent));
  if (mode === "nearest") {
    // An integer factor repeats each pixel, however ties are rounded.
    const isRepeated = to.every((extent, axis) => Number.isInteger(extent / from[axis]));
    const isFloor = coordinates === "asymmetric" && rounding === "floor";
    const isRound = coordinates === "half_pixel" && rounding.startsWith("round") && isRepeated;
    if (isFloor || isRound) return { kind: /** @type {const} */ ("nearest") };
    throw new NotCovered(`nearest with ${coordinates} and ${rounding}`);
  }
  const kind = /** @type {const} */ ("bilinear");
  if (mode === "linear" && coordinates === "align_corners") {
    if (!isWhole) throw new NotCovered("align_corners of a fractional extent");
    return { kind, alignCorners: true };
  }
  const isHalf =
    coordinates === "half_pixel" ||
    (coordinates === "pytorch_half_pixel" && to.every((extent) => extent > 1));
  if (mode === "linear" && isHalf) return { kind, alignCorners: false };
  throw new NotCovered(`${mode} with ${coordinates}`);
}

/**
 * Expands values for some axes to all axes.
 * @param {Record<string, any>} attrs
 * @param {ArrayLike<number> | undefined} values
 * @param {number[]} rest  the others
 */
function spread(attrs, values, rest) {
  if (!values || values.length === 0) return undefined;
  const all = [...rest];
  const axes = attrs.axes ?? all.map((_, axis) => axis);
  axes.forEach((/** @type {number} */ axis, /** @type {number} */ index) => {
    all[(axis + all.length) % all.length] = values[index];
  });
  return all;
}

/**
 * The values for height and width; batch and channels must be unchanged.
 * @param {number[]} shape
 * @param {number[]} values
 * @param {number[]} kept
 * @returns {[number, number]}
 */
function planeOf(shape, values, kept) {
  if (shape.length !== 4 || values[0] !== kept[0] || values[1] !== kept[1]) {
    throw new NotCovered("resizing other axes than height and width");
  }
  return [values[2], values[3]];
}
