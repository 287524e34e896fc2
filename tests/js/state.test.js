/** The kernel lab's state, its undo, its store, and browser storage. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { effect } from "@preact/signals-core";
import fc from "fast-check";
import { kernelLabState, LIMITS } from "../../www/labs/kernel/state.js";
import { PATTERNS } from "../../www/labs/shared/lab-state.js";
import { amend, begin, HISTORY_LIMIT, record, redo, undo } from "../../www/state/history.js";
import * as session from "../../www/state/memory.js";
import { createStore } from "../../www/state/store.js";

const { defaultState, parseState } = kernelLabState;

/** @param {string} path */
const source = (path) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");

/** @param {unknown} value */
function refusedField(value) {
  return parseState(value).problem?.details.field;
}

test("the default is Sobel x on the cat", () => {
  const state = defaultState();
  assert.deepEqual(state, {
    v: 1,
    kernel: [
      [-1, 0, 1],
      [-2, 0, 2],
      [-1, 0, 1],
    ],
    picture: { kind: "photo", name: "cat" },
    color: "grey",
    padding: "same",
    paddingMode: "zeros",
    stride: [1, 1],
    dilation: [1, 1],
    bias: 0,
    flipKernel: false,
    relu: false,
    display: { kind: "symmetric", min: -1, max: 1 },
    position: [86, 64],
    channel: 0,
    pins: [],
  });
  assert.deepEqual(parseState({}).state, state);
  assert.deepEqual(parseState(JSON.parse(JSON.stringify(state))).state, state);
});

test("a state cannot be changed in place", () => {
  const { state } = parseState({ kernel: [[1]], pins: [[1, 2]] });
  assert.ok(state);
  assert.throws(() => Object.assign(state, { bias: 1 }), TypeError);
  assert.throws(() => Object.assign(state.kernel[0], [2]), TypeError);
  assert.throws(() => Object.assign(defaultState().kernel[0], [2]), TypeError);
});

test("values at the limits are accepted", () => {
  const side = LIMITS.kernelSide;
  const row = Array(side).fill(LIMITS.weight);
  const bits = btoa("\xff".repeat(512));
  const accepted = [
    { kernel: Array(side).fill(row) },
    { kernel: [[-LIMITS.weight]] },
    { kernel: [row] },
    { picture: { kind: "pattern", name: "noise", seed: LIMITS.seed } },
    { picture: { kind: "drawing", bits } },
    { picture: { kind: "upload", name: "n".repeat(LIMITS.name) } },
    { picture: { kind: "camera" } },
    { padding: { top: 0, left: LIMITS.padding, bottom: 1, right: 2 } },
    { stride: [1, LIMITS.stride], dilation: [LIMITS.dilation, 1] },
    { bias: -LIMITS.bias },
    { display: { kind: "fixed", min: -0.5, max: LIMITS.display } },
    { position: [0, LIMITS.extent] },
    { channel: 2 },
    {
      pins: [
        [0, 0],
        [3, 4],
      ],
    },
  ];
  for (const patch of accepted) {
    assert.deepEqual(parseState(patch).state, { ...defaultState(), ...patch });
  }
});

