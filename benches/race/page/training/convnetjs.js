import { toPixels } from "../layout.js";
import { planOf } from "../plan.js";
import { DESCENT, labelsOf, losses } from "./lesson.js";

/**
 * ConvNetJS: it has no Adam, so it takes the steps of plain gradient descent, its fastest.
 *
 * @param {any} convnetjs
 * @param {import("../work.js").Work} work
 * @param {number[]} expected  losses of the first steps of the same descent
 * @returns {import("../contest.js").Contestant}
 * @throws {Error} when its losses are others
 */
export function trainConvNetJs(convnetjs, work, expected) {
  const net = netOf(convnetjs, work);
  const [batch, channels, height, width] = work.input.shape;
  const size = channels * height * width;
  const volumes = Array.from({ length: batch }, (_, index) => {
    const volume = new convnetjs.Vol(width, height, channels, 0);
    const example = work.input.data.subarray(index * size, (index + 1) * size);
    toPixels(example, channels, volume.w);
    return volume;
  });
  const labels = labelsOf(work);
  const trainer = new convnetjs.Trainer(net, {
    method: "sgd",
    learning_rate: DESCENT.learningRate,
    momentum: 0,
    batch_size: batch,
  });
  const step = () => {
    let loss = 0;
    for (const [index, volume] of volumes.entries()) {
      loss += trainer.train(volume, labels[index]).cost_loss;
    }
    return loss / batch;
  };
  const start = performance.now();
  const own = losses(expected.length, step);
  const firstMs = (performance.now() - start) / expected.length;
  if (own.some((loss, index) => !(Math.abs(loss / expected[index] - 1) < 1e-3))) {
    throw new Error(`wrong output: losses ${own.join(", ")} in place of ${expected.join(", ")}`);
  }
  return { name: "ConvNetJS (no Adam: plain descent)", run: step, firstMs, free() {} };
}

/**
 * @param {any} convnetjs
 * @param {import("../work.js").Work} work
 */
function netOf(convnetjs, work) {
  const [, channels, height, width] = work.input.shape;
  const input = { type: "input", out_sx: width, out_sy: height, out_depth: channels };
  const steps = planOf(work).filter(({ op }) => op !== "flatten");
  const net = new convnetjs.Net();
  net.makeLayers([input, ...steps.map(definition)]);
  const layers = net.layers.filter((/** @type {any} */ { filters }) => filters);
  const learned = steps.filter((step) => step.op === "conv" || step.op === "dense");
  for (const [index, step] of learned.entries()) setParameters(layers[index], step);
  return net;
}

/**
 * @param {import("../plan.js").Step} step
 * @param {number} index
 * @param {import("../plan.js").Step[]} steps
 */
function definition(step, index, steps) {
  if (step.op === "pool" && step.kind === "max") {
    return { type: "pool", sx: step.size[0], stride: step.stride[0], pad: step.padding[0] };
  }
  if (step.op === "conv") {
    const [filters, , sx] = step.weights.shape;
    const window = { sx, filters, stride: step.stride[0], pad: step.padding[0] };
    return { type: "conv", ...window, activation: step.clamp ?? undefined };
  }
  if (step.op === "dense") {
    const [features] = step.weights.shape;
    // Its softmax layer brings the dense layer before it.
    if (index === steps.length - 1) return { type: "softmax", num_classes: features };
    return { type: "fc", num_neurons: features, activation: step.clamp ?? undefined };
  }
  throw new Error(`has no layer for ${step.id}`);
}

/**
 * @param {any} layer
 * @param {import("../plan.js").Conv | import("../plan.js").Dense} step
 */
function setParameters(layer, step) {
  const { weights, bias } = step;
  const outputs = weights.shape[0];
  const channels = step.op === "dense" ? step.map[0] : weights.shape[1];
  const size = weights.data.length / outputs;
  for (let output = 0; output < outputs; output++) {
    const values = weights.data.subarray(output * size, (output + 1) * size);
    toPixels(values, channels, layer.filters[output].w);
  }
  layer.biases.w.set(bias?.data ?? new Float64Array(outputs));
}
