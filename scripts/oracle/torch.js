/**
 * Cases of single operators as PyTorch computes them: a forward pass, and the gradients of
 * sum(output * grad_output).
 *
 * @import { Cnn } from "./run.js"
 * @import { Growth, Named, Values, Verdict } from "./tolerance.js"
 */
import { NotCovered, onlyKnown, reshaped, size, tensor } from "./case.js";
import { compare, verify } from "./tolerance.js";

/**
 * @typedef {object} Operator  an operator with its options, on the case's tensors
 * @property {(tensors: Named) => Values} forward
 * @property {(tensors: Named, dOutput: Values) => Record<string, Values | undefined>} backward
 *   the gradients by tensor name
 * @property {number} terms  numbers summed for one output value
 * @property {Record<string, number>} gradientTerms  and for one value of each gradient
 * @property {Growth | "pick"} growth  `pick`: each output value is one input value or a norm of
 *   some, and each gradient is a sum of the values of dOutput that depend on it
 * @property {string[]} attributes  those that the options were derived from
 */

/** Roundings of an elementary function and of the products around it. */
const ELEMENTARY = 8;

/** @typedef {(cnn: Cnn, attrs: any, tensors: Named, whole: any) => Operator} Make */

/** @type {Record<string, Make>} */
const OPERATORS = {
  conv2d(cnn, attrs, { w }, { grad_output }) {
    const [outputs, group_inputs, rows, cols] = w.shape;
    const [n, , height, width] = grad_output.shape;
    const options = {
      stride: attrs.stride,
      padding: attrs.pad,
      dilation: attrs.dilation,
      groups: attrs.groups,
    };
    return {
      forward: ({ x, w, b }) => cnn.conv2d(x, w, { ...options, bias: b?.data }),
      backward: ({ x, w }, dOutput) => layer(cnn.conv2dBackward(x, w, dOutput, options)),
      terms: group_inputs * rows * cols + 1,
      gradientTerms: {
        x: (outputs / (attrs.groups ?? 1)) * rows * cols,
        w: n * height * width,
        b: n * height * width,
      },
      growth: ["x", "w", "b", "dOutput"],
      attributes: ["stride", "pad", "dilation", "groups"],
    };
  },

  conv_transpose2d(cnn, attrs, { x, w }, { grad_output }) {
    const [inputs, group_outputs, rows, cols] = w.shape;
    const [n, , height, width] = grad_output.shape;
    const options = {
      stride: attrs.stride,
      padding: attrs.pad,
      outputPadding: attrs.output_padding,
      dilation: attrs.dilation,
      groups: attrs.groups,
    };
    return {
      forward: ({ x, w, b }) => cnn.convTranspose2d(x, w, { ...options, bias: b?.data }),
      backward: ({ x, w }, dOutput) => layer(cnn.convTranspose2dBackward(x, w, dOutput, options)),
      terms: (inputs / (attrs.groups ?? 1)) * rows * cols + 1,
      gradientTerms: {
        x: group_outputs * rows * cols,
        w: x.shape[0] * x.shape[2] * x.shape[3],
        b: n * height * width,
      },
      growth: ["x", "w", "b", "dOutput"],
      attributes: ["stride", "pad", "output_padding", "dilation", "groups"],
    };
  },

  linear: (cnn, _, { x, w }) => ({
    forward: ({ x, w, b }) => cnn.dense(x, w, { bias: b?.data }),
    backward: ({ x, w }, dOutput) => layer(cnn.denseBackward(x, w, dOutput)),
    terms: w.shape[1] + 1,
    gradientTerms: { x: w.shape[0], w: x.shape[0], b: x.shape[0] },
    growth: ["x", "w", "b", "dOutput"],
    attributes: [],
  }),

  maxpool2d: (cnn, attrs) =>
    pooling(cnn, "pick", ["dilation"], attrs, { kind: "max", dilation: attrs.dilation }),

  avgpool2d: (cnn, attrs) =>
    pooling(cnn, ["x", "dOutput"], ["count_include_pad", "divisor_override"], attrs, {
      kind: "average",
      countIncludePad: attrs.count_include_pad,
      divisorOverride: attrs.divisor_override,
    }),

  lppool2d(cnn, attrs) {
    const operator = pooling(cnn, "pick", ["p"], attrs, { kind: "lp", p: attrs.p });
    // Each term is a power, and so is their sum.
    return {
      ...operator,
      terms: operator.terms + 2 * ELEMENTARY,
      gradientTerms: { x: operator.terms + 3 * ELEMENTARY },
    };
  },

  global_avgpool: (cnn, _, { x }) => ({
    ...regions(cnn.globalPool2d, cnn.globalPool2dBackward, { kind: "average" }),
    terms: size(x.shape.slice(2)),
    growth: ["x", "dOutput"],
    attributes: [],
  }),

  adaptive_avgpool2d: (cnn, attrs, { x }) => ({
    ...regions(cnn.adaptivePool2d, cnn.adaptivePool2dBackward, {
      kind: "average",
      size: attrs.output_size,
    }),
    terms: size(x.shape.slice(2)),
    growth: ["x", "dOutput"],
    attributes: ["output_size"],
  }),

  adaptive_maxpool2d: (cnn, attrs) => ({
    ...regions(cnn.adaptivePool2d, cnn.adaptivePool2dBackward, {
      kind: "max",
      size: attrs.output_size,
    }),
    attributes: ["output_size"],
  }),

  blurpool(cnn, attrs) {
    const taps = attrs.filter.length;
    const padding = [(taps - 1) >> 1, (taps - 1) >> 1, taps >> 1, taps >> 1];
    if (String(attrs.filter) !== String(binomial(taps))) {
      throw new NotCovered("a filter that is not binomial");
    }
    if (String(attrs.pad) !== String(padding)) throw new NotCovered(`padding [${attrs.pad}]`);
    const options = { taps, stride: attrs.stride, paddingMode: attrs.pad_mode };
    return {
      ...simple(cnn.blurPool2d, cnn.blurPool2dBackward, options),
      terms: taps * taps,
      gradientTerms: { x: 4 * taps * taps },
      growth: ["x", "dOutput"],
      attributes: ["filter", "stride", "pad", "pad_mode"],
    };
  },

  pad: (cnn, attrs) => ({
    ...simple(cnn.pad2d, cnn.pad2dBackward, {
      padding: attrs.pad,
      mode: attrs.mode === "constant" ? "zeros" : attrs.mode,
      value: attrs.value,
    }),
    gradientTerms: { x: 9 },
    growth: ["x", "dOutput"],
    attributes: ["pad", "mode", "value"],
  }),

  upsample_nearest: (cnn, attrs, _, { grad_output }) => ({
    ...simple(cnn.resize2d, cnn.resize2dBackward, {
      kind: "nearest",
      size: attrs.size,
      scale: attrs.scale,
    }),
    gradientTerms: { x: size(grad_output.shape.slice(2)) },
    growth: ["x", "dOutput"],
    attributes: ["scale", "size"],
  }),

  upsample_bilinear: (cnn, attrs, _, { grad_output }) => ({
    ...simple(cnn.resize2d, cnn.resize2dBackward, {
      kind: "bilinear",
      size: attrs.size,
      scale: attrs.scale,
      alignCorners: attrs.align_corners,
    }),
    // Four weights, each rounded from its position.
    terms: 4 * ELEMENTARY,
    gradientTerms: { x: size(grad_output.shape.slice(2)) + ELEMENTARY },
    growth: ["x", "dOutput"],
    attributes: ["scale", "size", "align_corners"],
  }),

  batchnorm2d(cnn, attrs, { x }) {
    const options = { training: attrs.training, momentum: attrs.momentum, epsilon: attrs.eps };
    const all = (/** @type {Named} */ t) => ({
      ...options,
      weights: t.gamma,
      bias: t.beta,
      runningMean: t.running_mean,
      runningVariance: t.running_var,
    });
    return {
      forward: (t) => cnn.batchNorm(t.x, all(t)).output,
      backward: (t, dOutput) => affine(cnn.batchNormBackward(t.x, dOutput, all(t))),
      ...normalization(x.shape[0] * size(x.shape.slice(2)), x),
      attributes: ["training", "momentum", "eps"],
    };
  },

  layernorm(cnn, attrs, { x, gamma }) {
    const axis = x.shape.length - (gamma?.shape.length ?? 1);
    if (attrs.axes && attrs.axes.split(",").length !== x.shape.length - axis) {
      throw new NotCovered(`the axes ${attrs.axes}`);
    }
    const options = { axis, epsilon: attrs.eps };
    return {
      forward: (t) => cnn.layerNorm(t.x, { ...options, weights: t.gamma, bias: t.beta }).output,
      backward: (t, dOutput) =>
        affine(cnn.layerNormBackward(t.x, dOutput, { ...options, weights: t.gamma })),
      ...normalization(size(x.shape.slice(axis)), x),
      attributes: ["axes", "eps"],
    };
  },

  groupnorm(cnn, attrs, { x }) {
    const options = { groups: attrs.groups, epsilon: attrs.eps };
    return {
      forward: (t) => cnn.groupNorm(t.x, { ...options, weights: t.gamma, bias: t.beta }),
      backward: (t, dOutput) =>
        affine(cnn.groupNormBackward(t.x, dOutput, { ...options, weights: t.gamma })),
      ...normalization(size(x.shape.slice(1)) / attrs.groups, x),
      attributes: ["groups", "eps"],
    };
  },

  instancenorm2d(cnn, attrs, { x }) {
    const options = { epsilon: attrs.eps };
    return {
      forward: (t) => cnn.instanceNorm(t.x, { ...options, weights: t.gamma, bias: t.beta }),
      backward: (t, dOutput) =>
        affine(cnn.instanceNormBackward(t.x, dOutput, { ...options, weights: t.gamma })),
      ...normalization(size(x.shape.slice(2)), x),
      attributes: ["eps"],
    };
  },

  lrn: (cnn, attrs) => ({
    ...simple(cnn.localResponseNorm, cnn.localResponseNormBackward, {
      size: attrs.size,
      alpha: attrs.alpha,
      beta: attrs.beta,
      k: attrs.k,
    }),
    terms: attrs.size + ELEMENTARY,
    gradientTerms: { x: 2 * attrs.size + ELEMENTARY },
    growth: "all",
    attributes: ["size", "alpha", "beta", "k", "note"],
  }),

  relu: activation("relu"),
  relu6: activation("relu6"),
  leaky_relu: activation("leaky_relu", { slope: "slope" }),
  elu: activation("elu", { alpha: "alpha" }),
  selu: activation("selu"),
  celu: activation("celu", { alpha: "alpha" }),
  gelu_erf: activation("gelu"),
  gelu_tanh: activation("gelu", {}, { approximate: "tanh" }),
  silu: activation("silu"),
  softplus: activation("softplus", { beta: "beta", threshold: "threshold" }),
  softsign: activation("softsign"),
  sigmoid: activation("sigmoid"),
  tanh: activation("tanh"),
  hardtanh: activation("hardtanh", { min: "min", max: "max" }),
  hardswish: activation("hardswish"),
  hardsigmoid: activation("hardsigmoid"),
  mish: activation("mish"),

  prelu: (cnn, _, { x, w }) => ({
    forward: ({ x, w }) => cnn.prelu(x, w),
    backward: ({ x, w }, dOutput) => {
      const { dInput, dWeights } = cnn.preluBackward(x, w, dOutput);
      return { x: dInput, w: dWeights };
    },
    terms: 2,
    gradientTerms: { x: 2, w: size(x.shape) / size(w.shape) },
    growth: "all",
    attributes: [],
  }),

  softmax: along("softmax", "softmaxBackward"),
  log_softmax: along("logSoftmax", "logSoftmaxBackward"),

  concat(cnn, attrs, tensors) {
    const names = Object.keys(tensors);
    const list = (/** @type {Named} */ t) => names.map((name) => t[name]);
    return {
      forward: (t) => cnn.concat(list(t), attrs),
      backward(t, dOutput) {
        const { dInputs } = cnn.concatBackward(list(t), dOutput, attrs);
        return Object.fromEntries(names.map((name, index) => [name, dInputs[index]]));
      },
      terms: 1,
      gradientTerms: Object.fromEntries(names.map((name) => [name, 1])),
      growth: "pick",
      attributes: ["axis"],
    };
  },

  softmax_cross_entropy(cnn, attrs, { x }, { inputs }) {
    const target = classes(inputs.target);
    const options = { reduction: attrs.reduction, labelSmoothing: attrs.label_smoothing };
    const weighted = (/** @type {Named} */ { weight }) => ({ ...options, weights: weight });
    return {
      forward: (t) => cnn.crossEntropy(t.x, target, weighted(t)),
      backward: (t, dOutput) => ({
        x: cnn.crossEntropyBackward(t.x, target, dOutput, weighted(t)).dInput,
      }),
      ...summed(size(x.shape)),
      attributes: ["reduction", "label_smoothing"],
    };
  },

  multi_margin(cnn, attrs, { x }, { inputs }) {
    const target = classes(inputs.target).data;
    const options = { reduction: attrs.reduction, margin: attrs.margin };
    return {
      forward: (t) => cnn.hingeLoss(t.x, target, options),
      backward: (t, dOutput) => ({
        x: cnn.hingeLossBackward(t.x, target, dOutput, options).dInput,
      }),
      ...summed(size(x.shape)),
      attributes: ["reduction", "margin"],
    };
  },

  mse: difference("meanSquaredError", "meanSquaredErrorBackward"),
  l1: difference("l1Loss", "l1LossBackward"),
  huber: difference("huberLoss", "huberLossBackward", ["delta"]),
  bce_logits: difference("binaryCrossEntropy", "binaryCrossEntropyBackward"),
};