test("values beyond the limits are refused, naming the field", () => {
  const side = LIMITS.kernelSide + 1;
  /** @type {[string, unknown[]][]} */
  const refused = [
    ["kernel", [[], [[]], [[1], [1, 2]], Array(side).fill([1]), [Array(side).fill(1)]]],
    ["kernel", [[[LIMITS.weight * 1.001]], [[Number.NaN]], [["1"]], [[null]], "sobel_x", null, {}]],
    ["picture", [{ kind: "photo", name: "dog" }, { kind: "photo", name: "__proto__" }, "cat", {}]],
    [
      "picture",
      [
        { kind: "pattern", name: "noise", seed: -1 },
        { kind: "drawing", bits: "AA==" },
      ],
    ],
    ["picture", [{ kind: "upload", name: "n".repeat(LIMITS.name + 1) }, { kind: "toString" }]],
    ["color", ["rgb", 1]],
    ["padding", ["half", -1, { top: 1, left: 1, bottom: 1 }]],
    ["padding", [{ top: 1, left: 1, bottom: 1, right: LIMITS.padding + 1 }]],
    ["paddingMode", ["mirror"]],
    ["stride", [0, [0, 1], [1.5, 1], [1], [1, 1, 1], [1, LIMITS.stride + 1]]],
    [
      "dilation",
      [
        [1, 0],
        [LIMITS.dilation + 1, 1],
      ],
    ],
    ["bias", ["0", Number.POSITIVE_INFINITY, LIMITS.bias * 1.001]],
    ["flipKernel", [1, "yes"]],
    ["relu", [0]],
    [
      "display",
      ["clip", { kind: "log" }, { kind: "fixed", min: 1, max: 1 }, { kind: "clip", min: 2 }],
    ],
    ["position", [[-1, 0], [0.5, 0], [0, LIMITS.extent + 1], [0]]],
    ["channel", [3, -1, 0.5]],
    [
      "pins",
      [
        [
          [0, 0],
          [1, 1],
          [2, 2],
        ],
        [[0]],
        1,
      ],
    ],
  ];
  for (const [field, values] of refused) {
    for (const value of values) {
      assert.equal(refusedField({ [field]: value }), field, JSON.stringify({ [field]: value }));
    }
  }
});

test("anything but an object is refused", () => {
  for (const value of [null, undefined, [], "{}", 1]) assert.equal(refusedField(value), "state");
});

test("only version 1 is known, and a missing version means 1", () => {
  assert.equal(parseState({ v: 1 }).state?.v, 1);
  assert.equal(parseState({}).state?.v, 1);
  for (const v of [0, 2, "1", null, [1]]) {
    assert.equal(parseState({ v }).problem?.code, "state_version_unknown");
  }
  assert.equal(parseState({ v: 2 }).problem?.details.version, "2");
});

test("unknown keys are dropped, minus zero becomes zero", () => {
  const hostile = JSON.parse('{"__proto__": {"bias": 7}, "constructor": 1, "zoom": 2, "bias": -0}');
  assert.deepEqual(parseState(hostile).state, defaultState());
  assert.equal(/** @type {any} */ ({}).bias, undefined);
  assert.ok(Object.is(parseState({ kernel: [[-0]] }).state?.kernel[0][0], 0));
});

test("no value whatever makes it throw", () => {
  const keys = fc.constantFrom(...Object.keys(defaultState()));
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.dictionary(keys, fc.anything())), (value) => {
      const { state, problem } = parseState(value);
      assert.equal(state === undefined, problem !== undefined);
    }),
    { numRuns: 2000 },
  );
});

test("patterns and the kernel's limits are those of the core", () => {
  const names = [...source("src/data/patterns.rs").matchAll(/Pattern::\w+ => "(\w+)"/g)];
  assert.deepEqual(
    names.map(([, name]) => name),
    [...PATTERNS],
  );
  const kernel = source("src/kernel/mod.rs");
  assert.match(kernel, new RegExp(`pub const LIMIT: usize = ${LIMITS.kernelSide};`));
  const [, weight] = /pub const WEIGHT_LIMIT: f64 = ([\de.]+);/.exec(kernel) ?? [];
  assert.equal(Number(weight), LIMITS.weight);
});

test("undo goes back step by step, and redo forward", () => {
  let history = record(record(begin("a"), "b"), "c");
  history = undo(undo(history));
  assert.equal(history.present, "a");
  assert.equal(undo(history), history);
  history = redo(redo(history));
  assert.equal(history.present, "c");
  assert.equal(redo(history), history);
});

test("a new step drops the redo steps", () => {
  const history = record(undo(record(begin("a"), "b")), "c");
  assert.deepEqual(history.future, []);
  assert.equal(undo(history).present, "a");
});

test("steps with one merge key are one step, until anything comes between", () => {
  let history = begin(0);
  for (const [state, merge] of /** @type {[number, string?][]} */ ([
    [1, "stroke 1"],
    [2, "stroke 1"],
    [3, "stroke 2"],
    [4, undefined],
    [5, undefined],
    [6, "stroke 2"],
  ])) {
    history = record(history, state, merge);
  }
  assert.deepEqual(history.past, [0, 2, 3, 4, 5]);
  history = record(redo(undo(history)), 7, "stroke 2");
  assert.deepEqual(history.past, [0, 2, 3, 4, 5, 6]);
});

