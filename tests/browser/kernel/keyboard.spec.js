/** The keyboard alone is enough: Tab reaches every control, and all work can be done. */
import { expect, test } from "../shared/lab.js";
import { inspection } from "../shared/reference.js";

/** @import { Locator, Page } from "@playwright/test" */

/** More than there are tab stops. */
const MOST_STOPS = 150;

test("Tab reaches every control once and leaves the page at the end", async ({ lab, page }) => {
  await lab.expectOutput();
  const stops = await walk(page);
  expect(stops.length).toBeLessThan(MOST_STOPS);
  expect(stops.filter((stop) => CONTROLS.includes(stop))).toEqual(CONTROLS);
});

test("from page load to a pinned pixel without a mouse", async ({ lab, page }) => {
  test.slow();
  const press = (/** @type {string} */ key) => page.keyboard.press(key);

  await press("Tab");
  await expect(page.getByRole("link", { name: "Skip to the lab" })).toBeFocused();
  await press("Enter");
  await expect(page.getByRole("main")).toBeFocused();

  await tabTo(lab.output.viewport);
  await press("ArrowDown");
  await press("Enter");
  await lab.expectState({ position: [87, 64], pins: [[87, 64]] });

  await tabTo(lab.page.locator(".preset[data-name=sobel_x]"));
  await press("End");
  await press("ArrowLeft");
  await press("ArrowLeft");
  await press("Enter");
  await lab.expectState({
    kernel: [
      [0, 1, 0],
      [1, -4, 1],
      [0, 1, 0],
    ],
  });

  await tabTo(lab.button("Coffee"));
  await press("Enter");
  await tabTo(lab.button("Other"));
  await press("Enter");
  await tabTo(lab.choice("Colour", "grey"));
  await press("ArrowRight");
  await press("Escape");

  await tabTo(lab.cell(0, 0));
  await press("Space");
  await press("ArrowDown");
  await press("ArrowRight");
  await page.keyboard.type("6/2");
  await press("Enter");
  await lab.expectState({
    kernel: [
      [1, 1, 0],
      [1, 3, 1],
      [0, 1, 0],
    ],
  });
  await lab.expectOutput();
  await tabTo(lab.page.getByRole("slider", { name: "Brush weight" }));
  await press("ArrowLeft");
  await tabTo(lab.button("Rotate 90° clockwise"));
  await tabTo(lab.button("Normalise"));
  await press("Enter");
  await tabTo(lab.page.getByRole("button", { name: /^Absolute sum 1/ }));
  await press("Enter");
  await lab.expectState({
    kernel: [
      [1 / 8, 1 / 8, 0],
      [1 / 8, 3 / 8, 1 / 8],
      [0, 1 / 8, 0],
    ],
  });

  await tabTo(lab.choice("Padding", "same"));
  await press("ArrowRight");
  await tabTo(lab.stepper("Stride"));
  await press("ArrowUp");
  await tabTo(lab.button("More"));
  await press("Enter");
  await tabTo(lab.choice("Padding mode", "zeros"));
  await press("End");
  await tabTo(lab.stepper("Bias"));
  await page.keyboard.type("0.25");
  await press("Enter");
  await tabTo(lab.choice("ReLU", "no"));
  await press("ArrowRight");
  await tabTo(lab.choice("Display range", "symmetric"));
  await press("ArrowLeft");
  await press("Escape");
  await lab.expectState({
    picture: { kind: "photo", name: "coffee" },
    color: "color",
    padding: "full",
    paddingMode: "circular",
    stride: [2, 2],
    bias: 0.25,
    relu: true,
  });
  await lab.expectOutput();
  await lab.expectInput();

  await tabTo(lab.choice("Channel", "red"));
  await press("ArrowRight");
  await tabTo(lab.button("Step forward"));
  await press("Space");
  // Stride 2 has halved the position, so that the place in the picture is the same.
  await lab.expectState({ channel: 1, position: [43, 33] });
  const { value } = inspection(await lab.picture(), await lab.state(), [43, 33], 1);
  const shown = Number(
    (await lab.inspector.locator(".value").getAttribute("title"))?.replace("−", "-"),
  );
  expect(Math.abs(shown - value)).toBeLessThan(1e-6);

  await press("Escape");
  await press("Control+Z");
  await lab.expectState({ position: [43, 32] });
});

