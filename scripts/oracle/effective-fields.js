/**
 * Effective receptive fields of stacks of convolutions, in the schema of erf.json.
 *
 * @import { Cnn } from "./run.js"
 * @import { Verdict } from "./tolerance.js"
 */
import { exactly } from "./exact.js";

const EPSILON = 2 ** -23;
/** Number of our draws of random weights. */
const DRAWS = 20;

/** @param {any} value */
export function isUniformFieldCase(value) {
  return Array.isArray(value.layers) && value.sd_theory !== undefined;
}

/** @param {any} value */
export function isRandomFieldCase(value) {
  return value.sd_of_mean_squared_gradient !== undefined;
}

/** @param {any} value */
export function uniformFieldName({ layers, rf }) {
  return `${layers.length} layers from ${layers[0].join(", ")} that see ${rf}`;
}

/** @param {any} value */
export function randomFieldName({ activation, layers, kernel }) {
  return `${activation}, ${layers} layers of ${kernel} x ${kernel}`;
}

/**
 * @param {Cnn} cnn
 * @param {any} value
 * @returns {Verdict[]}
 */
export function checkUniformField(cnn, value) {
  const spec = stack(1, value.layers);
  const field = cnn.effectiveReceptiveField(spec, { node: "end" });
  const masses = alongRows(field.map);
  const middle = (value.rf - 1) / 2;
  const moment = (/** @type {number} */ power) =>
    total(masses.map((mass, at) => mass * (at - middle) ** power)) / total(masses);
  const near = masses.filter((_, at) => Math.abs(at - middle) <= 2 * value.sd_theory);
  // Each layer sums kernel^2 positive products; a fourth moment has four times that error.
  const rounding =
    EPSILON * total(value.layers.map((/** @type {number[]} */ [kernel]) => kernel ** 2));
  const [rows, cols] = field.sd ?? [Number.NaN, Number.NaN];
  const kurtosis = moment(4) / moment(2) ** 2 - 3;
  return [
    exactly("size", field.map.shape, [value.rf, value.rf]),
    within("sd of the rows", rows, value.sd_theory, rounding * value.sd_theory),
    within("sd of the columns", cols, value.sd_theory, rounding * value.sd_theory),
    within("excess kurtosis", kurtosis, value.excess_kurtosis_measured, 12 * rounding),
    within(
      "share above 4.55 % of the peak",
      field.above.share,
      value.share_of_rf_pixels_above_4p55_percent_of_peak,
      rounding,
    ),
    within(
      "share within 2 sd",
      total(near) / total(masses),
      value.share_of_gradient_within_2sd_square,
      2 * rounding,
    ),
  ];
}

/**
 * Means over random weights must agree within four combined standard errors. Ours comes from
 * leaving out one draw at a time (the jackknife), theirs from the number of draws.
 *
 * @param {Cnn} cnn
 * @param {any} value
 * @returns {Verdict[]}
 */
export function checkRandomField(cnn, value) {
  const windows = Array.from({ length: value.layers }, () => [value.kernel, 1, 1]);
  const spec = stack(value.channels, windows, value.activation);
  return [
    check("squared", value.sd_of_mean_squared_gradient),
    check("absolute", value.sd_of_mean_absolute_gradient),
  ];

  /**
   * @param {"squared" | "absolute"} measure
   * @param {number} expected
   */
  function check(measure, expected) {
    const draws = Array.from({ length: DRAWS }, (_, seed) => {
      const options = { node: "end", channel: 0, weights: "random", seed, measure };
      const { map, peak } = cnn.effectiveReceptiveField(spec, /** @type {any} */ (options));
      return alongRows(map).map((mass) => mass * peak);
    });
    const sum = draws.reduce((one, other) => one.map((mass, at) => mass + other[at]));
    const others = draws.map((draw) => deviation(sum.map((mass, at) => mass - draw[at])));
    const mean = total(others) / DRAWS;
    const ours = ((DRAWS - 1) / DRAWS) * total(others.map((other) => (other - mean) ** 2));
    const error = Math.sqrt(ours * (1 + DRAWS / value.draws));
    return within(`sd of the mean ${measure} gradient`, deviation(sum), expected, 4 * error);
  }
}

/**
 * @param {number} channels
 * @param {number[][]} windows  kernel, stride, dilation
 * @param {string} activation  between the layers
 * @returns {any}
 */
function stack(channels, windows, activation = "linear") {
  const layers = windows.flatMap(([kernel, stride, dilation], index) => {
    const last = index + 1 === windows.length;
    const id = last ? "end" : `conv${index}`;
    const convolution = { id, op: "conv2d", channels, kernel, stride, dilation };
    return last || activation === "linear"
      ? [convolution]
      : [convolution, { id: `${activation}${index}`, op: "activation", kind: activation }];
  });
  return { input: { channels: 1 }, layers };
}

/**
 * Sums of the rows.
 * @param {{ shape: number[], data: Float32Array }} map
 */
function alongRows({ shape: [rows, cols], data }) {
  return Array.from({ length: rows }, (_, row) =>
    total([...data.subarray(row * cols, (row + 1) * cols)]),
  );
}

/** @param {number[]} masses */
function deviation(masses) {
  const mean = total(masses.map((mass, at) => mass * at)) / total(masses);
  return Math.sqrt(total(masses.map((mass, at) => mass * (at - mean) ** 2)) / total(masses));
}

/** @param {number[]} values */
function total(values) {
  return values.reduce((sum, value) => sum + value, 0);
}

/**
 * @param {string} name
 * @param {number} got
 * @param {number} expected
 * @param {number} allowed
 * @returns {Verdict}
 */
function within(name, got, expected, allowed) {
  const error = Math.abs(got - expected) / allowed;
  if (error <= 1) return { name, error };
  const complaint = `${name} is ${got}, expected ${expected} within ${allowed.toPrecision(2)}`;
  return { name, error: Number.isNaN(error) ? Infinity : error, complaint };
}
