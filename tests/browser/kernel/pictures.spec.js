/**
 * Pictures from every source reach the lab unchanged, and their convolution matches the reference.
 */
import { writeFile } from "node:fs/promises";
import { box, difference, encoded, expect, photo, pictureOf, test } from "../shared/lab.js";
import { outputPicture } from "../shared/reference.js";

/**
 * @import { Page } from "@playwright/test"
 * @import { Lab } from "../shared/lab.js"
 * @import { Picture } from "../shared/reference.js"
 */

// Chromium's own test picture instead of a camera.
test.use({
  launchOptions: async ({ launchOptions }, use) =>
    use({
      ...launchOptions,
      args: [...(launchOptions.args ?? []), "--use-fake-device-for-media-stream"],
    }),
});

/** Odd-sized, and different along each axis and in each channel. */
const CHECKS = pictureOf(61, 37, (row, col) => [(row * 7) % 256, (col * 4) % 256, row & col & 255]);

for (const [name, label] of Object.entries({
  cat: "Cat",
  camera: "Cameraman",
  coffee: "Coffee",
  astronaut: "Astronaut",
  brick: "Bricks",
  rocket: "Rocket",
})) {
  test(`photograph: ${name}`, async ({ lab, page }) => {
    await page
      .getByRole("group", { name: "Input picture" })
      .getByRole("button", { name: label, exact: true })
      .click();
    await lab.expectState({ picture: { kind: "photo", name } });
    await lab.expectInput();
    await lab.expectOutput();
    await expect(page.locator("cnn-picture-picker")).toContainText(`${label}. Photo: `);
    await lab.choose("Colour", "colour");
    await lab.expectInput();
    expect(difference(await withoutPadding(lab), await photo(page, name))).toBe("none");
  });
}

/** Each test pattern by its definition, 256 x 256, the impulse 15 x 15. @type {Record<string, (row: number, col: number) => number>} */
const PATTERNS = {
  Impulse: (row, col) => (row === 7 && col === 7 ? 255 : 0),
  Step: (_, col) => (col < 128 ? 0 : 255),
  Checkerboard: (row, col) => ((row >> 4) + (col >> 4)) % 2 && 255,
  Gradient: (_, col) => col,
  Circle: (row, col) => {
    const inside = 96 - Math.hypot(row - 127.5, col - 127.5);
    return Math.floor(255 * Math.max(0, Math.min(inside + 0.5, 1)) + 0.5);
  },
};

test("test patterns match their definitions", async ({ lab }) => {
  for (const [label, byteAt] of Object.entries(PATTERNS)) {
    await pickPattern(lab, label);
    const side = label === "Impulse" ? 15 : 256;
    const picture = pictureOf(side, side, (row, col) => Array(3).fill(byteAt(row, col)));
    await expectBoth(lab, picture);
  }
});

test("noise is uniform over brightness, and the same on every visit", async ({ lab }) => {
  await pickPattern(lab, "Noise");
  await lab.expectState({ picture: { kind: "pattern", name: "noise", seed: 1 } });
  await expect.poll(async () => histogram(await withoutPadding(lab)).size).toBe(256);
  const noise = await withoutPadding(lab);
  // Expect 256 pixels of each value, with a standard deviation of 16.
  for (const count of histogram(noise).values()) expect(Math.abs(count - 256)).toBeLessThan(80);
  await expectBoth(lab, noise);
  await pickPattern(lab, "Step");
  await pickPattern(lab, "Noise");
  await expectBoth(lab, noise);
});

test("the small cat has its numbers in its cells, and those of the output", async ({ lab }) => {
  await lab.button("Small cat, 12 × 12: numbers in the cells").click();
  await lab.expectState({ picture: { kind: "pattern", name: "face", seed: 0 }, padding: "same" });
  const digits = lab.input.overlay.locator(".digit");
  await expect(digits).toHaveCount(14 * 14);
  await expect
    .poll(async () => new Set(await digits.allTextContents()))
    .toEqual(new Set(["0", "1"]));
  await expect(lab.output.overlay.locator(".digit")).toHaveCount(12 * 12);
  await expect(lab.output.overlay.locator(".digit").first()).toHaveText("3");
});

