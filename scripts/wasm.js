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

const MODULES = ["cnn_playground", "cnn_networks", "cnn_operators"].map((name) =>
  fromRoot(`www/pkg/${name}_bg.wasm`),
);
const STAMP = fromRoot("www/pkg/inputs.sha256");

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
  const present =
    MODULES.slice(0, 2).every(existsSync) && existsSync(STAMP) ? readFileSync(STAMP, "utf8") : "";
  // The optimised module serves the developer too, the other way round it would not do.
  if (present === wanted || present === optimised) return false;

  const { code, stderr } = await capture("cargo", ["xtask", "wasm", ...(dev ? ["--dev"] : [])], {
    echo: true,
  });
  if (code !== 0) throw new Failure("the wasm package does not build", { cause: stderr });
  if (!dev) for (const module of MODULES) await optimise(module);
  writeFileSync(STAMP, wanted);
  return true;
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
