/** Accessibility of the kernel lab: small and enlarged screens, focus, motion, forced colours. */
import { choose, expect, expectOneProblem, test } from "../shared/robustness-helpers.js";
import { forEachState, opener } from "./states.js";

/**
 * @import { Page } from "@playwright/test"
 */

/**
 * A small phone, which is also 1280 pixels at 400 %; 1280 pixels at a zoom of 200 %. A larger phone is
 * among the screens of every lab.
 */
const NARROW = [320, 640];

for (const locale of ["en", "ru"]) {
  test.describe(`narrow or enlarged, ${locale}`, () => {
    test.use({ locale });

    test("the page never scrolls sideways", async ({ lab, page }) => {
      test.slow();
      await forEachState(lab, async (name) => {
        for (const width of NARROW) {
          await page.setViewportSize({ width, height: 700 });
          await expect
            .poll(() => page.evaluate(() => document.documentElement.scrollWidth), name)
            .toBeLessThanOrEqual(width);
        }
      });
    });
  });
}

for (const [what, viewport] of /** @type {const} */ ([
  ["wide", { width: 1400, height: 1000 }],
  ["narrow", { width: 640, height: 800 }],
])) {
  test.describe(`text of twice the size in a ${what} window`, () => {
    test.use({ viewport });

    test("is never cut off and never scrolls sideways", async ({ lab, page }) => {
      await lab.expectOutput();
      expect(await page.evaluate(doubleText)).toBeGreaterThan(200);
      await expect.poll(() => page.evaluate(cutText)).toEqual([]);
    });
  });
}

test.describe("on a phone", () => {
  test.use({ viewport: { width: 390, height: 844 } });

  test("what has the focus is not behind the maps that stay in view", async ({ lab, page }) => {
    await lab.expectOutput();
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    for (const control of [lab.button("Normalise"), lab.cell(0, 0), lab.stepper("Stride")]) {
      await control.focus();
      await expect.poll(() => control.evaluate(isOnTop)).toBe(true);
    }
  });
});

/**
 * Runs in the page: whether an element's middle can be clicked.
 * @param {Element} element
 */
function isOnTop(element) {
  const { left, top, width, height } = element.getBoundingClientRect();
  const root = /** @type {ShadowRoot} */ (element.getRootNode());
  const hit = root.elementFromPoint(left + width / 2, top + height / 2);
  return hit !== null && element.contains(hit);
}

/** Runs in the page: doubles every font size, like browsers that zoom only text. */
function doubleText() {
  /** @param {Document | ShadowRoot} root @returns {HTMLElement[]} */
  const within = (root) =>
    [...root.querySelectorAll("*")].flatMap((element) => [
      ...(element instanceof HTMLElement ? [element] : []),
      ...(element.shadowRoot ? within(element.shadowRoot) : []),
    ]);
  const sizes = within(document).map((element) => ({
    element,
    size: Number.parseFloat(getComputedStyle(element).fontSize),
  }));
  for (const { element, size } of sizes) element.style.fontSize = `${2 * size}px`;
  return sizes.length;
}

/**
 * Runs in the page: finds buttons and fields too small for their text, and a page that overflows.
 */
function cutText() {
  /** @param {Document | ShadowRoot} root @returns {Element[]} */
  const within = (root) =>
    [...root.querySelectorAll("*")].flatMap((element) => [
      element,
      ...(element.shadowRoot ? within(element.shadowRoot) : []),
    ]);
  const boxes = "html, button, label, select, h1, h2, p:not(.visually-hidden)";
  return within(document)
    .filter((element) => element.matches(boxes) && element.checkVisibility())
    .filter(({ scrollWidth, clientWidth }) => clientWidth > 1 && scrollWidth > clientWidth + 1)
    .map((element) => {
      const name = element.getAttribute("aria-label") ?? element.textContent?.trim().slice(0, 40);
      return `${element.localName} "${name}": ${element.scrollWidth} in ${element.clientWidth}`;
    });
}

/**
 * The innermost focused element, or null if the focus is lost.
 * @param {Page} page
 */
function focused(page) {
  return page.evaluate(() => {
    let active = document.activeElement;
    while (active?.shadowRoot?.activeElement) active = active.shadowRoot.activeElement;
    return active === document.body ? null : (active?.ariaLabel ?? active?.textContent?.trim());
  });
}

