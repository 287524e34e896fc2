import { promisify } from "node:util";
import { brotliCompress, constants, gzip } from "node:zlib";
import { agreement } from "../page/agreement.js";
import { compared, median } from "../statistics.js";
import { startPages } from "./pages.js";

/** What a new window does for itself takes about this. */
const WINDOW_START_MS = 300;
const PATIENCE_MS = 60_000;
const TOLERANCE = 1e-4;

/**
 * The time from navigation to the first convolution shown, each time in a fresh browser context, and
 * the bytes that it took. Who took too many times as long as the fastest at first is not asked again.
 *
 * @param {import("@playwright/test").Browser} browser
 * @param {Awaited<ReturnType<typeof import("../server.js").serve>>} server
 * @param {{ trials: number, hopeless: number, brotli: boolean }} pace
 * @returns {Promise<import("../score.js").Scored>}
 */
export async function raceStart(browser, server, { trials, hopeless, brotli }) {
  const tools = Object.entries(startPages().paths);
  /** @type {Record<string, { samples: number[], map: number[], files: Buffer[] }>} */
  const seen = {};
  // The first of all starts the browser's own services, which nobody waits for.
  await firstConvolution(browser, `${server.url}${tools[0][1]}`);
  for (let trial = 0; trial < trials; trial++) {
    const most = hopeless * Math.min(...Object.values(seen).map(({ samples: [ms] }) => ms));
    const asked = tools.filter(([tool]) => !(seen[tool]?.samples[0] > most));
    for (let place = 0; place < asked.length; place++) {
      const [tool, path] = asked[(trial + place) % asked.length];
      server.asked.clear();
      const { ms, map } = await firstConvolution(browser, `${server.url}${path}`);
      seen[tool] ??= { samples: [], map, files: [...server.asked.values()] };
      seen[tool].samples.push(ms);
    }
  }
  const outputs = Object.entries(seen).map(([name, { map }]) => ({ name, output: map }));
  const { wrong, error } = agreement(outputs, TOLERANCE);
  /** @type {Record<string, import("../score.js").Rival>} */
  const times = {};
  for (const [tool, { samples, files }] of Object.entries(seen)) {
    const refused = wrong.get(tool);
    const bytes = await sizes(files, brotli);
    times[tool] = refused ? { refused } : { ms: median(samples), bytes };
  }
  const { ours, ...others } = times;
  const { ratio, ratios } = compared(ours, others);
  const rivals = Object.fromEntries(
    Object.entries(others).map(([tool, rival]) => [tool, { ...rival, ratio: ratios[tool] }]),
  );
  return { group: "start", name: "first convolution", ratio, ours, rivals, error };
}

/**
 * @param {import("@playwright/test").Browser} browser
 * @param {string} url
 * @returns {Promise<{ ms: number, map: number[] }>}
 */
async function firstConvolution(browser, url) {
  const context = await browser.newContext();
  try {
    const page = await context.newPage();
    await page.waitForTimeout(WINDOW_START_MS);
    await page.goto(url, { waitUntil: "commit" });
    await page.waitForFunction(() => "shown" in globalThis, undefined, { timeout: PATIENCE_MS });
    return await page.evaluate(() => /** @type {any} */ (globalThis).shown);
  } finally {
    await context.close();
  }
}

/**
 * Bytes of all files together: as they are, and each compressed as well as a server can.
 *
 * @param {Buffer[]} files
 * @param {boolean} brotli  which takes a minute for all tools
 * @returns {Promise<import("../score.js").Bytes>}
 */
async function sizes(files, brotli) {
  const sum = async (/** @type {(file: Buffer) => Promise<Buffer>} */ compress) => {
    let bytes = 0;
    for (const file of files) bytes += (await compress(file)).length;
    return bytes;
  };
  const best = { params: { [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY } };
  return {
    raw: await sum(async (file) => file),
    gzip: await sum((file) => promisify(gzip)(file, { level: 9 })),
    brotli: brotli ? await sum((file) => promisify(brotliCompress)(file, best)) : undefined,
  };
}
