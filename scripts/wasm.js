import { createHash } from "node:crypto";
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { availableParallelism } from "node:os";
import { isAbsolute, relative } from "node:path";
import { Failure } from "./lib/failure.js";
import { LAB_PARTS, PARTS, packageFile } from "./lib/parts.js";
import { fromRoot } from "./lib/paths.js";
import { capture, runPackage } from "./lib/run.js";

/**
 * Packages built at once: most of a build is the optimisation of a whole program, which takes one
 * core. A package is always built in the same lane, whose folder keeps what was compiled.
 */
const LANES = Math.min(PARTS.length, availableParallelism());

/** All that the bytes of every package depend on besides the sources that rustc names. */
const INPUTS = [
  "xtask",
  "Cargo.toml",
  "Cargo.lock",
  "rust-toolchain.toml",
  ".cargo/config.toml",
  "package-lock.json",
  "scripts/wasm.js",
];

/**
 * What a package was made of: lies beside it.
 * @typedef {{ sources: string[], digest: string }} Stamp
 */

/**
 * Builds the wasm packages in `www/pkg/` that are not there or whose sources have changed.
 *
 * @param {{ dev?: boolean, parts?: string[] }} [options] `dev` builds those of the labs, compiles
 *   fast and leaves out `wasm-opt`
 * @returns {Promise<boolean>} whether there was something to do
 * @throws {Failure} whose `cause` is what the compiler printed
 */
export async function buildWasm({ dev = false, parts = dev ? LAB_PARTS : PARTS } = {}) {
  const stale = parts.filter((part) => !isCurrent(part, dev));
  const lanes = Array.from({ length: LANES }, (_, lane) =>
    stale.filter((part) => PARTS.indexOf(part) % LANES === lane),
  );
  const outcomes = await Promise.allSettled(lanes.map((queue, lane) => buildAll(queue, lane, dev)));
  const failed = outcomes.find((outcome) => outcome.status === "rejected");
  if (failed) throw failed.reason;
  return stale.length > 0;
}

/**
 * @param {string[]} parts  built one after the other
 * @param {number} lane
 * @param {boolean} dev
 */
async function buildAll(parts, lane, dev) {
  for (const part of parts) {
    const start = Date.now();
    rmSync(file(part, ".json"), { force: true });
    const options = ["--target-dir", `target/wasm/${lane}`, ...(dev ? ["--dev"] : [])];
    const { code, stderr } = await capture("cargo", ["xtask", "wasm", part, ...options], {
      echo: true,
    });
    if (code !== 0) throw new Failure(`the wasm package ${part} does not build`, { cause: stderr });
    if (!dev) await optimise(file(part, "_bg.wasm"));
    const sources = sourcesOf(part);
    const isOlder = (/** @type {string} */ path) => statSync(fromRoot(path)).mtimeMs < start;
    // What was changed during the build may be in the package or not.
    if (![...INPUTS.flatMap(filesBelow), ...sources].every(isOlder)) continue;
    /** @type {Stamp} */
    const stamp = { sources, digest: digest(kindOf(dev), sources) };
    writeFileSync(file(part, ".json"), JSON.stringify(stamp));
  }
}

/** @param {string} module */
async function optimise(module) {
  const temporary = `${module}.tmp`;
  await runPackage("binaryen/bin/wasm-opt", ["-O3", "--strip-producers", module, "-o", temporary]);
  renameSync(temporary, module);
}

/**
 * Whether a package is there and nothing that it was made of has changed.
 *
 * @param {string} part
 * @param {boolean} dev  an optimised package serves the developer too, the other way round it would not do
 */
function isCurrent(part, dev) {
  const files = [".js", ".d.ts", "_bg.wasm", ".json"].map((suffix) => file(part, suffix));
  if (!files.every(existsSync)) return false;
  const { sources, digest: made } = /** @type {Stamp} */ (
    JSON.parse(readFileSync(file(part, ".json"), "utf8"))
  );
  if (!sources.every((source) => existsSync(fromRoot(source)))) return false;
  return [false, ...(dev ? [true] : [])].some((kind) => digest(kindOf(kind), sources) === made);
}

/** @param {boolean} dev */
function kindOf(dev) {
  return dev ? "dev" : "optimised";
}

/**
 * The sources that rustc read, from the rule for `make` that cargo writes.
 *
 * @param {string} part
 * @returns {string[]}  paths in the repository
 */
function sourcesOf(part) {
  const [rule] = readFileSync(file(part, ".d"), "utf8").split("\n");
  const [, ...paths] = rule.split(/(?<!\\) /).map((path) => path.replaceAll("\\ ", " "));
  return paths
    .map((path) => (isAbsolute(path) ? relative(fromRoot(""), path) : path))
    .map((path) => path.replaceAll("\\", "/"))
    .sort();
}

/**
 * @param {string} kind
 * @param {string[]} sources
 */
function digest(kind, sources) {
  const hash = createHash("sha256").update(kind);
  for (const path of [...INPUTS.flatMap(filesBelow), ...sources]) {
    hash.update(`\0${path}\0`).update(readFileSync(fromRoot(path)));
  }
  return hash.digest("hex");
}

/** @param {string} path a file or folder of the repository */
function filesBelow(path) {
  if (statSync(fromRoot(path)).isFile()) return [path];
  return readdirSync(fromRoot(path), { encoding: "utf8", recursive: true })
    .map((name) => `${path}/${name}`)
    .filter((name) => statSync(fromRoot(name)).isFile())
    .sort();
}

/**
 * @param {string} part
 * @param {string} suffix
 */
function file(part, suffix) {
  return fromRoot(`www/pkg/${packageFile(part, suffix)}`);
}
