/**
 * The training lab as a person meets it.
 *
 * @import { Page } from "@playwright/test"
 * @import { TrainingLabState } from "../../../www/labs/training/state.js"
 */
import { test as base } from "@playwright/test";
import { trainingLabState } from "../../../www/labs/training/state.js";
import { expect, OpenLab } from "../shared/lab.js";

export { expect };

/** A test on an open training lab that waits at step 0; whatever the page reports as an error fails it. */
export const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<{ lab: TrainingLab }, {}, import("@playwright/test").PlaywrightTestArgs>} */ ({
    lab: async ({ page }, use) => {
      // So that it does not start by itself.
      await page.emulateMedia({ reducedMotion: "reduce" });
      const lab = new TrainingLab(page);
      await lab.open();
      await use(lab);
      expect(lab.errors).toEqual([]);
    },
  }),
);

/** @augments {OpenLab<any>} */
export class TrainingLab extends OpenLab {
  /** @param {Page} page */
  constructor(page) {
    super(page, trainingLabState);
    this.runs = page.getByRole("radio").and(page.locator(".run"));
    this.charts = page.locator("cnn-race-chart");
    this.note = page.locator(".measured");
  }

  /**
   * @override
   * @param {string} [address]
   */
  open(address = "./#training") {
    return super.open(address);
  }

  /** @override @returns {Promise<TrainingLabState>} */
  state() {
    return super.state();
  }

  /** @override */
  async ready() {
    await expect(this.runs.first().locator("b")).toHaveText(/%/);
    await expect(this.page.locator(".inside tbody tr").first()).toBeVisible();
  }

  /** The step that is shown. */
  async step() {
    const text = await this.page.locator(".timeline b").innerText();
    return Number(text.replace(/\D/g, ""));
  }

  /** @param {number} step */
  async trainTo(step) {
    await this.page.getByRole("button", { name: "Play", exact: true }).click();
    await expect.poll(() => this.step(), { timeout: 25_000 }).toBeGreaterThanOrEqual(step);
    await this.page.getByRole("button", { name: "Pause", exact: true }).click();
    // The step under way is still taken; the state says where the runs then wait.
    await expect.poll(async () => (await this.state()).steps >= step).toBe(true);
    await expect.poll(async () => (await this.state()).steps - (await this.step())).toBe(0);
  }

  /** The accuracies of the runs as they are shown. */
  async accuracies() {
    const shown = await this.runs.locator(".result b").allInnerTexts();
    return shown.map((text) => Number(text.replace(/[^\d.]/g, "")) / 100);
  }
}
