import { main } from "./lib/failure.js";
import { requireNode } from "./lib/node.js";
import { run, runPackage } from "./lib/run.js";
import { requireRustTools } from "./lib/rust.js";

/** Formats the Rust and the JavaScript code in place. */
main(async () => {
  requireNode();
  await requireRustTools();
  await run("cargo", ["fmt", "--all"]);
  await runPackage("@biomejs/biome/bin/biome", ["format", "--write"]);
});
