/** Every change can be undone, and a link or a reload restores everything. */
import { kernelLabState } from "../../../www/labs/kernel/state.js";
import { writeLink } from "../../../www/state/permalink.js";
import { difference, expect, Lab, test } from "../shared/lab.js";

/** @import { KernelLabState } from "../../../www/labs/kernel/state.js" */

/** A state that differs from the default in every field. */
const RICH = /** @type {Partial<KernelLabState>} */ ({
  kernel: [
    [0.1, -2, 1 / 3],
    [7, 0, 1e-3],
  ],
  picture: { kind: "photo", name: "rocket" },
  color: "color",
  padding: { top: 3, left: 0, bottom: 1, right: 5 },
  paddingMode: "reflect",
  stride: [1, 2],
  dilation: [3, 1],
  bias: -0.7,
  flipKernel: true,
  relu: true,
  display: { kind: "fixed", min: -0.25, max: 4 },
  position: [200, 17],
  channel: 2,
  pins: [
    [0, 0],
    [120, 99],
  ],
});

test.use({ permissions: ["clipboard-read", "clipboard-write"] });

/** Each makes one change to the lab through its controls. @type {Record<string, (lab: Lab) => Promise<unknown>>} */
const CHANGES = {
  "a stroke over three cells": stroke,
  "a typed weight": async (lab) => {
    await lab.cell(2, 2).press("Enter");
    await lab.page.keyboard.type("1/9");
    await lab.page.keyboard.press("Enter");
  },
  "a preset": (lab) => lab.page.locator('.preset[data-name="emboss"]').click(),
  "a tool": (lab) => lab.button("Rotate 90° clockwise").click(),
  "the kernel's size": (lab) => lab.fill("Size", "5"),
  padding: (lab) => lab.choose("Padding", "full"),
  "the padding mode": (lab) => lab.choose("Padding mode", "replicate"),
  stride: (lab) => lab.fill("Stride", "2"),
  dilation: (lab) => lab.fill("Dilation", "3"),
  bias: (lab) => lab.fill("Bias", "0.5"),
  ReLU: (lab) => lab.choose("ReLU", "yes"),
  "the flip": (lab) => lab.choose("Flip kernel", "yes"),
  colour: (lab) => lab.choose("Colour", "colour"),
  "the channel": (lab) => lab.choose("Channel", "blue"),
  "the display range": (lab) => lab.choose("Display range", "absolute"),
  "the picture": (lab) => lab.button("Coffee").click(),
  "a pin": (lab) => lab.output.viewport.press("Enter"),
  "the slide": (lab) => lab.button("Step forward").click(),
  "the reset": (lab) => lab.button("Reset").click(),
};

test("each change is one step: undo reverts them one by one, redo repeats them", async ({
  lab,
}) => {
  // About sixty steps, where other tests have five.
  test.slow();
  const states = [await lab.state()];
  for (const [name, change] of Object.entries(CHANGES)) {
    await test.step(name, async () => {
      await change(lab);
      await expect.poll(() => lab.state()).not.toEqual(states.at(-1));
    });
    states.push(await lab.state());
  }
  expect(states.at(-1)).toEqual(states[0]);
  for (const state of states.slice(0, -1).reverse()) {
    await lab.button("Undo").click();
    expect(await lab.state()).toEqual(state);
  }
  await expect(lab.button("Undo")).toBeDisabled();
  await lab.expectOutput();
  for (const state of states.slice(1)) {
    await lab.button("Redo").click();
    expect(await lab.state()).toEqual(state);
  }
  await expect(lab.button("Redo")).toBeDisabled();
  await lab.expectOutput();
});

test("undo and redo restore the pixels", async ({ lab }) => {
  const before = await lab.output.pixels();
  await stroke(lab);
  await lab.expectOutput();
  const after = await lab.output.pixels();
  expect(difference(after, before)).not.toBe("none");
  await lab.button("Undo").click();
  await lab.output.expectPixels(before);
  await lab.button("Redo").click();
  await lab.output.expectPixels(after);
});

test("Ctrl Z undoes; Ctrl Shift Z and Ctrl Y redo", async ({ lab, page }) => {
  const [before, after] = [SOBEL, [[1, 1, 1], SOBEL[1], SOBEL[2]]];
  await stroke(lab);
  for (const redo of ["Control+Shift+Z", "Control+Y"]) {
    await page.keyboard.press("Control+Z");
    await lab.expectState({ kernel: before });
    await page.keyboard.press(redo);
    await lab.expectState({ kernel: after });
  }
});

test("Ctrl with the key of Z undoes on a Russian keyboard, too", async ({ lab, page, context }) => {
  await stroke(lab);
  const keyboard = await context.newCDPSession(page);
  const key = { key: "я", code: "KeyZ", windowsVirtualKeyCode: 90, modifiers: 2 };
  await keyboard.send("Input.dispatchKeyEvent", { type: "rawKeyDown", ...key });
  await lab.expectState({ kernel: SOBEL });
});

test("a new change after undo drops the redo steps", async ({ lab }) => {
  await stroke(lab);
  await lab.button("Undo").click();
  await lab.choose("ReLU", "yes");
  await expect(lab.button("Redo")).toBeDisabled();
});

