/**
 * Whole networks composed of public functions: the loss, and its gradients with respect to every
 * parameter and the input.
 *
 * @import { Cnn } from "./run.js"
 * @import { Named, Values, Verdict } from "./tolerance.js"
 */
import { NotCovered, reshaped, scalar, size, tensor } from "./case.js";
import { verify } from "./tolerance.js";

/**
 * @typedef {object} Pass  one layer, or several, applied to an input
 * @property {Values} output
 * @property {number} terms  numbers summed for one output value, of all layers in a row
 * @property {(dOutput: Values) => Return} backward
 *
 * @typedef {object} Return
 * @property {Values} dInput
 * @property {number} terms  numbers summed for one value of it, of all layers in a row
 * @property {Record<string, { gradient: Values, terms: number }>} gradients  of the parameters
 */

/** Roundings of an elementary function and of the products around it. */
const ELEMENTARY = 8;
const LOSS = "softmax cross-entropy, mean";
const ACTIVATIONS = ["relu", "relu6", "tanh", "sigmoid", "silu", "gelu", "hardswish", "mish"];

/** @param {any} value */
export function isNetworkCase(value) {
  return Array.isArray(value.layers) && value.params !== undefined;
}

/**
 * @param {Cnn} cnn
 * @param {any} value  the case
 * @returns {Verdict[]}
 */
export function checkNetwork(cnn, value) {
  const { layers, params, x, target, logits, loss, loss_kind, grad_x, grads } = value;
  if (loss_kind !== LOSS) throw new NotCovered(`the loss ${loss_kind}`);
  const tensors = { x: tensor(x), ...named(params, (name) => name) };
  const once = passes(cnn, tensors, layers, target);
  const expected = {
    logits: tensor(logits),
    loss: scalar(loss),
    "d x": tensor(grad_x),
    ...named(grads, (name) => `d ${name}`),
  };
  const run = (/** @type {Named} */ tensors) => passes(cnn, tensors, layers, target).results;
  return verify({ tensors, run, terms: once.terms, growth: "all" }, expected);
}

/**
 * Forward and backward.
 * @param {Cnn} cnn
 * @param {Named} tensors
 * @param {any[]} layers
 * @param {number[]} target
 */
function passes(cnn, { x, ...params }, layers, target) {
  const forward = chain(cnn, layers, x, params, (index) => `l${index}`);
  const logits = forward.output;
  const loss = cnn.crossEntropy(logits, target);
  const one = { shape: [], data: [1] };
  const back = forward.backward(cnn.crossEntropyBackward(logits, target, one).dInput);
  const there = forward.terms + size(logits.shape) + ELEMENTARY;
  /** @type {Named} */
  const results = { logits, loss, "d x": back.dInput };
  /** @type {Record<string, number>} */
  const terms = { logits: forward.terms, loss: there, "d x": there + back.terms };
  for (const [name, { gradient, terms: own }] of Object.entries(back.gradients)) {
    results[`d ${name}`] = gradient;
    terms[`d ${name}`] = there + back.terms + own;
  }
  return { results, terms };
}

/**
 * @param {Cnn} cnn
 * @param {any[]} layers
 * @param {Values} input
 * @param {Named} params
 * @param {(index: number) => string} nameOf  the name of a layer's parameters
 * @returns {Pass}
 */
function chain(cnn, layers, input, params, nameOf) {
  let output = input;
  /** @type {Pass[]} */
  const steps = [];
  for (const [index, [kind, ...settings]] of layers.entries()) {
    if (!Object.hasOwn(LAYERS, kind)) throw new NotCovered(`the layer ${kind}`);
    const step = LAYERS[kind](cnn, output, settings, params, nameOf(index));
    output = step.output;
    steps.push(step);
  }
  return {
    output,
    terms: steps.reduce((sum, { terms }) => sum + terms, 0),
    backward(dOutput) {
      let [dInput, terms, gradients] = [dOutput, 0, {}];
      for (const step of steps.toReversed()) {
        const back = step.backward(dInput);
        dInput = back.dInput;
        terms += back.terms;
        gradients = { ...gradients, ...back.gradients };
      }
      return { dInput, terms, gradients };
    },
  };
}

/**
 * @type {Record<string, (cnn: Cnn, x: Values, settings: any[], params: Named, name: string) =>
 *   Pass>}
 */
