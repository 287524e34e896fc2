//! The JavaScript interface: decode, check, call, encode. The only folder that names a web crate.
//!
//! One file per public noun, mirroring the tree above it. Numbers in bulk cross as typed arrays,
//! everything else as plain objects with camelCase keys. Every mistake of a caller becomes an
//! `Error` with a stable `code` and `details`; nothing here panics.

mod data;
#[cfg(feature = "networks")]
mod effective_receptive_field;
mod filters;
mod js_error;
mod kernel;
mod kernel_lab;
#[cfg(feature = "networks")]
mod net;
#[cfg(feature = "operators")]
mod ops;
#[cfg_attr(
    not(feature = "operators"),
    allow(dead_code, reason = "the labs alone read fewer kinds of values")
)]
mod read;
#[cfg(feature = "networks")]
#[cfg_attr(
    not(feature = "operators"),
    allow(dead_code, reason = "the networks alone read fewer kinds of tensors")
)]
mod tensor;
#[cfg(feature = "operators")]
mod train;
mod write;

use wasm_bindgen::prelude::wasm_bindgen;

/// Makes a bug's message readable in the console; runs when the module is instantiated.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}
