/**
 * What the receptive-field lab asks of the core. Pairs are [rows, columns]; `null` is what depends on
 * an input size that is not given.
 *
 * @import { Asked, Contract } from "../../engine/protocol.js"
 * @import * as Core from "../../pkg/receptive_field_lab.js"
 * @import { LegendedPicture, Picture, PictureCalls } from "../shared/core-types.js"
 * @import { Spec } from "./layer-edit.js"
 *
 * @typedef {Spec} NetworkSpec
 * @typedef {Core.ArchitectureInfo} ArchitectureInfo
 * @typedef {Core.ReceptiveField} ReceptiveField
 * @typedef {Core.ReceptiveFieldFormula} FieldFormula
 * @typedef {Core.NetworkDescription["nodes"][number]} NodeDescription
 * @typedef {{ origin: [number, number], step: [number, number] }} Lattice  where the positions of a
 *   map lie on the picture, in input pixels
 * @typedef {Core.NetworkDescription & { lattices: (Lattice | null)[] }} NetworkDescription
 *
 * @typedef {[first: number, last: number]} Span
 * @typedef {{ top: number, left: number, bottom: number, right: number }} Edges  input pixels
 *
 * @typedef {object} FieldRegions  what one position sees
 * @property {{ id: string, rows: Span | null, cols: Span | null, inside: [Span, Span] | null,
 *   edges: Edges | null }[]} nodes  the input first, the node itself last
 * @property {Edges} world  the picture and the fields of all positions
 * @property {{ id: string, rows: Span | null, cols: Span | null }[]} branches  the fields of inputs
 *   that are not aligned
 *
 * @typedef {object} EffectiveFieldOptions
 * @property {string} node
 * @property {[number, number]} position
 * @property {"uniform" | "random"} weights
 * @property {"linear" | "relu"} activation
 * @property {number} seed
 * @property {number} draws
 * @property {"light" | "dark"} theme
 *
 * @typedef {object} EffectiveField  how strongly each pixel acts on one position
 * @property {LegendedPicture} map  over the picture, at the size of the input
 * @property {[number, number] | null} sd  standard deviation in pixels; null if nothing acts
 * @property {{ pixels: number, share: number, side: number }} area  the fewest pixels that hold
 *   95.45 %; `share` of the field inside the picture; `side` of a square as large
 * @property {Edges | null} mass  that square, around the mean
 * @property {Edges} theoretical
 * @property {number} operations
 *
 * @typedef {object} ReceptiveFieldCalls
 * @property {() => ArchitectureInfo[]} architectures
 * @property {(name: string) => NetworkSpec} architecture
 * @property {(spec: NetworkSpec) => NetworkDescription} describe
 * @property {(spec: NetworkSpec, node: string, position: [number, number]) => FieldRegions} regions
 * @property {(spec: NetworkSpec, format: "csv" | "markdown") => string} table
 * @property {(spec: NetworkSpec) => string} pytorch
 * @property {(picture: Picture, spec: NetworkSpec, options: EffectiveFieldOptions) =>
 *   EffectiveField} effective
 *
 * @typedef {Asked<PictureCalls & ReceptiveFieldCalls>} ReceptiveFieldCore
 */
import * as part from "../../pkg/receptive_field_lab.js";

/** @type {Contract<PictureCalls & ReceptiveFieldCalls, part.ReceptiveFieldLab>} */
export const contract = {
  initSync: part.initSync,
  functions: {
    ...part,
    describe: part.receptiveFieldLabDescribe,
    regions: part.receptiveFieldLabRegions,
    table: part.receptiveFieldLabTable,
    pytorch: part.receptiveFieldLabPytorch,
  },
  Lab: part.ReceptiveFieldLab,
  open: (/** @type {Picture} */ { width, height, rgba }) =>
    new part.ReceptiveFieldLab(width, height, rgba),
};
