/** The package as a Node user sees it: the built `dist/npm`. */
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { LABS } from "../../www/labs/registry.js";

const PACKAGE = new URL("../../dist/npm/index.js", import.meta.url);

/** @type {any} */
let cnn;

before(async () => {
  cnn = await import(PACKAGE.href);
  await cnn.ready();
});

/**
 * @param {number[]} shape
 * @param {number[]} data
 */
const tensor = (shape, data) => ({ shape, data: new Float32Array(data) });

test("ready works without options, in a process of its own", () => {
  const script = `
    import { ready, conv2d } from ${JSON.stringify(PACKAGE.href)};
    await ready();
    const x = { shape: [1, 1, 3, 3], data: new Float32Array([1, 2, 3, 4, 5, 6, 7, 8, 9]) };
    const w = { shape: [1, 1, 2, 2], data: [1, 0, 0, 1] };
    console.log(JSON.stringify(Array.from(conv2d(x, w).data)));`;
  const printed = execFileSync(process.execPath, ["--input-type=module", "-e", script]);
  assert.equal(printed.toString().trim(), "[6,8,12,14]");
});

test("a browser gets the functions in one file", () => {
  assert.doesNotMatch(readFileSync(PACKAGE, "utf8"), /\b(from|import)\s*\(?\s*["'`]/);
});

test("the elements can be imported without a page", async () => {
  const elements = await import(new URL("./elements.js", PACKAGE).href);
  const classes = Object.keys(elements).filter((name) => name.endsWith("LabElement"));
  assert.equal(classes.length, LABS.length, String(classes));
});

test("every export is a file with types, and the wasm is the one that the functions load", () => {
  const { exports } = JSON.parse(readFileSync(new URL("./package.json", PACKAGE), "utf8"));
  for (const file of Object.values(exports)) {
    assert.ok(existsSync(new URL(file, PACKAGE)), `${file} is not there`);
    if (!file.endsWith(".js")) continue;
    assert.ok(existsSync(new URL(file.replace(/\.js$/, ".d.ts"), PACKAGE)), `${file} has no types`);
  }
  const loaded = readFileSync(PACKAGE, "utf8").match(/[\w-]+\.wasm\b/g);
  assert.deepEqual([...new Set(loaded)], [exports["./wasm"].slice("./".length)]);
});

test("npm pack works in the package folder", () => {
  const folder = fileURLToPath(new URL("./", PACKAGE));
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const listing = execFileSync(npm, ["pack", "--dry-run", "--json"], { cwd: folder });
  const names = JSON.parse(listing.toString())[0].files.map(
    (/** @type {{ path: string }} */ file) => file.path,
  );
  for (const name of ["index.js", "define.js", "operators_bg.wasm", "package.json"]) {
    assert.ok(names.includes(name), `${name} is missing from ${names}`);
  }
});

test("conv2d of the shipped wasm agrees with every PyTorch case", () => {
  const file = new URL("../data/truth/torch_ops.json", import.meta.url);
  const cases = JSON.parse(readFileSync(file, "utf8")).cases.filter(
    (/** @type {{ op: string }} */ { op }) => op === "conv2d",
  );
  for (const { name, attrs, inputs, output } of cases) {
    const options = {
      bias: inputs.b?.data,
      stride: attrs.stride,
      padding: attrs.pad,
      dilation: attrs.dilation,
      groups: attrs.groups,
    };
    const got = cnn.conv2d(inputs.x, inputs.w, options);
    const bound = cnn.conv2d(absolute(inputs.x), absolute(inputs.w), {
      ...options,
      bias: inputs.b && absolute(inputs.b).data,
    });
    // The error of a sum of n f32 products is at most n eps times the sum of their magnitudes.
    const terms = inputs.w.data.length / inputs.w.shape[0] + 1;
    assert.deepEqual(got.shape, output.shape, name);
    output.data.forEach((/** @type {number} */ expected, /** @type {number} */ index) => {
      const allowed = terms * 2 ** -23 * bound.data[index];
      assert.ok(Math.abs(got.data[index] - expected) <= allowed, `${name} at ${index}`);
    });
  }
  assert.equal(cases.length, 60);
});

/** @param {{ shape: number[], data: number[] }} values */
const absolute = ({ shape, data }) => ({ shape, data: data.map(Math.abs) });

test("a filter is a kernel that conv2d takes", () => {
  const names = cnn.filters().map((/** @type {{ name: string }} */ filter) => filter.name);
  assert.ok(names.includes("sobel_x"));
  const edge = tensor([1, 1, 3, 3], [0, 0, 1, 0, 0, 1, 0, 0, 1]);
  assert.deepEqual([...cnn.conv2d(edge, cnn.filter("sobel_x")).data], [4]);
});

test("mistakes are errors with a code and a sentence", () => {
  const x = tensor([1, 1, 3, 3], new Array(9).fill(0));
  const w = tensor([1, 1, 5, 5], new Array(25).fill(0));
  assert.throws(() => cnn.conv2d(x, w), {
    name: "Error",
    code: "window_too_large",
    message: "conv2d: the kernel covers 5 along the height, but the padded input has only 3",
  });
  /** @type {[() => unknown, string][]} */
  const mistakes = [
    [() => cnn.conv2d(), "wrong_type"],
    [() => cnn.conv2d(x, null), "wrong_type"],
    [() => cnn.conv2d(x, { shape: [1, 1, 1], data: [1] }), "shape_mismatch"],
    [() => cnn.conv2d(x, { shape: [1, 1, 2, 2], data: [1] }), "shape_mismatch"],
    [() => cnn.conv2d({ shape: [1e9, 1e9, 1e9, 1e9], data: [] }, x), "too_large"],
    [() => cnn.conv2d({ shape: [1, -1, 3, 3], data: [] }, x), "wrong_type"],
    [() => cnn.conv2d({ shape: [1, 1, 1, 1], data: ["1"] }, x), "wrong_type"],
    [() => cnn.conv2d(x, x, { stride: 0 }), "out_of_range"],
    [() => cnn.conv2d(x, x, { stride: 1.5 }), "wrong_type"],
    [() => cnn.conv2d(x, x, { stride: [1, 2, 3] }), "wrong_type"],
    [() => cnn.conv2d(x, x, { strides: 1 }), "unknown_name"],
    [() => cnn.conv2d(x, x, { padding: "some" }), "unknown_name"],
    [() => cnn.conv2d(x, x, { padding: -1 }), "wrong_type"],
    [() => cnn.conv2d(x, x, { padding: 3, paddingMode: "reflect" }), "padding_too_large"],
    [() => cnn.conv2d(x, x, { groups: 2 }), "groups_mismatch"],
    [() => cnn.conv2d(x, x, { bias: [1, 2] }), "shape_mismatch"],
    [() => cnn.conv2d(x, x, { flipKernel: "yes" }), "wrong_type"],
    [() => cnn.conv2d(x, x, 7), "wrong_type"],
    [() => cnn.filter("sobel"), "unknown_name"],
    [() => cnn.filter("gaussian", { sigma: Number.NaN }), "not_finite"],
    [() => cnn.filter("gaussian", { sigma: 1e9 }), "out_of_range"],
  ];
  for (const [mistake, code] of mistakes) assert.throws(mistake, { code }, mistake.toString());
});

test("hostile values are refused, never a trap", () => {
  const x = tensor([1, 1, 2, 2], [1, 2, 3, 4]);
  const revoked = Proxy.revocable({}, {});
  revoked.revoke();
  const throwing = {
    get shape() {
      throw new Error("no");
    },
  };
  const hostile = [
    undefined,
    null,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -0,
    2 ** 32,
    -1,
    "x".repeat(1e6),
    Symbol("s"),
    10n,
    () => {},
    [],
    [[]],
    {},
    throwing,
    revoked.proxy,
    new Float32Array(0),
    new Proxy({}, { get: () => Number.NaN }),
  ];
  for (const value of hostile) {
    for (const call of [
      () => cnn.conv2d(value, x),
      () => cnn.conv2d(x, value),
      () => cnn.conv2d(x, x, value),
      () => cnn.conv2d({ shape: value, data: [1] }, x),
      () => cnn.conv2d({ shape: [1, 1, 1, 1], data: value }, x),
      () => cnn.conv2d(x, x, { stride: value }),
      () => cnn.conv2d(x, x, { padding: value }),
      () => cnn.conv2d(x, x, { groups: value }),
      () => cnn.filter("gaussian", value),
    ]) {
      try {
        call();
      } catch (error) {
        assert.ok(!(error instanceof WebAssembly.RuntimeError), `${call} trapped: ${error}`);
      }
    }
  }
  assert.deepEqual([...cnn.conv2d(x, tensor([1, 1, 1, 1], [2])).data], [2, 4, 6, 8]);
});

test("numbers are taken from typed arrays of every kind, but not as BigInt", () => {
  const kernel = { shape: [1, 1, 2, 2], data: [1, 0, 0, -1] };
  const values = [1, 2, 3, 4, 5, 6, 7, 8, 9];
  const of = (/** @type {any} */ data) => cnn.conv2d({ shape: [1, 1, 3, 3], data }, kernel).data;
  const expected = of(Float32Array.from(values));
  assert.deepEqual([...expected], [-4, -4, -4, -4]);
  for (const Kind of [
    Array,
    Float64Array,
    Uint8Array,
    Uint8ClampedArray,
    Int8Array,
    Uint16Array,
    Int16Array,
    Uint32Array,
    Int32Array,
  ]) {
    assert.deepEqual(of(/** @type {any} */ (Kind).from(values)), expected, Kind.name);
  }
  assert.throws(() => of(BigInt64Array.from(values, BigInt)), { code: "wrong_type" });
});
