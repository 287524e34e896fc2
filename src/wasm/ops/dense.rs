//! The dense layer.

use ndarray::Array1;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Result;
use crate::ops::dense;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor2, read_vector, write_tensor};
use crate::wasm::boundary::write::object;

/// `input` `[n, features_in]` times the transpose of `weights` `[features_out, features_in]`, plus
/// the option `bias` `[features_out]`.
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn dense(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] weights: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "DenseOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "dense";
    let input = read_tensor2(OPERATOR, "input", input)?;
    let weights = read_tensor2(OPERATOR, "weights", weights)?;
    let bias = read_bias(OPERATOR, options)?;
    let bias = bias.as_ref().map(|bias| bias.view());
    Ok(write_tensor(
        dense::dense(input.view(), weights.view(), bias)?.view(),
    ))
}

/// The gradients of `dense`: `{ dInput, dWeights, dBias }`.
#[wasm_bindgen(js_name = denseBackward, unchecked_return_type = "AffineGradients")]
pub fn dense_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] weights: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "DenseOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "denseBackward";
    let input = read_tensor2(OPERATOR, "input", input)?;
    let weights = read_tensor2(OPERATOR, "weights", weights)?;
    let d_output = read_tensor2(OPERATOR, "dOutput", d_output)?;
    read_bias(OPERATOR, options)?;
    let gradients = dense::dense_backward(input.view(), weights.view(), d_output.view())?;
    Ok(object([
        ("dInput", write_tensor(gradients.d_input.view())),
        ("dWeights", write_tensor(gradients.d_weights.view())),
        ("dBias", write_tensor(gradients.d_bias.view())),
    ]))
}

fn read_bias(operator: &'static str, value: &JsValue) -> Result<Option<Array1<f32>>> {
    let fields = Fields::new(operator, value, &["bias"])?;
    fields.read("bias", |value| read_vector(operator, "bias", value))
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface DenseOptions { bias?: Vector; }
/** The gradients of sum(output * dOutput) by input, weights and bias. */
export interface AffineGradients { dInput: Tensor; dWeights: Tensor; dBias: Tensor; }
"#;
