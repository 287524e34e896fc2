/**
 * What crosses between the page and the engine about networks: types and names, no code that does
 * anything. Pairs are [rows, columns]; `null` is what depends on an input size that is not given.
 *
 * @import { Legend, Picture } from "./protocol.js"
 *
 * @typedef {import("../labs/receptive-field/layer-edit.js").Spec} NetworkSpec
 *
 * @typedef {{ name: string, title: string, family: string, year: number, source: string }}
 *   ArchitectureInfo
 *
 * @typedef {object} FieldFormula  size = sizeBefore + (kernel - 1) · dilation · strideBefore
 * @property {string} from  the input with the largest field
 * @property {number} sizeBefore
 * @property {number} kernel
 * @property {number} dilation
 * @property {number} strideBefore
 * @property {number} size
 *
 * @typedef {object} ReceptiveField
 * @property {[number | null, number | null]} size
 * @property {[number | null, number | null]} stride  effective; null too if all positions see the same
 * @property {[number | null, number | null]} padding  effective
 * @property {[boolean, boolean]} everything  whether every position sees the whole input
 * @property {boolean | null} aligned
 * @property {{ axis: "height" | "width", branches: { id: string, stride: number,
 *   centre: number | null, offset: number | null }[] }[]} misaligned
 *
 * @typedef {object} NodeDescription
 * @property {string} id
 * @property {string} op  `input` for the input
 * @property {{ op: string, [option: string]: any } | null} options  all of them, in full forms
 * @property {string[]} from
 * @property {(number | null)[]} shape  [channels, height, width] or [features]
 * @property {number | null} parameters
 * @property {number | null} multiplyAdds
 * @property {number | null} activationBytes
 * @property {ReceptiveField} receptiveField
 * @property {[FieldFormula | null, FieldFormula | null]} formula
 *
 * @typedef {{ origin: [number, number], step: [number, number] }} Lattice  where the positions of a
 *   map lie on the picture, in input pixels
 *
 * @typedef {object} NetworkDescription
 * @property {NodeDescription[]} nodes  the input and the layers, each after its inputs
 * @property {{ layers: number, parameters: number | null, multiplyAdds: number | null,
 *   activationBytes: number | null }} totals
 * @property {(Lattice | null)[]} lattices  of the nodes
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
 * @property {Picture & { legend: Legend }} map  over the picture, at the size of the input
 * @property {[number, number] | null} sd  standard deviation in pixels; null if nothing acts
 * @property {{ pixels: number, share: number, side: number }} area  the fewest pixels that hold
 *   95.45 %; `share` of the field inside the picture; `side` of a square as large
 * @property {Edges | null} mass  that square, around the mean
 * @property {Edges} theoretical
 * @property {number} operations
 */

export {};
