/**
 * Opens a channel to an engine by one of the ways that a page may allow.
 *
 * @import { Runner } from "./protocol.js"
 */
import { wrap } from "comlink";
import { trustedScriptUrl } from "./trusted-script-url.js";
import workerUrl from "./worker.js?worker&url";

/**
 * @typedef {object} Channel
 * @property {Runner} runner  may be called at once: calls wait until the engine has started
 * @property {Promise<unknown>} started  rejects if the engine cannot start this way
 * @property {Promise<never>} crashed  rejects when the worker dies on its own
 * @property {() => void} close
 * @property {"module worker" | "classic worker" | "main thread"} kind
 */

/**
 * The ways, best first: a module worker by URL, a classic worker from a Blob (the only one under
 * `file://` and in a sandboxed frame), this very thread. The last one always works.
 *
 * @type {ReadonlyArray<() => Promise<Channel>>}
 */
export const RUNGS = [
  async () => channel("module worker", moduleWorker()),
  async () => channel("classic worker", await classicWorker()),
  mainThread,
];

function moduleWorker() {
  if (__SINGLE_FILE__) throw new Error("a single file has no second file to start a worker from");
  return new Worker(trustedScriptUrl(workerUrl), { type: "module" });
}

async function classicWorker() {
  const { default: source } = await import("./worker.js?script");
  const url = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
  try {
    return new Worker(trustedScriptUrl(url));
  } finally {
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}

/**
 * @param {Channel["kind"]} kind
 * @param {Worker} worker
 * @returns {Channel}
 */
function channel(kind, worker) {
  const spoken = new Promise((resolve) => {
    worker.addEventListener("message", resolve, { once: true });
  });
  const crashed = /** @type {Promise<never>} */ (
    new Promise((_, reject) => {
      worker.addEventListener("error", reject);
      worker.addEventListener("messageerror", reject);
    })
  );
  const started = Promise.race([spoken, crashed]);
  // Who waits for neither needs not be told.
  for (const failing of [crashed, started]) failing.catch(() => {});
  return {
    runner: /** @type {Runner} */ (/** @type {unknown} */ (wrap(worker))),
    started,
    crashed,
    close: () => worker.terminate(),
    kind,
  };
}

/** @returns {Promise<Channel>} */
async function mainThread() {
  const { createRunner } = await import("./core.js");
  return {
    runner: createRunner(),
    started: Promise.resolve(),
    crashed: new Promise(() => {}),
    close: () => {},
    kind: "main thread",
  };
}
