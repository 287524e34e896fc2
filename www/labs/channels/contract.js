/**
 * What the channels lab asks of the core.
 *
 * @import { Asked, Contract, MethodCalls } from "../../engine/protocol.js"
 *
 * @typedef {part.Apart} Apart
 * @typedef {part.ChannelsFilter} Filter
 * @typedef {part.ChannelsLabSpec} Spec
 * @typedef {part.ChannelsPreset} Preset
 * @typedef {part.Cost} Cost
 * @typedef {part.DepthSlide} DepthSlide
 * @typedef {part.Groups} Groups
 * @typedef {part.GroupsSpec} GroupsSpec
 * @typedef {part.Inspection} Inspection
 * @typedef {part.KernelEdit} KernelEdit
 * @typedef {part.KernelFormat} KernelFormat
 * @typedef {part.LegendedPicture} LegendedPicture
 * @typedef {part.Line} Line
 * @typedef {part.Output} Output
 * @typedef {part.Picture} Picture
 * @typedef {part.Planes} Planes
 * @typedef {part.SobelComparison} SobelComparison
 *
 * @typedef {MethodCalls<Picture, part.ChannelsLab> & Pick<typeof part, "channelPresets" |
 *   "depthSlide" | "editKernel" | "filterLooks" | "findColor" | "formatKernel" | "formatWeights" |
 *   "parseKernel" | "parseNumber" | "parseWeights" | "testPattern">} ChannelsCalls
 * @typedef {Asked<ChannelsCalls>} ChannelsCore
 */
import * as part from "../../pkg/channels_lab.js";

/** @type {Contract<ChannelsCalls, part.ChannelsLab>} */
export const contract = {
  initSync: part.initSync,
  functions: part,
  Lab: part.ChannelsLab,
  open: (/** @type {Picture} */ picture) => new part.ChannelsLab(picture),
};