test("reset restores the defaults, and one undo the work", async ({ lab }) => {
  const start = await lab.state();
  await lab.set(RICH);
  const work = await lab.state();
  await lab.button("Reset").click();
  expect(await lab.state()).toEqual(start);
  await lab.expectOutput();
  await lab.button("Undo").click();
  expect(await lab.state()).toEqual(work);
  await lab.expectOutput();
});

test("a shared link opens the same state and the same pixels in a new page", async ({
  lab,
  page,
  context,
}) => {
  await lab.set(RICH);
  await lab.expectOutput();
  await lab.button("Share").click();
  await expect(lab.button("Link copied")).toBeVisible();
  const other = new Lab(await context.newPage());
  await other.open(await lab.clipboard());
  expect(await other.state()).toEqual(await lab.state());
  expect(await other.state()).toMatchObject(RICH);
  await other.output.expectPixels(await lab.output.pixels());
  await other.input.expectPixels(await lab.input.pixels());
  await expect(other.page.locator("cnn-pixel-inspector[compact]")).toHaveCount(2);
  expect(page.url()).toBe(other.page.url());
  expect(other.errors).toEqual([]);
});

for (const picture of /** @type {KernelLabState["picture"][]} */ ([
  { kind: "pattern", name: "noise", seed: 4294967295 },
  {
    kind: "drawing",
    bits: Buffer.from("a drawing of bytes ".repeat(27).slice(0, 512)).toString("base64"),
  },
])) {
  test(`a link carries a ${picture.kind}`, async ({ lab, context }) => {
    await lab.set({ picture });
    const size = picture.kind === "drawing" ? "64 × 64" : "256 × 256";
    await expect(lab.page.getByRole("region", { name: "Input", exact: true })).toContainText(size);
    await lab.button("Share").click();
    await expect(lab.button("Link copied")).toBeVisible();
    const other = new Lab(await context.newPage());
    await other.open(await lab.clipboard());
    expect(await other.state()).toEqual(await lab.state());
    await other.output.expectPixels(await lab.output.pixels());
    await other.input.expectPixels(await lab.input.pixels());
  });
}

test("the work survives a reload", async ({ lab }) => {
  await lab.set(RICH);
  await lab.reload();
  expect(await lab.state()).toMatchObject(RICH);
  await lab.expectOutput();
});

test("painting leaves one entry in the browser's history, not one per stroke", async ({
  lab,
  page,
}) => {
  const entries = await page.evaluate(() => history.length);
  await stroke(lab);
  await lab.reload();
  await lab.expectState({ kernel: [[1, 1, 1], SOBEL[1], SOBEL[2]] });
  expect(await page.evaluate(() => history.length)).toBe(entries);
});

test("back and forward move between links", async ({ lab, page }) => {
  const first = await lab.state();
  const second = { ...first, ...RICH };
  await page.evaluate(
    (hash) => {
      location.hash = hash;
    },
    writeLink(kernelLabState, /** @type {KernelLabState} */ (second), "en"),
  );
  await lab.expectState(RICH);
  await lab.expectOutput();
  await page.goBack();
  await lab.expectState(first);
  await lab.expectOutput();
  await page.goForward();
  await lab.expectState(RICH);
  await lab.expectOutput();
});

test("the link sets the language, and the language is remembered", async ({
  lab,
  page,
  browser,
}) => {
  await lab.choice("Language", "RU").click();
  await expect(page.locator("html")).toHaveAttribute("lang", "ru");
  await expect.poll(() => page.url()).toContain("lang=ru");
  await page.reload();
  await expect(page.getByRole("region", { name: "Ядро", exact: true })).toBeVisible();

  const stranger = await browser.newContext({ locale: "en" });
  const opened = await stranger.newPage();
  await opened.goto(page.url());
  await expect(opened.getByRole("region", { name: "Ядро", exact: true })).toBeVisible();
  await expect(opened).toHaveTitle(/ядра/i);
  await stranger.close();
});

test.describe("in a Russian browser", () => {
  test.use({ locale: "ru-RU" });

  test("the page speaks Russian, with a decimal comma", async ({ lab, page }) => {
    await expect(page.locator("html")).toHaveAttribute("lang", "ru");
    await lab.set({ kernel: [[0.5]] });
    await expect(lab.cell(0, 0).locator(".figure")).toHaveText("0,5");
    await lab.choice("Язык", "EN").click();
    await expect(lab.cell(0, 0).locator(".figure")).toHaveText("0.5");
  });
});

const SOBEL = [
  [-1, 0, 1],
  [-2, 0, 2],
  [-1, 0, 1],
];

/**
 * Paints the first row in one stroke.
 * @param {Lab} lab
 */
async function stroke(lab) {
  const [start, middle, end] = [
    await lab.cellPoint(0, 0),
    await lab.cellPoint(0, 1),
    await lab.cellPoint(0, 2),
  ];
  await lab.page.mouse.move(start.x, start.y);
  await lab.page.mouse.down();
  await lab.page.mouse.move(middle.x, middle.y);
  await lab.page.mouse.move(end.x, end.y);
  await lab.page.mouse.up();
}
