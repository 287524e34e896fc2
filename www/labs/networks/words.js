/** The messages of the networks lab, loaded with it, and how it writes its numbers. */
import { addMessages, number } from "../../i18n/index.js";
import en from "./en.json" with { type: "json" };
import ru from "./ru.json" with { type: "json" };

addMessages({ en, ru });

/**
 * A probability.
 * @param {number} share  0 to 1
 * @param {number} [digits]  behind the point
 */
export function percent(share, digits = 1) {
  return number(share, {
    style: "percent",
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** A large count in thousands or millions. @param {number} count */
export function counted(count) {
  return number(count, { notation: "compact", maximumSignificantDigits: 3 });
}

/** Bytes in megabytes. @param {number} bytes */
export function megabytes(bytes) {
  return number(bytes / 1e6, {
    style: "unit",
    unit: "megabyte",
    minimumFractionDigits: 1,
    maximumFractionDigits: 1,
  });
}
