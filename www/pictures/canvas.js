/**
 * An `ImageData`, by its fields that count.
 *
 * @typedef {object} Picture
 * @property {number} width
 * @property {number} height
 * @property {Uint8ClampedArray<ArrayBuffer>} data RGBA [height * width * 4], row-major, alpha not premultiplied
 */

/**
 * Shows the picture, one canvas pixel for each of its own.
 *
 * @param {HTMLCanvasElement} canvas
 * @param {Picture} picture
 */
export function paint(canvas, picture) {
  // Setting a size clears the canvas, so it is set only when it changes.
  if (canvas.width !== picture.width) canvas.width = picture.width;
  if (canvas.height !== picture.height) canvas.height = picture.height;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.putImageData(/** @type {ImageData} */ (picture), 0, 0);
}

/**
 * Draws a part of `source`, by default all of it, at the given size and reads the pixels back.
 *
 * @param {CanvasImageSource} source
 * @param {{ width: number, height: number }} size of the picture, in pixels
 * @param {{ left: number, top: number, width: number, height: number }} [part] of the source
 * @returns {Picture}
 */
export function readPixels(source, { width, height }, part) {
  const context = context2d(width, height);
  context.imageSmoothingQuality = "high";
  if (part) {
    context.drawImage(source, part.left, part.top, part.width, part.height, 0, 0, width, height);
  } else {
    context.drawImage(source, 0, 0, width, height);
  }
  return context.getImageData(0, 0, width, height);
}

/**
 * The picture as a PNG file, to store an upload.
 *
 * @param {Picture} picture
 * @returns {Promise<Blob>}
 */
export function encodePng(picture) {
  const context = context2d(picture.width, picture.height);
  context.putImageData(/** @type {ImageData} */ (picture), 0, 0);
  return context.canvas.convertToBlob({ type: "image/png" });
}

/**
 * @param {number} width
 * @param {number} height
 */
function context2d(width, height) {
  const context = new OffscreenCanvas(width, height).getContext("2d", { willReadFrequently: true });
  return /** @type {OffscreenCanvasRenderingContext2D} */ (context);
}
