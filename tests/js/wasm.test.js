/** The engine as the page calls it: the protocol's names, and an error for every mistake. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { asset } from "../../www/engine/assets.js";
import { setLanguage, t } from "../../www/i18n/index.js";
import { contract } from "../../www/labs/kernel/contract.js";
import { labCore } from "./lab-core.js";

const reply = labCore(contract, "kernel_lab");
const PICTURE = asset({
  width: 3,
  height: 2,
  data: Uint8ClampedArray.from({ length: 24 }, (_, index) => (index * 37) % 256),
});

/** @type {Record<string, unknown>} */
const SPEC = {
  kernel: [
    [1, 0],
    [0, -1],
  ],
  color: "grey",
  display: { kind: "symmetric" },
  theme: "light",
};

/**
 * @param {string} name
 * @param {...unknown} args
 */
function value(name, ...args) {
  const answer = reply(name, ...args);
  assert.ok("value" in answer, JSON.stringify(answer));
  return answer.value;
}

/**
 * @param {string} name
 * @param {...unknown} args
 */
function problem(name, ...args) {
  const answer = reply(name, ...args);
  assert.ok(answer.problem, JSON.stringify(answer));
  assert.equal(answer.problem.details.code, answer.problem.code);
  return answer.problem;
}

test("settings are chosen by name, and an unknown name is refused with the valid ones", () => {
  const names = {
    color: ["grey", "color"],
    theme: ["light", "dark"],
    paddingMode: ["zeros", "reflect", "replicate", "circular"],
    padding: ["valid", "same", "full"],
  };
  for (const [field, known] of Object.entries(names)) {
    for (const name of known) value("output", PICTURE, { ...SPEC, [field]: name });
    const { code, details } = problem("output", PICTURE, { ...SPEC, [field]: "other" });
    assert.equal(code, "unknown_name");
    assert.equal(details.argument, field);
    assert.equal(details.expected, known.join(", "));
  }
});

test("display ranges are chosen by kind", () => {
  const maps = {
    clip: "grey",
    symmetric: "diverging",
    absolute: "grey",
    fixed: "diverging",
  };
  for (const [kind, map] of Object.entries(maps)) {
    const display = { kind, min: -2, max: 3 };
    const { legend } = value("output", PICTURE, { ...SPEC, display });
    assert.equal(legend.map, map, kind);
    if (kind === "fixed") assert.deepEqual([legend.min, legend.max], [-2, 3]);
  }
  const display = { kind: "fixed", min: 1, max: 1 };
  const { code, details } = problem("output", PICTURE, { ...SPEC, display });
  assert.deepEqual([code, details.argument], ["out_of_range", "max"]);
});

test("edits are chosen by kind", () => {
  const kernel = [
    [4, 0],
    [-1, 1],
  ];
  const edited = {
    rotate: [
      [-1, 4],
      [1, 0],
    ],
    mirror: [
      [0, 4],
      [1, -1],
    ],
    flip: [
      [-1, 1],
      [4, 0],
    ],
    transpose: [
      [4, -1],
      [0, 1],
    ],
    negate: [
      [-4, 0],
      [1, -1],
    ],
    sum_to_one: [
      [1, 0],
      [-0.25, 0.25],
    ],
    sum_to_zero: [
      [3, -1],
      [-2, 0],
    ],
    l1_to_one: [
      [4 / 6, 0],
      [-1 / 6, 1 / 6],
    ],
    clear: [
      [0, 0],
      [0, 0],
    ],
  };
  for (const [kind, expected] of Object.entries(edited)) {
    assert.deepEqual(value("editKernel", kernel, { kind }), expected, kind);
  }
  const resized = value("editKernel", kernel, { kind: "resize", height: 2, width: 1 });
  assert.deepEqual(resized, [[4], [-1]]);
  const drawn = value("editKernel", kernel, { kind: "random", seed: 7 });
  assert.deepEqual(value("editKernel", kernel, { kind: "random", seed: 7 }), drawn);
  const { code, details } = problem("editKernel", kernel, {});
  assert.deepEqual([code, details.argument], ["unknown_name", "kind"]);
  assert.match(details.expected, /^rotate, .*, random$/);
});

test("every format reads back", () => {
  const kernel = [
    [0.1, -2],
    [1 / 3, 1e-7],
  ];
  for (const format of ["numpy", "pytorch", "latex", "csv"]) {
    assert.deepEqual(value("parseKernel", value("formatKernel", kernel, format)), kernel);
  }
  const { code, details } = problem("formatKernel", kernel, "word");
  assert.deepEqual([code, details.expected], ["unknown_name", "numpy, pytorch, latex, csv"]);
});

test("a text that is not a kernel is refused with numbers that both languages can format", () => {
  const refused = /** @type {[string, string, Record<string, unknown>][]} */ ([
    ["1".repeat(70_000), "text_too_long", { limit: 65_536, got: 70_000 }],
    ["[".repeat(9), "text_too_deep", { limit: 8 }],
    ["[[[1, 2]], [[3, 4]]]", "text_several_matrices", {}],
    [Array(16).fill("1 2").join("\n"), "text_too_large", { limit: 15, rows: 16, columns: 2 }],
    ["1 2\n3 -4e6", "text_out_of_range", { row: 2, column: 2, min: -1e6, max: 1e6, got: -4e6 }],
    ["1 2\n3", "text_ragged", { row: 2, expected: 2, got: 1 }],
    ["", "text_empty", {}],
  ]);
  for (const [text, code, expected] of refused) {
    const { code: got, details } = problem("parseKernel", text);
    assert.equal(got, code);
    assert.deepEqual(details, { code, operator: "parseKernel", ...expected });
    setLanguage("en");
    assert.notEqual(t(`error.${code}`, details), `error.${code}`);
    setLanguage("ru");
    assert.doesNotMatch(t(`error.${code}`, details), /[a-z]/i);
  }
});

