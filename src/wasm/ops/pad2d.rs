//! Padding.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Result;
use crate::ops::pad2d::{self, Pad2dOptions};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor4, write_tensor};
use crate::wasm::boundary::write::object;

/// Surrounds each channel of `input` `[n, c, h, w]` with a border.
///
/// Options `{ padding, mode, value }`; `value` stands in the border under the mode `zeros`.
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn pad2d(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Pad2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "pad2d";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let output = pad2d::pad2d(input.view(), &read_options(OPERATOR, options)?)?;
    Ok(write_tensor(output.view()))
}

/// The gradient of `pad2d`: `{ dInput }`.
#[wasm_bindgen(js_name = pad2dBackward, unchecked_return_type = "InputGradient")]
pub fn pad2d_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Pad2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "pad2dBackward";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let d_output = read_tensor4(OPERATOR, "dOutput", d_output)?;
    let options = read_options(OPERATOR, options)?;
    let d_input = pad2d::pad2d_backward(input.view(), d_output.view(), &options)?;
    Ok(object([("dInput", write_tensor(d_input.view()))]))
}

fn read_options(operator: &'static str, value: &JsValue) -> Result<Pad2dOptions> {
    let fields = Fields::new(operator, value, &["padding", "mode", "value"])?;
    let default = Pad2dOptions::default();
    Ok(Pad2dOptions {
        padding: fields.sides("padding")?.unwrap_or(default.padding),
        mode: fields.padding_mode("mode")?.unwrap_or(default.mode),
        value: fields.number("value")?.unwrap_or(default.value),
    })
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface Pad2dOptions { padding?: Padding; mode?: PaddingMode; value?: number; }
/** The gradient of sum(output * dOutput) by the input. */
export interface InputGradient { dInput: Tensor; }
"#;
