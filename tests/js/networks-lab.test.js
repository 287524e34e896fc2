/** The networks lab's state and its part of the core, with the weights that are shipped. */
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { decodedPng } from "../../scripts/lib/png.js";
import { asset } from "../../www/engine/assets.js";
import { contract } from "../../www/labs/networks/contract.js";
import { BYTES, SHA256 } from "../../www/labs/networks/efficientnet-lite0/about.js";
import { networksLabState, TABS } from "../../www/labs/networks/state.js";
import { labCore } from "./lab-core.js";

const LAB = new URL("../../www/labs/networks/", import.meta.url);
const DATA = new URL("../data/networks/", import.meta.url);

const reply = labCore(contract, "networks_lab");
const file = readFileSync(new URL("efficientnet-lite0/weights.bin", LAB));
const weights = asset(new Uint8Array(file));
/**
 * @typedef {object} Truth
 * @property {string} input
 * @property {[index: number, probability: number][]} int8
 * @property {[index: number, probability: number][]} float32
 * @property {number[][]} gradCam
 * @property {number} gradientNorm
 * @property {{ channel: number, probability: number }[]} channelSwitchedOff
 * @property {{ row: number, column: number, size: number, probability: number }[]} occluded
 * @property {[id: string, mean: number, deviation: number][]} layers
 */

/** @type {{ photos: Record<string, Truth> }} */
const { photos } = JSON.parse(readFileSync(new URL("answers.json", DATA), "utf8"));
const state = networksLabState.defaultState();

/** Probabilities with eight-bit weights may differ from those of the published weights by this much. */
const QUANTISED = 0.03;

/**
 * @import { NetworksCalls } from "../../www/labs/networks/contract.js"
 *
 * @template {keyof NetworksCalls} Name
 * @param {Name} name
 * @param {Parameters<Extract<NetworksCalls[Name], (...args: any) => any>>} args
 * @returns {ReturnType<Extract<NetworksCalls[Name], (...args: any) => any>>}
 */
function answer(name, ...args) {
  const { value, problem, trap } = reply(name, ...args);
  assert.equal(trap ?? problem, undefined);
  return value;
}

/**
 * A picture whose middle is the input: 224 pixels within a frame, of which nothing is seen.
 * @param {string} name
 */
function framed(name) {
  const { data } = decodedPng(readFileSync(new URL(name, DATA)));
  const picture = { width: 256, height: 256, data: new Uint8ClampedArray(4 * 256 * 256).fill(200) };
  for (let row = 0; row < 224; row++) {
    picture.data.set(
      data.subarray(4 * 224 * row, 4 * 224 * (row + 1)),
      4 * (256 * (row + 16) + 16),
    );
  }
  return asset(picture);
}

/**
 * A safetensors file of zeros.
 * @param {Record<string, number[]>} shapes
 */
function safetensors(shapes) {
  let end = 0;
  const entries = Object.entries(shapes).map(([name, shape]) => {
    const begin = end;
    end += 4 * shape.reduce((product, extent) => product * extent, 1);
    return [name, { dtype: "F32", shape, data_offsets: [begin, end] }];
  });
  const header = new TextEncoder().encode(JSON.stringify(Object.fromEntries(entries)));
  const bytes = new Uint8Array(8 + header.length + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(header.length), true);
  bytes.set(header, 8);
  return asset(bytes);
}

/**
 * @param {number} got
 * @param {number} expected
 * @param {number} tolerance
 * @param {string} [what]
 */
function near(got, expected, tolerance, what = "") {
  assert.ok(Math.abs(got - expected) <= tolerance, `${what} ${got}, expected ${expected}`);
}

test("the weights are the file that is named, with its length and its digest", () => {
  assert.equal(file.length, BYTES);
  assert.equal(createHash("sha256").update(file).digest("hex"), SHA256);
});

