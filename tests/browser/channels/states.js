/** What a learner may be looking at in the channels lab. */
import { channelsLabState } from "../../../www/labs/channels/state.js";
import { expect, test } from "./lab.js";

/**
 * @import { ChannelsLabState } from "../../../www/labs/channels/state.js"
 * @import { ChannelsLab } from "./lab.js"
 */

export { test };

/** @type {Record<string, Partial<ChannelsLabState>>} */
const STATES = {
  "the first map": { question: "one_map" },
  "each channel by itself": { combining: "apart", planes: "grey", question: "depth" },
  "three maps as one picture": {
    composite: [0, 1, 2],
    relu: false,
    stride: [2, 2],
    question: "sobel",
  },
  "groups of maps": { tab: "groups", groups: 2 },
  "depthwise, then pointwise": { tab: "groups", groups: 4, pointwise: true, question: "depthwise" },
  "groups of planes": { tab: "groups", source: "planes", groups: 3 },
};

/**
 * Shows each state in turn.
 * @param {ChannelsLab} lab
 * @param {(name: string) => Promise<void>} check
 */
export async function forEachState(lab, check) {
  for (const [name, state] of Object.entries(STATES)) {
    await test.step(name, async () => {
      await lab.set({ ...channelsLabState.defaultState(), ...state });
      if (state.tab === "groups") await expect(lab.groupMaps.first()).toBeVisible();
      else await expect.poll(() => lab.map.isPainted()).toBe(true);
      if (state.combining) await expect(lab.page.locator(".difference-of")).toBeVisible();
      if (state.question) await expect(lab.page.locator(".answer")).not.toBeEmpty();
      await check(name);
    });
  }
  await test.step("the trained filters", async () => {
    await lab.set(channelsLabState.defaultState());
    await lab.page.locator(".show-trained").click();
    await expect(lab.page.locator(".trained-filter")).toHaveCount(32);
    await check("the trained filters");
  });
}
