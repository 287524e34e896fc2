import { existsSync } from "node:fs";
import { Failure } from "./failure.js";
import { capture, run } from "./run.js";

const TARGET = "wasm32-unknown-unknown";
const INSTALL = "install Rust from https://rustup.rs and open a new terminal";

/**
 * Checks for Rust and installs what is missing: the toolchain of `rust-toolchain.toml`, the wasm
 * target, and the crates of `Cargo.lock`.
 *
 * @throws {Failure} with what to do
 */
export async function requireRust() {
  let library = await targetLibrary();
  if (library === null) {
    // Without arguments rustup installs the toolchain that rust-toolchain.toml names.
    await rustup(["toolchain", "install"]);
    library = await targetLibrary();
  }
  if (library === null) throw new Failure(`rustc does not start: ${INSTALL}`);
  if (!existsSync(library)) await rustup(["target", "add", TARGET]);
  await fetchCrates();
}

/**
 * Installs rustfmt and clippy if they are missing.
 *
 * @throws {Failure} with what to do
 */
export async function requireRustTools() {
  for (const [component, command] of Object.entries({ rustfmt: "fmt", clippy: "clippy" })) {
    const { code } = await capture("cargo", [command, "--version"]);
    if (code !== 0) await rustup(["component", "add", component]);
  }
}

/**
 * Installs a toolchain in addition to that of `rust-toolchain.toml`.
 *
 * @param {string} name
 * @param {string[]} components
 * @throws {Failure} with what to do
 */
export async function installToolchain(name, components) {
  const wanted = ["--component", components.join(",")];
  await rustup(["toolchain", "install", name, "--profile", "minimal", ...wanted]);
}

/** The folder of the wasm target's standard library, installed or not; `null` without Rust. */
async function targetLibrary() {
  const { code, stdout } = await capture("rustc", ["--print", "target-libdir", "--target", TARGET]);
  return code === 0 ? stdout.trim() : null;
}

/** @param {string[]} args */
async function rustup(args) {
  const command = `rustup ${args.join(" ")}`;
  if ((await capture("rustup", ["--version"])).code !== 0) {
    throw new Failure(`Rust or a component of it is missing (${command}): ${INSTALL}`);
  }
  await run("rustup", args).catch(() => {
    throw new Failure(`\`${command}\` failed: is there a network?`);
  });
}

async function fetchCrates() {
  const { code, stderr } = await capture("cargo", ["fetch"], { echo: true });
  if (code === 0) return;
  const network = /network|download|resolve host|connect|timed? ?out/i.test(stderr);
  throw new Failure(
    network ? "cargo cannot download the crates: is there a network?" : "`cargo fetch` failed",
  );
}
