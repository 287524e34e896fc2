/**
 * Whole training runs: the loss and the gradient norm of every step, and the last weights.
 *
 * A run amplifies its rounding errors step by step, so what is allowed is not counted in terms: it is
 * ten times what the same run in `float32` was off by in the library that computed the reference, and
 * at least 2e-6.
 *
 * @import { Cnn } from "./run.js"
 * @import { Values, Verdict } from "./tolerance.js"
 */
import { NotCovered, tensor } from "./case.js";
import { compare } from "./tolerance.js";

const MULTIPLE = 10;
const FLOOR = 2e-6;

const KNOWN = [
  "name",
  "spec",
  "optimizer",
  "loss",
  "labelSmoothing",
  "clipNorm",
  "frozen",
  "learningRateFactors",
  "steps",
  "batches",
  "initialWeights",
  "losses",
  "gradientNorms",
  "finalWeights",
  "float32Differs",
];

/** @param {any} value */
export function isTrainingCase(value) {
  return Array.isArray(value.batches) && typeof value.optimizer?.kind === "string";
}

/** @param {any} value */
export function trainingName({ optimizer }) {
  return `training with ${optimizer.kind}`;
}

/**
 * @param {Cnn} cnn
 * @param {any} value  the case
 * @returns {Verdict[]}
 */
export function checkTraining(cnn, value) {
  const unknown = Object.keys(value).find((name) => !KNOWN.includes(name));
  if (unknown) throw new NotCovered(`the option ${unknown}`);
  const { losses, gradientNorms, finalWeights, float32Differs } = value;
  const got = run(cnn, value);
  const [ofLosses, ofWeights] = [float32Differs.losses, float32Differs.weights].map((off) =>
    Math.max(MULTIPLE * off, FLOOR),
  );
  // The file does not say how far the norms were off; they are sums of squares of gradients, which
  // are as exact as what they move, relative to the largest.
  const ofNorms = Math.max(ofLosses, ofWeights) * Math.max(1, ...gradientNorms);
  return [
    compare("loss", list(got.losses), list(losses), () => ofLosses),
    compare("gradient norm", list(got.norms), list(gradientNorms), () => ofNorms),
    ...parameters(got.weights, finalWeights, ofWeights),
  ];
}

/** @param {Cnn} cnn @param {any} value */
function run(cnn, value) {
  const { spec, optimizer, loss, labelSmoothing, clipNorm, frozen, initialWeights } = value;
  const clipping = clipNorm === undefined ? undefined : { kind: "norm", limit: clipNorm };
  const options = { optimizer, loss, labelSmoothing, clipping, frozen };
  const trainer = new cnn.Trainer(spec, /** @type {any} */ (options));
  try {
    trainer.loadWeights(
      initialWeights.map((/** @type {any} */ parameter) => ({
        ...parameter,
        tensor: tensor(parameter.tensor),
      })),
    );
    const { steps, batches, learningRateFactors } = value;
    const taken = Array.from({ length: steps }, (_, step) => {
      const { inputs, labels, targets } = batches[step % batches.length];
      const factor = learningRateFactors?.[step] ?? 1;
      const rate = optimizer.learningRate * factor;
      return trainer.step(tensor(inputs), labels ?? tensor(targets), rate);
    });
    return {
      losses: taken.map((step) => step.loss),
      norms: taken.map((step) => step.gradientNorm),
      weights: trainer.weights(),
    };
  } finally {
    trainer.free();
  }
}

/**
 * @param {{ layer: string, name: string, tensor: Values }[]} got
 * @param {any[]} expected
 * @param {number} allowed
 * @returns {Verdict[]}
 */
function parameters(got, expected, allowed) {
  const named = new Map(got.map(({ layer, name, tensor }) => [`${layer} ${name}`, tensor]));
  return expected.map(({ layer, name, tensor: values }) => {
    const parameter = `${layer} ${name}`;
    const ours = named.get(parameter);
    if (!ours) return { name: parameter, error: Infinity, complaint: `${parameter} is missing` };
    return compare(parameter, ours, tensor(values), () => allowed);
  });
}

/** @param {number[]} data @returns {Values} */
function list(data) {
  return { shape: [data.length], data };
}
