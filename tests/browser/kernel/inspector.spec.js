/** The inspector shows the window, the products and the sum that the reference computes. */
import { readFileSync } from "node:fs";
import { box, expect, test } from "../shared/lab.js";
import { inspection, paddingSides } from "../shared/reference.js";

/**
 * @import { Locator } from "@playwright/test"
 * @import { Lab } from "../shared/lab.js"
 */

/** The catalogues' text for a value in the padding. */
const OUTSIDE = { en: outsideWords("en"), ru: outsideWords("ru") };

for (const locale of /** @type {const} */ (["en", "ru"])) {
  test.describe(`in ${locale}`, () => {
    test.use({ locale });

    test("window, kernel, products and sum are the reference's", async ({ lab }) => {
      await expectInspected(lab, lab.inspector, [86, 64], { locale });
    });

    test("taps in the padding are marked and announced as outside", async ({ lab }) => {
      await lab.set({ position: [0, 0], paddingMode: "replicate", flipKernel: true });
      await expectInspected(lab, lab.inspector, [0, 0], { locale });
      const ghosts = lab.inspector.locator(".window [role=cell].outside");
      await expect(ghosts).toHaveCount(5);
      await expect(ghosts.first()).toHaveCSS("background-image", /repeating-linear-gradient/);
      await ghosts.first().hover();
      await expect(lab.inspector.locator(".detail")).toContainText("−1");
      await expect(lab.inspector.locator(".detail")).toContainText(/,[^,:]+,[^,:]+:/);
    });
  });
}

test("bias and ReLU follow the sum", async ({ lab }) => {
  await lab.set({ bias: 0.25, relu: true });
  await expectInspected(lab, lab.inspector, [86, 64]);
  const { beforeRelu } = inspection(await lab.picture(), await lab.state(), [86, 64]);
  const result = lab.inspector.locator(".result");
  await expect(result).toContainText("sum of 9 products, bias 0.25");
  await expect(result).toContainText(`+ 0.25 = ${short(beforeRelu)}`);
  await expect(result).toContainText(`ReLU: ${short(beforeRelu)} becomes 0`);
});

test("stride, dilation and an even kernel move the taps as the reference says", async ({ lab }) => {
  await lab.set({
    kernel: [
      [1, -2, 0.5, 3],
      [0.1, 0, -1, 1],
    ],
    stride: [2, 3],
    dilation: [3, 2],
    padding: { top: 4, left: 1, bottom: 0, right: 2 },
    paddingMode: "circular",
    position: [0, 84],
  });
  await expectInspected(lab, lab.inspector, [0, 84]);
});

test("in colour each channel can be inspected", async ({ lab }) => {
  await lab.set({ color: "color", picture: { kind: "photo", name: "coffee" } });
  for (const [channel, name] of ["red", "green", "blue"].entries()) {
    await lab.choose("Channel", name);
    await expectInspected(lab, lab.inspector, [86, 64], { channel });
  }
});

