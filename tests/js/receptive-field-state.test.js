/** The receptive-field lab's state, and networks pasted into it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LIMITS, readSpec, receptiveFieldLabState } from "../../www/labs/receptive-field/state.js";
import { readLink, writeLink } from "../../www/state/permalink.js";

const { defaultState, parseState } = receptiveFieldLabState;

const OWN = {
  input: { channels: 3, height: 32, width: 48 },
  layers: [
    { id: "conv", op: "conv2d", channels: 8, kernel: [3, 1], padding: "same" },
    { id: "sum", op: "add", from: ["conv", "input"] },
    { id: "table", op: "conv2d", channels: 2, kernel: 1, connections: [[0, 1], [2]] },
  ],
};

/** @param {unknown} value */
function refusedField(value) {
  return parseState(value).problem?.details.field;
}

test("the default is a layer of ResNet-18 on the cat", () => {
  const state = defaultState();
  assert.deepEqual(state.net, { kind: "zoo", name: "resnet18" });
  assert.deepEqual(state.picture, { kind: "photo", name: "cat" });
  assert.equal(state.point, null);
  assert.deepEqual(parseState({}).state, state);
  assert.deepEqual(parseState(JSON.parse(JSON.stringify(state))).state, state);
});

test("a link holds the learner's own network and the selected point", () => {
  const { state } = parseState({
    net: { kind: "own", spec: OWN },
    node: "sum",
    point: [3.5, -2],
    gradient: { weights: "uniform", activation: "relu", seed: 7, draws: 3 },
    question: "skip",
    size: [65, 64],
  });
  assert.ok(state);
  const link = writeLink(receptiveFieldLabState, state, "ru");
  const read = readLink(link, receptiveFieldLabState);
  assert.equal(read.problem, undefined);
  assert.deepEqual(read.state, state);
});

test("an invalid state is refused, naming the field", () => {
  assert.equal(refusedField({ net: { kind: "zoo" } }), "net");
  assert.equal(refusedField({ net: { kind: "own", spec: { layers: [] } } }), "net");
  assert.equal(refusedField({ node: "x".repeat(LIMITS.id + 1) }), "node");
  assert.equal(refusedField({ point: [0, Number.NaN] }), "point");
  assert.equal(refusedField({ size: [0, 5] }), "size");
  assert.equal(refusedField({ gradient: { weights: "learned" } }), "gradient");
  assert.equal(refusedField({ gradient: { draws: LIMITS.draws + 1 } }), "gradient");
  assert.equal(refusedField({ question: "why" }), "question");
  const many = Array.from({ length: LIMITS.layers + 1 }, (_, index) => ({
    id: `a${index}`,
    op: "flatten",
  }));
  assert.equal(refusedField({ net: { kind: "own", spec: { ...OWN, layers: many } } }), "net");
});

test("a pasted network is read, and a bad one is refused with the position of the mistake", () => {
  assert.deepEqual(readSpec(JSON.stringify(OWN)), { spec: OWN });
  const refused = (/** @type {string} */ text) => {
    const read = readSpec(text);
    return "problem" in read ? [read.problem.code, read.problem.details.field] : "read";
  };
  assert.equal(refused("{ layers: }")[0], "spec_not_json");
  assert.deepEqual(refused("[]"), ["spec_invalid", "input"]);
  assert.deepEqual(refused('{"input":{"channels":0},"layers":[]}'), [
    "spec_invalid",
    "input.channels",
  ]);
  const layer = (/** @type {string} */ text) =>
    refused(`{"input":{"channels":1,"height":8,"width":8},"layers":[${text}]}`);
  assert.deepEqual(layer('{"id":"a"}'), ["spec_invalid", "layers.0.op"]);
  assert.deepEqual(layer('{"id":"a","op":"conv2d","kernel":{"rows":3}}'), [
    "spec_invalid",
    "layers.0.kernel",
  ]);
});

test("missing input sizes default to 224", () => {
  const read = readSpec('{"input":{"channels":3},"layers":[]}');
  assert.deepEqual(read, { spec: { input: { channels: 3, height: 224, width: 224 }, layers: [] } });
});

test("whatever is pasted, nothing throws and no prototype is touched", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.json()), (text) => {
      const read = readSpec(text);
      assert.ok("spec" in read || read.problem.code.startsWith("spec_"));
    }),
  );
  readSpec(
    '{"input":{"channels":1},"layers":[{"id":"a","op":"flatten","__proto__":{"polluted":1}}]}',
  );
  assert.equal(/** @type {any} */ ({}).polluted, undefined);
});
