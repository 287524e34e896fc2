/**
 * The networks lab as a person meets it.
 *
 * @import { Page } from "@playwright/test"
 * @import { NetworksLabState } from "../../../www/labs/networks/state.js"
 */
import { test as base } from "@playwright/test";
import { networksLabState } from "../../../www/labs/networks/state.js";
import { expect, OpenLab } from "../shared/lab.js";

export { expect };

/** A test on an open networks lab without weights; whatever the page reports as an error fails it. */
export const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<{ lab: NetworksLab }, {}, import("@playwright/test").PlaywrightTestArgs>} */ ({
    lab: async ({ page }, use) => {
      const lab = new NetworksLab(page);
      await lab.open();
      await use(lab);
      expect(lab.errors).toEqual([]);
    },
  }),
);

/** @augments {OpenLab<NetworksLabState>} */
export class NetworksLab extends OpenLab {
  /** @param {Page} page */
  constructor(page) {
    super(page, networksLabState);
    this.fetch = page.locator("button.fetch");
    this.line = page.locator(".weights-line");
    this.top = page.locator(".top > li");
  }

  /**
   * @override
   * @param {string} [address]
   */
  open(address = "./#networks") {
    return super.open(address);
  }

  /** @override */
  async ready() {
    await expect(this.page.locator("cnn-networks-lab [role=tabpanel]")).toBeVisible();
  }

  /** Fetches the weights and waits for the first answer. */
  async load() {
    await this.fetch.click();
    await this.answered();
  }

  /** Waits for the answer to the picture. */
  async answered() {
    await expect(this.line).toHaveText(/ready|готовы/, { timeout: 30_000 });
    await expect(this.top.first().locator(".share")).toHaveText(/%/, { timeout: 30_000 });
  }

  /** The names of the top five. */
  names() {
    return this.top.locator(".name").allTextContents();
  }

  /** @param {string} name */
  tab(name) {
    return this.page.getByRole("tab", { name });
  }

  /**
   * A signal of the lab's model, as JSON.
   * @param {string} name
   * @returns {Promise<any>}
   */
  signal(name) {
    return this.element.evaluate((element, path) => {
      const { value } = path
        .split(".")
        .reduce((/** @type {any} */ at, part) => at[part], /** @type {any} */ (element).model);
      return JSON.parse(
        JSON.stringify(value, (_, part) =>
          ArrayBuffer.isView(part) ? Array.from(/** @type {any} */ (part)) : part,
        ) ?? "null",
      );
    }, name);
  }
}
