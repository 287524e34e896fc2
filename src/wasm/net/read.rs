//! A JavaScript value into a [`Spec`].

use js_sys::JSON;
use serde::Deserialize;
use wasm_bindgen::JsValue;

use crate::error::{self, Error, Result};
use crate::net::graph::check_count;
use crate::net::refusal::shortened;
use crate::net::spec::{Input, Layer, Spec};
use crate::wasm::boundary::read::{Fields, is_array, item, length, wrong_type};

/// Longest JSON text of the layers: 400 characters for each, twice what any of the zoo takes.
const TEXT_LIMIT: u32 = 2 << 20;

/// Reads a spec. It comes over as JSON: one text is faster than a call for each of its values, and
/// nothing in it can run while it is read.
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
    let unreadable = |part: String, reason: String| Error::SpecUnreadable {
        operator,
        part,
        reason,
    };
    Ok(Spec {
        input: from_json::<Input>(&input).map_err(|reason| unreadable("input".into(), reason))?,
        layers: from_json::<Vec<Layer>>(&layers).map_err(|reason| {
            let (part, reason) = culprit(&layers, count).unwrap_or(("layers".into(), reason));
            unreadable(part, reason)
        })?,
    })
}

fn from_json<T: for<'de> Deserialize<'de>>(value: &JsValue) -> std::result::Result<T, String> {
    let text = JSON::stringify(value).map_err(|_| "it is no plain data")?;
    if !text.is_string() {
        return Err("it is missing".into());
    }
    if text.length() > TEXT_LIMIT {
        return Err(format!("its JSON text is longer than {TEXT_LIMIT}"));
    }
    serde_json::from_str(&String::from(text)).map_err(|error| reason(&error))
}

/// What serde says, shortened and without the place in a text that nobody sees.
fn reason(error: &serde_json::Error) -> String {
    const LENGTH: usize = 300;
    let said = error.to_string();
    let said = said
        .rsplit_once(" at line ")
        .map_or(&said[..], |(said, _)| said);
    error::shortened(said, LENGTH)
}

/// The first layer that cannot be read by itself, by its place and, if it has one, its id:
/// `layers[3] (conv1)`; and why.
fn culprit(layers: &JsValue, count: usize) -> Option<(String, String)> {
    #[derive(Deserialize)]
    struct Named {
        id: String,
    }
    (0..count).find_map(|place| {
        let layer = item(layers, place);
        let reason = from_json::<Layer>(&layer).err()?;
        let part = match from_json::<Named>(&layer) {
            Ok(Named { id }) => format!("layers[{place}] ({})", shortened(&id)),
            Err(_) => format!("layers[{place}]"),
        };
        Some((part, reason))
    })
}
