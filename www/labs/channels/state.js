/** The channels lab's state. */
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
  filters: 16,
  kernelSide: 7,
  weight: 1e6,
  bias: 1e6,
});

/** The channels of a picture, in order. */
export const CHANNELS = /** @type {const} */ (["red", "green", "blue"]);

/** How they are written, in every language. */
export const LETTERS = Object.freeze({ red: "R", green: "G", blue: "B" });

/** What can be asked; "none" asks nothing. */
export const QUESTIONS = /** @type {const} */ ([
  "one_map",
  "sobel",
  "one_by_one",
  "depthwise",
  "depth",
]);

const kernel = v.pipe(
  v.array(
    v.pipe(v.array(magnitude(LIMITS.weight)), v.minLength(1), v.maxLength(LIMITS.kernelSide)),
  ),
  v.minLength(1),
  v.maxLength(LIMITS.kernelSide),
);

const filter = v.object({
  kernels: v.strictTuple([kernel, kernel, kernel]),
  bias: v.optional(magnitude(LIMITS.bias), 0),
});

const filters = v.pipe(
  v.array(filter),
  v.minLength(1),
  v.maxLength(LIMITS.filters),
  v.check((all) => {
    const rows = all.flatMap(({ kernels }) => kernels.flat());
    const { length } = all[0].kernels[0];
    const isSquare = all.every(({ kernels }) => kernels.every((cells) => cells.length === length));
    return isSquare && rows.every((cells) => cells.length === length);
  }),
);

/**
 * @param {number[]} shares  of red, green and blue
 * @param {number[][]} cells
 */
const spread = (shares, cells) => ({
  kernels: shares.map((share) =>
    cells.map((row) => row.map((weight) => Number((share * weight).toFixed(3)) + 0)),
  ),
});

const CENTER = [
  [0, 0, 0],
  [0, 1, 0],
  [0, 0, 0],
];
const SOBEL_X = [
  [-1, 0, 1],
  [-2, 0, 2],
  [-1, 0, 1],
];

/** Red in the middle of green and blue, red against green, yellow against blue, edges. */
const FIRST = [
  {
    kernels: [
      [
        [0, 1, 0],
        [1, 2, 1],
        [0, 1, 0],
      ],
      [
        [0, -1, 0],
        [-1, 0, -1],
        [0, -1, 0],
      ],
      [
        [-0.5, 0, -0.5],
        [0, 0, 0],
        [-0.5, 0, -0.5],
      ],
    ],
    bias: -1.6,
  },
  spread([1, -1, 0], CENTER),
  spread([0.5, 0.5, -1], CENTER),
  spread([0.299, 0.587, 0.114], SOBEL_X),
];

const index = whole(0, LIMITS.filters - 1);

const SCHEMA = v.object({
  v: v.optional(v.literal(1), 1),
  tab: v.optional(v.picklist(["color", "groups"]), "color"),
  picture: v.optional(picture, { kind: "photo", name: "cat" }),
  filters: v.optional(
    filters,
    /** @type {v.InferInput<typeof filters>} */ (/** @type {unknown} */ (FIRST)),
  ),
  chosen: v.optional(index, 0),
  paints: v.optional(v.picklist(["one", "all"]), "one"),
  combining: v.optional(v.picklist(["sum", "apart"]), "sum"),
  relu: v.optional(v.boolean(), true),
  planes: v.optional(v.picklist(["color", "grey"]), "color"),
  padding: v.optional(padding, "same"),
  stride: v.optional(rowsAndColumns(LIMITS.stride), ONE_EACH),
  composite: v.optional(v.nullable(v.strictTuple([index, index, index])), null),
  position: v.optional(place, /** @type {[number, number]} */ ([205, 151])),
  source: v.optional(v.picklist(["planes", "maps"]), "maps"),
  groups: v.optional(whole(1, LIMITS.filters), 1),
  pointwise: v.optional(v.boolean(), false),
  seed: v.optional(whole(0, LIMITS.seed), 1),
  question: v.optional(v.picklist(["none", ...QUESTIONS]), "none"),
});

/** @typedef {v.InferOutput<typeof SCHEMA>} ChannelsLabState  frozen, however deep */

/** The initial state: four filters on the cat. */
export const channelsLabState = labState("channels", SCHEMA);
