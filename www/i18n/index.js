/**
 * The words and the figures of the page, in the learner's language.
 *
 * Messages are ICU, one flat JSON file for each area and language; numbers follow the
 * language's decimal sign and always carry a real minus sign.
 */
import { signal } from "@preact/signals-core";
import { IntlMessageFormat } from "intl-messageformat";
import { en } from "./en.js";
import { ru } from "./ru.js";

/** @typedef {"en" | "ru"} Language */

/** @type {Record<Language, Record<string, string>>} */
const CATALOGUES = { en: { ...en }, ru: { ...ru } };

/**
 * The languages there are, by code, each under its own name.
 * @type {ReadonlyArray<Readonly<{ code: Language, name: string }>>}
 */
export const LANGUAGES = [
  { code: "en", name: "English" },
  { code: "ru", name: "Русский" },
];

/**
 * The language spoken now. Read it in an effect to follow it; write it by {@link setLanguage}.
 * @type {import("@preact/signals-core").Signal<Language>}
 */
export const language = signal(/** @type {Language} */ ("en"));

/**
 * Adds the words of a lab that is loaded by itself.
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
 * Chooses the language to begin with: the link's, else the saved one, else the browser's
 * first that we speak, else English. Each may be missing or rubbish.
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
 * The message for `key` in the present language, its placeholders filled from `params`.
 *
 * A key that is missing, or a message whose placeholders are not all given, shows the key
 * itself: a defect that can be seen, never an exception on the way to the learner.
 * @param {string} key such as `"lab.undo"`
 * @param {Readonly<Record<string, unknown>>} [params]
 * @returns {string}
 */
export function t(key, params) {
  const code = language.value;
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
 * `value` as written in the present language: decimal comma in Russian, U+2212 for minus,
 * no minus before zero, five digits or more in groups, at most three decimals unless
 * `options` says otherwise.
 * @param {number} value
 * @param {Intl.NumberFormatOptions} [options]
 * @returns {string}
 */
export function number(value, options = {}) {
  return numberFormat(language.value, options).format(value);
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
 * The details of an error in the learner's words: `axis: "height"` becomes the message
 * `error.axis.height`, if there is one, and an error within the error its sentence. The engine
 * writes such words in English.
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
 * The sentence of an error that explains another one.
 * @param {Language} code
 * @param {string} name the error's code
 * @param {any} details
 * @returns {string}
 */
function sentence(code, name, details) {
  const values = /** @type {any} */ (worded(code, details));
  return String(message(code, `error.${name}`)?.format(values) ?? name);
}

/** Most messages have no placeholder: compiling them would cost more than anything else at the start. */
const ICU_SYNTAX = /[{}]|''/;

/** @type {Map<string, IntlMessageFormat>} */
const messages = new Map();

/**
 * Compiled once for each language and key. Angle brackets are letters, not tags.
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

/** Intl writes a hyphen before negative numbers in both our languages; we write a minus. */
class RealMinusFormat extends Intl.NumberFormat {
  /**
   * @override
   * @param {number} value
   */
  format(value) {
    return super.format(value).replaceAll("-", "\u2212");
  }
}

/** What ICU's `{x, number}` and plurals format with: the same figures as {@link number}. */
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
