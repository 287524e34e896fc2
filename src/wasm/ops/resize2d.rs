//! Resizing.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Error, Result};
use crate::ops::resize2d::{self, Resize2dOptions, ResizeKind, ResizeTarget};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{self, Fields, wrong_type};
use crate::wasm::boundary::tensor::{read_tensor4, write_tensor};
use crate::wasm::boundary::write::object;

/// Resamples each channel of `input` `[n, c, h, w]` to `size` pixels or by the factor `scale`.
///
/// Options `{ kind, size, scale, alignCorners }` as in PyTorch's `interpolate`.
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn resize2d(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Resize2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "resize2d";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let options = read_options(OPERATOR, options)?;
    Ok(write_tensor(
        resize2d::resize2d(input.view(), &options)?.view(),
    ))
}

/// The gradient of `resize2d`: `{ dInput }`; `dOutput` has the shape of the output.
#[wasm_bindgen(js_name = resize2dBackward, unchecked_return_type = "InputGradient")]
pub fn resize2d_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Resize2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "resize2dBackward";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let d_output = read_tensor4(OPERATOR, "dOutput", d_output)?;
    let options = read_options(OPERATOR, options)?;
    let d_input = resize2d::resize2d_backward(input.view(), d_output.view(), &options)?;
    Ok(object([("dInput", write_tensor(d_input.view()))]))
}

fn read_options(operator: &'static str, value: &JsValue) -> Result<Resize2dOptions> {
    let fields = Fields::new(operator, value, &["kind", "size", "scale", "alignCorners"])?;
    let default = Resize2dOptions::default();
    let align_corners = fields.boolean("alignCorners")?;
    let bilinear = ResizeKind::Bilinear {
        align_corners: align_corners.unwrap_or(false),
    };
    let kinds = [("nearest", ResizeKind::Nearest), ("bilinear", bilinear)];
    let kind = fields.choice("kind", &kinds)?.unwrap_or(default.kind);
    let one_too_many = |expected: &str, got: &str| Error::UnknownName {
        operator,
        argument: "option".into(),
        expected: expected.into(),
        got: got.into(),
    };
    if kind == ResizeKind::Nearest && align_corners.is_some() {
        return Err(one_too_many("those of kind nearest", "alignCorners"));
    }
    let size = fields.pair("size")?;
    let scale = fields.read("scale", |value| read_scale(operator, value))?;
    let target = match (size, scale) {
        (Some(_), Some(_)) => return Err(one_too_many("size or scale", "both")),
        (Some(size), None) => ResizeTarget::Size(size),
        (None, Some(scale)) => ResizeTarget::Scale(scale),
        (None, None) => default.target,
    };
    Ok(Resize2dOptions { kind, target })
}

fn read_scale(operator: &'static str, value: &JsValue) -> Result<[f64; 2]> {
    if value.as_f64().is_some() {
        return Ok([read::number(operator, "scale", value)?; 2]);
    }
    match &read::array(operator, "scale", value)?[..] {
        [rows, cols] => Ok([
            read::number(operator, "scale", rows)?,
            read::number(operator, "scale", cols)?,
        ]),
        _ => Err(wrong_type(
            operator,
            "scale",
            "a number or [rows, columns]",
            value,
        )),
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** `size` or `scale`; twice the extents if neither is given. */
export type Resize2dOptions = { size?: Pair; scale?: Pair } & (
  | { kind?: "nearest" }
  | { kind: "bilinear"; alignCorners?: boolean }
);
"#;
