/** The pages and the script in `examples/`, as opened in a built clone. */
import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "./robustness-helpers.js";

const ROOT = new URL("../../../", import.meta.url);

/**
 * Opens an example from a server of the repository's root.
 * @param {import("@playwright/test").Page} page
 * @param {import("./robustness-helpers.js").Serve} serve
 * @param {string} name
 */
async function open(page, serve, name) {
  const address = await serve((path) =>
    /^(examples|dist)\//.test(path) ? { body: readFileSync(new URL(path, ROOT)) } : undefined,
  );
  // The pages have no icon, to keep them short.
  await page.route("**/favicon.ico", (route) => route.fulfill({ status: 204 }));
  await page.goto(`${address}examples/${name}`);
}

test("the lesson shows the lab with its kernel and its picture", async ({ page, serve }) => {
  await open(page, serve, "kernel-lab.html");
  const lab = page.locator("cnn-kernel-lab");
  await expect(lab.locator(".card.output canvas[role=img]")).toBeVisible();
  const state = await lab.evaluate((element) => /** @type {any} */ (element).state);
  expect(state.kernel[1]).toEqual([-2, 0, 2]);
  expect(state.picture).toEqual({ kind: "photo", name: "brick" });
});

test("the drawing's edges lie on its circle", async ({ page, serve }) => {
  await open(page, serve, "edges.html");
  await expect(page.locator("output")).toHaveText(/^\d+ pixels lie on the edge\.$/);
  const canvas = page.locator("canvas").last();
  const alpha = await canvas.evaluate((element) => {
    const context = /** @type {HTMLCanvasElement} */ (element).getContext("2d");
    const at = (/** @type {number} */ x) => context?.getImageData(x, 64, 1, 1).data[3];
    return { centre: at(64), edge: at(104), outside: at(120) };
  });
  expect(alpha.centre).toBe(0);
  expect(alpha.edge).toBeGreaterThan(100);
  expect(alpha.outside).toBe(0);
});

test("the convolution finds the blur", async ({ page, serve }) => {
  await open(page, serve, "learn-a-kernel.html");
  await expect(page.locator("output")).toHaveText(/^Loss after 300 steps/);
  const weights = (await page.locator("td").allTextContents()).map(Number);
  expect(weights).toHaveLength(9);
  for (const weight of weights) expect(weight).toBeCloseTo(1 / 9, 2);
});

test("the script describes a network", () => {
  const script = fileURLToPath(new URL("examples/describe-network.js", ROOT));
  const lines = String(execFileSync(process.execPath, [script, "resnet18"]))
    .trim()
    .split("\n");
  expect(lines.at(-1)).toMatch(/11689512 parameters$/);
  expect(lines.some((line) => /^layer1\.0\.conv1 .*64 x 56 x 56 .*36864/.test(line))).toBe(true);
});

test("every example is opened here", () => {
  const spec = readFileSync(fileURLToPath(import.meta.url), "utf8");
  const examples = readdirSync(new URL("examples/", ROOT));
  expect(
    examples.filter((name) => !spec.includes(`"${name}"`) && !spec.includes(`/${name}"`)),
  ).toEqual([]);
  expect(examples).toHaveLength(4);
});