test("there is a name for each class in every language, none twice", () => {
  const names = ["en", "ru"].map((code) =>
    JSON.parse(readFileSync(new URL(`names/${code}.json`, LAB), "utf8")),
  );
  for (const list of names) {
    assert.equal(list.length, 1000);
    assert.ok(list.every((/** @type {unknown} */ name) => typeof name === "string" && name));
    assert.equal(new Set(list).size, 1000);
  }
  assert.deepEqual([names[0][282], names[1][282]], ["tiger cat", "тигровая кошка"]);
  assert.deepEqual([names[0][999], names[1][999]], ["toilet tissue", "туалетная бумага"]);
});

for (const [photo, truth] of Object.entries(photos)) {
  const picture = framed(truth.input);
  const [[first]] = truth.float32;

  test(`${photo}: the answer is that of other code with the same rounded weights`, () => {
    const { top, input, probabilities } = answer("answer", weights, picture, { kind: "none" });
    const { data } = decodedPng(readFileSync(new URL(truth.input, DATA)));
    assert.deepEqual(input.data, data);
    assert.deepEqual(
      top.map((entry) => entry.class),
      truth.int8.map(([index]) => index),
    );
    // The file rounds to four digits; sums in another order cost less than the last of them.
    for (const [index, probability] of truth.int8) near(probabilities[index], probability, 1e-4);
    for (const [index, probability] of truth.float32) {
      near(probabilities[index], probability, QUANTISED);
    }
    const sum = probabilities.reduce((total, value) => total + value, 0);
    near(sum, 1, 1e-5);
  });

  test(`${photo}: a patch laid on it, as with the published weights`, () => {
    for (const { row, column, size, probability } of truth.occluded) {
      const covered = answer("answer", weights, picture, { kind: "covered", row, column, size });
      near(covered.probabilities[first], probability, QUANTISED, `${row}, ${column}`);
    }
  });

  test(`${photo}: Grad-CAM, channels and gradient, as with the published weights`, () => {
    const cam = answer("gradCam", weights, picture, first, "light");
    const expected = truth.gradCam.flat();
    const largest = Math.max(...expected);
    assert.equal(cam.values.length, expected.length);
    for (const [at, value] of expected.entries()) near(cam.values[at], value, 0.1 * largest);
    const gradient = answer("gradient", weights, picture, first, "light");
    const norm = Math.sqrt(gradient.values.reduce((sum, value) => sum + value * value, 0));
    near(norm, truth.gradientNorm, 0.1 * truth.gradientNorm);
    const { falling, rising } = answer("channelsOff", weights, picture, first);
    assert.equal(falling.length, 6);
    for (const { channel, probability } of truth.channelSwitchedOff) {
      const without = answer("withoutChannel", weights, picture, channel);
      near(without[first], probability, QUANTISED, `without ${channel}`);
    }
    const { probabilities } = answer("answer", weights, picture, { kind: "none" });
    assert.ok(falling.every(({ probability }) => probability < probabilities[first]));
    assert.ok(rising.every(({ probability }) => probability > probabilities[first]));
  });

  test(`${photo}: each layer's mean, as with the published weights`, () => {
    const known = new Map(truth.layers.map(([id, mean, deviation]) => [id, { mean, deviation }]));
    for (const { id, limited } of answer("networkLayers")) {
      const { mean, deviation } = known.get(id) ?? { mean: Number.NaN, deviation: 0 };
      const sheet = answer("sheet", weights, picture, id, "number", "light");
      near(sheet.mean, mean, 0.15 * deviation, id);
      assert.equal(sheet.limited !== null, limited);
    }
  });
}

test("a sheet shows each map once, the most varied first", () => {
  const [{ input }] = Object.values(photos);
  const picture = framed(input);
  const layer = "_blocks.3._relu6_1";
  const { order, columns, map, histogram } = answer(
    "sheet",
    weights,
    picture,
    layer,
    "varied",
    "dark",
  );
  assert.deepEqual(
    [...order].sort((a, b) => a - b),
    Array.from({ length: 144 }, (_, at) => at),
  );
  assert.deepEqual([map.picture.width, map.picture.height], [columns * 28, 12 * 28]);
  assert.deepEqual([map.legend.min, map.legend.max], [0, 6]);
  assert.ok(histogram.every((count) => count >= 0));
  const view = answer("map", weights, picture, layer, order[0], "dark");
  assert.equal(view.values.length, 28 * 28);
  const [strongest] = view.strongest;
  assert.equal(strongest.value, Math.max(...view.values));
  const { rows, cols, size } = answer("fieldOnInput", layer, strongest.position);
  assert.deepEqual(strongest.field, { rows, cols, size });
  assert.deepEqual(size, [35, 35]);
});

