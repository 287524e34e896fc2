/** The single file, opened from disk by a double click: no server, no other files, no network. */
import { copyFileSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { Lab } from "./lab.js";
import { choose, DIST, expect, png, problems, test } from "./robustness-helpers.js";

/**
 * Every request of a page to anything but the file itself and its contents.
 * @type {WeakMap<import("@playwright/test").BrowserContext, string[]>}
 */
const requests = new WeakMap();

test.beforeEach(async ({ context, page }, testInfo) => {
  /** @type {string[]} */
  const asked = [];
  requests.set(context, asked);
  context.on("request", (request) => {
    const { protocol } = new URL(request.url());
    const isOwn = protocol === "file:" && request.isNavigationRequest();
    if (!isOwn && protocol !== "data:" && protocol !== "blob:") asked.push(request.url());
  });
  // Alone in a folder, under a name that a person might choose.
  const copy = testInfo.outputPath("Копия урока, 2.html");
  copyFileSync(new URL("cnn-playground.html", DIST), copy);
  await page.goto(pathToFileURL(copy).href);
});

test.afterEach(({ context }) => {
  expect(requests.get(context)).toEqual([]);
});

test("the first output appears, from a worker inside the file", async ({ page }) => {
  const lab = new Lab(page);
  await expect.poll(() => lab.output.isPainted()).toBe(true);
  await lab.expectOutput();
  expect(page.workers().map((worker) => worker.url())).toEqual([expect.stringMatching(/^blob:/)]);
  expect(await problems(page)).toEqual([]);
});

test("painting, a photograph, a pattern and an upload work", async ({ page }) => {
  const lab = new Lab(page);
  await expect.poll(() => lab.output.isPainted()).toBe(true);
  const from = await lab.cellPoint(0, 0);
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  const to = await lab.cellPoint(0, 2);
  await page.mouse.move(to.x, to.y, { steps: 5 });
  await page.mouse.up();
  await lab.expectState({
    kernel: [
      [1, 1, 1],
      [-2, 0, 2],
      [-1, 0, 1],
    ],
  });
  await lab.expectOutput();
  await lab.button("Coffee").click();
  await lab.expectState({ picture: { kind: "photo", name: "coffee" } });
  await lab.expectOutput();
  const photograph = await lab.output.pixels();
  await lab.press("Checkerboard");
  await expect
    .poll(async () => Buffer.compare(bytes(await lab.output.pixels()), bytes(photograph)))
    .not.toBe(0);
  await lab.expectState({ picture: { kind: "pattern", name: "checkerboard", seed: 1 } });
  await choose(
    page,
    "small.png",
    png(9, 7, (row, col) => [30 * row, 28 * col, 99]),
  );
  await expect.poll(() => lab.output.pixels()).toMatchObject({ width: 9, height: 7 });
  expect(await problems(page)).toEqual([]);
});

test("the link of a state restores it, after a reload too", async ({ page }) => {
  const lab = new Lab(page);
  await expect.poll(() => lab.output.isPainted()).toBe(true);
  await lab.set({ kernel: [[1, -1]], bias: 0.5 });
  await expect.poll(() => new URL(page.url()).hash).toMatch(/^#kernel=/);
  await expect.poll(() => bias(page.url())).toBe(0.5);
  await page.reload();
  await lab.expectState({ kernel: [[1, -1]], bias: 0.5 });
  await lab.expectOutput();
});

/** @param {import("./reference.js").Picture} picture */
function bytes({ rgba }) {
  return Buffer.from(rgba);
}

/** The bias in an address. @param {string} url */
function bias(url) {
  const token = new URLSearchParams(new URL(url).hash.slice(1)).get("kernel") ?? "";
  return JSON.parse(Buffer.from(token, "base64url").toString() || "{}").bias;
}

test("networks learn from the digits inside the file", async ({ page }) => {
  await page.goto(`${page.url().split("#")[0]}#training`);
  const runs = page.locator("cnn-training-lab .run");
  await expect(runs).toHaveCount(5);
  await expect(runs.first().locator("b")).toHaveText(/%/);
  const step = page.locator(".timeline b");
  await expect
    .poll(async () => Number((await step.innerText()).replace(/\D/g, "")))
    .toBeGreaterThan(9);
});
