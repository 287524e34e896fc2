//! Feature maps as pictures.

use ndarray::{ArrayView3, Axis, Slice};
use serde::Deserialize;

use super::color::{GREY_TABLE, Theme, diverging_table};
use crate::error::{Error, Result};

/// Largest magnitude of the ends of a fixed range; values are `f32`, so none is larger.
pub const RANGE_LIMIT: f64 = f32::MAX as f64;

/// Which values the ends of the colour map represent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(from = "PlainRange")]
pub enum DisplayRange {
    /// As a photograph: 0 is black, 1 is white, values outside are clamped.
    Clip,
    /// From -m to m, where m is the largest magnitude (1 if all values are 0): zero is in the
    /// middle.
    #[default]
    Symmetric,
    /// Magnitudes from 0 to m, the largest (1 if all values are 0), without their sign.
    Absolute,
    /// From `min` to `max`; values outside are clamped. If zero lies between, the diverging map is
    /// used and zero keeps its colour, even if the ends are not opposite.
    Fixed {
        /// Value of the low end.
        min: f64,
        /// Value of the high end.
        max: f64,
    },
}

/// A [`DisplayRange`] as plain data: `{ kind, min, max }`.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct PlainRange {
    kind: RangeKind,
    min: f64,
    max: f64,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "snake_case")]
enum RangeKind {
    Clip,
    #[default]
    Symmetric,
    Absolute,
    Fixed,
}

impl Default for PlainRange {
    fn default() -> Self {
        PlainRange {
            kind: RangeKind::default(),
            min: -1.0,
            max: 1.0,
        }
    }
}

impl From<PlainRange> for DisplayRange {
    fn from(PlainRange { kind, min, max }: PlainRange) -> Self {
        match kind {
            RangeKind::Clip => DisplayRange::Clip,
            RangeKind::Symmetric => DisplayRange::Symmetric,
            RangeKind::Absolute => DisplayRange::Absolute,
            RangeKind::Fixed => DisplayRange::Fixed { min, max },
        }
    }
}

impl DisplayRange {
    /// Checks a range typed by a user.
    ///
    /// # Errors
    /// For a fixed range: [`Error::NotFinite`] if an end is not finite; [`Error::OutOfRange`] if
    /// its magnitude is larger than [`RANGE_LIMIT`] or `max` is not greater than `min`.
    pub fn check(&self, operator: &'static str) -> Result<()> {
        let DisplayRange::Fixed { min, max } = *self else {
            return Ok(());
        };
        for (argument, got) in [("min", min), ("max", max)] {
            if !got.is_finite() {
                let got = got.to_string();
                return Err(Error::NotFinite {
                    operator,
                    argument,
                    got,
                });
            }
        }
        let out_of_range = |argument, least, got| {
            Err(Error::OutOfRange {
                operator,
                argument,
                min: least,
                max: RANGE_LIMIT,
                got,
            })
        };
        if min.abs() > RANGE_LIMIT {
            return out_of_range("min", -RANGE_LIMIT, min);
        }
        if max <= min || max > RANGE_LIMIT {
            return out_of_range("max", min, max);
        }
        Ok(())
    }
}

/// The colour map of a legend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColorMap {
    /// Black to white.
    Grey,
    /// Purple, the background colour at zero, orange.
    Diverging,
    /// Red, green and blue, each from none to full.
    Rgb,
    /// Red, green and blue, each from none to full, half at zero.
    RgbSigned,
    /// Grey blended into the colour of positive values.
    Heat,
    /// Nothing to the most, in the colours of positive values.
    Activation,
}

/// What the colours of a picture mean.
#[derive(Clone, Debug, PartialEq)]
pub struct Legend {
    /// The colour map.
    pub map: ColorMap,
    /// Value of the strip's left end; smaller values have the same colour.
    pub min: f64,
    /// Value of the strip's right end; larger values have the same colour.
    pub max: f64,
    /// 256 x 1 RGBA pixels: the colours from `min` to `max` in even steps.
    pub strip: Vec<u8>,
    /// The smallest value, signed and before clamping; 0 if the map has no pixels.
    pub value_min: f64,
    /// The largest value, signed and before clamping; 0 if the map has no pixels.
    pub value_max: f64,
    /// Number of values below `min`.
    pub below: usize,
    /// Number of values above `max`.
    pub above: usize,
    /// Number of values: pixels times channels shown.
    pub count: usize,
}

/// A picture of values and its legend.
#[derive(Clone, Debug, PartialEq)]
pub struct Rendered {
    /// Pixels in a row.
    pub width: usize,
    /// Pixels in a column.
    pub height: usize,
    /// Red, green, blue, alpha (always 255) of each pixel, row by row.
    pub rgba: Vec<u8>,
    /// What the colours mean.
    pub legend: Legend,
}

