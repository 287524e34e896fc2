import { existsSync } from "node:fs";
import { pathToFileURL } from "node:url";
import { buildWasm } from "../wasm.js";
import { requireNode } from "./node.js";
import { fromRoot } from "./paths.js";
import { requireRust } from "./rust.js";

/**
 * The functions of `dist/npm`, which is built if it does not exist.
 * @returns {Promise<typeof import("../../www/package/index.js")>}
 */
export async function builtPackage() {
  requireNode();
  const entry = fromRoot("dist/npm/index.js");
  if (!existsSync(entry)) {
    console.log("building the package ...");
    await requireRust();
    await buildWasm();
    const { buildDist } = await import("../dist.js");
    await buildDist();
  }
  const cnn = await import(pathToFileURL(entry).href);
  await cnn.ready();
  return cnn;
}
