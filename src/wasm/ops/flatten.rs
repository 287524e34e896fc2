//! Flattening.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::ops::flatten;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor, write_tensor};

/// The same values with two axes: those before `axis` (1 unless given) and those from it on.
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn flatten(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "AxisOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "flatten";
    let input = read_tensor(OPERATOR, "input", input)?;
    let axis = Fields::new(OPERATOR, options, &["axis"])?
        .axis()?
        .unwrap_or(1);
    Ok(write_tensor(flatten::flatten(input.view(), axis)?.view()))
}
