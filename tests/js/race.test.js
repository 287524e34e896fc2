/** The parts of the race that need no rival: its statistics and its reports. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { inserted } from "../../benches/race/markdown.js";
import { optionsOf } from "../../benches/race/options.js";
import { agreement } from "../../benches/race/page/agreement.js";
import { onnxModel } from "../../benches/race/page/onnx/model.js";
import { joined, message, text, whole } from "../../benches/race/page/onnx/protobuf.js";
import { planOf } from "../../benches/race/page/plan.js";
import { race } from "../../benches/race/page/stopwatch.js";
import { GROUPS, rows } from "../../benches/race/rows.js";
import { scored } from "../../benches/race/score.js";
import { compared, geometricMean, median } from "../../benches/race/statistics.js";
import { AS_MARKDOWN, report } from "../../benches/race/tables.js";
import { summaries } from "../../benches/race/targets.js";

test("the median is the middle, or the mean of both middles", () => {
  assert.equal(median([9, 1, 5]), 5);
  assert.equal(median([4, 1, 3, 100]), 3.5);
});

test("the geometric mean of halves and doubles is 1", () => {
  assert.ok(Math.abs((geometricMean([0.5, 2, 4, 0.25]) ?? 0) - 1) < 1e-15);
  assert.ok(Math.abs((geometricMean([2, 4, 8]) ?? 0) - 4) < 1e-14);
  assert.equal(geometricMean([]), null);
});

test("a rival that copies is compared with our time including copies, and the fastest counts", () => {
  const ours = { ms: 1, withCopiesMs: 2 };
  const { ratio, ratios } = compared(ours, {
    resident: { ms: 3 },
    copying: { ms: 5, copies: true },
    slow: { ms: 50 },
    refused: {},
  });
  assert.deepEqual(ratios, { resident: 3, copying: 2.5, slow: 50 });
  assert.equal(ratio, 2.5);
  assert.equal(compared({}, { rival: { ms: 3 } }).ratio, null);
  assert.equal(compared(ours, { refused: {} }).ratio, null);
});

test("a row of matrix products has our share of the peak as its ratio", () => {
  const times = (/** @type {number[]} */ ...samples) => ({ samples });
  const row = {
    group: /** @type {const} */ ("gemm"),
    name: "product",
    kind: /** @type {const} */ ("gemm"),
  };
  const raced = {
    operations: 4e6,
    peakOperations: 10e6,
    error: 0,
    results: { ours: times(2, 9, 1), peak: times(4), "TF.js": times(3) },
  };
  const result = scored(row, raced);
  assert.equal(result.ours.gflops, 2);
  assert.equal(result.peakGflops, 2.5);
  assert.equal(result.ratio, 0.8);
  assert.deepEqual(Object.keys(result.rivals), ["TF.js"]);
  assert.equal(result.rivals["TF.js"].ratio, 1.5);
});

test("an output that agrees with no other is wrong", () => {
  const results = [
    { name: "a", output: [1, 2, 4] },
    { name: "b", output: [1, 2.00001, 4] },
    { name: "c", output: [1, 2, -4] },
    { name: "short", output: [1, 2] },
    { name: "broken", output: [1, Number.NaN, 4] },
  ];
  const { wrong, error } = agreement(results, 1e-4);
  assert.deepEqual([...wrong.keys()], ["c", "short", "broken"]);
  assert.ok(error > 2e-6 && error < 3e-6, String(error));
});

test("if no two outputs agree, or nothing was computed, none is right", () => {
  const two = [
    { name: "a", output: [1] },
    { name: "b", output: [2] },
  ];
  assert.deepEqual([...agreement(two, 1e-4).wrong.keys()], ["a", "b"]);
  const zeros = two.map(({ name }) => ({ name, output: [0, 0] }));
  assert.deepEqual([...agreement(zeros, 1e-4).wrong.keys()], ["a", "b"]);
  assert.deepEqual([...agreement(two.slice(0, 1), 1e-4).wrong.keys()], ["a"]);
});

