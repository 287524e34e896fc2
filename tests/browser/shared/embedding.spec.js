/** The package in other pages: placed, removed, asked for its state, framed. */
import { FeatureMap, photo } from "./lab.js";
import { outputPicture } from "./reference.js";
import { expect, problems, test } from "./robustness-helpers.js";

/**
 * @import { Page } from "@playwright/test"
 * @import { KernelLabElement } from "../../../www/labs/kernel/element.js"
 */

const A = { kernel: [[1, -1]], bias: 0.5, display: { kind: "clip" } };
const B = { kernel: [[0.25, 0.5, 0.25]], picture: { kind: "photo", name: "brick" } };

/**
 * A third-party page that contains labs.
 * @param {string} body
 * @param {string} [script]  address of the package's module
 */
function host(body, script = "./npm/define.js") {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>A lesson</title>
    <link rel="icon" href="data:,">
    <script type="module" src="${script}"></script><h1>A lesson</h1>${body}</html>`;
}

/** @param {Record<string, string>} attributes */
function labTag(attributes) {
  const written = Object.entries(attributes).map(([name, value]) => ` ${name}='${value}'`);
  return `<cnn-kernel-lab${written.join("")}></cnn-kernel-lab>`;
}

const TWO = host(
  labTag({ id: "a", state: JSON.stringify(A), theme: "dark" }) +
    labTag({ id: "b", state: JSON.stringify(B) }),
);

/**
 * @param {import("./robustness-helpers.js").Serve} serve
 * @param {string} page
 */
async function hosted(serve, page) {
  return `${await serve((path) => (path === "lesson.html" ? { body: page } : undefined))}lesson.html`;
}

/**
 * Waits until a lab shows what the reference computes for its state.
 * @param {Page} page
 * @param {string} selector
 * @param {import("./reference.js").Theme} [theme]
 */
async function expectOutput(page, selector, theme) {
  const output = new FeatureMap(page.locator(`${selector} .card.output cnn-feature-map`));
  await expect.poll(() => output.isPainted()).toBe(true);
  const state = await stateOf(page, selector);
  const { name } = /** @type {{ name: string }} */ (state.picture);
  await output.expectPixels(outputPicture(await photo(page, name), state, theme));
}

/**
 * @param {Page} page
 * @param {string} selector
 * @returns {Promise<KernelLabElement["state"]>}
 */
function stateOf(page, selector) {
  return page.locator(selector).evaluate((lab) => /** @type {any} */ (lab).state);
}

test("two labs on a page have their own states and themes, and one worker", async ({
  page,
  serve,
}) => {
  await page.goto(await hosted(serve, TWO));
  await expectOutput(page, "#a", "dark");
  await expectOutput(page, "#b", "light");
  expect(await stateOf(page, "#a")).toMatchObject(A);
  expect(await stateOf(page, "#b")).toMatchObject(B);
  expect(page.workers()).toHaveLength(1);
  expect(new URL(page.url()).hash).toBe("");
});

test("a state set before the element was defined is used", async ({ page, serve }) => {
  const early = `<cnn-kernel-lab id="a"></cnn-kernel-lab>
    <script>document.getElementById("a").state = ${JSON.stringify(A)};</script>`;
  // The policy of the package's host allows its own scripts.
  await page.goto(await hosted(serve, host(early)));
  await expectOutput(page, "#a");
  expect(await stateOf(page, "#a")).toMatchObject(A);
});

test("a lab removed and inserted again twenty times leaves nothing behind", async ({
  page,
  serve,
}) => {
  await page.addInitScript(countListeners);
  await page.goto(await hosted(serve, TWO));
  await expectOutput(page, "#a", "dark");
  await expectOutput(page, "#b");
  const before = await listeners(page);
  expect(before["Window hashchange"]).toBe(2);
  await page.evaluate(async () => {
    const lab = /** @type {KernelLabElement} */ (document.getElementById("a"));
    for (let time = 0; time < 20; time++) {
      lab.remove();
      await new Promise(requestAnimationFrame);
      document.body.prepend(lab);
      await lab.updateComplete;
    }
  });
  await expectOutput(page, "#a", "dark");
  expect(await listeners(page)).toEqual(before);
  expect(page.workers()).toHaveLength(1);
  expect(await stateOf(page, "#a")).toMatchObject(A);
  await page.evaluate(() => {
    for (const lab of document.querySelectorAll("cnn-kernel-lab")) lab.remove();
  });
  expect(Object.entries(await listeners(page)).filter(([, count]) => count > 0)).toEqual([]);
});

/** @param {Page} page @returns {Promise<Record<string, number>>} */
function listeners(page) {
  return page.evaluate(() => /** @type {any} */ (window).listeners);
}

/** Runs in the page first: counts the listeners that a lab must remove itself. */
function countListeners() {
  /** @type {Record<string, number>} */
  const listeners = {};
  Object.assign(window, { listeners });
  // The test driver adds listeners too.
  const ofDriver = /^(__playwright|mouse|pointer|touch|click|auxclick|dblclick|contextmenu)/;
  const { addEventListener, removeEventListener } = EventTarget.prototype;
  const count = (
    /** @type {EventTarget} */ target,
    /** @type {string} */ type,
    /** @type {number} */ change,
  ) => {
    const isLasting = target === window || target === document || target instanceof MediaQueryList;
    if (!isLasting || ofDriver.test(type)) return;
    const name = `${target.constructor.name} ${type}`;
    listeners[name] = (listeners[name] ?? 0) + change;
  };
  EventTarget.prototype.addEventListener = function (
    /** @type {Parameters<EventTarget["addEventListener"]>} */ ...args
  ) {
    count(this ?? window, args[0], 1);
    return addEventListener.apply(this ?? window, args);
  };
  EventTarget.prototype.removeEventListener = function (
    /** @type {Parameters<EventTarget["removeEventListener"]>} */ ...args
  ) {
    count(this ?? window, args[0], -1);
    return removeEventListener.apply(this ?? window, args);
  };
}

for (const [what, state, sentence] of [
  [
    "is not JSON",
    "{kernel",
    /^Expected this lab’s settings, .*: settings\. The default settings are/,
  ],
  [
    "has a wrong field",
    '{"kernel":"x"}',
    /^Expected this lab’s settings, .*: kernel\. The default/,
  ],
  [
    "is of another version",
    '{"v":9}',
    /^This link was made by another version of the page \(9\)\./,
  ],
]) {
  test(`a state attribute that ${what} is refused in one sentence`, async ({ page, serve }) => {
    await page.goto(await hosted(serve, host(labTag({ state: String(state) }))));
    await expectOutput(page, "cnn-kernel-lab");
    expect(await problems(page)).toEqual([expect.stringMatching(sentence)]);
    expect((await stateOf(page, "cnn-kernel-lab")).kernel).toHaveLength(3);
  });
}

test("an unknown theme follows the page, and lang sets the language", async ({ page, serve }) => {
  await page.goto(await hosted(serve, host(labTag({ theme: "purple", lang: "ru" }))));
  await expectOutput(page, "cnn-kernel-lab", "light");
  await expect(page.getByRole("heading", { name: "Выход", exact: true })).toBeVisible();
});

test("each lab has the language of its lang, which can change", async ({ page, serve }) => {
  const labs = labTag({ id: "a", lang: "ru" }) + labTag({ id: "b", lang: "en" });
  await page.goto(await hosted(serve, host(labs)));
  const heading = (/** @type {string} */ id) => page.locator(`#${id} .card.output h2`);
  const zoom = (/** @type {string} */ id) => page.locator(`#${id} .card.input .zoom .percent`);
  await expectOutput(page, "#a");
  await expectOutput(page, "#b");
  await expect(heading("a")).toHaveText("Выход");
  await expect(zoom("a")).toHaveText("100\u00a0%");
  await expect(heading("b")).toHaveText("Output");
  await expect(zoom("b")).toHaveText("100%");
  await page.locator("#a").evaluate((lab) => lab.setAttribute("lang", "en"));
  await expect(heading("a")).toHaveText("Output");
  await expect(zoom("a")).toHaveText("100%");
});

