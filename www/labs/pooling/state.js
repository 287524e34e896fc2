/** The pooling lab's state. */
import * as v from "valibot";
import {
  between,
  labState,
  magnitude,
  ONE_EACH,
  padding,
  picture,
  place,
  rowsAndColumns,
  SHARED_LIMITS,
  whole,
} from "../shared/lab-state.js";

/** What the lab accepts; the engine's own limits are wider. */
export const LIMITS = Object.freeze({
  ...SHARED_LIMITS,
  size: 15,
  p: Object.freeze([1, 100]),
  taps: Object.freeze([2, 7]),
  outputSize: 256,
  display: 1e9,
  nextChannels: 4096,
  /** Largest shift along an axis, in pixels. */
  shift: 8,
});

/** The methods, in the order in which they are offered. */
export const METHODS = /** @type {const} */ ([
  "max",
  "average",
  "lp",
  "strided",
  "binomial",
  "blur",
  "max_blur",
  "adaptive",
  "global",
]);

/** Weights of the strided convolution. */
export const KERNELS = /** @type {const} */ (["identity", "box", "binomial", "random"]);

const method = v.picklist(METHODS);

const methods = v.pipe(
  v.array(method),
  v.minLength(1),
  v.check((names) => new Set(names).size === names.length),
);

const display = v.pipe(
  v.object({
    kind: v.picklist(["clip", "symmetric", "absolute", "fixed"]),
    min: v.optional(magnitude(LIMITS.display), 0),
    max: v.optional(magnitude(LIMITS.display), 1),
  }),
  v.check(({ min, max }) => min < max),
);

const pixels = magnitude(LIMITS.shift);

const SCHEMA = v.object({
  v: v.optional(v.literal(2), 2),
  picture: v.optional(picture, { kind: "photo", name: "cat" }),
  color: v.optional(v.picklist(["grey", "color"]), "grey"),
  methods: v.optional(methods, ["max", "average", "strided", "binomial"]),
  method: v.optional(method, "max"),
  size: v.optional(rowsAndColumns(LIMITS.size), /** @type {[number, number]} */ ([2, 2])),
  stride: v.optional(rowsAndColumns(LIMITS.stride), /** @type {[number, number]} */ ([2, 2])),
  padding: v.optional(padding, "valid"),
  dilation: v.optional(rowsAndColumns(LIMITS.dilation), ONE_EACH),
  ceilMode: v.optional(v.boolean(), false),
  countIncludePad: v.optional(v.boolean(), true),
  p: v.optional(between(LIMITS.p[0], LIMITS.p[1]), 2),
  kernel: v.optional(v.picklist(KERNELS), "identity"),
  seed: v.optional(whole(0, LIMITS.seed), 1),
  taps: v.optional(whole(LIMITS.taps[0], LIMITS.taps[1]), 3),
  kind: v.optional(v.picklist(["max", "average"]), "average"),
  outputSize: v.optional(
    rowsAndColumns(LIMITS.outputSize),
    /** @type {[number, number]} */ ([7, 7]),
  ),
  display: v.optional(display, { kind: "clip" }),
  position: v.optional(place, /** @type {[number, number]} */ ([44, 33])),
  channel: v.optional(whole(0, 2), 0),
  gradientOf: v.optional(v.picklist(["one", "all"]), "one"),
  restoring: v.optional(v.picklist(["nearest", "unpool"]), "nearest"),
  nextChannels: v.optional(whole(1, LIMITS.nextChannels), 64),
  shift: v.optional(v.strictTuple([pixels, pixels]), /** @type {[number, number]} */ ([0, 1])),
  measure: v.optional(v.picklist(["stay", "follow"]), "stay"),
});

/** @typedef {v.InferOutput<typeof SCHEMA>} PoolingLabState  frozen, however deep */

/** @typedef {typeof METHODS[number]} MethodName */

/**
 * The initial state: four methods that halve the cat. Version 1 began with a blur instead of the
 * convolution that looks learned.
 */
export const poolingLabState = labState("pooling", SCHEMA, {
  1: { methods: ["max", "average", "strided", "max_blur"] },
});
