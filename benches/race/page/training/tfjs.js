import { channelsLast, networkOf } from "../tfjs.js";
import { ADAM, labelsOf, losses } from "./lesson.js";

/**
 * TensorFlow.js, with Adam.
 *
 * @param {any} tf
 * @param {"wasm" | "cpu"} backend
 * @param {import("../work.js").Work} work
 * @param {number} steps  whose losses are compared
 * @returns {Promise<import("../contest.js").Contestant>}
 */
export async function trainTfjs(tf, backend, work, steps) {
  const before = () => tf.setBackend(backend);
  await before();
  /** @type {any[]} */
  const variables = [];
  const network = networkOf(tf, work, (make) => {
    const variable = tf.variable(tf.tidy(make));
    variables.push(variable);
    return variable;
  });
  const input = tf.tidy(() => channelsLast(tf, work.input));
  const labels = tf.tidy(() => tf.cast(tf.oneHot(labelsOf(work), 10), "float32"));
  const optimizer = tf.train.adam(ADAM.learningRate, ADAM.beta1, ADAM.beta2, ADAM.epsilon);
  const loss = () => tf.losses.softmaxCrossEntropy(labels, network(input));
  const step = () => {
    const before = optimizer.minimize(loss, true, variables);
    const [value] = before.dataSync();
    before.dispose();
    return value;
  };
  return {
    name: `TF.js ${backend}`,
    before,
    run: step,
    output: () => losses(steps, step),
    outputRuns: steps,
    async free() {
      await before();
      for (const tensor of [...variables, input, labels]) tensor.dispose();
      optimizer.dispose();
    },
  };
}
