//! Two-dimensional convolution.

use ndarray::Array1;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Result;
use crate::ops::conv2d::{self, Conv2dGradients, Conv2dOptions};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor4, read_vector, write_tensor};
use crate::wasm::boundary::write::object;

/// Cross-correlates `input` `[n, c_in, h, w]` with `weights` `[c_out, c_in / groups, kh, kw]`.
///
/// Options `{ bias, stride, padding, paddingMode, dilation, groups, flipKernel }` as in PyTorch;
/// the kernel is flipped only if `flipKernel` is true.
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn conv2d(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] weights: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Conv2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "conv2d";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let weights = read_tensor4(OPERATOR, "weights", weights)?;
    let (bias, options) = read_options(OPERATOR, options)?;
    let bias = bias.as_ref().map(|bias| bias.view());
    let output = conv2d::conv2d(input.view(), weights.view(), bias, &options)?;
    Ok(write_tensor(output.view()))
}

/// The gradients of `conv2d`: `{ dInput, dWeights, dBias }`.
///
/// `dOutput` `[n, c_out, out_h, out_w]`; options as for `conv2d`.
#[wasm_bindgen(js_name = conv2dBackward, unchecked_return_type = "AffineGradients")]
pub fn conv2d_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] weights: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Conv2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "conv2dBackward";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let weights = read_tensor4(OPERATOR, "weights", weights)?;
    let d_output = read_tensor4(OPERATOR, "dOutput", d_output)?;
    let (_, options) = read_options(OPERATOR, options)?;
    let gradients =
        conv2d::conv2d_backward(input.view(), weights.view(), d_output.view(), &options)?;
    Ok(write_gradients(&gradients))
}

/// `{ dInput, dWeights, dBias }`
pub(super) fn write_gradients(gradients: &Conv2dGradients<f32>) -> JsValue {
    object([
        ("dInput", write_tensor(gradients.d_input.view())),
        ("dWeights", write_tensor(gradients.d_weights.view())),
        ("dBias", write_tensor(gradients.d_bias.view())),
    ])
}

fn read_options(
    operator: &'static str,
    value: &JsValue,
) -> Result<(Option<Array1<f32>>, Conv2dOptions)> {
    let known = [
        "bias",
        "stride",
        "padding",
        "paddingMode",
        "dilation",
        "groups",
        "flipKernel",
    ];
    let fields = Fields::new(operator, value, &known)?;
    let default = Conv2dOptions::default();
    let options = Conv2dOptions {
        stride: fields.pair("stride")?.unwrap_or(default.stride),
        padding: fields.padding("padding")?.unwrap_or(default.padding),
        padding_mode: fields
            .padding_mode("paddingMode")?
            .unwrap_or(default.padding_mode),
        dilation: fields.pair("dilation")?.unwrap_or(default.dilation),
        groups: fields.whole("groups")?.unwrap_or(default.groups),
        flip_kernel: fields.boolean("flipKernel")?.unwrap_or(default.flip_kernel),
    };
    let bias = fields.read("bias", |value| read_vector(operator, "bias", value))?;
    Ok((bias, options))
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Values in row-major order; feature maps are NCHW, weights OIHW. */
export interface Tensor { shape: number[]; data: Float32Array; }
/** Whole numbers in row-major order. */
export interface IndexTensor { shape: number[]; data: Int32Array; }
/** Numbers in an array of any kind. A `Float32Array` is copied at once, an `Int32Array` of indices, too. */
export type Numbers = readonly number[] | Int8Array | Uint8Array | Uint8ClampedArray | Int16Array
  | Uint16Array | Int32Array | Uint32Array | Float32Array | Float64Array;
/** What is taken for a tensor. */
export interface TensorLike { shape: readonly number[]; data: Numbers; }
/** What is taken for a tensor of whole numbers. */
export interface IndexTensorLike { shape: readonly number[]; data: Numbers; }
/** A tensor of one axis, or its values alone. */
export type Vector = Numbers | TensorLike;
/** One number for rows and columns, or `[rows, columns]`. */
export type Pair = number | readonly [rows: number, columns: number];
/** Pixels per side: one number, `[rows, columns]` or four. */
export type Padding = number | readonly [rows: number, columns: number]
  | readonly [top: number, left: number, bottom: number, right: number]
  | { top?: number; left?: number; bottom?: number; right?: number };
export type PaddingMode = "zeros" | "reflect" | "replicate" | "circular";
/** PyTorch's meanings under their JavaScript names. */
export interface Conv2dOptions {
  bias?: Vector;
  stride?: Pair;
  padding?: "valid" | "same" | "full" | Padding;
  paddingMode?: PaddingMode;
  dilation?: Pair;
  groups?: number;
  flipKernel?: boolean;
}
"#;
