//! Kernels read from pasted text.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::kernel::text;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read;
use crate::wasm::boundary::write::kernel_rows;

/// The rows of the kernel in `text`: code, printouts and arrays of NumPy, PyTorch, TensorFlow,
/// MATLAB, R, C and others, LaTeX, CSV, Markdown, cells copied from a sheet.
///
/// Text with two readings is refused with the code `text_ambiguous`, and what is not a kernel of at
/// most 15 x 15 with another code that begins with `text_`.
#[wasm_bindgen(js_name = parseKernel, unchecked_return_type = "number[][]")]
pub fn parse_kernel(
    #[wasm_bindgen(unchecked_param_type = "string")] text: &JsValue,
) -> JsResult<JsValue> {
    let text = read::text("parseKernel", "text", "a text", text)?;
    Ok(kernel_rows(&text::parse(&text)?))
}
