//! Dropout.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Error, Result};
use crate::ops::dropout::{self, DropoutOptions};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor, write_tensor};
use crate::wasm::boundary::write::object;

/// Sets each value of `input` to 0 with the given probability and divides the others by
/// 1 - `probability`: `{ output, mask }`, the mask 1 where a value was kept.
///
/// Options `{ probability, training, seed }`; the same seed and shape give the same mask.
#[wasm_bindgen(unchecked_return_type = "Dropout")]
pub fn dropout(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "DropoutOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "dropout";
    let input = read_tensor(OPERATOR, "input", input)?;
    let dropped = dropout::dropout(input.view(), &read_options(OPERATOR, options)?)?;
    Ok(object([
        ("output", write_tensor(dropped.output.view())),
        ("mask", write_tensor(dropped.mask.view())),
    ]))
}

/// The gradient of `dropout` with the same options: `{ dInput }`.
#[wasm_bindgen(js_name = dropoutBackward, unchecked_return_type = "InputGradient")]
pub fn dropout_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "DropoutOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "dropoutBackward";
    let input = read_tensor(OPERATOR, "input", input)?;
    let d_output = read_tensor(OPERATOR, "dOutput", d_output)?;
    if input.shape() != d_output.shape() {
        return Err(Error::ShapeMismatch {
            operator: OPERATOR,
            argument: "dOutput",
            expected: format!("{:?}", input.shape()),
            got: format!("{:?}", d_output.shape()),
        }
        .into());
    }
    let options = read_options(OPERATOR, options)?;
    let d_input = dropout::dropout_backward(d_output.view(), &options)?;
    Ok(object([("dInput", write_tensor(d_input.view()))]))
}

fn read_options(operator: &'static str, value: &JsValue) -> Result<DropoutOptions> {
    let fields = Fields::new(operator, value, &["probability", "training", "seed"])?;
    let default = DropoutOptions::default();
    Ok(DropoutOptions {
        probability: fields.number("probability")?.unwrap_or(default.probability),
        training: fields.boolean("training")?.unwrap_or(default.training),
        seed: fields
            .whole("seed")?
            .map_or(default.seed, |seed| seed as u64),
    })
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface DropoutOptions { probability?: number; training?: boolean; seed?: number; }
/** `mask`: 1 where a value was kept, else 0. */
export interface Dropout { output: Tensor; mask: Tensor; }
"#;
