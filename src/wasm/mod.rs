//! The JavaScript interface: decode, check, call, encode. The only folder that names a web crate.
//!
//! One file per public noun, mirroring the tree above it. Numbers in bulk cross as typed arrays,
//! everything else as plain objects with camelCase keys. Every mistake of a caller becomes an
//! `Error` with a stable `code` and `details`; nothing here panics.

mod boundary;
#[cfg(feature = "labs")]
mod data;
#[cfg(any(feature = "kernel-lab", feature = "operators"))]
mod filters;
#[cfg(any(feature = "channels-lab", feature = "kernel-lab"))]
mod kernel;
#[cfg(feature = "labs")]
mod labs;
#[cfg(feature = "networks")]
mod net;
#[cfg(feature = "operators")]
mod ops;
#[cfg(any(
    feature = "channels-lab",
    feature = "kernel-lab",
    feature = "operators"
))]
mod parse_kernel;
#[cfg(feature = "operators")]
mod train;

use wasm_bindgen::prelude::wasm_bindgen;

/// Makes a bug's message readable in the console; runs when the module is instantiated.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}
