//! Pooling.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Error, Result};
use crate::ops::pool2d::{self, Pool2dOptions, PoolKind, Pooled};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::Fields;
use crate::wasm::boundary::tensor::{read_tensor4, write_indices, write_tensor};
use crate::wasm::boundary::write::object;

/// Summarises the pixels of each channel of `input` `[n, c, h, w]` under a sliding window:
/// `{ output, indices }`. For maxima `indices` says where each was found, row * w + column in its
/// input channel; for means and norms it is `null`.
///
/// Options `{ kind, size, stride, padding, dilation, ceilMode, countIncludePad, divisorOverride, p }`
/// as in PyTorch; the stride is the size unless given.
#[wasm_bindgen(unchecked_return_type = "Pooled")]
pub fn pool2d(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Pool2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "pool2d";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let pooled = pool2d::pool2d(input.view(), &read_options(OPERATOR, options)?)?;
    Ok(write_pooled(&pooled))
}

/// `{ output, indices }`
pub(super) fn write_pooled(pooled: &Pooled<f32>) -> JsValue {
    let indices = pooled.indices.as_ref();
    object([
        ("output", write_tensor(pooled.output.view())),
        (
            "indices",
            indices.map_or(JsValue::NULL, |indices| write_indices(indices.view())),
        ),
    ])
}

/// The gradient of `pool2d`: `{ dInput }`; `dOutput` has the shape of the output.
#[wasm_bindgen(js_name = pool2dBackward, unchecked_return_type = "InputGradient")]
pub fn pool2d_backward(
    #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    #[wasm_bindgen(js_name = dOutput, unchecked_param_type = "TensorLike")] d_output: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Pool2dOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "pool2dBackward";
    let input = read_tensor4(OPERATOR, "input", input)?;
    let d_output = read_tensor4(OPERATOR, "dOutput", d_output)?;
    let options = read_options(OPERATOR, options)?;
    let d_input = pool2d::pool2d_backward(input.view(), d_output.view(), &options)?;
    Ok(object([("dInput", write_tensor(d_input.view()))]))
}

fn read_options(operator: &'static str, value: &JsValue) -> Result<Pool2dOptions> {
    let known = [
        "kind",
        "size",
        "stride",
        "padding",
        "dilation",
        "ceilMode",
        "countIncludePad",
        "divisorOverride",
        "p",
    ];
    let fields = Fields::new(operator, value, &known)?;
    let default = Pool2dOptions::default();
    Ok(Pool2dOptions {
        kind: read_kind(operator, &fields)?,
        size: fields.pair("size")?.unwrap_or(default.size),
        stride: fields.pair("stride")?.or(default.stride),
        padding: fields.padding("padding")?.unwrap_or(default.padding),
        dilation: fields.pair("dilation")?.unwrap_or(default.dilation),
        ceil_mode: fields.boolean("ceilMode")?.unwrap_or(default.ceil_mode),
    })
}

/// Refuses the parameters of another kind.
fn read_kind(operator: &'static str, fields: &Fields) -> Result<PoolKind> {
    let count_include_pad = fields.boolean("countIncludePad")?;
    let divisor_override = fields.whole("divisorOverride")?;
    let p = fields.number("p")?;
    let kinds = [("max", "max"), ("average", "average"), ("lp", "lp")];
    let kind = fields.choice("kind", &kinds)?.unwrap_or("max");
    let of_another = |argument| Error::UnknownName {
        operator,
        argument: "option".into(),
        expected: format!("those of kind {kind}"),
        got: argument,
    };
    if kind != "average" && count_include_pad.is_some() {
        return Err(of_another("countIncludePad".into()));
    }
    if kind != "average" && divisor_override.is_some() {
        return Err(of_another("divisorOverride".into()));
    }
    if kind != "lp" && p.is_some() {
        return Err(of_another("p".into()));
    }
    Ok(match kind {
        "average" => PoolKind::Average {
            count_include_pad: count_include_pad.unwrap_or(true),
            divisor_override,
        },
        "lp" => PoolKind::Lp {
            p: p.unwrap_or(2.0),
        },
        _ => PoolKind::Max,
    })
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** PyTorch's meanings under their JavaScript names; the stride is the size unless given. */
export type Pool2dOptions = {
  size?: Pair;
  stride?: Pair;
  padding?: "valid" | "same" | "full" | Padding;
  dilation?: Pair;
  ceilMode?: boolean;
} & (
  | { kind?: "max" }
  | { kind: "average"; countIncludePad?: boolean; divisorOverride?: number }
  | { kind: "lp"; p?: number }
);
/** `indices`: for maxima row * w + column in the input channel, else `null`. */
export interface Pooled { output: Tensor; indices: IndexTensor | null; }
"#;
