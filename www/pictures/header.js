import { startsAsSvg } from "./svg.js";

/**
 * @typedef {object} Header
 * @property {string} format name for people, such as "PNG"
 * @property {string} type media type
 * @property {number | null} width stored width in pixels, before any EXIF turn; null if not found
 * @property {number | null} height
 * @property {boolean} animated whether more than one frame is announced
 */

/**
 * Detects the image format of a file by its first bytes, never by its name, and reads the size that
 * it claims without decoding it.
 *
 * @param {Uint8Array} bytes the whole file, or its beginning
 * @returns {Header | null} null if the bytes start like no known image format
 *
 * Sources: PNG 3rd edition §5 and §11.2.1; ITU-T T.81 annex B; GIF89a §18 to §20;
 * RFC 9649 (WebP); ISO/IEC 23008-12 `ispe`; BMP headers as in MS-WMF 2.2.2.
 */
export function readHeader(bytes) {
  const known = formats.find(({ matches }) => matches(bytes));
  if (!known) return null;
  const { format, type, read } = known;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const { width = null, height = null, animated = false } = read?.(bytes, view) ?? {};
  const found = width !== null && height !== null && width > 0 && height > 0;
  return {
    format,
    type,
    width: found ? width : null,
    height: found ? height : null,
    animated,
  };
}

/**
 * @typedef {{ width?: number, height?: number, animated?: boolean }} Found
 * @typedef {(bytes: Uint8Array, view: DataView) => Found | null} Read
 * @type {{ format: string, type: string, matches: (bytes: Uint8Array) => boolean, read?: Read }[]}
 */
const formats = [
  {
    format: "PNG",
    type: "image/png",
    matches: (bytes) => has(bytes, 0, "\x89PNG\r\n\x1a\n"),
    read: readPng,
  },
  {
    format: "JPEG",
    type: "image/jpeg",
    matches: (bytes) => has(bytes, 0, "\xff\xd8\xff"),
    read: readJpeg,
  },
  {
    format: "GIF",
    type: "image/gif",
    matches: (bytes) => has(bytes, 0, "GIF87a") || has(bytes, 0, "GIF89a"),
    read: readGif,
  },
  {
    format: "WebP",
    type: "image/webp",
    matches: (bytes) => has(bytes, 0, "RIFF") && has(bytes, 8, "WEBP"),
    read: readWebp,
  },
  {
    format: "BMP",
    type: "image/bmp",
    matches: isBmp,
    read: readBmp,
  },
  {
    format: "AVIF",
    type: "image/avif",
    matches: (bytes) => brand(bytes, "avif", "avis"),
    read: readIspe,
  },
  {
    format: "HEIC",
    type: "image/heic",
    matches: (bytes) => brand(bytes, "heic", "heix", "hevc", "mif1", "msf1"),
    read: readIspe,
  },
  {
    format: "TIFF",
    type: "image/tiff",
    matches: (bytes) => has(bytes, 0, "II*\0") || has(bytes, 0, "MM\0*"),
  },
  {
    format: "JPEG XL",
    type: "image/jxl",
    matches: (bytes) => has(bytes, 0, "\xff\x0a") || has(bytes, 0, "\0\0\0\x0cJXL \r\n\x87\n"),
  },
  { format: "ICO", type: "image/x-icon", matches: (bytes) => has(bytes, 0, "\0\0\x01\0") },
  { format: "SVG", type: "image/svg+xml", matches: isSvg },
];

/** @type {Read} */
function readPng(bytes, view) {
  if (bytes.length < 24 || !has(bytes, 12, "IHDR")) return null;
  return {
    width: view.getUint32(16),
    height: view.getUint32(20),
    // An animated PNG has an acTL chunk, which must come before the pixels.
    animated: pngChunks(bytes, view).includes("acTL"),
  };
}

/**
 * Names of the chunks before the pixels.
 *
 * @param {Uint8Array} bytes
 * @param {DataView} view
 */
function pngChunks(bytes, view) {
  const names = [];
  for (let at = 8; at + 8 <= bytes.length; at += 12 + view.getUint32(at)) {
    const name = text(bytes, at + 4, 4);
    if (name === "IDAT") break;
    names.push(name);
  }
  return names;
}

/**
 * Walks the marker segments up to the frame header, which states the size.
 *
 * @type {Read}
 */
function readJpeg(bytes, view) {
  let at = 2;
  while (at + 9 <= bytes.length) {
    if (bytes[at] !== 0xff) return null;
    const marker = bytes[at + 1];
    if (marker === 0xff) {
      at += 1;
    } else if (isFrameHeader(marker)) {
      return { height: view.getUint16(at + 5), width: view.getUint16(at + 7) };
    } else if (marker === 0xda || marker === 0xd9) {
      return null;
    } else {
      at += 2 + view.getUint16(at + 2);
    }
  }
  return null;
}

