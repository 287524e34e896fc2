/**
 * What crosses between the page and the engine: types and names, no code that does anything.
 *
 * @typedef {{ width: number, height: number, data: Uint8ClampedArray<ArrayBuffer> }} Picture
 *   an `ImageData`; in Node, which has none, a plain object. RGBA bytes, row-major, not premultiplied.
 * @typedef {{ top: number, left: number, bottom: number, right: number }} Sides  pixels
 * @typedef {{ colors: Uint8ClampedArray, inks: Uint8Array }} Cells
 *   RGBA per cell; ink 0 is dark, 1 light.
 * @typedef {{ kind: "clip" | "symmetric" | "absolute" | "fixed", min?: number, max?: number }} Display
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
 * @typedef {object} Legend
 * @property {"grey" | "diverging" | "rgb" | "rgb_signed" | "heat"} map
 * @property {number} min  value of the strip's left end
 * @property {number} max  value of the strip's right end
 * @property {Picture} strip  256 x 1 pixels from min to max
 * @property {number} valueMin  least value of the map
 * @property {number} valueMax  greatest value of the map
 * @property {number} below  count of values below min
 * @property {number} above  count of values above max
 * @property {number} count  count of all values
 *
 * @typedef {{ input: number, before: number, after: number, kernel: number, dilation: number,
 *   stride: number, output: number }} ExtentFormula  the output-size formula of one axis, filled in
 *
 * @typedef {object} Frame  the kernel lab's output
 * @property {Picture} picture
 * @property {number} channels
 * @property {Legend} legend
 * @property {Sides} padding
 * @property {{ height: ExtentFormula, width: ExtentFormula }} formula
 * @property {[number, number]} origin  top left corner of output pixel (0, 0) in input pixels
 * @property {{ sum: number, l1: number, cells: Cells }} kernel
 * @property {number} multiplyAdds
 *
 * @typedef {{ picture: Picture, legend: Legend, padding: Sides }} PaddedInput
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
 * @typedef {{ name: string, family: string, definition: string, source: string, parameters:
 *   { name: string, default: number, min: number, max: number, step: number }[] }} FilterInfo
 *
 * @typedef {object} PoolingLabSpec  what decides one method's output, next to the
 *   picture; what is left out is PyTorch's default
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
 * @typedef {{ picture: Picture, legend: Legend }} LegendedPicture
 *
 * @typedef {ExtentFormula & { ceil: boolean, dropped: number }} PoolingFormula  `ceil` rounds up;
 *   `dropped` windows would start behind the input
 * @typedef {{ kind: "pool" | "convolution" | "blur", height: PoolingFormula, width: PoolingFormula }}
 *   PoolingStage  one window sliding over one map
 *
 * @typedef {object} PoolingFrame  the output of one method
 * @property {LegendedPicture} map
 * @property {number} channels
 * @property {PoolingStage[]} stages  one after the other; none for adaptive and global pooling
 * @property {[number, number]} inputSize
 * @property {[number, number]} origin  top left corner of output pixel (0, 0) in input pixels
 * @property {[number, number]} step  input pixels from one output to the next
 *
 * @typedef {object} PoolingInspection  one output taken apart; grids are row-major, and empty for
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
 * @typedef {{ map: LegendedPicture, reached: number, pixels: number, sum: number }} PoolingGradient
 * @typedef {{ map: LegendedPicture, difference: LegendedPicture, meanAbsoluteDifference: number,
 *   kept: number, values: number }} PoolingRestored
 * @typedef {{ channels: number, bytes: [number, number], multiplyAdds: [number, number],
 *   ratio: number }} PoolingSavings  of the next layer, [without, with] pooling, and how many times
 *   less both are
 * @typedef {{ absolute: number | null, relative: number | null }} Change  null where nothing can be
 *   compared, or where nothing varies
 *
 * @typedef {object} PoolingShifted  what a shift of the picture did to one method's output
 * @property {LegendedPicture} map
 * @property {LegendedPicture | null} difference  over the outputs compared
 * @property {Change} stay  compared with the output before the shift
 * @property {Change} follow  compared with the output moved along
 * @property {[number, number]} outputs  the shift in outputs
 * @property {[number, number]} first  output compared
 * @property {[number, number]} origin  as in {@link PoolingFrame}, in the frame looked through
 * @property {[number, number]} step
 *
 * @typedef {{ shifts: number[], stay: Float64Array, follow: Float64Array }} PoolingCurve  relative
 *   changes, NaN where there is none
 *
 * @typedef {import("./network-protocol.js").NetworkSpec} NetworkSpec
 * @typedef {import("./network-protocol.js").NetworkDescription} NetworkDescription
 * @typedef {import("./network-protocol.js").ArchitectureInfo} ArchitectureInfo
 * @typedef {import("./network-protocol.js").FieldRegions} FieldRegions
 * @typedef {import("./network-protocol.js").EffectiveField} EffectiveField
 * @typedef {import("./network-protocol.js").EffectiveFieldOptions} EffectiveFieldOptions
 *
 * @typedef {object} Operations  every operation by its name; those of a lab take its picture first
 * @property {() => FilterInfo[]} filters
 * @property {(name: string, options?: Record<string, number>) => number[][]} filterKernel
 * @property {(kernel: number[][], edit: { kind: string, [option: string]: string | number }) =>
 *   number[][]} editKernel
 * @property {(text: string) => number[][]} parseKernel
 * @property {(text: string) => number} parseNumber
 * @property {(kernel: number[][], format: string) => string} formatKernel
 * @property {(name: string, size: number, seed: number) => Picture} testPattern
 * @property {(picture: Picture, spec: KernelLabSpec) => PaddedInput} kernelLabInput
 * @property {(picture: Picture, spec: KernelLabSpec) => Frame} kernelLabOutput
 * @property {(picture: Picture, spec: KernelLabSpec, positions: [number, number][],
 *   channel: number) => InspectionResult} kernelLabInspect
 * @property {(picture: Picture, spec: KernelLabSpec, kernels: number[][][]) => Picture[]}
 *   kernelLabThumbnails
 * @property {(picture: Picture, spec: KernelLabSpec) => string} kernelLabCsv
 * @property {(picture: Picture, spec: KernelLabSpec) => string} kernelLabPytorch
 * @property {(picture: Picture, spec: PoolingLabSpec) => LegendedPicture} poolingLabInput
 * @property {(picture: Picture, spec: PoolingLabSpec) => PoolingFrame} poolingLabOutput
 * @property {(picture: Picture, spec: PoolingLabSpec, position: [number, number],
 *   channel: number) => PoolingInspection} poolingLabInspect
 * @property {(picture: Picture, spec: PoolingLabSpec, position: [number, number] | null,
 *   channel: number) => PoolingGradient} poolingLabGradient
 * @property {(picture: Picture, spec: PoolingLabSpec, restoring: "nearest" | "unpool") =>
 *   PoolingRestored} poolingLabRestored
 * @property {(picture: Picture, spec: PoolingLabSpec, channels: number) => PoolingSavings}
 *   poolingLabSavings
 * @property {(picture: Picture, spec: PoolingLabSpec, shift: [number, number]) =>
 *   { map: LegendedPicture, change: Change }} poolingLabShiftedInput
 * @property {(picture: Picture, spec: PoolingLabSpec, shift: [number, number],
 *   measure: "stay" | "follow") => PoolingShifted} poolingLabShift
 * @property {(picture: Picture, spec: PoolingLabSpec) => PoolingCurve} poolingLabCurve
 * @property {(picture: Picture, spec: PoolingLabSpec) => PoolingCurve} poolingLabInputCurve
 * @property {(picture: Picture, spec: PoolingLabSpec) => string} poolingLabCsv
 * @property {() => ArchitectureInfo[]} architectures
 * @property {(name: string) => NetworkSpec} architecture
 * @property {(spec: NetworkSpec) => NetworkDescription} receptiveFieldLabDescribe
 * @property {(spec: NetworkSpec, node: string, position: [number, number]) => FieldRegions}
 *   receptiveFieldLabRegions
 * @property {(spec: NetworkSpec, format: "csv" | "markdown") => string} receptiveFieldLabTable
 * @property {(spec: NetworkSpec) => string} receptiveFieldLabPytorch
 * @property {(picture: Picture, spec: NetworkSpec, options: EffectiveFieldOptions) =>
 *   EffectiveField} receptiveFieldLabEffective
 *
 * @typedef {{ code: string, message: string, details: Record<string, unknown> }} Problem
 * @typedef {{ value: unknown } | { problem: Problem } | { trap: string }} Reply
 *   a result, a refusal in words, or a bug
 *
 * @typedef {"kernel" | "networks"} Part  a wasm module of the engine, loaded when first needed
 *
 * @typedef {{ load: (part: Part, module: WebAssembly.Module) => Reply | Promise<Reply>,
 *   run: (name: string, args: unknown[]) => Reply | Promise<Reply>,
 *   keepPicture: (id: number, picture: Picture) => Reply | Promise<Reply>,
 *   dropPicture: (id: number) => void }} Runner  the far side of a channel
 */

