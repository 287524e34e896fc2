//! The JavaScript interface: decode, check, call, encode. The only folder that names a web crate.
//!
//! One file per public noun, mirroring the tree above it. Numbers in bulk cross as typed arrays,
//! everything else as plain objects with camelCase keys. Every mistake of a caller becomes an
//! `Error` with a stable `code` and `details`; nothing here panics.

#[cfg(feature = "kernel-lab")]
mod data;
#[cfg(feature = "networks")]
mod effective_receptive_field;
#[cfg(any(feature = "kernel-lab", feature = "operators"))]
mod filters;
mod js_error;
#[cfg(feature = "kernel-lab")]
mod kernel;
#[cfg(feature = "kernel-lab")]
mod kernel_lab;
#[cfg(any(feature = "kernel-lab", feature = "network-labs"))]
mod lab;
#[cfg(feature = "networks")]
mod net;
#[cfg(feature = "operators")]
mod ops;
#[cfg(feature = "network-labs")]
mod pooling_lab;
#[cfg_attr(
    not(feature = "operators"),
    allow(dead_code, reason = "a part of the engine reads fewer kinds of values")
)]
mod read;
#[cfg(feature = "network-labs")]
mod receptive_field_lab;
#[cfg(feature = "networks")]
#[cfg_attr(
    not(feature = "operators"),
    allow(dead_code, reason = "the networks alone read fewer kinds of tensors")
)]
mod tensor;
#[cfg(feature = "operators")]
mod train;
#[cfg_attr(
    not(all(feature = "kernel-lab", feature = "operators")),
    allow(
        dead_code,
        reason = "a part of the engine writes fewer kinds of values"
    )
)]
mod write;

use wasm_bindgen::prelude::wasm_bindgen;

/// Makes a bug's message readable in the console; runs when the module is instantiated.
#[wasm_bindgen(start)]
pub fn start() {
    console_error_panic_hook::set_once();
}
