/**
 * The engine crashes, is cancelled, is busy, or cannot start its preferred way: the learner's work
 * stays, and the output is correct again as soon as the engine works.
 *
 * @import { Locator } from "@playwright/test"
 */
import { Lab } from "./lab.js";
import {
  choose,
  expect,
  expectOneProblem,
  isWorkerScript,
  png,
  problems,
  sabotage,
  serveFaults,
  test,
  work,
} from "./robustness-helpers.js";

const KERNEL = [
  [0, 2],
  [-1, 0],
];

/** What the browser logs when a worker dies of an error. */
const WORKER_DIED = /worker was killed/;

test("a trap is repaired by a new worker: right output, one notice, nothing lost", async ({
  page,
  serve,
}) => {
  const { address, started } = await serveFaults(serve, (index) =>
    index === 0 ? { traps: { kernellab_output: [2] } } : {},
  );
  const lab = new Lab(page);
  await lab.open(address);
  await lab.set({ kernel: KERNEL });
  await expectOneProblem(page, /^The computation stopped unexpectedly and was restarted\. /);
  await lab.expectOutput();
  await lab.expectInput();
  await lab.expectState({ kernel: KERNEL });
  expect(started()).toBe(2);
  expect(page.workers()).toHaveLength(1);
});

test("a trap outside the output computation is repaired too", async ({ page, serve }) => {
  const { address, started } = await serveFaults(serve, (index) =>
    index === 0 ? { traps: { kernellab_inspect: [1] } } : {},
  );
  const lab = new Lab(page);
  await lab.open(address);
  await expectOneProblem(page, /^The computation stopped unexpectedly and was restarted\. /);
  await expect(lab.inspector).toContainText("products");
  await expect(page.locator("cnn-preset-gallery canvas").first()).toBeVisible();
  await lab.expectOutput();
  expect(started()).toBe(2);
});

test("an engine that always traps gives one sentence; once it works, so does the lab", async ({
  page,
  serve,
}) => {
  let isBroken = false;
  const { address } = await serveFaults(serve, (index) =>
    index === 0 || isBroken ? { traps: { kernellab_output: index === 0 ? [2] : "all" } } : {},
  );
  const lab = new Lab(page);
  await lab.open(address);
  isBroken = true;
  const before = await work(lab);
  await lab.set({ kernel: KERNEL });
  await expectOneProblem(
    page,
    /^The computation failed because of a bug in this page\. .* The output shown is the last valid one\./,
  );
  expect((await work(lab)).output).toBe(before.output);
  await lab.expectState({ kernel: KERNEL });
  isBroken = false;
  await lab.set({ bias: 0.5 });
  await lab.expectState({
    kernel: KERNEL,
    bias: 0.5,
  });
  await lab.expectOutput();
  await lab.expectInput();
  await expect.poll(() => problems(page)).toEqual([]);
});

test("a worker that dies between two calls is replaced at the next one", async ({
  lab,
  page,
  watch,
}) => {
  watch.allow(WORKER_DIED);
  await expect.poll(() => page.workers()).toHaveLength(1);
  const [worker] = page.workers();
  // An error thrown outside any call reaches the page as the worker's error event.
  await worker.evaluate(() => {
    setTimeout(() => {
      throw new Error("the worker was killed");
    });
  });
  await expect.poll(() => watch.passed).toContainEqual(expect.stringMatching(WORKER_DIED));
  await lab.set({ kernel: [[1, 1]] });
  await expectOneProblem(page, /^The computation stopped unexpectedly and was restarted\. /);
  await lab.expectOutput();
  expect(page.workers()).not.toContain(worker);
  expect(page.workers()).toHaveLength(1);
});

test("wasm that cannot be fetched gives one sentence, and is requested again", async ({
  page,
  watch,
}) => {
  watch.allow(/Failed to load resource|preload/);
  await page.route("**/*.wasm", (route) => route.fulfill({ status: 503, body: "" }));
  const lab = new Lab(page);
  await page.goto("./");
  await expectOneProblem(page, /^The computation failed because of a bug in this page\. /);
  await page.unroute("**/*.wasm");
  await lab.set({ kernel: [[0, 0.5]] });
  await lab.expectOutput();
  await expect(page.locator("cnn-preset-gallery canvas").first()).toBeVisible();
  await expect.poll(() => problems(page)).toEqual([]);
});

test("wasm served with a parameter after its media type is accepted", async ({ page, serve }) => {
  const headers = { "content-type": "application/wasm; charset=utf-8" };
  const address = await serve((path) => (path.endsWith(".wasm") ? { headers } : undefined));
  const lab = new Lab(page);
  await lab.open(address);
  await lab.expectOutput();
});

/** A long computation: all of it real, except that the worker stops at a gate. */
const LARGE = png(1024, 1024, (row, col) => [row % 256, col % 256, (row * col) % 256]);
const BLUR = Array.from({ length: 15 }, () => Array(15).fill(0.004));

const cancelButton = (/** @type {Lab} */ { page }) => page.getByRole("button", { name: /^Cancel/ });

