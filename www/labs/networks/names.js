/** The names of the 1,000 classes, loaded with the first answer. */
import { signal } from "@preact/signals-core";
import { language } from "../../i18n/index.js";

/** @typedef {import("../../i18n/index.js").Language} Language */

/** @type {Record<Language, () => Promise<{ default: readonly string[] }>>} */
const LOADERS = {
  en: () => import("./names/en.json"),
  ru: () => import("./names/ru.json"),
};

/** @type {import("@preact/signals-core").Signal<Partial<Record<Language, readonly string[]>>>} */
export const names = signal({});

/** Loads the names of the current language, once. */
export async function loadNames() {
  const code = language.value;
  if (names.peek()[code]) return;
  try {
    const { default: list } = await LOADERS[code]();
    names.value = { ...names.peek(), [code]: list };
  } catch {
    // Until the file can be reached, classes are numbers.
  }
}

/** The name of a class; its number until the names are there. @param {number} index */
export function className(index) {
  return names.value[language.value]?.[index] ?? `#${index}`;
}