test("occlusion measured row by row ends in a map that says where the probability falls", () => {
  const [{ input, float32 }] = Object.values(photos);
  const picture = framed(input);
  const [[first]] = float32;
  const row = answer("occlusion", weights, picture, first, 64, 7);
  assert.equal(row.length, 14);
  const { probabilities } = answer("answer", weights, picture, { kind: "none" });
  const falls = row.map((probability) => probabilities[first] - probability);
  const map = answer("occlusionMap", weights, picture, first, row, "light");
  // The middles of pixels lie a 32nd of a step beside those of the places, along both axes, so that up to
  // a 16th of the difference to a neighbour is mixed in.
  const largest = Math.max(...falls.map(Math.abs));
  near(map.legend.max, largest, (2 * largest) / 16);
});

test("a report says how weights of one's own fit, and those that do not are refused", () => {
  const { missing } = answer("weightsReport", safetensors({}));
  assert.equal(missing.length, 50);
  const wrong = answer("weightsReport", safetensors({ "_fc.bias": [1] }));
  assert.deepEqual(wrong.otherShape, ["_fc.bias: expected [1000], got [1]"]);
  assert.equal(
    reply("answer", safetensors({}), framed("chelsea-224.png"), { kind: "none" }).problem?.code,
    "spec_unreadable",
  );
  assert.deepEqual(answer("weightsReport", weights), {
    matched: 247,
    missing: [],
    leftOver: [],
    otherShape: [],
  });
});

test("hostile weights and questions are refused in words", () => {
  const [{ input }] = Object.values(photos);
  const picture = framed(input);
  const none = { kind: "none" };
  for (const bytes of [
    new Uint8Array(0),
    new Uint8Array(file.subarray(0, 1000)),
    new Uint8Array(100),
  ]) {
    assert.equal(reply("answer", asset(bytes), picture, none).problem?.code, "spec_unreadable");
  }
  const broken = new Uint8Array(file);
  broken.set([0, 0, 192, 127], 8);
  assert.equal(reply("answer", asset(broken), picture, none).problem?.code, "spec_unreadable");
  const code = (/** @type {string} */ name, /** @type {unknown[]} */ ...args) =>
    reply(name, ...args).problem?.code;
  assert.equal(code("answer", weights, picture, { kind: "melted" }), "unknown_name");
  assert.equal(
    code("answer", weights, picture, { kind: "covered", row: 224, column: 0, size: 1 }),
    "out_of_range",
  );
  assert.equal(code("sheet", weights, picture, "conv9", "number", "light"), "layer_unknown");
  assert.equal(code("map", weights, picture, "_relu6", 32, "light"), "out_of_range");
  assert.equal(code("gradCam", weights, picture, 1000, "light"), "out_of_range");
  assert.equal(code("gradient", weights, picture, 1000, "light"), "out_of_range");
  assert.equal(code("occlusion", weights, picture, 0, 64, 14), "out_of_range");
  assert.equal(code("fieldOnInput", "_relu6", [112, 0]), "out_of_range");
});

test("states with unknown tabs, classes or patches are refused", () => {
  assert.deepEqual(networksLabState.parseState({}).state, state);
  for (const tab of TABS) assert.equal(networksLabState.parseState({ tab }).state?.tab, tab);
  for (const [field, value] of Object.entries({
    tab: "teach",
    rank: 5,
    patch: 40,
    cover: [224, 0],
    layer: "<b>",
    compared: ["alexnet"],
  })) {
    assert.deepEqual(networksLabState.parseState({ [field]: value }).problem?.details, { field });
  }
});
