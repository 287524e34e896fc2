/** The kernel lab's state. */
import * as v from "valibot";
import {
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
  kernelSide: 15,
  weight: 1e6,
  bias: 100,
  display: 1e9,
  pins: 2,
});

const kernel = v.pipe(
  v.array(
    v.pipe(v.array(magnitude(LIMITS.weight)), v.minLength(1), v.maxLength(LIMITS.kernelSide)),
  ),
  v.minLength(1),
  v.maxLength(LIMITS.kernelSide),
  v.check((rows) => rows.every((row) => row.length === rows[0].length)),
);

const display = v.pipe(
  v.object({
    kind: v.picklist(["clip", "symmetric", "absolute", "fixed"]),
    min: v.optional(magnitude(LIMITS.display), -1),
    max: v.optional(magnitude(LIMITS.display), 1),
  }),
  v.check(({ min, max }) => min < max),
);

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

/** The initial state: Sobel x on the cat. */
export const kernelLabState = labState("kernel", SCHEMA);
