//! Published networks.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Error;
use crate::net::op;
use crate::net::refusal::shortened;
use crate::net::zoo;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::text;
use crate::wasm::boundary::write::plain;
use crate::wasm::boundary::write::{array, object};

/// The operators that a layer can have, with their options: names, ranges, and what they start with.
#[wasm_bindgen(unchecked_return_type = "OperatorSchema[]")]
pub fn operators() -> JsValue {
    plain(&op::schema())
}

/// The published networks that `architecture` knows, family by family.
#[wasm_bindgen(unchecked_return_type = "ArchitectureInfo[]")]
pub fn architectures() -> JsValue {
    array(zoo::ARCHITECTURES.iter().map(|known| {
        object([
            ("name", known.name.into()),
            ("title", known.title.into()),
            ("family", known.family.into()),
            ("year", known.year.into()),
            ("source", known.source.into()),
        ])
    }))
}

/// The spec of a published network; `architectures` lists their names.
#[wasm_bindgen(unchecked_return_type = "NetworkSpec")]
pub fn architecture(
    #[wasm_bindgen(unchecked_param_type = "string")] name: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "architecture";
    let name = text(OPERATOR, "name", "the name of an architecture", name)?;
    let known = zoo::find(&name).ok_or_else(|| Error::UnknownName {
        operator: OPERATOR,
        argument: "name".into(),
        expected: zoo::ARCHITECTURES.map(|known| known.name).join(", "),
        got: shortened(&name),
    })?;
    Ok(plain(&(known.spec)()))
}
