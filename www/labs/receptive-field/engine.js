/** @import { ReceptiveFieldCore } from "./contract.js" */
import { EngineClient } from "../../engine/client.js";
import wasm from "../../pkg/receptive_field_lab_bg.wasm?url";
import worker from "./worker.js?worker&url";

/** @type {import("../../engine/loader.js").Source} */
const source = {
  wasm,
  worker,
  workerText: () => import("./worker.js?script"),
  contract: () => import("./contract.js"),
};

/**
 * The engine of all receptive-field labs on a page; it starts with the first call.
 * @type {EngineClient<ReceptiveFieldCore>}
 */
export const engine = new EngineClient(source);

/**
 * Another one for what takes seconds, so that nothing else waits for it.
 * @type {EngineClient<ReceptiveFieldCore>}
 */
export const slowEngine = new EngineClient(source);
