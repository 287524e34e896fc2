/**
 * What all who train are given beside the network, its first parameters and the batch.
 *
 * @typedef {import("../work.js").Work} Work
 */

/** Adam's, as its paper proposes: Kingma and Ba, arXiv:1412.6980. */
export const ADAM = { learningRate: 1e-3, beta1: 0.9, beta2: 0.999, epsilon: 1e-8 };

/** For those without Adam: plain gradient descent, the least work of all. */
export const DESCENT = { learningRate: 0.01 };

/** @param {Work} work */
export function labelsOf({ input }) {
  return Array.from({ length: input.shape[0] }, (_, index) => index % 10);
}

/**
 * @param {number} steps
 * @param {() => number} step  returns the loss before its update
 */
export function losses(steps, step) {
  return Array.from({ length: steps }, step);
}
