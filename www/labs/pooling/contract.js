/**
 * What the pooling lab asks of the core.
 *
 * @import { Asked, Contract } from "../../engine/protocol.js"
 * @import { Cells, Display, ExtentFormula, LegendedPicture, Picture, PictureCalls, Sides }
 *   from "../shared/core-types.js"
 *
 * @typedef {object} Spec  what decides one method's output, next to the picture; what is left out
 *   is PyTorch's default
 * @property {"max" | "average" | "lp" | "strided" | "blur" | "max_blur" | "adaptive" | "global"}
 *   method
 * @property {[number, number]} [size]  of the window, [rows, columns]
 * @property {[number, number]} [stride]
 * @property {"valid" | "same" | "full" | Sides} [padding]
 * @property {[number, number]} [dilation]
 * @property {boolean} [ceilMode]
 * @property {boolean} [countIncludePad]  of the average
 * @property {number} [p]  of the norm
 * @property {"identity" | "box" | "binomial" | "random"} [kernel]  of the strided convolution
 * @property {number} [seed]  of its random weights
 * @property {number} [taps]  of the blur
 * @property {"max" | "average"} [kind]  of adaptive and global pooling
 * @property {[number, number]} [outputSize]  of adaptive pooling
 * @property {"grey" | "color"} color
 * @property {Display} display
 * @property {"light" | "dark"} theme
 *
 * @typedef {ExtentFormula & { ceil: boolean, dropped: number }} Formula  `ceil` rounds up;
 *   `dropped` windows would start behind the input
 * @typedef {{ kind: "pool" | "convolution" | "blur", height: Formula, width: Formula }} Stage
 *   one window sliding over one map
 *
 * @typedef {object} Frame  the output of one method
 * @property {LegendedPicture} map
 * @property {number} channels
 * @property {Stage[]} stages  one after the other; none for adaptive and global pooling
 * @property {[number, number]} inputSize
 * @property {[number, number]} origin  top left corner of output pixel (0, 0) in input pixels
 * @property {[number, number]} step  input pixels from one output to the next
 *
 * @typedef {object} Inspection  one output taken apart; grids are row-major, and empty for
 *   windows with too many cells to show
 * @property {number} row
 * @property {number} col
 * @property {number} channel
 * @property {[number, number]} size  of the window
 * @property {Float32Array} window
 * @property {Float32Array} weights  the output's derivative by each value
 * @property {Float32Array} products  add up to the output
 * @property {Uint8Array} outside  1 where the cell lies in the padding
 * @property {Int32Array} rows  of the map under the window: the input, or the maxima that are blurred
 * @property {Int32Array} cols
 * @property {{ rows: [number, number], cols: [number, number] }} footprint  first and last input
 *   pixel that has a say, padding included
 * @property {number} count  of values summarised
 * @property {[number, number] | null} winner  input pixel of a maximum
 * @property {number} value
 * @property {{ window: Cells, weights: Cells, products: Cells }} cells
 *
 * @typedef {{ map: LegendedPicture, reached: number, pixels: number, sum: number }} Gradient
 * @typedef {{ map: LegendedPicture, difference: LegendedPicture, meanAbsoluteDifference: number,
 *   kept: number, values: number }} Restored
 * @typedef {{ channels: number, bytes: [number, number], multiplyAdds: [number, number],
 *   ratio: number }} Savings  of the next layer, [without, with] pooling, and how many times
 *   less both are
 * @typedef {{ absolute: number | null, relative: number | null }} Change  null where nothing can be
 *   compared, or where nothing varies
 *
 * @typedef {object} Shifted  what a shift of the picture did to one method's output
 * @property {LegendedPicture} map
 * @property {LegendedPicture | null} difference  over the outputs compared
 * @property {Change} stay  compared with the output before the shift
 * @property {Change} follow  compared with the output moved along
 * @property {[number, number]} outputs  the shift in outputs
 * @property {[number, number]} first  output compared
 * @property {[number, number]} origin  as in {@link Frame}, in the frame looked through
 * @property {[number, number]} step
 *
 * @typedef {{ shifts: number[], stay: Float64Array, follow: Float64Array }} Curve  relative
 *   changes, NaN where there is none
 *
 * @typedef {object} PoolingCalls
 * @property {(picture: Picture, spec: Spec) => LegendedPicture} input
 * @property {(picture: Picture, spec: Spec) => Frame} output
 * @property {(picture: Picture, spec: Spec, position: [number, number], channel: number) =>
 *   Inspection} inspect
 * @property {(picture: Picture, spec: Spec, position: [number, number] | null, channel: number) =>
 *   Gradient} gradient
 * @property {(picture: Picture, spec: Spec, restoring: "nearest" | "unpool") => Restored} restored
 * @property {(picture: Picture, spec: Spec, channels: number) => Savings} savings
 * @property {(picture: Picture, spec: Spec, shift: [number, number]) =>
 *   { map: LegendedPicture, change: Change }} shiftedInput
 * @property {(picture: Picture, spec: Spec, shift: [number, number], measure: "stay" | "follow") =>
 *   Shifted} shift
 * @property {(picture: Picture, spec: Spec) => Curve} curve
 * @property {(picture: Picture, spec: Spec) => Curve} inputCurve
 * @property {(picture: Picture, spec: Spec) => string} csv
 *
 * @typedef {Asked<PictureCalls & PoolingCalls>} PoolingCore
 */
import * as part from "../../pkg/pooling_lab.js";

/** @type {Contract<PictureCalls & PoolingCalls, part.PoolingLab>} */
export const contract = {
  initSync: part.initSync,
  functions: part,
  Lab: part.PoolingLab,
  open: (/** @type {Picture} */ { width, height, rgba }) =>
    new part.PoolingLab(width, height, rgba),
};
