//! The sum of feature maps.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::concat::{views, write_gradients};
use crate::ops::add;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::tensor::{read_tensor, read_tensors, write_tensor};

/// The sum of all `inputs`, an array of tensors whose shapes are equal or broadcast to one another.
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn add(
    #[wasm_bindgen(unchecked_param_type = "readonly TensorLike[]")] inputs: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "add";
    let inputs = read_tensors(OPERATOR, "inputs", inputs)?;
    Ok(write_tensor(add::add(&views(&inputs))?.view()))
}

/// The gradients of `add`: `{ dInputs }`, one tensor for each input.
#[wasm_bindgen(js_name = addBackward, unchecked_return_type = "InputGradients")]
pub fn add_backward(
    #[wasm_bindgen(unchecked_param_type = "readonly TensorLike[]")] inputs: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "addBackward";
    let inputs = read_tensors(OPERATOR, "inputs", inputs)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    Ok(write_gradients(&add::add_backward(
        &views(&inputs),
        d_output.view(),
    )?))
}
