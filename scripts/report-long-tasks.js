import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { chromium } from "@playwright/test";
import { findBrowser, requireBrowser } from "./lib/browser.js";
import { Failure, main } from "./lib/failure.js";
import { requireNode } from "./lib/node.js";
import { fromRoot } from "./lib/paths.js";

/** @import { Page } from "@playwright/test" */

const SERVE = ["scripts/serve.js", "--port", "0"];
/** How many times slower the page's processor is made. */
const SLOWDOWN = 6;
/** Pointer positions of a stroke or a drag, and the pause between them. */
const MOVES = 60;
const PAUSE_MS = 16;
/** Time in which what a scene has started comes to rest. */
const REST_MS = 4000;

const LARGE = Array.from({ length: 15 }, () => Array(15).fill(0));

/** @type {Record<string, { lab: string, prepare?: (page: Page) => Promise<void>, act: (page: Page) => Promise<void> }>} */
const SCENES = {
  "dragging the picture of the pooling lab": {
    lab: "pooling",
    prepare: (page) => page.locator("cnn-shift-pad .viewport").scrollIntoViewIfNeeded(),
    act: (page) => drag(page, "cnn-shift-pad .viewport"),
  },
  "painting a kernel of 15 x 15": {
    lab: "kernel",
    prepare: (page) => setState(page, { kernel: LARGE }),
    act: (page) => drag(page, "cnn-kernel-grid .cells"),
  },
  "opening DenseNet-201": {
    lab: "receptive-field",
    act: (page) => setState(page, { net: { kind: "zoo", name: "densenet201" }, node: "" }),
  },
};

/**
 * Reports the tasks that keep the built page from answering (over 50 ms, with the processor slowed
 * down) while one drags, paints and opens a large network. It asserts nothing, because the times
 * depend on the machine as much as on the page.
 */
main(async () => {
  requireNode();
  await requireBrowser();
  const server = spawn(process.execPath, SERVE, {
    cwd: fromRoot(""),
    stdio: ["ignore", "pipe", "inherit"],
  });
  const browser = await chromium.launch({
    executablePath: findBrowser(),
    args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
  });
  try {
    const url = await firstLine(server);
    for (const [name, { lab, prepare, act }] of Object.entries(SCENES)) {
      const page = await browser.newPage({ viewport: { width: 1366, height: 768 } });
      await page.goto(`${url}#${lab}`);
      await page.waitForTimeout(REST_MS);
      await prepare?.(page);
      await page.waitForTimeout(REST_MS);
      const session = await page.context().newCDPSession(page);
      await session.send("Emulation.setCPUThrottlingRate", { rate: SLOWDOWN });
      await page.evaluate(watch);
      await act(page);
      await page.waitForTimeout(2 * REST_MS);
      const tasks = await page.evaluate(() => /** @type {any} */ (window).longTasks);
      const total = tasks.reduce(
        (/** @type {number} */ sum, /** @type {number} */ ms) => sum + ms,
        0,
      );
      console.log(
        `${name}: ${tasks.length} long tasks, ${Math.round(total)} ms in all, the longest ${Math.round(Math.max(0, ...tasks))} ms`,
      );
      await page.close();
    }
  } finally {
    await browser.close();
    server.kill();
  }
});

/** Runs in the page: collects the lengths of long tasks. */
function watch() {
  const tasks = /** @type {number[]} */ ([]);
  Object.assign(window, { longTasks: tasks });
  new PerformanceObserver((list) => {
    tasks.push(...list.getEntries().map(({ duration }) => duration));
  }).observe({ type: "longtask" });
}

/**
 * Draws a wave over an element with the mouse.
 * @param {Page} page
 * @param {string} selector
 */
async function drag(page, selector) {
  const box = await page.locator(selector).boundingBox();
  if (!box) throw new Failure(`${selector} is not on the page`);
  const at = (/** @type {number} */ step) =>
    /** @type {[number, number]} */ ([
      box.x + box.width * (0.1 + (0.8 * step) / MOVES),
      box.y + box.height * (0.5 + 0.35 * Math.sin(step / 5)),
    ]);
  await page.mouse.move(...at(0));
  await page.mouse.down();
  for (let step = 1; step <= MOVES; step++) {
    await page.mouse.move(...at(step));
    await page.waitForTimeout(PAUSE_MS);
  }
  await page.mouse.up();
}

/**
 * @param {Page} page
 * @param {object} fields
 */
async function setState(page, fields) {
  await page.evaluate((patch) => {
    const lab = /** @type {any} */ (document.querySelector("main > *"));
    lab.state = { ...lab.state, ...patch };
  }, fields);
}

/** @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, null>} child */
async function firstLine(child) {
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Failure("the page has not been built: run `npm run build` first");
}
