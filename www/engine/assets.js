/**
 * Assets: large values that never change, such as pictures. An engine keeps those it was sent, so
 * that a call names them by a number.
 *
 * @import { Argument } from "./protocol.js"
 */

/** What an engine keeps: more than a lab shows at once. */
const LIMITS = { count: 8, bytes: 2 ** 26 };

/** @type {WeakSet<object>} */
const marked = new WeakSet();

/**
 * Marks a value that nobody will change any more, neither it nor what it holds.
 * @template {object} T
 * @param {T} value  that can be cloned
 * @returns {T}  the same
 */
export function asset(value) {
  marked.add(value);
  return value;
}

/** The assets that one engine has. */
export class SentAssets {
  /** @type {Map<object, { id: number, bytes: number }>}  least recently used first */
  #sent = new Map();
  #bytes = 0;
  #lastId = 0;
  #limits;

  constructor(limits = LIMITS) {
    this.#limits = limits;
  }

  /**
   * The arguments of a call as they are sent, and the assets for which they leave no room.
   * @param {unknown[]} args
   * @returns {{ args: Argument[], dropped: number[] }}
   */
  pack(args) {
    const packed = args.map((value) =>
      typeof value === "object" && value !== null && marked.has(value)
        ? this.#take(value)
        : { value },
    );
    return { args: packed, dropped: this.#drop(new Set(args)) };
  }

  /**
   * @param {object} value
   * @returns {Argument}
   */
  #take(value) {
    const known = this.#sent.get(value);
    const entry = known ?? { id: ++this.#lastId, bytes: bytesOf(value) };
    this.#sent.delete(value);
    this.#sent.set(value, entry);
    if (known) return { asset: entry.id };
    this.#bytes += entry.bytes;
    return { asset: entry.id, value };
  }

  /**
   * Forgets the least recently used until the rest is within the limits.
   * @param {Set<unknown>} needed
   * @returns {number[]}
   */
  #drop(needed) {
    const dropped = [];
    for (const [value, { id, bytes }] of this.#sent) {
      if (this.#sent.size <= this.#limits.count && this.#bytes <= this.#limits.bytes) break;
      if (needed.has(value)) continue;
      this.#sent.delete(value);
      this.#bytes -= bytes;
      dropped.push(id);
    }
    return dropped;
  }
}

/**
 * The bytes of all arrays in a value.
 * @param {unknown} value
 * @returns {number}
 */
function bytesOf(value) {
  if (typeof value !== "object" || value === null) return 0;
  if (ArrayBuffer.isView(value)) return value.byteLength;
  let bytes = 0;
  for (const name in value) bytes += bytesOf(/** @type {Record<string, unknown>} */ (value)[name]);
  return bytes;
}
