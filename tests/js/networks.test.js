/** Networks through the built package: correct, refused and hostile specs. */
import assert from "node:assert/strict";
import { before, test } from "node:test";
import { setLanguage, t } from "../../www/i18n/index.js";

/** @type {any} */
let cnn;

before(async () => {
  cnn = await import(new URL("../../dist/npm/index.js", import.meta.url).href);
  await cnn.ready();
});

const INPUT = { channels: 3, height: 32, width: 24 };
const CONV = { id: "conv", op: "conv2d", channels: 8, kernel: 3, padding: 1 };

/** @param {...any} layers */
const spec = (...layers) => ({ input: INPUT, layers });

/** What every function on a network returns or throws. @param {unknown} value */
function everything(value) {
  cnn.receptiveField(value);
  cnn.receptiveRegion(value, "input", [0, 0]);
  return cnn.describe(value);
}

/**
 * The error with which a spec is refused, whichever function is called.
 * @param {unknown} value
 * @returns {any}
 */
function refusal(value) {
  const errors = [
    () => cnn.describe(value),
    () => cnn.receptiveField(value),
    () => cnn.receptiveRegion(value, "input", [0, 0]),
  ].map((ask) => {
    try {
      ask();
    } catch (error) {
      return /** @type {any} */ (error);
    }
    return assert.fail("it is accepted");
  });
  for (const error of errors) {
    assert.equal(typeof error.code, "string", String(error));
    assert.equal(error.code, errors[0].code);
    assert.equal(error.code, error.details.code);
    assert.ok(error.message.length < 1000, error.message.slice(0, 300));
  }
  return errors[0];
}

test("describe reports what every node is, what it costs and what it sees", () => {
  const { nodes, totals } = cnn.describe(
    spec(CONV, { id: "pool", op: "pool2d", kind: "max", size: 2 }),
  );
  assert.deepEqual(nodes[0], {
    id: "input",
    op: "input",
    options: null,
    from: [],
    shape: [3, 32, 24],
    parameters: 0,
    buffers: 0,
    multiplyAdds: 0,
    activationBytes: 4 * 3 * 32 * 24,
    receptiveField: {
      size: [1, 1],
      stride: [1, 1],
      padding: [0, 0],
      everything: [false, false],
      aligned: true,
      misaligned: [],
    },
    formula: [null, null],
  });
  const formula = { from: "conv", sizeBefore: 3, kernel: 2, dilation: 1, strideBefore: 1, size: 4 };
  assert.deepEqual(nodes[2], {
    id: "pool",
    op: "pool2d",
    options: {
      op: "pool2d",
      kind: "max",
      size: [2, 2],
      padding: "valid",
      dilation: [1, 1],
      ceilMode: false,
      countIncludePad: true,
      p: 2,
    },
    from: ["conv"],
    shape: [8, 16, 12],
    parameters: 0,
    buffers: 0,
    multiplyAdds: 0,
    activationBytes: 4 * 8 * 16 * 12,
    receptiveField: {
      size: [4, 4],
      stride: [2, 2],
      padding: [1, 1],
      everything: [false, false],
      aligned: true,
      misaligned: [],
    },
    formula: [formula, formula],
  });
  assert.deepEqual(totals, {
    layers: 2,
    parameters: 8 * 27 + 8,
    buffers: 0,
    multiplyAdds: 8 * 27 * 32 * 24,
    activationBytes: 4 * (3 * 32 * 24 + 8 * 32 * 24 + 8 * 16 * 12),
  });
});

test("receptiveField gives the same by name, with misaligned branches", () => {
  const value = spec(
    { ...CONV, padding: [2, 1, 0, 1] },
    { ...CONV, id: "other", from: "input" },
    { id: "sum", from: ["conv", "other"], op: "add" },
  );
  const fields = cnn.receptiveField(value);
  const expected = cnn
    .describe(value)
    .nodes.map((/** @type {any} */ { id, receptiveField, formula }) => ({
      id,
      ...receptiveField,
      formula,
    }));
  assert.deepEqual(fields, expected);
  assert.equal(fields[3].aligned, false);
  assert.deepEqual(fields[3].misaligned, [
    {
      axis: "height",
      branches: [
        { id: "conv", stride: 1, centre: -1, offset: 0 },
        { id: "other", stride: 1, centre: 0, offset: 1 },
      ],
    },
  ]);
});

test("receptiveRegion names the part of every map a position depends on", () => {
  const value = spec(
    CONV,
    { id: "pool", op: "pool2d", kind: "max", size: 2 },
    { ...CONV, id: "padding only", kernel: 1, padding: 3 },
  );
  assert.deepEqual(cnn.receptiveRegion(value, "pool", [0, 11]), {
    nodes: [
      { id: "input", rows: [-1, 2], cols: [21, 24], inside: { rows: [0, 2], cols: [21, 23] } },
      { id: "conv", rows: [0, 1], cols: [22, 23], inside: { rows: [0, 1], cols: [22, 23] } },
      { id: "pool", rows: [0, 0], cols: [11, 11], inside: { rows: [0, 0], cols: [11, 11] } },
    ],
  });
  const { nodes } = cnn.receptiveRegion(value, "padding only", [0, 5]);
  assert.deepEqual(nodes[2], { id: "pool", rows: [-3, -3], cols: [2, 2], inside: null });
});

