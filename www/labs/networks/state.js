/** The networks lab's state. The weights are not part of it. */
import * as v from "valibot";
import { labState, picture, whole } from "../shared/lab-state.js";

/** Rows and columns of what the network sees. */
export const SIDE = 224;

export const TABS = /** @type {const} */ (["ask", "inside", "why", "architectures"]);

/** The tabs that ask the trained network. */
export const NEEDS_WEIGHTS = Object.freeze(["ask", "inside", "why"]);

/** Classes of the answer that can be asked about. */
export const TOP = 5;

/** Sides of the patch that hides a part, in pixels. */
export const PATCHES = /** @type {const} */ ([32, 48, 64]);

/** Most maps of a layer: those of the last one. */
export const MAPS = 1280;

const place = whole(0, SIDE - 1);
const name = v.pipe(v.string(), v.regex(/^[\w.]{1,60}$/));

const SCHEMA = v.object({
  v: v.optional(v.literal(1), 1),
  tab: v.optional(v.picklist(TABS), "ask"),
  picture: v.optional(picture, { kind: "photo", name: "cat" }),
  // The first row and column that the patch by hand covers, 48 pixels wide.
  cover: v.optional(v.strictTuple([place, place]), /** @type {[number, number]} */ ([72, 80])),
  layer: v.optional(name, "_blocks.3._relu6_1"),
  order: v.optional(v.picklist(["varied", "strongest", "number"]), "varied"),
  // Null is the first map shown.
  map: v.optional(v.nullable(whole(0, MAPS - 1)), null),
  // Null is the strongest position.
  unit: v.optional(v.nullable(v.strictTuple([place, place])), null),
  // Which of the top five is asked about.
  rank: v.optional(whole(0, TOP - 1), 0),
  patch: v.optional(v.picklist(PATCHES), 64),
  // The channel of the last maps that is switched off by hand.
  channel: v.optional(whole(0, MAPS - 1), 112),
  compared: v.optional(
    v.strictTuple([name, name]),
    /** @type {[string, string]} */ (["alexnet_2012", "resnet18"]),
  ),
  listing: v.optional(v.picklist(["two", "table"]), "two"),
});

/** @typedef {v.InferOutput<typeof SCHEMA>} NetworksLabState  frozen, however deep */

/** The initial state: the cat, asked what it is. */
export const networksLabState = labState("networks", SCHEMA);
