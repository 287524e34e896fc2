/**
 * How far a `float32` result may be from its reference: the oracle's single rule.
 *
 *     |result - reference| <= terms * (epsilon * magnitude + least)
 *
 * `epsilon` is 2^-23, twice the error of one rounding. `terms` counts the numbers summed for one
 * value, plus the roundings of any elementary functions involved: the error of a sum of n terms is
 * at most n epsilon times the sum of their magnitudes (Higham, Accuracy and Stability of Numerical
 * Algorithms, sections 2.1 and 3.1). The magnitude is never chosen; it is measured on the function
 * under test itself:
 *
 * - if the result is a sum of products, it is the same function of absolute values;
 * - if each value depends on few arguments (activations), it is |value| plus, for each argument,
 *   the effect of a relative change by d of that argument, divided by d;
 * - otherwise (norms, losses, whole networks) all arguments change by a relative d of random sign,
 *   and the magnitude of the whole tensor is the largest |value| plus the largest change over d:
 *   the median of {@link PROBES} such probes. This is the error of a backward stable algorithm.
 *
 * `least` is the error of the reference itself: 2^-52 times its largest argument, or times 1, which
 * appears in many formulas (1 - tanh^2 of a large number is 0 in float64). A reference computed in
 * `float32` may be as inaccurate as the result, so the bound doubles; if it was written with only 3
 * or 4 decimals, as its arguments were, one unit of the last decimal is added.
 */

/** @typedef {{ shape: number[], data: Float32Array | number[] }} Values */
/** @typedef {Record<string, Values>} Named */

/**
 * @typedef {object} Call  a computation with public functions, and how its rounding errors grow
 * @property {Named} tensors  the real-valued arguments
 * @property {(tensors: Named) => Record<string, Values | undefined>} run  its results by name
 * @property {Record<string, number>} terms  of each result
 * @property {Growth} growth
 *
 * @typedef {"each" | "all" | string[]} Growth  `each`: the second case above; `all`: the third;
 *   a list: the first, and the names of the tensors whose absolute values it takes
 *
 * @typedef {object} Verdict
 * @property {string} name  of the result
 * @property {number} error  the largest error relative to the tolerance; correct if at most 1
 * @property {string} [complaint]  what is wrong
 */

const EPSILON = 2 ** -23;
const EPSILON_OF_REFERENCE = 2 ** -52;
/** Relative change of a probe: far above rounding errors, small enough to stay linear. */
const CHANGE = 2 ** -16;
/** An odd number, so that a single probe that crosses a kink of ReLU does not matter. */
const PROBES = 5;

/**
 * @param {Call} call
 * @param {Named} expected  the reference for each result
 * @param {{ float32?: boolean }} [reference]  `float32`: whether it was computed in that precision
 * @returns {Verdict[]}
 */
export function verify(call, expected, { float32 = false } = {}) {
  const results = call.run(call.tensors);
  const magnitudes = measured(call, results);
  const least = EPSILON_OF_REFERENCE * Math.max(1, ...Object.values(call.tensors).map(largest));
  return Object.entries(expected).map(([name, values]) => {
    const result = results[name];
    if (!result) return { name, error: Infinity, complaint: `${name} is missing` };
    const terms = call.terms[name] * (float32 ? 2 : 1);
    const written = float32 ? lastDecimal(values) : 0;
    const allowed = (/** @type {number} */ index) =>
      terms * (EPSILON * magnitudes(name, index) + least) + written;
    return compare(name, result, values, allowed);
  });
}

/**
 * @param {string} name
 * @param {Values} result
 * @param {Values} expected
 * @param {(index: number) => number} allowed
 * @returns {Verdict}
 */
