/**
 * Cases of ONNX nodes. Attributes, inputs and defaults follow ONNX's specification of each
 * operator; what its operators support and ours do not is reported as not covered, with the reason.
 *
 * This file only rearranges shapes, indices and the order of numbers; the package does all
 * computation.
 *
 * @import { Cnn } from "./run.js"
 * @import { Growth, Named, Values, Verdict } from "./tolerance.js"
 */
import { given, NotCovered, onlyKnown, reshaped, size, tensor } from "./case.js";
import { resize, upsample } from "./onnx-resize.js";
import { pair, sides, spatial, throughBatch, transposedPads, WINDOW } from "./onnx-window.js";
import { verify } from "./tolerance.js";

/**
 * @typedef {object} Node
 * @property {Record<string, any>} attrs
 * @property {(Values | undefined)[]} inputs
 * @property {Values[]} outputs
 * @property {number} opset  the first operator set in which the node has this meaning
 *
 * @typedef {object} Plan
 * @property {string[]} attributes  those that are handled
 * @property {Record<string, Values | undefined>} tensors
 * @property {(tensors: Named) => (Values | undefined)[]} run  the node's outputs
 * @property {number | number[]} terms  summed for one value of each output
 * @property {Growth} growth
 */

/** Roundings of an elementary function and of the products around it. */
const ELEMENTARY = 8;
/** Float64 values beyond this are infinite in float32. */
const FLOAT32_MAX = 3.4028234663852886e38;

/** @param {any} value */
export function isOnnxCase(value) {
  return typeof value.op === "string" && Array.isArray(value.outputs);
}

/**
 * @param {Cnn} cnn
 * @param {any} value  the case
 * @returns {Verdict[]}
 */
export function checkOnnx(cnn, value) {
  if (!Object.hasOwn(NODES, value.op)) throw new NotCovered("no such operator here");
  const inputs = value.inputs.map((/** @type {any} */ input) =>
    input === null ? undefined : tensor(input),
  );
  const outputs = value.outputs.map(tensor);
  for (const { data } of [...inputs, ...outputs].filter(Boolean)) {
    const huge = data.find(
      (/** @type {number} */ v) => Number.isFinite(v) && Math.abs(v) > FLOAT32_MAX,
    );
    if (huge !== undefined) throw new NotCovered("values that float32 cannot hold");
  }
  const opset = value.opset?.[0] ?? Infinity;
  const attrs = value.attrs ?? {};
  const plan = NODES[value.op](cnn, { attrs, inputs, outputs, opset });
  onlyKnown(attrs, plan.attributes);
  const label = (/** @type {number} */ index) => `output ${index}`;
  const labelled = (/** @type {any[]} */ list) =>
    Object.fromEntries(list.map((item, index) => [label(index), item]));
  const results = plan.run(present(plan.tensors));
  if (results.length < outputs.length) {
    throw new NotCovered(`output ${results.length} of ${outputs.length}`);
  }
  const { terms } = plan;
  return verify(
    {
      tensors: present(plan.tensors),
      run: (tensors) => labelled(plan.run(tensors)),
      terms: labelled(
        outputs.map(
          (/** @type {Values} */ _, /** @type {number} */ index) =>
            (Array.isArray(terms) ? terms[index] : terms) + 1,
        ),
      ),
      growth: plan.growth,
    },
    labelled(outputs),
    { float32: true },
  );
}

