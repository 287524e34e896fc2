import { createHash } from "node:crypto";
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { Failure } from "./lib/failure.js";
import { fromRoot } from "./lib/paths.js";
import { capture, runPackage } from "./lib/run.js";

/** All that the bytes of the wasm package depend on. */
const INPUTS = [
  "src",
  "xtask",
  "Cargo.toml",
  "Cargo.lock",
  "rust-toolchain.toml",
  ".cargo/config.toml",
  "package-lock.json",
  "scripts/wasm.js",
];

const [KERNEL_LAB, NETWORK_LABS, OPERATORS] = [
  "cnn_playground",
  "cnn_networks",
  "cnn_operators",
].map((name) => fromRoot(`www/pkg/${name}_bg.wasm`));
const LABS = [KERNEL_LAB, NETWORK_LABS];
/** What the modules of the labs were made of, and that of the operators, which is also built alone. */
const LABS_STAMP = fromRoot("www/pkg/inputs.sha256");
const OPERATORS_STAMP = fromRoot("www/pkg/operators-inputs.sha256");

/**
 * Builds the wasm packages in `www/pkg/` unless they are there and nothing has changed.
 *
 * @param {{ dev?: boolean }} [options] `dev` builds those of the labs, compiles fast and leaves out
 *   `wasm-opt`
 * @returns {Promise<boolean>} whether there was something to do
 * @throws {Failure} whose `cause` is what the compiler printed
 */
export async function buildWasm({ dev = false } = {}) {
  const optimised = digest("optimised");
  const wanted = dev ? digest("dev") : optimised;
  const present = stampOf(LABS_STAMP, LABS);
  const operators = dev || stampOf(OPERATORS_STAMP, [OPERATORS]) === optimised;
  // The optimised module serves the developer too, the other way round it would not do.
  if ((present === wanted || present === optimised) && operators) return false;

  await compile(dev ? ["--dev"] : []);
  if (!dev) {
    for (const module of [...LABS, OPERATORS]) await optimise(module);
    writeFileSync(OPERATORS_STAMP, wanted);
  }
  writeFileSync(LABS_STAMP, wanted);
  return true;
}

/**
 * Builds the package of the operators alone unless it is there and nothing has changed.
 *
 * @returns {Promise<boolean>} whether there was something to do
 * @throws {Failure} whose `cause` is what the compiler printed
 */
export async function buildOperators() {
  const wanted = digest("optimised");
  if (stampOf(OPERATORS_STAMP, [OPERATORS]) === wanted) return false;

  await compile(["--operators"]);
  await optimise(OPERATORS);
  writeFileSync(OPERATORS_STAMP, wanted);
  return true;
}

/**
 * What the modules were made of, or `""` when one of them is missing.
 *
 * @param {string} stamp
 * @param {string[]} modules
 */
function stampOf(stamp, modules) {
  return [stamp, ...modules].every(existsSync) ? readFileSync(stamp, "utf8") : "";
}

/** @param {string[]} options */
async function compile(options) {
  const { code, stderr } = await capture("cargo", ["xtask", "wasm", ...options], { echo: true });
  if (code !== 0) throw new Failure("the wasm package does not build", { cause: stderr });
}

/** @param {string} module */
async function optimise(module) {
  const temporary = `${module}.tmp`;
  await runPackage("binaryen/bin/wasm-opt", ["-O3", "--strip-producers", module, "-o", temporary]);
  renameSync(temporary, module);
}

/** @param {string} kind */
function digest(kind) {
  const hash = createHash("sha256").update(kind);
  for (const file of INPUTS.flatMap(filesBelow)) {
    hash.update(`\0${file}\0`).update(readFileSync(fromRoot(file)));
  }
  return hash.digest("hex");
}

/** @param {string} path a file or folder of the repository */
function filesBelow(path) {
  if (statSync(fromRoot(path)).isFile()) return [path];
  return readdirSync(fromRoot(path), { encoding: "utf8", recursive: true })
    .map((name) => `${path}/${name}`)
    .filter((file) => statSync(fromRoot(file)).isFile())
    .sort();
}
