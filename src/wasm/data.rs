//! Test patterns.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::data::patterns::{Pattern, draw};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read;
use crate::wasm::boundary::write::picture;

/// The test pattern `name` of `size` x `size` pixels, `{ width, height, rgba }`; `seed` matters to
/// noise alone.
#[wasm_bindgen(js_name = testPattern)]
pub fn test_pattern(name: &str, size: &JsValue, seed: &JsValue) -> JsResult<JsValue> {
    const OPERATOR: &str = "testPattern";
    let pattern = Pattern::from_name(name)?;
    let size = read::whole(OPERATOR, "size", size)?;
    let seed = read::whole(OPERATOR, "seed", seed)?;
    let drawn = draw(pattern, size, seed as u64)?;
    Ok(picture(drawn.width(), drawn.height(), drawn.rgba()))
}