/** @type {Record<string, (cnn: Cnn, node: Node) => Plan>} */
const NODES = {
  Conv(cnn, { attrs, inputs: [x, w, b] }) {
    const { lift, lower, options } = spatial(x, attrs, w?.shape.slice(2));
    return {
      attributes: [...WINDOW, "group"],
      tensors: { x: lift(x), w: lift(w), b },
      run: ({ x, w, b }) => [
        lower(cnn.conv2d(x, w, { ...options(), groups: attrs.group, bias: b })),
      ],
      terms: size(given(w).shape.slice(1)) + 1,
      growth: ["x", "w", "b"],
    };
  },

  ConvTranspose(cnn, { attrs, inputs: [x, w, b] }) {
    const kernel = given(w).shape.slice(2);
    const { lift, lower, axes } = spatial(x, attrs, kernel);
    const pads = axes.map((axis, index) => transposedPads(axis, attrs, index));
    const options = {
      stride: pair(
        axes.map(({ stride }) => stride),
        1,
      ),
      dilation: pair(
        axes.map(({ dilation }) => dilation),
        1,
      ),
      padding: sides(pads),
      outputPadding: pair(
        pads.map(({ output }) => output),
        0,
      ),
      groups: attrs.group,
    };
    return {
      attributes: [...WINDOW, "group", "output_padding", "output_shape"],
      tensors: { x: lift(x), w: lift(w), b },
      run: ({ x, w, b }) => [lower(cnn.convTranspose2d(x, w, { ...options, bias: b }))],
      terms: (given(w).shape[0] / (attrs.group ?? 1)) * size(kernel) + 1,
      growth: ["x", "w", "b"],
    };
  },

  MaxPool(cnn, { attrs, inputs: [x], outputs }) {
    const { lift, lower, options } = spatial(x, attrs, attrs.kernel_shape);
    const run = (/** @type {Named} */ { x }) => {
      const { output, indices } = cnn.pool2d(x, {
        kind: "max",
        size: pair(attrs.kernel_shape, 1),
        ...options(),
        ceilMode: Boolean(attrs.ceil_mode),
      });
      if (outputs.length === 1) return [lower(output)];
      return [lower(output), lower(throughBatch(given(indices), x.shape, attrs.storage_order))];
    };
    return {
      attributes: [...WINDOW, "ceil_mode", "storage_order"],
      tensors: { x: lift(x) },
      run,
      terms: 0,
      growth: [],
    };
  },

  AveragePool: (cnn, node) =>
    pooling(cnn, node, "count_include_pad", ["x"], {
      kind: "average",
      countIncludePad: Boolean(node.attrs.count_include_pad),
    }),

  LpPool: (cnn, node) =>
    pooling(cnn, node, "p", [], { kind: "lp", p: node.attrs.p ?? 2 }, 2 * ELEMENTARY),

  GlobalAveragePool: (cnn, node) => globalPooling(cnn, node, "average", ["x"]),
  GlobalMaxPool: (cnn, node) => globalPooling(cnn, node, "max", []),

  MaxUnpool(cnn, { attrs, inputs: [x, places, outputShape] }) {
    if (outputShape) {
      throw new NotCovered("output_shape: ONNX and its runtime disagree about what it means");
    }
    const { lift, lower, axes } = spatial(x, attrs, attrs.kernel_shape);
    const extents = axes.map(
      ({ input, stride, covered, before, after }) =>
        (input - 1) * stride + covered - before - after,
    );
    const plane = size(extents);
    const indices = given(lift(places));
    const each = size(indices.shape.slice(2));
    const inPlane = {
      shape: indices.shape,
      data: Int32Array.from(
        indices.data,
        (value, index) => value - Math.floor(index / each) * plane,
      ),
    };
    return {
      attributes: WINDOW,
      tensors: { x: lift(x) },
      run: ({ x }) => [
        lower(
          cnn.unpool2d(x, inPlane, {
            size: pair(attrs.kernel_shape, 1),
            stride: pair(
              axes.map(({ stride }) => stride),
              1,
            ),
            padding: sides(axes),
          }),
        ),
      ],
      terms: 0,
      growth: [],
    };
  },

  BatchNormalization(cnn, { attrs, inputs: [x, weights, bias, mean, variance], opset }) {
    if (attrs.spatial === 0) throw new NotCovered("statistics per place (spatial = 0)");
    const training = opset < 7 ? !attrs.is_test : Boolean(attrs.training_mode);
    const options = {
      training,
      momentum: 1 - (attrs.momentum ?? 0.9),
      epsilon: attrs.epsilon ?? 1e-5,
      unbiasedRunningVariance: false,
    };
    const run = (/** @type {Named} */ { x, weights, bias, mean, variance }) => {
      const { output, runningMean, runningVariance } = cnn.batchNorm(x, {
        ...options,
        weights,
        bias,
        runningMean: mean,
        runningVariance: variance,
      });
      return training ? [output, runningMean, runningVariance] : [output];
    };
    const terms = 2 * (size(given(x).shape) / given(x).shape[1]) + ELEMENTARY;
    return {
      attributes: ["epsilon", "momentum", "training_mode", "is_test", "spatial", "consumed_inputs"],
      tensors: { x, weights, bias, mean, variance },
      run,
      terms: [terms, terms, terms],
      growth: "all",
    };
  },

  InstanceNormalization: (cnn, { attrs, inputs: [x, weights, bias] }) => ({
    attributes: ["epsilon"],
    tensors: { x, weights, bias },
    run: ({ x, weights, bias }) => [
      cnn.instanceNorm(x, { weights, bias, epsilon: attrs.epsilon ?? 1e-5 }),
    ],
    terms: normalized(size(given(x).shape.slice(2))),
    growth: "all",
  }),

  GroupNormalization(cnn, { attrs, inputs: [x, weights, bias] }) {
    const channels = given(x).shape[1];
    // Operator set 18 had one weight per group.
    const perChannel = (/** @type {Values} */ values) => {
      const each = channels / values.data.length;
      const data = Float32Array.from(
        { length: channels },
        (_, i) => values.data[Math.floor(i / each)],
      );
      return { shape: [channels], data };
    };
    const options = { groups: attrs.num_groups, epsilon: attrs.epsilon ?? 1e-5 };
    return {
      attributes: ["num_groups", "epsilon", "stash_type"],
      tensors: { x, weights: perChannel(given(weights)), bias: perChannel(given(bias)) },
      run: ({ x, weights, bias }) => [cnn.groupNorm(x, { ...options, weights, bias })],
      terms: normalized(size(given(x).shape.slice(1)) / attrs.num_groups),
      growth: "all",
    };
  },

  LayerNormalization(cnn, { attrs, inputs: [x, weights, bias] }) {
    const axis = attrs.axis ?? -1;
    const trailing = given(x).shape.slice(axis);
    if (String(weights?.shape) !== String(trailing)) throw new NotCovered("broadcast weights");
    const options = { axis, epsilon: attrs.epsilon ?? 1e-5 };
    const terms = normalized(size(trailing));
    return {
      attributes: ["axis", "epsilon", "stash_type"],
      tensors: { x, weights, bias },
      run({ x, weights, bias }) {
        const { output, mean, inverseStd } = cnn.layerNorm(x, { ...options, weights, bias });
        return [output, mean, inverseStd];
      },
      terms: [terms, terms, terms],
      growth: "all",
    };
  },

  MeanVarianceNormalization(cnn, { attrs, inputs: [x] }) {
    const { shape } = given(x);
    const axes = (attrs.axes ?? [0, 2, 3]).map(
      (/** @type {number} */ a) => (a + shape.length) % shape.length,
    );
    if (String(axes.toSorted()) !== String(shape.flatMap((_, a) => (a === 1 ? [] : [a])))) {
      throw new NotCovered(`the axes ${attrs.axes}`);
    }
    return {
      attributes: ["axes"],
      tensors: { x },
      // ONNX adds 1e-9 to the standard deviation, which float32 does not show.
      run: ({ x }) => [cnn.batchNorm(x, { training: true, epsilon: 0 }).output],
      terms: normalized(size(shape) / shape[1]),
      growth: "all",
    };
  },

  LRN(cnn, { attrs, inputs: [x] }) {
    if (attrs.size % 2 === 0) {
      throw new NotCovered("an even size: ONNX puts the odd channel after, PyTorch before");
    }
    const options = {
      size: attrs.size,
      alpha: attrs.alpha ?? 1e-4,
      beta: attrs.beta ?? 0.75,
      k: attrs.bias ?? 1,
    };
    return {
      attributes: ["size", "alpha", "beta", "bias"],
      tensors: { x },
      run: ({ x }) => [cnn.localResponseNorm(x, options)],
      terms: attrs.size + ELEMENTARY,
      growth: "all",
    };
  },

  Relu: activation("relu"),
  Sigmoid: activation("sigmoid"),
  Tanh: activation("tanh"),
  Softsign: activation("softsign"),
  Softplus: activation("softplus"),
  HardSwish: activation("hardswish"),
  Mish: activation("mish"),
  LeakyRelu: activation("leaky_relu", { alpha: ["slope", 0.01] }),
  Elu: activation("elu", { alpha: ["alpha", 1] }),
  Celu: activation("celu", { alpha: ["alpha", 1] }),
  Selu: activation("selu", {
    alpha: ["alpha", 1.6732631921768188],
    gamma: ["scale", 1.0507010221481323],
  }),
  HardSigmoid: activation("hardsigmoid", { alpha: ["alpha", 0.2], beta: ["beta", 0.5] }),
  ThresholdedRelu: activation("thresholded_relu", { alpha: ["threshold", 1] }),
  Swish: activation("silu", { alpha: ["beta", 1] }),
  Gelu: activation("gelu", { approximate: ["approximate", "none"] }),

  Clip(cnn, { attrs, inputs: [x, min, max] }) {
    const limits = {
      min: min?.data[0] ?? attrs.min ?? -Infinity,
      max: max?.data[0] ?? attrs.max ?? Infinity,
    };
    return {
      attributes: ["min", "max", "consumed_inputs"],
      tensors: { x },
      run: ({ x }) => [cnn.activation(x, { kind: "hardtanh", ...limits })],
      terms: 0,
      growth: [],
    };
  },

  PRelu(cnn, { inputs: [x, slope], opset }) {
    const { shape } = given(x);
    // A single axis is aligned with the last one since operator set 7, and with the channels
    // before.
    const aligned = given(slope).shape.length === 1 && opset >= 7 && given(slope).data.length > 1;
    const axes = aligned && shape.length > 1 ? [1, ...given(slope).shape] : given(slope).shape;
    if (aligned && shape.length === 1) throw new NotCovered("one slope per value of a vector");
    return {
      attributes: ["consumed_inputs"],
      tensors: { x, slope: reshaped(given(slope), axes) },
      run: ({ x, slope }) => [cnn.prelu(x, slope)],
      terms: 2,
      growth: "each",
    };
  },

  Softmax: (cnn, node) => along(cnn.softmax, node),
  LogSoftmax: (cnn, node) => along(cnn.logSoftmax, node),

  Gemm(cnn, { attrs, inputs: [a, b, c] }) {
    const { alpha = 1, beta = 1 } = attrs;
    const rows = attrs.transA ? transposed(given(a)) : given(a);
    const columns = attrs.transB ? given(b) : transposed(given(b));
    return {
      attributes: ["alpha", "beta", "transA", "transB", "broadcast"],
      tensors: {
        a: rows,
        b: scaled(columns, alpha),
        c: c && beta !== 0 ? scaled(c, beta) : undefined,
      },
      run({ a, b, c }) {
        const product = cnn.dense(a, b);
        return [c ? cnn.add([product, c]) : product];
      },
      terms: rows.shape[1] + 3,
      growth: ["a", "b", "c"],
    };
  },

  Flatten: (cnn, { attrs, inputs: [x] }) => ({
    attributes: ["axis"],
    tensors: { x },
    run: ({ x }) => [cnn.flatten(x, { axis: attrs.axis })],
    terms: 0,
    growth: [],
  }),

  Concat(cnn, { attrs, inputs }) {
    const tensors = numbered(inputs);
    return {
      attributes: ["axis"],
      tensors,
      run: (tensors) => [cnn.concat(Object.values(tensors), { axis: attrs.axis })],
      terms: 0,
      growth: [],
    };
  },

  Add(cnn, { attrs, inputs: [a, b], opset }) {
    let addend = given(b);
    if (opset < 7 && attrs.axis !== undefined) {
      // Before operator set 7, b began at this axis of a.
      const after = given(a).shape.length - attrs.axis - addend.shape.length;
      addend = reshaped(addend, [...addend.shape, ...Array(Math.max(0, after)).fill(1)]);
    }
    return sum(cnn, [a, addend], ["axis", "broadcast", "consumed_inputs"]);
  },

  Sum: (cnn, { inputs }) => sum(cnn, inputs, ["consumed_inputs"]),

  Dropout(cnn, { attrs, inputs: [x, ratio, training], opset }) {
    const probability = ratio?.data[0] ?? attrs.ratio ?? 0.5;
    const isTraining = opset < 7 ? !attrs.is_test : Boolean(training?.data[0]);
    if (isTraining && probability > 0) throw new NotCovered("a random mask");
    const options = { probability, training: isTraining, seed: 0 };
    return {
      attributes: ["seed", "ratio", "is_test", "consumed_inputs"],
      tensors: { x },
      run({ x }) {
        const { output, mask } = cnn.dropout(x, options);
        return [output, mask];
      },
      terms: 0,
      growth: [],
    };
  },

  Pad(cnn, { attrs, inputs: [x, pads, value, axes] }) {
    const { shape } = given(x);
    const amounts = [...(pads?.data ?? attrs.pads ?? attrs.paddings)];
    const padded = [...(axes?.data ?? shape.keys())].map((a) => (a + shape.length) % shape.length);
    if (amounts.some((amount) => amount < 0)) throw new NotCovered("negative pads, which cut off");
    const modes = { constant: "zeros", reflect: "reflect", edge: "replicate", wrap: "circular" };
    const mode = /** @type {any} */ (modes)[attrs.mode ?? "constant"];
    const options = { mode, value: value?.data[0] ?? attrs.value ?? 0 };
    const steps = padded.map((axis, index) => ({
      axis,
      before: amounts[index],
      after: amounts[index + padded.length],
    }));
    return {
      attributes: ["mode", "pads", "paddings", "value"],
      tensors: { x },
      run: ({ x }) => [steps.reduce((padded, step) => padAxis(cnn, padded, step, options), x)],
      terms: 0,
      growth: [],
    };
  },

  Upsample: upsample,
  Resize: resize,

  SoftmaxCrossEntropyLoss(cnn, { attrs, inputs: [x, target, weights], outputs }) {
    const options = { reduction: attrs.reduction ?? "mean", ignoreIndex: attrs.ignore_index };
    const classes = indices(target);
    const single = given(x).shape[1] + ELEMENTARY;
    return {
      attributes: ["reduction", "ignore_index"],
      tensors: { x, weights },
      run({ x, weights }) {
        const loss = cnn.crossEntropy(x, classes, { ...options, weights });
        return outputs.length === 1 ? [loss] : [loss, cnn.logSoftmax(x, { axis: 1 })];
      },
      terms: [single + size(classes.shape), single],
      growth: "all",
    };
  },

  NegativeLogLikelihoodLoss(cnn, { attrs, inputs: [x, target, weights] }) {
    const options = { reduction: attrs.reduction ?? "mean", ignoreIndex: attrs.ignore_index };
    const classes = indices(target);
    return {
      attributes: ["reduction", "ignore_index"],
      tensors: { x, weights },
      run: ({ x, weights }) => [cnn.negativeLogLikelihood(x, classes, { ...options, weights })],
      terms: size(classes.shape) + ELEMENTARY,
      growth: "all",
    };
  },

  Adagrad(cnn, { attrs, inputs: [rate, step, ...state] }) {
    const count = state.length / 3;
    const options = /** @type {const} */ ({
      kind: "adagrad",
      learningRateDecay: attrs.decay_factor ?? 0,
      epsilon: attrs.epsilon ?? 1e-6,
      weightDecay: attrs.norm_coefficient ?? 0,
    });
    return optimizer(cnn, options, rate, step, state, count, "squareSum", [
      "decay_factor",
      "epsilon",
      "norm_coefficient",
    ]);
  },

  Momentum(cnn, { attrs, inputs: [rate, step, ...state] }) {
    const count = state.length / 3;
    const first = given(step).data[0] === 0;
    const options = /** @type {const} */ ({
      kind: "sgd",
      momentum: attrs.alpha,
      dampening: first ? 0 : 1 - attrs.beta,
      nesterov: attrs.mode === "nesterov",
      weightDecay: attrs.norm_coefficient,
    });
    // The rules agree after the first step, when PyTorch has no velocity yet.
    const after = { ...given(step), data: [Math.max(1, given(step).data[0])] };
    return optimizer(cnn, options, rate, after, state, count, "velocity", [
      "alpha",
      "beta",
      "mode",
      "norm_coefficient",
    ]);
  },

  Adam() {
    throw new NotCovered(
      "ONNX adds epsilon before the bias is corrected, the paper and PyTorch after",
    );
  },
};