/** Inputs that are class indices, not real numbers. */
const INDEXED = ["softmax_cross_entropy", "multi_margin"];

/** @param {any} value */
export function isTorchCase(value) {
  return typeof value.op === "string" && value.output !== undefined && value.grads !== undefined;
}

/**
 * @param {Cnn} cnn
 * @param {any} value  the case
 * @returns {Verdict[]}
 */
export function checkTorch(cnn, value) {
  if (!Object.hasOwn(OPERATORS, value.op)) throw new NotCovered("no such operator here");
  const inputs = Object.entries(value.inputs).filter(
    ([name, input]) => input !== null && !(name === "target" && INDEXED.includes(value.op)),
  );
  const tensors = Object.fromEntries(inputs.map(([name, input]) => [name, tensor(input)]));
  const operator = OPERATORS[value.op](cnn, value.attrs, tensors, value);
  onlyKnown(value.attrs, operator.attributes);
  const verdicts = [
    ...verifyForward(operator, tensors, value),
    ...verifyBackward(operator, tensors, value),
  ];
  if (value.argmax) verdicts.push(places(cnn, value, tensors.x));
  if (value.new_running_mean) verdicts.push(...running(cnn, value, tensors));
  return verdicts;
}

/** @param {Operator} operator @param {Named} tensors @param {any} value */
function verifyForward({ forward, terms, growth }, tensors, { output }) {
  const expected = tensor(output);
  const run = (/** @type {Named} */ t) => {
    // PyTorch's mean over the pixels drops the spatial axes.
    const { shape, data } = forward(t);
    const same = size(shape) === size(expected.shape) && /,1,1$/.test(String(shape));
    return { output: reshaped({ shape, data }, same ? expected.shape : shape) };
  };
  return verify(
    { tensors, run, terms: { output: terms + 1 }, growth: growth === "pick" ? [] : growth },
    { output: expected },
  );
}

