import { existsSync, readdirSync } from "node:fs";
import { parseArgs } from "node:util";
import { Failure, main, styled } from "./lib/failure.js";
import { requireNode } from "./lib/node.js";
import { fromRoot } from "./lib/paths.js";
import { run, runPackage } from "./lib/run.js";
import { requireRust, requireRustTools } from "./lib/rust.js";
import { buildWasm } from "./wasm.js";

/**
 * @typedef {object} Stage
 * @property {string} title
 * @property {string[]} needs the stages whose results this one uses
 * @property {() => Promise<void>} run
 */

/** @type {Record<string, Stage>} */
const STAGES = {
  rustfmt: {
    title: "Rust formatting",
    needs: [],
    run: () => run("cargo", ["fmt", "--all", "--check"]),
  },
  biome: {
    title: "JavaScript formatting and lints",
    needs: [],
    run: () => runPackage("@biomejs/biome/bin/biome", ["check", "--error-on-warnings"]),
  },
  structure: {
    title: "JavaScript imports",
    needs: [],
    run: () =>
      runPackage("dependency-cruiser/bin/dependency-cruise.mjs", [
        "--config",
        ".dependency-cruiser.cjs",
        "www",
        "scripts",
        "tests",
      ]),
  },
  clippy: {
    title: "Rust lints",
    needs: [],
    async run() {
      const deny = ["--", "-D", "warnings"];
      await run("cargo", ["clippy", "--locked", "--workspace", "--all-targets", ...deny]);
      await run("cargo", [
        "clippy",
        "--locked",
        "--lib",
        "--target",
        "wasm32-unknown-unknown",
        ...deny,
      ]);
    },
  },
  rust: {
    title: "Rust tests",
    needs: [],
    run: () => run("cargo", ["test", "--locked"]),
  },
  wasm: {
    title: "WebAssembly build",
    needs: [],
    async run() {
      await buildWasm();
    },
  },
  build: {
    title: "Page, single file and package",
    needs: ["wasm"],
    async run() {
      const { buildDist } = await import("./dist.js");
      await buildDist();
    },
  },
  types: {
    title: "JavaScript types",
    needs: ["wasm", "build"],
    run: () => runPackage("typescript/bin/tsc", []),
  },
  node: {
    title: "Tests in Node",
    needs: ["wasm", "build"],
    run: () => run(process.execPath, ["--test", "--test-reporter=spec", ...nodeTests()]),
  },
  browser: {
    title: "Tests in a browser",
    needs: ["wasm", "build"],
    async run() {
      const { requireBrowser } = await import("./lib/browser.js");
      await requireBrowser();
      await runPackage("@playwright/test/cli.js", ["test"]);
    },
  },
};

const USAGE = `usage: npm test -- [--only stage[,stage]]

Without options all stages run, until one fails:
${Object.entries(STAGES)
  .map(([name, { title }]) => `  ${name.padEnd(9)} ${title}`)
  .join("\n")}

With --only, stages that the chosen ones depend on run too.`;

main(async () => {
  const chosen = chosenStages();
  if (chosen === null) {
    console.log(USAGE);
    return;
  }
  requireNode();
  await requireRust();
  await requireRustTools();
  const start = performance.now();
  for (const name of chosen) await runStage(name);
  console.log(styled("green", `\n${chosen.length} stages passed in ${since(start)}`));
});

/** The names of the stages to run, in order; `null` for --help. */
function chosenStages() {
  const { values } = parseArgs({
    options: { only: { type: "string" }, help: { type: "boolean", default: false } },
  });
  if (values.help) return null;
  const all = Object.keys(STAGES);
  if (values.only === undefined) return all;
  const wanted = values.only.split(",");
  const unknown = wanted.find((name) => !all.includes(name));
  if (unknown !== undefined) {
    throw new Failure(`there is no stage "${unknown}": choose from ${all.join(", ")}`);
  }
  const needed = new Set(wanted.flatMap((name) => [name, ...STAGES[name].needs]));
  return all.filter((name) => needed.has(name));
}

/** @param {string} name */
async function runStage(name) {
  const { title, run } = STAGES[name];
  const start = performance.now();
  console.log(styled("default", `\n== ${title} (${name})`));
  try {
    await run();
  } catch (error) {
    if (!(error instanceof Failure)) console.error(error);
    const reason = error instanceof Failure ? error.message : "see above";
    throw new Failure(
      `stage ${name} failed after ${since(start)}: ${reason} (alone: npm test -- --only ${name})`,
    );
  }
  console.log(`== ${name} passed in ${since(start)}`);
}

/** @param {number} start */
function since(start) {
  return `${((performance.now() - start) / 1000).toFixed(1)} s`;
}

function nodeTests() {
  const folder = fromRoot("tests/js");
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const tests = files.filter((file) => file.endsWith(".test.js")).map((file) => `tests/js/${file}`);
  if (tests.length === 0) throw new Failure("tests/js/ contains no tests");
  return tests;
}
