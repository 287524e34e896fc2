/**
 * Fuzzing of the boundary: every public function with random shapes, options and hostile values.
 * Nothing may trap, every refusal has a code and names its function, and every result is well
 * formed. FUZZ_CALLS sets the number of calls; `npm run test:long` takes 1,000,000.
 */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { inspect } from "node:util";

const PACKAGE = new URL("../../dist/npm/index.js", import.meta.url);
const CALLS = Number(process.env.FUZZ_CALLS ?? 6000);
const SEED = Number(process.env.FUZZ_SEED ?? 1);

/** @type {any} */
let cnn;

before(async () => {
  cnn = await import(PACKAGE.href);
  await cnn.ready();
});

/** mulberry32, public domain, by Tommy Ettinger. */
let state = SEED;
function uniform() {
  state = (state + 0x6d2b79f5) | 0;
  let t = Math.imul(state ^ (state >>> 15), 1 | state);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
}

const chance = (/** @type {number} */ share) => uniform() < share;
const below = (/** @type {number} */ end) => Math.floor(uniform() * end);
const between = (/** @type {number} */ from, /** @type {number} */ to) =>
  from + below(to - from + 1);
/** @template T @param {readonly T[]} items */
const pick = (items) => items[below(items.length)];
const list = (/** @type {number} */ length, /** @type {(index: number) => any} */ item) =>
  Array.from({ length }, (_, index) => item(index));
const product = (/** @type {number[]} */ shape) => shape.reduce((a, b) => a * b, 1);

const revoked = Proxy.revocable({}, {});
revoked.revoke();
const revokedArray = Proxy.revocable([], {});
revokedArray.revoke();
const detached = new Float32Array(4);
structuredClone(detached.buffer, { transfer: [detached.buffer] });

/** Values that no function accepts: few and small, or so large that they are refused. */
const HOSTILE = [
  () => undefined,
  () => null,
  () => Number.NaN,
  () => Infinity,
  () => -Infinity,
  () => -1,
  () => 0,
  () => 1.5,
  () => 2 ** 17,
  () => 2 ** 20,
  () => 2 ** 20 + 1,
  () => 2 ** 31,
  () => 2 ** 32,
  () => Number.MAX_VALUE,
  () => "",
  () => "same",
  () => "x".repeat(10_000),
  () => true,
  () => 10n,
  () => Symbol("s"),
  () => () => 1,
  () => [],
  () => [[]],
  () => [1, 2, 3],
  () => [Number.NaN, 1],
  () => new Array(2 ** 32 - 1),
  () => ({}),
  () => ({ shape: [2, 2], data: [1, 2, 3, 4], more: 1 }),
  () => ({ shape: [2 ** 31, 2 ** 31, 0], data: [] }),
  () => ({ shape: [65536, 65536], data: new Float32Array(1) }),
  () => ({ shape: [-1], data: [] }),
  () => ({ shape: list(40, () => 1), data: [1] }),
  () => ({ shape: [4], data: detached }),
  () => ({ shape: [1, 1, 2, 2], data: ["1", 2, 3, 4] }),
  () => new Float32Array(3),
  () => new Float64Array(3),
  () => new Uint8Array(2),
  () => new Map(),
  () => new Date(0),
  () => revoked.proxy,
  () => revokedArray.proxy,
  () => new Proxy({}, { get: () => Number.NaN }),
  () => new Proxy([1, 2], { get: thrower }),
  () => Object.defineProperty({}, "shape", { get: thrower, enumerable: true }),
  () => Object.create(null),
];

function thrower() {
  throw new Error("a getter of the caller");
}

