/** The channels lab's state and its part of the core, behind the engine's runner. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { asset } from "../../www/engine/assets.js";
import { contract } from "../../www/labs/channels/contract.js";
import { blank, evenedOut, withSide } from "../../www/labs/channels/filters.js";
import { setup } from "../../www/labs/channels/questions.js";
import { channelsLabState, QUESTIONS } from "../../www/labs/channels/state.js";
import { labCore } from "./lab-core.js";

const reply = labCore(contract, "channels_lab");
const state = channelsLabState.defaultState();
const picture = asset({
  width: 9,
  height: 8,
  data: new Uint8ClampedArray(4 * 72).map((_, at) => (at * 31) % 256),
});
const spec = { filters: state.filters, padding: "same", relu: true, theme: "light" };

/**
 * @param {string} name
 * @param {...unknown} args
 */
function answer(name, ...args) {
  const { value, problem, trap } = reply(name, ...args);
  assert.equal(trap ?? problem, undefined);
  return value;
}

test("filters of one size are a state, others are not", () => {
  const [first, second] = state.filters;
  const refused = [
    [],
    Array.from({ length: 17 }, () => first),
    [{ ...first, kernels: first.kernels.slice(1) }],
    [first, ...withSide([second], 5)],
    withSide([first], 9),
    [{ ...first, kernels: [[[1, 2]], [[1, 2]], [[1, 2]]] }],
    [
      {
        ...first,
        kernels: [
          [[1, 2], [3]],
          [[1, 2], [3]],
          [[1, 2], [3]],
        ],
      },
    ],
    [{ ...first, bias: Infinity }],
  ];
  for (const filters of refused) {
    const { problem } = channelsLabState.parseState({ ...state, filters });
    assert.deepEqual(problem?.details, { field: "filters" });
  }
  for (const side of [1, 2, 7]) {
    const { problem } = channelsLabState.parseState({ ...state, filters: [blank(side)] });
    assert.equal(problem, undefined);
  }
});

test("a filter keeps its weights in the middle when it grows", () => {
  const one = { kernels: [[[1]], [[2]], [[3]]], bias: 4 };
  const [grown, other] = evenedOut([one, state.filters[0]]);
  assert.deepEqual(grown.kernels[1], [
    [0, 0, 0],
    [0, 2, 0],
    [0, 0, 0],
  ]);
  assert.deepEqual(other, state.filters[0]);
  assert.deepEqual(withSide([grown], 1), [one]);
});

test("every question sets up a state that is one", () => {
  for (const question of QUESTIONS) {
    const { problem } = channelsLabState.parseState({ ...state, ...setup(question, state) });
    assert.equal(problem, undefined, question);
  }
});

test("each call answers for the first state", () => {
  assert.equal(answer("output", picture, spec, 0).parameters, 4 * 28);
  assert.equal(answer("stack", picture, spec).length, 4);
  assert.equal(answer("planes", picture, "color", "dark").planes.length, 3);
  assert.equal(answer("composite", picture, spec, [0, 1, 3]).legend.count, 3 * 72);
  assert.equal(answer("inspect", picture, spec, 3, [7, 8]).partialSums.length, 27);
  assert.equal(answer("apart", picture, { ...spec, relu: false }, 0).differing, 0);
  const groups = { source: "maps", groups: 4, pointwise: true, seed: 1 };
  const { costs, lines, mixing } = answer("groups", picture, spec, groups);
  assert.deepEqual([lines.length, mixing.length, costs.at(-1).weights], [4, 16, 52]);
  assert.ok(answer("sobelComparison", picture).difference < 1e-5);
  assert.equal(answer("npy", picture, spec).length, 128 + 4 * 4 * 72);
  assert.match(answer("pytorch", picture, spec, 2), /groups=3/);
  const presets = answer("channelPresets");
  assert.equal(
    answer(
      "thumbnails",
      picture,
      presets.map((/** @type {any} */ { filters }) => filters),
      "light",
    ).length,
    presets.length,
  );
});

test("what is wrong with a call is named", () => {
  const refusals = /** @type {[string, unknown[], string][]} */ ([
    ["output", [picture, spec, 4], "out_of_range"],
    ["output", [picture, { ...spec, filters: [] }, 0], "out_of_range"],
    ["output", [picture, { ...spec, filters: [{ kernels: [[[1]]] }] }, 0], "shape_mismatch"],
    ["composite", [picture, spec, [0, 1]], "shape_mismatch"],
    [
      "groups",
      [picture, spec, { source: "maps", groups: 3, pointwise: false, seed: 0 }],
      "groups_mismatch",
    ],
    [
      "groups",
      [picture, spec, { source: "maps", groups: 0, pointwise: false, seed: 0 }],
      "groups_mismatch",
    ],
    ["findColor", [[2, 0, 0]], "out_of_range"],
    ["parseWeights", ["[[1, 2]]"], "shape_mismatch"],
    ["parseWeights", ["no weights"], "text_empty"],
  ]);
  for (const [name, args, code] of refusals) {
    assert.equal(
      reply(name, ...args).problem?.code,
      code,
      `${name} ${JSON.stringify(args.at(-1))}`,
    );
  }
});

test("the trained filters are the network's, with scaling and normalisation folded in", () => {
  const file = new URL("../../www/labs/channels/efficientnet-lite0/filters.json", import.meta.url);
  const { filters } = JSON.parse(readFileSync(file, "utf8"));
  assert.equal(filters.length, 32);
  const corner = asset({
    width: 9,
    height: 3,
    data: new Uint8ClampedArray(CORNER.flatMap((row) => row.flatMap((color) => [...color, 255]))),
  });
  const layer = { filters: [filters[0]], stride: [2, 2], relu: false, theme: "light" };
  const lines = answer("csv", corner, layer).trim().split(",").map(Number);
  // Weights and bias are rounded to four decimals, and pixels are at most 1.
  const rounding = (3 * 3 * 3 + 1) * 0.5e-4;
  for (const [column, expected] of FIRST_VALUES.entries()) {
    assert.ok(Math.abs(lines[column] - expected) < rounding, `${lines[column]}, not ${expected}`);
  }
});

/** The top left pixels of a photograph of a cat at 224 x 224 (scikit-image, CC0). */
const CORNER = [
  [
    [168, 130, 107],
    [169, 129, 106],
    [167, 125, 100],
    [153, 115, 89],
    [153, 113, 88],
    [156, 117, 88],
    [166, 126, 98],
    [169, 129, 103],
    [167, 127, 102],
  ],
  [
    [157, 119, 98],
    [151, 113, 89],
    [161, 122, 96],
    [158, 118, 93],
    [150, 111, 86],
    [147, 109, 80],
    [158, 119, 90],
    [168, 125, 101],
    [169, 128, 103],
  ],
  [
    [154, 116, 95],
    [140, 102, 79],
    [146, 110, 83],
    [157, 119, 93],
    [155, 114, 89],
    [147, 107, 80],
    [148, 109, 81],
    [158, 117, 92],
    [161, 121, 96],
  ],
];

/** What PyTorch computes there in the network itself, behind its first normalisation, in `f64`. */
const FIRST_VALUES = [-1.636994, 2.52989, 1.529943, 1.081256];
