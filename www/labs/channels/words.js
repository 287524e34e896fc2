/** The messages of the channels lab, loaded with it, and how it writes its numbers. */
import { html } from "lit";
import { addMessages, number } from "../../i18n/index.js";
import en from "./en.json" with { type: "json" };
import ru from "./ru.json" with { type: "json" };

addMessages({ en, ru });

const TWO = { minimumFractionDigits: 2, maximumFractionDigits: 2, signDisplay: "exceptZero" };

/** A number with its sign, in the sign's colour. @param {number} value */
export function signed(value) {
  const text = number(value, /** @type {Intl.NumberFormatOptions} */ (TWO));
  const look = value > 0 ? "positive" : value < 0 ? "negative" : "zero";
  return html`<span class=${`signed ${look}`}>${text}</span>`;
}