/** @param {Cnn} cnn @param {Node} node @param {string} attribute @param {string[]} growth
 * @param {any} kind @param {number} [more] terms @returns {Plan} */
function pooling(cnn, { attrs, inputs: [x] }, attribute, growth, kind, more = 0) {
  const { lift, lower, options } = spatial(x, attrs, attrs.kernel_shape);
  return {
    attributes: [...WINDOW, "ceil_mode", attribute],
    tensors: { x: lift(x) },
    run: ({ x }) => [
      lower(
        cnn.pool2d(x, {
          ...kind,
          ...options(),
          size: pair(attrs.kernel_shape, 1),
          ceilMode: Boolean(attrs.ceil_mode),
        }).output,
      ),
    ],
    terms: size(attrs.kernel_shape) + more,
    growth,
  };
}

/** @param {Cnn} cnn @param {Node} node @param {"average" | "max"} kind @param {string[]} growth
 * @returns {Plan} */
function globalPooling(cnn, { inputs: [x], outputs: [{ shape }] }, kind, growth) {
  const [n, channels, ...extents] = given(x).shape;
  return {
    attributes: [],
    tensors: { x: reshaped(given(x), [n, channels, 1, size(extents)]) },
    run: ({ x }) => {
      const { output } = cnn.globalPool2d(x, { kind });
      return [reshaped(output, size(shape) === n * channels ? shape : output.shape)];
    },
    terms: size(extents),
    growth,
  };
}

