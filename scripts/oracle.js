import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { Failure, main } from "./lib/failure.js";
import { builtPackage } from "./lib/package.js";
import { fromRoot } from "./lib/paths.js";
import { DOCUMENT, documentation } from "./oracle/documentation.js";
import { parsed } from "./oracle/parse.js";
import { reasons, table } from "./oracle/report.js";
import { runFile } from "./oracle/run.js";
import { isTrained, runTrained } from "./oracle/trained.js";

const USAGE = `usage: npm run oracle -- FILE...
       npm run oracle -- --docs

Compares the built package, in WebAssembly, with reference results of other libraries: operators,
ONNX nodes, whole networks, optimisers and schedules, training runs, layer graphs and published
architectures, in the schemas of tests/data/truth; with --weights also a trained network. Errors are printed as a fraction of the tolerance,
so at most 1 is allowed; scripts/oracle/tolerance.js states the rule. The exit code is 1 after a
failure or if a file cannot be read.

  --docs             writes ${DOCUMENT} from the files of tests/data/truth
  --weights WEIGHTS  safetensors for files about EfficientNet-Lite0, whose pictures lie beside them;
                     scripts/make-network-weights.py writes them`;

main(async () => {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      docs: { type: "boolean", default: false },
      weights: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    console.log(USAGE);
    return;
  }
  if (positionals.length === 0 && !values.docs) throw new Failure(`no file given\n${USAGE}`);
  const cnn = await builtPackage();
  if (values.docs) writeFileSync(fromRoot(DOCUMENT), documentation(cnn));
  const wrong = [];
  for (const file of positionals) if (!(await report(cnn, file, values.weights))) wrong.push(file);
  if (wrong.length > 0) throw new Failure(`failed: ${wrong.join(", ")}`);
});

/**
 * @param {import("./oracle/run.js").Cnn} cnn
 * @param {string} file
 * @param {string} [weights]  a file of them
 * @returns {Promise<boolean>} whether it could be read and nothing failed
 */
async function report(cnn, file, weights) {
  let outcomes;
  try {
    const content = parsed(readFileSync(resolve(file), "utf8"));
    if (isTrained(content)) {
      if (!weights) throw new Error("it needs --weights");
      const folder = picturesOf(file);
      outcomes = await runTrained(cnn, content, { folder, weights: resolve(weights) });
    } else outcomes = runFile(cnn, content);
  } catch (error) {
    console.error(`error: cannot read ${file}: ${/** @type {Error} */ (error).message}`);
    return false;
  }
  console.log(`\n${basename(file)}\n`);
  for (const line of table(outcomes)) console.log(line);
  for (const status of /** @type {const} */ (["failed", "not covered"])) {
    const lines = reasons(outcomes, status);
    if (lines.length > 0) console.log(`\n${status}:`);
    for (const line of lines) console.log(`  ${line}`);
  }
  return outcomes.every((outcome) => outcome.status !== "failed");
}

/** The folder of a file's pictures: that of the file, or `photos` in it. @param {string} file */
function picturesOf(file) {
  const photos = join(dirname(resolve(file)), "photos");
  return existsSync(photos) ? photos : dirname(resolve(file));
}