test("a new stride keeps the place that is looked at", async ({ lab }) => {
  await lab.set({ position: [86, 64] });
  await lab.fill("Stride", "4");
  await lab.expectState({ stride: [4, 4], position: [21, 16] });
  await lab.fill("Stride", "2");
  await lab.expectState({ stride: [2, 2], position: [42, 32] });
});

test.describe("a drawing", () => {
  test.beforeEach(async ({ lab }) => {
    await lab.press("Draw");
    await lab.expectState({ picture: { kind: "drawing", bits: `${"A".repeat(683)}=` } });
  });

  test("by mouse: a stroke is one step of undo", async ({ lab, page }) => {
    const blank = await lab.state();
    const paper = page.locator("cnn-drawing-pad canvas");
    await paper.scrollIntoViewIfNeeded();
    const { x, y, width, height } = await box(paper);
    const at = (/** @type {number} */ row, /** @type {number} */ col) =>
      /** @type {[number, number]} */ ([
        x + ((col + 0.5) / 64) * width,
        y + ((row + 0.5) / 64) * height,
      ]);
    await page.mouse.move(...at(10, 5));
    await page.mouse.down();
    await page.mouse.move(...at(10, 50));
    await page.mouse.move(...at(40, 50));
    await page.mouse.up();
    // A 3 x 3 brush covers 48 x 3 and 3 x 33 pixels, with one corner covered twice.
    await expect.poll(async () => ink(await lab.picture())).toBe(48 * 3 + 33 * 3 - 9);
    await lab.expectInput();
    await lab.expectOutput();
    await lab.button("Undo").click();
    expect(await lab.state()).toEqual(blank);
    await lab.expectOutput();
  });

  test("by keyboard: Space sets a dot, Shift with arrows draws a line", async ({ lab, page }) => {
    await lab.button("Brush 1 pixel wide").click();
    await page.getByRole("application", { name: "Drawing of 64 by 64 pixels" }).focus();
    await page.keyboard.press("Space");
    await expect.poll(async () => ink(await lab.picture())).toBe(1);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    for (let step = 0; step < 9; step++) await page.keyboard.press("Shift+ArrowRight");
    await expect.poll(async () => ink(await lab.picture())).toBe(1 + 10);
    await lab.expectInput();
    await lab.expectOutput();
    await lab.button("Clear the drawing").click();
    await expect.poll(async () => ink(await lab.picture())).toBe(0);
  });
});