test("the state property sets a state, returns it, and refuses an invalid one", async ({
  page,
  serve,
}) => {
  await page.goto(await hosted(serve, host(labTag({ id: "a" }))));
  await expectOutput(page, "#a");
  await page.evaluate(() => {
    Object.assign(window, { changes: [] });
    addEventListener("cnn-change", (event) =>
      /** @type {any} */ (window).changes.push(/** @type {CustomEvent} */ (event).detail.state),
    );
  });
  await set(page, { kernel: [[2]], relu: true });
  await expectOutput(page, "#a");
  const changes = await page.evaluate(() => /** @type {any} */ (window).changes);
  expect(changes).toHaveLength(1);
  expect(changes[0]).toMatchObject({ kernel: [[2]], relu: true, v: 1 });
  expect(await stateOf(page, "#a")).toEqual(changes[0]);
  await set(page, { kernel: [[1], [2, 3]] });
  await expect
    .poll(() => problems(page))
    .toEqual([
      expect.stringMatching(/^Expected this lab’s settings, .*: kernel\. The screen stays/),
    ]);
  expect(await stateOf(page, "#a")).toEqual(changes[0]);
  expect(await page.evaluate(() => /** @type {any} */ (window).changes.length)).toBe(1);
});

/**
 * @param {Page} page
 * @param {unknown} state
 */