test("the focus is never lost: undo to the end, presets, popovers, edits, notices", async ({
  lab,
  page,
}) => {
  await lab.set({ kernel: [[1, 2]] });
  await lab.button("Undo").focus();
  await page.keyboard.press("Enter");
  await lab.expectState({
    bias: 0,
    kernel: [
      [-1, 0, 1],
      [-2, 0, 2],
      [-1, 0, 1],
    ],
  });
  await expect.poll(() => focused(page)).toBe("Undo");
  await lab.button("Redo").focus();
  await page.keyboard.press("Enter");
  await lab.expectState({ kernel: [[1, 2]] });
  await expect.poll(() => focused(page)).toBe("Redo");
  const preset = page
    .locator("cnn-preset-gallery")
    .getByRole("button", { name: /^Sharpen/ })
    .first();
  await preset.focus();
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await lab.state()).kernel.length).toBe(3);
  await expect.poll(() => focused(page)).toMatch(/^Sharpen/);
  for (const id of ["normalise", "copy", "paste", "help", "others", "more"]) {
    await opener(page, id).focus();
    const name = await focused(page);
    await page.keyboard.press("Enter");
    await expect(page.locator(`#${id}[popover]`)).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.locator(`#${id}[popover]`)).toBeHidden();
    await expect.poll(() => focused(page), id).toBe(name);
  }
  await lab.cell(2, 2).focus();
  await page.locator("cnn-kernel-tools").evaluate((tools) =>
    tools.dispatchEvent(
      new CustomEvent("kernel-edit", {
        detail: { edit: { kind: "resize", height: 1, width: 1 } },
        bubbles: true,
        composed: true,
      }),
    ),
  );
  await expect.poll(async () => (await lab.state()).kernel.length).toBe(1);
  await expect.poll(() => focused(page)).not.toBeNull();
  await choose(page, "no.png", "words");
  await expectOneProblem(page, /PNG/);
  await page.getByRole("alert").getByRole("button").focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toHaveCount(0);
  await expect.poll(() => focused(page)).not.toBeNull();
});

test.describe("with reduced motion", () => {
  test.use({ contextOptions: { reducedMotion: "reduce" } });

  test("nothing moves by itself", async ({ lab, page }) => {
    await forEachState(lab, async (name) => {
      const moving = await page.evaluate(() => {
        /** @param {Document | ShadowRoot} root @returns {string[]} */
        const within = (root) =>
          [...root.querySelectorAll("*")].flatMap((element) => {
            const { animationDuration, transitionDuration, scrollBehavior } =
              getComputedStyle(element);
            const durations = `${animationDuration}, ${transitionDuration}`.split(", ");
            const moves = durations.some((duration) => Number.parseFloat(duration) > 0.01);
            const found = moves || scrollBehavior === "smooth" ? [element.outerHTML] : [];
            return [...found, ...(element.shadowRoot ? within(element.shadowRoot) : [])];
          });
        return [...within(document), ...document.getAnimations().map(({ id }) => id)];
      });
      expect(moving, name).toEqual([]);
    });
  });
});

test.describe("with forced colours", () => {
  test.use({ contextOptions: { forcedColors: "active" } });

  test("pictures keep their colours and the chosen option stands out", async ({
    lab,
    page,
  }, testInfo) => {
    await lab.expectOutput();
    const looks = await lab.choice("Padding", "same").evaluate((chosen) => {
      const group = /** @type {ShadowRoot} */ (chosen.getRootNode());
      return [...group.querySelectorAll("[role=radio]")].map((option) => {
        const { backgroundColor, color } = getComputedStyle(option);
        return { isChosen: option === chosen, look: `${color} on ${backgroundColor}` };
      });
    });
    const chosen = looks.filter(({ isChosen }) => isChosen).map(({ look }) => look);
    const others = new Set(looks.filter(({ isChosen }) => !isChosen).map(({ look }) => look));
    expect(chosen).toHaveLength(1);
    expect(others.size).toBe(1);
    expect(others).not.toContain(chosen[0]);
    // Without colours the cells keep their borders and numbers.
    const cells = await lab.grid
      .locator(".cell")
      .evaluateAll((all) => all.map((cell) => getComputedStyle(cell).outlineStyle));
    expect(cells).toEqual(Array(9).fill("solid"));
    await expect(lab.grid.locator(".cell .figure")).toHaveText("−1 0 1 −2 0 2 −1 0 1".split(" "));
    const picture = await page.screenshot({ path: testInfo.outputPath("forced-colours.png") });
    expect(picture.length).toBeGreaterThan(50_000);
  });
});
