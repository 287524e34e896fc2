/**
 * The kernel lab's state: plain JSON that a link, a saved file, an element's attribute and
 * undo all share.
 *
 * Old versions open for ever: whoever raises `v` keeps the old schema, names it in
 * {@link parseState} and turns its states into new ones there. A link leaves out what equals
 * the default, so a changed default is a new version too.
 */
import * as v from "valibot";
import { photos } from "../pictures/photos.js";

/** What the lab accepts. The engine has its own, wider limits. */
export const LIMITS = Object.freeze({
  kernelSide: 15,
  weight: 1e6,
  bias: 100,
  stride: 16,
  dilation: 16,
  padding: 64,
  display: 1e9,
  extent: 2 ** 20,
  seed: 2 ** 32 - 1,
  pins: 2,
  name: 100,
});

/** The engine's test patterns, in the order in which they are offered. */
export const PATTERNS = /** @type {const} */ ([
  "impulse",
  "step",
  "checkerboard",
  "gradient",
  "circle",
  "noise",
]);

/** @param {number} limit largest magnitude */
const magnitude = (limit) =>
  v.pipe(
    v.number(),
    v.minValue(-limit),
    v.maxValue(limit),
    // JSON knows no minus zero.
    v.transform((value) => value + 0),
  );

/**
 * @param {number} least
 * @param {number} most
 */
const whole = (least, most) =>
  v.pipe(
    v.number(),
    v.integer(),
    v.minValue(least),
    v.maxValue(most),
    v.transform((value) => value + 0),
  );

/** @param {number} most */
const rowsAndColumns = (most) => v.strictTuple([whole(1, most), whole(1, most)]);

const side = whole(0, LIMITS.padding);
const place = v.strictTuple([whole(0, LIMITS.extent), whole(0, LIMITS.extent)]);

const kernel = v.pipe(
  v.array(
    v.pipe(v.array(magnitude(LIMITS.weight)), v.minLength(1), v.maxLength(LIMITS.kernelSide)),
  ),
  v.minLength(1),
  v.maxLength(LIMITS.kernelSide),
  v.check((rows) => rows.every((row) => row.length === rows[0].length)),
);

const picture = v.variant("kind", [
  v.object({ kind: v.literal("photo"), name: v.picklist(photos.map(({ name }) => name)) }),
  v.object({
    kind: v.literal("pattern"),
    name: v.picklist(PATTERNS),
    seed: v.optional(whole(0, LIMITS.seed), 0),
  }),
  // 64 x 64 pixels of one bit are 512 bytes.
  v.object({
    kind: v.literal("drawing"),
    bits: v.pipe(v.string(), v.regex(/^[A-Za-z0-9+/]{683}=$/)),
  }),
  v.object({ kind: v.literal("upload"), name: v.pipe(v.string(), v.maxLength(LIMITS.name)) }),
  v.object({ kind: v.literal("camera") }),
]);

const padding = v.union([
  v.picklist(["valid", "same", "full"]),
  v.object({ top: side, left: side, bottom: side, right: side }),
]);

const display = v.pipe(
  v.object({
    kind: v.picklist(["clip", "symmetric", "absolute", "fixed"]),
    min: v.optional(magnitude(LIMITS.display), -1),
    max: v.optional(magnitude(LIMITS.display), 1),
  }),
  v.check(({ min, max }) => min < max),
);

/** @type {[number, number]} */
const ONE_EACH = [1, 1];

const SCHEMA = v.object({
  v: v.optional(v.literal(1), 1),
  kernel: v.optional(kernel, [
    [-1, 0, 1],
    [-2, 0, 2],
    [-1, 0, 1],
  ]),
  picture: v.optional(picture, { kind: "photo", name: "cat" }),
  color: v.optional(v.picklist(["grey", "color"]), "grey"),
  padding: v.optional(padding, "same"),
  paddingMode: v.optional(v.picklist(["zeros", "reflect", "replicate", "circular"]), "zeros"),
  stride: v.optional(rowsAndColumns(LIMITS.stride), ONE_EACH),
  dilation: v.optional(rowsAndColumns(LIMITS.dilation), ONE_EACH),
  bias: v.optional(magnitude(LIMITS.bias), 0),
  flipKernel: v.optional(v.boolean(), false),
  relu: v.optional(v.boolean(), false),
  display: v.optional(display, { kind: "symmetric" }),
  position: v.optional(place, /** @type {[number, number]} */ ([86, 64])),
  channel: v.optional(whole(0, 2), 0),
  pins: v.optional(v.pipe(v.array(place), v.maxLength(LIMITS.pins)), []),
});

/** @typedef {v.InferOutput<typeof SCHEMA>} KernelLabState  frozen, however deep */

/**
 * @typedef {{ code: string, details: Record<string, string | number> }} StateProblem
 *   shown as `error.<code>`
 */

/**
 * Sobel x on the cat, as the page opens.
 * @returns {KernelLabState}
 */
export function defaultState() {
  return DEFAULT;
}

/**
 * Checks what claims to be a state. What is left out takes its default, also `v`; keys that
 * are not known are dropped.
 * @param {unknown} value
 * @returns {{ state: KernelLabState, problem?: undefined } | { state?: undefined, problem: StateProblem }}
 *   problem `state_version_unknown` with `version`, or `state_invalid` with `field`, the name of
 *   the first wrong field (`state` if it is not an object at all)
 */
export function parseState(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    return { problem: { code: "state_invalid", details: { field: "state" } } };
  }
  const { v: version = 1 } = /** @type {{ v?: unknown }} */ (value);
  if (version !== 1) {
    const named = typeof version === "number" || typeof version === "string";
    const details = { version: named ? String(version).slice(0, 20) : typeof version };
    return { problem: { code: "state_version_unknown", details } };
  }
  const { success, output, issues } = v.safeParse(SCHEMA, value, { abortEarly: true });
  if (success) return { state: frozen(output) };
  const field = String(issues[0].path?.[0].key ?? "state");
  return { problem: { code: "state_invalid", details: { field } } };
}

/**
 * @template T
 * @param {T} value plain JSON
 * @returns {T} the same, frozen however deep
 */
function frozen(value) {
  if (typeof value === "object" && value !== null) {
    for (const part of Object.values(value)) frozen(part);
    Object.freeze(value);
  }
  return value;
}

const DEFAULT = frozen(v.parse(SCHEMA, {}));