/**
 * @param {Locator} inner
 * @param {Locator} outer
 */
async function isWithin(inner, outer) {
  const [box, bounds] = [await inner.boundingBox(), await outer.boundingBox()];
  if (!box || !bounds) return false;
  return (
    box.x >= bounds.x &&
    box.y >= bounds.y &&
    box.x + box.width <= bounds.x + bounds.width &&
    box.y + box.height <= bounds.y + bounds.height
  );
}

for (const [way, cancel] of /** @type {const} */ ([
  ["by Escape", (/** @type {Lab} */ lab) => lab.page.keyboard.press("Escape")],
  ["by its button", (/** @type {Lab} */ lab) => cancelButton(lab).click()],
])) {
  test(`a long computation is cancelled ${way}, and the lab keeps working`, async ({
    page,
    serve,
  }) => {
    const faults = (/** @type {number} */ index) =>
      index === 0 ? { waits: { kernellab_output: [2] } } : {};
    const { address, gate, started } = await serveFaults(serve, faults);
    const lab = new Lab(page);
    await lab.open(address);
    const before = await work(lab);
    await lab.set({ kernel: BLUR, color: "color" });
    await gate.reached;
    await choose(page, "large.png", LARGE);
    await lab.expectState({ picture: { kind: "upload", name: "large.png" } });
    await expect(cancelButton(lab)).toBeVisible();
    expect(await isWithin(cancelButton(lab), page.locator(".card.output"))).toBe(true);
    await page.locator("cnn-kernel-grid .cell").first().focus();
    await cancel(lab);
    await expectOneProblem(page, /^The computation was cancelled\. The output shown is/);
    await expect(cancelButton(lab)).toBeHidden();
    expect((await work(lab)).output).toBe(before.output);
    await lab.expectState({ kernel: BLUR, color: "color" });
    await lab.set({ bias: 0.125 });
    await expect.poll(() => lab.output.pixels()).toMatchObject({ width: 1024, height: 1024 });
    await expect.poll(() => lab.input.pixels()).toMatchObject({ width: 1038, height: 1038 });
    await expect.poll(() => problems(page)).toEqual([]);
    expect(started()).toBe(2);
  });
}

test("a fast drag is computed as fast as the engine can, and the last move wins", async ({
  page,
  serve,
}) => {
  const moves = 40;
  const { address, gate } = await serveFaults(serve, () => ({ waits: { kernellab_output: [2] } }));
  const lab = new Lab(page);
  await lab.open(address);
  await lab.set({ kernel: Array.from({ length: 5 }, () => Array(moves / 5).fill(0)) });
  await gate.reached;
  const worker = page.workers()[0];
  for (let cell = 0; cell < moves; cell++) {
    const { x, y } = await lab.cellPoint(Math.floor(cell / 8), cell % 8);
    await page.mouse.move(x, y);
    if (cell === 0) await page.mouse.down();
  }
  await page.mouse.up();
  gate.open();
  await lab.expectState({ kernel: Array.from({ length: 5 }, () => Array(8).fill(1)) });
  await lab.expectOutput();
  const calls = await worker.evaluate(() => /** @type {any} */ (globalThis).wasmCalls);
  // The first picture, the waiting kernel and the last kernel, not one per move.
  expect(calls.kernellab_output).toBe(3);
});

test.describe("the loader's fallbacks", () => {
  test("a module worker from its URL is the first choice", async ({ lab, page }) => {
    await lab.expectOutput();
    expect(page.workers().map((worker) => worker.url())).toEqual([
      expect.stringMatching(/^http:.*\/assets\/lab-kernel-worker-.*\.js$/),
    ]);
  });

  test("a classic worker from a Blob, if no worker script can be fetched", async ({
    page,
    serve,
    watch,
  }) => {
    watch.allow(/Failed to load resource/);
    const address = await serve((path) =>
      isWorkerScript(path) ? { status: 404, body: "" } : undefined,
    );
    const lab = new Lab(page);
    await lab.open(address);
    await lab.expectOutput();
    expect(page.workers().map((worker) => worker.url())).toEqual([expect.stringMatching(/^blob:/)]);
  });

  test("the page's own thread, if there are no workers", async ({ page }) => {
    await page.addInitScript(() => {
      Reflect.deleteProperty(globalThis, "Worker");
    });
    const lab = new Lab(page);
    await lab.open();
    await lab.set({ kernel: [[0.5, -0.5]] });
    await lab.expectOutput();
    expect(page.workers()).toEqual([]);
  });

  test("the page's own thread is repaired after a trap too", async ({ page }) => {
    await page.addInitScript(() => Reflect.deleteProperty(globalThis, "Worker"));
    await page.addInitScript(sabotage, { traps: { kernellab_output: [2] } });
    const lab = new Lab(page);
    await lab.open();
    await lab.set({ kernel: [[0.5, -0.5]] });
    await expectOneProblem(page, /^The computation stopped unexpectedly and was restarted\. /);
    await lab.expectOutput();
  });
});
