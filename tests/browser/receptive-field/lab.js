/**
 * Page object of the receptive-field lab, and receptive fields computed without the engine.
 *
 * @import { Page } from "@playwright/test"
 * @import { ReceptiveFieldLabState } from "../../../www/labs/receptive-field/state.js"
 */
import { test as base } from "@playwright/test";
import { receptiveFieldLabState } from "../../../www/labs/receptive-field/state.js";
import { expect, FeatureMap, OpenLab } from "../shared/lab.js";

export { expect };

/** A test on an open lab; any error that the page reports fails it. */
export const test = base.extend(
  /** @type {import("@playwright/test").Fixtures<{ lab: FieldLab }, {}, import("@playwright/test").PlaywrightTestArgs>} */ ({
    lab: async ({ page }, use) => {
      const lab = new FieldLab(page);
      await lab.open();
      await use(lab);
      expect(lab.errors).toEqual([]);
    },
  }),
);

/** @augments {OpenLab<ReceptiveFieldLabState>} */
export class FieldLab extends OpenLab {
  /** @param {Page} page */
  constructor(page) {
    super(page, receptiveFieldLabState);
    this.map = new FeatureMap(page.locator(".card.view cnn-feature-map"));
    this.effective = new FeatureMap(page.locator(".card.effective cnn-feature-map"));
    this.graph = page.locator("cnn-layer-graph");
    this.editor = page.locator("cnn-layer-editor");
    this.table = page.locator("cnn-layer-table");
    this.growth = page.locator("cnn-field-growth");
  }

  /**
   * @override
   * @param {string} [address]
   */
  open(address = "./#receptive-field") {
    return super.open(address);
  }

  /** @override */
  async ready() {
    await expect.poll(() => this.map.isPainted()).toBe(true);
    await expect(this.page.locator(".figures-card h2")).toBeVisible();
  }

  /** @param {string} title */
  async network(title) {
    await this.page.getByLabel("Choose a network").selectOption({ label: title });
  }

  /**
   * Waits until a figure of the shown layer has this text.
   * @param {string} name
   * @param {string} words
   */
  async expectFigure(name, words) {
    const figure = this.page.locator(".figures-card dl > div").filter({
      has: this.page.locator("dt", { hasText: new RegExp(`^${name}$`) }),
    });
    await expect(figure.locator("dd")).toHaveText(words);
  }

  /** @param {string} id */
  item(id) {
    return this.graph.locator(`[data-item="${id}"]`);
  }

  /**
   * The cells of a layer's table row, by column name.
   * @param {string} id
   * @returns {Promise<Record<string, string>>}
   */
  row(id) {
    return this.table.evaluate((element, layer) => {
      const root = /** @type {ShadowRoot} */ (element.shadowRoot);
      const texts = (/** @type {Iterable<Element>} */ cells) =>
        Array.from(cells, (cell) => (cell.textContent ?? "").trim().replace(/[↑↓]$/, "").trim());
      const names = texts(root.querySelectorAll("thead th"));
      const row = [...root.querySelectorAll("tbody tr")].find(
        (candidate) => candidate.querySelector("th")?.textContent?.trim() === layer,
      );
      const cells = texts(row?.children ?? []);
      return Object.fromEntries(names.map((name, index) => [name, cells[index]]));
    }, id);
  }

  /** Names of the rows, top to bottom. @returns {Promise<string[]>} */
  rows() {
    return this.table
      .locator("tbody th")
      .evaluateAll((cells) => cells.map((cell) => (cell.textContent ?? "").trim()));
  }
}

/**
 * @typedef {{ kernel: number, stride?: number, dilation?: number, padding?: number }} Window
 */

/**
 * Size, effective stride and effective padding after a stack of windows, by the closed forms of
 * Araujo, Norris and Sim: R = 1 + Σ (k − 1) · d · S, S = Π s, P = Σ p · S.
 * @param {Window[]} windows
 */
export function closedForm(windows) {
  let [size, stride, padding] = [1, 1, 0];
  for (const window of windows) {
    size += (window.kernel - 1) * (window.dilation ?? 1) * stride;
    padding += (window.padding ?? 0) * stride;
    stride *= window.stride ?? 1;
  }
  return { size, stride, padding };
}

const conv = { kernel: 3, padding: 1 };

/**
 * ResNet-18 by its stages: the windows on the longest path (He et al., arXiv:1512.03385, Table 1).
 */
export function resnet18(/** @type {number} */ units) {
  const stem = [
    { kernel: 7, stride: 2, padding: 3 },
    { kernel: 3, stride: 2, padding: 1 },
  ];
  const unit = (/** @type {number} */ index) => [
    { ...conv, stride: index % 2 === 0 && index > 0 ? 2 : 1 },
    conv,
  ];
  return [...stem, ...Array.from({ length: units }, (_, index) => unit(index)).flat()];
}

/** VGG-16 up to its last pooling (Simonyan, Zisserman, arXiv:1409.1556, Table 1, D). */
export function vgg16() {
  const pool = { kernel: 2, stride: 2 };
  return [2, 2, 3, 3, 3].flatMap((count) => [...Array(count).fill(conv), pool]);
}

/**
 * The effective field of `count` convolutions of extent 3 with uniform weights: along each axis the
 * box of three pixels convolved with itself (Luo et al., arXiv:1701.04128, section 2.1).
 * @param {number} count
 */
export function uniformField(count) {
  let row = [1];
  for (let layer = 0; layer < count; layer++) {
    row = Array.from(
      { length: row.length + 2 },
      (_, at) => ((row[at] ?? 0) + (row[at - 1] ?? 0) + (row[at - 2] ?? 0)) / 3,
    );
  }
  const values = row.flatMap((a) => row.map((b) => a * b)).sort((a, b) => b - a);
  let sum = 0;
  const pixels =
    1 +
    values.findIndex((value) => {
      sum += value;
      return sum >= 0.9545;
    });
  return { size: row.length, pixels, sd: Math.sqrt((count * (3 ** 2 - 1)) / 12) };
}