test("candidates take turns, slow ones drop out, and close ones continue", async (t) => {
  let clock = 0;
  t.mock.method(performance, "now", () => clock);
  /** @type {string[]} */
  const calls = [];
  const candidate = (/** @type {string} */ name, /** @type {number} */ ms, party = name) => ({
    name,
    party,
    run() {
      calls.push(name);
      clock += ms;
    },
  });
  const known = { ...candidate("e", 1), firstMs: 1001 };
  const candidates = [...[2, 3, 4, 17].map((ms, at) => candidate("abcd"[at], ms)), known];
  const pace = { rounds: 2, closeRounds: 2, seriesMs: 4, warmMs: 1, hopeless: 8 };
  const samples = await race(candidates, pace);
  assert.equal(calls.join(""), `aabbccdd${"aabbc"}${"bbcaa"}${"aabb"}${"bbaa"}`);
  assert.deepEqual(samples, [[2, 2, 2, 2], [3, 3, 3, 3], [4, 4], [17], [1001]]);
  const party = [candidate("f", 2, "both"), candidate("g", 2, "both"), candidate("h", 4)];
  assert.deepEqual(await race(party, pace), [
    [2, 2],
    [2, 2],
    [4, 4],
  ]);
});

test("no candidate is judged by a cold call", async (t) => {
  let clock = 0;
  t.mock.method(performance, "now", () => clock);
  const candidate = (/** @type {string} */ name, /** @type {number[]} */ ...first) => ({
    name,
    party: name,
    firstMs: first.shift(),
    run() {
      clock += first.shift() ?? 50;
    },
  });
  const pace = { rounds: 2, closeRounds: 0, seriesMs: 4, warmMs: 1, hopeless: 8 };
  const cold = () => candidate("cold", 1400, 1000, 600);
  const hot = () => candidate("hot", 60);
  assert.deepEqual(await race([cold(), hot()], pace), [
    [50, 50],
    [50, 50],
  ]);
  const slow = candidate("slow", 1600, 700);
  assert.deepEqual(await race([slow, hot()], pace), [[1600], [50, 50]]);
});

test("protocol buffers are encoded as in the format's documentation", () => {
  assert.deepEqual([...joined(whole(1, 150))], [0x08, 0x96, 0x01]);
  assert.deepEqual([...joined(whole(1, 127))], [0x08, 0x7f]);
  assert.deepEqual([...joined(whole(1, 128))], [0x08, 0x80, 0x01]);
  assert.deepEqual([...joined(text(2, "testing"))], [0x12, 0x07, ...Buffer.from("testing")]);
  assert.deepEqual([...joined(message(3, whole(1, 150)))], [0x1a, 0x03, 0x08, 0x96, 0x01]);
  assert.deepEqual([...joined(whole(20, 2 ** 33))], [0xa0, 0x01, 0x80, 0x80, 0x80, 0x80, 0x20]);
});

/** @param {string} id @param {any} options @param {number[]} shape @param {string[]} from */
const node = (id, options, shape, ...from) => ({ id, options, shape, from });

/** A one-channel convolution with a batch norm and a ReLU, read twice. */
function small() {
  const tensor = (/** @type {number[]} */ shape, /** @type {number[]} */ data) => ({
    shape,
    data: Float32Array.from(data),
  });
  const nodes = [
    node("input", null, [1, 2, 2]),
    node(
      "conv",
      { op: "conv2d", kernel: [1, 1], padding: [1, 0, 1, 0], bias: false },
      [2, 4, 2],
      "input",
    ),
    node("norm", { op: "batchNorm", epsilon: 0 }, [2, 4, 2], "conv"),
    node("relu", { op: "activation", kind: "relu" }, [2, 4, 2], "norm"),
    node("drop", { op: "dropout" }, [2, 4, 2], "relu"),
    node("sum", { op: "add" }, [2, 4, 2], "drop", "relu"),
  ];
  const parameter = (
    /** @type {string} */ layer,
    /** @type {any} */ name,
    /** @type {any} */ value,
  ) => ({
    layer,
    name,
    tensor: value,
  });
  const parameters = [
    parameter("conv", "weights", tensor([2, 1, 1, 1], [3, 5])),
    parameter("norm", "weights", tensor([2], [2, 1])),
    parameter("norm", "bias", tensor([2], [0, 7])),
    parameter("norm", "runningMean", tensor([2], [1, -1])),
    parameter("norm", "runningVariance", tensor([2], [4, 1])),
  ];
  return planOf(/** @type {any} */ ({ nodes, parameters }));
}

