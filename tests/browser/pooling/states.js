/** The states of the pooling lab that a learner may see. */
import { poolingLabState } from "../../../www/labs/pooling/state.js";
import { expect, test } from "./lab.js";

/**
 * @import { PoolingLabState } from "../../../www/labs/pooling/state.js"
 * @import { PoolingLab } from "./lab.js"
 */

export { test };

/** @type {Record<string, Partial<PoolingLabState>>} */
const STATES = {
  "the first outputs": {},
  "norm, blur, adaptive and global": {
    methods: ["lp", "blur", "adaptive", "global"],
    method: "global",
  },
  "colour, unpooling and all gradients": {
    color: "color",
    size: [5, 5],
    restoring: "unpool",
    gradientOf: "all",
    measure: "follow",
  },
  "windows that do not fit": {
    picture: { kind: "pattern", name: "noise", seed: 1 },
    size: [15, 15],
    dilation: [16, 16],
    padding: "valid",
    stride: [16, 16],
    kernel: "random",
  },
};

/**
 * @param {PoolingLab} lab
 * @param {Partial<PoolingLabState>} state
 */
async function show(lab, state) {
  await lab.set({ ...poolingLabState.defaultState(), ...state });
  const { methods } = await lab.state();
  await expect(lab.page.locator(".card.output")).toHaveCount(methods.length);
  for (const method of methods) {
    await expect.poll(() => lab.output(method).isPainted()).toBe(true);
  }
  await expect(lab.page.locator(".moved .change")).toHaveCount(methods.length);
  await expect(lab.chart).toBeVisible();
}

/**
 * Runs an action in each state in turn.
 * @param {PoolingLab} lab
 * @param {(name: string) => Promise<void>} check
 */
export async function forEachState(lab, check) {
  for (const [name, state] of Object.entries(STATES)) {
    await test.step(name, async () => {
      await show(lab, state);
      await check(name);
    });
  }
}