const value = () => {
  if (chance(0.01)) return pick([Number.NaN, Infinity, -Infinity, 1e38, -1e38, 1e-40, -0]);
  return chance(0.2) ? between(-2, 2) : (uniform() - 0.5) * 8;
};
const extent = () => (chance(0.03) ? 0 : between(1, 6));
/** @param {number[]} shape */
const tensor = (shape) => {
  const data = list(product(shape), value);
  return { shape, data: chance(0.5) ? Float32Array.from(data) : data };
};
/** @param {number[]} shape @param {number} end */
const indices = (shape, end) => {
  const data = list(product(shape), () =>
    chance(0.01) ? between(-2, 40) : below(Math.max(1, end)),
  );
  return { shape, data: chance(0.5) ? Int32Array.from(data) : data };
};
/** @param {number} [rank] */
const shape = (rank = between(0, 5)) => list(rank, extent);
const anyTensor = () => tensor(shape());
const map = () => tensor([between(1, 2), between(1, 4), between(1, 8), between(1, 8)]);
/** @param {number} length */
const vector = (length) => {
  const { data } = tensor([chance(0.97) ? length : between(0, 5)]);
  return chance(0.3) ? { shape: [data.length], data } : data;
};

const small = () => between(1, 3);
const pair = () => (chance(0.5) ? small() : [small(), small()]);
const flag = () => chance(0.5);
const number = () => pick([0, 1e-5, 0.1, 0.5, 0.9, 1, 2, -1, 20]);
const mode = () => pick(["zeros", "reflect", "replicate", "circular"]);
const sides = () =>
  pick([
    () => below(3),
    () => [below(3), below(3)],
    () => list(4, () => below(3)),
    () => ({ top: below(3), right: below(3) }),
  ])();
const padding = () => (chance(0.3) ? pick(["valid", "same", "full"]) : sides());
const reduction = () => pick(["mean", "sum", "none"]);

/**
 * Options, each given or omitted, occasionally hostile.
 * @param {Record<string, () => any>} fields
 */
function options(fields) {
  if (chance(0.05)) return undefined;
  /** @type {Record<string, any>} */
  const given = {};
  for (const [name, make] of Object.entries(fields)) if (chance(0.5)) given[name] = make();
  if (chance(0.05)) given[pick(Object.keys(fields))] = pick(HOSTILE)();
  if (chance(0.005)) given.unknown = 1;
  return given;
}

const ACTIVATIONS = /** @type {Record<string, string[]>} */ ({
  relu: [],
  relu6: [],
  leaky_relu: ["slope"],
  elu: ["alpha"],
  selu: ["alpha", "scale"],
  celu: ["alpha"],
  gelu: ["approximate"],
  silu: ["beta"],
  softplus: ["beta", "threshold"],
  softsign: [],
  sigmoid: [],
  tanh: [],
  hardtanh: ["min", "max"],
  hardswish: [],
  hardsigmoid: ["alpha", "beta"],
  mish: [],
  thresholded_relu: ["threshold"],
});

function activation() {
  const kind = pick(Object.keys(ACTIVATIONS));
  const parameter = (/** @type {string} */ name) =>
    name === "approximate" ? pick(["none", "tanh"]) : number();
  const fields = Object.fromEntries(ACTIVATIONS[kind].map((name) => [name, () => parameter(name)]));
  return { kind, ...(ACTIVATIONS[kind].length > 0 ? options(fields) : {}) };
}

const axis = () => options({ axis: () => between(-3, 3) });

/** A loss on class indices: scores, targets and options with weights per class. */
function classification(/** @type {Record<string, () => any>} */ more, deep = true) {
  const [n, classes] = [extent(), between(1, 5)];
  const places = deep ? shape(between(0, 2)) : [];
  const target = indices([n, ...places], classes);
  const plain = places.length === 0 && chance(0.5);
  const fields = { reduction, ...more };
  if (deep)
    Object.assign(fields, { weights: () => vector(classes), ignoreIndex: () => between(-1, 2) });
  return [tensor([n, classes, ...places]), plain ? target.data : target, options(fields)];
}

function convolution(/** @type {boolean} */ isTransposed) {
  const groups = between(1, 2);
  const [inputs, outputs] = [between(1, 3), between(1, 3)];
  const input = tensor([between(1, 2), groups * inputs, between(1, 8), between(1, 8)]);
  const kernel = [between(1, 4), between(1, 4)];
  const weights = isTransposed
    ? tensor([groups * inputs, outputs, ...kernel])
    : tensor([groups * outputs, inputs, ...kernel]);
  /** @type {Record<string, () => any>} */
  const fields = isTransposed
    ? { padding: sides, outputPadding: () => below(2) }
    : { padding, paddingMode: mode, flipKernel: flag };
  const given = options({
    bias: () => vector(groups * outputs),
    stride: pair,
    dilation: pair,
    ...fields,
  });
  return [input, weights, chance(0.95) ? { ...given, groups } : given];
}

