//! Activation functions.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Result;
use crate::ops::activation::{self, Activation, GeluForm};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{self, Fields};
use crate::wasm::boundary::tensor::{read_tensor, write_tensor};
use crate::wasm::boundary::write::object;

/// Applies an activation function to every value of `input`, a tensor of any shape.
///
/// Options `{ kind, ...parameters }`; parameters and their defaults are PyTorch's.
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn activation(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "ActivationOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "activation";
    let input = read_tensor(OPERATOR, "input", input)?;
    let output = activation::activation(input.view(), read_kind(OPERATOR, options)?)?;
    Ok(write_tensor(output.view()))
}

/// The gradient of `activation`: `{ dInput }`; `dOutput` has the shape of `input`.
#[wasm_bindgen(js_name = activationBackward, unchecked_return_type = "InputGradient")]
pub fn activation_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "ActivationOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "activationBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let kind = read_kind(OPERATOR, options)?;
    let d_input = activation::activation_backward(input.view(), d_output.view(), kind)?;
    Ok(object([("dInput", write_tensor(d_input.view()))]))
}

/// Reads the kind first: it decides which parameters there may be.
fn read_kind(operator: &'static str, value: &JsValue) -> Result<Activation> {
    let known = [
        "kind",
        "slope",
        "alpha",
        "scale",
        "beta",
        "threshold",
        "min",
        "max",
        "approximate",
    ];
    let kind = Fields::new(operator, value, &known)?.get("kind")?;
    let name = read::text(operator, "kind", "the name of an activation", &kind)?;
    let read = |parameters: &[&str]| Fields::new(operator, value, parameters);
    Ok(match Activation::from_name(&name)? {
        Activation::LeakyRelu { slope } => {
            let fields = read(&["kind", "slope"])?;
            let slope = fields.number("slope")?.unwrap_or(slope);
            Activation::LeakyRelu { slope }
        }
        Activation::Elu { alpha } => {
            let fields = read(&["kind", "alpha"])?;
            let alpha = fields.number("alpha")?.unwrap_or(alpha);
            Activation::Elu { alpha }
        }
        Activation::Selu { alpha, scale } => {
            let fields = read(&["kind", "alpha", "scale"])?;
            let alpha = fields.number("alpha")?.unwrap_or(alpha);
            let scale = fields.number("scale")?.unwrap_or(scale);
            Activation::Selu { alpha, scale }
        }
        Activation::Celu { alpha } => {
            let fields = read(&["kind", "alpha"])?;
            let alpha = fields.number("alpha")?.unwrap_or(alpha);
            Activation::Celu { alpha }
        }
        Activation::Gelu { form } => {
            let fields = read(&["kind", "approximate"])?;
            let forms = [("none", GeluForm::Erf), ("tanh", GeluForm::Tanh)];
            let form = fields.choice("approximate", &forms)?.unwrap_or(form);
            Activation::Gelu { form }
        }
        Activation::Silu { beta } => {
            let fields = read(&["kind", "beta"])?;
            let beta = fields.number("beta")?.unwrap_or(beta);
            Activation::Silu { beta }
        }
        Activation::Softplus { beta, threshold } => {
            let fields = read(&["kind", "beta", "threshold"])?;
            let beta = fields.number("beta")?.unwrap_or(beta);
            let threshold = fields.number("threshold")?.unwrap_or(threshold);
            Activation::Softplus { beta, threshold }
        }
        Activation::Hardtanh { min, max } => {
            let fields = read(&["kind", "min", "max"])?;
            let min = fields.any_number("min")?.unwrap_or(min);
            let max = fields.any_number("max")?.unwrap_or(max);
            Activation::Hardtanh { min, max }
        }
        Activation::Hardsigmoid { alpha, beta } => {
            let fields = read(&["kind", "alpha", "beta"])?;
            let alpha = fields.number("alpha")?.unwrap_or(alpha);
            let beta = fields.number("beta")?.unwrap_or(beta);
            Activation::Hardsigmoid { alpha, beta }
        }
        Activation::ThresholdedRelu { threshold } => {
            let fields = read(&["kind", "threshold"])?;
            let threshold = fields.number("threshold")?.unwrap_or(threshold);
            Activation::ThresholdedRelu { threshold }
        }
        plain @ (Activation::Relu
        | Activation::Relu6
        | Activation::Softsign
        | Activation::Sigmoid
        | Activation::Tanh
        | Activation::Hardswish
        | Activation::Mish) => {
            read(&["kind"])?;
            plain
        }
    })
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** An activation function and its parameters, with PyTorch's defaults. */
export type ActivationOptions =
  | { kind: "relu" | "relu6" | "softsign" | "sigmoid" | "tanh" | "hardswish" | "mish" }
  | { kind: "leaky_relu"; slope?: number }
  | { kind: "elu" | "celu"; alpha?: number }
  | { kind: "selu"; alpha?: number; scale?: number }
  | { kind: "gelu"; approximate?: "none" | "tanh" }
  | { kind: "silu"; beta?: number }
  | { kind: "softplus"; beta?: number; threshold?: number }
  | { kind: "hardtanh"; min?: number; max?: number }
  | { kind: "hardsigmoid"; alpha?: number; beta?: number }
  | { kind: "thresholded_relu"; threshold?: number };
"#;
