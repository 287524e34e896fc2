/**
 * Opens a channel to an engine by the first way that this page allows: a module worker by URL, a
 * classic worker from a Blob (the only one under `file://` and in a sandboxed frame), or this very
 * thread.
 *
 * @import { Runner } from "./protocol.js"
 */
import { wrap } from "comlink";
import { trustedScriptUrl } from "./trusted-script-url.js";
import { wasmModule } from "./wasm-module.js";
import workerUrl from "./worker.js?worker&url";

/**
 * @typedef {object} Channel
 * @property {Runner} runner
 * @property {Promise<never>} crashed  rejects when the worker dies on its own
 * @property {() => void} close
 * @property {"module worker" | "classic worker" | "main thread"} kind
 */

/** @returns {Promise<Channel>} */
export async function openChannel() {
  // A worker starts while the wasm is still being compiled.
  const module = wasmModule();
  return (
    (await tryWorker(module, "module worker", moduleWorker)) ??
    (await tryWorker(module, "classic worker", classicWorker)) ??
    (await mainThread(module))
  );
}

/** @returns {Promise<Worker>} */
async function moduleWorker() {
  if (__SINGLE_FILE__) throw new Error("a single file has no second file to start a worker from");
  return new Worker(trustedScriptUrl(workerUrl), { type: "module" });
}

/** @returns {Promise<Worker>} */
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
 * @param {Promise<WebAssembly.Module>} module
 * @param {Channel["kind"]} kind
 * @param {() => Promise<Worker>} create
 * @returns {Promise<Channel | null>}
 */
async function tryWorker(module, kind, create) {
  let worker;
  try {
    worker = await create();
    await started(worker, module);
  } catch {
    worker?.terminate();
    return null;
  }
  const running = worker;
  const crashed = /** @type {Promise<never>} */ (
    new Promise((_, reject) => {
      running.addEventListener("error", reject);
      running.addEventListener("messageerror", reject);
    })
  );
  crashed.catch(() => {});
  const runner = /** @type {Runner} */ (/** @type {unknown} */ (wrap(running)));
  return { runner, crashed, close: () => running.terminate(), kind };
}

/**
 * Resolves when the worker has said that it is ready.
 * @param {Worker} worker
 * @param {Promise<WebAssembly.Module>} module
 */
async function started(worker, module) {
  const ready = new Promise((resolve, reject) => {
    worker.addEventListener("message", resolve, { once: true });
    worker.addEventListener("error", reject, { once: true });
  });
  await Promise.all([ready, module.then((compiled) => worker.postMessage(compiled))]);
}

/**
 * @param {Promise<WebAssembly.Module>} module
 * @returns {Promise<Channel>}
 */
async function mainThread(module) {
  const { createRunner, instantiate } = await import("./core.js");
  instantiate(await module);
  return {
    runner: createRunner(),
    crashed: new Promise(() => {}),
    close: () => {},
    kind: "main thread",
  };
}