test.describe("picking an output pixel", () => {
  // Large output pixels, each several CSS px wide.
  test.beforeEach(async ({ lab }) => {
    await lab.set({ stride: [4, 4], position: [10, 20] });
    await lab.expectOutput();
  });

  test("the pixel under the mouse is explained, and the chosen one again when it leaves", async ({
    lab,
    page,
  }) => {
    const { x, y } = await lab.output.point(30, 41);
    await page.mouse.move(x, y);
    await expectInspected(lab, lab.inspector, [30, 41]);
    await page.mouse.move(2, 2);
    await expectInspected(lab, lab.inspector, [10, 20]);
    await lab.expectState({ position: [10, 20] });
  });

  test("arrow keys move, with Ctrl by ten, Home and End to the ends of the row", async ({
    lab,
    page,
  }) => {
    await lab.output.viewport.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("ArrowDown");
    await expectInspected(lab, lab.inspector, [11, 21]);
    await page.keyboard.press("Control+ArrowUp");
    await page.keyboard.press("ArrowLeft");
    await lab.expectState({ position: [1, 20] });
    await page.keyboard.press("End");
    await page.keyboard.press("ArrowRight");
    await expectInspected(lab, lab.inspector, [1, 63]);
    await page.keyboard.press("Home");
    await lab.expectState({ position: [1, 0] });
  });

  test("the pixel picked by keys is announced", async ({ lab, page }) => {
    const { value } = inspection(await lab.picture(), await lab.state(), [10, 21]);
    await lab.output.viewport.focus();
    await page.keyboard.press("ArrowRight");
    const said = page.getByRole("status").filter({ hasText: "Output pixel, row 10, column 21" });
    await expect(said).toContainText(short(value));
  });

  test("a click pins a pixel, and a second one is compared with it", async ({ lab, page }) => {
    await click(lab, 30, 41);
    await lab.expectState({ pins: [[30, 41]], position: [30, 41] });
    await click(lab, 7, 3);
    await lab.expectState({
      pins: [
        [30, 41],
        [7, 3],
      ],
    });
    await page.mouse.move(2, 2);
    const pins = page.locator("cnn-pixel-inspector[compact]");
    const first = await expectInspected(lab, pins.first(), [30, 41]);
    const second = await expectInspected(lab, pins.last(), [7, 3]);
    const written = (/** @type {number} */ value) => decimals(value, 3);
    await expect(page.locator(".difference")).toHaveText(
      `A − B = ${written(first)} − (${written(second)}) = ${written(Math.fround(first - second))}`,
    );
    await expect(lab.output.overlay.locator(".letter")).toHaveText(["A", "B"]);
    await expect(lab.input.overlay.locator(".letter")).toHaveText(["A", "B"]);
  });

  test("a third pin replaces the second; a click on a pin removes it", async ({ lab }) => {
    await lab.set({
      pins: [
        [30, 41],
        [7, 3],
      ],
    });
    await click(lab, 50, 9);
    await lab.expectState({
      pins: [
        [30, 41],
        [50, 9],
      ],
    });
    await click(lab, 30, 41);
    await lab.expectState({ pins: [[50, 9]] });
    await lab.button("Unpin A").click();
    await lab.expectState({ pins: [] });
  });

  test("Enter pins the pixel at the cursor", async ({ lab, page }) => {
    await lab.output.viewport.focus();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await lab.expectState({ pins: [[10, 21]] });
  });
});

test.describe("on the maps", () => {
  test("the window is outlined on the input around its taps", async ({ lab }) => {
    await lab.set({ kernel: [[1, 2, 3, 4, 5, 6, 7]], position: [100, 30] });
    await expectInspected(lab, lab.inspector, [100, 30], { digits: 2 });
    const { rows, cols } = inspection(await lab.picture(), await lab.state(), [100, 30]);
    const { left } = paddingSides(await lab.picture(), await lab.state());
    const start = await lab.input.point(rows[0], cols[0] + left);
    const end = await lab.input.point(rows[0], cols[6] + left);
    const outline = await box(lab.input.overlay.locator("rect.line.hover"));
    expect(outline.x + outline.width / 2).toBeCloseTo((start.x + end.x) / 2, 0);
    expect(outline.y + outline.height / 2).toBeCloseTo(start.y, 0);
    expect(outline.width).toBeGreaterThan(end.x - start.x);
  });

  test("padding is drawn as a ring around the input", async ({ lab }) => {
    await expect(lab.input.overlay.locator(".dim")).toBeVisible();
    await lab.choose("Padding", "valid");
    await expect(lab.input.overlay.locator(".dim")).toHaveCount(0);
  });

  test("zoom and position are shared: both maps show the same part", async ({ lab, page }) => {
    await lab.choose("Padding", "valid");
    await lab.output.viewport.focus();
    await page.keyboard.press("+");
    await page.keyboard.press("+");
    await page.keyboard.press("Shift+ArrowDown");
    await page.keyboard.press("Shift+ArrowRight");
    await expect(lab.page.getByRole("button", { name: /^400%/ }).first()).toBeVisible();
    // Output pixel (r, c) is the middle of the window around input pixel (r + 1, c + 1).
    const [out, source] = [await lab.output.point(120, 130), await lab.input.point(121, 131)];
    const [outView, inView] = [await box(lab.output.viewport), await box(lab.input.viewport)];
    expect(out.x - outView.x).toBeCloseTo(source.x - inView.x, 0);
    expect(out.y - outView.y).toBeCloseTo(source.y - inView.y, 0);
    await page.keyboard.press("0");
    await expect(lab.page.getByRole("button", { name: /^100%/ }).first()).toBeVisible();
  });

  test("the wheel with Ctrl zooms at the pointer, a drag moves the view", async ({ lab, page }) => {
    const { x, y } = await lab.output.point(60, 70);
    // Wheel events report whole CSS px.
    const at = { x: Math.round(x), y: Math.round(y) };
    await page.mouse.move(at.x, at.y);
    await page.keyboard.down("Control");
    for (let turn = 0; turn < 4; turn++) await page.mouse.wheel(0, -120);
    await page.keyboard.up("Control");
    await expect.poll(async () => (await box(lab.output.canvas)).width).toBeGreaterThan(600);
    const zoomed = await lab.output.point(60, 70);
    const pixel = (await box(lab.output.canvas)).width / 256;
    expect(Math.abs(zoomed.x - at.x)).toBeLessThan(pixel / 2);
    expect(Math.abs(zoomed.y - at.y)).toBeLessThan(pixel / 2);
    await page.mouse.down();
    await page.mouse.move(at.x + 40, at.y + 25, { steps: 4 });
    await page.mouse.up();
    await expect
      .poll(async () => Math.round((await lab.output.point(60, 70)).x - zoomed.x))
      .toBe(40);
    await lab.expectState({ pins: [] });
  });
});

