//! `{ shape, data }` to and from arrays.

use ndarray::{Array4, ArrayView4};
use wasm_bindgen::JsValue;

use crate::compute::check_budget;
use crate::error::{Error, Result};
use crate::wasm::read::{Fields, wholes, wrong_type};
use crate::wasm::write::{array, floats, object};

/// Reads a tensor of four axes.
///
/// # Errors
/// [`Error::WrongType`] or [`Error::ShapeMismatch`] naming `argument`.
pub(crate) fn read_tensor4(
    operator: &'static str,
    argument: &'static str,
    value: &JsValue,
) -> Result<Array4<f32>> {
    if !value.is_object() {
        return Err(wrong_type(
            operator,
            argument,
            "a tensor { shape, data }",
            value,
        ));
    }
    let fields = Fields::new(operator, value, &["shape", "data"])?;
    let shape = wholes(operator, "shape", &fields.get("shape")?)?;
    let mismatch = |expected: String, got: String| Error::ShapeMismatch {
        operator,
        argument,
        expected,
        got,
    };
    let &[n, c, h, w] = &shape[..] else {
        return Err(mismatch("[4 axes]".into(), format!("{shape:?}")));
    };
    check_budget(operator, &[&shape])?;
    let data = fields.floats("data")?;
    let data =
        data.ok_or_else(|| wrong_type(operator, "data", "a Float32Array", &JsValue::UNDEFINED))?;
    let len = data.len();
    Array4::from_shape_vec((n, c, h, w), data)
        .map_err(|_| mismatch(format!("{shape:?}"), format!("{len} values")))
}

/// Writes a tensor.
pub(crate) fn write_tensor4(tensor: ArrayView4<f32>) -> JsValue {
    let values = tensor.iter().copied().collect::<Vec<_>>();
    object([
        ("shape", array(tensor.shape().iter().copied())),
        ("data", floats(&values)),
    ])
}
