/**
 * Published networks against published tables, in the schemas of receptive_fields.json and
 * layers.json.
 *
 * @import { Cnn } from "./run.js"
 * @import { Verdict } from "./tolerance.js"
 * @import { NetworkDescription } from "../../www/pkg/operators.js"
 */
import { given, NotCovered } from "./case.js";
import { exactly, inBillions } from "./exact.js";

/** TF-Slim models with the same names as torchvision models in `architectures`. */
const SLIM = new Map([["inception_v3", "slim_inception_v3"]]);

/**
 * The name of the last feature map in a summary without end points, where convolutions follow it.
 */
const LAST_FEATURES = new Map([
  ["alexnet_v2", "pool5"],
  ["vgg_a", "pool5"],
  ["vgg_16", "pool5"],
]);

/** Operators that end the feature maps. */
const HEADS = ["globalPool2d", "adaptivePool2d", "flatten"];

/** The input size at which the published summary counts operations. */
const SUMMARY_EXTENT = 224;

/** @param {any} value */
export const isEndPointCase = (value) => value.end_point !== undefined;

/** @param {any} value */
export const isSlimSummary = (value) =>
  value.effective_stride !== undefined && value.receptive_field !== undefined;

/** @param {any} value */
export const isCenterCase = (value) => value.feature !== undefined && value.center !== undefined;

/** @param {any} value */
export const isTorchvisionSummary = (value) => value.params_used_at_inference !== undefined;

/** @param {any} value */
export const isTotalsCase = (value) => value.macs !== undefined && value.rf_features !== undefined;

/** @param {any} value */
export const isRowCase = (value) => value.row !== undefined && value.model !== undefined;

/** @param {any} value */
export const isBlockCase = (value) => value.block !== undefined && value.model !== undefined;

/** @param {any} value */
export const isUnnamedCase = (value) => value.params_including_bn_statistics !== undefined;

/**
 * A row of a table as a case. A module that a network calls several times has one row per call,
 * with nodes named `relu`, `relu_1`, `relu_2`, and each row has the field of the last call.
 *
 * @param {string} model
 * @param {any[]} rows
 */
export function rowCases(model, rows) {
  /** @type {Map<string, number>} */
  const calls = new Map();
  const nameOf = (/** @type {string} */ name, /** @type {number} */ call) =>
    call === 0 ? name : `${name}_${call}`;
  const cases = rows.map((row) => {
    const call = calls.get(row.name) ?? 0;
    calls.set(row.name, call + 1);
    return { model, row, name: nameOf(row.name, call), last: "" };
  });
  for (const value of cases) {
    value.last = nameOf(value.row.name, /** @type {number} */ (calls.get(value.row.name)) - 1);
  }
  return cases;
}

/** @param {Cnn} cnn @param {any} value @returns {Verdict[]} */
export function checkEndPoint(cnn, value) {
  const { model, resolution, end_point, flops_billion } = value;
  const network = slim(cnn, model, resolution);
  const node = endPoint(network, end_point);
  const verdicts = slimField(node.receptiveField, value);
  if (flops_billion === null || resolution === null) return verdicts;
  return [
    ...verdicts,
    inBillions("operations", profiled(cnn, network, node.id, model), flops_billion, 3),
  ];
}

/** @param {Cnn} cnn @param {any} value @returns {Verdict[]} */
export function checkSlimSummary(cnn, value) {
  const network = slim(cnn, value.model, SUMMARY_EXTENT);
  const node = lastFeatures(network, value.model);
  return [
    ...slimField(node.receptiveField, value),
    inBillions("operations", profiled(cnn, network, node.id, value.model), value.flops_billion, 2),
  ];
}

/** @param {Cnn} cnn @param {any} value @returns {Verdict[]} */
export function checkCenter(cnn, { model, feature, center }) {
  const { size, stride, padding } = lastFeatures(slim(cnn, model, null), model).receptiveField;
  const middle = feature.map(
    (/** @type {number} */ position, /** @type {number} */ axis) =>
      position * given(stride[axis]) - given(padding[axis]) + (given(size[axis]) - 1) / 2,
  );
  return [exactly("the centre", middle, center)];
}

