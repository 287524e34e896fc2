import { number } from "../../i18n/index.js";

/**
 * A computed value rounded for reading: three significant digits, but never fewer than the integer
 * part has.
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 */
export function readable(value, options) {
  const size = Math.abs(value);
  const far = size !== 0 && (size < 1e-6 || size >= 1e7);
  return number(value, {
    ...(far ? { notation: "scientific", maximumFractionDigits: 2 } : SIGNIFICANT),
    ...options,
  });
}

/**
 * The same, with a plus sign for positive values.
 * @param {number} value
 */
export function signed(value) {
  return readable(value, { signDisplay: "exceptZero" });
}

/** @type {Intl.NumberFormatOptions} */
const SIGNIFICANT = {
  maximumSignificantDigits: 3,
  maximumFractionDigits: 0,
  roundingPriority: "morePrecision",
};