const affine = (/** @type {number} */ channels) => ({
  weights: () => vector(channels),
  bias: () => vector(channels),
  epsilon: number,
});

/** @type {Record<string, () => any[]>} the arguments of each forward function */
const FORWARD = {
  conv2d: () => convolution(false),
  convTranspose2d: () => convolution(true),
  pool2d() {
    const kind = pick(["max", "average", "lp"]);
    /** @type {Record<string, () => any>} */
    const more = /** @type {any} */ ({
      max: {},
      average: { countIncludePad: flag, divisorOverride: small },
      lp: { p: () => pick([1, 2, 3, 2.5, 0]) },
    })[kind];
    const fields = { size: pair, stride: pair, padding, dilation: pair, ceilMode: flag, ...more };
    return [map(), { ...options(fields), kind }];
  },
  unpool2d() {
    const [n, c, h, w] = [between(1, 2), between(1, 3), between(1, 4), between(1, 4)];
    const places = indices([n, c, h, w], h * w);
    return [
      tensor([n, c, h, w]),
      places,
      options({ size: pair, stride: pair, padding: sides, outputSize: () => between(1, 9) }),
    ];
  },
  globalPool2d: () => [map(), options({ kind: () => pick(["average", "max"]) })],
  adaptivePool2d: () => [map(), options({ kind: () => pick(["average", "max"]), size: pair })],
  blurPool2d: () => [
    map(),
    options({ taps: () => between(1, 8), stride: pair, paddingMode: mode }),
  ],
  pad2d: () => [map(), options({ padding: sides, mode, value: number })],
  resize2d() {
    /** @type {Record<string, () => any>} */
    const target = chance(0.5) ? { size: pair } : { scale: () => pick([0.5, 1, 1.7, 2, [2, 3]]) };
    const kind = pick(["nearest", "bilinear"]);
    /** @type {Record<string, () => any>} */
    const more = kind === "bilinear" ? { alignCorners: flag } : {};
    return [map(), { ...options({ ...target, ...more }), kind }];
  },
  activation: () => [anyTensor(), activation()],
  prelu() {
    const input = anyTensor();
    const channels = input.shape[1] ?? 1;
    return [input, tensor(pick([[1], [channels], input.shape]))];
  },
  softmax: () => [anyTensor(), axis()],
  logSoftmax: () => [anyTensor(), axis()],
  flatten: () => [anyTensor(), axis()],
  dense() {
    const [n, inputs, outputs] = [extent(), extent(), extent()];
    return [
      tensor([n, inputs]),
      tensor([outputs, inputs]),
      options({ bias: () => vector(outputs) }),
    ];
  },
  batchNorm() {
    const input = tensor([extent(), extent(), ...shape(between(0, 3))]);
    const channels = input.shape[1];
    const given = options({
      ...affine(channels),
      training: flag,
      momentum: number,
      unbiasedRunningVariance: flag,
    });
    if (chance(0.5)) return [input, given];
    const running = { runningMean: vector(channels), runningVariance: vector(channels) };
    return [input, { ...given, ...running }];
  },
  layerNorm() {
    const input = tensor(shape(between(1, 4)));
    const first = below(input.shape.length);
    const trailing = () => tensor(input.shape.slice(first));
    const given = options({ weights: trailing, bias: trailing, epsilon: number });
    return [input, { ...given, axis: chance(0.5) ? first : first - input.shape.length }];
  },
  groupNorm() {
    const input = tensor([extent(), extent(), ...shape(between(0, 3))]);
    return [input, options({ ...affine(input.shape[1]), groups: () => between(1, 4) })];
  },
  instanceNorm() {
    const input = tensor([extent(), extent(), ...shape(between(0, 3))]);
    return [input, options(affine(input.shape[1]))];
  },
  localResponseNorm: () => [
    tensor([extent(), extent(), ...shape(between(0, 3))]),
    options({ size: () => between(0, 7), alpha: number, beta: number, k: number }),
  ],
  dropout: () => [
    anyTensor(),
    options({ probability: number, training: flag, seed: () => below(1000) }),
  ],
  add() {
    const common = shape();
    const broadcast = () => common.slice(below(2)).map((e) => (chance(0.2) ? 1 : e));
    return [list(between(0, 4), () => tensor(chance(0.5) ? common : broadcast()))];
  },
  concat() {
    const common = shape(between(1, 4));
    const along = below(common.length);
    const inputs = list(between(0, 4), () => tensor(common.with(along, extent())));
    return [inputs, { axis: chance(0.5) ? along : along - common.length }];
  },
  crossEntropy: () => classification({ labelSmoothing: () => pick([0, 0.1, 1, 2]) }),
  negativeLogLikelihood: () => classification({}),
  hingeLoss: () => classification({ margin: number }, false),
  meanSquaredError: () => pairOf({}),
  l1Loss: () => pairOf({}),
  huberLoss: () => pairOf({ delta: number }),
  binaryCrossEntropy: () => pairOf({}),
};

