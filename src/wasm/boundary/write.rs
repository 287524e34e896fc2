//! Rust values into plain JavaScript objects.

use js_sys::{Array, Float32Array, JSON, Object, Reflect, Uint8Array, Uint8ClampedArray};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::kernel::Kernel;
use crate::render::cells::Cells;
use crate::window::Sides;

/// A plain object with the given fields.
pub(crate) fn object<'a>(fields: impl IntoIterator<Item = (&'a str, JsValue)>) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(&object, &name.into(), &value);
    }
    object.into()
}

/// A plain array of the given values.
pub(crate) fn array<T: Into<JsValue>>(values: impl IntoIterator<Item = T>) -> JsValue {
    values.into_iter().map(Into::into).collect::<Array>().into()
}

/// `number[][]`
pub(crate) fn kernel_rows(kernel: &Kernel) -> JsValue {
    array(kernel.outer_iter().map(|row| array(row.iter().copied())))
}

/// `{ colors, inks }`
pub(crate) fn cells(cells: &Cells) -> JsValue {
    object([
        (
            "colors",
            Uint8ClampedArray::new_from_slice(&cells.colors).into(),
        ),
        ("inks", Uint8Array::from(&cells.inks[..]).into()),
    ])
}

/// `{ top, left, bottom, right }`
pub(crate) fn sides(sides: Sides) -> JsValue {
    object([
        ("top", sides.top.into()),
        ("left", sides.left.into()),
        ("bottom", sides.bottom.into()),
        ("right", sides.right.into()),
    ])
}

/// A `Float32Array`.
pub(crate) fn floats(values: &[f32]) -> JsValue {
    Float32Array::from(values).into()
}

/// Plain objects, arrays and numbers. They go over as one JSON text, several times faster than
/// value by value; a number that is not finite becomes `null`.
pub(crate) fn plain(value: &impl Serialize) -> JsValue {
    // None of the types written here can fail, and what serde writes can be parsed.
    let text = serde_json::to_string(value).unwrap_or_default();
    JSON::parse(&text).unwrap_or(JsValue::UNDEFINED)
}
