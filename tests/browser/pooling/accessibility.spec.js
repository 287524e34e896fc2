/** Accessibility of the pooling lab: touch. */
import { PHONE } from "../shared/screens.js";
import { expect, test } from "./lab.js";

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
      // A synthetic pointer cannot be captured.
      element.setPointerCapture = () => {};
    });
    const width = await lab.pad.evaluate((element) => element.clientWidth);
    await touch("pointerdown", 100);
    await touch("pointermove", 100 + (2 * width) / 96);
    await touch("pointerup", 100 + (2 * width) / 96);
    await lab.expectState({ shift: [0, 2] });
  });
});
