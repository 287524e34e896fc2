import { joined, message, text, whole } from "./protobuf.js";

/**
 * A network as a file of ONNX, operator set 13; fields by their numbers in onnx.proto.
 *
 * @param {import("../plan.js").Step[]} steps
 * @param {number[]} shape  `[n, c, h, w]` of the input, whose name is `input`
 * @returns {Uint8Array<ArrayBuffer>}
 */
export function onnxModel(steps, shape) {
  const last = steps[steps.length - 1];
  const output = [shape[0], ...last.shape];
  const graph = [
    ...steps.flatMap((step) => node(step).flatMap((part) => message(1, part))),
    ...text(2, "race"),
    ...steps.flatMap(initializers),
    ...message(11, valueInfo("input", shape)),
    ...message(12, valueInfo(last.id, output)),
  ];
  const operators = [...text(1, ""), ...whole(2, 13)];
  return joined([...whole(1, 8), ...message(7, graph), ...message(8, operators)]);
}

/** @typedef {import("./protobuf.js").Message} Message */

const FLOAT = 1;

/**
 * The node of a step, and that of its activation.
 *
 * @param {import("../plan.js").Step} step
 * @returns {Message[]}
 */
function node(step) {
  const { id, from } = step;
  const clamp = step.op === "conv" || step.op === "dense" ? step.clamp : null;
  const sum = clamp ? `${id}/sum` : id;
  const own = operator(step);
  const inputs = [...from, ...own.parameters.map((name) => `${id}/${name}`)];
  const nodes = [nodeProto(own.type, inputs, sum, own.attributes)];
  if (clamp) nodes.push(...node({ id, from: [sum], shape: step.shape, op: clamp }));
  return nodes;
}

/**
 * @param {import("../plan.js").Step} step
 * @returns {{ type: string, parameters: string[], attributes: Message }}
 */
function operator(step) {
  const plain = (/** @type {string} */ type, attributes = /** @type {Message} */ ([])) => ({
    type,
    parameters: [],
    attributes,
  });
  switch (step.op) {
    case "conv":
      return {
        type: "Conv",
        parameters: step.bias ? ["weights", "bias"] : ["weights"],
        attributes: [
          ...numbers("kernel_shape", step.weights.shape.slice(2)),
          ...numbers("strides", step.stride),
          ...numbers("pads", step.padding),
          ...numbers("dilations", step.dilation),
          ...number("group", step.groups),
        ],
      };
    case "dense":
      return {
        type: "Gemm",
        parameters: step.bias ? ["weights", "bias"] : ["weights"],
        attributes: number("transB", 1),
      };
    case "pool":
      return plain(step.kind === "max" ? "MaxPool" : "AveragePool", [
        ...numbers("kernel_shape", step.size),
        ...numbers("strides", step.stride),
        ...numbers("pads", step.padding),
      ]);
    case "relu6":
      return { type: "Clip", parameters: ["least", "greatest"], attributes: [] };
    case "concat":
      return plain("Concat", number("axis", 1));
    case "globalAverage":
      return plain("GlobalAveragePool");
    case "softmax":
      return plain("Softmax");
    case "relu":
      return plain("Relu");
    case "add":
      return plain("Add");
    case "flatten":
      return plain("Flatten");
  }
}

/**
 * @param {import("../plan.js").Step} step
 * @returns {Message}
 */
function initializers(step) {
  const { id } = step;
  const limits = () => [
    ...tensor(`${id}/least`, { shape: [], data: new Float32Array([0]) }),
    ...tensor(`${id}/greatest`, { shape: [], data: new Float32Array([6]) }),
  ];
  if (step.op === "relu6") return limits();
  if (step.op !== "conv" && step.op !== "dense") return [];
  return [
    ...tensor(`${id}/weights`, step.weights),
    ...(step.bias ? tensor(`${id}/bias`, step.bias) : []),
    ...(step.clamp === "relu6" ? limits() : []),
  ];
}

/**
 * @param {string} name
 * @param {import("../work.js").Tensor} value
 * @returns {Message}
 */
function tensor(name, { shape, data }) {
  const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
  return message(5, [
    ...shape.flatMap((extent) => whole(1, extent)),
    ...whole(2, FLOAT),
    ...text(8, name),
    ...message(9, [bytes]),
  ]);
}

/**
 * @param {string} type
 * @param {string[]} inputs
 * @param {string} output
 * @param {Message} attributes
 * @returns {Message}
 */
function nodeProto(type, inputs, output, attributes) {
  return [
    ...inputs.flatMap((name) => text(1, name)),
    ...text(2, output),
    ...text(4, type),
    ...attributes,
  ];
}

/**
 * @param {string} name
 * @param {number} value
 */
function number(name, value) {
  return message(5, [...text(1, name), ...whole(3, value), ...whole(20, 2)]);
}

/**
 * @param {string} name
 * @param {readonly number[]} values
 */
function numbers(name, values) {
  return message(5, [
    ...text(1, name),
    ...values.flatMap((value) => whole(8, value)),
    ...whole(20, 7),
  ]);
}

/**
 * @param {string} name
 * @param {number[]} shape
 */
function valueInfo(name, shape) {
  const extents = shape.flatMap((extent) => message(1, whole(1, extent)));
  return [
    ...text(1, name),
    ...message(2, message(1, [...whole(1, FLOAT), ...message(2, extents)])),
  ];
}
