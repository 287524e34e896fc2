//! Local response normalisation.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Result;
use crate::ops::local_response_norm::{self, LocalResponseNormOptions};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor, write_tensor};
use crate::wasm::boundary::write::object;

/// x / (k + alpha / size * sum of squares over `size` neighbouring channels)^beta, for `input`
/// `[n, c, ...]`.
///
/// Options `{ size, alpha, beta, k }` as in PyTorch.
#[wasm_bindgen(js_name = localResponseNorm, unchecked_return_type = "Tensor")]
pub fn local_response_norm(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "LocalResponseNormOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "localResponseNorm";
    let input = read_tensor(OPERATOR, "input", input)?;
    let options = read_options(OPERATOR, options)?;
    let output = local_response_norm::local_response_norm(input.view(), &options)?;
    Ok(write_tensor(output.view()))
}

/// The gradient of `localResponseNorm`: `{ dInput }`.
#[wasm_bindgen(js_name = localResponseNormBackward, unchecked_return_type = "InputGradient")]
pub fn local_response_norm_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "LocalResponseNormOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "localResponseNormBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let options = read_options(OPERATOR, options)?;
    let d_input =
        local_response_norm::local_response_norm_backward(input.view(), d_output.view(), &options)?;
    Ok(object([("dInput", write_tensor(d_input.view()))]))
}

fn read_options(operator: &'static str, value: &JsValue) -> Result<LocalResponseNormOptions> {
    let fields = Fields::new(operator, value, &["size", "alpha", "beta", "k"])?;
    let default = LocalResponseNormOptions::default();
    Ok(LocalResponseNormOptions {
        size: fields.whole("size")?.unwrap_or(default.size),
        alpha: fields.number("alpha")?.unwrap_or(default.alpha),
        beta: fields.number("beta")?.unwrap_or(default.beta),
        k: fields.number("k")?.unwrap_or(default.k),
    })
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface LocalResponseNormOptions { size?: number; alpha?: number; beta?: number; k?: number; }
"#;
