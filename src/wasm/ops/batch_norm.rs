//! Batch norm.

use ndarray::{Array1, ArrayView1};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Result;
use crate::ops::batch_norm::{self, BatchNormOptions, Statistics};
use crate::ops::normalize::AffineGradients;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{Fields, wrong_type};
use crate::wasm::boundary::tensor::{read_tensor, read_vector, write_tensor};
use crate::wasm::boundary::write::object;

/// (x - mean) / sqrt(variance + epsilon) * `weights` + `bias` per channel of `input` `[n, c, ...]`:
/// `{ output, runningMean, runningVariance }`.
///
/// In `training` mean and variance are the batch's, and the running ones are updated; otherwise
/// they are the running ones. Options `{ weights, bias, runningMean, runningVariance, training,
/// momentum, epsilon, unbiasedRunningVariance }`.
#[wasm_bindgen(js_name = batchNorm, unchecked_return_type = "BatchNorm")]
pub fn batch_norm(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "BatchNormOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "batchNorm";
    let input = read_tensor(OPERATOR, "input", input)?;
    let layer = Layer::read(OPERATOR, options)?;
    let normalised = batch_norm::batch_norm(
        input.view(),
        view(&layer.weights),
        view(&layer.bias),
        layer.running.as_ref(),
        &layer.options,
    )?;
    let running = &normalised.running;
    Ok(object([
        ("output", write_tensor(normalised.output.view())),
        ("runningMean", write_tensor(running.mean.view())),
        ("runningVariance", write_tensor(running.variance.view())),
    ]))
}

/// The gradients of `batchNorm`'s output: `{ dInput, dWeights, dBias }`.
#[wasm_bindgen(js_name = batchNormBackward, unchecked_return_type = "AffineGradients")]
pub fn batch_norm_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "BatchNormOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "batchNormBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let layer = Layer::read(OPERATOR, options)?;
    let gradients = batch_norm::batch_norm_backward(
        input.view(),
        view(&layer.weights),
        layer.running.as_ref(),
        d_output.view(),
        &layer.options,
    )?;
    Ok(write_gradients(&gradients))
}

/// `{ dInput, dWeights, dBias }`
pub(super) fn write_gradients(gradients: &AffineGradients<f32>) -> JsValue {
    object([
        ("dInput", write_tensor(gradients.d_input.view())),
        ("dWeights", write_tensor(gradients.d_weights.view())),
        ("dBias", write_tensor(gradients.d_bias.view())),
    ])
}

/// The view of a vector that may be left out.
pub(super) fn view(vector: &Option<Array1<f32>>) -> Option<ArrayView1<'_, f32>> {
    vector.as_ref().map(|vector| vector.view())
}

struct Layer {
    weights: Option<Array1<f32>>,
    bias: Option<Array1<f32>>,
    running: Option<Statistics<f32>>,
    options: BatchNormOptions,
}

impl Layer {
    fn read(operator: &'static str, value: &JsValue) -> Result<Self> {
        let known = [
            "weights",
            "bias",
            "runningMean",
            "runningVariance",
            "training",
            "momentum",
            "epsilon",
            "unbiasedRunningVariance",
        ];
        let fields = Fields::new(operator, value, &known)?;
        let vector = |name| fields.read(name, |value| read_vector(operator, name, value));
        let missing = |name| {
            let expected = "given with the other running statistic";
            wrong_type(operator, name, expected, &JsValue::UNDEFINED)
        };
        let running = match (vector("runningMean")?, vector("runningVariance")?) {
            (Some(mean), Some(variance)) => Some(Statistics { mean, variance }),
            (None, None) => None,
            (None, _) => return Err(missing("runningMean")),
            (_, None) => return Err(missing("runningVariance")),
        };
        let default = BatchNormOptions::default();
        let options = BatchNormOptions {
            training: fields.boolean("training")?.unwrap_or(default.training),
            momentum: fields.number("momentum")?.unwrap_or(default.momentum),
            epsilon: fields.number("epsilon")?.unwrap_or(default.epsilon),
            unbiased_running_variance: fields
                .boolean("unbiasedRunningVariance")?
                .unwrap_or(default.unbiased_running_variance),
        };
        Ok(Layer {
            weights: vector("weights")?,
            bias: vector("bias")?,
            running,
            options,
        })
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** One value per channel each; `momentum` is the share of the batch in the new statistics. */
export interface BatchNormOptions {
  weights?: Vector;
  bias?: Vector;
  runningMean?: Vector;
  runningVariance?: Vector;
  training?: boolean;
  momentum?: number;
  epsilon?: number;
  unbiasedRunningVariance?: boolean;
}
export interface BatchNorm { output: Tensor; runningMean: Tensor; runningVariance: Tensor; }
"#;