test.describe("a picture file", () => {
  test("by the picker: its pixels and its name are kept, and a reload restores it", async ({
    lab,
    page,
  }) => {
    await choose(lab, { name: "checks.png", picture: CHECKS });
    await lab.expectState({ picture: { kind: "upload", name: "checks.png" } });
    await expectBoth(lab, CHECKS);
    await expect(page.locator("cnn-picture-picker")).toContainText("checks.png");
    await lab.choose("Colour", "colour");
    await expectBoth(lab, CHECKS);
    await expect.poll(() => storedUploads(page)).toBe(1);
    await lab.reload();
    await expectBoth(lab, CHECKS);
  });

  for (const [place, selector] of Object.entries({
    "the pictures": "cnn-picture-picker",
    "the input": ".card.input",
    "the kernel": "cnn-kernel-grid",
  })) {
    test(`by a drop on ${place}`, async ({ lab, page }, testInfo) => {
      const path = testInfo.outputPath("dropped.png");
      await writeFile(path, await encoded(page, CHECKS));
      await drop(page, selector, path);
      await lab.expectState({ picture: { kind: "upload", name: "dropped.png" } });
      await expectBoth(lab, CHECKS);
    });
  }

  test.describe("from the clipboard", () => {
    test.use({ permissions: ["clipboard-read", "clipboard-write"] });

    for (const focus of ["on the output", "nowhere"]) {
      test(`by Ctrl V with the focus ${focus}`, async ({ lab, page }) => {
        const base64 = (await encoded(page, CHECKS)).toString("base64");
        await page.evaluate(async (text) => {
          const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
          const blob = new Blob([bytes], { type: "image/png" });
          await navigator.clipboard.write([new ClipboardItem({ "image/png": blob })]);
        }, base64);
        if (focus === "on the output") await lab.output.viewport.focus();
        await page.keyboard.press("Control+V");
        await expect.poll(async () => (await lab.state()).picture.kind).toBe("upload");
        await expectBoth(lab, CHECKS);
      });
    }
  });

  test("transparent pixels are blended with white", async ({ lab }) => {
    const holed = pictureOf(20, 20, () => [0, 0, 0]);
    for (let pixel = 0; pixel < 400; pixel += 3) holed.rgba[4 * pixel + 3] = 0;
    await choose(lab, { name: "holed.png", picture: holed });
    await lab.expectState({ picture: { kind: "upload", name: "holed.png" } });
    await expectBoth(lab, holed);
  });

  test("above 1024 pixels per side it is scaled down, and the page says so", async ({
    lab,
    page,
  }) => {
    const wide = pictureOf(2048, 16, (_, col) => Array(3).fill(col >> 3));
    await choose(lab, { name: "wide.png", picture: wide });
    await expect(page.getByText("Scaled down from 2048 × 16 to 1024 × 8")).toBeVisible();
    await expect.poll(async () => (await lab.output.pixels()).width).toBe(1024);
    await expectBoth(lab, await withoutPadding(lab));
  });

  test("undo restores the previous picture", async ({ lab }) => {
    await choose(lab, { name: "checks.png", picture: CHECKS });
    await expectBoth(lab, CHECKS);
    await lab.button("Undo").click();
    await lab.expectOutput();
    await lab.button("Redo").click();
    await expectBoth(lab, CHECKS);
  });
});

test.describe("the camera", () => {
  test.use({ permissions: ["camera"] });

  test("runs live, each frame convolved, and stops when another picture is chosen", async ({
    page,
    lab,
  }) => {
    await page.evaluate(() => {
      const { mediaDevices } = navigator;
      const open = mediaDevices.getUserMedia.bind(mediaDevices);
      mediaDevices.getUserMedia = async (wanted) => {
        const stream = await open(wanted);
        Object.assign(globalThis, { cameraStream: stream });
        return stream;
      };
    });
    const isLive = () =>
      page.evaluate(() => {
        const { cameraStream } = /** @type {{ cameraStream?: MediaStream }} */ (
          /** @type {unknown} */ (globalThis)
        );
        return cameraStream?.getTracks().some(({ readyState }) => readyState === "live");
      });

    // In colour, the input canvas holds the exact bytes of the frame.
    await lab.set({ color: "color", padding: "valid" });
    await lab.press("Use the camera");
    await lab.expectState({ picture: { kind: "camera" } });
    await expect.poll(isLive).toBe(true);
    const first = await lab.input.pixels();
    await expect.poll(async () => difference(await lab.input.pixels(), first)).not.toBe("none");
    const state = await lab.state();
    await expect
      .poll(async () => {
        const { input, output } = await bothPixels(page);
        return difference(output, outputPicture(input, state));
      })
      .toBe("none");

    await lab.button("Cat").click();
    await lab.expectOutput();
    expect(await isLive()).toBe(false);
  });

  test("does not start from a link or a reload", async ({ page, lab }) => {
    await lab.press("Use the camera");
    await lab.expectState({ picture: { kind: "camera" } });
    await lab.reload();
    await expect(page.getByText("The camera is off.")).toBeVisible();
    await lab.press("Use the camera");
    await expect(page.getByText("The camera is off.")).toBeHidden();
  });
});

/**
 * Waits until the canvases show this picture and its convolution.
 * @param {Lab} lab
 * @param {Picture} picture
 */
async function expectBoth(lab, picture) {
  await lab.expectInput(picture);
  await lab.expectOutput("light", picture);
}

/**
 * The input canvas without its padding of one pixel.
 * @param {Lab} lab
 * @returns {Promise<Picture>}
 */
