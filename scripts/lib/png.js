import { inflateSync } from "node:zlib";

const SIGNATURE = 8;

/** Channels by the colour type of a PNG. */
const CHANNELS = new Map([
  [2, 3],
  [6, 4],
]);

/**
 * The pixels of a PNG file of eight bits per channel in RGB or RGBA, without interlacing.
 *
 * @param {Buffer} file
 * @returns {{ width: number, height: number, data: Uint8ClampedArray<ArrayBuffer> }}  RGBA
 */
export function decodedPng(file) {
  const chunks = [...chunksOf(file)];
  const header = chunks.find(({ kind }) => kind === "IHDR")?.data;
  const channels = CHANNELS.get(header?.[9] ?? -1);
  if (header?.[8] !== 8 || header[12] !== 0 || !channels) {
    throw new Error("not a PNG of eight bits per channel in colour");
  }
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  const parts = chunks.filter(({ kind }) => kind === "IDAT").map(({ data }) => data);
  const rows = unfiltered(inflateSync(Buffer.concat(parts)), width * channels, height, channels);
  const data = new Uint8ClampedArray(4 * width * height).fill(255);
  for (let pixel = 0; pixel < width * height; pixel++) {
    for (let channel = 0; channel < channels; channel++) {
      data[4 * pixel + channel] = rows[channels * pixel + channel];
    }
  }
  return { width, height, data };
}

/** @param {Buffer} file */
function* chunksOf(file) {
  for (let at = SIGNATURE; at < file.length; ) {
    const length = file.readUInt32BE(at);
    const kind = file.toString("latin1", at + 4, at + 8);
    yield { kind, data: file.subarray(at + 8, at + 8 + length) };
    at += length + 12;
  }
}

/**
 * Undoes the filter that each row names: Portable Network Graphics Specification, section 9.
 *
 * @param {Buffer} filtered
 * @param {number} length  bytes of a row
 * @param {number} height
 * @param {number} step  bytes of a pixel
 */
function unfiltered(filtered, length, height, step) {
  const out = new Uint8Array(length * height);
  for (let row = 0; row < height; row++) {
    const start = row * (length + 1);
    const filter = filtered[start];
    for (let at = 0; at < length; at++) {
      const left = at < step ? 0 : out[row * length + at - step];
      const above = row === 0 ? 0 : out[(row - 1) * length + at];
      const corner = row === 0 || at < step ? 0 : out[(row - 1) * length + at - step];
      const guesses = [0, left, above, (left + above) >> 1, paeth(left, above, corner)];
      out[row * length + at] = filtered[start + 1 + at] + guesses[filter];
    }
  }
  return out;
}

/**
 * @param {number} left
 * @param {number} above
 * @param {number} corner
 */
function paeth(left, above, corner) {
  const guess = left + above - corner;
  const [a, b, c] = [left, above, corner].map((value) => Math.abs(guess - value));
  if (a <= b && a <= c) return left;
  return b <= c ? above : corner;
}
