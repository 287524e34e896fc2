/**
 * What the kernel lab asks of the core.
 *
 * @import { Asked, Contract } from "../../engine/protocol.js"
 * @import { FilterInfo } from "../../pkg/kernel_lab.js"
 * @import { Cells, Display, ExtentFormula, Legend, Picture, PictureCalls, Sides }
 *   from "../shared/core-types.js"
 *
 * @typedef {object} KernelLabSpec  what decides the kernel lab's output, next to its picture
 * @property {number[][]} kernel
 * @property {"grey" | "color"} color
 * @property {"valid" | "same" | "full" | Sides} padding
 * @property {"zeros" | "reflect" | "replicate" | "circular"} paddingMode
 * @property {[number, number]} stride  [rows, columns]
 * @property {[number, number]} dilation  [rows, columns]
 * @property {number} bias
 * @property {boolean} flipKernel
 * @property {boolean} relu
 * @property {Display} display
 * @property {"light" | "dark"} theme
 *
 * @typedef {object} Frame  the kernel lab's output
 * @property {number} width
 * @property {number} height
 * @property {number} channels
 * @property {Uint8ClampedArray<ArrayBuffer>} rgba
 * @property {Legend} legend
 * @property {Sides} padding
 * @property {{ height: ExtentFormula, width: ExtentFormula }} formula
 * @property {[number, number]} origin  top left corner of output pixel (0, 0) in input pixels
 * @property {{ sum: number, l1: number, cells: Cells }} kernel
 * @property {number} multiplyAdds
 *
 * @typedef {Picture & { legend: Legend, padding: Sides }} PaddedInput
 *
 * @typedef {object} Inspection  one output value taken apart; grids are row-major
 * @property {number} row
 * @property {number} col
 * @property {number} channel
 * @property {[number, number]} size  kernel rows and columns
 * @property {Float32Array} window
 * @property {Float32Array} kernel  as applied: flipped if the spec says so
 * @property {Float32Array} products
 * @property {Float32Array} partialSums  after each tap
 * @property {Uint8Array} outside  1 where the tap lies in the padding
 * @property {Int32Array} rows  input row of each kernel row
 * @property {Int32Array} cols  input column of each kernel column
 * @property {number} sum
 * @property {number} bias
 * @property {number} beforeRelu
 * @property {number} value
 * @property {{ window: Cells, kernel: Cells, products: Cells }} cells
 *
 * @typedef {{ inspections: Inspection[], difference: number | null }} InspectionResult
 *
 * @typedef {object} KernelCalls
 * @property {() => FilterInfo[]} filters
 * @property {(name: string, options?: Record<string, number>) => number[][]} filterKernel
 * @property {(kernel: number[][], edit: { kind: string, [option: string]: string | number }) =>
 *   number[][]} editKernel
 * @property {(text: string) => number[][]} parseKernel
 * @property {(text: string) => number} parseNumber
 * @property {(kernel: number[][], format: string) => string} formatKernel
 * @property {(picture: Picture, spec: KernelLabSpec) => PaddedInput} input
 * @property {(picture: Picture, spec: KernelLabSpec) => Frame} output
 * @property {(picture: Picture, spec: KernelLabSpec, positions: [number, number][],
 *   channel: number) => InspectionResult} inspect
 * @property {(picture: Picture, spec: KernelLabSpec, kernels: number[][][]) => Picture[]} thumbnails
 * @property {(picture: Picture, spec: KernelLabSpec) => string} csv
 * @property {(picture: Picture, spec: KernelLabSpec) => string} pytorch
 *
 * @typedef {Asked<PictureCalls & KernelCalls>} KernelCore
 */
import * as part from "../../pkg/kernel_lab.js";

/** @type {Contract<PictureCalls & KernelCalls, part.KernelLab>} */
export const contract = {
  initSync: part.initSync,
  functions: part,
  Lab: part.KernelLab,
  open: (/** @type {Picture} */ { width, height, rgba }) => new part.KernelLab(width, height, rgba),
};