async function withoutPadding(lab) {
  const { width, height, rgba } = await lab.input.pixels();
  return pictureOf(width - 2, height - 2, (row, col) => {
    const start = 4 * ((row + 1) * width + col + 1);
    return [...rgba.slice(start, start + 3)];
  });
}

/**
 * Both canvases at the same instant.
 * @param {Page} page
 * @returns {Promise<{ input: Picture, output: Picture }>}
 */
function bothPixels(page) {
  return page.locator("cnn-kernel-lab").evaluate((lab) => {
    const [input, output] = ["input", "output"].map((card) => {
      const map = lab.shadowRoot?.querySelector(`.${card} cnn-feature-map`);
      const canvas = /** @type {HTMLCanvasElement} */ (map?.shadowRoot?.querySelector("canvas"));
      const { width, height } = canvas;
      const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
      return { width, height, rgba: context.getImageData(0, 0, width, height).data };
    });
    return { input, output };
  });
}

/**
 * @param {Lab} lab
 * @param {string} label
 */
async function pickPattern(lab, label) {
  await lab.press(label);
  await expect
    .poll(async () => (await lab.state()).picture)
    .toMatchObject({ kind: "pattern", name: label.toLowerCase() });
}

/**
 * Opens a picture as a PNG file through the browser's file chooser.
 * @param {Lab} lab
 * @param {{ name: string, picture: Picture }} file
 */
async function choose(lab, { name, picture }) {
  const opening = lab.page.waitForEvent("filechooser");
  await lab.press("Open a picture file");
  const buffer = await encoded(lab.page, picture);
  await (await opening).setFiles({ name, mimeType: "image/png", buffer });
}

/**
 * Drags a file from outside the browser onto an element.
 * @param {Page} page
 * @param {string} selector
 * @param {string} path
 */
async function drop(page, selector, path) {
  const target = page.locator(selector);
  await target.scrollIntoViewIfNeeded();
  const { x, y, width, height } = await box(target);
  const browser = await page.context().newCDPSession(page);
  for (const type of /** @type {const} */ (["dragEnter", "dragOver", "drop"])) {
    await browser.send("Input.dispatchDragEvent", {
      type,
      x: x + width / 2,
      y: y + height / 2,
      data: { items: [], files: [path], dragOperationsMask: 1 },
    });
  }
}

/**
 * How many uploads the browser stores for the page, without creating a database itself.
 * @param {Page} page
 */
function storedUploads(page) {
  return page.evaluate(async () => {
    const known = await indexedDB.databases();
    if (!known.some(({ name }) => name === "cnn-playground")) return 0;
    /** @type {<T>(request: IDBRequest<T>) => Promise<T>} */
    const answered = (request) =>
      new Promise((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await answered(indexedDB.open("cnn-playground"));
    const [store] = database.objectStoreNames;
    const count = await answered(database.transaction(store).objectStore(store).count());
    database.close();
    return count;
  });
}

/** Number of black pixels. @param {Picture} picture */
function ink({ rgba }) {
  let count = 0;
  for (let byte = 0; byte < rgba.length; byte += 4) count += rgba[byte] === 0 ? 1 : 0;
  return count;
}

/** Number of pixels per value of red. @param {Picture} picture */
function histogram({ rgba }) {
  /** @type {Map<number, number>} */
  const counts = new Map();
  for (let byte = 0; byte < rgba.length; byte += 4) {
    counts.set(rgba[byte], (counts.get(rgba[byte]) ?? 0) + 1);
  }
  return counts;
}

test("a link to a picture that is not here says what is shown instead", async ({ lab, page }) => {
  await lab.set({ picture: { kind: "upload", name: "my photo.jpg" } });
  await expect(page.getByRole("alert")).toContainText("my photo.jpg");
  await expect(lab.page.locator("cnn-picture-picker")).not.toContainText("my photo.jpg");
  await expect(page.getByRole("img", { name: /^Input: Cat/ })).toBeVisible();
  await page.getByRole("button", { name: "Undo" }).click();
  await lab.expectState({ picture: { kind: "photo", name: "cat" } });
});
