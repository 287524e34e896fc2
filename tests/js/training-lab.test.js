/** The training lab's state, its charts and its part of the core, behind the engine's runner. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { contract } from "../../www/labs/training/contract.js";
import { EXPERIMENTS, NAMES } from "../../www/labs/training/experiments.js";
import { historyCsv } from "../../www/labs/training/history.js";
import { advanced, latest, newRun, recordAt } from "../../www/labs/training/runs.js";
import { DEFAULTS, needsDigits, settings, specOf } from "../../www/labs/training/settings.js";
import { trainingLabState } from "../../www/labs/training/state.js";
import { lettersApart, logTicks, pathOf } from "../../www/labs/training/widgets/race-geometry.js";
import { labCore } from "./lab-core.js";

/** @import { Settings } from "../../www/labs/training/settings.js" */

const { digits } = JSON.parse(
  readFileSync(new URL("../../www/labs/training/data/digits.json", import.meta.url), "utf8"),
);

/** An engine as the model sees it, in this process. */
function engine() {
  const reply = labCore(contract, "training_lab");
  const core = new Proxy(
    {},
    {
      get: (_, name) =>
        name === "then"
          ? undefined
          : async (/** @type {unknown[]} */ ...args) => {
              const { value, problem, trap } = reply(String(name), ...args);
              assert.equal(trap, undefined);
              if (problem) throw Object.assign(new Error(problem.message), problem);
              return value;
            },
    },
  );
  return /** @type {any} */ ({ core });
}

/** @param {Partial<Settings>} differs @param {number} [seed] */
function run(differs, seed = 1) {
  const of = /** @type {Settings} */ ({ ...DEFAULTS, ...differs });
  return newRun({ spec: specOf(of, seed), digits: needsDigits(of) ? digits : null }, engine());
}

test("every value of every setting makes a run, and one more than the largest does not", async () => {
  for (const [name, kind] of Object.entries(settings)) {
    const { options } = /** @type {{ options?: readonly string[] }} */ (
      /** @type {unknown} */ (kind)
    );
    for (const value of options ?? []) {
      const differs = {
        examples: 20,
        [name]: value,
        ...(name === "start" && { set: "digits_from5" }),
      };
      const { problem, facts } = await advanced(run(/** @type {any} */ (differs)), 1, []);
      assert.equal(problem, null, `${name} ${value}`);
      assert.ok(facts && facts.parameters > 0);
    }
  }
  for (const differs of [{ depth: 13 }, { examples: 0 }, { batch: 1000 }, { momentum: 2 }]) {
    const { problem } = await advanced(run(differs), 1, []);
    assert.equal(problem?.code, "out_of_range");
  }
});

test("every experiment's runs begin alike where they may, and go on", async () => {
  for (const name of NAMES) {
    const { base, runs, steps } = EXPERIMENTS[name];
    assert.ok(runs.length >= 3 && runs.length <= 5 && steps > 0, name);
    const { state, problem } = trainingLabState.parseState({
      experiment: name,
      base: { ...DEFAULTS, ...base },
      runs,
    });
    assert.equal(problem, undefined, name);
    assert.deepEqual(state?.runs, runs);
    for (const differs of runs) {
      const after = await advanced(run({ ...base, ...differs }), 3, []);
      assert.equal(after.problem, null, name);
      assert.equal(after.step, 3, name);
    }
  }
});

test("the digits are learned: over 93 % held out after 400 steps with momentum", async () => {
  const after = await advanced(run({ momentum: 0.9 }), 400, []);
  const record = latest(after);
  assert.equal(record?.step, 400);
  assert.ok((record?.heldOutAccuracy ?? 0) > 0.93, JSON.stringify(record));
  const inside = await after.core.inside(after.settings, 400, "light");
  assert.equal(inside.kernels.length, 8);
  assert.deepEqual(
    inside.layers.map(({ id }) => id),
    ["conv1", "conv2", "dense"],
  );
  const answered = inside.confusion.flat().reduce((sum, count) => sum + count, 0);
  assert.equal(answered, 360);
  assert.equal(inside.mistakes, Math.round(360 * (1 - (record?.heldOutAccuracy ?? 0))));
});

test("the same state gives the same run to the last bit, in parts and with a drop by hand", async () => {
  const drop = [{ step: 47, factor: 0.1 }];
  const whole = await advanced(run({ dropout: 0.2, shift: true }), 200, drop);
  let parts = run({ dropout: 0.2, shift: true });
  for (const until of [20, 60, 61, 130]) parts = await advanced(parts, until, []);
  parts = await advanced(parts, 200, drop);
  assert.deepEqual(parts.records, whole.records);
  assert.equal(recordAt(whole, 55)?.step, 50);
  assert.ok(Math.abs((latest(whole)?.learningRate ?? 0) - 0.005) < 1e-12);
  const other = await advanced(run({ dropout: 0.2, shift: true }, 2), 200, drop);
  assert.notDeepEqual(other.records, whole.records);
});

