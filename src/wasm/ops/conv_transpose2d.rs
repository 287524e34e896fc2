//! Two-dimensional transposed convolution.

use ndarray::Array1;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::conv2d::write_gradients;
use crate::error::Result;
use crate::ops::conv_transpose2d::{self, ConvTranspose2dOptions};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor4, read_vector, write_tensor};

/// Spreads `input` `[n, c_in, h, w]` by `weights` `[c_in, c_out / groups, kh, kw]`: the transpose
/// of `conv2d` with the same options.
///
/// Options `{ bias, stride, padding, outputPadding, dilation, groups }` as in PyTorch.
#[wasm_bindgen(js_name = convTranspose2d, unchecked_return_type = "Tensor")]
pub fn conv_transpose2d(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] weights: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ConvTranspose2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "convTranspose2d";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let weights = read_tensor4(OPERATOR, "weights", weights)?;
    let (bias, options) = read_options(OPERATOR, options)?;
    let bias = bias.as_ref().map(|bias| bias.view());
    let output = conv_transpose2d::conv_transpose2d(input.view(), weights.view(), bias, &options)?;
    Ok(write_tensor(output.view()))
}

/// The gradients of `convTranspose2d`: `{ dInput, dWeights, dBias }`.
///
/// `dOutput` has the shape of the output; options as for `convTranspose2d`.
#[wasm_bindgen(js_name = convTranspose2dBackward, unchecked_return_type = "AffineGradients")]
pub fn conv_transpose2d_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] weights: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "ConvTranspose2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "convTranspose2dBackward";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let weights = read_tensor4(OPERATOR, "weights", weights)?;
    let d_output = read_tensor4(OPERATOR, "dOutput", d_output)?;
    let (_, options) = read_options(OPERATOR, options)?;
    let gradients = conv_transpose2d::conv_transpose2d_backward(
        input.view(),
        weights.view(),
        d_output.view(),
        &options,
    )?;
    Ok(write_gradients(&gradients))
}

fn read_options(
    operator: &'static str,
    value: &JsValue,
) -> Result<(Option<Array1<f32>>, ConvTranspose2dOptions)> {
    let known = [
        "bias",
        "stride",
        "padding",
        "outputPadding",
        "dilation",
        "groups",
    ];
    let fields = Fields::new(operator, value, &known)?;
    let default = ConvTranspose2dOptions::default();
    let options = ConvTranspose2dOptions {
        stride: fields.pair("stride")?.unwrap_or(default.stride),
        padding: fields.sides("padding")?.unwrap_or(default.padding),
        output_padding: fields
            .pair("outputPadding")?
            .unwrap_or(default.output_padding),
        dilation: fields.pair("dilation")?.unwrap_or(default.dilation),
        groups: fields.whole("groups")?.unwrap_or(default.groups),
    };
    let bias = fields.read("bias", |value| read_vector(operator, "bias", value))?;
    Ok((bias, options))
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** PyTorch's meanings under their JavaScript names. */
export interface ConvTranspose2dOptions {
  bias?: Vector;
  stride?: Pair;
  padding?: Padding;
  outputPadding?: Pair;
  dilation?: Pair;
  groups?: number;
}
"#;