/// Paints a feature map, one pixel per value.
///
/// Three channels are shown as red, green and blue on a common range, with zero at middle grey if
/// values are signed. With any other number of channels, only the first is shown.
///
/// # Shapes
/// `values` [c, h, w]; returns h rows of w pixels.
pub fn render(values: ArrayView3<f32>, range: &DisplayRange, theme: Theme) -> Rendered {
    let (channels, height, width) = values.dim();
    let is_rgb = channels == 3;
    let shown = if is_rgb { 3 } else { channels.min(1) };
    // Painting a contiguous copy takes half the time of painting a view.
    let mut values: Vec<f32> = values
        .slice_axis(Axis(0), Slice::from(..shown))
        .iter()
        .map(|&value| if value.is_finite() { value } else { 0.0 })
        .collect();
    let (value_min, value_max) = extremes(&values);
    if *range == DisplayRange::Absolute {
        values.iter_mut().for_each(|value| *value = value.abs());
    }
    let scale = Scale::new(range, value_min, value_max, is_rgb, theme);

    let mut rgba = vec![255; 4 * height * width];
    let pixels = rgba.chunks_exact_mut(4);
    if is_rgb {
        let (red, others) = values.split_at(height * width);
        let (green, blue) = others.split_at(height * width);
        for (((pixel, &red), &green), &blue) in pixels.zip(red).zip(green).zip(blue) {
            let [r, g, b] = [red, green, blue].map(|value| scale.color(f64::from(value))[0]);
            pixel.copy_from_slice(&[r, g, b, 255]);
        }
    } else {
        for (pixel, &value) in pixels.zip(&values) {
            let [r, g, b] = scale.color(f64::from(value));
            pixel.copy_from_slice(&[r, g, b, 255]);
        }
    }
    let (min, max) = (scale.min, scale.max);
    let below = |&&value: &&f32| f64::from(value) < min;
    let above = |&&value: &&f32| f64::from(value) > max;
    let legend = Legend {
        map: scale.map,
        min,
        max,
        strip: scale.strip(),
        value_min,
        value_max,
        below: values.iter().filter(below).count(),
        above: values.iter().filter(above).count(),
        count: values.len(),
    };
    Rendered {
        width,
        height,
        rgba,
        legend,
    }
}

/// Maps values to entries of a colour table.
struct Scale {
    map: ColorMap,
    table: &'static [[u8; 3]],
    min: f64,
    max: f64,
    /// Value of the table's first entry.
    origin: f64,
    /// Entries per unit of value.
    density: f64,
    /// Entry of `min`, the first one used.
    first: i32,
    /// Entry of `max`, the last one used.
    last: i32,
}

impl Scale {
    fn new(
        range: &DisplayRange,
        value_min: f64,
        value_max: f64,
        is_rgb: bool,
        theme: Theme,
    ) -> Self {
        let magnitude = value_min.abs().max(value_max.abs());
        let largest = if magnitude > 0.0 { magnitude } else { 1.0 };
        let (min, max) = match *range {
            DisplayRange::Clip => (0.0, 1.0),
            DisplayRange::Symmetric => (-largest, largest),
            DisplayRange::Absolute => (0.0, largest),
            DisplayRange::Fixed { min, max } => (min, max),
        };
        let signed = min < 0.0 && max > 0.0;
        let (origin, end) = if signed {
            let half = max.max(-min);
            (-half, half)
        } else {
            (min, max)
        };
        let (map, table) = match (is_rgb, signed) {
            (false, false) => (ColorMap::Grey, GREY_TABLE.as_slice()),
            (false, true) => (ColorMap::Diverging, diverging_table(theme)),
            (true, false) => (ColorMap::Rgb, GREY_TABLE.as_slice()),
            (true, true) => (ColorMap::RgbSigned, GREY_TABLE.as_slice()),
        };
        let end_entry = table.len() as i32 - 1;
        let density = f64::from(end_entry) / (end - origin);
        let entry = |value| entry(origin, density, value).clamp(0, end_entry);
        Scale {
            map,
            table,
            min,
            max,
            origin,
            density,
            first: entry(min),
            last: entry(max),
        }
    }

    fn color(&self, value: f64) -> [u8; 3] {
        let entry = entry(self.origin, self.density, value);
        self.table[entry.max(self.first).min(self.last) as usize]
    }

    fn strip(&self) -> Vec<u8> {
        (0..=255)
            .flat_map(|i| {
                let share = f64::from(i) / 255.0;
                let [r, g, b] = self.color(self.min + (self.max - self.min) * share);
                [r, g, b, 255]
            })
            .collect()
    }
}

/// The entry nearest to `value`, as if the table were infinite.
fn entry(origin: f64, density: f64, value: f64) -> i32 {
    ((value - origin) * density).round_ties_even() as i32
}

/// The smallest and the largest value; 0 and 0 if there are none.
fn extremes(values: &[f32]) -> (f64, f64) {
    let Some(&first) = values.first() else {
        return (0.0, 0.0);
    };
    let (min, max) = values.iter().fold((first, first), |(min, max), &value| {
        (
            if value < min { value } else { min },
            if value > max { value } else { max },
        )
    });
    // Adding 0 turns -0 into 0, which would otherwise be shown with a minus sign.
    (f64::from(min) + 0.0, f64::from(max) + 0.0)
}
