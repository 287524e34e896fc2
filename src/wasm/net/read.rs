//! A JavaScript value into a [`Spec`].

use js_sys::Reflect;
use serde::Deserialize;
use wasm_bindgen::JsValue;

use super::value::{Bounds, Unfit, Value};
use crate::error::{Error, Result};
use crate::net::graph::{ID_LIMIT, check_count, shortened};
use crate::net::spec::{Input, Layer, Spec};
use crate::wasm::read::{Fields, is_array, item, length, wrong_type};

/// What one layer may hold: LeNet-5's table of connections has a hundred numbers.
const BOUNDS: Bounds = Bounds {
    values: 1 << 16,
    depth: 4,
    text: ID_LIMIT as u32,
};

/// Reads a spec. No more is read of a value than a spec can hold.
///
/// # Errors
/// [`Error::WrongType`], [`Error::UnknownName`] or [`Error::WrongCount`] for the spec as a whole,
/// [`Error::SpecUnreadable`] for its input or a layer.
pub fn read_spec(operator: &'static str, value: &JsValue) -> Result<Spec> {
    if !value.is_object() {
        return Err(wrong_type(operator, "spec", "an object", value));
    }
    let fields = Fields::new(operator, value, &["input", "layers"])?;
    let (input, layers) = (fields.get("input")?, fields.get("layers")?);
    if !is_array(&layers) {
        return Err(wrong_type(operator, "layers", "an array", &layers));
    }
    let count = length(&layers).unwrap_or(0);
    check_count(count)?;
    let layer = |place: usize| {
        let value = item(&layers, place);
        read_part::<Layer>(operator, &value, || named(&value, place))
    };
    Ok(Spec {
        input: read_part::<Input>(operator, &input, || "input".into())?,
        layers: (0..count).map(layer).collect::<Result<_>>()?,
    })
}

fn read_part<T: for<'de> Deserialize<'de>>(
    operator: &'static str,
    value: &JsValue,
    part: impl Fn() -> String,
) -> Result<T> {
    let read = || {
        let value = { BOUNDS }.copy(value)?;
        T::deserialize(value).map_err(|error: Unfit| error.to_string())
    };
    read().map_err(|reason| Error::SpecUnreadable {
        operator,
        part: part(),
        reason,
    })
}

/// A layer by its place and, if it has one, its id: `layers[3] (conv1)`.
fn named(value: &JsValue, place: usize) -> String {
    let id = Reflect::get(value, &"id".into()).unwrap_or(JsValue::UNDEFINED);
    match { BOUNDS }.copy(&id) {
        Ok(Value::Text(id)) => format!("layers[{place}] ({})", shortened(&id)),
        _ => format!("layers[{place}]"),
    }
}
