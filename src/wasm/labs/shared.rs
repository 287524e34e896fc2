//! What the labs write alike, and the types of it.

use js_sys::{Int32Array, Uint8Array};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Axis;
use crate::window::Window;

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

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** An `ImageData`; outside of browsers, which have it, a plain object with the same fields. */
export interface Picture {
  readonly width: number;
  readonly height: number;
  /** RGBA bytes, row by row, not premultiplied. */
  readonly data: Uint8ClampedArray<ArrayBuffer>;
}
/** What the colours of a picture mean. */
export interface Legend {
  map: "grey" | "diverging" | "rgb" | "rgb_signed" | "heat" | "activation";
  /** Value of the strip's left end. */
  min: number;
  /** Value of the strip's right end. */
  max: number;
  /** 256 x 1 pixels from `min` to `max`. */
  strip: Picture;
  /** The least value there is. */
  valueMin: number;
  /** The greatest value there is. */
  valueMax: number;
  /** Count of values below `min`. */
  below: number;
  /** Count of values above `max`. */
  above: number;
  /** Count of all values. */
  count: number;
}
export interface LegendedPicture { picture: Picture; legend: Legend; }
/** Colours and inks of a grid's cells: RGBA for each, and 0 for dark ink or 1 for light. */
export interface Cells { colors: Uint8ClampedArray; inks: Uint8Array; }
/** Which values the ends of the colour map stand for. `min` and `max` belong to `fixed`. */
export interface Display { kind: "clip" | "symmetric" | "absolute" | "fixed"; min?: number; max?: number; }
/** Pixels per side. */
export interface Sides { top: number; left: number; bottom: number; right: number; }
/** Padding by name or per side. */
export type LabPadding = "valid" | "same" | "full" | Sides;
/** The output-size formula of one axis, filled in. */
export interface ExtentFormula {
  input: number;
  before: number;
  after: number;
  kernel: number;
  dilation: number;
  stride: number;
  output: number;
}
"#;
