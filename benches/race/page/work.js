import { random } from "./random.js";

/**
 * What all contestants of a row compute: a network, its parameters and an input.
 *
 * @typedef {import("../../../www/pkg/operators.js").NetworkSpec} NetworkSpec
 * @typedef {import("../../../www/pkg/operators.js").NetworkDescription} NetworkDescription
 * @typedef {import("../../../www/pkg/operators.js").LayerSpec} LayerSpec
 * @typedef {LayerSpec extends infer L ? L extends unknown ? Omit<L, "id" | "from"> : never : never}
 *   LayerOptions  of one operator
 * @typedef {Omit<NetworkDescription["nodes"][number], "options"> & { options: LayerOptions | null }}
 *   Node
 * @typedef {{ shape: number[], data: Float32Array<ArrayBuffer> }} Tensor
 * @typedef {"weights" | "bias" | "runningMean" | "runningVariance"} ParameterName
 * @typedef {{ layer: string, name: ParameterName, tensor: Tensor }} Parameter
 *
 * @typedef {object} Work
 * @property {NetworkSpec} spec
 * @property {Node[]} nodes  of the spec, each after its inputs
 * @property {Parameter[]} parameters  named and shaped as the product's
 * @property {Tensor} input  `[n, c, h, w]`
 * @property {number} operations  multiplications and additions of an example
 * @property {boolean} shared  whether all channels have one kernel
 */

/**
 * @param {typeof import("../../../www/package/index.js")} cnn
 * @param {import("../rows.js").Row} row
 * @returns {Work}
 */
export function workOf(cnn, row) {
  const spec = row.spec ?? cnn.architecture(row.architecture ?? "");
  const { nodes: described, totals } = cnn.describe(spec);
  const nodes = /** @type {Node[]} */ (described);
  const numbers = random(1);
  const parameters = nodes.flatMap((node) => parametersOf(node, nodes, numbers));
  if (row.shared) repeatFirstKernel(parameters[0].tensor);
  const shape = [row.batch ?? 1, ...extents(nodes[0])];
  const input = { shape, data: numbers.uniform(product(shape), -1, 1) };
  const operations = 2 * (totals.multiplyAdds ?? 0);
  return { spec, nodes, parameters, input, operations, shared: row.shared ?? false };
}

/**
 * Kernels as He and others drew them; batch norms that do something.
 *
 * @param {Node} node
 * @param {Node[]} nodes
 * @param {ReturnType<typeof random>} numbers
 * @returns {Parameter[]}
 */
function parametersOf(node, nodes, numbers) {
  const { id: layer, options } = node;
  const parameter = (
    /** @type {ParameterName} */ name,
    /** @type {number[]} */ shape,
    /** @type {number} */ low,
    /** @type {number} */ high,
  ) => ({ layer, name, tensor: { shape, data: numbers.uniform(product(shape), low, high) } });
  const kernel = (/** @type {number[]} */ shape) => {
    const bound = Math.sqrt(6 / product(shape.slice(1)));
    return parameter("weights", shape, -bound, bound);
  };
  const [channels] = extents(node);
  const from = nodes.find(({ id }) => id === node.from[0]);
  const bias = () => parameter("bias", [channels], -0.1, 0.1);
  if (options?.op === "conv2d" && from) {
    const [rows, cols] = pair(options.kernel);
    const weights = kernel([channels, extents(from)[0] / (options.groups ?? 1), rows, cols]);
    return options.bias ? [weights, bias()] : [weights];
  }
  if (options?.op === "dense" && from) {
    const weights = kernel([channels, extents(from)[0]]);
    return options.bias ? [weights, bias()] : [weights];
  }
  if (options?.op === "batchNorm") {
    return [
      parameter("weights", [channels], 0.5, 1),
      bias(),
      parameter("runningMean", [channels], -0.1, 0.1),
      parameter("runningVariance", [channels], 0.8, 1.2),
    ];
  }
  return [];
}

/** @param {Tensor} kernels  `[channels, 1, rows, cols]` */
function repeatFirstKernel({ shape, data }) {
  const size = data.length / shape[0];
  for (let channel = 1; channel < shape[0]; channel++) data.copyWithin(channel * size, 0, size);
}

/**
 * `[channels, height, width]` or `[features]` of a node's output.
 *
 * @param {Node} node
 */
export function extents({ id, shape }) {
  if (shape.includes(null)) throw new Error(`${id} has no fixed shape`);
  return /** @type {number[]} */ (shape);
}

/**
 * @param {number | readonly [number, number]} value
 * @returns {readonly [number, number]}
 */
export function pair(value) {
  return typeof value === "number" ? [value, value] : value;
}

/** @param {readonly number[]} values */
export function product(values) {
  return values.reduce((all, value) => all * value, 1);
}
