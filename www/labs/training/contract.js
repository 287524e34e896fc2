/**
 * What the training lab asks of the core.
 *
 * @import { Asked, Contract, MethodCalls } from "../../engine/protocol.js"
 *
 * @typedef {part.Inside} Inside
 * @typedef {part.LayerState} LayerState
 * @typedef {part.Mistake} Mistake
 * @typedef {part.Picture} Picture
 * @typedef {part.Progress} Progress
 * @typedef {part.RateChange} RateChange
 * @typedef {part.RunFacts} RunFacts
 * @typedef {part.RunRecord} RunRecord
 * @typedef {part.RunSettings} RunSettings
 * @typedef {part.RunSpec} RunSpec
 * @typedef {part.SketchAnswer} SketchAnswer
 * @typedef {part.Slowly} Slowly
 * @typedef {part.SlowQuestion} SlowQuestion
 * @typedef {part.Spread} Spread
 *
 * @typedef {MethodCalls<RunSettings, part.TrainingLab> & Pick<typeof part, "plannedRates" |
 *   "spread">} TrainingCalls
 * @typedef {Asked<TrainingCalls>} TrainingCore
 */
import * as part from "../../pkg/training_lab.js";

/** @type {Contract<TrainingCalls, part.TrainingLab>} */
export const contract = {
  initSync: part.initSync,
  functions: part,
  Lab: part.TrainingLab,
  open: (/** @type {RunSettings} */ settings) => new part.TrainingLab(settings),
};
