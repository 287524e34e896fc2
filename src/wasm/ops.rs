//! The operators as functions on tensors.

use ndarray::Array1;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::ops;
use crate::ops::conv2d::Conv2dOptions;
use crate::wasm::js_error::JsResult;
use crate::wasm::read::Fields;
use crate::wasm::tensor::{read_tensor4, write_tensor4};

/// Cross-correlates `input` `[n, c_in, h, w]` with `weights` `[c_out, c_in / groups, kh, kw]`.
///
/// Options `{ bias, stride, padding, paddingMode, dilation, groups, flipKernel }` as in PyTorch;
/// the kernel is flipped only if `flipKernel` is true.
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn conv2d(
    #[wasm_bindgen(unchecked_param_type = "Tensor")] input: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "Tensor")] weights: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Conv2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "conv2d";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let weights = read_tensor4(OPERATOR, "weights", weights)?;
    let fields = Fields::new(OPERATOR, options, &CONV2D_OPTIONS)?;
    let bias = fields.floats("bias")?.map(Array1::from_vec);
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
    let bias = bias.as_ref().map(|bias| bias.view());
    let output = ops::conv2d::conv2d(input.view(), weights.view(), bias, &options)?;
    Ok(write_tensor4(output.view()))
}

const CONV2D_OPTIONS: [&str; 7] = [
    "bias",
    "stride",
    "padding",
    "paddingMode",
    "dilation",
    "groups",
    "flipKernel",
];

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Values in row-major order; feature maps are NCHW, weights OIHW. */
export interface Tensor { shape: number[]; data: Float32Array | number[]; }
/** PyTorch's meanings under their JavaScript names; pairs are [rows, columns]. */
export interface Conv2dOptions {
  bias?: Float32Array | number[];
  stride?: number | [number, number];
  padding?: "valid" | "same" | "full" | number | [number, number]
    | [top: number, left: number, bottom: number, right: number];
  paddingMode?: "zeros" | "reflect" | "replicate" | "circular";
  dilation?: number | [number, number];
  groups?: number;
  flipKernel?: boolean;
}
"#;