/**
 * SOF0 to SOF15 without DHT, JPG and DAC, which share the range.
 *
 * @param {number} marker
 */
function isFrameHeader(marker) {
  return marker >= 0xc0 && marker <= 0xcf && marker !== 0xc4 && marker !== 0xc8 && marker !== 0xcc;
}

/** @type {Read} */
function readGif(bytes, view) {
  if (bytes.length < 10) return null;
  return {
    width: view.getUint16(6, true),
    height: view.getUint16(8, true),
    animated: gifHasSecondFrame(bytes),
  };
}

/** @param {Uint8Array} bytes */
function gifHasSecondFrame(bytes) {
  let frames = 0;
  let at = 13 + colorTableLength(bytes[10]);
  while (at < bytes.length) {
    const block = bytes[at];
    if (block === 0x2c) {
      frames += 1;
      if (frames === 2) return true;
      at = skipSubBlocks(bytes, at + 11 + colorTableLength(bytes[at + 9]));
    } else if (block === 0x21) {
      at = skipSubBlocks(bytes, at + 2);
    } else {
      return false;
    }
  }
  return false;
}

/**
 * Size of the colour table that follows in bytes; 0 if the top bit of `packed` says there is none.
 *
 * @param {number} packed
 */
function colorTableLength(packed) {
  return packed & 0x80 ? 3 * 2 ** ((packed & 7) + 1) : 0;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} start
 */
function skipSubBlocks(bytes, start) {
  let at = start;
  while (bytes[at] > 0) at += 1 + bytes[at];
  return at + 1;
}

/** @type {Read} */
function readWebp(bytes, view) {
  if (bytes.length < 30) return null;
  switch (text(bytes, 12, 4)) {
    case "VP8 ":
      return {
        width: view.getUint16(26, true) & 0x3fff,
        height: view.getUint16(28, true) & 0x3fff,
      };
    case "VP8L": {
      const packed = view.getUint32(21, true);
      return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
    }
    case "VP8X":
      return {
        width: uint24(bytes, 24) + 1,
        height: uint24(bytes, 27) + 1,
        animated: (bytes[20] & 0x02) !== 0,
      };
    default:
      return null;
  }
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 */
function uint24(bytes, at) {
  return bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16);
}

/**
 * A BMP starts with only two letters; the size of the following header confirms it.
 *
 * @param {Uint8Array} bytes
 */
function isBmp(bytes) {
  return has(bytes, 0, "BM") && has(bytes, 15, "\0\0\0") && BMP_HEADERS.has(bytes[14]);
}

/** Sizes of all known headers in bytes: OS/2 1 and 2, Windows 3, 4 and 5, and those in between. */
const BMP_HEADERS = new Set([12, 16, 40, 52, 56, 64, 108, 124]);

/** @type {Read} */
function readBmp(bytes, view) {
  if (bytes.length < 26) return null;
  const isCoreHeader = view.getUint32(14, true) === 12;
  if (isCoreHeader) return { width: view.getUint16(18, true), height: view.getUint16(20, true) };
  // A negative height means that the rows run downwards.
  return { width: view.getInt32(18, true), height: Math.abs(view.getInt32(22, true)) };
}

/**
 * The largest `ispe` box: there is one per item (tile, alpha, thumbnail, whole).
 * The boxes are near the start, so a search there finds them without a full parse.
 *
 * @type {Read}
 */
function readIspe(bytes, view) {
  /** @type {Found} */
  const largest = {};
  const end = Math.min(bytes.length - 16, ISPE_SEARCH_BYTES);
  for (let at = 0; at <= end; at++) {
    if (!has(bytes, at, "ispe")) continue;
    largest.width = Math.max(largest.width ?? 0, view.getUint32(at + 8));
    largest.height = Math.max(largest.height ?? 0, view.getUint32(at + 12));
  }
  return largest;
}

const ISPE_SEARCH_BYTES = 65536;

/**
 * Whether an ISO base media file carries one of the brands.
 *
 * @param {Uint8Array} bytes
 * @param {...string} names
 */
function brand(bytes, ...names) {
  return has(bytes, 4, "ftyp") && names.includes(text(bytes, 8, 4));
}

/** @param {Uint8Array} bytes */
function isSvg(bytes) {
  return startsAsSvg(new TextDecoder().decode(bytes.subarray(0, SVG_SEARCH_BYTES)));
}

const SVG_SEARCH_BYTES = 16384;

/**
 * Whether the bytes at `at` are the Latin-1 string `expected`.
 *
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {string} expected
 */
function has(bytes, at, expected) {
  for (let i = 0; i < expected.length; i++) {
    if (bytes[at + i] !== expected.charCodeAt(i)) return false;
  }
  return true;
}

/**
 * @param {Uint8Array} bytes
 * @param {number} at
 * @param {number} length
 */
function text(bytes, at, length) {
  return String.fromCharCode(...bytes.subarray(at, at + length));
}
