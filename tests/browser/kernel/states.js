/** The states of the kernel lab that a learner may see. */
import { choose, expect, expectOneProblem, test } from "../shared/robustness-helpers.js";

/**
 * @import { Page } from "@playwright/test"
 * @import { Lab } from "../shared/lab.js"
 */

export { test };

const DRAWING = { kind: "drawing", bits: Buffer.alloc(512, 0x3c).toString("base64") };

const LARGE_KERNEL = Array.from({ length: 15 }, (_row, row) =>
  Array.from({ length: 15 }, (_col, col) => (row - 7) * (col - 7) * 0.25),
);

/**
 * @param {Page} page
 * @param {string} popover
 */
export function opener(page, popover) {
  return page.locator(`[popovertarget=${popover}]`).first();
}

/** @type {Record<string, (lab: Lab) => Promise<unknown>>} */
const STATES = {
  "the first output": (lab) => lab.expectState({ bias: 0 }),
  "the normalise menu": ({ page }) => opener(page, "normalise").click(),
  "the copy menu": ({ page }) => opener(page, "copy").click(),
  "the help": ({ page }) => opener(page, "help").click(),
  "more options": ({ page }) => opener(page, "more").click(),
  "the other pictures": async ({ page }) => {
    await page.keyboard.press("Escape");
    await opener(page, "others").click();
  },
  "more presets": async ({ page }) => {
    await page.keyboard.press("Escape");
    await page.locator("cnn-preset-gallery [popovertarget]").first().click();
  },
  "a refused matrix": async ({ page }) => {
    await page.keyboard.press("Escape");
    await opener(page, "paste").click();
    await page.locator("cnn-kernel-tools textarea").fill("one two");
    await page.locator("cnn-kernel-tools .paste .primary").click();
    await expectOneProblem(page, /one/);
  },
  "a refused file": async ({ page }) => {
    await choose(page, "no.png", "words");
    await expectOneProblem(page, /PNG/);
  },
  "a kernel that does not fit": async (lab) => {
    const options = { padding: "valid", dilation: [16, 16], kernel: LARGE_KERNEL };
    await lab.set(/** @type {any} */ ({ picture: DRAWING, ...options }));
    await expectOneProblem(lab.page, /225/);
  },
  "the drawing pad": async (lab) => {
    const draw = lab.page.locator("cnn-picture-picker .others .row button").nth(1);
    await lab.unfolded(draw, (button) => button.click());
    await lab.set(/** @type {any} */ ({ picture: DRAWING }));
    await expect(lab.page.locator("cnn-drawing-pad canvas")).toBeVisible();
  },
  "two pins": async (lab) => {
    const pins = [
      [10, 20],
      [200, 100],
    ];
    await lab.set(/** @type {any} */ ({ pins }));
    await expect(lab.page.locator("cnn-pixel-inspector[compact]")).toHaveCount(2);
  },
  "a kernel of 15 × 15 in colour": async (lab) => {
    await lab.set({ kernel: LARGE_KERNEL, color: "color" });
    await expect(lab.grid.locator(".cell")).toHaveCount(225);
    await expect(lab.inspector.locator(".products .cell, .cell").nth(224)).toBeVisible();
  },
  "the slide": async ({ page }) => {
    await page.locator("cnn-slide-scrubber button").first().click();
    await expect(page.locator("cnn-slide-scrubber button").last()).not.toHaveAttribute(
      "aria-disabled",
    );
  },
};

/**
 * Runs an action in each state in turn, from the same start.
 * @param {Lab} lab
 * @param {(name: string) => Promise<void>} check
 */
export async function forEachState(lab, check) {
  const first = await lab.state();
  await expect(lab.page.locator("cnn-preset-gallery canvas").first()).toBeVisible();
  for (const [name, show] of Object.entries(STATES)) {
    await test.step(name, async () => {
      await show(lab);
      await check(name);
      await lab.page.keyboard.press("Escape");
      await lab.set(first);
      // A notice may be just about to go by itself.
      await lab.page
        .locator("cnn-kernel-lab .note[role=alert] button")
        .evaluateAll(([button]) => /** @type {HTMLElement | undefined} */ (button)?.click());
    });
  }
}
