/**
 * The pooling lab's engine as the page calls it: a result for every setting and an error for every
 * mistake.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { asset } from "../../www/engine/assets.js";
import { contract } from "../../www/labs/pooling/contract.js";
import { smooth } from "../../www/labs/pooling/model.js";
import { LIMITS, METHODS, poolingLabState } from "../../www/labs/pooling/state.js";
import { labCore } from "./lab-core.js";

const reply = labCore(contract, "pooling_lab");
const PICTURE = asset({
  width: 34,
  height: 40,
  data: Uint8ClampedArray.from({ length: 4 * 34 * 40 }, (_, index) => (index * 37) % 256),
});
const PIXEL = asset({ width: 1, height: 1, data: Uint8ClampedArray.of(1, 2, 3, 4) });

/** @type {Record<string, unknown>} */
const SPEC = { method: "max", color: "grey", display: { kind: "clip" }, theme: "light" };

/** What each operation takes after the picture and the spec. @type {Record<string, unknown[]>} */
const OPERATIONS = {
  input: [],
  output: [],
  inspect: [[0, 0], 0],
  gradient: [[0, 0], 0],
  restored: ["nearest"],
  savings: [64],
  shiftedInput: [[0.5, -1]],
  shift: [[0.5, -1], "follow"],
  curve: [],
  inputCurve: [],
  csv: [],
};

/**
 * @param {string} name
 * @param {...unknown} args
 */
function problem(name, ...args) {
  const answer = reply(name, ...args);
  assert.ok(answer.problem, JSON.stringify(answer));
  return answer.problem;
}

/** The smooth convolution is the engine's strided one with other options. */
const ENGINE_METHODS = METHODS.filter((method) => method !== "binomial");

test("every method answers every operation", () => {
  for (const method of ENGINE_METHODS) {
    for (const color of ["grey", "color"]) {
      const spec = { ...SPEC, method, color };
      for (const [name, args] of Object.entries(OPERATIONS)) {
        const answer = reply(name, PICTURE, spec, ...args);
        assert.ok("value" in answer, `${name} ${method}: ${JSON.stringify(answer)}`);
      }
    }
  }
});

test("an unknown name is refused with the list of valid names", () => {
  const names = {
    method: ENGINE_METHODS.join(", "),
    kernel: "identity, box, binomial, random",
    kind: "max, average",
    color: "grey, color",
    theme: "light, dark",
    padding: "valid, same, full",
  };
  for (const [field, expected] of Object.entries(names)) {
    const { code, details } = problem("output", PICTURE, { ...SPEC, [field]: "other" });
    assert.deepEqual([code, details.argument, details.expected], ["unknown_name", field, expected]);
  }
  for (const [name, args] of /** @type {[string, unknown[]][]} */ ([
    ["restored", ["other"]],
    ["shift", [[0, 0], "other"]],
  ])) {
    assert.equal(problem(name, PICTURE, SPEC, ...args).code, "unknown_name");
  }
  const mean = { ...SPEC, method: "average" };
  assert.equal(problem("restored", PICTURE, mean, "unpool").code, "unknown_name");
});

test("a picture too small for a method is refused with one code by every operation", () => {
  for (const [method, code] of [
    ["max", "window_too_large"],
    ["strided", "window_too_large"],
    ["blur", "padding_too_large"],
  ]) {
    for (const [name, args] of Object.entries(OPERATIONS)) {
      if (/input/i.test(name)) continue;
      assert.equal(problem(name, PIXEL, { ...SPEC, method }, ...args).code, code, name);
    }
  }
  assert.ok("value" in reply("shiftedInput", PIXEL, SPEC, [8, 8]));
});

test("the state's limits are within the engine's", () => {
  const most = {
    ...SPEC,
    size: [LIMITS.size, LIMITS.size],
    stride: [LIMITS.stride, LIMITS.stride],
    p: LIMITS.p[1],
    seed: LIMITS.seed,
    taps: LIMITS.taps[1],
    outputSize: [LIMITS.outputSize, LIMITS.outputSize],
    kernel: "random",
  };
  for (const method of ENGINE_METHODS) {
    const answer = reply("output", PICTURE, { ...most, method });
    assert.ok("value" in answer, `${method}: ${JSON.stringify(answer)}`);
  }
  const { kernel, size, padding } = smooth({
    ...poolingLabState.defaultState(),
    size: [LIMITS.size, LIMITS.size],
  });
  const wide = { ...most, method: "strided", kernel, size, padding };
  const answer = reply("output", PICTURE, wide);
  assert.ok("value" in answer, JSON.stringify(answer));
  assert.ok("value" in reply("savings", PICTURE, SPEC, LIMITS.nextChannels));
  const far = [LIMITS.shift, -LIMITS.shift];
  assert.ok("value" in reply("shift", PICTURE, SPEC, far, "stay"));
});

test("any value in a field gives a result or an error", () => {
  const odd = [
    ...[null, undefined, true, "", "é\u0000", Number.NaN, Number.POSITIVE_INFINITY, -1, 0, 0.5],
    ...[1e300, 2 ** 20, 2 ** 31, 2 ** 32, [], [[]], [0, 0], [1, 2, 3], [1e9, 1e9], [2 ** 20, 1]],
    ...[[Number.NaN, 0], {}, { kind: "fixed", min: 1e300 }, () => 0, Symbol("field"), 10n],
  ];
  const fields = [
    ...["method", "size", "stride", "padding", "dilation", "ceilMode", "countIncludePad", "p"],
    ...["kernel", "seed", "taps", "kind", "outputSize", "color", "display", "theme", "surplus"],
  ];
  for (const content of odd) {
    for (const method of ENGINE_METHODS) {
      for (const field of fields) {
        const spec = { ...SPEC, method, [field]: content };
        for (const name of ["output", "inspect", "shift"]) {
          const answer = reply(name, PICTURE, spec, ...OPERATIONS[name]);
          assert.ok(!("trap" in answer), `${field} = ${String(content)}: ${answer.trap}`);
        }
      }
    }
    for (const [name, args] of Object.entries(OPERATIONS)) {
      for (const answer of [
        reply(name, PICTURE, content, ...args),
        reply(name, PICTURE, SPEC, ...args.map(() => content)),
      ]) {
        assert.ok(!("trap" in answer), `${name}, ${String(content)}: ${answer.trap}`);
      }
    }
  }
});
