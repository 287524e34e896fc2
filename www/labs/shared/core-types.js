/**
 * What the cores of several labs take and give: types, no code.
 *
 * @typedef {import("../../pictures/canvas.js").Picture} Picture
 *   RGBA bytes, row-major, not premultiplied.
 * @typedef {{ top: number, left: number, bottom: number, right: number }} Sides  pixels
 * @typedef {{ colors: Uint8ClampedArray, inks: Uint8Array }} Cells
 *   RGBA per cell; ink 0 is dark, 1 light.
 * @typedef {{ kind: "clip" | "symmetric" | "absolute" | "fixed", min?: number, max?: number }} Display
 *
 * @typedef {object} Legend
 * @property {"grey" | "diverging" | "rgb" | "rgb_signed" | "heat"} map
 * @property {number} min  value of the strip's left end
 * @property {number} max  value of the strip's right end
 * @property {Uint8ClampedArray<ArrayBuffer>} strip  256 RGBA pixels from min to max
 * @property {number} valueMin  least value of the map
 * @property {number} valueMax  greatest value of the map
 * @property {number} below  count of values below min
 * @property {number} above  count of values above max
 * @property {number} count  count of all values
 *
 * @typedef {Picture & { legend: Legend }} LegendedPicture
 *
 * @typedef {{ input: number, before: number, after: number, kernel: number, dilation: number,
 *   stride: number, output: number }} ExtentFormula  the output-size formula of one axis, filled in
 *
 * @typedef {object} PictureCalls  what every lab asks for its pictures
 * @property {(name: string, size: number, seed: number) => Picture} testPattern
 */

export {};
