//! Max unpooling.

use ndarray::{Array4, Ix4};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Error, Result};
use crate::ops::unpool2d::{self, Unpool2dOptions};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_indices, read_tensor4, write_tensor};
use crate::wasm::boundary::write::object;

/// Writes each value of `input` `[n, c, h, w]` at its place in `indices`, as `pool2d` gave them, of
/// an output of zeros.
///
/// Options `{ size, stride, padding }` of the pooling, and `outputSize` if it had another size than
/// the smallest.
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn unpool2d(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "IndexTensorLike")] indices: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Unpool2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "unpool2d";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let indices = read_places(OPERATOR, indices)?;
    let options = read_options(OPERATOR, options)?;
    let output = unpool2d::unpool2d(input.view(), indices.view(), &options)?;
    Ok(write_tensor(output.view()))
}

/// The gradient of `unpool2d`: `{ dInput }`; `dOutput` has the shape of the output.
#[wasm_bindgen(js_name = unpool2dBackward, unchecked_return_type = "InputGradient")]
pub fn unpool2d_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "IndexTensorLike")] indices: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Unpool2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "unpool2dBackward";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let indices = read_places(OPERATOR, indices)?;
    let d_output = read_tensor4(OPERATOR, "dOutput", d_output)?;
    let options = read_options(OPERATOR, options)?;
    let d_input =
        unpool2d::unpool2d_backward(input.view(), indices.view(), d_output.view(), &options)?;
    Ok(object([("dInput", write_tensor(d_input.view()))]))
}

fn read_places(operator: &'static str, value: &JsValue) -> Result<Array4<i32>> {
    let indices = read_indices(operator, "indices", value)?;
    let got = format!("{:?}", indices.shape());
    indices
        .into_dimensionality::<Ix4>()
        .map_err(|_| Error::ShapeMismatch {
            operator,
            argument: "indices",
            expected: "[4 axes]".into(),
            got,
        })
}

fn read_options(operator: &'static str, value: &JsValue) -> Result<Unpool2dOptions> {
    let known = ["size", "stride", "padding", "outputSize"];
    let fields = Fields::new(operator, value, &known)?;
    let default = Unpool2dOptions::default();
    Ok(Unpool2dOptions {
        size: fields.pair("size")?.unwrap_or(default.size),
        stride: fields.pair("stride")?.or(default.stride),
        padding: fields.sides("padding")?.unwrap_or(default.padding),
        output_size: fields.pair("outputSize")?.or(default.output_size),
    })
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface Unpool2dOptions { size?: Pair; stride?: Pair; padding?: Padding; outputSize?: Pair; }
"#;
