//! Rendered maps and their legends, out.

use wasm_bindgen::JsValue;

use crate::render::display::{ColorMap, Legend, Rendered};
use crate::wasm::boundary::picture::write_picture;
use crate::wasm::boundary::write::object;

/// The picture of a rendered map.
pub(crate) fn picture(rendered: &Rendered) -> JsValue {
    write_picture(rendered.width, rendered.height, &rendered.rgba)
}

/// `{ picture, legend }`
pub(crate) fn legended(rendered: &Rendered) -> JsValue {
    object([
        ("picture", picture(rendered)),
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
        ColorMap::Activation => "activation",
    };
    object([
        ("map", map.into()),
        ("min", legend.min.into()),
        ("max", legend.max.into()),
        (
            "strip",
            write_picture(legend.strip.len() / 4, 1, &legend.strip),
        ),
        ("valueMin", legend.value_min.into()),
        ("valueMax", legend.value_max.into()),
        ("below", legend.below.into()),
        ("above", legend.above.into()),
        ("count", legend.count.into()),
    ])
}