test("every architecture has a name of its own and a spec that can be described", () => {
  const architectures = cnn.architectures();
  const names = architectures.map((/** @type {any} */ { name }) => name);
  assert.equal(new Set(names).size, names.length);
  for (const { name, title, family, source } of architectures) {
    for (const text of [name, title, family, source]) assert.ok(text.length > 0, name);
    const { nodes, totals } = everything(cnn.architecture(name));
    assert.equal(totals.layers, nodes.length - 1);
    assert.ok(totals.parameters > 0, name);
  }
  assert.ok(names.length >= 40);
});

test("a spec from architecture or JSON is accepted again", () => {
  const value = cnn.architecture("resnet18");
  const copy = JSON.parse(JSON.stringify(value));
  assert.deepEqual(copy, value);
  assert.deepEqual(cnn.describe(copy), cnn.describe(value));
});

test("what is not a spec is refused, naming the part that is wrong", () => {
  /** @type {[unknown, string, RegExp][]} */
  const mistakes = [
    [undefined, "wrong_type", /spec/],
    [7, "wrong_type", /spec/],
    [{}, "wrong_type", /layers/],
    [{ input: INPUT, layers: {} }, "wrong_type", /layers/],
    [{ input: INPUT, layers: [] }, "wrong_count", /layers/],
    [{ input: INPUT, layers: [CONV], name: "x" }, "unknown_name", /name/],
    [{ layers: [CONV] }, "spec_unreadable", /input/],
    [{ input: { channels: 3, depth: 1 }, layers: [CONV] }, "spec_unreadable", /input.*depth/],
    [{ input: { channels: 3.5 }, layers: [CONV] }, "spec_unreadable", /input.*3\.5/],
    [spec(CONV, 7), "spec_unreadable", /layers\[1\]/],
    [spec(CONV, {}), "spec_unreadable", /layers\[1\]: missing field `id`/],
    [spec({ ...CONV, op: "conv3d" }), "spec_unreadable", /layers\[0\] \(conv\).*conv3d/],
    [spec({ ...CONV, kernel: undefined }), "spec_unreadable", /\(conv\).*kernel/],
    [spec({ ...CONV, kernel: -1 }), "spec_unreadable", /\(conv\).*whole number/],
    [spec({ ...CONV, kernel: [3, 3, 3] }), "spec_unreadable", /\(conv\)/],
    [spec({ ...CONV, strides: 2 }), "spec_unreadable", /\(conv\).*strides/],
    [spec({ ...CONV, padding: "some" }), "spec_unreadable", /\(conv\).*some/],
    [spec(CONV, CONV), "layer_repeated", /conv/],
    [spec({ ...CONV, from: "con" }), "layer", /conv.*no layer con/],
  ];
  for (const [value, code, message] of mistakes) {
    const error = refusal(value);
    assert.equal(error.code, code, error.message);
    assert.match(error.message, message);
  }
  const unknown = (/** @type {() => void} */ ask) => assert.throws(ask, { name: "Error" });
  unknown(() => cnn.architecture("resnet"));
  unknown(() => cnn.architecture());
  unknown(() => cnn.receptiveRegion(spec(CONV), "con", [0, 0]));
  unknown(() => cnn.receptiveRegion(spec(CONV), "conv", [32, 0]));
  unknown(() => cnn.receptiveRegion(spec(CONV), "conv", [0, -1]));
  unknown(() => cnn.receptiveRegion(spec(CONV), "conv"));
});

test("an error within a layer is translated", () => {
  const value = spec(
    CONV,
    { id: "pool", op: "pool2d", kind: "max", size: 2 },
    { id: "sum", from: ["conv", "pool"], op: "add" },
  );
  const { code, details } = refusal(value);
  setLanguage("en");
  assert.equal(
    t(`error.${code}`, details),
    "Layer “sum”: “conv” has shape [8, 32, 24] and “pool” has shape [8, 16, 12]; the two do not match.",
  );
  setLanguage("ru");
  assert.match(t(`error.${code}`, details), /^Слой «sum»: У «conv» форма \[8, 32, 24\]/);
  setLanguage("en");
});

/** Milliseconds within which each hostile spec must be answered; most take less than one. */
const PATIENCE_MS = 5000;

/** @param {string} name @param {unknown} value */
function promptly(name, value) {
  const start = performance.now();
  const error = refusal(value);
  const took = performance.now() - start;
  assert.ok(took < PATIENCE_MS, `${name} took ${took} ms`);
  return error;
}

