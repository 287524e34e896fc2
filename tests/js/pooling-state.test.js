/** The pooling lab's state, and that a link holds all of it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { KERNELS, LIMITS, METHODS, poolingLabState } from "../../www/labs/pooling/state.js";
import { readLink, writeLink } from "../../www/state/permalink.js";

const { defaultState, parseState } = poolingLabState;

test("the default is four methods that halve the cat", () => {
  assert.deepEqual(defaultState(), {
    v: 2,
    picture: { kind: "photo", name: "cat" },
    color: "grey",
    methods: ["max", "average", "strided", "binomial"],
    method: "max",
    size: [2, 2],
    stride: [2, 2],
    padding: "valid",
    dilation: [1, 1],
    ceilMode: false,
    countIncludePad: true,
    p: 2,
    kernel: "identity",
    seed: 1,
    taps: 3,
    kind: "average",
    outputSize: [7, 7],
    display: { kind: "clip", min: 0, max: 1 },
    position: [44, 33],
    channel: 0,
    gradientOf: "one",
    restoring: "nearest",
    nextChannels: 64,
    shift: [0, 1],
    measure: "stay",
  });
});

test("a link of version 1 opens with the methods that it left out", () => {
  assert.deepEqual(parseState({ v: 1, stride: [3, 3] }).state?.methods, [
    "max",
    "average",
    "strided",
    "max_blur",
  ]);
  assert.deepEqual(parseState({ v: 1, methods: ["lp"] }).state?.methods, ["lp"]);
});

test("values beyond the limits are refused, naming the field", () => {
  const side = LIMITS.size + 1;
  /** @type {[string, unknown[]][]} */
  const refused = [
    ["methods", [[], ["max", "max"], ["min"], "max", ["__proto__"]]],
    ["method", ["min", 1, null]],
    ["size", [[0, 1], [side, 1], [1], 2, [1.5, 1]]],
    [
      "stride",
      [
        [0, 1],
        [LIMITS.stride + 1, 1],
      ],
    ],
    ["p", [0.5, 101, "2", Number.NaN]],
    ["kernel", ["sobel", [[1]]]],
    ["seed", [-1, 2 ** 32]],
    ["taps", [1, 8, 2.5]],
    ["kind", ["min"]],
    [
      "outputSize",
      [
        [0, 1],
        [1, LIMITS.outputSize + 1],
      ],
    ],
    ["display", [{ kind: "fixed", min: 1, max: 1 }]],
    ["gradientOf", ["none"]],
    ["restoring", ["bilinear"]],
    ["nextChannels", [0, LIMITS.nextChannels + 1]],
    ["shift", [[0], [0, 8.1], [-9, 0], [0, Number.NaN], 1]],
    ["measure", ["both"]],
  ];
  for (const [field, values] of refused) {
    for (const value of values) {
      const { problem } = parseState({ [field]: value });
      assert.equal(problem?.details.field, field, JSON.stringify({ [field]: value }));
    }
  }
});

const pair = (/** @type {number} */ most) =>
  fc.tuple(fc.integer({ min: 1, max: most }), fc.integer({ min: 1, max: most }));
const pixels = fc.double({ min: -LIMITS.shift, max: LIMITS.shift, noNaN: true });

const states = fc.record({
  v: fc.constant(2),
  color: fc.constantFrom("grey", "color"),
  methods: fc.uniqueArray(fc.constantFrom(...METHODS), { minLength: 1 }),
  method: fc.constantFrom(...METHODS),
  size: pair(LIMITS.size),
  stride: pair(LIMITS.stride),
  dilation: pair(LIMITS.dilation),
  ceilMode: fc.boolean(),
  countIncludePad: fc.boolean(),
  p: fc.double({ min: LIMITS.p[0], max: LIMITS.p[1], noNaN: true }),
  kernel: fc.constantFrom(...KERNELS),
  seed: fc.integer({ min: 0, max: LIMITS.seed }),
  taps: fc.integer({ min: LIMITS.taps[0], max: LIMITS.taps[1] }),
  kind: fc.constantFrom("max", "average"),
  outputSize: pair(LIMITS.outputSize),
  gradientOf: fc.constantFrom("one", "all"),
  restoring: fc.constantFrom("nearest", "unpool"),
  nextChannels: fc.integer({ min: 1, max: LIMITS.nextChannels }),
  shift: fc.tuple(pixels, pixels),
  measure: fc.constantFrom("stay", "follow"),
});

test("every state goes through a link unchanged", () => {
  fc.assert(
    fc.property(states, (value) => {
      const { state } = parseState(value);
      assert.ok(state);
      const { state: read, problem } = readLink(writeLink(poolingLabState, state), poolingLabState);
      assert.equal(problem, undefined);
      assert.deepEqual(read, state);
    }),
  );
});

test("no value whatever makes it throw", () => {
  const keys = fc.constantFrom(...Object.keys(defaultState()));
  fc.assert(
    fc.property(fc.oneof(fc.anything(), fc.dictionary(keys, fc.anything())), (value) => {
      const { state, problem } = parseState(value);
      assert.equal(state === undefined, problem !== undefined);
    }),
  );
});
