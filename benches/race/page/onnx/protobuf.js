/**
 * Protocol Buffers, as much as ONNX needs: https://protobuf.dev/programming-guides/encoding/.
 *
 * A message is a list of pieces, joined once at the end, so that large arrays are copied once.
 *
 * @typedef {Uint8Array<ArrayBuffer>[]} Message
 */

const VARINT = 0;
const LENGTH_DELIMITED = 2;

/**
 * @param {number} field
 * @param {number} value  a whole number from 0
 * @returns {Message}
 */
export function whole(field, value) {
  return [new Uint8Array([...tag(field, VARINT), ...varint(value)])];
}

/**
 * @param {number} field
 * @param {string} value
 * @returns {Message}
 */
export function text(field, value) {
  return message(field, [new TextEncoder().encode(value)]);
}

/**
 * A message within another, or bytes.
 *
 * @param {number} field
 * @param {Message} content
 * @returns {Message}
 */
export function message(field, content) {
  const head = new Uint8Array([...tag(field, LENGTH_DELIMITED), ...varint(lengthOf(content))]);
  return [head, ...content];
}

/**
 * @param {Message} content
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function joined(content) {
  const bytes = new Uint8Array(lengthOf(content));
  let at = 0;
  for (const piece of content) {
    bytes.set(piece, at);
    at += piece.length;
  }
  return bytes;
}

/** @param {Message} content */
function lengthOf(content) {
  return content.reduce((sum, piece) => sum + piece.length, 0);
}

/**
 * @param {number} field
 * @param {number} type
 */
function tag(field, type) {
  return varint(field * 8 + type);
}

/** @param {number} value */
function varint(value) {
  const bytes = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return [...bytes, rest];
}
