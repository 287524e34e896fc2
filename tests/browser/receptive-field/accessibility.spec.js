/** Accessibility of the receptive-field lab: very narrow, touch, forced colours. */
import { PHONE } from "../shared/screens.js";
import { expect, FieldLab, test } from "./lab.js";
import { forEachState } from "./states.js";

test.describe("very narrow", () => {
  test.use({ viewport: { width: 320, height: 700 } });

  test("nothing is wider than the screen", async ({ lab }) => {
    await forEachState(lab, async () => {
      await expect
        .poll(() => lab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
        .toBeLessThanOrEqual(0);
    });
  });
});

test.describe("on touch", () => {
  test.use(PHONE);

  test("a tap on the picture selects a point, a tap on a layer selects it", async ({ lab }) => {
    const { x, y } = await lab.map.point(40, 40);
    await lab.page.touchscreen.tap(x, y);
    await expect.poll(async () => (await lab.state()).point).not.toBeNull();
    await lab.graph.scrollIntoViewIfNeeded();
    await lab.item("layer2.0").tap();
    await lab.expectState({ node: "layer2.0.relu_1" });
  });
});

test("forced colours keep the graph and the fields visible", async ({ page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  const lab = new FieldLab(page);
  await lab.open();
  const stroke = (/** @type {import("@playwright/test").Locator} */ part) =>
    part.evaluate((element) => getComputedStyle(element).stroke);
  const ground = await lab.page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  for (const part of [
    lab.graph.locator(".body").first(),
    lab.graph.locator(".edge"),
    lab.map.overlay.locator(".line").first(),
  ]) {
    expect(await stroke(part)).not.toBe(ground);
    expect(await stroke(part)).not.toBe("none");
  }
});
