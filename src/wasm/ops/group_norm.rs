//! Group norm and instance norm.

use ndarray::Array1;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::batch_norm::{view, write_gradients};
use crate::error::Result;
use crate::ops::group_norm::{self, GroupNormOptions};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor, read_vector, write_tensor};

/// (x - mean) / sqrt(variance + epsilon) * `weights` + `bias` for `input` `[n, c, ...]`; mean and
/// variance over the channels of a group and all positions of one sample.
///
/// Options `{ groups, weights, bias, epsilon }`, weights and bias per channel.
#[wasm_bindgen(js_name = groupNorm, unchecked_return_type = "Tensor")]
pub fn group_norm(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "GroupNormOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "groupNorm";
    let input = read_tensor(OPERATOR, "input", input)?;
    let (affine, options) = read_group_options(OPERATOR, options)?;
    let (weights, bias) = (view(&affine.weights), view(&affine.bias));
    let output = group_norm::group_norm(input.view(), weights, bias, &options)?;
    Ok(write_tensor(output.view()))
}

/// The gradients of `groupNorm`: `{ dInput, dWeights, dBias }`.
#[wasm_bindgen(js_name = groupNormBackward, unchecked_return_type = "AffineGradients")]
pub fn group_norm_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "GroupNormOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "groupNormBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let (affine, options) = read_group_options(OPERATOR, options)?;
    let weights = view(&affine.weights);
    let gradients =
        group_norm::group_norm_backward(input.view(), weights, d_output.view(), &options)?;
    Ok(write_gradients(&gradients))
}

/// `groupNorm` with every channel a group of its own. Options `{ weights, bias, epsilon }`.
#[wasm_bindgen(js_name = instanceNorm, unchecked_return_type = "Tensor")]
pub fn instance_norm(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "InstanceNormOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "instanceNorm";
    let input = read_tensor(OPERATOR, "input", input)?;
    let (affine, epsilon) = read_instance_options(OPERATOR, options)?;
    let (weights, bias) = (view(&affine.weights), view(&affine.bias));
    let output = group_norm::instance_norm(input.view(), weights, bias, epsilon)?;
    Ok(write_tensor(output.view()))
}

/// The gradients of `instanceNorm`: `{ dInput, dWeights, dBias }`.
#[wasm_bindgen(js_name = instanceNormBackward, unchecked_return_type = "AffineGradients")]
pub fn instance_norm_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "InstanceNormOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "instanceNormBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let (affine, epsilon) = read_instance_options(OPERATOR, options)?;
    let weights = view(&affine.weights);
    let gradients =
        group_norm::instance_norm_backward(input.view(), weights, d_output.view(), epsilon)?;
    Ok(write_gradients(&gradients))
}

struct Affine {
    weights: Option<Array1<f32>>,
    bias: Option<Array1<f32>>,
}

fn read_group_options(
    operator: &'static str,
    value: &JsValue,
) -> Result<(Affine, GroupNormOptions)> {
    let fields = Fields::new(operator, value, &["groups", "weights", "bias", "epsilon"])?;
    let default = GroupNormOptions::default();
    let options = GroupNormOptions {
        groups: fields.whole("groups")?.unwrap_or(default.groups),
        epsilon: fields.number("epsilon")?.unwrap_or(default.epsilon),
    };
    Ok((read_affine(operator, &fields)?, options))
}

fn read_instance_options(operator: &'static str, value: &JsValue) -> Result<(Affine, f64)> {
    let fields = Fields::new(operator, value, &["weights", "bias", "epsilon"])?;
    let epsilon = GroupNormOptions::default().epsilon;
    let epsilon = fields.number("epsilon")?.unwrap_or(epsilon);
    Ok((read_affine(operator, &fields)?, epsilon))
}

fn read_affine(operator: &'static str, fields: &Fields) -> Result<Affine> {
    let vector = |name| fields.read(name, |value| read_vector(operator, name, value));
    Ok(Affine {
        weights: vector("weights")?,
        bias: vector("bias")?,
    })
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** One weight and bias per channel. */
export interface InstanceNormOptions { weights?: Vector; bias?: Vector; epsilon?: number; }
/** One weight and bias per channel; 1 group unless given. */
export interface GroupNormOptions extends InstanceNormOptions { groups?: number; }
"#;
