import { writeFileSync } from "node:fs";
import { main } from "../../scripts/lib/failure.js";
import { requireNode } from "../../scripts/lib/node.js";
import { fromRoot } from "../../scripts/lib/paths.js";
import { launch, track } from "./browser.js";
import { optionsOf, USAGE } from "./options.js";
import { scored } from "./score.js";
import { serve } from "./server.js";
import { assemblePeak, buildPackage, PACKAGE, RIVALS, requireRivals } from "./setup.js";
import { asText, tables } from "./tables.js";

/** How long and how often everything is timed. */
const PACES = {
  full: { rounds: 7, seriesMs: 40, warmMs: 100, slowOperations: Number.POSITIVE_INFINITY },
  quick: { rounds: 3, seriesMs: 12, warmMs: 25, slowOperations: 1e8 },
};

main(async () => {
  const { rows, quick, json, markdown, help } = optionsOf(process.argv.slice(2));
  if (help) {
    console.log(USAGE);
    return;
  }
  requireNode();
  await requireRivals();
  await buildPackage();
  const server = await serve(
    { race: fromRoot("benches/race"), rivals: RIVALS, package: PACKAGE },
    { "/peak.wasm": await assemblePeak() },
  );
  const browser = await launch();
  const raced = track(browser, server.url, quick ? PACES.quick : PACES.full);
  try {
    const results = [];
    for (const [index, row] of rows.entries()) {
      const start = performance.now();
      const result = scored(row, await raced(row));
      results.push(result);
      const took = ((performance.now() - start) / 1000).toFixed(1);
      const ratio = result.ratio?.toFixed(2) ?? "none";
      console.error(`${index + 1}/${rows.length} ${row.group}, ${row.name}: ${ratio} (${took} s)`);
    }
    if (json) writeFileSync(json, `${JSON.stringify({ rows: results }, null, 2)}\n`);
    console.log(tables(results, asText));
  } finally {
    await browser.close();
    server.close();
  }
});
