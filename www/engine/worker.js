/**
 * The worker: says that it has started, then answers calls.
 *
 * @import { Runner } from "./protocol.js"
 */
import { expose, transfer } from "comlink";
import { createRunner } from "./core.js";

const { run, ...others } = createRunner();

/** @type {Runner} */
const runner = {
  ...others,
  run: (name, args) => {
    const reply = run(name, args);
    return transfer(reply, buffersOf(reply));
  },
};

expose(runner);
postMessage("started");

/**
 * Every array buffer in a reply: they are moved to the page, not copied.
 * @param {unknown} value
 * @returns {ArrayBuffer[]}
 */
function buffersOf(value) {
  if (typeof value !== "object" || value === null) return [];
  if (ArrayBuffer.isView(value)) return [/** @type {ArrayBuffer} */ (value.buffer)];
  if (value instanceof ImageData) return [value.data.buffer];
  return Object.values(value).flatMap(buffersOf);
}
