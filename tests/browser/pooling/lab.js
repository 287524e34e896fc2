/**
 * Page object of the pooling lab.
 *
 * @import { Page } from "@playwright/test"
 * @import { MethodName, PoolingLabState } from "../../../www/labs/pooling/state.js"
 * @import { Theme } from "../shared/reference.js"
 */
import { test as base } from "@playwright/test";
import { METHODS, poolingLabState } from "../../../www/labs/pooling/state.js";
import { expect, FeatureMap, OpenLab } from "../shared/lab.js";
import { painted } from "../shared/reference.js";
import { pooledValues } from "./reference.js";

export { expect };

/** A test on an open pooling lab; any error that the page reports fails it. */
export const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<{ lab: PoolingLab }, {}, import("@playwright/test").PlaywrightTestArgs>} */ ({
    lab: async ({ page }, use) => {
      const lab = new PoolingLab(page);
      await lab.open();
      await use(lab);
      expect(lab.errors).toEqual([]);
    },
  }),
);

/** @augments {OpenLab<PoolingLabState>} */
export class PoolingLab extends OpenLab {
  /** @param {Page} page */
  constructor(page) {
    super(page, poolingLabState);
    this.input = new FeatureMap(page.locator(".card.input cnn-feature-map"));
    this.inspector = page.locator(".pixel cnn-pixel-inspector");
    this.gradient = new FeatureMap(page.locator("cnn-feature-map.gradient"));
    this.pad = page.locator("cnn-shift-pad .viewport");
    this.chart = page.locator("cnn-line-chart");
  }

  /**
   * @override
   * @param {string} [address]
   */
  open(address = "./#pooling") {
    return super.open(address);
  }

  /** @override */
  async ready() {
    await expect.poll(() => this.explained().isPainted()).toBe(true);
  }

  /** The explained output. */
  explained() {
    return new FeatureMap(this.page.locator(".card.output.explained cnn-feature-map"));
  }

  /** @param {MethodName} method */
  output(method) {
    return new FeatureMap(this.card(method).locator("cnn-feature-map"));
  }

  /** @param {MethodName} method */
  card(method) {
    return this.page.locator(`.card.output[aria-labelledby="${method}-title"]`);
  }

  /**
   * Waits until every output shown is what the reference computes for the state.
   * @param {Theme} [theme]
   */
  async expectOutputs(theme = "light") {
    const state = await this.state();
    const picture = await this.picture();
    await expect(this.page.locator(".card.output")).toHaveCount(state.methods.length);
    for (const method of METHODS.filter((name) => state.methods.includes(name))) {
      const values = pooledValues(picture, state, method);
      await this.output(method).expectPixels(painted(values, state.display, theme));
    }
  }

  /**
   * The numbers of one of the inspector's grids.
   * @param {"window" | "kernel" | "products"} name
   * @returns {Promise<number[]>}
   */
  numbers(name) {
    return this.inspector
      .locator(`.grid.${name} cnn-value-grid`)
      .evaluate((element) => Array.from(/** @type {any} */ (element).values));
  }

  /** The change shown below a shifted output. @param {number} index */
  async change(index) {
    const text = await this.page.locator(".moved .change").nth(index).textContent();
    return Number.parseFloat(String(text).trim().replace(",", "."));
  }
}
