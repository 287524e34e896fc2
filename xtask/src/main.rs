//! Builds the WebAssembly packages: `cargo xtask wasm PART`.
//!
//! `wasm-bindgen` is linked as a library, so its version is the one in `Cargo.lock` and
//! cannot differ from the crate's.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;

const USAGE: &str = "\
usage: cargo xtask wasm PART [--dev] [--target-dir DIR]

  PART              a cargo feature: compiles the crate with it alone for wasm32-unknown-unknown and
                    writes the package of that name to www/pkg/, kernel-lab to kernel_lab.js and so on,
                    with kernel_lab.d, the sources that it was compiled from
  --dev             optimises less and compiles faster
  --target-dir DIR  where cargo compiles; packages built at the same time need one each";

/// The part that is compiled for speed alone. A visit loads one of the others, whose size counts, too.
const FAST: &str = "operators";
/// Inlines little and unrolls only what has a constant number of rounds. `opt-level = "s"` is 2 %
/// smaller, but leaves the loops of the matrix products as they are, which makes them three times as
/// slow.
const FOR_SIZE: [&str; 3] = [
    "-Cllvm-args=-inline-threshold=5",
    "-Cllvm-args=-inlinehint-threshold=40",
    "-Cllvm-args=-unroll-runtime=false",
];

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask lies in the workspace")?;
    let mut arguments = env::args().skip(1);
    ensure!(arguments.next().as_deref() == Some("wasm"), "{USAGE}");
    let Some(part) = arguments.next().filter(|part| !part.starts_with('-')) else {
        bail!("{USAGE}");
    };
    let mut profile = "release";
    let mut target_dir = root.join("target");
    while let Some(option) = arguments.next() {
        match (option.as_str(), arguments.by_ref()) {
            ("--dev", _) => profile = "wasm-dev",
            ("--target-dir", values) => target_dir = root.join(values.next().context(USAGE)?),
            _ => bail!("{USAGE}"),
        }
    }

    let package = root.join("www/pkg");
    let name = part.replace('-', "_");
    let module = compile(root, &target_dir, profile, &part)?;
    bind(&module, &name, &package)?;
    fs::copy(
        module.with_extension("d"),
        package.join(&name).with_extension("d"),
    )
    .context("cargo wrote no list of sources")?;
    Ok(())
}

/// Compiles the crate and returns the path of its module.
fn compile(root: &Path, target_dir: &Path, profile: &str, part: &str) -> Result<PathBuf> {
    let mut build = Command::new(cargo());
    build
        .args(["rustc", "--package", "cnn-playground", "--lib"])
        .args(["--target", "wasm32-unknown-unknown", "--profile", profile])
        .args(["--no-default-features", "--features", part])
        .arg("--target-dir")
        .arg(target_dir)
        .args(["--config", &forget_home()?])
        .current_dir(root);
    if part != FAST {
        // For this crate alone, so that all parts share the compiled dependencies.
        build.arg("--").args(FOR_SIZE);
    }
    let status = build.status().context("cargo does not start")?;
    ensure!(
        status.success(),
        "the crate does not compile for wasm32-unknown-unknown"
    );
    Ok(target_dir
        .join("wasm32-unknown-unknown")
        .join(profile)
        .join("cnn_playground.wasm"))
}

/// Writes the module, its JavaScript and its types.
///
/// Without a default module path the JavaScript holds no URL of its own, so a bundler
/// includes the module once: where the loader names it.
fn bind(module: &Path, name: &str, package: &Path) -> Result<()> {
    Bindgen::new()
        .input_path(module)
        .out_name(name)
        .web(true)?
        .typescript(true)
        .omit_default_module_path(true)
        .generate(package)
}

/// The cargo that runs this program, so that both are of one toolchain.
fn cargo() -> PathBuf {
    env::var_os("CARGO").map_or_else(|| PathBuf::from("cargo"), PathBuf::from)
}

/// A cargo setting that replaces the path of the registry in panic messages, so that the
/// same sources give the same bytes on every machine.
fn forget_home() -> Result<String> {
    let home = match env::var_os("CARGO_HOME") {
        Some(home) => PathBuf::from(home),
        None => env::home_dir()
            .context("there is no home directory")?
            .join(".cargo"),
    };
    let registry = home.join("registry").join("src");
    let flag = format!("--remap-path-prefix={}=crates", registry.display());
    Ok(format!(
        "target.wasm32-unknown-unknown.rustflags=[{flag:?}]"
    ))
}
