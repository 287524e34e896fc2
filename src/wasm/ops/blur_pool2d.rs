//! Anti-aliased downsampling.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Result;
use crate::ops::blur_pool2d::{self, BlurPool2dOptions};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor4, write_tensor};
use crate::wasm::boundary::write::object;

/// Blurs each channel of `input` `[n, c, h, w]` by a binomial filter of 2 to 7 `taps` and keeps
/// every `stride`-th value.
#[wasm_bindgen(js_name = blurPool2d, unchecked_return_type = "Tensor")]
pub fn blur_pool2d(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "BlurPool2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "blurPool2d";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let options = read_options(OPERATOR, options)?;
    Ok(write_tensor(
        blur_pool2d::blur_pool2d(input.view(), &options)?.view(),
    ))
}

/// The gradient of `blurPool2d`: `{ dInput }`; `dOutput` has the shape of the output.
#[wasm_bindgen(js_name = blurPool2dBackward, unchecked_return_type = "InputGradient")]
pub fn blur_pool2d_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "BlurPool2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "blurPool2dBackward";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let d_output = read_tensor4(OPERATOR, "dOutput", d_output)?;
    let options = read_options(OPERATOR, options)?;
    let d_input = blur_pool2d::blur_pool2d_backward(input.view(), d_output.view(), &options)?;
    Ok(object([("dInput", write_tensor(d_input.view()))]))
}

fn read_options(operator: &'static str, value: &JsValue) -> Result<BlurPool2dOptions> {
    let fields = Fields::new(operator, value, &["taps", "stride", "paddingMode"])?;
    let default = BlurPool2dOptions::default();
    Ok(BlurPool2dOptions {
        taps: fields.whole("taps")?.unwrap_or(default.taps),
        stride: fields.pair("stride")?.unwrap_or(default.stride),
        padding_mode: fields
            .padding_mode("paddingMode")?
            .unwrap_or(default.padding_mode),
    })
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface BlurPool2dOptions { taps?: number; stride?: Pair; paddingMode?: PaddingMode; }
"#;
