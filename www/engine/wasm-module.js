/** Compiled wasm, each module compiled once per page. */

/** @type {Map<string, Promise<WebAssembly.Module>>}  by address */
const compiled = new Map();

/**
 * @param {string} url  an address, or compressed data in the single file, which asks no network
 * @returns {Promise<WebAssembly.Module>}
 */
export function wasmModule(url) {
  const known = compiled.get(url);
  if (known) return known;
  const compiling = compile(url);
  compiled.set(url, compiling);
  compiling.catch(() => compiled.delete(url));
  return compiling;
}

/**
 * @param {string} url
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
