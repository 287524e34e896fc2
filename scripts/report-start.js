import { spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { chromium } from "@playwright/test";
import { findBrowser, requireBrowser } from "./lib/browser.js";
import { Failure, main } from "./lib/failure.js";
import { requireNode } from "./lib/node.js";
import { fromRoot } from "./lib/paths.js";

const RUNS = 10;
/** Time for a new window's own work, such as loading its address bar pages. */
const WINDOW_START_MS = 2000;
/** Time by which the output has usually arrived; if not, the report waits for it. */
const SHOWN_MS = 2000;
const SERVE = ["scripts/serve.js", "--port", "0"];

/** The steps to the first output, in order; {@link watch} sets each mark. */
const MARKS = {
  response: "the page's HTML has come",
  script: "its script has come",
  elements: "the elements are defined",
  wasm: "the wasm is compiled",
  worker: "the worker is ready",
  photo: "the photograph is decoded",
  output: "the first output is painted",
};

/**
 * Reports how long a learner waits for the first output of the built page: from the start of the
 * navigation to the frame that shows the convolved photograph, with an empty cache. It asserts
 * nothing, because the times depend on the machine as much as on the page.
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
    // The first run also starts the browser's own services, so it does not count.
    await measure(browser, url);
    const runs = [];
    for (let run = 0; run < RUNS; run++) runs.push(await measure(browser, url));
    print(runs);
  } finally {
    await browser.close();
    server.kill();
  }
});

/** @param {import("node:child_process").ChildProcessByStdio<null, import("node:stream").Readable, null>} child */
async function firstLine(child) {
  for await (const line of createInterface({ input: child.stdout })) return line;
  throw new Failure("the page has not been built: run `npm run build` first");
}

/**
 * @param {import("@playwright/test").Browser} browser
 * @param {string} url
 * @returns {Promise<Record<string, number>>}  milliseconds after the navigation began, by mark
 */
async function measure(browser, url) {
  const context = await browser.newContext({ viewport: { width: 1400, height: 1000 } });
  try {
    const page = await context.newPage();
    await page.addInitScript(watch);
    await page.waitForTimeout(WINDOW_START_MS);
    await page.goto(url, { waitUntil: "commit" });
    // Querying the page would run scripts that a learner's browser does not run.
    await page.waitForTimeout(SHOWN_MS);
    await page.waitForFunction(() => performance.getEntriesByName("output").length > 0);
    return await page.evaluate(marks);
  } finally {
    await context.close();
  }
}

/** Runs in the page before its own scripts and marks what they do. */
function watch() {
  const mark = (/** @type {string} */ name) => {
    if (performance.getEntriesByName(name, "mark").length === 0) performance.mark(name);
  };
  customElements.whenDefined("cnn-kernel-lab").then(() => mark("elements"));
  const { compileStreaming } = WebAssembly;
  WebAssembly.compileStreaming = async (source) => {
    const module = await compileStreaming(source);
    mark("wasm");
    return module;
  };
  const Original = Worker;
  globalThis.Worker = class extends Original {
    /** @param {ConstructorParameters<typeof Worker>} args */
    constructor(...args) {
      super(...args);
      this.addEventListener("message", () => mark("worker"), { once: true });
    }
  };
  const { decode } = HTMLImageElement.prototype;
  HTMLImageElement.prototype.decode = async function () {
    await decode.call(this);
    mark("photo");
  };
  const { putImageData } = CanvasRenderingContext2D.prototype;
  /** @type {any} */ (CanvasRenderingContext2D.prototype).putImageData = function (
    /** @type {any[]} */ ...args
  ) {
    Reflect.apply(putImageData, this, args);
    const map = this.canvas.getRootNode().host;
    // The task after the next frame starts once that frame has been presented.
    if (map?.closest?.(".output")) {
      requestAnimationFrame(() => setTimeout(() => mark("output")));
    }
  };
}

/** Runs in the page. */
function marks() {
  const [navigation] = /** @type {PerformanceNavigationTiming[]} */ (
    performance.getEntriesByType("navigation")
  );
  const resources = /** @type {PerformanceResourceTiming[]} */ (
    performance.getEntriesByType("resource")
  );
  const script = resources.find(({ initiatorType }) => initiatorType === "script");
  const own = performance.getEntriesByType("mark").map(({ name, startTime }) => [name, startTime]);
  return {
    response: navigation.responseEnd,
    script: script?.responseEnd ?? Number.NaN,
    ...Object.fromEntries(own),
  };
}

/** @param {Record<string, number>[]} runs */
function print(runs) {
  const totals = runs.map(({ output }) => Math.round(output)).sort((a, b) => a - b);
  console.log(`First output ${median(totals)} ms after navigation`);
  console.log(`(median of ${RUNS} runs with an empty cache: ${totals.join(", ")})`);
  for (const [name, words] of Object.entries(MARKS)) {
    const ms = median(runs.map((run) => run[name]));
    console.log(`${String(Math.round(ms)).padStart(6)} ms  ${words}`);
  }
}

/** @param {number[]} values */
function median(values) {
  const sorted = values.toSorted((a, b) => a - b);
  return (
    (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2
  );
}