test("amending the present keeps undo, redo and the open stroke", () => {
  let history = amend(undo(record(record(begin(0), 1), 2)), 10);
  assert.deepEqual([undo(history).present, redo(history).present], [0, 2]);
  history = record(amend(record(begin(0), 1, "s"), 2), 3, "s");
  assert.deepEqual(history.past, [0]);
});

test("the oldest steps are dropped", () => {
  let history = begin(0);
  for (let step = 1; step <= HISTORY_LIMIT + 10; step += 1) history = record(history, step);
  assert.equal(history.past.length, HISTORY_LIMIT);
  assert.equal(history.past[0], 10);
});

function kernelStore() {
  return createStore(defaultState(), parseState);
}

test("the store notifies once per change, and not if nothing changed", () => {
  const store = kernelStore();
  /** @type {unknown[]} */
  const seen = [];
  const stop = effect(() => {
    seen.push([store.state.value.bias, store.canUndo.value, store.canRedo.value]);
  });
  store.set({ bias: 1 });
  store.set({ bias: 1 });
  store.set({ bias: 2, relu: true });
  store.undo();
  store.redo();
  store.redo();
  store.replace({ ...store.state.peek(), bias: 3 });
  stop();
  store.set({ bias: 9 });
  assert.deepEqual(seen, [
    [0, false, false],
    [1, true, false],
    [2, true, false],
    [1, true, true],
    [2, true, false],
    [3, true, false],
  ]);
});

test("a stroke is undone as one", () => {
  const store = kernelStore();
  for (const weight of [1, 2, 3]) store.set({ kernel: [[weight]] }, { merge: "stroke 7" });
  store.undo();
  assert.deepEqual(store.state.value, defaultState());
  assert.equal(store.canUndo.value, false);
});

test("the store refuses an invalid change, says why and keeps its state", () => {
  const store = kernelStore();
  const problem = store.set({ stride: [0, 1] });
  assert.deepEqual(problem, { code: "state_invalid", details: { field: "stride" } });
  assert.equal(store.replace(/** @type {any} */ (null))?.details.field, "state");
  assert.equal(store.state.value, defaultState());
  assert.equal(store.canUndo.value, false);
  assert.equal(store.set({ stride: [2, 1] }), undefined);
});

test("a browser that forbids storage breaks nothing else", async () => {
  assert.equal(session.loadTheme(), "auto");
  assert.equal(session.loadLanguage(), undefined);
  const forbidden = {
    get() {
      throw new DOMException("denied", "SecurityError");
    },
    configurable: true,
  };
  Object.defineProperty(globalThis, "localStorage", forbidden);
  Object.defineProperty(globalThis, "indexedDB", forbidden);
  try {
    assert.equal(session.saveTheme("dark"), false);
    assert.equal(session.saveLanguage("ru"), false);
    assert.equal(session.loadTheme(), "auto");
    assert.equal(await session.saveUpload(new Blob(["x"])), false);
    assert.equal(await session.loadUpload(), undefined);
  } finally {
    Reflect.deleteProperty(globalThis, "localStorage");
    Reflect.deleteProperty(globalThis, "indexedDB");
  }
});

test("preferences are saved, and invalid saved values are ignored", () => {
  const kept = new Map();
  const value = {
    getItem: (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: (/** @type {string} */ key, /** @type {string} */ text) => kept.set(key, text),
  };
  Object.defineProperty(globalThis, "localStorage", { value, configurable: true });
  try {
    assert.equal(session.saveTheme("dark"), true);
    assert.equal(session.saveLanguage("ru"), true);
    assert.deepEqual([session.loadTheme(), session.loadLanguage()], ["dark", "ru"]);
    for (const key of kept.keys()) kept.set(key, "<b>");
    assert.equal(session.loadTheme(), "auto");
  } finally {
    Reflect.deleteProperty(globalThis, "localStorage");
  }
});
