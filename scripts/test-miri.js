import { main } from "./lib/failure.js";
import { requireNode } from "./lib/node.js";
import { run } from "./lib/run.js";
import { installToolchain, requireRust } from "./lib/rust.js";

/** Miri is only part of nightly toolchains. */
const TOOLCHAIN = "nightly-2026-10-30";
const PROPERTY_CASES = "2";
/** The tests of pooling's fast algorithms live where the algorithm is chosen. */
const TESTS = ["compute::", "ops::pool2d::plan"];

/**
 * Runs the tests of `src/compute/` under Miri, which checks every access of its unsafe code. Only
 * the scalar version, because Miri does not support wasm. Takes more than an hour.
 */
main(async () => {
  requireNode();
  await requireRust();
  await installToolchain(TOOLCHAIN, ["miri", "rust-src"]);
  process.env.PROPTEST_CASES ??= PROPERTY_CASES;
  // proptest looks for earlier failures in the working directory.
  process.env.MIRIFLAGS ??= "-Zmiri-disable-isolation";
  await run("cargo", [`+${TOOLCHAIN}`, "miri", "test", "--locked", "--lib", "--", ...TESTS]);
});
