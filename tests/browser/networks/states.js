/** What a learner may be looking at in the networks lab. */
import { networksLabState } from "../../../www/labs/networks/state.js";
import { expect, test } from "./lab.js";

/**
 * @import { NetworksLabState } from "../../../www/labs/networks/state.js"
 * @import { NetworksLab } from "./lab.js"
 */

export { test };

/** @type {Record<string, Partial<NetworksLabState>>} */
const WITHOUT_WEIGHTS = {
  "the offer": {},
  "two architectures": { tab: "architectures" },
  "the table": { tab: "architectures", listing: "table" },
};

/** @type {Record<string, { state: Partial<NetworksLabState>, shown: string }>} */
const WITH_WEIGHTS = {
  "the picture changed": { state: { tab: "ask" }, shown: ".answered:nth-child(6) .share" },
  "a layer": { state: { tab: "inside" }, shown: ".places cnn-picture-canvas" },
  "a linear layer": {
    state: { tab: "inside", layer: "_blocks.4.add", map: 3, unit: [0, 0] },
    shown: ".map-card cnn-color-legend .strip",
  },
  why: { state: { tab: "why", rank: 1 }, shown: ".channel-list .share" },
};

/**
 * Shows each state in turn.
 * @param {NetworksLab} lab
 * @param {(name: string) => Promise<void>} check
 */
export async function forEachState(lab, check) {
  const initial = networksLabState.defaultState();
  for (const [name, state] of Object.entries(WITHOUT_WEIGHTS)) {
    await test.step(name, async () => {
      await lab.set({ ...initial, ...state });
      if (state.tab) await expect(lab.page.locator(".card").first()).toBeVisible();
      else await expect(lab.fetch).toBeVisible();
      await check(name);
    });
  }
  await lab.set(initial);
  await lab.load();
  for (const [name, { state, shown }] of Object.entries(WITH_WEIGHTS)) {
    await test.step(name, async () => {
      await lab.set({ ...initial, ...state });
      await expect(lab.page.locator(shown).first()).toBeVisible({ timeout: 30_000 });
      await check(name);
    });
  }
}
