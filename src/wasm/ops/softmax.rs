//! Softmax and its logarithm.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Result;
use crate::ops::softmax;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor, write_tensor};
use crate::wasm::boundary::write::object;

/// Exponentials along `axis` (the last one unless given), divided by their sum.
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn softmax(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "AxisOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "softmax";
    let input = read_tensor(OPERATOR, "input", input)?;
    let output = softmax::softmax(input.view(), read_axis(OPERATOR, options)?)?;
    Ok(write_tensor(output.view()))
}

/// The gradient of `softmax`: `{ dInput }`; `dOutput` has the shape of `input`.
#[wasm_bindgen(js_name = softmaxBackward, unchecked_return_type = "InputGradient")]
pub fn softmax_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "AxisOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "softmaxBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let axis = read_axis(OPERATOR, options)?;
    let d_input = softmax::softmax_backward(input.view(), d_output.view(), axis)?;
    Ok(object([("dInput", write_tensor(d_input.view()))]))
}

/// The logarithm of `softmax`, without its underflow.
#[wasm_bindgen(js_name = logSoftmax, unchecked_return_type = "Tensor")]
pub fn log_softmax(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "AxisOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "logSoftmax";
    let input = read_tensor(OPERATOR, "input", input)?;
    let output = softmax::log_softmax(input.view(), read_axis(OPERATOR, options)?)?;
    Ok(write_tensor(output.view()))
}

/// The gradient of `logSoftmax`: `{ dInput }`; `dOutput` has the shape of `input`.
#[wasm_bindgen(js_name = logSoftmaxBackward, unchecked_return_type = "InputGradient")]
pub fn log_softmax_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "AxisOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "logSoftmaxBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let axis = read_axis(OPERATOR, options)?;
    let d_input = softmax::log_softmax_backward(input.view(), d_output.view(), axis)?;
    Ok(object([("dInput", write_tensor(d_input.view()))]))
}

fn read_axis(operator: &'static str, options: &JsValue) -> Result<isize> {
    let fields = Fields::new(operator, options, &["axis"])?;
    Ok(fields.axis()?.unwrap_or(-1))
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** An axis; a negative one counts from the end. */
export interface AxisOptions { axis?: number; }
"#;
