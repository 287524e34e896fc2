//! Layer norm.

use ndarray::ArrayD;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::batch_norm::write_gradients;
use crate::error::Result;
use crate::ops::layer_norm::{self, LayerNormOptions};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor, write_tensor};
use crate::wasm::boundary::write::object;

/// (x - mean) / sqrt(variance + epsilon) * `weights` + `bias`, mean and variance over the axes from
/// `axis` (the last one unless given) on: `{ output, mean, inverseStd }`.
///
/// Options `{ weights, bias, axis, epsilon }`; weights and bias are tensors of the extents from
/// `axis` on.
#[wasm_bindgen(js_name = layerNorm, unchecked_return_type = "LayerNorm")]
pub fn layer_norm(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "LayerNormOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "layerNorm";
    let input = read_tensor(OPERATOR, "input", input)?;
    let layer = Layer::read(OPERATOR, options)?;
    let weights = layer.weights.as_ref().map(|weights| weights.view());
    let bias = layer.bias.as_ref().map(|bias| bias.view());
    let normalised = layer_norm::layer_norm(input.view(), weights, bias, &layer.options)?;
    Ok(object([
        ("output", write_tensor(normalised.output.view())),
        ("mean", write_tensor(normalised.mean.view())),
        ("inverseStd", write_tensor(normalised.inverse_std.view())),
    ]))
}

/// The gradients of `layerNorm`'s output: `{ dInput, dWeights, dBias }`.
#[wasm_bindgen(js_name = layerNormBackward, unchecked_return_type = "AffineGradients")]
pub fn layer_norm_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "LayerNormOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "layerNormBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let layer = Layer::read(OPERATOR, options)?;
    let weights = layer.weights.as_ref().map(|weights| weights.view());
    let gradients =
        layer_norm::layer_norm_backward(input.view(), weights, d_output.view(), &layer.options)?;
    Ok(write_gradients(&gradients))
}

struct Layer {
    weights: Option<ArrayD<f32>>,
    bias: Option<ArrayD<f32>>,
    options: LayerNormOptions,
}

impl Layer {
    fn read(operator: &'static str, value: &JsValue) -> Result<Self> {
        let fields = Fields::new(operator, value, &["weights", "bias", "axis", "epsilon"])?;
        let tensor = |name| fields.read(name, |value| read_tensor(operator, name, value));
        let default = LayerNormOptions::default();
        Ok(Layer {
            weights: tensor("weights")?,
            bias: tensor("bias")?,
            options: LayerNormOptions {
                axis: fields.axis()?.unwrap_or(default.axis),
                epsilon: fields.number("epsilon")?.unwrap_or(default.epsilon),
            },
        })
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface LayerNormOptions {
  weights?: TensorLike;
  bias?: TensorLike;
  axis?: number;
  epsilon?: number;
}
/** `mean` and `inverseStd` keep the normalised axes with extent 1. */
export interface LayerNorm { output: Tensor; mean: Tensor; inverseStd: Tensor; }
"#;