/** @param {Cnn} cnn @param {any} value @returns {Verdict[]} */
export function checkTorchvisionSummary(cnn, value) {
  const network = describedAs(cnn, value.model, value.input);
  const { parameters, multiplyAdds, buffers } = network.totals;
  const count = (/** @type {string[]} */ ops) =>
    network.nodes.filter(({ op }) => ops.includes(op)).length;
  const verdicts = [
    exactly("parameters", parameters, value.params_used_at_inference),
    inBillions("multiply-adds", multiplyAdds, value.gmacs_computed, 4),
    exactly("convolutions", count(["conv2d"]), value.conv_layers),
    exactly("dense layers", count(["dense"]), value.linear_layers),
    ...features(network, value.rf_features),
  ];
  // The table also counts the buffers of heads that are only used in training.
  if (value.params_computed !== value.params_used_at_inference) return verdicts;
  // PyTorch keeps the number of batches seen as one more buffer of a batch norm.
  return [...verdicts, exactly("buffers", given(buffers) + count(["batchNorm"]), value.buffers)];
}

/** @param {Cnn} cnn @param {any} value @returns {Verdict[]} */
export function checkTotals(cnn, value) {
  const network = describedAs(cnn, value.model, value.input);
  return [
    exactly("parameters", network.totals.parameters, value.params),
    exactly("multiply-adds", network.totals.multiplyAdds, value.macs),
    ...features(network, value.rf_features),
  ];
}

/** @param {Cnn} cnn @param {any} value @returns {Verdict[]} */
export function checkRow(cnn, { model, row, name, last }) {
  const network = describedAs(cnn, model, null);
  const node = find(network, name);
  const options = /** @type {Record<string, any>} */ (node.options ?? {});
  const shared = ["stride", "dilation", "groups", "bias"].filter(
    (option) => row[option] !== undefined && options[option] !== undefined,
  );
  return [
    exactly("output", node.shape, row.output),
    exactly("parameters", node.parameters, row.params),
    exactly("multiply-adds", node.multiplyAdds, row.macs),
    ...(row.kernel ? [exactly("kernel", options.kernel ?? options.size, row.kernel)] : []),
    ...shared.map((option) => exactly(option, options[option], row[option])),
    ...(row.rf ? [rowField(find(network, last), row)] : []),
  ];
}

/**
 * A layer of the paper, which is a block here.
 * @param {Cnn} cnn
 * @param {any} value
 * @returns {Verdict[]}
 */
export function checkBlock(cnn, { model, block }) {
  const nodes = describedAs(cnn, model, null).nodes.filter(({ id }) =>
    id.startsWith(`${block.name}/`),
  );
  const last = nodes.at(-1);
  if (!last && block.params === 0) throw new NotCovered("it learns nothing and is left out");
  if (!last) throw new Error(`there is no block ${block.name}`);
  const parameters = nodes.reduce((sum, node) => sum + given(node.parameters), 0);
  const expected = last.shape.length === 1 ? [block.maps] : [block.maps, ...block.size];
  return [exactly("output", last.shape, expected), exactly("parameters", parameters, block.params)];
}

/** @returns {Verdict[]} */
export function checkUnnamed() {
  throw new NotCovered("its layers have no names");
}

/**
 * The table has the field along the rows and, for a vector, the stride of the map before
 * flattening.
 * @param {NetworkDescription["nodes"][number]} node
 * @param {any} row
 */
function rowField({ receptiveField: { size, stride, padding } }, { rf, output }) {
  const expected = [rf.rf, output.length > 1 ? rf.stride : null, rf.pad];
  return exactly("field", [size[0], stride[0], padding[0]], expected);
}

/**
 * @param {NetworkDescription} network
 * @param {any} published  of the last feature map
 */
function features(network, published) {
  if (!published) return [];
  const { size, stride, padding, aligned } = beforeHead(network).receptiveField;
  return [
    exactly("size", size, [published.receptive_field, published.receptive_field_x]),
    exactly("stride", stride, [published.effective_stride, published.effective_stride]),
    exactly("padding", padding, [published.effective_padding, published.effective_padding]),
    exactly("aligned", aligned, published.aligned),
  ];
}

/**
 * @param {import("../../www/pkg/operators.js").ReceptiveField} field
 * @param {any} published
 */