test("a rate that is far too large stops its run with the step", async () => {
  const after = await advanced(run({ learningRate: 1000, activation: "leaky_relu" }), 100, []);
  assert.ok(after.stopped !== null && after.stopped < 100);
  assert.equal(after.problem, null);
  const revived = await advanced(after, 20, [{ step: 0, factor: 1e-5 }]);
  assert.deepEqual([revived.stopped, revived.step], [null, 20]);
});

test("what is drawn is answered, and nothing drawn is refused", async () => {
  const after = await advanced(run({ momentum: 0.9 }), 400, []);
  const data = new Uint8ClampedArray(4 * 64 * 64).fill(255);
  const blank = { width: 64, height: 64, data };
  await assert.rejects(after.core.answer(after.settings, 400, /** @type {any} */ (blank)), {
    code: "wrong_type",
  });
  const one = new Uint8ClampedArray(data);
  for (let row = 8; row < 56; row++) {
    for (let col = 28; col < 37; col++) one.fill(0, 4 * (64 * row + col), 4 * (64 * row + col) + 3);
  }
  const drawn = /** @type {any} */ ({ width: 64, height: 64, data: one });
  const { probabilities, input } = await after.core.answer(after.settings, 400, drawn);
  assert.equal(probabilities.indexOf(Math.max(...probabilities)), 1, String(probabilities));
  assert.deepEqual([input.width, input.height], [8, 8]);
});

test("one step slowly: the terms add up to the finite difference", async () => {
  const after = await advanced(run({ activation: "elu" }), 20, []);
  const question = { step: 20, example: 2, kernel: 3, cell: /** @type {const} */ ([1, 2]) };
  const { weight, stages, probabilities, loss, label } = await after.core.slowly(
    after.settings,
    question,
    "dark",
  );
  assert.ok(weight);
  assert.ok(Math.abs(weight.sum - weight.check) < 1e-6);
  assert.ok(Math.abs(weight.before - weight.rate * weight.sum - weight.after) < 1e-6);
  assert.ok(Math.abs(loss + Math.log(probabilities[label])) < 1e-9);
  assert.deepEqual(
    stages.map(({ id }) => id),
    ["conv1", "act1", "pool1", "conv2", "act2", "pool2"],
  );
});

test("the planned rates and the spread of results are the core's", async () => {
  const { core } = engine();
  const spec = specOf({ ...DEFAULTS, schedule: "cosine", scheduleSteps: 100 }, 1);
  const rates = await core.plannedRates(spec, [0, 50, 100]);
  assert.deepEqual(
    rates.map((/** @type {number} */ rate) => Number(rate.toFixed(12))),
    [0.05, 0.025, 0],
  );
  const { mean, deviation, least, most } = await core.spread([0.9, 0.92, 0.94]);
  assert.deepEqual(
    [mean, deviation, least, most].map((value) => Number(value.toFixed(12))),
    [0.92, 0.02, 0.9, 0.94],
  );
});

test("the table of the records has a line for each record of each run", async () => {
  const after = await advanced(run({ examples: 20 }), 20, []);
  const lines = historyCsv([after, after]).trimEnd().split("\r\n");
  assert.equal(lines.length, 1 + 2 * 3);
  assert.match(lines[0], /^run,step,trainingLoss/);
  assert.match(lines[4], /^B,0,/);
  assert.equal(lines[1].split(",").length, lines[0].split(",").length);
});

test("a state is refused by the name of its field", () => {
  for (const [field, value] of [
    ["experiment", "none"],
    ["base", { depth: 99 }],
    ["base", { kind: "transformer" }],
    ["runs", []],
    ["runs", Array.from({ length: 6 }, () => ({}))],
    ["runs", [{ learningRate: "fast" }]],
    ["changes", [{ step: 1, factor: 0, run: null }]],
    ["steps", -1],
    ["seed", 0.5],
  ]) {
    const { problem } = trainingLabState.parseState({ [/** @type {string} */ (field)]: value });
    assert.deepEqual(problem?.details, { field });
  }
});

test("letters at the ends of curves keep apart and within the chart", () => {
  assert.deepEqual(lettersApart([50, 52, 51], 10, [0, 100]), [50, 70, 60]);
  const places = lettersApart([99, 98, 5, Number.NaN], 10, [8, 92]);
  assert.deepEqual(places, [82, 72, 8, 92]);
});

test("a log axis holds every positive value between round ones", () => {
  const { least, most, values } = logTicks([2.3, 0.07, Number.NaN, 0], 6);
  assert.ok(least <= 0.07 && most >= 2.3);
  assert.deepEqual(values, [0.1, 0.3, 1, 3]);
  assert.equal(logTicks([1e9], 6).most, 100);
});

test("a curve leaves out what is no number", () => {
  const same = (/** @type {number} */ value) => value;
  const points = /** @type {[number, number][]} */ ([
    [0, 1],
    [1, Number.NaN],
    [2, 3],
  ]);
  assert.equal(pathOf(points, same, same), "M0.0 1.0L2.0 3.0");
  assert.equal(pathOf([], same, same), "");
});
