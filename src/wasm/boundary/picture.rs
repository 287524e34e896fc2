//! Pictures in and out: `ImageData` in a page and its workers; where there is none, as in Node, a plain
//! object with the same fields.

use std::sync::LazyLock;

use js_sys::{Reflect, Uint8ClampedArray};
use wasm_bindgen::JsValue;
use web_sys::ImageData;

use crate::data::picture::Picture;
use crate::error::Result;
use crate::wasm::boundary::read::{self, Fields};
use crate::wasm::boundary::write::object;

static HAS_IMAGE_DATA: LazyLock<bool> =
    LazyLock::new(|| Reflect::has(&js_sys::global(), &"ImageData".into()).unwrap_or(false));

/// Reads an `ImageData` or `{ width, height, data }`.
///
/// # Errors
/// [`crate::error::Error::WrongType`] for another value; as [`Picture::new`].
pub(crate) fn read_picture(operator: &'static str, value: &JsValue) -> Result<Picture> {
    let fields = Fields::new(operator, value, &["width", "height", "data"])?;
    let width = read::whole(operator, "width", &fields.get("width")?)?;
    let height = read::whole(operator, "height", &fields.get("height")?)?;
    let data = read::bytes(operator, "data", &fields.get("data")?)?;
    Picture::new(operator, width, height, data)
}

/// Writes `width` x `height` RGBA pixels.
pub(crate) fn write_picture(width: usize, height: usize, rgba: &[u8]) -> JsValue {
    // A copy: an `ImageData` keeps its array, and the memory of this module may move.
    let data = Uint8ClampedArray::new_from_slice(rgba);
    let image = HAS_IMAGE_DATA.then(|| {
        ImageData::new_with_js_u8_clamped_array_and_sh(&data, width as u32, height as u32)
    });
    match image {
        Some(Ok(image)) => image.into(),
        // A picture without pixels is no `ImageData`.
        Some(Err(_)) | None => object([
            ("width", width.into()),
            ("height", height.into()),
            ("data", data.into()),
        ]),
    }
}
