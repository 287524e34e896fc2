/**
 * The worker: waits for the compiled wasm, says it is ready, then answers calls.
 *
 * @import { Runner } from "./protocol.js"
 */
import { expose, transfer } from "comlink";
import { createRunner, instantiate } from "./core.js";

addEventListener("message", start, { once: true });

/** @param {MessageEvent<WebAssembly.Module>} event */
function start({ data: module }) {
  instantiate(module);
  const { run, keepPicture, dropPicture } = createRunner();
  /** @type {Runner} */
  const runner = {
    run: (name, args) => {
      const reply = run(name, args);
      return transfer(reply, buffersOf(reply));
    },
    keepPicture,
    dropPicture,
  };
  expose(runner);
  postMessage("ready");
}

/**
 * Every array buffer in a reply: they are moved to the page, not copied.
 * @param {unknown} value
 * @returns {ArrayBuffer[]}
 */
function buffersOf(value) {
  if (typeof value !== "object" || value === null) return [];
  if (ArrayBuffer.isView(value)) return [/** @type {ArrayBuffer} */ (value.buffer)];
  return Object.values(value).flatMap(buffersOf);
}
