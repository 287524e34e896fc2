import { chromium } from "@playwright/test";
import { findBrowser, requireBrowser } from "../../scripts/lib/browser.js";

/** Without a GPU, and without what a browser does for itself in the meantime. */
const ARGUMENTS = [
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--disable-quic",
  "--no-first-run",
];

export async function launch() {
  await requireBrowser();
  return chromium.launch({
    executablePath: findBrowser(),
    args: [...ARGUMENTS, ...(process.getuid?.() === 0 ? ["--no-sandbox"] : [])],
  });
}

/**
 * How a row is raced: in one page for its group, and for each whole network in one of its own, whose
 * memory goes with it.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {string} url
 * @param {import("./page/main.js").Pace} pace
 * @returns {(row: import("./rows.js").Row) => ReturnType<import("./page/main.js").Run>}
 */
export function track(browser, url, pace) {
  /** @type {import("@playwright/test").Page | undefined} */
  let page;
  let group = "";
  return async (row) => {
    if (!page || row.group !== group || row.architecture) {
      await page?.close();
      page = await browser.newPage();
      page.on("pageerror", ({ message }) => console.error(message));
      await page.goto(`${url}/race/page/index.html`, { waitUntil: "load" });
      group = row.group;
    }
    return page.evaluate(
      ([row, pace]) => /** @type {any} */ (globalThis).race.run(row, pace),
      [row, pace],
    );
  };
}