function pairOf(/** @type {Record<string, () => any>} */ more) {
  const input = anyTensor();
  return [input, tensor(chance(0.95) ? input.shape : shape()), options({ reduction, ...more })];
}

/** Functions whose last argument is not an options object. */
const WITHOUT_OPTIONS = ["prelu", "add"];

/** The arguments of a backward function, usually with a gradient of the right shape. */
function backward(/** @type {string} */ name) {
  const args = FORWARD[name]();
  let dOutput = anyTensor();
  if (chance(0.9)) {
    try {
      const result = cnn[name](...args);
      dOutput = tensor((result.output ?? result).shape);
    } catch {
      // If the forward arguments are refused, the backward ones must be too.
    }
  }
  const place = WITHOUT_OPTIONS.includes(name) ? args.length : args.length - 1;
  return args.toSpliced(place, 0, dOutput);
}

const common = {
  learningRate: number,
  weightDecay: number,
  decoupledWeightDecay: flag,
  l1: number,
};
const betas = () => [pick([0, 0.9, 1]), 0.99];
/** @type {Record<string, Record<string, () => any>>} */
const RULES = {
  sgd: { momentum: number, dampening: number, nesterov: flag },
  adagrad: { learningRateDecay: number, initialAccumulator: number, epsilon: number },
  rmsprop: { alpha: number, momentum: number, centered: flag, epsilon: number },
  adadelta: { rho: number, epsilon: number },
  adam: { betas, epsilon: number, amsgrad: flag },
  adamw: { betas, epsilon: number, amsgrad: flag },
  adamax: { betas, epsilon: number },
  nadam: { betas, epsilon: number, momentumDecay: number },
};

const steps = () => below(20);
/** @type {Record<string, Record<string, () => any>>} */
const SCHEDULES = {
  constant: { factor: number, totalSteps: steps },
  step: { stepSize: () => below(5), gamma: number },
  multi_step: { milestones: () => list(below(4), steps), gamma: number },
  exponential: { gamma: number },
  cosine: { totalSteps: steps, minLearningRate: number },
  one_cycle: {
    maxLearningRate: number,
    totalSteps: steps,
    warmUpFraction: number,
    anneal: () => pick(["cosine", "linear"]),
    divFactor: number,
    finalDivFactor: number,
    threePhase: flag,
  },
  polynomial: { totalSteps: steps, power: number },
  linear: { startFactor: number, endFactor: number, totalSteps: steps },
  reduce_on_plateau: {
    metrics: () => list(below(9), value),
    mode: () => pick(["min", "max"]),
    factor: number,
    patience: () => below(4),
    threshold: number,
    thresholdMode: () => pick(["relative", "absolute"]),
    cooldown: () => below(4),
    minLearningRate: number,
    epsilon: number,
  },
};
/** Fields that a schedule requires. */
const NEEDED = ["stepSize", "milestones", "gamma", "maxLearningRate", "totalSteps", "metrics"];

