/** The worker's side of a channel. */
import { expose, transfer } from "comlink";
import { createRunner } from "./runner.js";

/**
 * Says that the worker has started, then answers calls.
 * @param {import("./protocol.js").Contract<any, any>} contract
 */
export function serve(contract) {
  const { load, run } = createRunner(contract);
  /** @type {import("./protocol.js").Runner} */
  const runner = {
    load,
    run: (call) => {
      const reply = run(call);
      return transfer(reply, buffersOf(reply));
    },
  };
  expose(runner);
  postMessage("started");
}

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
