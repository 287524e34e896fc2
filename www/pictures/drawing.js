import { pictureError } from "./picture-error.js";

/** Side of the drawing in pixels. */
export const DRAWING_SIDE = 64;

const PIXELS = DRAWING_SIDE * DRAWING_SIDE;

/** The bits of an empty drawing. */
export const BLANK_DRAWING = encodeDrawing(new Uint8Array(PIXELS));

/**
 * Packs a drawing for the lab state.
 *
 * @param {Uint8Array} ink [64 * 64], row-major; nonzero is ink
 * @returns {string} base64 of 512 bytes, first pixel in the highest bit
 */
export function encodeDrawing(ink) {
  const bytes = new Uint8Array(PIXELS / 8);
  for (let i = 0; i < PIXELS; i++) {
    if (ink[i]) bytes[i >> 3] |= 0x80 >> (i & 7);
  }
  return btoa(String.fromCharCode(...bytes));
}

/**
 * The inverse of `encodeDrawing`.
 *
 * @param {string} bits
 * @returns {Uint8Array} [64 * 64], row-major, 1 is ink
 * @throws {Error} code `drawing_malformed` if `bits` is not base64 of 512 bytes
 */
export function decodeDrawing(bits) {
  const bytes = BASE64_OF_512_BYTES.test(bits) ? atob(bits) : null;
  if (bytes === null) {
    throw pictureError("drawing_malformed", "a drawing is base64 of 512 bytes");
  }
  return Uint8Array.from(
    { length: PIXELS },
    (_, i) => (bytes.charCodeAt(i >> 3) >> (7 - (i & 7))) & 1,
  );
}

const BASE64_OF_512_BYTES = /^[A-Za-z0-9+/]{683}=$/;

/**
 * The drawing as a lab's input: black on white.
 *
 * @param {string} bits see `encodeDrawing`
 * @returns {import("./canvas.js").Picture} 64 x 64
 * @throws {Error} code `drawing_malformed`
 */
export function drawingToPicture(bits) {
  return inkToPicture(decodeDrawing(bits));
}

/**
 * @param {Uint8Array} ink [64 * 64]
 * @returns {import("./canvas.js").Picture} 64 x 64, black on white
 */
export function inkToPicture(ink) {
  return new ImageData(inkToPixels(ink), DRAWING_SIDE, DRAWING_SIDE);
}

/**
 * @param {Uint8Array} ink [64 * 64]
 * @returns {Uint8ClampedArray<ArrayBuffer>} RGBA [64 * 64 * 4], black on white
 */
export function inkToPixels(ink) {
  const pixels = new Uint8ClampedArray(PIXELS * 4).fill(255);
  ink.forEach((inked, i) => {
    if (inked) pixels.fill(0, i * 4, i * 4 + 3);
  });
  return pixels;
}

/**
 * Draws a straight stroke with a round brush, in place.
 *
 * @param {Uint8Array} ink [64 * 64]
 * @param {[number, number]} from row, column; may lie outside
 * @param {[number, number]} to
 * @param {number} size diameter of the brush in pixels, odd
 * @param {0 | 1} value 1 draws, 0 erases
 */
export function drawStroke(ink, from, to, size, value) {
  const steps = Math.max(Math.abs(to[0] - from[0]), Math.abs(to[1] - from[1]), 1);
  for (let step = 0; step <= steps; step++) {
    const row = Math.round(from[0] + ((to[0] - from[0]) * step) / steps);
    const col = Math.round(from[1] + ((to[1] - from[1]) * step) / steps);
    dab(ink, row, col, size, value);
  }
}

/**
 * @param {Uint8Array} ink
 * @param {number} row
 * @param {number} col
 * @param {number} size
 * @param {0 | 1} value
 */
function dab(ink, row, col, size, value) {
  const radius = (size - 1) / 2;
  for (let i = -radius; i <= radius; i++) {
    for (let j = -radius; j <= radius; j++) {
      // The half pixel makes small discs round instead of crosses.
      const isInDisc = i * i + j * j <= (radius + 0.5) ** 2;
      if (isInDisc && isInside(row + i, col + j)) ink[(row + i) * DRAWING_SIDE + col + j] = value;
    }
  }
}

/**
 * @param {number} row
 * @param {number} col
 */
function isInside(row, col) {
  return row >= 0 && row < DRAWING_SIDE && col >= 0 && col < DRAWING_SIDE;
}
