/**
 * What the receptive-field lab asks of the core. Pairs are [rows, columns]; `null` is what depends on
 * an input size that is not given.
 *
 * @import { Asked, Contract, MethodCalls } from "../../engine/protocol.js"
 *
 * @typedef {part.Picture} Picture
 * @typedef {import("./layer-edit.js").Spec} NetworkSpec
 * @typedef {part.ArchitectureInfo} ArchitectureInfo
 * @typedef {part.ReceptiveField} ReceptiveField
 * @typedef {part.ReceptiveFieldFormula} FieldFormula
 * @typedef {part.LatticedDescription} NetworkDescription
 * @typedef {NetworkDescription["nodes"][number]} NodeDescription
 * @typedef {part.Lattice} Lattice
 * @typedef {part.Edges} Edges
 * @typedef {part.FieldRegions} FieldRegions
 * @typedef {part.EffectiveFieldOptions} EffectiveFieldOptions
 * @typedef {part.EffectiveField} EffectiveField
 */
import * as part from "../../pkg/receptive_field_lab.js";

const { testPattern, architectures, architecture } = part;

const functions = {
  testPattern,
  architectures,
  architecture,
  describe: part.receptiveFieldLabDescribe,
  regions: part.receptiveFieldLabRegions,
  table: part.receptiveFieldLabTable,
  pytorch: part.receptiveFieldLabPytorch,
};

/**
 * @typedef {MethodCalls<Picture, part.ReceptiveFieldLab> & typeof functions} ReceptiveFieldCalls
 * @typedef {Asked<ReceptiveFieldCalls>} ReceptiveFieldCore
 */

/** @type {Contract<ReceptiveFieldCalls, part.ReceptiveFieldLab>} */
export const contract = {
  initSync: part.initSync,
  functions,
  Lab: part.ReceptiveFieldLab,
  open: (/** @type {Picture} */ picture) => new part.ReceptiveFieldLab(picture),
};
