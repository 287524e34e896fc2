import { readPixels } from "./canvas.js";
import { readHeader } from "./header.js";
import { photos } from "./photos.js";
import { pictureError } from "./picture-error.js";
import { findSvgRoot, svgSize, withSvgSize } from "./svg.js";

export { encodePng } from "./canvas.js";

/** Longest side of a loaded picture in pixels; a larger file is scaled down to it. */
export const MAX_SIDE = 1024;

/** Sizes that are refused before a single pixel is decoded. */
export const FILE_LIMITS = { bytes: 50e6, side: 16384, pixels: 64e6 };

/** Names of formats that some browsers decode and others do not. */
const FORMATS_OF_SOME_BROWSERS = ["HEIC", "TIFF", "JPEG XL", "AVIF"];

/** @typedef {import("./canvas.js").Picture} Picture */

/** @type {Map<string, Promise<Picture>>}  by name */
const loaded = new Map();

/**
 * Loads one of the bundled photographs, each at most once.
 *
 * @param {string} name
 * @returns {Promise<Picture>} 256 x 256
 * @throws {Error} code `photo_unknown` or `photo_unavailable`, details `{ name }`
 */
export async function loadPhoto(name) {
  const photo = photos.find((one) => one.name === name);
  if (!photo) throw pictureError("photo_unknown", `there is no photo ${name}`, { name });
  const loading = loaded.get(name) ?? decodedPhoto(photo.url);
  loaded.set(name, loading);
  try {
    return await loading;
  } catch {
    loaded.delete(name);
    throw pictureError("photo_unavailable", `the photo ${name} could not be loaded`, { name });
  }
}

/** @param {string} url */
async function decodedPhoto(url) {
  const image = await decodedImage(url);
  return readPixels(image, { width: image.naturalWidth, height: image.naturalHeight });
}

/**
 * Reads the picture in a file: rotated according to EXIF, in sRGB, the first frame of an animation,
 * its longer side at most MAX_SIDE.
 *
 * @param {Blob} file
 * @returns {Promise<{ picture: Picture, original: { width: number, height: number },
 *   scaled: boolean, animated: boolean }>} `original` is the size before scaling
 * @throws {Error} what `inspectFile` throws; `picture_corrupt` or
 *   `picture_format_unsupported`, details `{ format }`
 */
export async function loadFile(file) {
  const header = await inspectFile(file);
  const decode = header.type === "image/svg+xml" ? decodeSvg : decodeRaster;
  const { picture, original } = await decode(file, header);
  const scaled = picture.width !== original.width || picture.height !== original.height;
  return { picture, original, scaled, animated: header.animated };
}

/**
 * Checks a file by its bytes, without decoding it.
 *
 * @param {Blob} file
 * @returns {Promise<import("./header.js").Header>}
 * @throws {Error} code `picture_empty`; `picture_file_too_big`, details `{ megabytes, limit }`;
 *   `picture_unreadable`; `picture_not_an_image`; `picture_too_large`, details `{ width, height }`
 */
export async function inspectFile(file) {
  if (file.size > FILE_LIMITS.bytes) {
    const megabytes = Math.ceil(file.size / 1e6);
    const limit = FILE_LIMITS.bytes / 1e6;
    throw pictureError("picture_file_too_big", `${megabytes} MB, at most ${limit}`, {
      megabytes,
      limit,
    });
  }
  const bytes = await bytesOf(file);
  if (bytes.length === 0) throw pictureError("picture_empty", "the file is empty");
  const header = readHeader(bytes);
  if (!header) throw pictureError("picture_not_an_image", "the file is not an image");
  checkSize(header);
  return header;
}

/** @param {Blob} file */
async function bytesOf(file) {
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch {
    // A folder, or a file that was moved since it was chosen.
    throw pictureError("picture_unreadable", "the file could not be read");
  }
}

/** @param {{ width: number | null, height: number | null }} size null if still unknown */
function checkSize({ width, height }) {
  if (width === null || height === null) return;
  const { side, pixels } = FILE_LIMITS;
  if (width > side || height > side || width * height > pixels) {
    throw pictureError("picture_too_large", `${width} x ${height} pixels`, { width, height });
  }
}

/**
 * @typedef {import("./header.js").Header} Header
 *
 * @param {Blob} file
 * @param {Header} header
 */
async function decodeRaster(file, { format, type }) {
  const bitmap = await decodedBitmap(file, format, type);
  try {
    // Formats without a size in the header are checked only here.
    checkSize(bitmap);
    const original = { width: bitmap.width, height: bitmap.height };
    return { picture: readPixels(bitmap, fitted(original)), original };
  } finally {
    bitmap.close();
  }
}

/**
 * @param {Blob} file
 * @param {string} format
 * @param {string} type
 */
async function decodedBitmap(file, format, type) {
  try {
    // The type is determined by the bytes, not the name.
    return await createImageBitmap(new Blob([file], { type }), { imageOrientation: "from-image" });
  } catch {
    throw FORMATS_OF_SOME_BROWSERS.includes(format)
      ? pictureError("picture_format_unsupported", `this browser cannot read ${format}`, { format })
      : corrupt(format);
  }
}

/**
 * An image element never runs the scripts of an SVG and never fetches what it refers to.
 * A data: URL needs no more of the content security policy than the photographs do.
 *
 * @param {Blob} file
 * @param {Header} header
 */
async function decodeSvg(file, { format }) {
  const source = await file.text();
  const root = findSvgRoot(source);
  if (!root) throw corrupt(format);
  const stated = svgSize(root);
  const size = fitted(stated);
  const sized = encodeURIComponent(withSvgSize(source, root, size));
  try {
    const image = await decodedImage(`data:image/svg+xml;charset=utf-8,${sized}`);
    return { picture: readPixels(image, size), original: rounded(stated.width, stated.height) };
  } catch {
    throw corrupt(format);
  }
}

/** @param {{ width: number, height: number }} size */
function fitted({ width, height }) {
  const scale = Math.min(1, MAX_SIDE / Math.max(width, height));
  return rounded(width * scale, height * scale);
}

/**
 * @param {number} width
 * @param {number} height
 */
function rounded(width, height) {
  return { width: Math.max(1, Math.round(width)), height: Math.max(1, Math.round(height)) };
}

/** @param {string} url */
async function decodedImage(url) {
  const image = new Image();
  // Otherwise pixels from another origin could be shown but not read.
  if (url.startsWith("http")) image.crossOrigin = "anonymous";
  image.src = url;
  await image.decode();
  return image;
}

/** @param {string} format */
function corrupt(format) {
  return pictureError("picture_corrupt", `the ${format} file is damaged or cut off`, { format });
}