/** A refusal by the engine or a lab, with a stable code for the catalogue. */
export class EngineError extends Error {
  /** @param {Problem} problem */
  constructor({ code, message, details }) {
    super(message);
    this.name = "EngineError";
    this.code = code;
    this.details = details;
  }
}

/**
 * The part of the engine that answers an operation: its own lab's, or the kernel lab's for what all
 * labs ask.
 * @param {string} name
 * @returns {Part}
 */
export function partOf(name) {
  return NETWORK_OPERATIONS.has(name) ? "networks" : "kernel";
}

const POOLING_LAB_OPERATIONS = [
  "poolingLabInput",
  "poolingLabOutput",
  "poolingLabInspect",
  "poolingLabGradient",
  "poolingLabRestored",
  "poolingLabSavings",
  "poolingLabShiftedInput",
  "poolingLabShift",
  "poolingLabCurve",
  "poolingLabInputCurve",
  "poolingLabCsv",
];

/** @type {Set<string>} */
const NETWORK_OPERATIONS = new Set([
  ...POOLING_LAB_OPERATIONS,
  "architectures",
  "architecture",
  "receptiveFieldLabDescribe",
  "receptiveFieldLabRegions",
  "receptiveFieldLabTable",
  "receptiveFieldLabPytorch",
  "receptiveFieldLabEffective",
]);

/** Operations whose first argument is a picture. */
export const PICTURE_OPERATIONS = new Set([
  ...POOLING_LAB_OPERATIONS,
  "kernelLabInput",
  "kernelLabOutput",
  "kernelLabInspect",
  "kernelLabThumbnails",
  "kernelLabCsv",
  "kernelLabPytorch",
  "receptiveFieldLabEffective",
]);
