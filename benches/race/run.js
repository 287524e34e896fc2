import { readFileSync, writeFileSync } from "node:fs";
import { cpus, loadavg } from "node:os";
import { main } from "../../scripts/lib/failure.js";
import { requireNode } from "../../scripts/lib/node.js";
import { fromRoot } from "../../scripts/lib/paths.js";
import { launch, track } from "./browser.js";
import { inserted } from "./markdown.js";
import { optionsOf, USAGE } from "./options.js";
import { scored } from "./score.js";
import { serve } from "./server.js";
import {
  assemblePeak,
  buildPackage,
  bundleTfjs,
  PACKAGE,
  RIVALS,
  requireRivals,
  TFJS,
} from "./setup.js";
import { raceStart } from "./start/measure.js";
import { startPages } from "./start/pages.js";
import { AS_MARKDOWN, AS_TEXT, report } from "./tables.js";

/** How long and how often everything is timed. */
const FULL = {
  page: {
    rounds: 7,
    closeRounds: 8,
    seriesMs: 40,
    warmMs: 100,
    hopeless: 8,
    slowOperations: 1e10,
    trainingSteps: 2,
  },
  start: { trials: 7, hopeless: 8, brotli: true },
};
const QUICK = {
  page: {
    rounds: 3,
    closeRounds: 5,
    seriesMs: 10,
    warmMs: 30,
    hopeless: 3,
    slowOperations: 5e7,
    trainingSteps: 1,
  },
  start: { trials: 3, hopeless: 2, brotli: false },
};

/** The load average of a machine on which little else runs. */
const QUIET = 1;

main(async () => {
  const { rows, quick, json, markdown, help } = optionsOf(process.argv.slice(2));
  if (help) {
    console.log(USAGE);
    return;
  }
  requireNode();
  await requireRivals();
  await buildPackage();
  if (rows.some(({ kind }) => kind === "start")) await bundleTfjs();
  const server = await serve(
    { race: fromRoot("benches/race"), rivals: RIVALS, package: PACKAGE, tfjs: TFJS },
    { "/peak.wasm": await assemblePeak(), ...startPages().files },
  );
  const [load] = loadavg();
  if (load > QUIET)
    console.error(`the machine is busy (load ${load.toFixed(1)}): do not trust the figures`);
  const browser = await launch();
  try {
    const results = await raceAll(rows, browser, server, quick ? QUICK : FULL);
    const conditions = {
      date: new Date().toISOString().slice(0, 10),
      processor: cpus()[0].model,
      browser: `Chromium ${browser.version()}`,
      load,
      quick,
    };
    if (json) writeFileSync(json, `${JSON.stringify({ conditions, rows: results }, null, 2)}\n`);
    if (markdown) {
      const text = report(results, conditions, AS_MARKDOWN);
      writeFileSync(markdown, inserted(readFileSync(markdown, "utf8"), text));
    }
    console.log(report(results, conditions, AS_TEXT));
  } finally {
    await browser.close();
    server.close();
  }
});

/**
 * @param {import("./rows.js").Row[]} rows
 * @param {import("@playwright/test").Browser} browser
 * @param {Awaited<ReturnType<typeof serve>>} server
 * @param {typeof FULL} pace
 */
async function raceAll(rows, browser, server, pace) {
  const raced = track(browser, server.url, pace.page);
  const results = [];
  for (const [index, row] of rows.entries()) {
    const start = performance.now();
    const result =
      row.kind === "start"
        ? await raceStart(browser, server, pace.start)
        : scored(row, await raced(row));
    results.push(result);
    const took = ((performance.now() - start) / 1000).toFixed(1);
    const ratio = result.ratio?.toFixed(2) ?? "none";
    console.error(`${index + 1}/${rows.length} ${row.group}, ${row.name}: ${ratio} (${took} s)`);
  }
  return results;
}
