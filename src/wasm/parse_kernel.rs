//! Kernels read from pasted text.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::kernel::text;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::write::kernel_rows;

/// The rows of the kernel in `text`: code, printouts and arrays of NumPy, PyTorch, TensorFlow,
/// MATLAB, R, C and others, LaTeX, CSV, Markdown, cells copied from a sheet.
///
/// Text with two readings is refused with the code `text_ambiguous`, and what is not a kernel of at
/// most 15 x 15 with another code that begins with `text_`.
#[wasm_bindgen(js_name = parseKernel, unchecked_return_type = "number[][]")]
pub fn parse_kernel(text: &str) -> JsResult<JsValue> {
    Ok(kernel_rows(&text::parse(text)?))
}
