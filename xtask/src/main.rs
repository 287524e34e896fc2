//! Builds the WebAssembly packages: `cargo xtask wasm [--dev | --operators]`.
//!
//! `wasm-bindgen` is linked as a library, so its version is the one in `Cargo.lock` and
//! cannot differ from the crate's.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use anyhow::{Context, Result, bail, ensure};
use wasm_bindgen_cli_support::Bindgen;

const USAGE: &str = "\
usage: cargo xtask wasm [--dev | --operators]

  wasm         compile the crate for wasm32-unknown-unknown and write its packages to www/pkg/:
               cnn_playground for the kernel lab, cnn_networks for the other labs, cnn_operators
               with every public function
  --dev        those of the labs alone, optimised less and compiled faster
  --operators  cnn_operators alone";

/// A package: its name and the cargo feature that fills it.
const KERNEL_LAB: (&str, &str) = ("cnn_playground", "kernel-lab");
const NETWORK_LABS: (&str, &str) = ("cnn_networks", "network-labs");
const OPERATORS: (&str, &str) = ("cnn_operators", "operators");

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
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["wasm"] => {
            wasm("release", OPERATORS)?;
            wasm("release-small", NETWORK_LABS)?;
            wasm("release", KERNEL_LAB)?;
        }
        ["wasm", "--operators"] => wasm("release", OPERATORS)?,
        ["wasm", "--dev"] => {
            for package in [NETWORK_LABS, KERNEL_LAB] {
                wasm("wasm-dev", package)?;
            }
        }
        _ => bail!("{USAGE}"),
    }
    Ok(())
}

fn wasm(profile: &str, (name, feature): (&str, &str)) -> Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .context("xtask lies in the workspace")?;
    let module = compile(root, profile, feature)?;
    bind(&module, name, &root.join("www/pkg"))
}

/// Compiles the crate and returns the path of its module.
fn compile(root: &Path, profile: &str, feature: &str) -> Result<PathBuf> {
    let target_dir = root.join("target");
    let status = Command::new(cargo())
        .args(["build", "--package", "cnn-playground", "--lib"])
        .args(["--target", "wasm32-unknown-unknown", "--profile", profile])
        .args(["--no-default-features", "--features", feature])
        .arg("--target-dir")
        .arg(&target_dir)
        .args(["--config", &forget_home()?])
        .current_dir(root)
        .status()
        .context("cargo does not start")?;
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
