//! Losses: functions of a network's output and its target.

use ndarray::{Array1, Ix1};
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

/// A loss and its gradient, by how each argument is read and what is called with them.
macro_rules! loss {
    (
        $(#[$docs:meta])*
        $loss:ident as $js_loss:ident = $call:expr,
        $(#[$backward_docs:meta])*
        $backward:ident as $js_backward:ident = $call_backward:expr,
        input: $read_input:ident,
        target: $read_target:ident $target_type:tt,
        options: $read_options:ident $options_type:tt,
    ) => {
        $(#[$docs])*
        #[wasm_bindgen(js_name = $js_loss, unchecked_return_type = "Tensor")]
        pub fn $loss(
            #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
            #[wasm_bindgen(unchecked_param_type = $target_type)] target: &JsValue,
            #[wasm_bindgen(unchecked_optional_param_type = $options_type)] options: &JsValue,
        ) -> JsResult<JsValue> {
            const OPERATOR: &str = stringify!($js_loss);
            let input = $read_input(OPERATOR, "input", input)?;
            let target = $read_target(OPERATOR, "target", target)?;
            let options = $read_options(OPERATOR, options)?;
            let loss = ($call)(input.view(), target.view(), &options)?;
            Ok(write_tensor(loss.view()))
        }

        $(#[$backward_docs])*
        #[wasm_bindgen(js_name = $js_backward, unchecked_return_type = "InputGradient")]
        pub fn $backward(
            #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
            #[wasm_bindgen(unchecked_param_type = $target_type)] target: &JsValue,
            #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")]
            d_output: &JsValue,
            #[wasm_bindgen(unchecked_optional_param_type = $options_type)] options: &JsValue,
        ) -> JsResult<JsValue> {
            const OPERATOR: &str = stringify!($js_backward);
            let input = $read_input(OPERATOR, "input", input)?;
            let target = $read_target(OPERATOR, "target", target)?;
            let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
            let options = $read_options(OPERATOR, options)?;
            let d_input =
                ($call_backward)(input.view(), target.view(), d_output.view(), &options)?;
            Ok(object([("dInput", write_tensor(d_input.view()))]))
        }
    };
}

loss! {
    /// Softmax cross-entropy of scores `input` `[n, classes, ...]` and class indices `target` `[n, ...]`.
    ///
    /// Options `{ weights, labelSmoothing, ignoreIndex, reduction }` as in PyTorch, `weights` per class.
    cross_entropy as crossEntropy = |input, target, (weights, options): &(_, _)| {
        cross_entropy::cross_entropy(input, target, view(weights), options)
    },
    /// The gradient of `crossEntropy`: `{ dInput }`; `dOutput` has the shape of the loss.
    cross_entropy_backward as crossEntropyBackward = |input, target, d_output, (weights, options): &(_, _)| {
        cross_entropy::cross_entropy_backward(input, target, view(weights), d_output, options)
    },
    input: read_tensor,
    target: read_index_list "IndexVector | IndexTensorLike",
    options: read_cross_entropy "CrossEntropyOptions",
}

loss! {
    /// Minus the logarithm of the probability of the target class; `input` `[n, classes, ...]` holds
    /// logarithms, as `logSoftmax` gives them.
    ///
    /// Options `{ weights, ignoreIndex, reduction }` as in PyTorch, `weights` per class.
    negative_log_likelihood as negativeLogLikelihood = |input, target, (weights, options): &(_, _)| {
        negative_log_likelihood::negative_log_likelihood(input, target, view(weights), options)
    },
    /// The gradient of `negativeLogLikelihood`: `{ dInput }`; `dOutput` has the shape of the loss.
    negative_log_likelihood_backward as negativeLogLikelihoodBackward =
        |input, target, d_output, (weights, options): &(_, _)| {
            negative_log_likelihood::negative_log_likelihood_backward(
                input, target, view(weights), d_output, options,
            )
        },
    input: read_tensor,
    target: read_index_list "IndexVector | IndexTensorLike",
    options: read_likelihood "NegativeLogLikelihoodOptions",
}

loss! {
    /// (`input` - `target`)^2, both of one shape; `reduction` `mean` (unless given), `sum` or `none`.
    mean_squared_error as meanSquaredError = |input, target, &reduction| {
        mean_squared_error::mean_squared_error(input, target, reduction)
    },
    /// The gradient of `meanSquaredError`: `{ dInput }`; `dOutput` has the shape of the loss.
    mean_squared_error_backward as meanSquaredErrorBackward = |input, target, d_output, &reduction| {
        mean_squared_error::mean_squared_error_backward(input, target, d_output, reduction)
    },
    input: read_tensor,
    target: read_tensor "TensorLike",
    options: read_reduction "ReductionOptions",
}

loss! {
    /// |`input` - `target`|, both of one shape; `reduction` `mean` (unless given), `sum` or `none`.
    l1_loss as l1Loss = |input, target, &reduction| l1::l1_loss(input, target, reduction),
    /// The gradient of `l1Loss`: `{ dInput }`; `dOutput` has the shape of the loss.
    l1_loss_backward as l1LossBackward = |input, target, d_output, &reduction| {
        l1::l1_loss_backward(input, target, d_output, reduction)
    },
    input: read_tensor,
    target: read_tensor "TensorLike",
    options: read_reduction "ReductionOptions",
}

loss! {
    /// Half the squared difference of `input` and `target` up to `delta`, linear beyond.
    ///
    /// Options `{ delta, reduction }` as in PyTorch.
    huber_loss as huberLoss = huber::huber_loss,
    /// The gradient of `huberLoss`: `{ dInput }`; `dOutput` has the shape of the loss.
    huber_loss_backward as huberLossBackward = huber::huber_loss_backward,
    input: read_tensor,
    target: read_tensor "TensorLike",
    options: read_huber "HuberLossOptions",
}

loss! {
    /// Cross-entropy of the sigmoid of scores `input` and probabilities `target`, both of one shape;
    /// `reduction` `mean` (unless given), `sum` or `none`.
    binary_cross_entropy as binaryCrossEntropy = |input, target, &reduction| {
        binary_cross_entropy::binary_cross_entropy(input, target, reduction)
    },
    /// The gradient of `binaryCrossEntropy`: `{ dInput }`; `dOutput` has the shape of the loss.
    binary_cross_entropy_backward as binaryCrossEntropyBackward = |input, target, d_output, &reduction| {
        binary_cross_entropy::binary_cross_entropy_backward(input, target, d_output, reduction)
    },
    input: read_tensor,
    target: read_tensor "TensorLike",
    options: read_reduction "ReductionOptions",
}

loss! {
    /// Multi-class hinge loss of scores `input` `[n, classes]` and class indices `target` `[n]`.
    ///
    /// Options `{ margin, reduction }` as in PyTorch's `multi_margin_loss`.
    hinge_loss as hingeLoss = hinge::hinge_loss,
    /// The gradient of `hingeLoss`: `{ dInput }`; `dOutput` has the shape of the loss.
    hinge_loss_backward as hingeLossBackward = hinge::hinge_loss_backward,
    input: read_tensor2,
    target: read_classes "IndexVector | IndexTensorLike",
    options: read_hinge "HingeLossOptions",
}

fn read_classes(
    operator: &'static str,
    argument: &'static str,
    value: &JsValue,
) -> Result<Array1<i32>> {
    let target = read_index_list(operator, argument, value)?;
    let got = format!("{:?}", target.shape());
    target
        .into_dimensionality::<Ix1>()
        .map_err(|_| Error::ShapeMismatch {
            operator,
            argument,
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
export type IndexVector = Int32Array | readonly number[];
/** A mean or sum has the shape `[]`. */
export interface ReductionOptions { reduction?: "mean" | "sum" | "none"; }
export interface NegativeLogLikelihoodOptions extends ReductionOptions {
  weights?: Vector;
  ignoreIndex?: number;
}
export interface CrossEntropyOptions extends NegativeLogLikelihoodOptions { labelSmoothing?: number; }
export interface HuberLossOptions extends ReductionOptions { delta?: number; }
export interface HingeLossOptions extends ReductionOptions { margin?: number; }
"#;
