import { readFileSync, writeFileSync } from "node:fs";
import { EXPERIMENTS, NAMES } from "../www/labs/training/experiments.js";
import { DEFAULTS, specOf } from "../www/labs/training/settings.js";
import { main } from "./lib/failure.js";
import { requireNode } from "./lib/node.js";
import { packageFile } from "./lib/parts.js";
import { fromRoot } from "./lib/paths.js";
import { requireRust } from "./lib/rust.js";
import { buildWasm } from "./wasm.js";

/**
 * @import * as Lab from "../www/pkg/training_lab.js"
 * @import { Settings } from "../www/labs/training/settings.js"
 */

const LAB = "training-lab";
const SEEDS = 5;
const FILE = "docs/experiments.md";

/**
 * Runs every experiment of the training lab with five seeds, in the wasm that the page runs, and writes
 * what it measured to docs/experiments.md. The same build writes the same file: runs are decided by
 * their settings.
 */
main(async () => {
  requireNode();
  await requireRust();
  await buildWasm({ parts: [LAB] });
  const lab = /** @type {typeof Lab} */ (await import(`../www/pkg/${packageFile(LAB, ".js")}`));
  const bytes = readFileSync(fromRoot(`www/pkg/${packageFile(LAB, "_bg.wasm")}`));
  lab.initSync({ module: new WebAssembly.Module(bytes) });
  const { digits } = JSON.parse(
    readFileSync(fromRoot("www/labs/training/data/digits.json"), "utf8"),
  );
  const parts = NAMES.map((name) => section(lab, name, digits));
  writeFileSync(fromRoot(FILE), `${HEAD}\n${parts.join("\n")}`);
  console.log(`${FILE} is written`);
});

const HEAD = `# The training lab's experiments, measured

Written by \`npm run report:experiments\`: every experiment with seeds 1 to ${SEEDS}, in the wasm that the
page runs. Accuracy is the share of right answers on held-out examples, as mean ± standard deviation
(and range) over the seeds; a seed decides split, batches, first weights and dropout. "gap" is the
training accuracy minus the held-out one, "shift" the share of answers that change when the picture
moves by one pixel, "stopped" the runs whose loss was no number any more.
`;

/**
 * @param {typeof Lab} lab
 * @param {string} name
 * @param {string} digits
 */
function section(lab, name, digits) {
  const { base, runs, steps } = EXPERIMENTS[name];
  const lines = runs.map((differs) => {
    const settings = /** @type {Settings} */ ({ ...DEFAULTS, ...base, ...differs });
    const results = Array.from({ length: SEEDS }, (_, number) => {
      const run = new lab.TrainingLab({ spec: specOf(settings, 1 + number), digits });
      const { records, stopped } = run.advance(steps, [], 0);
      const { changedByShift } = run.inside(steps, "light");
      const parameters = run.facts().parameters;
      run.free();
      return { ...records[records.length - 1], stopped, changedByShift, parameters };
    });
    const { mean, deviation, least, most } = lab.spread(
      results.map(({ heldOutAccuracy }) => heldOutAccuracy),
    );
    const { mean: gap } = lab.spread(results.map((result) => result.gap));
    const { mean: shift } = lab.spread(results.map((result) => result.changedByShift));
    const stopped = results.filter((result) => result.stopped !== null).length;
    console.log(`${name}: ${JSON.stringify(differs)} ${percent(mean)}`);
    const what = Object.entries(differs).map(([setting, value]) => `${setting} ${value}`);
    return `| ${[
      what.join(", "),
      results[0].parameters,
      `${percent(mean)} ± ${percent(deviation)}`,
      `${percent(least)} to ${percent(most)}`,
      percent(gap),
      percent(shift),
      stopped,
    ].join(" | ")} |`;
  });
  const common = Object.entries(base).map(([setting, value]) => `${setting} ${value}`);
  return `## ${name}

${steps} steps${common.length ? `; all runs: ${common.join(", ")}` : ""}.

| run | parameters | accuracy | range | gap | shift | stopped |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
${lines.join("\n")}
`;
}

/** @param {number} share */
const percent = (share) => `${(100 * share).toFixed(1)} %`;