/** @param {string} kind @param {Record<string, [string, number | string]>} [parameters] ours, and
 * ONNX's default, by ONNX's name @returns {(cnn: Cnn, node: Node) => Plan} */
function activation(kind, parameters = {}) {
  return (cnn, { attrs, inputs: [x] }) => {
    const options = /** @type {any} */ ({ kind });
    for (const [name, [ours, standard]] of Object.entries(parameters)) {
      options[ours] = attrs[name] ?? standard;
    }
    return {
      attributes: [...Object.keys(parameters), "consumed_inputs"],
      tensors: { x },
      run: ({ x }) => [cnn.activation(x, options)],
      terms: ELEMENTARY,
      growth: "each",
    };
  };
}

/** Before operator set 13 all axes from `axis` on were flattened.
 * @param {Cnn["softmax"]} operator @param {Node} node @returns {Plan} */
function along(operator, { attrs, inputs: [x], opset }) {
  const { shape } = given(x);
  const axis = attrs.axis ?? (opset < 13 ? 1 : -1);
  const from = (axis + shape.length) % shape.length;
  const rows = [size(shape.slice(0, from)), size(shape.slice(from))];
  return {
    attributes: ["axis"],
    tensors: { x },
    run: ({ x }) =>
      opset < 13
        ? [reshaped(operator(reshaped(x, rows), { axis: 1 }), shape)]
        : [operator(x, { axis })],
    terms: (opset < 13 ? rows[1] : shape[from]) + ELEMENTARY,
    growth: "all",
  };
}

