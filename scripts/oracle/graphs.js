/**
 * Receptive fields of layer graphs, output sizes and SAME padding, in the schemas of rf_graphs.json
 * and rf_random.json.
 *
 * @import { Cnn } from "./run.js"
 * @import { Verdict } from "./tolerance.js"
 */
import { given, NotCovered } from "./case.js";
import { exactly } from "./exact.js";

/** @typedef {{ id: string, op: string, inputs: string[], [attribute: string]: any }} GraphNode */

const ACTIVATIONS = ["relu", "relu6", "sigmoid", "tanh"];

/** @param {any} value */
export function isGraphCase(value) {
  return Array.isArray(value.nodes) && (value.expect ?? value.expect_output_size) !== undefined;
}

/** @param {any} value */
export function isSamePaddingCase(value) {
  return value.pad_before !== undefined && value.kernel !== undefined;
}

/**
 * @param {Cnn} cnn
 * @param {any} value  the case
 * @returns {Verdict[]}
 */
export function checkGraph(cnn, value) {
  const { spec, input } = specOf(value);
  const { nodes } = cnn.describe(/** @type {any} */ (spec));
  const node = (/** @type {string} */ id) =>
    given(nodes.find((known) => known.id === (id === input ? "input" : id)));
  const output = nodes.find(({ id }) => id === "output") ?? given(nodes.at(-1));
  return [
    ...Object.entries(value.expect_output_size ?? {}).map(([id, size]) =>
      exactly(`the size of ${id}`, node(id).shape.slice(1), pair(size)),
    ),
    ...(value.output_size ? [exactly("size", output.shape.slice(1), value.output_size)] : []),
    ...(value.expect ? fieldVerdicts(output.receptiveField, value.expect) : []),
  ];
}

/**
 * The padding before a convolution's first window, and its total over both sides.
 * @param {Cnn} cnn
 * @param {any} value
 * @returns {Verdict[]}
 */
export function checkSamePadding(cnn, { kernel, stride, input, pad_before, pad_total }) {
  const layer = { id: "output", op: "conv2d", channels: 1, kernel, stride, padding: "same" };
  const spec = { input: { channels: 1, height: input, width: input }, layers: [layer] };
  const { shape, receptiveField } = cnn.describe(/** @type {any} */ (spec)).nodes[1];
  const verdicts = [exactly("padding before", receptiveField.padding, pair(pad_before))];
  if (input !== null && pad_total !== null) {
    const explicit = [pad_before, pad_before, pad_total - pad_before, pad_total - pad_before];
    const padded = { ...spec, layers: [{ ...layer, padding: explicit }] };
    const expected = cnn.describe(/** @type {any} */ (padded)).nodes[1].shape;
    verdicts.push(exactly("the size with all padding", shape, expected));
  }
  return verdicts;
}

/**
 * @param {import("../../www/pkg/operators.js").ReceptiveField} field
 * @param {any} expected
 */
function fieldVerdicts(field, expected) {
  if (expected.error) {
    if (expected.error !== "misaligned") throw new NotCovered(`the error ${expected.error}`);
    return [exactly("aligned", field.aligned, false)];
  }
  return [
    exactly("size", field.size, expected.rf),
    exactly("stride", field.stride, expected.stride),
    exactly("padding", field.padding, expected.pad),
    ...(expected.aligned === undefined
      ? []
      : [exactly("aligned", field.aligned, expected.aligned)]),
  ];
}

/**
 * The graph as a spec with one channel everywhere: a 1 x 1 convolution, which changes no receptive
 * field, reduces a concatenation to one channel.
 * @param {any} value
 */
function specOf({ nodes, input_size }) {
  const input = given(nodes.find((/** @type {GraphNode} */ { op }) => op === "input")).id;
  const [height, width] = input_size ?? [null, null];
  const layers = nodes
    .filter((/** @type {GraphNode} */ { op }) => op !== "input")
    .flatMap((/** @type {GraphNode} */ node) => {
      if (!Object.hasOwn(LAYERS, node.op)) throw new NotCovered(`the operator ${node.op}`);
      const from = node.inputs.map((id) => (id === input ? "input" : id));
      return LAYERS[node.op]({ id: node.id, from }, node);
    });
  return { spec: { input: { channels: 1, height, width }, layers }, input };
}

/** @type {Record<string, (common: { id: string, from: string[] }, node: GraphNode) => object[]>} */
const LAYERS = {
  conv: (common, node) => [
    { ...common, op: "conv2d", channels: 1, kernel: node.kernel, ...geometry(node) },
  ],
  maxpool: (common, node) => [
    { ...common, op: "pool2d", kind: "max", size: node.kernel, ...geometry(node) },
  ],
  avgpool: (common, node) => [
    { ...common, op: "pool2d", kind: "average", size: node.kernel, ...geometry(node) },
  ],
  pad: (common, { pad }) => [{ ...common, op: "pad2d", padding: pad }],
  add: (common) => [{ ...common, op: "add" }],
  concat: ({ id, from }) => [
    { id: `${id}/concat`, from, op: "concat" },
    { id, from: `${id}/concat`, op: "conv2d", channels: 1, kernel: 1 },
  ],
  dropout: (common) => [{ ...common, op: "dropout", probability: 0.5 }],
  batchnorm: (common) => [{ ...common, op: "batchNorm" }],
  ...Object.fromEntries(
    ACTIVATIONS.map((kind) => [
      kind,
      (/** @type {object} */ common) => [{ ...common, op: "activation", kind }],
    ]),
  ),
};

/** @param {GraphNode} node */
function geometry({ stride = 1, dilation = 1, pad = "valid" }) {
  return { stride, dilation, padding: pad };
}

/** @param {any} value a pair, or a number for both */
function pair(value) {
  return Array.isArray(value) ? value : [value, value];
}
