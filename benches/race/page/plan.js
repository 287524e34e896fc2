import { extents, pair } from "./work.js";

/**
 * A network as its rivals run it best: batch norms folded into the convolutions before them,
 * activations joined to convolutions and dense layers, and nothing that does nothing.
 *
 * @typedef {import("./work.js").Work} Work
 * @typedef {import("./work.js").Tensor} Tensor
 * @typedef {"relu" | "relu6"} Clamp
 * @typedef {object} Basis
 * @property {string} id
 * @property {string[]} from  ids of the steps before, or "input"
 * @property {number[]} shape  of the output, without the batch
 *
 * @typedef {Basis & { op: "conv", weights: Tensor, bias: Tensor | null, clamp: Clamp | null,
 *   stride: readonly [number, number], padding: Sides, dilation: readonly [number, number],
 *   groups: number }} Conv
 * @typedef {Basis & { op: "dense", weights: Tensor, bias: Tensor | null, clamp: Clamp | null,
 *   map: number[] }} Dense  `map`: the shape of what was flattened before it
 * @typedef {Basis & { op: "pool", kind: "max" | "average", size: readonly [number, number],
 *   stride: readonly [number, number], padding: Sides }} Pool
 * @typedef {Basis & { op: "globalAverage" | "add" | "concat" | "flatten" | "softmax" | Clamp }} Plain
 * @typedef {Conv | Dense | Pool | Plain} Step
 * @typedef {readonly [top: number, left: number, bottom: number, right: number]} Sides
 */

/**
 * The last step's output is the network's.
 *
 * @param {Pick<Work, "nodes" | "parameters">} work
 * @returns {Step[]}
 * @throws {Error} for what no contestant needs so far
 */
export function planOf({ nodes, parameters }) {
  const values = new Map(parameters.map(({ layer, name, tensor }) => [`${layer} ${name}`, tensor]));
  /** @type {Map<string, number>} */
  const uses = new Map();
  for (const id of nodes.flatMap(({ from }) => from)) uses.set(id, (uses.get(id) ?? 0) + 1);
  /** @type {Step[]} */
  const steps = [];
  /** Which step gives a node's output. @type {Map<string, Step | null>} */
  const given = new Map([["input", null]]);

  for (const node of nodes.slice(1)) {
    const sources = node.from.map((id) => given.get(id) ?? null);
    const [before] = sources;
    const alone = uses.get(node.from[0]) === 1;
    const basis = {
      id: node.id,
      from: sources.map((source) => source?.id ?? "input"),
      shape: extents(node),
    };
    const passed = doesNothing(node, before, nodes) || (alone && joined(node, before, values));
    const map = before?.op === "flatten" ? shapeOf(before.from[0]) : shapeOf(basis.from[0]);
    const step = passed ? before : stepOf(node, { ...basis, map }, values);
    if (!passed && step) steps.push(step);
    given.set(node.id, step);
  }
  return steps;

  /** @param {string} id */
  function shapeOf(id) {
    return steps.find((step) => step.id === id)?.shape ?? extents(nodes[0]);
  }
}

/**
 * @param {Work["nodes"][number]} node
 * @param {Step | null} before
 * @param {Work["nodes"]} nodes
 */
function doesNothing({ options, shape }, before, nodes) {
  if (options?.op === "dropout") return true;
  if (options?.op !== "adaptivePool2d") return false;
  return String(shape) === String(before?.shape ?? extents(nodes[0]));
}

/**
 * Whether the node has been made a part of the step before it.
 *
 * @param {Work["nodes"][number]} node
 * @param {Step | null} before
 * @param {Map<string, Tensor>} values
 */
function joined({ id, options }, before, values) {
  if (before?.op !== "conv" && before?.op !== "dense") return false;
  if (before.clamp) return false;
  if (options?.op === "activation" && (options.kind === "relu" || options.kind === "relu6")) {
    before.clamp = options.kind;
    return true;
  }
  if (options?.op !== "batchNorm" || before.op !== "conv") return false;
  const value = (/** @type {string} */ name) => values.get(`${id} ${name}`)?.data;
  const [scale, shift, mean, variance] = [
    value("weights"),
    value("bias"),
    value("runningMean"),
    value("runningVariance"),
  ];
  if (!scale || !shift || !mean || !variance) throw new Error(`${id} lacks a parameter`);
  const weights = before.weights.data.slice();
  const bias = new Float32Array(shift.length);
  const size = weights.length / shift.length;
  for (let channel = 0; channel < shift.length; channel++) {
    const factor = scale[channel] / Math.sqrt(variance[channel] + (options.epsilon ?? 0));
    for (let at = channel * size; at < (channel + 1) * size; at++) weights[at] *= factor;
    const old = before.bias?.data[channel] ?? 0;
    bias[channel] = (old - mean[channel]) * factor + shift[channel];
  }
  before.weights = { shape: before.weights.shape, data: weights };
  before.bias = { shape: [bias.length], data: bias };
  return true;
}

/**
 * @param {Work["nodes"][number]} node
 * @param {Basis & { map: number[] }} given
 * @param {Map<string, Tensor>} values
 * @returns {Step}
 */
function stepOf({ id, options }, { map, ...basis }, values) {
  const weights = values.get(`${id} weights`);
  const bias = values.get(`${id} bias`) ?? null;
  if (options?.op === "conv2d" && weights) {
    return {
      ...basis,
      op: "conv",
      weights,
      bias,
      clamp: null,
      stride: pair(options.stride ?? 1),
      padding: sides(options.padding),
      dilation: pair(options.dilation ?? 1),
      groups: options.groups ?? 1,
    };
  }
  if (options?.op === "dense" && weights) {
    return { ...basis, op: "dense", weights, bias, clamp: null, map };
  }
  if (options?.op === "pool2d" && options.kind !== "lp") {
    const { kind } = options;
    const size = pair(options.size);
    const padding = sides(options.padding);
    if (kind === "average" && padding.some((side) => side > 0)) {
      throw new Error(`${id} averages over padding`);
    }
    return { ...basis, op: "pool", kind, size, stride: pair(options.stride ?? size), padding };
  }
  if (options?.op === "activation" && (options.kind === "relu" || options.kind === "relu6")) {
    return { ...basis, op: options.kind };
  }
  if (options?.op === "globalPool2d" && options.kind === "average") {
    return { ...basis, op: "globalAverage" };
  }
  const plain = ["add", "concat", "flatten", "softmax"];
  if (options && plain.includes(options.op)) {
    return { ...basis, op: /** @type {Plain["op"]} */ (options.op) };
  }
  throw new Error(`${id} is of an operator that is not raced: ${options?.op}`);
}

/**
 * @param {unknown} padding  as `describe` gives it
 * @returns {Sides}
 */
function sides(padding) {
  if (padding === undefined || padding === "valid") return [0, 0, 0, 0];
  if (Array.isArray(padding) && padding.length === 4) {
    return [padding[0], padding[1], padding[2], padding[3]];
  }
  throw new Error(`a padding that is not raced: ${padding}`);
}
