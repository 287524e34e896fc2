//! Rust values into plain JavaScript objects.

use js_sys::{Array, Float32Array, Object, Reflect, Uint8Array, Uint8ClampedArray};
use wasm_bindgen::JsValue;

use crate::kernel::Kernel;
use crate::render::cells::Cells;
use crate::render::display::{ColorMap, Legend, Rendered};
use crate::window::Sides;

/// A plain object with the given fields.
pub(crate) fn object<const N: usize>(fields: [(&str, JsValue); N]) -> JsValue {
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

/// `{ width, height, rgba }`
pub(crate) fn picture(width: usize, height: usize, rgba: &[u8]) -> JsValue {
    object([
        ("width", width.into()),
        ("height", height.into()),
        ("rgba", bytes_clamped(rgba)),
    ])
}

/// `{ width, height, rgba }` of a rendered map, without its legend.
pub(crate) fn rendered(rendered: &Rendered) -> JsValue {
    picture(rendered.width, rendered.height, &rendered.rgba)
}

/// `{ width, height, rgba, legend }`
pub(crate) fn legended(rendered: &Rendered) -> JsValue {
    object([
        ("width", rendered.width.into()),
        ("height", rendered.height.into()),
        ("rgba", bytes_clamped(&rendered.rgba)),
        ("legend", legend(&rendered.legend)),
    ])
}

/// The legend of a rendered map.
pub(crate) fn legend(legend: &Legend) -> JsValue {
    let map = match legend.map {
        ColorMap::Grey => "grey",
        ColorMap::Diverging => "diverging",
        ColorMap::Rgb => "rgb",
        ColorMap::RgbSigned => "rgb_signed",
        ColorMap::Heat => "heat",
    };
    object([
        ("map", map.into()),
        ("min", legend.min.into()),
        ("max", legend.max.into()),
        ("strip", bytes_clamped(&legend.strip)),
        ("valueMin", legend.value_min.into()),
        ("valueMax", legend.value_max.into()),
        ("below", legend.below.into()),
        ("above", legend.above.into()),
        ("count", legend.count.into()),
    ])
}

/// `{ colors, inks }`
pub(crate) fn cells(cells: &Cells) -> JsValue {
    object([
        ("colors", bytes_clamped(&cells.colors)),
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

/// A `Uint8ClampedArray`, as pixels come.
pub(crate) fn bytes_clamped(bytes: &[u8]) -> JsValue {
    Uint8ClampedArray::from(bytes).into()
}
