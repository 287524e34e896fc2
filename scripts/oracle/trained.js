/**
 * A trained network against another library, in the schema of efficientnet_lite0_layers.json: every layer,
 * the answer, input gradient, Grad-CAM, channels switched off, patches. The weights come as safetensors,
 * which `scripts/make-network-weights.py` writes in float32; the pictures lie beside the file as PNG.
 *
 * A value may be off by terms · 2^-23 of its layer's scale: its deviation plus its mean's magnitude. `terms`
 * counts the numbers summed for one value of every layer up to it, as if all stood in one chain. What is
 * rounded in the file adds half a unit of its last decimal.
 *
 * @import { Cnn, Outcome } from "./run.js"
 * @import { NetworkSpec } from "../../www/pkg/operators.js"
 */
import { readFileSync } from "node:fs";
import { fromRoot } from "../lib/paths.js";
import { decodedPng } from "../lib/png.js";

const EPSILON = 2 ** -23;
/** Half a unit of the last decimal of values, and of Grad-CAM and the top five, in the file. */
const ROUNDED = 0.5e-6;
const NETWORK = "efficientnet_lite0";
const SIDE = 224;
/** Pixels on each side of the input in a picture of which it is the middle. */
const FRAME = 16;

/** @param {any} file */
export const isTrained = (file) =>
  Object.values(file?.photos ?? {}).some((photo) =>
    Array.isArray(/** @type {any} */ (photo).layers),
  );

/**
 * @param {Cnn} cnn
 * @param {any} file  the parsed file
 * @param {{ folder: string, weights: string }} paths  of the pictures, and of the weights
 * @returns {Promise<Outcome[]>}
 */
export async function runTrained(cnn, file, { folder, weights }) {
  const part = await import(fromRoot("www/pkg/networks_lab.js"));
  part.initSync({ module: readFileSync(fromRoot("www/pkg/networks_lab_bg.wasm")) });
  const bytes = new Uint8Array(readFileSync(weights));
  const lab = new part.NetworksLab(bytes);
  const spec = cnn.architecture(NETWORK);
  const parameters = tensorsOf(bytes);
  const outcomes = [];
  for (const [name, photo] of Object.entries(file.photos)) {
    const picture = decodedPng(readFileSync(`${folder}/${photo.input}`));
    const layers = checkedLayers(cnn, spec, parameters, { name, photo, picture });
    const { terms } = layers;
    outcomes.push(...layers.outcomes, ...explained(lab, { name, photo, picture, terms }));
  }
  return outcomes;
}

/**
 * Each layer as the last one of a network of its own.
 * @param {Cnn} cnn
 * @param {NetworkSpec} spec
 * @param {{ layer: string, name: string, tensor: { shape: number[], data: Float32Array } }[]} parameters
 * @param {{ name: string, photo: any, picture: { data: Uint8ClampedArray } }} question
 */
function checkedLayers(cnn, spec, parameters, { name, photo, picture }) {
  const input = new Float32Array(3 * SIDE * SIDE).map((_, at) => {
    const [channel, pixel] = [Math.floor(at / (SIDE * SIDE)), at % (SIDE * SIDE)];
    return (picture.data[4 * pixel + channel] - 127) / 128;
  });
  const outcomes = [outcome(name, "input", checkValues(input, photo.layers[0], EPSILON))];
  let terms = 1;
  for (const [at, layer] of spec.layers.entries()) {
    const expected = photo.layers.find((/** @type {any} */ { id }) => id === layer.id);
    terms += summed(layer, parameters);
    if (!expected) continue;
    const part = { ...spec, layers: spec.layers.slice(0, at + 1) };
    const ids = new Set(part.layers.map(({ id }) => id));
    const network = new cnn.Network(part, {
      weights: /** @type {any} */ (parameters.filter((parameter) => ids.has(parameter.layer))),
    });
    network.input.set(input);
    network.run();
    outcomes.push(outcome(name, layer.id, checkValues(network.output, expected, terms * EPSILON)));
    network.free();
  }
  return { outcomes, terms };
}

/**
 * What the lab says of the whole network.
 * @param {any} lab
 * @param {{ name: string, photo: any, picture: any, terms: number }} question
 */
