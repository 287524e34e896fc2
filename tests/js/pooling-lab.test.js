/**
 * The pooling lab's engine as the page calls it: a result for every setting and an error for every
 * mistake.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createRunner } from "../../www/engine/core.js";
import { PICTURE_OPERATIONS, partOf } from "../../www/engine/protocol.js";
import { LIMITS, METHODS } from "../../www/labs/pooling/state.js";

const MODULE = new URL("../../www/pkg/cnn_networks_bg.wasm", import.meta.url);
const runner = createRunner();
runner.load("networks", new WebAssembly.Module(readFileSync(MODULE)));
const [PICTURE, PIXEL] = [1, 2];
runner.keepPicture(PICTURE, {
  width: 34,
  height: 40,
  rgba: Uint8ClampedArray.from({ length: 4 * 34 * 40 }, (_, index) => (index * 37) % 256),
});
runner.keepPicture(PIXEL, { width: 1, height: 1, rgba: Uint8ClampedArray.of(1, 2, 3, 4) });

/** @type {Record<string, unknown>} */
const SPEC = { method: "max", color: "grey", display: { kind: "clip" }, theme: "light" };

/** What each operation takes after the picture and the spec. @type {Record<string, unknown[]>} */
const OPERATIONS = {
  poolingLabInput: [],
  poolingLabOutput: [],
  poolingLabInspect: [[0, 0], 0],
  poolingLabGradient: [[0, 0], 0],
  poolingLabRestored: ["nearest"],
  poolingLabSavings: [64],
  poolingLabShiftedInput: [[0.5, -1]],
  poolingLabShift: [[0.5, -1], "follow"],
  poolingLabCurve: [],
  poolingLabInputCurve: [],
  poolingLabCsv: [],
};

/**
 * @param {string} name
 * @param {...unknown} args
 * @returns {any}
 */
const reply = (name, ...args) => runner.run(name, args);

/**
 * @param {string} name
 * @param {...unknown} args
 */
function problem(name, ...args) {
  const answer = reply(name, ...args);
  assert.ok(answer.problem, JSON.stringify(answer));
  return answer.problem;
}

test("every operation takes a picture and belongs to the labs about networks", () => {
  for (const name of Object.keys(OPERATIONS)) {
    assert.ok(PICTURE_OPERATIONS.has(name), name);
    assert.equal(partOf(name), "networks", name);
  }
});

test("every method supports every operation", () => {
  for (const method of METHODS) {
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
    method: METHODS.join(", "),
    kernel: "identity, box, binomial, random",
    kind: "max, average",
    color: "grey, color",
    theme: "light, dark",
    padding: "valid, same, full",
  };
  for (const [field, expected] of Object.entries(names)) {
    const { code, details } = problem("poolingLabOutput", PICTURE, { ...SPEC, [field]: "other" });
    assert.deepEqual([code, details.argument, details.expected], ["unknown_name", field, expected]);
  }
  for (const [name, args] of /** @type {[string, unknown[]][]} */ ([
    ["poolingLabRestored", ["other"]],
    ["poolingLabShift", [[0, 0], "other"]],
  ])) {
    assert.equal(problem(name, PICTURE, SPEC, ...args).code, "unknown_name");
  }
  const mean = { ...SPEC, method: "average" };
  assert.equal(problem("poolingLabRestored", PICTURE, mean, "unpool").code, "unknown_name");
});

test("a picture too small for a method is refused with one code by every operation", () => {
  for (const [method, code] of [
    ["max", "window_too_large"],
    ["strided", "window_too_large"],
    ["blur", "padding_too_large"],
  ]) {
    for (const [name, args] of Object.entries(OPERATIONS)) {
      if (/Input/.test(name)) continue;
      assert.equal(problem(name, PIXEL, { ...SPEC, method }, ...args).code, code, name);
    }
  }
  assert.ok("value" in reply("poolingLabShiftedInput", PIXEL, SPEC, [8, 8]));
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
  for (const method of METHODS) {
    const answer = reply("poolingLabOutput", PICTURE, { ...most, method });
    assert.ok("value" in answer, `${method}: ${JSON.stringify(answer)}`);
  }
  assert.ok("value" in reply("poolingLabSavings", PICTURE, SPEC, LIMITS.nextChannels));
  const far = [LIMITS.shift, -LIMITS.shift];
  assert.ok("value" in reply("poolingLabShift", PICTURE, SPEC, far, "stay"));
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
    for (const method of METHODS) {
      for (const field of fields) {
        const spec = { ...SPEC, method, [field]: content };
        for (const name of ["poolingLabOutput", "poolingLabInspect", "poolingLabShift"]) {
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
