//! Gradient clipping.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Result;
use crate::train;
use crate::train::clipping::Clipping;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::tagged::read_tagged;
use crate::wasm::boundary::tensor::{read_tensors, write_tensors};
use crate::wasm::boundary::write::object;

const OPERATOR: &str = "clipGradients";

/// Gradients kept from growing too large, and the common norm of all of them before.
#[wasm_bindgen(js_name = clipGradients, unchecked_return_type = "ClippedGradients")]
pub fn clip_gradients(
    #[wasm_bindgen(unchecked_param_type = "TensorLike[]")] grads: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "ClippingOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    let mut grads = read_tensors(OPERATOR, "grads", grads)?;
    let norm = train::clipping::clip_gradients(&mut grads, read_clipping(options)?)?;
    Ok(object([
        ("gradients", write_tensors(&grads)),
        ("norm", norm.into()),
    ]))
}

/// Reads `{ kind, limit }`.
///
/// # Errors
/// As [`read_tagged`].
pub(super) fn read_clipping(value: &JsValue) -> Result<Clipping> {
    Ok(read_tagged::<Clipping, ()>(OPERATOR, value)?.0)
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** norm: scales all gradients together; value: limits each value. */
export type ClippingOptions = { kind: "norm" | "value"; limit: number };
/** norm: the common Euclidean norm before clipping. */
export type ClippedGradients = { gradients: Tensor[]; norm: number };
"#;
