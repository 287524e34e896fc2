//! Feature maps side by side.

use ndarray::{ArrayD, ArrayViewD};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Result;
use crate::ops::concat;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor, read_tensors, write_tensor};
use crate::wasm::boundary::write::{array, object};

/// The `inputs`, an array of tensors, one after the other along `axis` (1, the channels, unless
/// given).
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn concat(
    #[wasm_bindgen(unchecked_param_type = "readonly TensorLike[]")] inputs: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "AxisOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "concat";
    let inputs = read_tensors(OPERATOR, "inputs", inputs)?;
    let axis = read_axis(OPERATOR, options)?;
    Ok(write_tensor(concat::concat(&views(&inputs), axis)?.view()))
}

/// The gradients of `concat`: `{ dInputs }`, one tensor for each input.
#[wasm_bindgen(js_name = concatBackward, unchecked_return_type = "InputGradients")]
pub fn concat_backward(
    #[wasm_bindgen(unchecked_param_type = "readonly TensorLike[]")] inputs: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "AxisOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "concatBackward";
    let inputs = read_tensors(OPERATOR, "inputs", inputs)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    let axis = read_axis(OPERATOR, options)?;
    let gradients = concat::concat_backward(&views(&inputs), d_output.view(), axis)?;
    Ok(write_gradients(&gradients))
}

/// Views of all tensors.
pub(super) fn views(tensors: &[ArrayD<f32>]) -> Vec<ArrayViewD<'_, f32>> {
    tensors.iter().map(|tensor| tensor.view()).collect()
}

/// `{ dInputs }`
pub(super) fn write_gradients(gradients: &[ArrayD<f32>]) -> JsValue {
    let gradients = gradients
        .iter()
        .map(|gradient| write_tensor(gradient.view()));
    object([("dInputs", array(gradients))])
}

fn read_axis(operator: &'static str, value: &JsValue) -> Result<isize> {
    Ok(Fields::new(operator, value, &["axis"])?
        .axis()?
        .unwrap_or(1))
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** The gradient of sum(output * dOutput) by each input. */
export interface InputGradients { dInputs: Tensor[]; }
"#;
