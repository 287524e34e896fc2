import { main } from "./lib/failure.js";
import { requireNode } from "./lib/node.js";
import { requireRust } from "./lib/rust.js";
import { buildWasm } from "./wasm.js";

main(async () => {
  requireNode();
  await requireRust();
  await buildWasm();
  const { buildDist } = await import("./dist.js");
  await buildDist();
});
