/** The states of the receptive-field lab that a learner may see. */
import { expect, test } from "./lab.js";

/** @import { FieldLab } from "./lab.js" */

export { test };

/** @type {any} */
const STACK = {
  input: { channels: 3, height: 64, width: 48 },
  layers: [
    { id: "conv", op: "conv2d", channels: 8, kernel: [3, 5], padding: [1, 0, 2, 0] },
    { id: "pool", op: "pool2d", kind: "max", size: 2, stride: 2 },
  ],
};

/** @type {Record<string, (lab: FieldLab) => Promise<unknown>>} */
const STATES = {
  "the first layer": async (lab) => lab.effective.element.scrollIntoViewIfNeeded(),
  "branches that are not aligned": (lab) =>
    lab.set({ question: "alignment", net: zoo("misaligned_two_branch"), node: "sum" }),
  "a large network, all blocks open": async (lab) => {
    await lab.set({ net: zoo("inception_v3"), node: "", question: null });
    await lab.graph.locator(".bar button").last().click();
  },
  "a stack to edit": async (lab) => {
    await lab.set({ net: { kind: "own", spec: STACK }, node: "conv", size: null });
    await lab.page.locator(".network cnn-segmented-control button").last().click();
    await expect(lab.editor.locator(".fields")).toBeVisible();
  },
  "nothing yet": (lab) =>
    lab.set({ net: { kind: "own", spec: { ...STACK, layers: [] } }, node: "" }),
  "a network that does not work": async (lab) => {
    const layers = [{ ...STACK.layers[0], kernel: 31, padding: 0 }, ...STACK.layers.slice(1)];
    const spec = { input: { channels: 3, height: 9, width: 9 }, layers };
    await lab.set({ net: { kind: "own", spec } });
    await expect(lab.page.locator(".network .note.problem")).toBeVisible();
  },
  "a text that is no network": async (lab) => {
    await lab.page.locator("textarea[name=spec]").fill("one two");
    await lab.page.locator("form.paste button").click();
    await expect(lab.page.locator("#spec-problem")).toBeVisible();
  },
};

/** @param {string} name */
function zoo(name) {
  return { kind: /** @type {const} */ ("zoo"), name };
}

/**
 * Runs an action in each state in turn.
 * @param {FieldLab} lab
 * @param {(name: string) => Promise<void>} check
 */
export async function forEachState(lab, check) {
  for (const [name, show] of Object.entries(STATES)) {
    await test.step(name, async () => {
      await show(lab);
      await check(name);
    });
  }
}