/** @param {Cnn} cnn @param {(Values | undefined)[]} inputs @param {string[]} attributes
 * @returns {Plan} */
function sum(cnn, inputs, attributes) {
  const tensors = numbered(inputs);
  return {
    attributes,
    tensors,
    run: (tensors) => [cnn.add(Object.values(tensors))],
    terms: inputs.length,
    growth: Object.keys(tensors),
  };
}

/** @param {Cnn} cnn @param {Values} x @param {{ axis: number, before: number, after: number }} step
 * @param {any} options @returns {Values} */
function padAxis(cnn, x, { axis, before, after }, options) {
  const [outer, inner] = [x.shape.slice(0, axis), x.shape.slice(axis + 1)];
  const plane = reshaped(x, [1, size(outer), x.shape[axis], size(inner)]);
  const padded = cnn.pad2d(plane, { ...options, padding: [before, 0, after, 0] });
  return reshaped(padded, [...outer, padded.shape[2], ...inner]);
}

/**
 * One optimiser step from a given state: parameters, gradients and one running quantity per
 * parameter, in this order.
 * @param {Cnn} cnn
 * @param {any} options
 * @param {Values | undefined} rate
 * @param {Values | undefined} step  the steps taken
 * @param {(Values | undefined)[]} state
 * @param {number} count  of parameters
 * @param {string} slot  the running quantity
 * @param {string[]} attributes
 * @returns {Plan}
 */