/** @param {Operator} operator @param {Named} tensors @param {any} value */
function verifyBackward({ forward, backward, gradientTerms, growth }, tensors, value) {
  const dOutput = reshaped(tensor(value.grad_output), [...forward(tensors).shape]);
  const names = Object.keys(value.grads);
  const run = (/** @type {Named} */ { dOutput, ...t }) => {
    const gradients = backward(t, dOutput);
    return Object.fromEntries(names.map((name) => [`d ${name}`, gradients[name]]));
  };
  const label = (/** @type {[string, any][]} */ entries) =>
    Object.fromEntries(entries.map(([name, entry]) => [`d ${name}`, entry]));
  return verify(
    {
      tensors: { ...tensors, dOutput },
      run,
      terms: label(Object.entries(gradientTerms).map(([name, terms]) => [name, terms + 1])),
      growth: growth === "pick" ? ["dOutput"] : growth,
    },
    label(Object.entries(value.grads).map(([name, gradient]) => [name, tensor(gradient)])),
  );
}

/**
 * @param {Cnn} cnn
 * @param {Growth | "pick"} growth
 * @param {string[]} attributes
 * @param {any} attrs
 * @param {any} kind
 * @returns {Operator}
 */
function pooling(cnn, growth, attributes, attrs, kind) {
  const options = /** @type {any} */ ({
    size: attrs.kernel,
    stride: attrs.stride,
    padding: attrs.pad,
    ceilMode: attrs.ceil_mode,
    ...kind,
  });
  return {
    forward: ({ x }) => cnn.pool2d(x, options).output,
    backward: ({ x }, dOutput) => ({ x: cnn.pool2dBackward(x, dOutput, options).dInput }),
    terms: size(attrs.kernel),
    gradientTerms: { x: size(attrs.kernel) + 1 },
    growth,
    attributes: ["kernel", "stride", "pad", "ceil_mode", ...attributes],
  };
}

