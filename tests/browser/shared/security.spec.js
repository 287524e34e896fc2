/**
 * The page under policies that forbid everything it does not need, and under attack.
 */
import config from "../../../playwright.config.js";
import { Lab } from "./lab.js";
import { choose, expect, link, png, problems, test } from "./robustness-helpers.js";

const { launchOptions } = /** @type {any} */ (config.use);

test.use({
  launchOptions: {
    ...launchOptions,
    args: [
      ...launchOptions.args,
      "--use-fake-ui-for-media-stream",
      "--use-fake-device-for-media-stream",
    ],
  },
  permissions: ["camera", "clipboard-read", "clipboard-write"],
});

/** @type {WeakMap<import("@playwright/test").BrowserContext, string[]>} */
const strange = new WeakMap();

test.beforeEach(async ({ context, page }) => {
  /** @type {string[]} */
  const requests = [];
  strange.set(context, requests);
  context.on("request", (request) => {
    const { protocol, hostname } = new URL(request.url());
    const isOwn = hostname === "localhost" || ["data:", "blob:"].includes(protocol);
    if (!isOwn) requests.push(request.url());
  });
  await page.addInitScript(() => {
    Object.assign(window, { violations: [] });
    addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI, sample }) =>
      /** @type {any} */ (window).violations.push([violatedDirective, blockedURI, sample]),
    );
  });
});

test.afterEach(async ({ context, page }) => {
  expect(await page.evaluate(() => /** @type {any} */ (window).violations)).toEqual([]);
  expect(strange.get(context)).toEqual([]);
});

test("using every feature violates no rule of the page's own policy", async ({ lab, page }) => {
  const policy = await page.locator("meta[http-equiv]").getAttribute("content");
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toMatch(/unsafe-inline|unsafe-eval(?<!wasm-unsafe-eval)|https?:|\*/);
  await tour(lab);
});

/** Without Blobs, frames and foreign windows, which the page does not need. */
const STRICT = {
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "worker-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
    "trusted-types lit-html cnn-playground",
  ].join("; "),
  "cross-origin-embedder-policy": "require-corp",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
};

test("every feature works under an even stricter policy of the server, in another folder", async ({
  page,
  serve,
}) => {
  const lab = new Lab(page);
  await lab.open(await serve(() => ({ headers: STRICT })));
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  await tour(lab);
});

test("text never becomes markup: file names, links and matrices stay text", async ({
  lab,
  page,
}) => {
  const markup = `<img src=x onerror="window.ran=1">`;
  await choose(page, `${markup}.png`, png(6, 6));
  await expect.poll(() => lab.output.pixels()).toMatchObject({ width: 6, height: 6 });
  await expect(page.locator("cnn-picture-picker .caption")).toContainText(markup);
  await lab.button("Paste a matrix").click();
  await page.getByRole("textbox", { name: "Matrix of numbers" }).fill(`1 ${markup}`);
  await lab.button("Use this matrix").click();
  await expect(page.locator("cnn-kernel-tools .paste .problem")).toContainText("<img");
  await page.goto("about:blank");
  await lab.open(link({ picture: { kind: "upload", name: markup } }));
  await expect(page.getByRole("alert")).toContainText(markup);
  expect(await page.evaluate(() => "ran" in window)).toBe(false);
  expect(await page.locator("cnn-kernel-lab img[src='x']").count()).toBe(0);
});

test("strings are refused under Trusted Types", async ({ lab, page, watch }) => {
  watch.allow(/requires 'TrustedHTML'/);
  await expect.poll(() => lab.output.isPainted()).toBe(true);
  const refused = await page.evaluate(() => {
    try {
      document.body.setHTMLUnsafe?.("<p>");
      return "taken";
    } catch (error) {
      return /** @type {Error} */ (error).name;
    }
  });
  expect(refused).toBe("TypeError");
  await page.evaluate(() => Object.assign(window, { violations: [] }));
});

