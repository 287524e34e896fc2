//! What the labs read and write alike.

use js_sys::{Int32Array, Uint8Array};
use wasm_bindgen::{Clamped, JsValue};

use crate::data::picture::{ColorMode, Picture};
use crate::error::{Axis, Error, Result};
use crate::render::color::Theme;
use crate::render::display::DisplayRange;
use crate::wasm::boundary::read::{self, Fields, wrong_type};
use crate::window::Window;

/// The picture that a lab looks at: `width` x `height` RGBA bytes.
pub(crate) fn read_picture(
    operator: &'static str,
    width: &JsValue,
    height: &JsValue,
    rgba: Clamped<Vec<u8>>,
) -> Result<Picture> {
    let width = read::whole(operator, "width", width)?;
    let height = read::whole(operator, "height", height)?;
    Picture::new(operator, width, height, rgba.0)
}

/// The field `color`, which must be there.
pub(crate) fn read_color(operator: &'static str, fields: &Fields) -> Result<ColorMode> {
    let colors = [("grey", ColorMode::Grey), ("color", ColorMode::Color)];
    fields
        .choice("color", &colors)?
        .ok_or_else(|| missing(operator, "color"))
}

/// The field `theme`, which must be there.
pub(crate) fn read_theme(operator: &'static str, fields: &Fields) -> Result<Theme> {
    fields
        .choice("theme", &[("light", Theme::Light), ("dark", Theme::Dark)])?
        .ok_or_else(|| missing(operator, "theme"))
}

/// The field `display`: `{ kind, min, max }`, symmetric if it is absent.
pub(crate) fn read_display(operator: &'static str, fields: &Fields) -> Result<DisplayRange> {
    let fields = Fields::new(operator, &fields.get("display")?, &["kind", "min", "max"])?;
    let kinds = [
        ("clip", DisplayRange::Clip),
        ("symmetric", DisplayRange::Symmetric),
        ("absolute", DisplayRange::Absolute),
        (
            "fixed",
            DisplayRange::Fixed {
                min: -1.0,
                max: 1.0,
            },
        ),
    ];
    let range = match fields.choice("kind", &kinds)? {
        Some(DisplayRange::Fixed { min, max }) => DisplayRange::Fixed {
            min: fields.number("min")?.unwrap_or(min),
            max: fields.number("max")?.unwrap_or(max),
        },
        kind => kind.unwrap_or(DisplayRange::Symmetric),
    };
    range.check(operator)?;
    Ok(range)
}

/// The parts of the output-size formula along `axis`, for an input of `[rows, columns]`.
pub(crate) fn formula_parts(
    window: &Window,
    axis: Axis,
    input: [usize; 2],
    output: usize,
) -> [(&'static str, JsValue); 7] {
    let [before, after] = window.padding.along(axis);
    [
        ("input", input[axis as usize].into()),
        ("before", before.into()),
        ("after", after.into()),
        ("kernel", window.kernel[axis as usize].into()),
        ("dilation", window.dilation[axis as usize].into()),
        ("stride", window.stride[axis as usize].into()),
        ("output", output.into()),
    ]
}

/// An `Int32Array` of places that may lie outside.
pub(crate) fn coordinates(values: &[isize]) -> JsValue {
    let values = values.iter().map(|&value| value as i32).collect::<Vec<_>>();
    Int32Array::from(&values[..]).into()
}

/// A `Uint8Array` of 0 and 1.
pub(crate) fn flags(values: &[bool]) -> JsValue {
    let values = values
        .iter()
        .map(|&value| u8::from(value))
        .collect::<Vec<_>>();
    Uint8Array::from(&values[..]).into()
}

fn missing(operator: &'static str, name: &str) -> Error {
    wrong_type(operator, name, "given", &JsValue::UNDEFINED)
}
