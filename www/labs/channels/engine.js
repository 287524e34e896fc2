/** @import { ChannelsCore } from "./contract.js" */
import { EngineClient } from "../../engine/client.js";
import wasm from "../../pkg/channels_lab_bg.wasm?url";
import worker from "./worker.js?worker&url";

/** @type {import("../../engine/loader.js").Source} */
const source = {
  wasm,
  worker,
  workerText: () => import("./worker.js?script"),
  contract: () => import("./contract.js"),
};

/**
 * The engine of all channels labs on a page; it starts with the first call.
 * @type {EngineClient<ChannelsCore>}
 */
export const engine = new EngineClient(source);