test("any value in a field gives a result or an error", () => {
  const odd = [
    null,
    undefined,
    true,
    "",
    "é\u0000",
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -1,
    0.5,
    1e300,
    2 ** 32,
    [],
    [[]],
    [[Number.NaN]],
    [1, 2, 3],
    [1e9, 1e9],
    {},
    { kind: "fixed", min: 1e300 },
    () => 0,
    Symbol("field"),
    10n,
  ];
  const fields = [
    ...["kernel", "color", "padding", "paddingMode", "stride", "dilation"],
    ...["bias", "flipKernel", "relu", "display", "theme", "surplus"],
  ];
  for (const field of fields) {
    for (const content of odd) {
      const spec = { ...SPEC, [field]: content };
      for (const answer of [
        reply("input", PICTURE, spec),
        reply("output", PICTURE, spec),
        reply("inspect", PICTURE, spec, [[0, 0]], 0),
        reply("thumbnails", PICTURE, spec, [[[1]]]),
        reply("pytorch", PICTURE, spec),
        reply("inspect", PICTURE, SPEC, content, content),
        reply("editKernel", SPEC.kernel, { kind: "resize", height: 1, width: 1, [field]: content }),
        reply("editKernel", content, content),
        reply("filterKernel", "gaussian", { sigma: content }),
        reply("testPattern", "noise", content, content),
      ]) {
        assert.ok(!("trap" in answer), `${field} = ${String(content)}: ${answer.trap}`);
      }
    }
  }
});

test("an inspection is refused wherever the output would be", () => {
  const far = { ...SPEC, padding: 9, paddingMode: "reflect" };
  for (const name of ["output", "input", "pytorch"]) {
    assert.equal(problem(name, PICTURE, far).code, "padding_too_large");
  }
  assert.equal(problem("inspect", PICTURE, far, [[0, 0]], 0).code, "padding_too_large");
});

test("a bias has the same limits as a weight", () => {
  const { code, details } = problem("output", PICTURE, { ...SPEC, bias: 1e39 });
  assert.deepEqual([code, details.argument, details.max], ["out_of_range", "bias", 1e6]);
});

test("a refusal says where in the settings it lies, what was expected there and what stands there", () => {
  const refused = /** @type {[Record<string, unknown>, string, string, string, string][]} */ ([
    [{ theme: undefined }, "wrong_type", "theme", "given", "undefined"],
    [{ kernel: [[1], ["x"]] }, "wrong_type", "kernel[1][0]", "a number", '"x"'],
    [{ kernel: [[1], [2, 3]] }, "shape_mismatch", "kernel", "2 x 1", "2 numbers in row 2"],
    [{ stride: [1, -1] }, "wrong_type", "stride[1]", "a whole number from 0", "-1"],
    [{ stride: 0.5 }, "wrong_type", "stride", "a whole number or [rows, columns]", "0.5"],
    [{ padding: { top: "1" } }, "wrong_type", "padding.top", "a whole number from 0", '"1"'],
    [{ relu: 1 }, "wrong_type", "relu", "true or false", "1"],
    [{ display: [] }, "unknown_name", "option", "kind, min, max", "length"],
    [
      { display: { min: null, max: {} } },
      "wrong_type",
      "display.max",
      "a number",
      "a value of type object",
    ],
    [
      { display: { kind: "other" } },
      "unknown_name",
      "display.kind",
      "clip, symmetric, absolute, fixed",
      '"other"',
    ],
  ]);
  for (const [change, code, argument, expected, got] of refused) {
    const { details } = problem("output", PICTURE, { ...SPEC, ...change });
    assert.deepEqual(details, { code, operator: "kernelLabOutput", argument, expected, got });
  }
  const { details } = problem("output", PICTURE, { ...SPEC, surplus: 1 });
  assert.deepEqual([details.argument, details.got], ["option", "surplus"]);
  assert.deepEqual(problem("output", PICTURE, 7).details.expected, "an object");
});

test("what is no picture is refused", () => {
  const data = new Uint8ClampedArray(4);
  for (const [picture, code, argument] of /** @type {[object, string, string][]} */ ([
    [{}, "wrong_type", "width"],
    [{ width: 1, height: 1 }, "wrong_type", "data"],
    [{ width: 1, height: 1, data: [0, 0, 0, 0] }, "wrong_type", "data"],
    [{ width: 1, height: 2, data }, "shape_mismatch", "data"],
    [{ width: 0, height: 1, data }, "out_of_range", "width"],
    [{ width: 1, height: 1, data, depth: 8 }, "unknown_name", "option"],
  ])) {
    const { code: got, details } = problem("output", asset(picture), SPEC);
    assert.deepEqual([got, details.argument], [code, argument]);
  }
});