function optimizer(cnn, options, rate, step, state, count, slot, attributes) {
  const shapes = state.slice(0, count).map((param) => given(param).shape);
  const learningRate = given(rate).data[0];
  return {
    attributes,
    tensors: numbered(state),
    run(tensors) {
      const all = Object.values(tensors);
      const steps = new cnn.Optimizer({ ...options, learningRate }, shapes);
      const values = all.slice(2 * count).map(({ data }) => Float32Array.from(data));
      const slots = [{ name: slot, values }];
      steps.restore({ step: given(step).data[0], momentumProduct: 1, slots });
      const params = steps.step(all.slice(0, count), all.slice(count, 2 * count));
      const after = steps.snapshot().slots[0].values;
      steps.free();
      return [
        ...params,
        ...after.map((data, index) => ({ shape: shapes[index], data: [...data] })),
      ];
    },
    terms: Array(2 * count).fill(2 * ELEMENTARY),
    growth: "all",
  };
}

/** Mean and variance: sums over `count` values. @param {number} count */
function normalized(count) {
  return 2 * count + ELEMENTARY;
}

/** @param {Values | undefined} target */
function indices(target) {
  const { shape, data } = given(target);
  return { shape, data: Int32Array.from(data) };
}

/** @param {Values} matrix @returns {Values} */
function transposed({ shape: [rows, cols], data }) {
  const turned = Float32Array.from(
    data,
    (_, index) => data[(index % rows) * cols + Math.floor(index / rows)],
  );
  return { shape: [cols, rows], data: turned };
}

/** @param {Values} tensor @param {number} factor @returns {Values} */
function scaled({ shape, data }, factor) {
  return { shape, data: Float32Array.from(data, (value) => value * factor) };
}

/** @param {(Values | undefined)[]} inputs */
function numbered(inputs) {
  return Object.fromEntries(inputs.map((input, index) => [`input ${index}`, input]));
}

/** @param {Record<string, Values | undefined>} tensors */
function present(tensors) {
  return /** @type {Named} */ (
    Object.fromEntries(Object.entries(tensors).filter(([, value]) => value !== undefined))
  );
}