function explained(lab, { name, photo, picture: middle, terms }) {
  const picture = framed(middle);
  const relative = terms * EPSILON;
  const [[first]] = photo.top5;
  const answer = lab.answer(picture, { kind: "none" });
  const logits = Math.max(...answer.logits.map(Math.abs));
  // d softmax = p (1 - p) · d logit at most, for two logits that move apart.
  const bound = 0.5 * relative * logits + ROUNDED;
  const probability = (/** @type {number} */ got, /** @type {number} */ expected) => ({
    error: Math.abs(got - expected) / bound,
    complaint: `${got}, expected ${expected}`,
  });
  /** @type {[index: number, probability: number][]} */
  const top = photo.top5;
  const outcomes = top.map(([index, expected], rank) => {
    const verdict = probability(answer.probabilities[index], expected);
    const error = answer.top[rank].class === index ? verdict.error : Infinity;
    return outcome(name, `top ${rank + 1}`, { ...verdict, error });
  });
  for (const { row, column, size, probability: expected } of photo.occluded) {
    const covered = lab.answer(picture, { kind: "covered", row, column, size });
    const verdict = probability(covered.probabilities[first], expected);
    outcomes.push(outcome(name, `patch at ${row}, ${column}`, verdict));
  }
  const { gradCam, inputGradient, channelSwitchedOff } = photo;
  const cam = lab.gradCam(picture, first, "light").values;
  outcomes.push(outcome(name, "Grad-CAM", checkAll(cam, gradCam.values.flat(), 2 * relative)));
  /** @type {Float32Array} */
  const gradient = lab.gradient(picture, inputGradient.of, "light").values;
  const norm = Math.sqrt(gradient.reduce((sum, value) => sum + value * value, 0));
  const means = [0, 1, 2].map((channel) => {
    const plane = gradient.subarray(channel * SIDE * SIDE, (channel + 1) * SIDE * SIDE);
    return plane.reduce((sum, value) => sum + Math.abs(value), 0) / plane.length;
  });
  const got = [norm, ...means, ...gradient.subarray(0, inputGradient.first.length)];
  const wanted = [inputGradient.norm, ...inputGradient.perChannelAbsMean, ...inputGradient.first];
  for (const [at, value] of wanted.entries()) {
    // Single pixels are measured against the mean of all.
    const scale = Math.max(Math.abs(value), inputGradient.perChannelAbsMean[0]);
    const error = Math.abs(got[at] - value) / (2 * relative * scale);
    const complaint = `${got[at]}, expected ${value}`;
    outcomes.push(outcome(name, `gradient, figure ${at + 1}`, { error, complaint }));
  }
  for (const { channel, probability: expected } of channelSwitchedOff) {
    const without = lab.withoutChannel(picture, channel);
    const verdict = probability(without[first], expected);
    outcomes.push(outcome(name, `without channel ${channel}`, verdict));
  }
  return outcomes;
}

/**
 * @param {ArrayLike<number>} values
 * @param {{ mean: number, std: number, first: number[], last: number[] }} expected
 * @param {number} relative
 */
function checkValues(values, { mean, std, first, last }, relative) {
  const all = Array.from(values);
  const average = all.reduce((sum, value) => sum + value, 0) / all.length;
  const spread = Math.sqrt(
    all.reduce((sum, value) => sum + (value - average) ** 2, 0) / all.length,
  );
  const got = [average, spread, ...all.slice(0, first.length), ...all.slice(-last.length)];
  const scale = std + Math.abs(mean);
  return checkAll(got, [mean, std, ...first, ...last], relative, scale);
}

/**
 * @param {ArrayLike<number>} got
 * @param {number[]} expected
 * @param {number} relative  tolerance
 * @param {number} [scale]  of the values; the largest unless given
 */
function checkAll(got, expected, relative, scale = Math.max(...expected.map(Math.abs))) {
  const errors = expected.map((value, at) => Math.abs(got[at] - value));
  const worst = errors.indexOf(Math.max(...errors));
  return {
    error: errors[worst] / (relative * scale + ROUNDED),
    complaint: `value ${worst + 1}: ${got[worst]}, expected ${expected[worst]}`,
  };
}

/**
 * @param {string} photo
 * @param {string} name
 * @param {{ error: number, complaint: string }} verdict
 * @returns {Outcome}
 */
function outcome(photo, name, { error, complaint }) {
  const passed = error <= 1;
  return {
    operator: `EfficientNet-Lite0, ${photo}`,
    name,
    status: passed ? "passed" : "failed",
    reason: passed ? "" : complaint,
    error,
  };
}

/**
 * Numbers summed for one value of a layer.
 * @param {NetworkSpec["layers"][number]} layer
 * @param {{ layer: string, name: string, tensor: { shape: number[] } }[]} parameters
 */
function summed(layer, parameters) {
  if (layer.op === "globalPool2d") return 49;
  const kernel = parameters.find((one) => one.layer === layer.id && one.tensor.shape.length > 1);
  if (kernel) return kernel.tensor.shape.slice(1).reduce((product, extent) => product * extent, 1);
  return 2;
}

/**
 * The tensors of a safetensors file in float32, named as the package names them.
 * @param {Uint8Array} bytes
 */
function tensorsOf(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const start = 8 + Number(view.getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(bytes.subarray(8, start)));
  const names = new Map([
    ["weight", "weights"],
    ["bias", "bias"],
    ["running_mean", "runningMean"],
    ["running_var", "runningVariance"],
  ]);
  return Object.entries(header).map(
    ([
      name,
      {
        shape,
        data_offsets: [begin, end],
      },
    ]) => {
      const dot = name.lastIndexOf(".");
      const data = new Float32Array(bytes.slice(start + begin, start + end).buffer);
      const parameter = names.get(name.slice(dot + 1)) ?? "";
      return { layer: name.slice(0, dot), name: parameter, tensor: { shape, data } };
    },
  );
}

/** A picture whose middle is the input. @param {{ data: Uint8ClampedArray }} middle */
function framed({ data }) {
  const side = SIDE + 2 * FRAME;
  const picture = { width: side, height: side, data: new Uint8ClampedArray(4 * side * side) };
  for (let row = 0; row < SIDE; row++) {
    const pixels = data.subarray(4 * SIDE * row, 4 * SIDE * (row + 1));
    picture.data.set(pixels, 4 * ((row + FRAME) * side + FRAME));
  }
  return picture;
}
