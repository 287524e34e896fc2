//! Training: the trainer, and its parts as functions of their own.
//!
//! The TypeScript types at the end of each file are the interface.

mod clipping;
mod initializer;
mod optimizer;
mod schedule;
mod trainer;

use wasm_bindgen::JsValue;

use crate::error::Error;
use crate::wasm::boundary::read::wrong_type;

/// The error for a part that must be given.
fn missing(operator: &'static str, name: &str) -> Error {
    wrong_type(operator, name, "given", &JsValue::UNDEFINED)
}
