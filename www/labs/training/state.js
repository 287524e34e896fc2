/** The training lab's state. */
import * as v from "valibot";
import { between, labState, SHARED_LIMITS, whole } from "../shared/lab-state.js";
import { EXPERIMENTS, NAMES } from "./experiments.js";
import { everySetting, someSettings } from "./settings.js";

/** What the lab accepts; the engine's own limits are wider. */
export const LIMITS = Object.freeze({ runs: 5, steps: 100_000, changes: 50 });

/** The letter of each run. */
export const LETTERS = /** @type {const} */ (["A", "B", "C", "D", "E"]);

const step = whole(0, LIMITS.steps);

/** A change of the rate by hand: of one run, or of all. */
const change = v.strictObject({
  step,
  factor: between(1e-6, 1e6),
  run: v.nullable(whole(0, LIMITS.runs - 1)),
});

const SCHEMA = v.object({
  v: v.optional(v.literal(1), 1),
  experiment: v.optional(v.picklist([...NAMES, "own"]), "optimizer"),
  base: v.optional(everySetting, {}),
  runs: v.optional(
    v.pipe(v.array(someSettings), v.minLength(1), v.maxLength(LIMITS.runs)),
    EXPERIMENTS.optimizer.runs,
  ),
  seed: v.optional(whole(0, SHARED_LIMITS.seed), 1),
  changes: v.optional(v.pipe(v.array(change), v.maxLength(LIMITS.changes)), []),
  chosen: v.optional(whole(0, LIMITS.runs - 1), 0),
  /** Where the runs wait when they are opened again; 0 for the start. */
  steps: v.optional(step, 0),
});

/** @typedef {v.InferOutput<typeof SCHEMA>} TrainingLabState  frozen, however deep */

/** The initial state: optimisers on the digits. */
export const trainingLabState = labState("training", SCHEMA);
