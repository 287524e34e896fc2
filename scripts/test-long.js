import { main, styled } from "./lib/failure.js";
import { requireNode } from "./lib/node.js";
import { run } from "./lib/run.js";
import { requireRust } from "./lib/rust.js";
import { buildWasm } from "./wasm.js";

const PROPERTY_CASES = "10000";
const FUZZ_CALLS = "1000000";

/** The random tests at full size: 10,000 cases per property, a million calls of the boundary. */
main(async () => {
  requireNode();
  await requireRust();
  process.env.PROPTEST_CASES ??= PROPERTY_CASES;
  process.env.FUZZ_CALLS ??= FUZZ_CALLS;
  console.log(styled("default", `\n== Laws of the operators, ${process.env.PROPTEST_CASES} cases`));
  await run("cargo", ["test", "--locked", "--test", "properties"]);
  await buildWasm();
  const { buildDist } = await import("./dist.js");
  await buildDist();
  console.log(styled("default", `\n== Random calls of the package, ${process.env.FUZZ_CALLS}`));
  await run(process.execPath, ["--test", "--test-reporter=spec", "tests/js/fuzz.test.js"]);
});
