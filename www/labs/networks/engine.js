/** @import { NetworksCore } from "./contract.js" */
import { EngineClient } from "../../engine/client.js";
import wasm from "../../pkg/networks_lab_bg.wasm?url";
import worker from "./worker.js?worker&url";

/** @type {import("../../engine/loader.js").Source} */
const source = {
  wasm,
  worker,
  workerText: () => import("./worker.js?script"),
  contract: () => import("./contract.js"),
};

/**
 * The engine of all networks labs on a page; it starts with the first call.
 * @type {EngineClient<NetworksCore>}
 */
export const engine = new EngineClient(source);