/**
 * Expects an inspector to show this output pixel with the reference's terms.
 * @param {Lab} lab
 * @param {Locator} inspector
 * @param {[row: number, col: number]} position
 * @param {{ channel?: number, locale?: "en" | "ru", digits?: number }} [options]  `digits` are those
 *   that the window's cells have room for
 * @returns {Promise<number>} the value
 */
async function expectInspected(lab, inspector, position, options = {}) {
  const { channel = 0, locale = "en", digits = 3 } = options;
  const expected = inspection(await lab.picture(), await lab.state(), position, channel);
  const { window, weights, products, outside, value } = expected;
  const spoken = window.map((number, tap) =>
    outside[tap] ? OUTSIDE[locale].replace("{value}", full(number, locale)) : full(number, locale),
  );
  await expectCells(inspector, "window", spoken);
  await expectCells(
    inspector,
    "kernel",
    weights.map((number) => full(number, locale)),
  );
  await expectCells(
    inspector,
    "products",
    products.map((number) => full(number, locale)),
  );
  await expect(inspector.locator(".window [role=cell]")).toHaveText(
    window.map((number) => rounded(number, digits, locale)),
  );
  const sign = value > 0 ? "+" : "";
  await expect(inspector.locator(".value")).toHaveText(sign + short(value, locale));
  return value;
}

/**
 * @param {Locator} inspector
 * @param {"window" | "kernel" | "products"} grid
 * @param {string[]} spoken  the spoken text of each cell
 */
async function expectCells(inspector, grid, spoken) {
  const cells = inspector.locator(`.grid.${grid} [role=cell]`);
  await expect
    .poll(() => cells.evaluateAll((all) => all.map((cell) => cell.getAttribute("aria-label"))))
    .toEqual(spoken);
}

/**
 * Clicks an output pixel.
 * @param {Lab} lab
 * @param {number} row
 * @param {number} col
 */
async function click(lab, row, col) {
  const { x, y } = await lab.output.point(row, col);
  await lab.page.mouse.click(x, y);
}

/** @param {string} locale */
function outsideWords(locale) {
  const catalogue = new URL(`../../../www/i18n/${locale}/widget.json`, import.meta.url);
  return JSON.parse(readFileSync(catalogue, "utf8"))["widget.value.outside"];
}

/**
 * A number in full: seven digits for an f32.
 * @param {number} value
 * @param {string} locale
 */
function full(value, locale) {
  return written(value, locale, { maximumSignificantDigits: 7, useGrouping: false });
}

/**
 * @param {number} value
 * @param {string} [locale]
 */
function short(value, locale = "en") {
  return rounded(value, 3, locale);
}

/**
 * So many significant digits, but never fewer than the integer part has.
 * @param {number} value
 * @param {number} digits
 * @param {string} locale
 */
function rounded(value, digits, locale) {
  return written(value, locale, {
    maximumSignificantDigits: digits,
    maximumFractionDigits: 0,
    roundingPriority: "morePrecision",
  });
}

/**
 * @param {number} value
 * @param {number} count
 */
function decimals(value, count) {
  return written(value, "en", { maximumFractionDigits: count });
}

/**
 * @param {number} value
 * @param {string} locale
 * @param {Intl.NumberFormatOptions} options
 */
function written(value, locale, options) {
  return new Intl.NumberFormat(locale, { ...options, signDisplay: "negative" })
    .format(value)
    .replace("-", "−");
}
