//! Global pooling.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::adaptive_pool2d::read_kind;
use super::pool2d::write_pooled;
use crate::error::Result;
use crate::ops::adaptive_pool2d::AdaptivePoolKind;
use crate::ops::global_pool2d;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor4, write_tensor};
use crate::wasm::boundary::write::object;

/// The mean (unless `kind` is `max`) of each channel of `input` `[n, c, h, w]`:
/// `{ output, indices }`, `output` `[n, c, 1, 1]`, `indices` as in `pool2d`.
#[wasm_bindgen(js_name = globalPool2d, unchecked_return_type = "Pooled")]
pub fn global_pool2d(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "GlobalPool2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "globalPool2d";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let kind = read_options(OPERATOR, options)?;
    Ok(write_pooled(&global_pool2d::global_pool2d(
        input.view(),
        kind,
    )?))
}

/// The gradient of `globalPool2d`: `{ dInput }`; `dOutput` `[n, c, 1, 1]`.
#[wasm_bindgen(js_name = globalPool2dBackward, unchecked_return_type = "InputGradient")]
pub fn global_pool2d_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "GlobalPool2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "globalPool2dBackward";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let d_output = read_tensor4(OPERATOR, "dOutput", d_output)?;
    let kind = read_options(OPERATOR, options)?;
    let d_input = global_pool2d::global_pool2d_backward(input.view(), d_output.view(), kind)?;
    Ok(object([("dInput", write_tensor(d_input.view()))]))
}

fn read_options(operator: &'static str, value: &JsValue) -> Result<AdaptivePoolKind> {
    read_kind(&Fields::new(operator, value, &["kind"])?)
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface GlobalPool2dOptions { kind?: "average" | "max"; }
"#;
