/**
 * Optimisers and learning rates: 20 steps from an initial point, each with the gradient of a small
 * objective at the current parameters.
 *
 * @import { Cnn } from "./run.js"
 * @import { Named, Values, Verdict } from "./tolerance.js"
 */
import { NotCovered, tensor } from "./case.js";
import { compare, verify } from "./tolerance.js";

/** Roundings of one step for one parameter, not counting the sum in the gradient. */
const STEP_ROUNDINGS = 16;

/** PyTorch's names of hyperparameters and ours. */
const OPTIONS = {
  lr: "learningRate",
  momentum: "momentum",
  dampening: "dampening",
  nesterov: "nesterov",
  lr_decay: "learningRateDecay",
  initial_accumulator_value: "initialAccumulator",
  alpha: "alpha",
  centered: "centered",
  rho: "rho",
  betas: "betas",
  amsgrad: "amsgrad",
  momentum_decay: "momentumDecay",
  eps: "epsilon",
  weight_decay: "weightDecay",
  decoupled_weight_decay: "decoupledWeightDecay",
};

/** PyTorch's schedulers: our kind, and our names of their hyperparameters. */
const SCHEDULES = {
  ConstantLR: ["constant", { factor: "factor", total_iters: "totalSteps" }],
  StepLR: ["step", { step_size: "stepSize", gamma: "gamma" }],
  MultiStepLR: ["multi_step", { milestones: "milestones", gamma: "gamma" }],
  ExponentialLR: ["exponential", { gamma: "gamma" }],
  CosineAnnealingLR: ["cosine", { T_max: "totalSteps", eta_min: "minLearningRate" }],
  OneCycleLR: [
    "one_cycle",
    {
      max_lr: "maxLearningRate",
      total_steps: "totalSteps",
      pct_start: "warmUpFraction",
      anneal_strategy: "anneal",
      div_factor: "divFactor",
      final_div_factor: "finalDivFactor",
      three_phase: "threePhase",
    },
  ],
  PolynomialLR: ["polynomial", { total_iters: "totalSteps", power: "power" }],
  LinearLR: [
    "linear",
    { start_factor: "startFactor", end_factor: "endFactor", total_iters: "totalSteps" },
  ],
};

const KINDS = ["SGD", "Adagrad", "RMSprop", "Adadelta", "Adam", "AdamW", "Adamax", "NAdam"];

/** @param {any} value */
export function isOptimizerCase(value) {
  return typeof value.optimizer === "string";
}

/** @param {any} value */
export function optimizerName({ optimizer, scheduler }) {
  return optimizer === "schedule" ? String(scheduler) : optimizer;
}

/**
 * @param {Cnn} cnn
 * @param {any} value  the case
 * @returns {Verdict[]}
 */
export function checkOptimizer(cnn, value) {
  return value.optimizer === "schedule" ? checkSchedule(cnn, value) : checkSteps(cnn, value);
}

/** @param {Cnn} cnn @param {any} value */
function checkSteps(cnn, { optimizer, hyper, l1, objective, data, start, params_after_step }) {
  if (!KINDS.includes(optimizer)) throw new NotCovered("no such optimiser here");
  const options = { kind: optimizer.toLowerCase(), l1: l1 ?? 0, ...renamed(hyper, OPTIONS) };
  const gradient = gradientOf(objective, data);
  const run = (/** @type {Named} */ { start }) => {
    const steps = new cnn.Optimizer(/** @type {any} */ (options), [start.shape]);
    let params = [start];
    const results = /** @type {Named} */ ({});
    for (const step of params_after_step.keys()) {
      const slope = { shape: start.shape, data: Float32Array.from(gradient([...params[0].data])) };
      params = steps.step(params, [slope]);
      results[stepName(step)] = params[0];
    }
    steps.free();
    return results;
  };
  const shape = [start.length];
  const expected = Object.fromEntries(
    params_after_step.map((/** @type {number[]} */ data, /** @type {number} */ step) => [
      stepName(step),
      { shape, data },
    ]),
  );
  const termsOfGradient = Math.max(1, ...Object.values(data ?? {}).map((t) => t.data.length));
  const terms = Object.fromEntries(
    Object.keys(expected).map((name, step) => [
      name,
      (step + 1) * (STEP_ROUNDINGS + termsOfGradient),
    ]),
  );
  const tensors = { start: { shape, data: Float32Array.from(start) } };
  return verify({ tensors, run, terms, growth: "all" }, expected);
}

/** Learning rates are `float64`: a few roundings, and those of a cosine or a power.
 * @param {Cnn} cnn @param {any} value */
function checkSchedule(cnn, { scheduler, base_lr, hyper, lr_at_step }) {
  const [kind, names] = SCHEDULES[/** @type {keyof typeof SCHEDULES} */ (scheduler)] ?? [];
  if (!kind) throw new NotCovered("no such schedule here");
  const anneal = hyper.anneal_strategy && {
    anneal_strategy: { cos: "cosine" }[String(hyper.anneal_strategy)] ?? hyper.anneal_strategy,
  };
  const schedule = { kind, learningRate: base_lr, ...renamed({ ...hyper, ...anneal }, names) };
  const data = lr_at_step.map((/** @type {number} */ _, /** @type {number} */ step) =>
    cnn.learningRate(/** @type {any} */ (schedule), step),
  );
  const shape = [data.length];
  const allowed = 16 * data.length * 2 ** -52 * Math.max(...lr_at_step);
  return [compare("rates", { shape, data }, { shape, data: lr_at_step }, () => allowed)];
}

/** @param {number} step */
const stepName = (step) => `step ${step + 1}`;

/**
 * @param {Record<string, any>} hyper
 * @param {any} names
 */
function renamed(hyper, names) {
  return Object.fromEntries(
    Object.entries(hyper ?? {}).flatMap(([name, value]) => {
      if (names[name]) return [[names[name], value]];
      if (value === false || value === null) return [];
      throw new NotCovered(`the hyper-parameter ${name}`);
    }),
  );
}

/**
 * @param {string} objective
 * @param {any} data
 * @returns {(p: number[]) => number[]}
 */
function gradientOf(objective, data) {
  if (objective.startsWith("0.5 p^T A p - b^T p")) {
    const [a, b] = [rows(tensor(data.A)), tensor(data.b).data];
    return (p) => p.map((_, i) => dot(symmetric(a, i), p) - b[i]);
  }
  if (objective.startsWith("mean((X p - y)^2)")) {
    const [x, y] = [rows(tensor(data.X)), tensor(data.y).data];
    return (p) => {
      const off = x.map((row, i) => dot(row, p) - y[i]);
      return p.map(
        (_, j) =>
          (2 / x.length) *
          dot(
            off,
            x.map((row) => row[j]),
          ),
      );
    };
  }
  if (objective.startsWith("(1-p0)^2 + 100 (p1-p0^2)^2")) {
    return ([p, q]) => [-2 * (1 - p) - 400 * p * (q - p * p), 200 * (q - p * p)];
  }
  throw new NotCovered(`the objective ${objective}`);
}

/** Row of (A + A^T) / 2, by which p^T A p changes. @param {number[][]} a @param {number} i */
const symmetric = (a, i) => a.map((row, j) => (a[i][j] + row[i]) / 2);

/** @param {number[]} a @param {number[]} b */
const dot = (a, b) => a.reduce((sum, value, index) => sum + value * b[index], 0);

/** @param {Values} matrix */
function rows({ shape: [height, width], data }) {
  return Array.from({ length: height }, (_, i) => [...data.slice(i * width, (i + 1) * width)]);
}
