//! Adaptive pooling.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::pool2d::write_pooled;
use crate::error::Result;
use crate::ops::adaptive_pool2d::{self, AdaptivePool2dOptions, AdaptivePoolKind};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor4, write_tensor};
use crate::wasm::boundary::write::object;

/// Summarises `size` regions of about equal extents that together cover each channel of `input`
/// `[n, c, h, w]`: `{ output, indices }`, indices as in `pool2d`.
#[wasm_bindgen(js_name = adaptivePool2d, unchecked_return_type = "Pooled")]
pub fn adaptive_pool2d(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "AdaptivePool2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "adaptivePool2d";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let options = read_options(OPERATOR, options)?;
    Ok(write_pooled(&adaptive_pool2d::adaptive_pool2d(
        input.view(),
        &options,
    )?))
}

/// The gradient of `adaptivePool2d`: `{ dInput }`; `dOutput` has the shape of the output.
#[wasm_bindgen(js_name = adaptivePool2dBackward, unchecked_return_type = "InputGradient")]
pub fn adaptive_pool2d_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "AdaptivePool2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "adaptivePool2dBackward";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let d_output = read_tensor4(OPERATOR, "dOutput", d_output)?;
    let options = read_options(OPERATOR, options)?;
    let d_input =
        adaptive_pool2d::adaptive_pool2d_backward(input.view(), d_output.view(), &options)?;
    Ok(object([("dInput", write_tensor(d_input.view()))]))
}

/// The option `kind`.
pub(super) fn read_kind(fields: &Fields) -> Result<AdaptivePoolKind> {
    let kinds = [
        ("average", AdaptivePoolKind::Average),
        ("max", AdaptivePoolKind::Max),
    ];
    Ok(fields.choice("kind", &kinds)?.unwrap_or_default())
}

fn read_options(operator: &'static str, value: &JsValue) -> Result<AdaptivePool2dOptions> {
    let fields = Fields::new(operator, value, &["kind", "size"])?;
    let default = AdaptivePool2dOptions::default();
    Ok(AdaptivePool2dOptions {
        kind: read_kind(&fields)?,
        size: fields.pair("size")?.unwrap_or(default.size),
    })
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** `size`: the output extents. */
export interface AdaptivePool2dOptions { kind?: "average" | "max"; size?: Pair; }
"#;
