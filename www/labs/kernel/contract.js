/**
 * What the kernel lab asks of the core.
 *
 * @import { Asked, Contract, MethodCalls } from "../../engine/protocol.js"
 *
 * @typedef {part.FilterInfo} FilterInfo
 * @typedef {part.Frame} Frame
 * @typedef {part.Inspection} Inspection
 * @typedef {part.InspectionResult} InspectionResult
 * @typedef {part.KernelEdit} KernelEdit
 * @typedef {part.KernelFormat} KernelFormat
 * @typedef {part.KernelLabSpec} KernelLabSpec
 * @typedef {part.PaddedInput} PaddedInput
 * @typedef {part.Picture} Picture
 *
 * @typedef {MethodCalls<Picture, part.KernelLab> & Pick<typeof part, "filters" | "filterKernel" |
 *   "editKernel" | "parseKernel" | "parseNumber" | "formatKernel" | "testPattern">} KernelCalls
 * @typedef {Asked<KernelCalls>} KernelCore
 */
import * as part from "../../pkg/kernel_lab.js";

/** @type {Contract<KernelCalls, part.KernelLab>} */
export const contract = {
  initSync: part.initSync,
  functions: part,
  Lab: part.KernelLab,
  open: (/** @type {Picture} */ picture) => new part.KernelLab(picture),
};
