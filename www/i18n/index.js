/**
 * The page's text and numbers in the learner's language.
 *
 * Messages are in ICU format, one flat JSON file per area and language; numbers use the language's
 * decimal sign and always a real minus sign.
 */
import { signal } from "@preact/signals-core";
import { IntlMessageFormat } from "intl-messageformat";
import { en } from "./en.js";
import { ru } from "./ru.js";

/** @typedef {"en" | "ru"} Language */

/** @type {Record<Language, Record<string, string>>} */
const CATALOGUES = { en: { ...en }, ru: { ...ru } };

/**
 * The languages by code, each with its own name.
 * @type {ReadonlyArray<Readonly<{ code: Language, name: string }>>}
 */
export const LANGUAGES = [
  { code: "en", name: "English" },
  { code: "ru", name: "Русский" },
];

/**
 * The language of the page, in which all is written that has none of its own. Read it in an effect to follow it; set it with {@link setLanguage}.
 * @type {import("@preact/signals-core").Signal<Language>}
 */
export const language = signal(/** @type {Language} */ ("en"));

/** The language of the element at work, if it has its own. @type {Language | undefined} */
let own;

/**
 * Counts the changes of elements' own languages, for which what is inside them renders again.
 * @type {import("@preact/signals-core").Signal<number>}
 */
export const ownLanguages = signal(0);

/** The language that {@link t} and {@link number} write in at this moment. */
export function currentLanguage() {
  return own ?? language.value;
}

/**
 * Does something in a language of its own, or, if `code` is none, in that of the page.
 * @template T
 * @param {unknown} code
 * @param {() => T} act  not asynchronous
 * @returns {T}
 */
export function inLanguage(code, act) {
  const outer = own;
  own = supported(code);
  try {
    return act();
  } finally {
    own = outer;
  }
}

/**
 * Adds the messages of a lab that is loaded separately.
 * @param {Record<Language, Readonly<Record<string, string>>>} words  by language and key
 */
export function addMessages(words) {
  for (const { code } of LANGUAGES) Object.assign(CATALOGUES[code], words[code]);
}

/**
 * Changes the language of everything on the page. An unknown code changes nothing.
 * @param {string} code such as `"ru"` or `"ru-RU"`
 */
export function setLanguage(code) {
  language.value = supported(code) ?? language.value;
}

/**
 * Chooses the initial language: the link's, else the saved one, else the first of the browser's
 * that is supported, else English. Each may be missing or invalid.
 * @param {object} [sources]
 * @param {unknown} [sources.link] code from a permalink
 * @param {unknown} [sources.saved] code kept from the last visit
 * @param {{ languages?: readonly string[] }} [sources.navigator]
 * @returns {Language}
 */
export function detectLanguage({ link, saved, navigator } = {}) {
  const wishes = [link, saved, ...(navigator?.languages ?? [])];
  return wishes.map(supported).find((code) => code !== undefined) ?? "en";
}

/**
 * The message for `key` in the {@link currentLanguage}, its placeholders filled from `params`.
 *
 * If the key is missing or a placeholder is not given, the key itself is returned: a visible defect
 * instead of an exception.
 * @param {string} key such as `"lab.undo"`
 * @param {Readonly<Record<string, unknown>>} [params]
 * @returns {string}
 */
export function t(key, params) {
  const code = currentLanguage();
  const text = Object.hasOwn(CATALOGUES[code], key) ? CATALOGUES[code][key] : key;
  if (!ICU_SYNTAX.test(text)) return text;
  try {
    const values = key.startsWith("error.") ? worded(code, params) : params;
    return String(message(code, key)?.format(/** @type {any} */ (values)) ?? key);
  } catch {
    return key;
  }
}

/**
 * Formats `value` for the current language: decimal comma in Russian, U+2212 for minus, no minus
 * before zero, grouping from five digits on, at most three decimals unless `options` says
 * otherwise.
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 * @returns {string}
 */
export function number(value, options = {}) {
  return numberFormat(currentLanguage(), options).format(value);
}

/**
 * @param {unknown} code
 * @returns {Language | undefined}
 */
function supported(code) {
  if (typeof code !== "string") return undefined;
  const base = code.slice(0, 2).toLowerCase();
  const rest = code.slice(2, 3);
  if (rest !== "" && rest !== "-" && rest !== "_") return undefined;
  return LANGUAGES.find((known) => known.code === base)?.code;
}

/**
 * Translates the details of an error, which the engine writes in English: `axis: "height"` becomes
 * the message `error.axis.height`, if there is one, and a nested error becomes its sentence.
 * @param {Language} code
 * @param {Readonly<Record<string, unknown>>} [details]
 * @returns {Record<string, unknown>}
 */
function worded(code, details = {}) {
  const entries = Object.entries(details).map(([name, value]) => {
    const inner = /** @type {{ code?: unknown } | null | undefined} */ (value)?.code;
    if (typeof inner === "string") return [name, sentence(code, inner, value)];
    const word = typeof value === "string" ? message(code, `error.${name}.${value}`) : undefined;
    return [name, word?.format() ?? value];
  });
  return Object.fromEntries(entries);
}

/**
 * The sentence of a nested error.
 * @param {Language} code
 * @param {string} name the error's code
 * @param {any} details
 * @returns {string}
 */
function sentence(code, name, details) {
  const values = /** @type {any} */ (worded(code, details));
  return String(message(code, `error.${name}`)?.format(values) ?? name);
}

/** Most messages have no placeholder, and compiling them would dominate the start-up time. */
const ICU_SYNTAX = /[{}]|''/;

/** @type {Map<string, IntlMessageFormat>} */
const messages = new Map();

/**
 * Compiled once per language and key. Angle brackets are plain text, not tags.
 * @param {Language} code
 * @param {string} key
 */
function message(code, key) {
  const id = `${code} ${key}`;
  const found = messages.get(id);
  if (found || !Object.hasOwn(CATALOGUES[code], key)) return found;
  const compiled = new IntlMessageFormat(CATALOGUES[code][key], code, undefined, {
    ignoreTag: true,
    formatters: FORMATTERS,
  });
  messages.set(id, compiled);
  return compiled;
}

/** @type {Map<string, Intl.NumberFormat>} */
const numberFormats = new Map();

/**
 * @param {string} code
 * @param {Intl.NumberFormatOptions} options
 */
function numberFormat(code, options) {
  const id = code + JSON.stringify(options);
  const found = numberFormats.get(id);
  if (found) return found;
  const format = new RealMinusFormat(code, {
    useGrouping: "min2",
    signDisplay: "negative",
    ...options,
  });
  numberFormats.set(id, format);
  return format;
}

/** Intl writes a hyphen before negative numbers in both languages; the page writes a minus sign. */
class RealMinusFormat extends Intl.NumberFormat {
  /**
   * @override
   * @param {number} value
   */
  format(value) {
    return super.format(value).replaceAll("-", "\u2212");
  }
}

/** Formatters for ICU's `{x, number}` and plurals: the same output as {@link number}. */
const FORMATTERS = {
  /**
   * @param {string | string[]} [locales]
   * @param {object} [options]
   */
  getNumberFormat: (locales, options) => numberFormat(String(locales), options ?? {}),
  /** @param {ConstructorParameters<typeof Intl.DateTimeFormat>} options */
  getDateTimeFormat: (...options) => new Intl.DateTimeFormat(...options),
  /** @param {ConstructorParameters<typeof Intl.PluralRules>} options */
  getPluralRules: (...options) => new Intl.PluralRules(...options),
};
