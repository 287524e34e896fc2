/**
 * Opens a channel to an engine in one of the ways that a page may allow.
 *
 * @import { Contract, Runner } from "./protocol.js"
 */
import { wrap } from "comlink";
import { trustedScriptUrl } from "./trusted-script-url.js";

/**
 * @typedef {object} Source  where a lab's engine comes from
 * @property {string} wasm  address of its part
 * @property {string} worker  address of its module worker; "" in a single file, which has none
 * @property {() => Promise<{ default: string }>} workerText  the same as the text of a classic script
 * @property {() => Promise<{ contract: Contract<any, any> }>} contract  for the page's own thread
 *
 * @typedef {object} Channel
 * @property {Runner} runner  may be called at once: calls wait until the engine has started
 * @property {Promise<unknown>} started  rejects if the engine cannot start this way
 * @property {Promise<never>} crashed  rejects when the worker dies on its own
 * @property {() => void} close
 */

/**
 * The ways, best first: a module worker by URL, a classic worker from a Blob (the only one under
 * `file://` and in a sandboxed frame), this very thread. The last one always works.
 *
 * @type {ReadonlyArray<(source: Source) => Promise<Channel>>}
 */
export const FALLBACKS = [
  async ({ worker }) => channel(moduleWorker(worker)),
  async ({ workerText }) => channel(await classicWorker(workerText)),
  async ({ contract }) => mainThread(contract),
];

/** @param {Source["worker"]} url */
function moduleWorker(url) {
  if (!url) throw new Error("a single file has no second file to start a worker from");
  return new Worker(trustedScriptUrl(url), { type: "module" });
}

/** @param {Source["workerText"]} text */
async function classicWorker(text) {
  const { default: script } = await text();
  const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  try {
    return new Worker(trustedScriptUrl(url));
  } finally {
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  }
}

/**
 * @param {Worker} worker
 * @returns {Channel}
 */
function channel(worker) {
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
  // Avoid unhandled rejections when nobody awaits these.
  for (const failing of [crashed, started]) failing.catch(() => {});
  return {
    runner: /** @type {Runner} */ (/** @type {unknown} */ (wrap(worker))),
    started,
    crashed,
    close: () => worker.terminate(),
  };
}

/**
 * @param {Source["contract"]} load
 * @returns {Promise<Channel>}
 */
async function mainThread(load) {
  const [{ createRunner }, { contract }] = await Promise.all([import("./runner.js"), load()]);
  return {
    runner: createRunner(contract),
    started: Promise.resolve(),
    crashed: new Promise(() => {}),
    close: () => {},
  };
}