test("hostile specs are refused at once", () => {
  const long = "n".repeat(1 << 20);
  const relu = (/** @type {number} */ index) => ({
    id: `n${index}`,
    op: "activation",
    kind: "relu",
  });
  /** @type {Record<string, unknown>} */
  const hostile = {
    "10,000 layers": { input: INPUT, layers: Array.from({ length: 10_000 }, (_, i) => relu(i)) },
    "a billion layers": { input: INPUT, layers: new Array(1e9) },
    "a long name": spec({ ...CONV, id: long }),
    "a long input": spec({ ...CONV, from: long }),
    "a long operator": spec({ ...CONV, op: long }),
    "a long option": spec({ ...CONV, [long]: 1 }),
    "a long activation": spec({ id: "a", op: "activation", kind: long }),
    "many inputs": spec({ id: "a", from: new Array(1e5).fill("input"), op: "add" }),
    "many connections": spec({ ...CONV, connections: new Array(1e6).fill([0]) }),
    "a circle": spec({ ...CONV, from: "b" }, { ...CONV, id: "b", from: "conv" }),
    "a layer of its own output": spec({ ...CONV, from: "conv" }),
    "a huge input": { input: { ...INPUT, height: 1e9 }, layers: [CONV] },
    "a huge kernel": spec({ ...CONV, kernel: 1e9 }),
    "huge channels": spec({ ...CONV, channels: 1e9 }),
    "beyond 32 bits": spec({ ...CONV, channels: 1e12 }),
    "beyond whole numbers": spec({ ...CONV, channels: 1e300 }),
    "no number": spec({ ...CONV, kernel: Number.NaN }),
    "the prototype as a setting": JSON.parse(
      `{"input":{"channels":3},"layers":[{"id":"a","op":"conv2d","channels":1,"kernel":1,"__proto__":{}}]}`,
    ),
    "an unknown prototype": spec({ ...CONV, from: "__proto__" }),
    "the name of the input": spec({ ...CONV, id: "input" }),
  };
  for (const [name, value] of Object.entries(hostile)) promptly(name, value);
});

test("objects that cannot be read are refused", () => {
  const revoked = Proxy.revocable([], {});
  revoked.revoke();
  const throwing = {
    get op() {
      throw new Error("no");
    },
  };
  /** @type {any} */
  const circular = { ...CONV };
  circular.kernel = circular;
  let deep = /** @type {unknown} */ (1);
  for (let depth = 0; depth < 1e5; depth++) deep = [deep];
  const values = [
    revoked.proxy,
    { input: INPUT, layers: revoked.proxy },
    { input: revoked.proxy, layers: [CONV] },
    spec(revoked.proxy),
    spec(throwing),
    spec(circular),
    spec({ ...CONV, kernel: deep }),
    spec({ ...CONV, kernel: 3n }),
    spec({ ...CONV, kernel: Symbol("s") }),
    spec({ ...CONV, kernel: () => 3 }),
    { input: INPUT, layers: Object.assign([CONV], { toJSON: () => undefined }) },
    { input: INPUT, layers: Object.assign([CONV], { toJSON: () => "x" }) },
  ];
  for (const [index, value] of values.entries()) promptly(String(index), value);
  assert.equal(everything(spec(CONV)).totals.layers, 1);
});

test("names of built-in properties are names like any other", () => {
  const value = spec(
    { ...CONV, id: "__proto__" },
    { ...CONV, id: "constructor", from: "__proto__" },
    { ...CONV, id: "toString" },
  );
  const ids = everything(value).nodes.map((/** @type {any} */ { id }) => id);
  assert.deepEqual(ids, ["input", "__proto__", "constructor", "toString"]);
  const region = cnn.receptiveRegion(value, "constructor", [0, 0]);
  assert.equal(region.nodes[1].id, "__proto__");
});

test("the largest accepted networks are answered without delay", () => {
  const row = (/** @type {{ op: string, [option: string]: unknown }} */ layer) => ({
    input: { channels: 1, height: 1 << 16, width: 1 << 16 },
    layers: Array.from({ length: 5000 }, (_, index) => ({ ...layer, id: `n${index}` })),
  });
  const heavy = [
    row({ op: "activation", kind: "relu" }),
    row({ op: "pool2d", kind: "max", size: 3, stride: 1, padding: 1 }),
    row({ op: "conv2d", channels: 1, kernel: 3, dilation: 64, padding: 64 }),
    row({ op: "pool2d", kind: "max", size: 3, stride: 1, dilation: 2, padding: 2 }),
    row({ op: "pad2d", padding: 0, mode: "circular" }),
  ];
  for (const value of heavy) {
    const start = performance.now();
    const { totals } = cnn.describe(value);
    assert.equal(totals.layers, 5000);
    try {
      cnn.receptiveRegion(value, "n4999", [1000, 1000]);
    } catch (error) {
      assert.equal(/** @type {any} */ (error).details.reason.code, "too_large");
    }
    const took = performance.now() - start;
    assert.ok(took < 4 * PATIENCE_MS, `${value.layers[0].op} took ${took} ms`);
    console.log(`${JSON.stringify(value.layers[0])}: ${took.toFixed(0)} ms`);
  }
});