test("a plan folds batch norms, fuses activations and drops no-ops", () => {
  const [conv, sum, ...rest] = small();
  assert.equal(rest.length, 0);
  assert.ok(conv.op === "conv" && conv.bias);
  assert.equal(conv.clamp, "relu");
  // (w x - mean) / deviation * scale + shift, by hand.
  assert.deepEqual([...conv.weights.data], [3, 5]);
  assert.deepEqual([...conv.bias.data], [-1, 8]);
  assert.deepEqual(sum.from, ["conv", "conv"]);
});

test("an activation is not fused into an output with other readers", () => {
  const nodes = [
    node("input", null, [1, 1, 1]),
    node("conv", { op: "conv2d", kernel: [1, 1], bias: false }, [1, 1, 1], "input"),
    node("relu", { op: "activation", kind: "relu" }, [1, 1, 1], "conv"),
    node("sum", { op: "add" }, [1, 1, 1], "relu", "conv"),
  ];
  const tensor = { shape: [1, 1, 1, 1], data: new Float32Array(1) };
  const parameters = [{ layer: "conv", name: "weights", tensor }];
  const plan = planOf(/** @type {any} */ ({ nodes, parameters }));
  assert.deepEqual(
    plan.map(({ op }) => op),
    ["conv", "relu", "add"],
  );
});

/**
 * The fields of a message: numbers, or bytes, by number.
 * @param {Uint8Array} bytes
 */
function fields(bytes) {
  /** @type {Record<number, any[]>} */
  const found = {};
  let at = 0;
  const varint = () => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      value += (byte & 127) * 2 ** shift;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const field = tag >> 3;
    found[field] ??= [];
    if ((tag & 7) === 0) found[field].push(varint());
    else {
      assert.equal(tag & 7, 2);
      const length = varint();
      found[field].push(bytes.subarray(at, at + length));
      at += length;
    }
  }
  assert.equal(at, bytes.length);
  return found;
}

test("a network becomes ONNX", () => {
  const string = (/** @type {Uint8Array} */ bytes) => Buffer.from(bytes).toString();
  const model = fields(onnxModel(small(), [1, 1, 2, 2]));
  assert.deepEqual(model[1], [8]);
  assert.deepEqual(fields(model[8][0]), { 1: [new Uint8Array(0)], 2: [13] });
  const graph = fields(model[7][0]);

  const nodes = graph[1].map(fields);
  assert.deepEqual(
    nodes.map((field) => string(field[4][0])),
    ["Conv", "Relu", "Add"],
  );
  assert.deepEqual(
    nodes.map((field) => [field[1].map(string), field[2].map(string)]),
    [
      [["input", "conv/weights", "conv/bias"], ["conv/sum"]],
      [["conv/sum"], ["conv"]],
      [["conv", "conv"], ["sum"]],
    ],
  );
  const attributes = nodes[0][5].map(fields);
  const named = Object.fromEntries(attributes.map((field) => [string(field[1][0]), field]));
  assert.deepEqual(named.pads[8], [1, 0, 1, 0]);
  assert.deepEqual(named.pads[20], [7]);
  assert.deepEqual(named.group[3], [1]);
  assert.deepEqual(named.group[20], [2]);

  const [weights, bias] = graph[5].map(fields);
  assert.equal(string(weights[8][0]), "conv/weights");
  assert.deepEqual(weights[1], [2, 1, 1, 1]);
  assert.deepEqual(weights[2], [1]);
  assert.deepEqual([...new Float32Array(weights[9][0].slice().buffer)], [3, 5]);
  assert.deepEqual([...new Float32Array(bias[9][0].slice().buffer)], [-1, 8]);

  const extents = (/** @type {Uint8Array} */ info) => {
    const tensor = fields(fields(fields(info)[2][0])[1][0]);
    assert.deepEqual(tensor[1], [1]);
    return fields(tensor[2][0])[1].map((dimension) => fields(dimension)[1][0]);
  };
  assert.deepEqual(extents(graph[11][0]), [1, 1, 2, 2]);
  assert.deepEqual(extents(graph[12][0]), [1, 2, 4, 2]);
});

