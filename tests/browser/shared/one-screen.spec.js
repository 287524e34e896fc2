/**
 * What belongs together is on one screen: input, kernel or network or methods, output and the
 * arithmetic of the chosen position.
 */
import { expect, test } from "@playwright/test";
import { LABS } from "../../../www/labs/registry.js";
import { PHONE } from "./screens.js";

/** @type {Record<string, Record<string, string>>} each lab's parts by selector */
const PARTS = {
  kernel: {
    input: ".card.input .viewport",
    kernel: "cnn-kernel-grid .cells",
    size: "cnn-kernel-size",
    output: ".card.output .viewport",
    arithmetic: ".pixel cnn-pixel-inspector",
    transport: ".pixel cnn-slide-scrubber",
  },
  pooling: {
    methods: ".methods",
    input: ".card.input .viewport",
    "first output": ".card.output .viewport >> nth=0",
    "last output": ".card.output .viewport >> nth=-1",
    arithmetic: ".pixel cnn-pixel-inspector",
    formula: ".pixel cnn-size-formula",
  },
  "receptive-field": {
    network: "cnn-layer-graph .viewport",
    picture: ".card.view .viewport",
    figures: ".figures-card dl",
    arithmetic: "cnn-field-growth [aria-current]",
  },
};

const SCREENS = /** @type {const} */ ([
  [1366, 768],
  [1280, 800],
  [1024, 768],
  [1024, 700],
]);

for (const { name } of LABS.filter((lab) => PARTS[lab.name])) {
  for (const [width, height] of SCREENS) {
    for (const locale of ["en", "ru"]) {
      test.describe(`${name}, ${width} x ${height}, ${locale}`, () => {
        test.use({ viewport: { width, height }, locale });

        test("all parts are in view together", async ({ page }) => {
          await page.goto(`./#${name}`);
          for (const [part, selector] of Object.entries(PARTS[name])) {
            const place = page.locator(selector);
            await expect(place, part).toBeVisible();
            await expect.poll(() => place.evaluate(outside), part).toEqual([]);
          }
          expect(await page.evaluate(() => scrollY)).toBe(0);
        });
      });
    }
  }
}

test.describe("on a phone", () => {
  test.use(PHONE);

  for (const [name, below] of [
    ["kernel", "cnn-kernel-grid .cells"],
    ["pooling", ".methods"],
  ]) {
    test(`${name}: input and output stay in view while one scrolls to the controls`, async ({
      page,
    }) => {
      await page.goto(`./#${name}`);
      const place = page.locator(below);
      await expect(place).toBeVisible();
      await place.evaluate((element) => element.scrollIntoView({ block: "end" }));
      await page.evaluate(() => scrollBy(0, 200));
      for (const part of [".card.input .viewport", ".card.output .viewport >> nth=0"]) {
        await expect.poll(() => page.locator(part).evaluate(outside), part).toEqual([]);
      }
    });
  }
});

/**
 * Runs in the page: the sides at which an element reaches out of the window.
 * @param {Element} element
 */
function outside(element) {
  const { top, left, bottom, right } = element.getBoundingClientRect();
  const { clientWidth, clientHeight } = document.documentElement;
  const sides = {
    top: -top,
    left: -left,
    bottom: bottom - clientHeight,
    right: right - clientWidth,
  };
  return Object.entries(sides)
    .filter(([, by]) => by > 0.5)
    .map(([side, by]) => `${side} by ${by}`);
}
