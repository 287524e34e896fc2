import { number } from "../../i18n/index.js";

/**
 * A computed value rounded for reading: three significant digits, but never fewer than the integer
 * part has.
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 */
export function readable(value, options) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-6 || size >= 1e7)) {
    const exponent = Math.floor(Math.log10(size));
    const digits = number(value / 10 ** exponent, { maximumFractionDigits: 2, ...options });
    return `${digits} · ${powerOfTen(exponent)}`;
  }
  return number(value, { ...SIGNIFICANT, ...options });
}

/**
 * Ten to a whole power, with raised digits.
 * @param {number} exponent
 */
export function powerOfTen(exponent) {
  const raised = [...String(exponent)].map((sign) => (sign === "-" ? "⁻" : RAISED[Number(sign)]));
  return `10${raised.join("")}`;
}

const RAISED = "⁰¹²³⁴⁵⁶⁷⁸⁹";

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
