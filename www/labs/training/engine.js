/** @import { TrainingCore } from "./contract.js" */
import { EngineClient } from "../../engine/client.js";
import wasm from "../../pkg/training_lab_bg.wasm?url";
import worker from "./worker.js?worker&url";

/** @type {import("../../engine/loader.js").Source} */
const source = {
  wasm,
  worker,
  workerText: () => import("./worker.js?script"),
  contract: () => import("./contract.js"),
};

/** Runs at the same time; one core is left to the page. */
const COUNT = Math.max(1, Math.min(4, (globalThis.navigator?.hardwareConcurrency || 2) - 1));

/**
 * The engines of all training labs on a page. Each starts with its first call; runs take turns on
 * them.
 * @type {EngineClient<TrainingCore>[]}
 */
export const engines = Array.from({ length: COUNT }, () => new EngineClient(source));

/** The one that is started first. */
export const [engine] = engines;
