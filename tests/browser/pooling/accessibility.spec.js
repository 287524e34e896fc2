/** The pooling lab for everybody: axe, wide and narrow, light and dark, in both languages. */
import { poolingLabState } from "../../../www/labs/pooling/state.js";
import { expectNoViolation } from "../shared/axe.js";
import { expect, test } from "./lab.js";

/**
 * @import { PoolingLabState } from "../../../www/labs/pooling/state.js"
 * @import { PoolingLab } from "./lab.js"
 */

const WIDE = { viewport: { width: 1400, height: 1000 } };
const PHONE = {
  viewport: { width: 390, height: 844 },
  deviceScaleFactor: 2,
  hasTouch: true,
  isMobile: true,
};

/** What a learner may be looking at. @type {Record<string, Partial<PoolingLabState>>} */
const STATES = {
  "the first outputs": {},
  "norm, blur, adaptive and global": {
    methods: ["lp", "blur", "adaptive", "global"],
    method: "global",
  },
  "colour, unpooling and all gradients": {
    color: "color",
    size: [5, 5],
    restoring: "unpool",
    gradientOf: "all",
    measure: "follow",
  },
  "windows that do not fit": {
    picture: { kind: "pattern", name: "noise", seed: 1 },
    size: [15, 15],
    dilation: [16, 16],
    padding: "valid",
    stride: [16, 16],
    kernel: "random",
  },
};

/**
 * @param {PoolingLab} lab
 * @param {Partial<PoolingLabState>} state
 */
async function show(lab, state) {
  await lab.set({ ...poolingLabState.defaultState(), ...state });
  const { methods } = await lab.state();
  await expect(lab.page.locator(".card.output")).toHaveCount(methods.length);
  for (const method of methods) {
    await expect.poll(() => lab.output(method).isPainted()).toBe(true);
  }
  await expect(lab.page.locator(".moved .change")).toHaveCount(methods.length);
  await expect(lab.chart).toBeVisible();
}

for (const [screen, options] of Object.entries({ wide: WIDE, phone: PHONE })) {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    for (const locale of ["en", "ru"]) {
      test.describe(`${screen}, ${colorScheme}, ${locale}`, () => {
        test.use({ ...options, colorScheme, locale });

        test("axe finds nothing", async ({ lab }) => {
          test.slow();
          for (const [name, state] of Object.entries(STATES)) {
            await test.step(name, async () => {
              await show(lab, state);
              await expectNoViolation(lab.page);
            });
          }
        });

        test("nothing is wider than the screen", async ({ lab }) => {
          for (const state of Object.values(STATES)) {
            await show(lab, state);
            const overflow = () =>
              lab.page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
            await expect.poll(overflow).toBeLessThanOrEqual(0);
          }
        });
      });
    }
  }
}

test.describe("on touch", () => {
  test.use(PHONE);

  test("targets are at least 40 px and a tap explains a pixel", async ({ lab }) => {
    const small = await lab.element.evaluate((element) => {
      /** @param {ParentNode} root @returns {HTMLElement[]} */
      const within = (root) =>
        [...root.querySelectorAll("*")].flatMap((node) => [
          .../** @type {HTMLElement[]} */ (node.matches("button, select, summary") ? [node] : []),
          ...(node.shadowRoot ? within(node.shadowRoot) : []),
        ]);
      return within(/** @type {ShadowRoot} */ (element.shadowRoot))
        .filter((node) => node.checkVisibility())
        .filter((node) => node.getBoundingClientRect().height < 39.5)
        .map((node) => node.textContent?.trim() || node.ariaLabel);
    });
    expect(small).toEqual([]);
    const { x, y } = await lab.output("average").point(10, 10);
    await lab.page.touchscreen.tap(x, y);
    await expect.poll(async () => (await lab.state()).method).toBe("average");
  });

  test("a finger moves the picture", async ({ lab }) => {
    await lab.pad.scrollIntoViewIfNeeded();
    await lab.set({ shift: [0, 0] });
    const touch = async (/** @type {string} */ type, /** @type {number} */ x) =>
      lab.pad.dispatchEvent(type, {
        pointerId: 1,
        pointerType: "touch",
        button: 0,
        clientX: x,
        clientY: 300,
        bubbles: true,
        composed: true,
        isPrimary: true,
      });
    await lab.pad.evaluate((element) => {
      // A pointer that is not real cannot be captured.
      element.setPointerCapture = () => {};
    });
    const width = await lab.pad.evaluate((element) => element.clientWidth);
    await touch("pointerdown", 100);
    await touch("pointermove", 100 + (2 * width) / 48);
    await touch("pointerup", 100 + (2 * width) / 48);
    await lab.expectState({ shift: [0, 2] });
  });
});
