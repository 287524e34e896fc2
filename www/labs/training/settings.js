/**
 * The settings of a run: what each may be, and how they become what the core takes.
 *
 * @import { RunSpec } from "./contract.js"
 */
import * as v from "valibot";
import { between, SHARED_LIMITS, whole } from "../shared/lab-state.js";

const share = between(0, 1);

/** Each setting with the values that it may have. */
export const settings = {
  set: v.picklist(["digits", "digits_from5", "stripes", "shapes", "dot", "color_and_shape"]),
  examples: whole(1, 4000),
  labelNoise: share,
  shift: v.boolean(),
  kind: v.picklist(["linear", "dense", "cnn", "separable"]),
  depth: whole(1, 12),
  width: whole(1, 64),
  activation: v.picklist(["relu", "leaky_relu", "elu", "selu", "gelu", "tanh", "sigmoid"]),
  norm: v.picklist(["none", "batch", "group", "layer"]),
  pooling: v.picklist(["max", "average", "strided", "blurred"]),
  dropout: between(0, 0.9),
  firstWeights: v.picklist([
    "he",
    "xavier",
    "lecun",
    "orthogonal",
    "too_small",
    "too_large",
    "zeros",
  ]),
  skips: v.boolean(),
  start: v.picklist(["scratch", "frozen", "fine_tuned"]),
  optimizer: v.picklist(["sgd", "nesterov", "adagrad", "rmsprop", "adam", "adamw"]),
  momentum: share,
  learningRate: between(0, 1000),
  schedule: v.picklist(["constant", "step", "cosine", "exponential", "one_cycle"]),
  scheduleSteps: whole(1, 100_000),
  l1: share,
  l2: share,
  clip: between(0, 1000),
  labelSmoothing: share,
  batch: whole(1, 256),
};

const schema = v.strictObject(settings);

/** @typedef {v.InferOutput<typeof schema>} Settings */
/** @typedef {keyof Settings} Setting */

/** What the lab begins with. @type {Readonly<Settings>} */
export const DEFAULTS = Object.freeze({
  set: "digits",
  examples: 1437,
  labelNoise: 0,
  shift: false,
  kind: "cnn",
  depth: 2,
  width: 8,
  activation: "relu",
  norm: "none",
  pooling: "max",
  dropout: 0,
  firstWeights: "he",
  skips: false,
  start: "scratch",
  optimizer: "sgd",
  momentum: 0,
  learningRate: 0.05,
  schedule: "constant",
  scheduleSteps: 400,
  l1: 0,
  l2: 0,
  clip: 0,
  labelSmoothing: 0,
  batch: 32,
});

/** The settings in the groups in which they are shown. */
export const GROUPS = /** @type {const} */ ({
  data: ["set", "examples", "labelNoise", "shift"],
  network: [
    "kind",
    "depth",
    "width",
    "activation",
    "norm",
    "pooling",
    "firstWeights",
    "skips",
    "start",
  ],
  training: ["optimizer", "momentum", "learningRate", "batch", "schedule", "scheduleSteps", "clip"],
  overfitting: ["l1", "l2", "dropout", "labelSmoothing"],
});

/** Whether a run of these settings is given the digits. @param {Pick<Settings, "set">} of */
export const needsDigits = ({ set }) => set === "digits" || set === "digits_from5";

/**
 * Whether a setting changes anything in a run with these settings.
 * @param {Setting} name
 * @param {Settings} of
 */
export function applies(name, { kind, optimizer, schedule, set }) {
  const isConvolutional = kind === "cnn" || kind === "separable";
  switch (name) {
    case "depth":
    case "width":
    case "activation":
      return kind !== "linear";
    case "norm":
    case "pooling":
    case "skips":
      return isConvolutional;
    case "start":
      return set === "digits_from5" && kind !== "linear";
    case "momentum":
      return optimizer === "sgd" || optimizer === "nesterov" || optimizer === "rmsprop";
    case "scheduleSteps":
      return schedule !== "constant";
    default:
      return true;
  }
}

/** Part of a run's settings: what differs from the common ones. */
export const someSettings = v.partial(schema);

/**
 * All of them, each as at the start unless given.
 * @type {v.GenericSchema<Partial<Settings>, Settings>}
 */
export const everySetting = /** @type {any} */ (
  v.object(
    Object.fromEntries(
      Object.entries(settings).map(([name, kind]) => [
        name,
        v.optional(/** @type {v.GenericSchema} */ (kind), DEFAULTS[/** @type {Setting} */ (name)]),
      ]),
    ),
  )
);

/**
 * What the core takes.
 * @param {Settings} of
 * @param {number} seed
 * @returns {RunSpec}
 */
export function specOf(of, seed) {
  const { set, examples, labelNoise, shift } = of;
  const { kind, depth, width, activation, norm, pooling, dropout } = of;
  const { firstWeights, skips, start } = of;
  const { optimizer, momentum, learningRate, schedule, scheduleSteps } = of;
  const { l1, l2, clip, labelSmoothing, batch } = of;
  return {
    data: { set, examples, labelNoise, shift },
    network: {
      kind,
      depth,
      width,
      activation,
      norm,
      pooling,
      dropout,
      firstWeights,
      skips,
      start: set === "digits_from5" ? start : "scratch",
    },
    training: {
      optimizer,
      momentum,
      learningRate,
      schedule,
      scheduleSteps,
      l1,
      l2,
      clip,
      labelSmoothing,
      batch,
    },
    seed: seed % (SHARED_LIMITS.seed + 1),
  };
}