function set(page, state) {
  return page.locator("#a").evaluate((lab, next) => {
    /** @type {any} */ (lab).state = next;
  }, state);
}

test("importing only the classes registers and starts nothing", async ({ page, serve }) => {
  await page.goto(await hosted(serve, host(labTag({}), "./npm/elements.js")));
  const { name, registered } = await page.evaluate(async () => {
    const { KernelLabElement } = await import(
      /* @vite-ignore */ new URL("./npm/elements.js", location.href).href
    );
    const isRegistered = customElements.get("cnn-kernel-lab") !== undefined;
    return { name: typeof KernelLabElement, registered: isRegistered };
  });
  expect(name).toBe("function");
  expect(registered).toBe(false);
  expect(page.workers()).toEqual([]);
  const loaded = await page.evaluate(() =>
    performance.getEntriesByType("resource").map((entry) => entry.name),
  );
  expect(loaded.filter((address) => /wasm|worker|webp/.test(address))).toEqual([]);
});

test("the package works from another origin, from which module workers may not load", async ({
  page,
  serve,
}) => {
  const headers = { "access-control-allow-origin": "*" };
  const elsewhere = await serve(() => ({ headers }));
  const body = labTag({ id: "a", state: JSON.stringify(A) });
  await page.goto(await hosted(serve, host(body, `${elsewhere}npm/define.js`)));
  await expectOutput(page, "#a");
  expect(page.workers().map((worker) => worker.url())).toEqual([expect.stringMatching(/^blob:/)]);
});

test("the single file works in a sandboxed frame without an origin", async ({ page, serve }) => {
  const body = `<iframe sandbox="allow-scripts" src="./cnn-playground.html" title="Lab"
    width="1200" height="800"></iframe>`;
  await page.goto(await hosted(serve, host(body)));
  const frame = page.frameLocator("iframe");
  const output = new FeatureMap(frame.locator(".card.output cnn-feature-map"));
  await expect.poll(() => output.isPainted()).toBe(true);
  const state = await frame
    .locator("cnn-kernel-lab")
    .evaluate((lab) => /** @type {any} */ (lab).state);
  await output.expectPixels(outputPicture(await photo(page, "cat"), state));
  expect(await frame.locator("body").evaluate(() => origin)).toBe("null");
  expect(page.workers().map((worker) => worker.url())).toEqual([expect.stringMatching(/^blob:/)]);
  await frame.getByRole("button", { name: "Negate every weight" }).click();
  const negated = {
    ...state,
    kernel: state.kernel.map((/** @type {number[]} */ row) => row.map((w) => 0 - w)),
  };
  await output.expectPixels(outputPicture(await photo(page, "cat"), negated));
});