/**
 * An operator on `x` alone that returns just the output.
 * @param {(x: any, options: any) => Values} forward
 * @param {(x: any, dOutput: any, options: any) => { dInput: Values }} backward
 * @param {any} options
 */
function simple(forward, backward, options) {
  return {
    forward: (/** @type {Named} */ { x }) => forward(x, options),
    backward: (/** @type {Named} */ { x }, /** @type {Values} */ dOutput) => ({
      x: backward(x, dOutput, options).dInput,
    }),
    terms: 1,
    gradientTerms: { x: 1 },
    growth: /** @type {Growth | "pick"} */ ("pick"),
  };
}

/**
 * @param {(x: any, options: any) => { output: Values }} forward
 * @param {(x: any, dOutput: any, options: any) => { dInput: Values }} backward
 * @param {any} options
 */
function regions(forward, backward, options) {
  return {
    ...simple((x, options) => forward(x, options).output, backward, options),
    // Up to four regions overlap.
    gradientTerms: { x: 5 },
  };
}

/**
 * @param {string} kind
 * @param {Record<string, string>} [parameters]
 * @param {Record<string, string>} [fixed]
 * @returns {Make}
 */
function activation(kind, parameters = {}, fixed = {}) {
  return (cnn, attrs) => {
    const options = /** @type {any} */ ({ kind, ...fixed });
    for (const [name, ours] of Object.entries(parameters)) options[ours] = attrs[name];
    return {
      ...simple(cnn.activation, cnn.activationBackward, options),
      terms: ELEMENTARY,
      gradientTerms: { x: ELEMENTARY },
      growth: "each",
      attributes: Object.keys(parameters),
    };
  };
}

