/**
 * What people ask about channels: how a question sets the lab up, and the numbers that answer it.
 *
 * @import { ChannelsCore, GroupsSpec, Inspection, Picture, Spec } from "./contract.js"
 * @import { ChannelsLabState } from "./state.js"
 */
import { evenedOut } from "./filters.js";
import { CHANNELS } from "./state.js";

/**
 * @typedef {(typeof import("./state.js").QUESTIONS)[number]} Question
 * @typedef {{ question: Question, numbers: Record<string, number> }} Answer
 * @typedef {{ core: ChannelsCore, picture: Picture, spec: Spec, settings: GroupsSpec,
 *   inspection: Inspection | null }} Known
 */

/** Depth of the kernel that slides over the channels, too. */
const DEPTH = 2;

const SOBEL_SHARED = CHANNELS.map(() => [
  [-0.333, 0, 0.333],
  [-0.667, 0, 0.667],
  [-0.333, 0, 0.333],
]);

const LUMINANCE = { kernels: [[[0.299]], [[0.587]], [[0.114]]], bias: 0 };

/**
 * What a question changes of the state.
 * @param {Question} question
 * @param {ChannelsLabState} state
 * @returns {Partial<ChannelsLabState>}
 */
export function setup(question, { filters, chosen }) {
  const at = Math.min(chosen, filters.length - 1);
  const one = (/** @type {unknown} */ filter) =>
    evenedOut(filters.with(at, /** @type {any} */ (filter)));
  switch (question) {
    case "one_map":
      return { tab: "color", combining: "sum" };
    case "sobel":
      return {
        tab: "color",
        combining: "sum",
        relu: false,
        filters: one({ kernels: SOBEL_SHARED, bias: 0 }),
      };
    case "one_by_one":
      return {
        tab: "color",
        combining: "sum",
        relu: false,
        filters: evenedOut([LUMINANCE]),
        chosen: 0,
        composite: null,
      };
    case "depthwise": {
      const isDeep = filters.length > CHANNELS.length;
      return {
        tab: "groups",
        source: isDeep ? "maps" : "planes",
        groups: isDeep ? filters.length : CHANNELS.length,
        pointwise: true,
      };
    }
    case "depth":
      return { tab: "color", combining: "sum" };
  }
}

/**
 * @param {Question} question
 * @param {Known} known
 * @returns {Promise<Answer>}
 */
export async function ask(question, known) {
  return { question, numbers: await numbersOf(question, known) };
}

/**
 * @param {Question} question
 * @param {Known} known
 * @returns {Promise<Record<string, number>>}
 */
async function numbersOf(question, { core, picture, spec, settings, inspection }) {
  const [{ kernels }] = spec.filters;
  const filters = spec.filters.length;
  switch (question) {
    case "one_map": {
      const [red, green, blue] = inspection?.channels ?? [];
      if (!inspection) return { filters };
      const { sum } = inspection;
      return { red: red.sum, green: green.sum, blue: blue.sum, sum, filters };
    }
    case "sobel": {
      const { largest, difference, magnitudeDifference } = await core.sobelComparison(picture);
      return { largest, difference, magnitudeDifference };
    }
    case "one_by_one": {
      const [red, green, blue] = inspection?.color ?? [0, 0, 0];
      return { red, green, blue, value: inspection?.sum ?? 0 };
    }
    case "depthwise": {
      const { costs } = await core.groups(picture, spec, settings);
      const row = (/** @type {string} */ kind) => costs.find((cost) => cost.kind === kind);
      return {
        maps: row("ordinary")?.inputs ?? 0,
        ordinary: row("ordinary")?.weights ?? 0,
        depthwise: row("depthwise")?.weights ?? 0,
        pointwise: row("pointwise")?.weights ?? 0,
        separable: row("separable")?.weights ?? 0,
        saving: row("separable")?.saving ?? 0,
      };
    }
    case "depth": {
      const side = kernels[0].length;
      const { depth, maps, weights, filterWeights } = await core.depthSlide([side, side], DEPTH);
      return { side, depth, maps, weights, filterWeights };
    }
  }
}
