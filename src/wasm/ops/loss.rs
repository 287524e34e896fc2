//! Losses: functions of a network's output and its target.

use ndarray::{Array1, ArrayD, Ix1};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::batch_norm::view;
use crate::error::{Error, Result};
use crate::ops::loss::Reduction;
use crate::ops::loss::cross_entropy::{self, CrossEntropyOptions};
use crate::ops::loss::hinge::{self, HingeLossOptions};
use crate::ops::loss::huber::{self, HuberLossOptions};
use crate::ops::loss::negative_log_likelihood::{self, NegativeLogLikelihoodOptions};
use crate::ops::loss::{binary_cross_entropy, l1, mean_squared_error};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{
    read_index_list, read_tensor, read_tensor2, read_vector, write_tensor,
};
use crate::wasm::boundary::write::object;

/// Softmax cross-entropy of scores `input` `[n, classes, ...]` and class indices `target` `[n, ...]`.
///
/// Options `{ weights, labelSmoothing, ignoreIndex, reduction }` as in PyTorch, `weights` per class.
#[wasm_bindgen(js_name = crossEntropy, unchecked_return_type = "Tensor")]
pub fn cross_entropy(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "IndexVector | IndexTensorLike")] target: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "CrossEntropyOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "crossEntropy";
    let input = read_tensor(OPERATOR, "input", input)?;
    let target = read_index_list(OPERATOR, "target", target)?;
    let (weights, options) = read_cross_entropy(OPERATOR, options)?;
    let weights = view(&weights);
    let loss = cross_entropy::cross_entropy(input.view(), target.view(), weights, &options)?;
    Ok(write_tensor(loss.view()))
}

/// The gradient of `crossEntropy`: `{ dInput }`; `dOutput` has the shape of the loss.
#[wasm_bindgen(js_name = crossEntropyBackward, unchecked_return_type = "InputGradient")]
pub fn cross_entropy_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "IndexVector | IndexTensorLike")] target: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "CrossEntropyOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "crossEntropyBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let target = read_index_list(OPERATOR, "target", target)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let (weights, options) = read_cross_entropy(OPERATOR, options)?;
    let d_input = cross_entropy::cross_entropy_backward(
        input.view(),
        target.view(),
        view(&weights),
        d_output.view(),
        &options,
    )?;
    Ok(write_gradient(&d_input))
}

/// Minus the logarithm of the probability of the target class; `input` `[n, classes, ...]` holds
/// logarithms, as `logSoftmax` gives them.
///
/// Options `{ weights, ignoreIndex, reduction }` as in PyTorch, `weights` per class.
#[wasm_bindgen(js_name = negativeLogLikelihood, unchecked_return_type = "Tensor")]
pub fn negative_log_likelihood(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "IndexVector | IndexTensorLike")] target: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "NegativeLogLikelihoodOptions")]
    options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "negativeLogLikelihood";
    let input = read_tensor(OPERATOR, "input", input)?;
    let target = read_index_list(OPERATOR, "target", target)?;
    let (weights, options) = read_likelihood(OPERATOR, options)?;
    let weights = view(&weights);
    let loss = negative_log_likelihood::negative_log_likelihood(
        input.view(),
        target.view(),
        weights,
        &options,
    )?;
    Ok(write_tensor(loss.view()))
}

/// The gradient of `negativeLogLikelihood`: `{ dInput }`; `dOutput` has the shape of the loss.
#[wasm_bindgen(js_name = negativeLogLikelihoodBackward, unchecked_return_type = "InputGradient")]
pub fn negative_log_likelihood_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "IndexVector | IndexTensorLike")] target: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "NegativeLogLikelihoodOptions")]
    options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "negativeLogLikelihoodBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let target = read_index_list(OPERATOR, "target", target)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let (weights, options) = read_likelihood(OPERATOR, options)?;
    let d_input = negative_log_likelihood::negative_log_likelihood_backward(
        input.view(),
        target.view(),
        view(&weights),
        d_output.view(),
        &options,
    )?;
    Ok(write_gradient(&d_input))
}

/// (`input` - `target`)^2, both of one shape; `reduction` `mean` (unless given), `sum` or `none`.
#[wasm_bindgen(js_name = meanSquaredError, unchecked_return_type = "Tensor")]
pub fn mean_squared_error(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] target: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ReductionOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "meanSquaredError";
    let input = read_tensor(OPERATOR, "input", input)?;
    let target = read_tensor(OPERATOR, "target", target)?;
    let reduction = read_reduction(OPERATOR, options)?;
    let loss = mean_squared_error::mean_squared_error(input.view(), target.view(), reduction)?;
    Ok(write_tensor(loss.view()))
}

