/** The receptive-field lab for everybody: axe, wide and narrow, light and dark, both languages. */
import { expectNoViolation } from "../shared/axe.js";
import { expect, FieldLab, test } from "./lab.js";

const WIDE = { viewport: { width: 1400, height: 1000 } };
const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};

/** @type {any} */
const STACK = {
  input: { channels: 3, height: 64, width: 48 },
  layers: [
    { id: "conv", op: "conv2d", channels: 8, kernel: [3, 5], padding: [1, 0, 2, 0] },
    { id: "pool", op: "pool2d", kind: "max", size: 2, stride: 2 },
  ],
};

/** What a learner may be looking at. @type {Record<string, (lab: FieldLab) => Promise<unknown>>} */
const STATES = {
  "the first layer": async (lab) => lab.effective.element.scrollIntoViewIfNeeded(),
  "branches that are not aligned": (lab) =>
    lab.set({ question: "alignment", net: zoo("misaligned_two_branch"), node: "sum" }),
  "a large network, all blocks open": async (lab) => {
    await lab.set({ net: zoo("inception_v3"), node: "", question: null });
    await lab.graph.locator(".bar button").last().click();
  },
  "a stack to edit": async (lab) => {
    await lab.set({ net: { kind: "own", spec: STACK }, node: "conv", size: null });
    await lab.page.locator(".network cnn-segmented-control button").last().click();
    await expect(lab.editor.locator(".fields")).toBeVisible();
  },
  "nothing yet": (lab) =>
    lab.set({ net: { kind: "own", spec: { ...STACK, layers: [] } }, node: "" }),
  "a network that does not work": async (lab) => {
    const layers = [{ ...STACK.layers[0], kernel: 31, padding: 0 }, ...STACK.layers.slice(1)];
    const spec = { input: { channels: 3, height: 9, width: 9 }, layers };
    await lab.set({ net: { kind: "own", spec } });
    await expect(lab.page.locator(".network .note.problem")).toBeVisible();
  },
  "a text that is no network": async (lab) => {
    await lab.page.locator("textarea[name=spec]").fill("one two");
    await lab.page.locator("form.paste button").click();
    await expect(lab.page.locator("#spec-problem")).toBeVisible();
  },
};

/** @param {string} name */
function zoo(name) {
  return { kind: /** @type {const} */ ("zoo"), name };
}

/**
 * Does something with each state in turn.
 * @param {FieldLab} lab
 * @param {(name: string) => Promise<void>} check
 */
async function forEachState(lab, check) {
  for (const [name, show] of Object.entries(STATES)) {
    await test.step(name, async () => {
      await show(lab);
      await check(name);
    });
  }
}

for (const [screen, options, colorScheme, locale] of /** @type {const} */ ([
  ["wide", WIDE, "light", "en"],
  ["wide", WIDE, "dark", "ru"],
  ["phone", PHONE, "light", "ru"],
  ["phone", PHONE, "dark", "en"],
])) {
  test.describe(`${screen}, ${colorScheme}, ${locale}`, () => {
    test.use({ .../** @type {any} */ (options), colorScheme, locale });

    test("axe finds nothing", async ({ lab }) => {
      test.slow();
      await forEachState(lab, () => expectNoViolation(lab.page));
    });

    test("nothing is wider than the screen, nothing to press smaller than 24 px", async ({
      lab,
    }) => {
      test.slow();
      await forEachState(lab, async (name) => {
        await expect
          .poll(() => lab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth))
          .toBeLessThanOrEqual(0);
        expect(await lab.element.evaluate(smallTargets), name).toEqual([]);
      });
    });
  });
}

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

  test("a tap on the picture looks there, a tap on a layer selects it", async ({ lab }) => {
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

/** Runs in the page: what can be pressed and is smaller than it may be (WCAG 2.2, 2.5.8). */
function smallTargets(/** @type {Element} */ lab) {
  /** @param {ParentNode} root @returns {Element[]} */
  const within = (root) =>
    [...root.querySelectorAll("*")].flatMap((element) => [
      element,
      ...(element.shadowRoot ? within(element.shadowRoot) : []),
    ]);
  return within(/** @type {ShadowRoot} */ (lab.shadowRoot))
    .filter((element) => element.matches("button, select, input, textarea, summary"))
    .filter((element) => element.checkVisibility() && element.getClientRects().length > 0)
    .map((element) => ({ element, box: element.getBoundingClientRect() }))
    .filter(({ box }) => box.width < 23.99 || box.height < 23.99)
    .map(({ element, box }) => `${element.outerHTML.slice(0, 80)}: ${box.width} x ${box.height}`);
}