const distribution = () => pick(["uniform", "normal"]);
/** @type {Record<string, Record<string, () => any>>} */
const INITIALIZERS = {
  zeros: {},
  constant: { value: number },
  uniform: { low: number, high: number },
  normal: { mean: number, std: number },
  xavier: { distribution, gain: number },
  kaiming: {
    distribution,
    mode: () => pick(["fan_in", "fan_out"]),
    nonlinearity: () => pick(["linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"]),
    slope: number,
  },
  lecun: { distribution },
  orthogonal: { gain: number },
  identity: { groups: small },
};

/** Options of one of several kinds, occasionally with a field of another. */
function kindOf(
  /** @type {Record<string, Record<string, () => any>>} */ kinds,
  /** @type {Record<string, () => any>} */ more,
  /** @type {string[]} */ needed = [],
) {
  const kind = pick(Object.keys(kinds));
  const fields = { ...kinds[chance(0.98) ? kind : pick(Object.keys(kinds))], ...more };
  const always = Object.entries(fields).filter(([name]) => needed.includes(name) && chance(0.95));
  const given = always.map(([name, make]) => [name, make()]);
  return { ...Object.fromEntries(given), ...options(fields), kind };
}

/** Options of network layers, by operator. @type {Record<string, Record<string, () => any>>} */
const LAYERS = {
  conv2d: { channels: small, kernel: pair, stride: pair, padding, dilation: pair, groups: small },
  convTranspose2d: { channels: small, kernel: pair, stride: pair, padding: sides },
  pool2d: {
    kind: () => pick(["max", "average", "lp"]),
    size: pair,
    stride: pair,
    padding,
    ceilMode: flag,
  },
  globalPool2d: { kind: () => pick(["max", "average"]) },
  blurPool2d: { taps: () => between(1, 5), stride: pair },
  pad2d: { padding: sides, mode },
  resize2d: { scale: pair, kind: () => pick(["nearest", "bilinear"]) },
  activation: { kind: () => pick(["relu", "elu", "tanh", "none"]) },
  batchNorm: { scale: flag },
  groupNorm: { groups: small },
  dropout: { probability: number },
  scale: { factor: number },
  add: {},
  concat: {},
  flatten: {},
  dense: { features: small },
  softmax: {},
};

/**
 * A small network: a stack with some branches, and occasionally something that is not a network.
 */
function network() {
  const layers = list(below(5), (index) => {
    const op = pick(Object.keys(LAYERS));
    const given = Object.entries(LAYERS[op]).map(([name, make]) => [name, make()]);
    const id = chance(0.98) ? `n${index}` : pick(["input", "n0", "", "__proto__"]);
    const from = () => pick(["input", `n${below(5)}`]);
    const branches = op === "add" || op === "concat" || chance(0.1);
    const layer = {
      id,
      op,
      ...Object.fromEntries(given),
      ...(branches && { from: [from(), from()] }),
    };
    return chance(0.98) ? layer : pick(HOSTILE)();
  });
  const size = chance(0.8) ? { height: between(1, 12), width: between(1, 12) } : {};
  return { input: { channels: small(), ...size }, layers };
}

/** Arguments of the other functions. @type {Record<string, () => any[]>} */
const OTHER = {
  architectures: () => [],
  architecture: () => [pick(cnn.architectures()).name],
  describe: () => [network()],
  receptiveField: () => [network()],
  receptiveRegion: () => [network(), pick(["input", "n0", "n1", "n3"]), [below(4), below(4)]],
  effectiveReceptiveField: () => [
    network(),
    options({
      node: () => pick(["input", "n0", "n1", "n3"]),
      position: () => [below(4), below(4)],
      channel: () => below(3),
      weights: () => pick(["uniform", "random"]),
      seed: () => below(9),
      draws: () => between(1, 2),
      linear: flag,
    }),
  ],
  learningRate: () => [kindOf(SCHEDULES, { learningRate: number }, NEEDED), below(40)],
  initialWeights: () => [network(), options({ seed: () => below(100) })],
  initialize: () => [shape(), kindOf(INITIALIZERS, { seed: () => below(100) }, ["value"])],
  clipGradients: () => [
    list(below(4), anyTensor),
    { kind: pick(["norm", "value"]), limit: pick([0, 0.1, 1, 10, -1, Number.NaN]) },
  ],
  filter: () => [
    pick(cnn.filters()).name,
    options({ sigma: number, size: () => between(1, 9), angle: number }),
  ],
  parseKernel: () => [kernelText()],
};