/// The gradient of `meanSquaredError`: `{ dInput }`; `dOutput` has the shape of the loss.
#[wasm_bindgen(js_name = meanSquaredErrorBackward, unchecked_return_type = "InputGradient")]
pub fn mean_squared_error_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] target: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ReductionOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "meanSquaredErrorBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let target = read_tensor(OPERATOR, "target", target)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let reduction = read_reduction(OPERATOR, options)?;
    let d_input = mean_squared_error::mean_squared_error_backward(
        input.view(),
        target.view(),
        d_output.view(),
        reduction,
    )?;
    Ok(write_gradient(&d_input))
}

/// |`input` - `target`|, both of one shape; `reduction` `mean` (unless given), `sum` or `none`.
#[wasm_bindgen(js_name = l1Loss, unchecked_return_type = "Tensor")]
pub fn l1_loss(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] target: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ReductionOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "l1Loss";
    let input = read_tensor(OPERATOR, "input", input)?;
    let target = read_tensor(OPERATOR, "target", target)?;
    let reduction = read_reduction(OPERATOR, options)?;
    let loss = l1::l1_loss(input.view(), target.view(), reduction)?;
    Ok(write_tensor(loss.view()))
}

/// The gradient of `l1Loss`: `{ dInput }`; `dOutput` has the shape of the loss.
#[wasm_bindgen(js_name = l1LossBackward, unchecked_return_type = "InputGradient")]
pub fn l1_loss_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] target: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ReductionOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "l1LossBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let target = read_tensor(OPERATOR, "target", target)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let reduction = read_reduction(OPERATOR, options)?;
    let d_input = l1::l1_loss_backward(input.view(), target.view(), d_output.view(), reduction)?;
    Ok(write_gradient(&d_input))
}

/// Half the squared difference of `input` and `target` up to `delta`, linear beyond.
///
/// Options `{ delta, reduction }` as in PyTorch.
#[wasm_bindgen(js_name = huberLoss, unchecked_return_type = "Tensor")]
pub fn huber_loss(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] target: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "HuberLossOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "huberLoss";
    let input = read_tensor(OPERATOR, "input", input)?;
    let target = read_tensor(OPERATOR, "target", target)?;
    let options = read_huber(OPERATOR, options)?;
    let loss = huber::huber_loss(input.view(), target.view(), &options)?;
    Ok(write_tensor(loss.view()))
}

/// The gradient of `huberLoss`: `{ dInput }`; `dOutput` has the shape of the loss.
#[wasm_bindgen(js_name = huberLossBackward, unchecked_return_type = "InputGradient")]
pub fn huber_loss_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] target: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "HuberLossOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "huberLossBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let target = read_tensor(OPERATOR, "target", target)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let options = read_huber(OPERATOR, options)?;
    let d_input =
        huber::huber_loss_backward(input.view(), target.view(), d_output.view(), &options)?;
    Ok(write_gradient(&d_input))
}

/// Cross-entropy of the sigmoid of scores `input` and probabilities `target`, both of one shape;
/// `reduction` `mean` (unless given), `sum` or `none`.
#[wasm_bindgen(js_name = binaryCrossEntropy, unchecked_return_type = "Tensor")]
pub fn binary_cross_entropy(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] target: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ReductionOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "binaryCrossEntropy";
    let input = read_tensor(OPERATOR, "input", input)?;
    let target = read_tensor(OPERATOR, "target", target)?;
    let reduction = read_reduction(OPERATOR, options)?;
    let loss = binary_cross_entropy::binary_cross_entropy(input.view(), target.view(), reduction)?;
    Ok(write_tensor(loss.view()))
}

/// The gradient of `binaryCrossEntropy`: `{ dInput }`; `dOutput` has the shape of the loss.
#[wasm_bindgen(js_name = binaryCrossEntropyBackward, unchecked_return_type = "InputGradient")]
pub fn binary_cross_entropy_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] target: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ReductionOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "binaryCrossEntropyBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let target = read_tensor(OPERATOR, "target", target)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let reduction = read_reduction(OPERATOR, options)?;
    let d_input = binary_cross_entropy::binary_cross_entropy_backward(
        input.view(),
        target.view(),
        d_output.view(),
        reduction,
    )?;
    Ok(write_gradient(&d_input))
}

/// Multi-class hinge loss of scores `input` `[n, classes]` and class indices `target` `[n]`.
///
/// Options `{ margin, reduction }` as in PyTorch's `multi_margin_loss`.
#[wasm_bindgen(js_name = hingeLoss, unchecked_return_type = "Tensor")]
pub fn hinge_loss(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "IndexVector | IndexTensorLike")] target: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "HingeLossOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "hingeLoss";
    let input = read_tensor2(OPERATOR, "input", input)?;
    let target = read_classes(OPERATOR, target)?;
    let options = read_hinge(OPERATOR, options)?;
    let loss = hinge::hinge_loss(input.view(), target.view(), &options)?;
    Ok(write_tensor(loss.view()))
}

