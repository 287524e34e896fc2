/**
 * What this browser remembers between visits: preferences and the uploaded picture.
 *
 * A browser may forbid any of it (private windows, sandboxed frames, files opened from disk); then
 * nothing is remembered, and everything else works.
 */
import { createStore, get, set } from "idb-keyval";

/** @typedef {"auto" | "light" | "dark"} Theme */

const THEME = "cnn-playground.theme";
const LANGUAGE = "cnn-playground.language";
const UPLOAD = "upload";

/** @returns {Theme} `auto` if none is saved */
export function loadTheme() {
  const kept = load(THEME);
  return kept === "light" || kept === "dark" ? kept : "auto";
}

/**
 * @param {Theme} theme
 * @returns {boolean} whether it was saved
 */
export function saveTheme(theme) {
  return save(THEME, theme);
}

/** @returns {string | undefined} as saved, for `detectLanguage` */
export function loadLanguage() {
  return load(LANGUAGE);
}

/**
 * @param {string} code
 * @returns {boolean} whether it was saved
 */
export function saveLanguage(code) {
  return save(LANGUAGE, code);
}

/**
 * Saves the uploaded picture's file, replacing the previous one.
 * @param {Blob} file
 * @returns {Promise<boolean>} whether it was saved
 */
export async function saveUpload(file) {
  try {
    await set(UPLOAD, file, database());
    return true;
  } catch {
    return false;
  }
}

/** @returns {Promise<Blob | undefined>} the last file saved, if any */
export async function loadUpload() {
  try {
    const kept = await get(UPLOAD, database());
    return kept instanceof Blob ? kept : undefined;
  } catch {
    return undefined;
  }
}

/** @type {import("idb-keyval").UseStore | undefined} */
let opened;

/** @throws where the browser forbids databases */
function database() {
  opened ??= createStore("cnn-playground", "pictures");
  return opened;
}

/** @param {string} key */
function load(key) {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * @param {string} key
 * @param {string} value
 */
function save(key, value) {
  try {
    localStorage.setItem(key, value);
    return true;
  } catch {
    return false;
  }
}