/**
 * @param {"softmax" | "logSoftmax"} forward
 * @param {"softmaxBackward" | "logSoftmaxBackward"} backward
 * @returns {Make}
 */
function along(forward, backward) {
  return (cnn, { axis }, { x }) => ({
    ...simple(cnn[forward], cnn[backward], { axis }),
    ...summed(/** @type {number} */ (x.shape.at(axis))),
    attributes: ["axis"],
  });
}

/**
 * @param {"meanSquaredError" | "l1Loss" | "huberLoss" | "binaryCrossEntropy"} forward
 * @param {"meanSquaredErrorBackward" | "l1LossBackward" | "huberLossBackward"
 *   | "binaryCrossEntropyBackward"} backward
 * @param {string[]} [parameters]
 * @returns {Make}
 */
function difference(forward, backward, parameters = []) {
  return (cnn, attrs, { x }) => {
    const attributes = ["reduction", ...parameters];
    const options = Object.fromEntries(attributes.map((name) => [name, attrs[name]]));
    return {
      forward: (t) => cnn[forward](t.x, t.target, options),
      backward: (t, dOutput) => ({ x: cnn[backward](t.x, t.target, dOutput, options).dInput }),
      ...summed(size(x.shape)),
      attributes,
    };
  };
}

/** Sums of `count` values, each of an elementary function. @param {number} count */
function summed(count) {
  const terms = count + ELEMENTARY;
  return {
    terms,
    gradientTerms: { x: terms },
    growth: /** @type {Growth} */ ("all"),
  };
}