const LAYERS = {
  conv: (cnn, x, [, , , stride, padding, dilation], params, name) =>
    convolution(cnn, x, { stride, padding, dilation }, params, name),

  dwconv: (cnn, x, [channels, , stride, padding, dilation], params, name) =>
    convolution(cnn, x, { stride, padding, dilation, groups: channels }, params, name),

  linear(cnn, x, _, params, name) {
    const [w, b] = [params[`${name}.w`], params[`${name}.b`]];
    const [outputs, inputs] = w.shape;
    return {
      output: cnn.dense(x, w, { bias: b?.data }),
      terms: inputs + 1,
      backward(dOutput) {
        const { dInput, dWeights, dBias } = cnn.denseBackward(x, w, dOutput);
        return {
          dInput,
          terms: outputs,
          gradients: weighted(name, { w: dWeights, b: dBias }, x.shape[0]),
        };
      },
    };
  },

  batchnorm(cnn, x, _, params, name) {
    const options = {
      weights: params[`${name}.gamma`],
      bias: params[`${name}.beta`],
      training: true,
    };
    const terms = 2 * (size(x.shape) / x.shape[1]) + ELEMENTARY;
    return {
      output: cnn.batchNorm(x, options).output,
      terms,
      backward(dOutput) {
        const { dInput, dWeights, dBias } = cnn.batchNormBackward(x, dOutput, options);
        return {
          dInput,
          terms: 2 * terms,
          gradients: weighted(name, { gamma: dWeights, beta: dBias }, terms),
        };
      },
    };
  },

  maxpool: (cnn, x, [size, stride, padding], _params, _name) =>
    pooling(cnn, x, { kind: "max", size, stride, padding }, 1),

  avgpool: (cnn, x, [size, stride, padding], _params, _name) =>
    pooling(cnn, x, { kind: "average", size, stride, padding }, size * size),

  gap(cnn, x) {
    const options = { kind: /** @type {const} */ ("average") };
    const pooled = cnn.globalPool2d(x, options).output;
    return {
      output: cnn.flatten(pooled),
      terms: size(x.shape.slice(2)),
      backward: (dOutput) => ({
        dInput: cnn.globalPool2dBackward(x, reshaped(dOutput, pooled.shape), options).dInput,
        terms: 1,
        gradients: {},
      }),
    };
  },

  flatten: (cnn, x) => ({
    output: cnn.flatten(x),
    terms: 0,
    backward: (dOutput) => ({
      dInput: reshaped(dOutput, x.shape),
      terms: 0,
      gradients: {},
    }),
  }),

  ...Object.fromEntries(
    ACTIVATIONS.map((kind) => [
      kind,
      (/** @type {Cnn} */ cnn, /** @type {Values} */ x) => activation(cnn, x, { kind }),
    ]),
  ),
  leaky_relu: (cnn, x, [slope]) => activation(cnn, x, { kind: "leaky_relu", slope }),
  elu: (cnn, x, [alpha]) => activation(cnn, x, { kind: "elu", alpha }),

  /** body(x) + shortcut(x), or body(x) + x without a shortcut. */
  res(cnn, x, [body, shortcut], params, name) {
    const branches = [
      chain(cnn, body, x, params, (index) => `${name}r${index}`),
      chain(cnn, shortcut ?? [], x, params, (index) => `${name}s${index}`),
    ];
    const outputs = branches.map(({ output }) => output);
    return fork(cnn, branches, cnn.add(outputs), (dOutput) => {
      return cnn.addBackward(outputs, dOutput).dInputs;
    });
  },

  /** All branches, concatenated along the channels. */
  cat(cnn, x, [bodies], params, name) {
    const branches = bodies.map((/** @type {any[]} */ body, /** @type {number} */ branch) =>
      chain(cnn, body, x, params, (index) => `${name}b${branch}_${index}`),
    );
    const outputs = branches.map((/** @type {Pass} */ { output }) => output);
    return fork(cnn, branches, cnn.concat(outputs), (dOutput) => {
      return cnn.concatBackward(outputs, dOutput).dInputs;
    });
  },
};

/**
 * @param {Cnn} cnn
 * @param {Values} x
 * @param {any} options
 * @param {Named} params
 * @param {string} name
 * @returns {Pass}
 */
function convolution(cnn, x, options, params, name) {
  const [w, b] = [params[`${name}.w`], params[`${name}.b`]];
  const output = cnn.conv2d(x, w, { ...options, bias: b?.data });
  const kernel = size(w.shape.slice(2));
  const positions = size(output.shape) / output.shape[1];
  return {
    output,
    terms: w.shape[1] * kernel + 1,
    backward(dOutput) {
      const { dInput, dWeights, dBias } = cnn.conv2dBackward(x, w, dOutput, options);
      return {
        dInput,
        terms: (w.shape[0] / (options.groups ?? 1)) * kernel,
        gradients: weighted(name, { w: dWeights, b: dBias }, positions),
      };
    },
  };
}

/** @param {Cnn} cnn @param {Values} x @param {any} options @param {number} terms @returns {Pass} */
function pooling(cnn, x, options, terms) {
  return {
    output: cnn.pool2d(x, options).output,
    terms,
    backward: (dOutput) => ({
      dInput: cnn.pool2dBackward(x, dOutput, options).dInput,
      terms: options.size * options.size,
      gradients: {},
    }),
  };
}

/** @param {Cnn} cnn @param {Values} x @param {any} options @returns {Pass} */
function activation(cnn, x, options) {
  return {
    output: cnn.activation(x, options),
    terms: ELEMENTARY,
    backward: (dOutput) => ({
      dInput: cnn.activationBackward(x, dOutput, options).dInput,
      terms: ELEMENTARY,
      gradients: {},
    }),
  };
}

/**
 * @param {Cnn} cnn
 * @param {Pass[]} branches
 * @param {Values} output
 * @param {(dOutput: Values) => Values[]} split  the gradient for each branch
 * @returns {Pass}
 */
function fork(cnn, branches, output, split) {
  return {
    output,
    terms: 1 + branches.reduce((sum, { terms }) => sum + terms, 0),
    backward(dOutput) {
      const dOutputs = split(dOutput);
      const backs = branches.map((branch, index) => branch.backward(dOutputs[index]));
      return {
        dInput: cnn.add(backs.map(({ dInput }) => dInput)),
        terms: backs.reduce((sum, { terms }) => sum + terms, branches.length),
        gradients: Object.assign({}, ...backs.map(({ gradients }) => gradients)),
      };
    },
  };
}

/**
 * @param {string} name
 * @param {Record<string, Values>} gradients
 * @param {number} terms
 */
function weighted(name, gradients, terms) {
  return Object.fromEntries(
    Object.entries(gradients).map(([param, gradient]) => [`${name}.${param}`, { gradient, terms }]),
  );
}

/** @param {Record<string, any>} tensors @param {(name: string) => string} nameOf */
function named(tensors, nameOf) {
  return Object.fromEntries(
    Object.entries(tensors).map(([name, value]) => [nameOf(name), tensor(value)]),
  );
}
