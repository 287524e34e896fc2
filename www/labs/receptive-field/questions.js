/**
 * Common questions about receptive fields, each with two networks of the zoo that answer it.
 *
 * @import { NetworkSpec } from "./contract.js"
 * @import { ReceptiveFieldLabState } from "./state.js"
 */
import { remove } from "./layer-edit.js";

/**
 * @typedef {object} Question
 * @property {ReceptiveFieldLabState["question"] & string} name
 * @property {string} network  to open
 * @property {[number, number]} [size]  of its input
 * @property {string} node  to select
 * @property {[number, number]} [point]  to select; else the centre
 * @property {string[]} ends  the nodes to compare, one in each network
 * @property {(load: (name: string) => Promise<NetworkSpec>) => Promise<NetworkSpec[]>} specs
 */

/** @type {Question[]} */
const QUESTIONS = [
  {
    name: "kernels",
    network: "two_3x3",
    node: "relu2",
    ends: ["relu2", "relu1"],
    specs: (load) => Promise.all([load("two_3x3"), load("one_5x5")]),
  },
  {
    name: "dilation",
    network: "dilated_stack",
    node: "conv8",
    ends: ["conv8", "conv8"],
    specs: (load) => Promise.all([load("plain_stack"), load("dilated_stack")]),
  },
  {
    name: "skip",
    network: "skip_connection",
    node: "unit.add",
    ends: ["unit.relu_1", "unit.relu_1"],
    specs: async (load) => {
      const spec = await load("skip_connection");
      const sum = spec.layers.find(({ id }) => id === "unit.add");
      const inputs = [sum?.from ?? []].flat();
      return [remove(spec, "unit.add", inputs.indexOf("unit.conv2")), spec];
    },
  },
  {
    name: "alignment",
    network: "misaligned_two_branch",
    node: "sum",
    point: [0, 0],
    ends: ["L3", "L1"],
    specs: async (load) => {
      const spec = await load("misaligned_two_branch");
      return [spec, spec];
    },
  },
  {
    name: "same",
    network: "misaligned_shortcut",
    node: "add",
    ends: ["add", "add"],
    specs: async (load) => {
      const spec = await load("misaligned_shortcut");
      return [spec, { ...spec, input: { ...spec.input, height: 65, width: 65 } }];
    },
  },
];

/**
 * @param {string | null} name
 * @returns {Question | null}
 */
export function questionOf(name) {
  return QUESTIONS.find((question) => question.name === name) ?? null;
}
