//! Test patterns.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::data::patterns::{Pattern, draw};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::picture::write_picture;
use crate::wasm::boundary::read;

/// The test pattern `name` of `size` x `size` pixels; `seed` matters to noise alone.
#[wasm_bindgen(js_name = testPattern, unchecked_return_type = "Picture")]
pub fn test_pattern(
    name: &str,
    #[wasm_bindgen(unchecked_param_type = "number")] size: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] seed: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "testPattern";
    let pattern = Pattern::from_name(name)?;
    let size = read::whole(OPERATOR, "size", size)?;
    let seed = read::whole(OPERATOR, "seed", seed)?;
    let drawn = draw(pattern, size, seed as u64)?;
    Ok(write_picture(drawn.width(), drawn.height(), drawn.rgba()))
}
