/** The receptive-field lab's state. */
import * as v from "valibot";
import { between, labState, picture, SHARED_LIMITS, whole } from "../shared/lab-state.js";

/** What the lab accepts. The engine has its own, wider limits. */
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

/** What can be asked by one click. */
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

/** A network of one's own. Whether its parts fit together is the engine's to say. */
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

/** The weights and the activation with which the effective receptive field is computed. */
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
  /** Height and width of the input in place of the network's own. */
  size: v.optional(v.nullable(v.strictTuple([whole(1, LIMITS.side), whole(1, LIMITS.side)])), null),
  /** The selected layer; the last that has a place on the picture if there is no such one. */
  node: v.optional(id, "layer2.1.conv2"),
  /** The place looked at, [row, column] in input pixels; null for the middle. */
  point: v.optional(v.nullable(v.strictTuple([coordinate, coordinate])), null),
  picture: v.optional(picture, { kind: "photo", name: "cat" }),
  gradient: v.optional(gradient, {}),
  question: v.optional(v.nullable(v.picklist(QUESTIONS)), null),
});

/** @typedef {v.InferOutput<typeof SCHEMA>} ReceptiveFieldLabState  frozen, however deep */
/** @typedef {v.InferOutput<typeof spec>} Spec */

export const receptiveFieldLabState = labState("receptive-field", SCHEMA);

/**
 * A network that claims to be one, as text. What is left out takes its default.
 * @param {string} text  JSON
 * @returns {{ spec: Spec } | { problem: import("../../state/store.js").StateProblem }}
 *   problem `spec_not_json` with `reason`, or `spec_invalid` with `field`, the path to what is wrong
 */
export function readSpec(text) {
  let value;
  try {
    value = JSON.parse(text);
  } catch (error) {
    const reason = String(/** @type {Error} */ (error).message).slice(0, 200);
    return { problem: { code: "spec_not_json", details: { reason } } };
  }
  const { success, output, issues } = v.safeParse(spec, value, { abortEarly: true });
  if (success) return { spec: output };
  const field = issues[0].path?.map(({ key }) => String(key)).join(".") || "spec";
  return { problem: { code: "spec_invalid", details: { field: field.slice(0, 200) } } };
}