test("a link alone does not switch the camera on", async ({ page }) => {
  await page.addInitScript(() => {
    Object.assign(window, { asked: 0 });
    navigator.mediaDevices.getUserMedia = async () => {
      /** @type {any} */ (window).asked += 1;
      throw new Error("asked");
    };
  });
  const lab = new Lab(page);
  await lab.open(link({ picture: { kind: "camera" } }));
  await expect(page.getByRole("alert")).toContainText("The camera is off.");
  expect(await page.evaluate(() => /** @type {any} */ (window).asked)).toBe(0);
});

/**
 * Uses every feature of the page.
 * @param {Lab} lab
 */
async function tour(lab) {
  test.slow();
  const { page } = lab;
  await lab.expectOutput();
  await lab.cell(1, 1).click();
  for (const name of ["Flip horizontally", "Random weights", "Undo", "Redo"]) {
    await lab.button(name).click();
  }
  await page.locator("cnn-preset-gallery button[popovertarget]").click();
  await page.getByRole("button", { name: /^Gabor/ }).click();
  await expect.poll(async () => (await lab.state()).kernel.length).toBeGreaterThan(3);
  await page.keyboard.press("Escape");
  await lab.button("Keys and gestures").click();
  await page.keyboard.press("Escape");
  await lab.button("Normalise").click();
  await page.getByRole("button", { name: /^Absolute sum 1/ }).click();
  for (const format of ["NumPy", "LaTeX"]) {
    await lab.button("Copy as").click();
    await lab.button(format).click();
  }
  await expect.poll(() => lab.clipboard()).toContain("matrix}");
  await lab.button("Paste a matrix").click();
  await page.getByRole("textbox", { name: "Matrix of numbers" }).fill("1 0 -1");
  await lab.button("Use this matrix").click();
  await lab.expectState({ kernel: [[1, 0, -1]] });
  await lab.choose("Padding", "full");
  await lab.choose("Display range", "absolute");
  await lab.choose("Colour", "colour");
  await lab.expectOutput();
  for (const place of [
    [10, 20],
    [200, 100],
  ]) {
    const { x, y } = await lab.output.point(place[0], place[1]);
    await page.mouse.click(x, y);
  }
  await expect.poll(async () => (await lab.state()).pins).toHaveLength(2);
  await lab.button("Play").click();
  await lab.button("Stop: show the whole output").click();
  for (const kind of ["PNG", "CSV"]) {
    const download = page.waitForEvent("download");
    await lab.button(kind).click();
    expect((await download).suggestedFilename()).toBe(
      `cnn-playground-output.${kind.toLowerCase()}`,
    );
  }
  await lab.press("Circle");
  await lab.expectState({ picture: { kind: "pattern", name: "circle", seed: 1 } });
  await choose(
    page,
    "red.png",
    png(20, 16, () => [255, 0, 0]),
  );
  await expect.poll(() => lab.output.pixels()).toMatchObject({ width: 22, height: 16 });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="30" height="20"><path d="M0 0h9v9z"/></svg>`;
  await choose(page, "drawn.svg", svg, "image/svg+xml");
  await expect.poll(() => lab.output.pixels()).toMatchObject({ width: 32, height: 20 });
  await lab.press("Draw");
  await page.locator("cnn-drawing-pad canvas").click({ position: { x: 50, y: 60 } });
  await lab.expectOutput();
  await lab.press("Use the camera");
  await expect.poll(async () => (await lab.output.pixels()).height).toBeGreaterThan(64);
  await lab.button("Cat").click();
  await lab.expectOutput();
  await lab.button("Share").click();
  await expect.poll(() => lab.clipboard()).toContain("#kernel=");
  await page.getByRole("combobox", { name: "Theme" }).selectOption("dark");
  await lab.expectOutput("dark");
  await page.getByRole("radio", { name: "RU" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "ru");
  expect(await problems(page)).toEqual([]);
}