/// The gradient of `hingeLoss`: `{ dInput }`; `dOutput` has the shape of the loss.
#[wasm_bindgen(js_name = hingeLossBackward, unchecked_return_type = "InputGradient")]
pub fn hinge_loss_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "IndexVector | IndexTensorLike")] target: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "HingeLossOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "hingeLossBackward";
    let input = read_tensor2(OPERATOR, "input", input)?;
    let target = read_classes(OPERATOR, target)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let options = read_hinge(OPERATOR, options)?;
    let d_input =
        hinge::hinge_loss_backward(input.view(), target.view(), d_output.view(), &options)?;
    Ok(object([("dInput", write_tensor(d_input.view()))]))
}

fn write_gradient(d_input: &ArrayD<f32>) -> JsValue {
    object([("dInput", write_tensor(d_input.view()))])
}

fn read_classes(operator: &'static str, value: &JsValue) -> Result<Array1<i32>> {
    let target = read_index_list(operator, "target", value)?;
    let got = format!("{:?}", target.shape());
    target
        .into_dimensionality::<Ix1>()
        .map_err(|_| Error::ShapeMismatch {
            operator,
            argument: "target",
            expected: "[n]".into(),
            got,
        })
}

fn read_reduction(operator: &'static str, value: &JsValue) -> Result<Reduction> {
    reduction(&Fields::new(operator, value, &["reduction"])?)
}

fn reduction(fields: &Fields) -> Result<Reduction> {
    let known = Reduction::ALL.map(|reduction| (reduction.name(), reduction));
    Ok(fields.choice("reduction", &known)?.unwrap_or_default())
}

fn weights(operator: &'static str, fields: &Fields) -> Result<Option<Array1<f32>>> {
    fields.read("weights", |value| read_vector(operator, "weights", value))
}

fn read_cross_entropy(
    operator: &'static str,
    value: &JsValue,
) -> Result<(Option<Array1<f32>>, CrossEntropyOptions)> {
    let known = ["weights", "labelSmoothing", "ignoreIndex", "reduction"];
    let fields = Fields::new(operator, value, &known)?;
    let default = CrossEntropyOptions::default();
    let options = CrossEntropyOptions {
        label_smoothing: fields
            .number("labelSmoothing")?
            .unwrap_or(default.label_smoothing),
        ignore_index: fields.integer("ignoreIndex")?.or(default.ignore_index),
        reduction: reduction(&fields)?,
    };
    Ok((weights(operator, &fields)?, options))
}

fn read_likelihood(
    operator: &'static str,
    value: &JsValue,
) -> Result<(Option<Array1<f32>>, NegativeLogLikelihoodOptions)> {
    let fields = Fields::new(operator, value, &["weights", "ignoreIndex", "reduction"])?;
    let default = NegativeLogLikelihoodOptions::default();
    let options = NegativeLogLikelihoodOptions {
        ignore_index: fields.integer("ignoreIndex")?.or(default.ignore_index),
        reduction: reduction(&fields)?,
    };
    Ok((weights(operator, &fields)?, options))
}

fn read_huber(operator: &'static str, value: &JsValue) -> Result<HuberLossOptions> {
    let fields = Fields::new(operator, value, &["delta", "reduction"])?;
    let default = HuberLossOptions::default();
    Ok(HuberLossOptions {
        delta: fields.number("delta")?.unwrap_or(default.delta),
        reduction: reduction(&fields)?,
    })
}

fn read_hinge(operator: &'static str, value: &JsValue) -> Result<HingeLossOptions> {
    let fields = Fields::new(operator, value, &["margin", "reduction"])?;
    let default = HingeLossOptions::default();
    Ok(HingeLossOptions {
        margin: fields.number("margin")?.unwrap_or(default.margin),
        reduction: reduction(&fields)?,
    })
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Class indices. */
export type IndexVector = Numbers;
/** A mean or sum has the shape `[]`. */
export interface ReductionOptions { reduction?: "mean" | "sum" | "none"; }
export interface NegativeLogLikelihoodOptions extends ReductionOptions {
  weights?: Vector;
  /** The target of samples that do not count, -100 by default. */
  ignoreIndex?: number;
}
export interface CrossEntropyOptions extends NegativeLogLikelihoodOptions { labelSmoothing?: number; }
export interface HuberLossOptions extends ReductionOptions { delta?: number; }
export interface HingeLossOptions extends ReductionOptions { margin?: number; }
"#;
