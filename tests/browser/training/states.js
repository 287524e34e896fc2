/** The states of the training lab in which accessibility is checked. */
import { expect, test } from "./lab.js";

export { test };

/** @import { TrainingLab } from "./lab.js" */

/** @type {Record<string, (lab: TrainingLab) => Promise<unknown>>} */
const STATES = {
  "before the first step": (lab) => lab.ready(),
  "a few steps": async ({ page }) => {
    await page.locator(".transport button").first().click();
    await expect(page.locator(".timeline b")).toHaveText(/1/);
  },
  "the settings": async ({ page }) => {
    await page.locator(".setup .part").nth(1).click();
    await expect(page.locator(".card.settings")).toBeVisible();
  },
  "the data": async ({ page }) => {
    await page.locator(".setup .part").first().click();
    await expect(page.locator(".class")).not.toHaveCount(0);
  },
  "one step, slowly": async ({ page }) => {
    await page.locator(".setup .part").first().click();
    await page.locator(".inside > header button").click();
    await expect(page.locator(".story")).toBeVisible();
  },
};

/**
 * @param {TrainingLab} lab
 * @param {(state: string) => Promise<unknown>} check
 */
export async function forEachState(lab, check) {
  for (const [name, enter] of Object.entries(STATES)) {
    await enter(lab);
    await check(name);
  }
}