export function compare(name, result, expected, allowed) {
  if (String(result.shape) !== String(expected.shape)) {
    const complaint = `${name} has shape [${result.shape}], expected [${expected.shape}]`;
    return { name, error: Infinity, complaint };
  }
  let [error, worst] = [0, -1];
  for (let index = 0; index < expected.data.length; index++) {
    const [got, wanted] = [result.data[index], expected.data[index]];
    if (Object.is(got, wanted) || got === wanted) continue;
    const ratio = Math.abs(got - wanted) / allowed(index);
    // Written the other way round, the comparison would let NaN pass.
    if (!(ratio <= error)) [error, worst] = [Number.isNaN(ratio) ? Infinity : ratio, index];
  }
  if (error <= 1) return { name, error };
  const [got, wanted] = [result.data[worst], expected.data[worst]];
  const complaint = `${name}[${worst}] is ${got}, expected ${wanted}, ${error.toPrecision(3)} times the tolerance`;
  return { name, error, complaint };
}

/** @param {Values} tensor @returns {Values} */
export function absolute({ shape, data }) {
  return { shape, data: Float32Array.from(data, Math.abs) };
}

/**
 * @param {Call} call
 * @param {Record<string, Values | undefined>} results
 * @returns {(name: string, index: number) => number}
 */
function measured({ tensors, run, growth }, results) {
  const at =
    (/** @type {Record<string, Values | undefined>} */ from) =>
    (/** @type {string} */ name, /** @type {number} */ index) =>
      finite(Math.abs(from[name]?.data[index] ?? 0));
  if (growth === "each") {
    const moved = Object.keys(tensors).map((name) =>
      run({ ...tensors, [name]: changed(tensors[name], () => 1) }),
    );
    const changes = moved.map((move) => at(difference(move, results)));
    return (name, index) =>
      changes.reduce((sum, change) => sum + change(name, index), at(results)(name, index));
  }
  if (growth === "all") {
    const sign = signs();
    const probes = Array.from({ length: PROBES }, () => {
      const moved = run(map(tensors, (tensor) => changed(tensor, sign)));
      return map(difference(moved, results), largest);
    });
    const values = map(results, largest);
    const sums = map(results, (_, name) => values[name] + median(probes.map((p) => p[name])));
    return (name) => sums[name];
  }
  const magnitudes = run(map(tensors, (t, name) => (growth.includes(name) ? absolute(t) : t)));
  return at(magnitudes);
}

/**
 * @template From, To
 * @param {Record<string, From | undefined>} record
 * @param {(value: From, name: string) => To} change
 * @returns {Record<string, To>}
 */
function map(record, change) {
  return Object.fromEntries(
    Object.entries(record).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, change(value, name)]],
    ),
  );
}

/** @param {Values} tensor @param {() => number} sign @returns {Values} */
function changed({ shape, data }, sign) {
  return { shape, data: Float32Array.from(data, (value) => value * (1 + CHANGE * sign())) };
}

/**
 * The change of each value, relative to the change that caused it.
 * @param {Record<string, Values | undefined>} moved
 * @param {Record<string, Values | undefined>} from
 * @returns {Record<string, Values>}
 */
function difference(moved, from) {
  return map(from, ({ shape, data }, name) => ({
    shape,
    data: Array.from(data, (value, index) => {
      return ((moved[name]?.data[index] ?? value) - value) / CHANGE;
    }),
  }));
}

/** @param {Values} tensor */
function largest({ data }) {
  let most = 0;
  for (const value of data) most = Math.max(most, finite(Math.abs(value)));
  return most;
}

/** One unit of the last decimal if all values have at most 3 or 4; otherwise 0.
 * @param {Values} values */
function lastDecimal({ data }) {
  let decimals = 0;
  for (const value of data) {
    decimals = Math.max(decimals, String(value).split(".")[1]?.length ?? 0);
  }
  return decimals === 3 || decimals === 4 ? 10 ** -decimals : 0;
}

/** An infinite value has no rounding error: it must match exactly. @param {number} value */
function finite(value) {
  return Number.isFinite(value) ? value : 0;
}

/** @param {number[]} values */
function median(values) {
  return [...values].sort((a, b) => a - b)[values.length >> 1];
}

/** Random signs, the same in every run: xorshift32 (Marsaglia 2003). */
function signs() {
  let state = 0x9e3779b9;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state < 0 ? -1 : 1;
  };
}
