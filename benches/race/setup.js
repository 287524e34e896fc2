import { existsSync, readFileSync } from "node:fs";
import { build } from "vite";
import { OPERATORS } from "../../scripts/lib/parts.js";
import { fromRoot } from "../../scripts/lib/paths.js";
import { capture, run } from "../../scripts/lib/run.js";
import { requireRust } from "../../scripts/lib/rust.js";
import { packageModules } from "../../scripts/vite/package.js";
import { buildWasm } from "../../scripts/wasm.js";
import { TFJS_CORE } from "./start/pages.js";

/** The rivals' packages, the product as a page loads it, and the least of TensorFlow.js. */
export const RIVALS = fromRoot("benches/race/node_modules");
export const PACKAGE = fromRoot("target/race/package");
export const TFJS = fromRoot("target/race/tfjs");

/**
 * Installs the rivals in the versions of the lock file, unless they are there.
 *
 * @throws {import("../../scripts/lib/failure.js").Failure} without a network
 */
export async function requireRivals() {
  const { dependencies } = JSON.parse(readFileSync(fromRoot("benches/race/package.json"), "utf8"));
  if (Object.keys(dependencies).every(isInstalled)) return;
  console.error("installing the rivals ...");
  const folder = fromRoot("benches/race");
  await run("npm", ["ci", "--ignore-scripts", "--silent", "--prefix", folder]);

  /** @param {string} name */
  function isInstalled(name) {
    const manifest = `${RIVALS}/${name}/package.json`;
    if (!existsSync(manifest)) return false;
    const wanted = dependencies[name].split("@").at(-1);
    return JSON.parse(readFileSync(manifest, "utf8")).version === wanted;
  }
}

/** Builds the package's functions, all that a race needs of the product, unless nothing changed. */
export async function buildPackage() {
  await requireRust();
  await buildWasm({ parts: [OPERATORS] });
  await build({
    ...packageModules,
    build: {
      ...packageModules.build,
      outDir: PACKAGE,
      rolldownOptions: {
        ...packageModules.build?.rolldownOptions,
        input: [fromRoot("www/package/index.js")],
      },
    },
  });
}

/** Bundles what TensorFlow.js needs for a convolution and nothing else, for its quickest start. */
export async function bundleTfjs() {
  const entry = fromRoot("benches/race/tfjs.js");
  await build({
    configFile: false,
    root: fromRoot("benches/race"),
    logLevel: "error",
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? TFJS_CORE : null),
      },
    ],
    build: {
      outDir: TFJS,
      target: "es2022",
      reportCompressedSize: false,
      rolldownOptions: {
        input: [entry],
        preserveEntrySignatures: "strict",
        output: { entryFileNames: "tfjs.js" },
      },
    },
  });
}

/**
 * The module of peak.wat.
 *
 * @returns {Promise<Buffer>}
 */
export async function assemblePeak() {
  const module = fromRoot("target/race/peak.wasm");
  await capture(process.execPath, [
    fromRoot("node_modules/binaryen/bin/wasm-as"),
    "--enable-simd",
    fromRoot("benches/race/peak.wat"),
    "-o",
    module,
  ]);
  return readFileSync(module);
}
