import { OURS } from "../ours.js";
import { ADAM, DESCENT, labelsOf, losses } from "./lesson.js";

/**
 * The product's trainer, with Adam.
 *
 * @param {typeof import("../../../../www/package/index.js")} cnn
 * @param {import("../work.js").Work} work
 * @param {number} steps  whose losses are compared
 * @returns {import("../contest.js").Contestant}
 */
export function trainOurs(cnn, work, steps) {
  const { learningRate, beta1, beta2, epsilon } = ADAM;
  const optimizer = { kind: "adam", learningRate, betas: [beta1, beta2], epsilon };
  const { trainer, step } = begin(cnn, work, optimizer);
  return {
    name: OURS,
    run: step,
    output: () => losses(steps, step),
    outputRuns: steps,
    free: () => trainer.free(),
  };
}

/**
 * The losses of the first steps by plain gradient descent.
 *
 * @param {typeof import("../../../../www/package/index.js")} cnn
 * @param {import("../work.js").Work} work
 * @param {number} steps
 */
export function descentOfOurs(cnn, work, steps) {
  const { trainer, step } = begin(cnn, work, { kind: "sgd", ...DESCENT });
  try {
    return losses(steps, step);
  } finally {
    trainer.free();
  }
}

/**
 * @param {any} cnn
 * @param {import("../work.js").Work} work
 * @param {object} optimizer
 */
function begin(cnn, work, optimizer) {
  const trainer = new cnn.Trainer(work.spec, { optimizer });
  trainer.loadWeights(work.parameters);
  const labels = Int32Array.from(labelsOf(work));
  /** @returns {number} */
  const step = () => trainer.step(work.input, labels).loss;
  return { trainer, step };
}
