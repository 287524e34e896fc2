/** Parsing of the cases in a reference file, with checks, because files may come from anywhere. */

/** @import { Values } from "./tolerance.js" */

/** Thrown when a case does not apply to this package; the message says why. */
export class NotCovered extends Error {}

/**
 * A tensor in a file; numbers that JSON cannot express are the strings "nan", "inf" and "-inf".
 * @param {any} value
 * @returns {Values}
 */
export function tensor(value) {
  if (!Array.isArray(value?.shape) || !Array.isArray(value.data)) {
    throw new Error("a tensor { shape, data } is missing");
  }
  const data = value.data.map(number);
  const size = value.shape.reduce((/** @type {number} */ a, /** @type {number} */ b) => a * b, 1);
  if (data.length !== size) throw new Error(`shape [${value.shape}] with ${data.length} values`);
  return { shape: value.shape, data };
}

/**
 * The same values with another shape.
 * @param {Values} tensor
 * @param {number[]} shape
 * @returns {Values}
 */
export function reshaped({ data }, shape) {
  return { shape, data };
}

/** @param {number} value @returns {Values} */
export function scalar(value) {
  return { shape: [], data: [value] };
}

/**
 * The product of the extents.
 * @param {number[]} shape
 */
export function size(shape) {
  return shape.reduce((product, extent) => product * extent, 1);
}

/**
 * @template T
 * @param {T | null | undefined} value
 * @returns {T}
 */
export function given(value) {
  if (value === undefined || value === null) throw new Error("an input is missing");
  return value;
}

/**
 * Declines a case with an attribute other than `names`, unless that attribute has no effect.
 *
 * @param {Record<string, any>} attributes
 * @param {string[]} names
 */
export function onlyKnown(attributes, names) {
  const other = Object.entries(attributes).find(
    ([name, value]) => !names.includes(name) && Boolean(value),
  );
  if (other) throw new NotCovered(`the attribute ${other[0]}`);
}

const WORDS = new Map([
  ["nan", Number.NaN],
  ["inf", Infinity],
  ["-inf", -Infinity],
]);

/** @param {unknown} value */
function number(value) {
  if (typeof value === "boolean") return Number(value);
  const result = typeof value === "number" ? value : WORDS.get(String(value).toLowerCase());
  if (result === undefined) throw new Error(`${value} is no number`);
  return result;
}
