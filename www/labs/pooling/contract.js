/**
 * What the pooling lab asks of the core.
 *
 * @import { Asked, Contract, MethodCalls } from "../../engine/protocol.js"
 *
 * @typedef {part.Picture} Picture
 * @typedef {part.PoolingLabSpec} Spec
 * @typedef {part.PoolingFrame} Frame
 * @typedef {part.PoolingInspection} Inspection
 * @typedef {part.PoolingGradient} Gradient
 * @typedef {part.PoolingRestored} Restored
 * @typedef {part.PoolingSavings} Savings
 * @typedef {part.Change} Change
 * @typedef {part.PoolingShifted} Shifted
 * @typedef {part.PoolingCurve} Curve
 *
 * @typedef {MethodCalls<Picture, part.PoolingLab> & Pick<typeof part, "testPattern">} PoolingCalls
 * @typedef {Asked<PoolingCalls>} PoolingCore
 */
import * as part from "../../pkg/pooling_lab.js";

/** @type {Contract<PoolingCalls, part.PoolingLab>} */
export const contract = {
  initSync: part.initSync,
  functions: part,
  Lab: part.PoolingLab,
  open: (/** @type {Picture} */ picture) => new part.PoolingLab(picture),
};
