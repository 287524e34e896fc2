/** The scrubber moves the window by product, pixel and row, by hand and by playing. */
import { expect, test } from "../shared/lab.js";
import { inspection } from "../shared/reference.js";

/** @import { Lab } from "../shared/lab.js" */

/** Milliseconds per step at speed 1. */
const STEP_MS = 600;

test.beforeEach(async ({ lab }) => {
  await lab.set({ position: [3, 5] });
});

test("steps by pixel, forward and back", async ({ lab }) => {
  await lab.button("Step forward").click();
  await lab.expectState({ position: [3, 6] });
  await lab.button("Step forward").click();
  await lab.button("Step back").click();
  await lab.button("Step back").click();
  await lab.button("Step back").click();
  await lab.expectState({ position: [3, 4] });
});

test("steps by row end at the end of a row", async ({ lab }) => {
  await lab.choose("Step by", "row");
  await lab.button("Step forward").click();
  await lab.expectState({ position: [3, 255] });
  await lab.button("Step forward").click();
  await lab.expectState({ position: [4, 255] });
  await lab.button("Step back").click();
  await lab.expectState({ position: [3, 255] });
});

test("steps by product add up the sum, product by product", async ({ lab }) => {
  const { partialSums, value } = inspection(await lab.picture(), await lab.state(), [3, 5]);
  await lab.choose("Step by", "product");
  for (const [tap, sum] of partialSums.entries()) {
    await lab.button("Step forward").click();
    const isLast = tap === partialSums.length - 1;
    await expectSum(lab, isLast ? value : sum);
    await expect(lab.inspector.locator(".products [aria-current]")).toHaveCount(1);
    if (!isLast) {
      await expect(lab.inspector).toContainText(`sum so far, ${tap + 1} of 9 products`);
    }
    await expect(lab.page.getByRole("slider", { name: "Output pixel" })).toHaveAttribute(
      "aria-valuetext",
      `row 3, column 5, product ${tap + 1} of 9`,
    );
  }
  await lab.button("Step forward").click();
  await lab.expectState({ position: [3, 6] });
  const next = inspection(await lab.picture(), await lab.state(), [3, 6]);
  await expectSum(lab, next.partialSums[0]);
  await lab.button("Step back").click();
  await lab.expectState({ position: [3, 5] });
  await expectSum(lab, value);
});

test("the slider reaches any pixel", async ({ lab }) => {
  const slider = lab.page.getByRole("slider", { name: "Output pixel" });
  await slider.fill(String(7 * 256 + 9));
  await lab.expectState({ position: [7, 9] });
  await expectSum(lab, inspection(await lab.picture(), await lab.state(), [7, 9]).value);
  await slider.press("ArrowRight");
  await lab.expectState({ position: [7, 10] });
});

test("the output is uncovered up to the window, and complete again after Escape", async ({
  lab,
}) => {
  const cover = lab.output.overlay.locator(".cover");
  await expect(cover).toHaveCount(0);
  await lab.button("Step forward").click();
  await expect(cover).toBeVisible();
  await lab.page.keyboard.press("Escape");
  await expect(cover).toHaveCount(0);
  await lab.expectState({ position: [3, 6] });
});

test.describe("playing", () => {
  test.beforeEach(async ({ lab }) => {
    // A slide that has begun: play goes on with it.
    await lab.page.getByRole("slider", { name: "Output pixel" }).fill(String(3 * 256 + 6));
    await lab.button("Step back").click();
    await expectSum(lab, inspection(await lab.picture(), await lab.state(), [3, 5]).value);
    // From here on the page's clock advances only when a test says so.
    await lab.page.clock.install({ time: 0 });
    await lab.page.clock.pauseAt(60_000);
  });

  test("play moves once in 0.6 s, pause stops", async ({ lab, page }) => {
    await lab.button("Play").click();
    await page.clock.runFor(STEP_MS - 1);
    await lab.expectState({ position: [3, 5] });
    await page.clock.runFor(1);
    await lab.expectState({ position: [3, 6] });
    await page.clock.runFor(2 * STEP_MS);
    await lab.expectState({ position: [3, 8] });
    await lab.button("Pause").click();
    await page.clock.runFor(10 * STEP_MS);
    await lab.expectState({ position: [3, 8] });
    await expect(lab.button("Play")).toBeVisible();
  });

  test("play without a slide begins with the first row", async ({ lab }) => {
    await lab.page.keyboard.press("Escape");
    await lab.button("Play").click();
    await lab.expectState({ position: [0, 0] });
  });

  for (const [speed, steps] of /** @type {const} */ ([
    ["½×", 4],
    ["4×", 32],
    ["16×", 128],
  ])) {
    test(`speed ${speed} takes ${steps} steps in 8 times 0.6 s`, async ({ lab, page }) => {
      await lab.choose("Speed", speed);
      await lab.button("Play").click();
      await page.clock.runFor(8 * STEP_MS);
      await lab.expectState({ position: [3, 5 + steps] });
    });
  }

  test("playing by row and by product keeps its unit", async ({ lab, page }) => {
    await lab.choose("Step by", "row");
    await lab.button("Play").click();
    await page.clock.runFor(2 * STEP_MS);
    await lab.expectState({ position: [4, 255] });
    await lab.choose("Step by", "product");
    await page.clock.runFor(3 * STEP_MS);
    const { partialSums } = inspection(await lab.picture(), await lab.state(), [4, 255]);
    await expectSum(lab, partialSums[2]);
    await lab.expectState({ position: [4, 255] });
  });

  test("play stops at the last pixel and starts again from the first", async ({ lab, page }) => {
    await lab.page.getByRole("slider", { name: "Output pixel" }).fill(String(256 * 256 - 2));
    await lab.button("Play").click();
    await page.clock.runFor(3 * STEP_MS);
    await lab.expectState({ position: [255, 255] });
    await expect(lab.button("Pause")).toHaveCount(0);
    await lab.button("Play").click();
    await lab.expectState({ position: [0, 0] });
  });

  test("a manual step pauses", async ({ lab, page }) => {
    await lab.button("Play").click();
    await lab.button("Step back").click();
    await lab.expectState({ position: [3, 4] });
    await page.clock.runFor(5 * STEP_MS);
    await lab.expectState({ position: [3, 4] });
  });
});

/**
 * The sum that the inspector shows, to seven digits.
 * @param {Lab} lab
 * @param {number} sum
 */
async function expectSum(lab, sum) {
  const digits = new Intl.NumberFormat("en", { maximumSignificantDigits: 7 }).format(sum);
  await expect(lab.inspector.locator(".value")).toHaveAttribute("title", digits.replace("-", "−"));
}