/**
 * Mean, variance, and their gradients: sums over `count` values; those of gamma and beta run over
 * at most the whole of `x`.
 * @param {number} count
 * @param {Values} x
 */
function normalization(count, x) {
  const terms = 2 * count + ELEMENTARY;
  return {
    terms,
    gradientTerms: { x: 2 * terms, gamma: terms + size(x.shape), beta: size(x.shape) },
    growth: /** @type {Growth} */ ("all"),
  };
}

/** The positions of the maxima, exactly. @param {Cnn} cnn @param {any} value @param {Values} x */
function places(cnn, { attrs, argmax }, x) {
  const { indices } = cnn.pool2d(x, {
    kind: "max",
    size: attrs.kernel,
    stride: attrs.stride,
    padding: attrs.pad,
    dilation: attrs.dilation,
    ceilMode: attrs.ceil_mode,
  });
  if (!indices) return { name: "indices", error: Infinity, complaint: "indices are missing" };
  const found = reshaped({ shape: [], data: [...indices.data] }, indices.shape);
  return compare("indices", found, tensor(argmax), () => 0);
}

/** The running statistics after a batch norm. @param {Cnn} cnn @param {any} value
 * @param {Named} tensors */
function running(cnn, { attrs, new_running_mean, new_running_var }, tensors) {
  const run = (/** @type {Named} */ t) => {
    const result = cnn.batchNorm(t.x, {
      training: attrs.training,
      momentum: attrs.momentum,
      epsilon: attrs.eps,
      runningMean: t.running_mean,
      runningVariance: t.running_var,
    });
    return { mean: result.runningMean, variance: result.runningVariance };
  };
  const count = size(tensors.x.shape) / tensors.x.shape[1];
  return verify(
    { tensors, run, terms: { mean: count + 4, variance: 2 * count + 4 }, growth: "all" },
    { mean: tensor(new_running_mean), variance: tensor(new_running_var) },
  );
}

/** @param {any} gradients */
const layer = ({ dInput, dWeights, dBias }) => ({ x: dInput, w: dWeights, b: dBias });

/** @param {any} gradients */
const affine = ({ dInput, dWeights, dBias }) => ({ x: dInput, gamma: dWeights, beta: dBias });

/** @param {any} target */
const classes = (target) => {
  const { shape, data } = tensor(target);
  return { shape, data: Int32Array.from(data) };
};

/** A row of Pascal's triangle. @param {number} taps */
function binomial(taps) {
  let row = [1];
  while (row.length < taps) row = [1, ...row.slice(1).map((value, i) => value + row[i]), 1];
  return row;
}