function slimField({ size, stride, padding, aligned }, published) {
  const { receptive_field, effective_stride, effective_padding } = published;
  return [
    exactly("size", size, [receptive_field, receptive_field]),
    exactly("stride", stride, [effective_stride, effective_stride]),
    exactly("padding", padding, [effective_padding, effective_padding]),
    // The published tool reports a padding only if it finds all paths aligned.
    ...(effective_padding === null ? [] : [exactly("aligned", aligned, true)]),
  ];
}

/** @type {WeakMap<Cnn, Map<string, NetworkDescription>>} */
const described = new WeakMap();

/**
 * @param {Cnn} cnn
 * @param {string} model
 * @param {number | null} extent  of the input
 */
function slim(cnn, model, extent) {
  return describedAs(cnn, SLIM.get(model) ?? model, [3, extent, extent]);
}

/**
 * @param {Cnn} cnn
 * @param {string} name  of an architecture
 * @param {(number | null)[] | null} input  its shape; `null` for the architecture's own
 */
function describedAs(cnn, name, input) {
  const known = described.get(cnn) ?? new Map();
  described.set(cnn, known);
  const key = `${name} ${input}`;
  if (!known.has(key)) {
    if (!cnn.architectures().some((architecture) => architecture.name === name)) {
      throw new NotCovered("no such architecture here");
    }
    const spec = cnn.architecture(name);
    const [channels, height, width] = input ?? [];
    if (input) spec.input = { channels: given(channels), height, width };
    known.set(key, cnn.describe(spec));
  }
  return /** @type {NetworkDescription} */ (known.get(key));
}

/** @param {NetworkDescription} network @param {string} id */
function find(network, id) {
  const node = network.nodes.find((known) => known.id === id);
  if (!node) throw new Error(`there is no layer ${id}`);
  return node;
}

/**
 * The layer of that name, or the last layer in the block of that name.
 * @param {NetworkDescription} network
 * @param {string} name
 */
function endPoint(network, name) {
  const node = network.nodes.findLast(({ id }) => id === name || id.startsWith(`${name}/`));
  if (!node) throw new Error(`there is no end point ${name}`);
  return node;
}

/** @param {NetworkDescription} network @param {string} model */
function lastFeatures(network, model) {
  const name = LAST_FEATURES.get(model);
  return name ? endPoint(network, `${model}/${name}`) : beforeHead(network);
}

/**
 * The last feature map before flattening or global pooling.
 * @param {NetworkDescription} network
 */
function beforeHead(network) {
  const head = network.nodes.find(({ op }) => HEADS.includes(op));
  return head ? find(network, head.from[0]) : given(network.nodes.at(-1));
}

/**
 * The operations that TensorFlow's profiler counted up to a node for the published table: two per
 * multiply-add; one per value for each bias and each multiplication by a constant; the window size
 * per value for pooling; none for fused norms and the sums of residual units. Networks of the table
 * other than ResNets were built without batch norm, with a bias in each convolution instead.
 *
 * @param {Cnn} cnn
 * @param {NetworkDescription} network
 * @param {string} id
 * @param {string} model
 */
function profiled(cnn, network, id, model) {
  const name = SLIM.get(model) ?? model;
  const { family } = given(cnn.architectures().find((known) => known.name === name));
  const normsAreBiases = !family.startsWith("ResNet");
  const needed = new Set([id]);
  let operations = 0;
  for (const node of network.nodes.toReversed()) {
    if (!needed.has(node.id)) continue;
    for (const input of node.from) needed.add(input);
    const values = node.shape.map(given).reduce((product, extent) => product * extent, 1);
    operations += 2 * given(node.multiplyAdds) + values * perValue(node, normsAreBiases);
  }
  return operations;
}

/**
 * @param {NetworkDescription["nodes"][number]} node
 * @param {boolean} normsAreBiases
 */
function perValue({ op, options }, normsAreBiases) {
  const { bias, size } = /** @type {Record<string, any>} */ (options ?? {});
  if (op === "conv2d") return Number(bias);
  if (op === "batchNorm") return Number(normsAreBiases);
  if (op === "pool2d") return size[0] * size[1];
  return Number(op === "scale");
}