test("Enter opens a menu, and Escape closes it and returns the focus", async ({ lab, page }) => {
  await lab.button("Paste a matrix").focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("textbox", { name: "Matrix of numbers" })).toBeFocused();
  await page.keyboard.type("1 2; 3 4");
  await page.keyboard.press("Escape");
  await expect(lab.button("Paste a matrix")).toBeFocused();

  await page.keyboard.press("Enter");
  await tabTo(lab.button("Use this matrix"));
  await page.keyboard.press("Enter");
  await expect(lab.button("Paste a matrix")).toBeFocused();
  await lab.expectState({
    kernel: [
      [1, 2],
      [3, 4],
    ],
  });
});

test("a focused control has a ring around it", async ({ lab, page }) => {
  await tabTo(lab.button("Share"));
  await expect(lab.button("Share")).toHaveCSS("outline-style", "solid");
  await page.keyboard.press("Shift+Tab");
  await expect(lab.button("Share")).toHaveCSS("outline-style", "none");
});

/** Tab stops by name; groups of choices with the group's name first. */
const CONTROLS = [
  "Skip to the lab",
  "Language: EN",
  "Theme",
  "Undo",
  "Redo",
  "Reset",
  "Share",
  "Input: Cat",
  "Zoom out",
  "Zoom in",
  "PNG",
  "CSV",
  "Output: 256 rows of 256 pixels",
  "Sobel x",
  "Small cat",
  "Cat",
  "Cameraman",
  "Coffee",
  "Astronaut",
  "Bricks",
  "Rocket",
  "Other",
  "Row 1",
  "Keys and gestures",
  "Brush sign: +",
  "Brush weight",
  "Brush symmetry: no symmetry",
  "Rotate 90° clockwise",
  "Flip horizontally",
  "Flip vertically",
  "Transpose: swap rows and columns",
  "Negate every weight",
  "Normalise",
  "Random weights",
  "Set every weight to 0",
  "Copy as",
  "Paste a matrix",
  "Size",
  "Keep the kernel square",
  "Padding: same",
  "Stride",
  "Same stride for rows and columns",
  "More",
  "Step back",
  "Play",
  "Step forward",
  "Output pixel",
  "Step by: pixel",
  "Speed: 1×",
  "Copy",
];

/**
 * Presses Tab until a control has the focus.
 * @param {Locator} control
 */
async function tabTo(control) {
  for (let press = 0; press < MOST_STOPS; press++) {
    const isThere = await control.evaluate(
      (element) => /** @type {ShadowRoot} */ (element.getRootNode()).activeElement === element,
    );
    if (isThere) return;
    await control.page().keyboard.press("Tab");
  }
  throw new Error(`${control} was not reached by Tab`);
}

/**
 * The names of all tab stops from the start of the page to its end, each up to its first comma.
 * @param {Page} page
 */
async function walk(page) {
  const stops = [];
  for (let press = 0; press < MOST_STOPS; press++) {
    await page.keyboard.press("Tab");
    const name = await page.evaluate(focusedName);
    if (name === null) break;
    stops.push(name.split(",")[0]);
  }
  return stops;
}

/**
 * Runs in the page.
 * @returns {string | null} null if nothing has the focus
 */
function focusedName() {
  let element = document.activeElement;
  while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
  if (!element || element === document.body) return null;
  const [label] = /** @type {HTMLInputElement} */ (element).labels ?? [];
  const labelText = [...(label?.childNodes ?? [])]
    .filter((node) => node.nodeType !== Node.COMMENT_NODE && !node.contains(element))
    .map((node) => node.textContent);
  const group = element.closest("[role=radiogroup]");
  const spoken = element.querySelector(".visually-hidden") ?? element;
  const name = labelledBy(element) || element.ariaLabel || labelText.join("") || spoken.textContent;
  return [group && labelledBy(group), name?.trim()].filter(Boolean).join(": ");

  /** @param {Element} named */
  function labelledBy(named) {
    const root = /** @type {ShadowRoot} */ (named.getRootNode());
    const by = root.getElementById(named.getAttribute("aria-labelledby") ?? "");
    return by?.ariaLabel ?? by?.textContent;
  }
}