/** A matrix as somebody may have typed it, often with something missing or too much. */
function kernelText() {
  const [gap, end] = pick([
    [" ", "\n"],
    [", ", "; "],
    ["\t", "\r\n"],
    ["], [", "]\n["],
    [" & ", " \\\\ "],
  ]);
  const columns = between(1, 4);
  const row = () => list(chance(0.97) ? columns : below(17), () => pick(ENTRIES)).join(gap);
  const [open, close] = pick([
    ["", ""],
    ["[[", "]]"],
    ["np.array([[", "]], dtype=float)"],
    ["\\begin{bmatrix}", "\\end{bmatrix}"],
    ["{", "}"],
  ]);
  return open + list(between(1, 4), row).join(end) + (chance(0.97) ? close : "");
}

const ENTRIES = ["0", "1", "-1", "−2", "1/9", "0.5", "0,5", "1e-3", "½", "nan", "x", ""];

/** An optimiser from its first step to a copy of its state. */
function optimize() {
  const shapes = list(below(4), () => shape(between(0, 3)));
  const given = kindOf(RULES, common);
  const optimizer = new cnn.Optimizer(given, chance(0.97) ? shapes : pick(HOSTILE)());
  try {
    const params = shapes.map(tensor);
    const grads = (chance(0.95) ? shapes : [shape()]).map(tensor);
    const result = optimizer.step(params, chance(0.97) ? grads : pick(HOSTILE)());
    const snapshot = optimizer.snapshot();
    optimizer.restore(chance(0.9) ? snapshot : pick(HOSTILE)());
    return result;
  } finally {
    optimizer.free();
  }
}

/** A planned network, from weights to output. */
function infer() {
  const spec = chance(0.95) ? network() : pick(HOSTILE)();
  const planned = new cnn.Network(spec, options({ seed: () => below(9) }));
  try {
    const given = cnn
      .initialWeights(spec)
      .map((/** @type {any} */ parameter) =>
        chance(0.99) ? parameter : { ...parameter, tensor: pick(HOSTILE)() },
      );
    planned.loadWeights(chance(0.97) ? given.filter(flag) : pick(HOSTILE)());
    planned.input.fill(value());
    planned.run();
    const { input } = spec;
    const images = tensor([between(0, 2), input.channels, input.height, input.width]);
    const result = planned.forward(chance(0.97) ? images : pick(HOSTILE)());
    return [result, { shape: planned.outputShape, data: planned.output.slice() }, planned.memory];
  } finally {
    planned.free();
  }
}

/** A trainer, from its first step to loaded weights; most of its networks end in a vector. */
function train() {
  const spec = network();
  if (chance(0.9) && Array.isArray(spec.layers))
    spec.layers.push({ id: "flat", op: "flatten" }, { id: "end", op: "dense", features: small() });
  const given = options({
    optimizer: () => kindOf(RULES, common),
    loss: () => pick(["crossEntropy", "meanSquaredError"]),
    labelSmoothing: () => pick([0, 0.1, 2]),
    clipping: () => ({ kind: pick(["norm", "value"]), limit: pick([0, 0.1, 10, -1]) }),
    frozen: () => pick([[], ["end"], ["n0", "flat"], ["nowhere"], "end"]),
    seed: () => below(9),
  });
  const trainer = new cnn.Trainer(spec, given);
  try {
    const { channels, height, width } = spec.input;
    const inputs = tensor(chance(0.95) ? [2, channels, height, width] : shape());
    const isSquared = given?.loss === "meanSquaredError";
    const right = isSquared ? tensor([2, spec.layers.at(-1).features ?? 1]) : [0, below(2)];
    const targets = chance(0.95) ? right : pick(HOSTILE)();
    const result = trainer.step(inputs, targets, pick([undefined, 0.1, number()]));
    const snapshot = trainer.snapshot();
    trainer.loadWeights(chance(0.9) ? trainer.weights() : pick(HOSTILE)());
    trainer.restore(chance(0.9) ? snapshot : pick(HOSTILE)());
    return [result, snapshot];
  } finally {
    trainer.free();
  }
}

