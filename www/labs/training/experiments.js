/**
 * The experiments that are one click away: what all runs have, and in what each differs.
 *
 * @import { Settings } from "./settings.js"
 *
 * @typedef {object} Experiment
 * @property {number} steps  after which its result is worth a sentence
 * @property {Partial<Settings>} base
 * @property {Partial<Settings>[]} runs
 */

/** @type {Record<string, Experiment>} */
export const EXPERIMENTS = {
  optimizer: {
    steps: 400,
    base: {},
    runs: [
      { optimizer: "sgd", momentum: 0, learningRate: 0.05 },
      { optimizer: "sgd", momentum: 0.9, learningRate: 0.05 },
      { optimizer: "adagrad", momentum: 0, learningRate: 0.02 },
      { optimizer: "rmsprop", momentum: 0, learningRate: 0.002 },
      { optimizer: "adam", momentum: 0, learningRate: 0.002 },
    ],
  },
  rate: {
    steps: 400,
    base: { scheduleSteps: 400 },
    runs: [
      { learningRate: 0.002, schedule: "constant" },
      { learningRate: 0.1, schedule: "constant" },
      { learningRate: 0.1, schedule: "cosine" },
      { learningRate: 3, schedule: "constant" },
    ],
  },
  penalty: {
    steps: 1000,
    base: { examples: 200, width: 16, optimizer: "adam", learningRate: 0.003 },
    runs: [
      { l1: 0, l2: 0, dropout: 0 },
      { l1: 0.002, l2: 0, dropout: 0 },
      { l1: 0, l2: 0.02, dropout: 0 },
      { l1: 0, l2: 0, dropout: 0.5 },
    ],
  },
  shape: {
    steps: 600,
    base: { optimizer: "adam", learningRate: 0.003 },
    runs: [
      { depth: 1, width: 11, skips: false },
      { depth: 4, width: 5, skips: false },
      { depth: 8, width: 3, skips: false },
      { depth: 8, width: 3, skips: true },
    ],
  },
  activation: {
    steps: 400,
    base: { depth: 8, momentum: 0.9, learningRate: 0.01 },
    runs: [
      { activation: "sigmoid" },
      { activation: "relu" },
      { activation: "leaky_relu" },
      { activation: "elu" },
      { activation: "selu" },
    ],
  },
  norm: {
    steps: 400,
    base: { depth: 4 },
    runs: [
      { norm: "none", learningRate: 0.05 },
      { norm: "batch", learningRate: 0.05 },
      { norm: "none", learningRate: 0.7 },
      { norm: "batch", learningRate: 0.7 },
    ],
  },
  first_weights: {
    steps: 400,
    base: { depth: 4, momentum: 0.9, learningRate: 0.01 },
    runs: [
      { firstWeights: "he" },
      { firstWeights: "xavier" },
      { firstWeights: "too_small" },
      { firstWeights: "too_large" },
      { firstWeights: "zeros" },
    ],
  },
  pooling: {
    steps: 400,
    base: { set: "shapes", examples: 1000, optimizer: "adam", learningRate: 0.003 },
    runs: [
      { pooling: "max" },
      { pooling: "average" },
      { pooling: "strided" },
      { pooling: "blurred" },
    ],
  },
  fine_tuning: {
    steps: 200,
    base: { set: "digits_from5", examples: 50, momentum: 0.9, learningRate: 0.02 },
    runs: [{ start: "scratch" }, { start: "frozen" }, { start: "fine_tuned" }],
  },
  amount: {
    steps: 600,
    base: { optimizer: "adam", learningRate: 0.002 },
    runs: [
      { examples: 20, labelNoise: 0 },
      { examples: 200, labelNoise: 0 },
      { examples: 1437, labelNoise: 0 },
      { examples: 1437, labelNoise: 0.3 },
    ],
  },
};

/** Their names, in display order. */
export const NAMES = Object.keys(EXPERIMENTS);
