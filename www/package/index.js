/**
 * The plain functions of the engine, for notebooks, slides and Node.
 *
 * Importing has no side effect; call {@link ready} once before anything else.
 */
import { instantiate } from "../engine/core.js";

export { conv2d, filter, filters } from "../engine/core.js";

/** @type {Promise<void> | undefined} */
let started;

/**
 * Loads the WebAssembly module that lies beside this file, or the one given.
 *
 * @param {URL | BufferSource | WebAssembly.Module} [source]  where else to take it from
 * @returns {Promise<void>}  the same promise at every call
 */
export function ready(source) {
  started ??= start(
    source ?? new URL(/* @vite-ignore */ "./cnn_playground_bg.wasm", import.meta.url),
  );
  return started;
}

/** @param {URL | BufferSource | WebAssembly.Module} source */
async function start(source) {
  if (source instanceof WebAssembly.Module) return instantiate(source);
  const bytes = source instanceof URL ? await read(source) : source;
  instantiate(await WebAssembly.compile(bytes));
}

/**
 * @param {URL} url
 * @returns {Promise<BufferSource>}
 */
async function read(url) {
  if (url.protocol === "file:") {
    const { readFile } = await import("node:fs/promises");
    return readFile(url);
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  return response.arrayBuffer();
}
