import { planOf } from "./plan.js";
import { product } from "./work.js";

/**
 * @typedef {import("./plan.js").Step} Step
 * @typedef {import("./contest.js").Contestant} Contestant
 */

/**
 * TensorFlow.js: feature maps as it stores them, channels last; layers as its fused operators.
 * Input and weights stay in its memory.
 *
 * @param {any} tf
 * @param {"wasm" | "cpu"} backend
 * @param {import("./work.js").Work} work
 * @returns {Promise<Contestant>}
 */
export async function tfjs(tf, backend, work) {
  const before = () => tf.setBackend(backend);
  await before();
  const input = tf.tidy(() => channelsLast(tf, work.input));
  /** @type {any[]} */
  const owned = [input];
  const network = networkOf(tf, work, (make) => {
    const tensor = tf.tidy(make);
    owned.push(tensor);
    return tensor;
  });
  return {
    name: `TF.js ${backend}`,
    before,
    run: () => network(input).dispose(),
    async output() {
      const output = network(input);
      const planar = output.rank === 4 ? tf.transpose(output, [0, 3, 1, 2]) : tf.clone(output);
      const data = await planar.data();
      planar.dispose();
      output.dispose();
      return data;
    },
    async free() {
      await before();
      for (const tensor of owned) tensor.dispose();
    },
  };
}

/**
 * @param {any} tf
 * @param {import("./work.js").Tensor} tensor  `[n, c, h, w]`
 */
export function channelsLast(tf, { shape, data }) {
  return tf.transpose(tf.tensor(data, shape), [0, 2, 3, 1]);
}

/**
 * The network as a function of a batch, channels last.
 *
 * @param {any} tf
 * @param {import("./work.js").Work} work
 * @param {(make: () => any) => any} own  keeps a parameter
 * @returns {(input: any) => any}
 */
export function networkOf(tf, work, own) {
  const plan = planOf(work);
  const shapes = new Map([["input", work.input.shape.slice(1)]]);
  const steps = plan.map((step) => {
    const apply = operator(tf, step, shapes.get(step.from[0]) ?? [], own);
    shapes.set(step.id, step.shape);
    return { step, apply };
  });
  const [first] = steps;
  if (steps.length === 1) return (input) => first.apply([input]);
  return (input) =>
    tf.tidy(() => {
      const values = new Map([["input", input]]);
      let output = input;
      for (const { step, apply } of steps) {
        output = apply(step.from.map((id) => values.get(id)));
        values.set(step.id, output);
      }
      return output;
    });
}

/**
 * @param {any} tf
 * @param {Step} step
 * @param {number[]} from  the shape of its input, without the batch and channels first
 * @param {(make: () => any) => any} own
 * @returns {(inputs: any[]) => any}
 */
function operator(tf, step, from, own) {
  if (step.op === "conv") return convolution(tf, step, from, own);
  if (step.op === "dense") {
    const b = own(() => denseWeights(tf, step));
    const bias = vector(tf, step.bias, own);
    const activation = step.clamp ?? "linear";
    return ([a]) => tf.fused.matMul({ a, b, bias, activation });
  }
  if (step.op === "pool") {
    const pool = step.kind === "max" ? tf.maxPool : tf.avgPool;
    const { size, stride } = step;
    const pad = padding(step.padding, size, stride);
    return ([x]) => pool(x, size, stride, pad);
  }
  /** @type {Record<import("./plan.js").Plain["op"], (inputs: any[]) => any>} */
  const plain = {
    globalAverage: ([x]) => tf.mean(x, [1, 2], true),
    add: ([a, b]) => tf.add(a, b),
    concat: (inputs) => tf.concat(inputs, 3),
    softmax: ([x]) => tf.softmax(x),
    flatten: ([x]) => tf.reshape(x, [x.shape[0], product(from)]),
    relu: ([x]) => tf.relu(x),
    relu6: ([x]) => tf.relu6(x),
  };
  return plain[step.op];
}

/**
 * @param {any} tf
 * @param {import("./plan.js").Conv} step
 * @param {number[]} from  the shape of its input
 * @param {(make: () => any) => any} own
 * @returns {(inputs: any[]) => any}
 */
function convolution(tf, step, from, own) {
  const { stride, dilation, groups, weights } = step;
  const [channels, , rows, cols] = weights.shape;
  if (groups > 1 && !(groups === from[0] && groups === channels)) {
    throw new Error("has no convolution in groups");
  }
  // Of one channel to one, the depthwise operator is the faster of two.
  const depthwise = groups === from[0] && groups === channels;
  const order = depthwise ? [2, 3, 0, 1] : [2, 3, 1, 0];
  const filter = own(() => tf.transpose(tf.tensor(weights.data, weights.shape), order));
  const pad = padding(step.padding, [rows, cols], stride);
  if (!step.bias && !step.clamp) {
    const conv = depthwise ? tf.depthwiseConv2d : tf.conv2d;
    return ([x]) => conv(x, filter, stride, pad, "NHWC", dilation);
  }
  const bias = vector(tf, step.bias, own);
  const conv = depthwise ? tf.fused.depthwiseConv2d : tf.fused.conv2d;
  const activation = step.clamp ?? "linear";
  const options = { filter, strides: stride, pad, dilations: dilation, bias, activation };
  return ([x]) => conv({ x, ...options });
}

/**
 * `[inputs, features]`, the inputs in the order of a map whose channels are last.
 *
 * @param {any} tf
 * @param {import("./plan.js").Dense} step
 */
function denseWeights(tf, { weights, map }) {
  const [features, inputs] = weights.shape;
  const [channels, rows = 1, cols = 1] = map;
  const maps = tf.tensor(weights.data, [features, channels, rows, cols]);
  return tf.reshape(tf.transpose(maps, [2, 3, 1, 0]), [inputs, features]);
}

/**
 * @param {any} tf
 * @param {import("./work.js").Tensor | null} values
 * @param {(make: () => any) => any} own
 */
function vector(tf, values, own) {
  return values ? own(() => tf.tensor(values.data, values.shape)) : undefined;
}

/**
 * By the name with which its backends choose their fastest way, where there is one.
 *
 * @param {import("./plan.js").Sides} sides
 * @param {readonly [number, number]} kernel
 * @param {readonly [number, number]} stride
 */
function padding([top, left, bottom, right], kernel, stride) {
  if (top + left + bottom + right === 0) return "valid";
  const half = (/** @type {number} */ before, /** @type {number} */ after, axis = 0) =>
    stride[axis] === 1 && before === after && 2 * before === kernel[axis] - 1;
  if (half(top, bottom, 0) && half(left, right, 1)) return "same";
  if (top === left && top === bottom && top === right) return top;
  throw new Error("pads all sides alike here");
}