/** The classes: a life cycle of their objects. @type {Record<string, () => any>} */
const CLASSES = { Optimizer: optimize, Network: infer, Trainer: train };

/** One random call: the public name of the function, and the call. */
function randomCall() {
  if (chance(0.06)) {
    const name = pick(Object.keys(CLASSES));
    return { name, args: [], run: CLASSES[name] };
  }
  const forward = Object.keys(FORWARD);
  const name = pick([...forward, ...forward, ...Object.keys(OTHER)]);
  const isBackward = name in FORWARD && name !== "flatten" && chance(0.5);
  const args = isBackward ? backward(name) : (FORWARD[name] ?? OTHER[name])();
  if (chance(0.04)) args[below(args.length)] = pick(HOSTILE)();
  if (chance(0.02)) args.length = below(args.length + 1);
  const target = isBackward ? `${name}Backward` : name;
  return { name, args, run: () => cnn[target](...args) };
}

/** Whether every tensor in a result has as many values as its shape says. */
function isWellFormed(/** @type {any} */ result) {
  if (result === null || typeof result !== "object") return result !== undefined;
  if (ArrayBuffer.isView(result)) return true;
  if (result.shape && result.data) return product(result.shape) === result.data.length;
  return Object.values(result).every(isWellFormed);
}

test(`${CALLS} random calls give a result or a refusal with a code`, () => {
  const refusals = new Map();
  let results = 0;
  for (let index = 0; index < CALLS; index++) {
    const call = randomCall();
    let result;
    try {
      result = call.run();
    } catch (error) {
      const code = refusalCode(error, call.name);
      if (code === null) assert.fail(`${inspect(error)}\n${describe(index, call)}`);
      refusals.set(code, (refusals.get(code) ?? 0) + 1);
      continue;
    }
    results += 1;
    if (!isWellFormed(result)) assert.fail(describe(index, call));
    const isRepeated = !(call.name in CLASSES) && index % 50 === 0;
    if (isRepeated) assert.deepEqual(call.run(), result, describe(index, call));
  }
  console.log(`${results} results; refused: ${inspect(Object.fromEntries(refusals))}`);
  assert.ok(results > CALLS / 2, "most calls should be answered, or little is tested");
  const x = { shape: [1, 1, 1, 2], data: [1, 2] };
  assert.deepEqual([...cnn.conv2d(x, { shape: [1, 1, 1, 1], data: [3] }).data], [3, 6]);
});

/** Other names that a refusal may carry: network functions report a bad network the same way. */
const ALSO = /** @type {Record<string, string[]>} */ ({
  describe: ["network"],
  receptiveField: ["network"],
  receptiveRegion: ["network"],
  effectiveReceptiveField: ["network"],
  initialWeights: ["network"],
  Network: ["network"],
  Trainer: ["network", "Optimizer", "clipGradients"],
});

/**
 * The code of a refusal by the function `name`, `null` for any other error.
 * @param {any} error
 * @param {string} name
 */
function refusalCode(error, name) {
  const isRefusal =
    error instanceof Error &&
    !(error instanceof WebAssembly.RuntimeError) &&
    [name, ...(ALSO[name] ?? [])].some((said) => error.message.startsWith(said)) &&
    "code" in error &&
    /^[a-z]+(_[a-z]+)*$/.test(String(error.code));
  return isRefusal ? String(error.code) : null;
}

/** @param {number} index @param {{ name: string, args: any[] }} call */
function describe(index, { name, args }) {
  return `call ${index} of seed ${SEED}: ${name} ${inspect(args, { depth: 4 })}`;
}

test("every function of the package is fuzzed", () => {
  const covered = Object.keys(FORWARD).flatMap((name) =>
    name === "flatten" ? [name] : [name, `${name}Backward`],
  );
  const known = [...covered, ...Object.keys(OTHER), ...Object.keys(CLASSES), "ready", "filters"];
  assert.deepEqual(Object.keys(cnn).sort(), known.sort());
});
