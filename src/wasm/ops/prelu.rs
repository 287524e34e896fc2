//! Parametric ReLU.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::ops::prelu;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::tensor::{read_tensor, write_tensor};
use crate::wasm::boundary::write::object;

/// x above 0, `weights` times x elsewhere: one slope, one per channel (axis 1 of `input`), or a
/// tensor that broadcasts to `input`.
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn prelu(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] weights: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "prelu";
    let input = read_tensor(OPERATOR, "input", input)?;
    let weights = read_tensor(OPERATOR, "weights", weights)?;
    let output = prelu::prelu(input.view(), weights.view())?;
    Ok(write_tensor(output.view()))
}

/// The gradients of `prelu`: `{ dInput, dWeights }`.
#[wasm_bindgen(js_name = preluBackward, unchecked_return_type = "PreluGradients")]
pub fn prelu_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] weights: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "preluBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let weights = read_tensor(OPERATOR, "weights", weights)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let gradients = prelu::prelu_backward(input.view(), weights.view(), d_output.view())?;
    Ok(object([
        ("dInput", write_tensor(gradients.d_input.view())),
        ("dWeights", write_tensor(gradients.d_weights.view())),
    ]))
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface PreluGradients { dInput: Tensor; dWeights: Tensor; }
"#;
