/**
 * What the networks lab asks of the core. Its object is made of the weights' bytes, so a call that
 * needs the trained network takes these first.
 *
 * @import { Asked, Contract, MethodCalls } from "../../engine/protocol.js"
 *
 * @typedef {part.Architecture} Architecture
 * @typedef {part.ArchitectureStage} ArchitectureStage
 * @typedef {part.ChannelsOff} ChannelsOff
 * @typedef {part.Explanation} Explanation
 * @typedef {part.FieldOnInput} FieldOnInput
 * @typedef {part.LegendedPicture} LegendedPicture
 * @typedef {part.MapSheet} MapSheet
 * @typedef {part.MapView} MapView
 * @typedef {part.NetworkAnswer} NetworkAnswer
 * @typedef {part.Picture} Picture
 * @typedef {part.PictureChange} PictureChange
 * @typedef {part.ShownLayer} ShownLayer
 * @typedef {part.WeightsReport} WeightsReport
 *
 * @typedef {MethodCalls<Uint8Array<ArrayBuffer>, part.NetworksLab> & Pick<typeof part,
 *   "comparedArchitectures" | "fieldOnInput" | "networkLayers" | "testPattern" | "weightsReport">} NetworksCalls
 * @typedef {Asked<NetworksCalls>} NetworksCore
 */
import * as part from "../../pkg/networks_lab.js";

/** @type {Contract<NetworksCalls, part.NetworksLab>} */
export const contract = {
  initSync: part.initSync,
  functions: part,
  Lab: part.NetworksLab,
  open: (/** @type {Uint8Array<ArrayBuffer>} */ weights) => new part.NetworksLab(weights),
};
