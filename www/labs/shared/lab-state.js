/**
 * What the states of all labs share: schemas of their parts, the picture, and how a state is
 * parsed.
 *
 * A lab's state is plain JSON that a link, a saved file, an element's attribute and undo all share.
 * Old versions must always open: when raising `v`, keep the old schema and convert its states.
 * Links omit what equals the default, so changing a default needs a new version too.
 */
import * as v from "valibot";
import { photos } from "../../pictures/photos.js";

/** Limits of the parts that are the same in every lab. */
export const SHARED_LIMITS = Object.freeze({
  stride: 16,
  dilation: 16,
  padding: 64,
  extent: 2 ** 20,
  seed: 2 ** 32 - 1,
  name: 100,
});

/** The engine's test patterns, in display order. */
export const PATTERNS = /** @type {const} */ ([
  "impulse",
  "step",
  "checkerboard",
  "gradient",
  "circle",
  "noise",
]);

/** The picture that is made of numbers small enough to read. */
export const SMALL = "face";

/**
 * A number between `least` and `most`.
 * @param {number} least
 * @param {number} most
 */
export const between = (least, most) =>
  v.pipe(
    v.number(),
    v.minValue(least),
    v.maxValue(most),
    // JSON has no minus zero.
    v.transform((value) => value + 0),
  );

/** @param {number} limit largest magnitude */
export const magnitude = (limit) => between(-limit, limit);

/**
 * @param {number} least
 * @param {number} most
 */
export const whole = (least, most) =>
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(least),
    v.maxValue(most),
    v.transform((value) => value + 0),
  );

/** @param {number} most */
export const rowsAndColumns = (most) => v.strictTuple([whole(1, most), whole(1, most)]);

const index = whole(0, SHARED_LIMITS.extent);

/** `[row, column]` of a pixel. */
export const place = v.strictTuple([index, index]);

/** The picture that a lab shows. */
export const picture = v.variant("kind", [
  v.object({ kind: v.literal("photo"), name: v.picklist(photos.map(({ name }) => name)) }),
  v.object({
    kind: v.literal("pattern"),
    name: v.picklist([...PATTERNS, SMALL]),
    seed: v.optional(whole(0, SHARED_LIMITS.seed), 0),
  }),
  // 64 x 64 pixels of one bit are 512 bytes.
  v.object({
    kind: v.literal("drawing"),
    bits: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{683}=$/)),
  }),
  v.object({
    kind: v.literal("upload"),
    name: v.pipe(v.string(), v.maxLength(SHARED_LIMITS.name)),
  }),
  v.object({ kind: v.literal("camera") }),
]);

/** @typedef {v.InferOutput<typeof picture>} PictureState */

const side = whole(0, SHARED_LIMITS.padding);

/** Padding by name or per side. */
export const padding = v.union([
  v.picklist(["valid", "same", "full"]),
  v.object({ top: side, left: side, bottom: side, right: side }),
]);

/** @type {[number, number]} */
export const ONE_EACH = [1, 1];

/**
 * @template {object} S
 * @typedef {import("../../state/permalink.js").LabState<S>} LabState
 */

/**
 * The parser of a lab's state.
 * @template {v.GenericSchema<any, { v: number }>} Schema
 * @param {string} name
 * @param {Schema} schema  of the present version, in which every field has a default
 * @param {Readonly<Record<number, object>>} [earlier]  by version, the defaults that were others
 * @returns {LabState<v.InferOutput<Schema>>}
 */
export function labState(name, schema, earlier = {}) {
  const initial = frozen(v.parse(schema, {}));
  return {
    name,
    defaultState: () => initial,
    parseState: (value) => {
      if (typeof value !== "object" || value === null || Array.isArray(value)) {
        return { problem: { code: "state_invalid", details: { field: "state" } } };
      }
      const { v: version = initial.v } = /** @type {{ v?: unknown }} */ (value);
      const isEarlier = typeof version === "number" && Object.hasOwn(earlier, version);
      if (version !== initial.v && !isEarlier) {
        const named = typeof version === "number" || typeof version === "string";
        const details = { version: named ? String(version).slice(0, 20) : typeof version };
        return { problem: { code: "state_version_unknown", details } };
      }
      const present = isEarlier ? { ...earlier[version], ...value, v: initial.v } : value;
      const { success, output, issues } = v.safeParse(schema, present, { abortEarly: true });
      if (success) return { state: frozen(output) };
      const field = String(issues[0].path?.[0].key ?? "state");
      return { problem: { code: "state_invalid", details: { field } } };
    },
  };
}

/**
 * @template T
 * @param {T} value plain JSON
 * @returns {T} the same object, deeply frozen
 */
function frozen(value) {
  if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}