test("row names are unique, and every group has rows", () => {
  const all = rows();
  const names = all.map(({ group, name }) => `${group}: ${name}`);
  assert.equal(new Set(names).size, names.length);
  assert.deepEqual([...new Set(all.map(({ group }) => group))].sort(), Object.keys(GROUPS).sort());
});

test("rows are chosen by group or by a part of their name", () => {
  const chosen = (/** @type {string} */ only) => optionsOf(["--only", only]).rows;
  assert.ok(chosen("depthwise").every(({ group }) => group === "depthwise"));
  assert.deepEqual(
    chosen("vgg conv5,nets")
      .map(({ group }) => group)
      .slice(0, 2),
    ["conv3x3", "nets"],
  );
  assert.equal(optionsOf([]).rows.length, rows().length);
  assert.throws(() => chosen("vgg99"), /vgg99/);
});

/** @param {import("../../benches/race/rows.js").Group} group @param {number | null} ratio */
const result = (group, ratio) => ({ group, name: `${group} row`, ratio, ours: {}, rivals: {} });

test("means cover only their group, and a missing ratio leaves none", () => {
  const found = summaries([
    result("conv3x3", 2),
    result("conv3x3", 8),
    result("gemm", 0.5),
    result("filters", null),
  ]);
  const values = Object.fromEntries(found.map(({ name, value }) => [name.split(",")[0], value]));
  assert.ok(Math.abs((values["3x3 stride-1 convolutions"] ?? 0) - 4) < 1e-14);
  assert.equal(values["share of the simd128 peak in matrix products"]?.toFixed(6), "0.500000");
  assert.equal(values["image filters"], null);
  assert.equal(values["every row: the smallest ratio"], null);
  assert.equal(found.length, 4);
});

test("the smallest ratio is that of a race, not a share of the peak", () => {
  const [every] = summaries([result("conv", 3), result("start", 2), result("gemm", 0.5)]);
  assert.deepEqual([every.value, every.least], [2, 1]);
});

test("the report marks shortfalls and says why a time is missing", () => {
  const row = {
    ...result("conv", 0.9),
    ours: { ms: 1.234, withCopiesMs: 2 },
    rivals: { fast: { ms: 1.11, ratio: 0.9 }, broken: { refused: "wrong output" } },
  };
  const conditions = { date: "2026-01-01", processor: "P", browser: "B", load: 0.25, quick: true };
  const text = report([row], conditions, AS_MARKDOWN);
  assert.match(text, /\| conv row \| 1\.11 \| - \| 1\.23 \| 2\.00 \| - \| 0\.90 ! \|/);
  assert.match(text, /- conv row: no time for broken: wrong output/);
  assert.match(text, /P, B, 2026-01-01, a quick run; load average before it 0\.3\./);
});

test("a report replaces the old one between the markers", () => {
  const document =
    "a\n<!-- written by `npm run bench -- --markdown` -->\nold\n<!-- end of what is written -->\nz\n";
  const once = inserted(document, "new");
  assert.match(once, /^a\n<!--.*-->\n\nnew\n\n<!--.*-->\nz\n$/);
  assert.equal(inserted(once, "new"), once);
  assert.throws(() => inserted("a", "new"), /lacks/);
});
