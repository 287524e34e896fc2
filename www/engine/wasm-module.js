/**
 * The compiled wasm, each part compiled once per page.
 *
 * @import { Part } from "./protocol.js"
 */
import networksUrl from "../pkg/cnn_networks_bg.wasm?url";
import kernelUrl from "../pkg/cnn_playground_bg.wasm?url";

/** @type {Record<Part, string>} */
const URLS = { kernel: kernelUrl, networks: networksUrl };

/** @type {Map<Part, Promise<WebAssembly.Module>>} */
const compiled = new Map();

/**
 * @param {Part} part
 * @returns {Promise<WebAssembly.Module>}
 */
export function wasmModule(part) {
  const known = compiled.get(part);
  if (known) return known;
  const compiling = compile(URLS[part]);
  compiled.set(part, compiling);
  compiling.catch(() => compiled.delete(part));
  return compiling;
}

/**
 * @param {string} url  an address, or compressed data in the single file, which asks no network
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(url) {
  if (url.startsWith("data:")) return WebAssembly.compile(await unpacked(url));
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  // With a parameter behind the type, as some servers write it, streaming is refused.
  const isWasm = response.headers.get("content-type")?.trim().toLowerCase() === "application/wasm";
  return isWasm
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}

/**
 * @param {string} url  with bytes in base64, compressed by gzip
 * @returns {Promise<ArrayBuffer>}
 */
function unpacked(url) {
  const text = atob(url.slice(url.indexOf(",") + 1));
  const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return new Response(stream).arrayBuffer();
}
