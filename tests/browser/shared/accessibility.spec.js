/**
 * Accessibility of every lab: axe, width and target size, in pairwise combinations of screen,
 * colours and language, each state entered once.
 *
 * A lab's folder has `states.js` with `forEachState`, which runs through all states that a learner
 * may see, and the `test` that provides its `lab`.
 */
import { expect } from "@playwright/test";
import { LABS } from "../../../www/labs/registry.js";
import { expectNoViolation } from "./axe.js";
import { PHONE, WIDE } from "./screens.js";

for (const { name } of LABS) {
  const { forEachState, test } = await import(`../${name}/states.js`);

  for (const [screen, options, colorScheme, locale] of /** @type {const} */ ([
    ["wide", WIDE, "light", "en"],
    ["wide", WIDE, "dark", "ru"],
    ["phone", PHONE, "light", "ru"],
    ["phone", PHONE, "dark", "en"],
  ])) {
    test.describe(`${name}: ${screen}, ${colorScheme}, ${locale}`, () => {
      test.use({ ...options, colorScheme, locale });

      test("in no state does axe find a problem, is anything wider than the screen, or a target smaller than 24 px", async (/** @type {any} */ {
        lab,
        page,
      }) => {
        // A lab has up to twenty states, and axe looks at all that each shows.
        test.setTimeout(240_000);
        await forEachState(lab, async (/** @type {string} */ state) => {
          await expectNoViolation(page);
          const overflow = () =>
            page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          await expect.poll(overflow, state).toBeLessThanOrEqual(0);
          expect(await page.evaluate(smallTargets), state).toEqual([]);
        });
      });
    });
  }
}

/** Runs in the page: finds targets smaller than allowed (WCAG 2.2, 2.5.8). */
function smallTargets() {
  const SMALLEST = 24;
  const pressable =
    "button, select, input, textarea, a[href], summary, [role=gridcell], [role=slider]";
  /** @param {Document | ShadowRoot} root @returns {Element[]} */
  const within = (root) =>
    [...root.querySelectorAll("*")].flatMap((element) => [
      element,
      ...(element.shadowRoot ? within(element.shadowRoot) : []),
    ]);
  return within(document)
    .filter((element) => element.matches(pressable) && element.checkVisibility())
    .filter((element) => element.getClientRects().length > 0 && !element.matches(".skip"))
    .filter((element) => !isManyCelled(element))
    .map((element) => ({
      element,
      box: (element.closest("label") ?? element).getBoundingClientRect(),
    }))
    .filter(({ box }) => box.width < SMALLEST - 0.01 || box.height < SMALLEST - 0.01)
    .map(({ element, box }) => {
      const name = element.getAttribute("aria-label") ?? element.textContent?.trim();
      return `${element.localName} ${element.className} "${name}": ${box.width} x ${box.height}`;
    });

  /** A cell of a large kernel, which keys and the grid's input can replace. @param {Element} element */
  function isManyCelled(element) {
    return (element.closest("[role=grid]")?.querySelectorAll("[role=gridcell]").length ?? 0) > 49;
  }
}
