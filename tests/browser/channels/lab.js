/**
 * The channels lab as a person meets it.
 *
 * @import { Page } from "@playwright/test"
 * @import { ChannelsLabState } from "../../../www/labs/channels/state.js"
 * @import { Theme } from "../shared/reference.js"
 */
import { test as base } from "@playwright/test";
import { CHANNELS, channelsLabState } from "../../../www/labs/channels/state.js";
import { box, expect, FeatureMap, OpenLab } from "../shared/lab.js";
import { painted } from "../shared/reference.js";
import { mapsOf } from "./reference.js";

export { expect };

/** A test on an open channels lab; whatever the page reports as an error fails it. */
export const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<{ lab: ChannelsLab }, {}, import("@playwright/test").PlaywrightTestArgs>} */ ({
    lab: async ({ page }, use) => {
      const lab = new ChannelsLab(page);
      await lab.open();
      await use(lab);
      expect(lab.errors).toEqual([]);
    },
  }),
);

/** @augments {OpenLab<ChannelsLabState>} */
export class ChannelsLab extends OpenLab {
  /** @param {Page} page */
  constructor(page) {
    super(page, channelsLabState);
    this.map = new FeatureMap(page.locator("cnn-feature-map.output"));
    this.input = new FeatureMap(page.locator("cnn-feature-map.input"));
    this.groupMaps = page.locator("cnn-group-lines button.map");
  }

  /**
   * @override
   * @param {string} [address]
   */
  open(address = "./#channels") {
    return super.open(address);
  }

  /** @override */
  async ready() {
    await expect.poll(() => this.map.isPainted()).toBe(true);
    await expect(this.page.locator(".card.options")).toBeVisible();
  }

  /** @param {number} channel */
  grid(channel) {
    return this.page.locator("cnn-kernel-grid").nth(channel);
  }

  /**
   * @param {number} channel
   * @param {number} row
   * @param {number} col
   */
  cell(channel, row, col) {
    return this.grid(channel).locator(`[data-row="${row}"][data-column="${col}"]`);
  }

  /**
   * @param {number} channel
   * @param {number} row
   * @param {number} col
   */
  async cellPoint(channel, row, col) {
    const cell = this.cell(channel, row, col);
    await cell.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await box(cell);
    return { x: x + width / 2, y: y + height / 2 };
  }

  /**
   * Waits until a kernel of the chosen filter is this one.
   * @param {number} channel
   * @param {number[][]} kernel
   */
  async expectKernel(channel, kernel) {
    await expect
      .poll(async () => {
        const { filters, chosen } = await this.state();
        return filters[chosen].kernels[channel];
      })
      .toEqual(kernel);
  }

  /**
   * Waits until the map of the chosen filter and the results of its channels are what the reference
   * computes, byte for byte.
   * @param {Theme} [theme]
   */
  async expectMaps(theme = "light") {
    const state = await this.state();
    const { map, results } = mapsOf(await this.picture(), state, state.chosen);
    await this.map.expectPixels(painted(map, { kind: "symmetric", min: -1, max: 1 }, theme));
    const largest = Math.max(
      ...results.map(({ channels }) =>
        channels[0].reduce((most, value) => Math.max(most, Math.abs(value)), 0),
      ),
    );
    const range = { kind: /** @type {const} */ ("fixed"), min: -(largest || 1), max: largest || 1 };
    for (const [channel, name] of CHANNELS.entries()) {
      const shown = new FeatureMap(this.page.locator(`cnn-feature-map.result-${name}`));
      await shown.expectPixels(painted(results[channel], range, theme));
    }
  }

  /** What the engine says of the pixel shown. @returns {Promise<any>} */
  inspection() {
    return this.element.evaluate((element) => {
      const { inspection } = /** @type {any} */ (element).model;
      return JSON.parse(
        JSON.stringify(inspection.value, (_, value) =>
          ArrayBuffer.isView(value) ? Array.from(/** @type {any} */ (value)) : value,
        ),
      );
    });
  }

  /**
   * The numbers of a grid of the diagram.
   * @param {"window" | "products"} name
   * @param {number} channel
   * @returns {Promise<number[]>}
   */
  numbers(name, channel) {
    return this.page
      .locator(`.bench > .${name}.${CHANNELS[channel]} cnn-value-grid`)
      .evaluate((element) => Array.from(/** @type {any} */ (element).values));
  }
}
