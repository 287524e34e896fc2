/** The receptive-field lab's state. */
import * as v from "valibot";
import { between, labState, picture, SHARED_LIMITS, whole } from "../shared/lab-state.js";
import { jsonError } from "./json-error.js";

/** What the lab accepts; the engine's own limits are wider. */
export const LIMITS = Object.freeze({
  ...SHARED_LIMITS,
  layers: 1000,
  id: 200,
  channels: 4096,
  kernel: 31,
  stride: 16,
  dilation: 32,
  side: 1024,
  draws: 64,
  coordinate: 65536,
});

/** Questions that one click asks. */
export const QUESTIONS = /** @type {const} */ ([
  "kernels",
  "dilation",
  "skip",
  "alignment",
  "same",
]);

const id = v.pipe(v.string(), v.maxLength(LIMITS.id));
const extent = v.nullish(whole(1, LIMITS.side), 224);
const scalar = v.union([
  v.pipe(v.string(), v.maxLength(LIMITS.id)),
  v.pipe(v.number(), v.finite()),
  v.boolean(),
  v.null(),
]);
const list = v.pipe(v.array(scalar), v.maxLength(LIMITS.channels));
const option = v.union([scalar, list, v.pipe(v.array(list), v.maxLength(LIMITS.channels))]);

/** The learner's own network. The engine checks whether its parts fit together. */
const spec = v.object({
  input: v.object({ channels: whole(1, LIMITS.channels), height: extent, width: extent }),
  layers: v.pipe(
    v.array(v.objectWithRest({ id, op: v.pipe(v.string(), v.maxLength(40)) }, option)),
    v.maxLength(LIMITS.layers),
  ),
});

const net = v.variant("kind", [
  v.object({ kind: v.literal("zoo"), name: v.pipe(v.string(), v.maxLength(SHARED_LIMITS.name)) }),
  v.object({ kind: v.literal("own"), spec }),
]);

/** Weights and activation for the effective receptive field. */
const gradient = v.object({
  weights: v.optional(v.picklist(["uniform", "random"]), "random"),
  activation: v.optional(v.picklist(["linear", "relu"]), "linear"),
  seed: v.optional(whole(0, LIMITS.seed), 1),
  draws: v.optional(whole(1, LIMITS.draws), 1),
});

const coordinate = between(-LIMITS.coordinate, LIMITS.coordinate);

const SCHEMA = v.object({
  v: v.optional(v.literal(1), 1),
  net: v.optional(net, { kind: "zoo", name: "resnet18" }),
  /** Height and width of the input, overriding the network's own. */
  size: v.optional(v.nullable(v.strictTuple([whole(1, LIMITS.side), whole(1, LIMITS.side)])), null),
  /**
   * The selected layer; if there is none of that name, the last one with a position on the picture.
   */
  node: v.optional(id, "layer2.1.conv2"),
  /** The selected point, [row, column] in input pixels; null for the centre. */
  point: v.optional(v.nullable(v.strictTuple([coordinate, coordinate])), null),
  picture: v.optional(picture, { kind: "photo", name: "cat" }),
  gradient: v.optional(gradient, {}),
  question: v.optional(v.nullable(v.picklist(QUESTIONS)), null),
});

/** @typedef {v.InferOutput<typeof SCHEMA>} ReceptiveFieldLabState  frozen, however deep */
/** @typedef {v.InferOutput<typeof spec>} Spec */

export const receptiveFieldLabState = labState("receptive-field", SCHEMA);

/**
 * Reads a network from JSON; options left out take their defaults.
 * @param {string} text
 * @returns {{ spec: Spec } | { problem: import("../../state/store.js").StateProblem }}
 *   problem `spec_not_json` with the place of the mistake, or `spec_invalid` with `field`, the path
 *   to what is wrong
 */
export function readSpec(text) {
  const details = jsonError(text);
  if (details) return { problem: { code: "spec_not_json", details } };
  const { success, output, issues } = v.safeParse(spec, JSON.parse(text), { abortEarly: true });
  if (success) return { spec: output };
  const field = issues[0].path?.map(({ key }) => String(key)).join(".") || "spec";
  return { problem: { code: "spec_invalid", details: { field: field.slice(0, 200) } } };
}
