import { main } from "./lib/failure.js";
import { requireNode } from "./lib/node.js";
import { run } from "./lib/run.js";
import { installToolchain, requireRust } from "./lib/rust.js";

/** Miri is a part of nightly toolchains alone. */
const TOOLCHAIN = "nightly-2026-10-30";
const PROPERTY_CASES = "2";
/** Pooling's fast ways are tested where they are chosen. */
const TESTS = ["compute::", "ops::pool2d::plan"];

/**
 * The tests of `src/compute/`, every access of its unsafe code watched by Miri: the scalar version,
 * because Miri knows no wasm. Takes more than an hour.
 */
main(async () => {
  requireNode();
  await requireRust();
  await installToolchain(TOOLCHAIN, ["miri", "rust-src"]);
  process.env.PROPTEST_CASES ??= PROPERTY_CASES;
  // proptest looks for failures of earlier runs in the working directory.
  process.env.MIRIFLAGS ??= "-Zmiri-disable-isolation";
  await run("cargo", [`+${TOOLCHAIN}`, "miri", "test", "--locked", "--lib", "--", ...TESTS]);
});
