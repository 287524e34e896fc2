/** The compiled wasm, compiled once per page. */
import wasmUrl from "../pkg/cnn_playground_bg.wasm?url";

/** @type {Promise<WebAssembly.Module> | undefined} */
let compiled;

/** @returns {Promise<WebAssembly.Module>} */
export function wasmModule() {
  compiled ??= compile(wasmUrl).catch((error) => {
    compiled = undefined;
    throw error;
  });
  return compiled;
}

/**
 * @param {string} url  an address, or a data: URL in the single file, which asks no network
 * @returns {Promise<WebAssembly.Module>}
 */
async function compile(url) {
  if (url.startsWith("data:")) {
    const text = atob(url.slice(url.indexOf(",") + 1));
    return WebAssembly.compile(Uint8Array.from(text, (character) => character.charCodeAt(0)));
  }
  const response = await fetch(url);
  if (!response.ok) throw new Error(`${response.status} for ${url}`);
  // With a parameter behind the type, as some servers write it, streaming is refused.
  const isWasm = response.headers.get("content-type")?.trim().toLowerCase() === "application/wasm";
  return isWasm
    ? WebAssembly.compileStreaming(response)
    : WebAssembly.compile(await response.arrayBuffer());
}
