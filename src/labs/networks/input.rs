//! A picture as the network's input: the middle of it, 224 x 224 pixels, in every browser the same.

use crate::data::picture::Picture;
use crate::error::Result;
use crate::math::elementary::exp;

/// Rows and columns of the input.
pub const SIDE: usize = 224;

/// Of the shorter side of a picture, 224/256 are cut out of its middle.
const CROPPED: [usize; 2] = [224, 256];

/// The byte that the network takes for 0.
pub const MIDDLE: u8 = 127;

const CHANNELS: usize = 3;

/// Red, green and blue of 224 x 224 pixels, row by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input(Vec<u8>);

/// What is done to the input before the network sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, serde::Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum Change {
    /// Nothing.
    #[default]
    None,
    /// Moved to the right by [`SHIFT`] pixels; the left column is repeated.
    Shifted,
    /// Left and right exchanged.
    Mirrored,
    /// Convolved with a Gaussian of [`BLUR`] pixels standard deviation; borders are repeated.
    Blurred,
    /// Half as bright.
    Darkened,
    /// Its luma (BT.601) in all three channels.
    Grey,
    /// A grey square laid on it.
    Covered {
        /// First row, 0 to 223.
        row: usize,
        /// First column, 0 to 223.
        column: usize,
        /// Rows and columns, as many as fit.
        size: usize,
    },
}

/// Columns that [`Change::Shifted`] moves a picture.
pub const SHIFT: usize = 24;
/// Standard deviation of [`Change::Blurred`] in pixels.
pub const BLUR: f64 = 2.0;

impl Input {
    /// Cuts out the middle square of `picture` and resizes it with an antialiased bicubic filter;
    /// transparent pixels show white.
    ///
    /// # Source
    /// Tan and Le's preprocessing of EfficientNet-Lite; the filter is that of Pillow's
    /// `Image.resize(..., BICUBIC)`, bit for bit.
    pub fn new(picture: &Picture) -> Input {
        let extents = [picture.height(), picture.width()];
        let shorter = extents[0].min(extents[1]);
        let side = (shorter * CROPPED[0] / CROPPED[1]).max(1);
        let [top, left] = extents.map(|extent| (extent - side) / 2);
        let pixels = (0..side * side).flat_map(|idx| {
            let at = (top + idx / side) * extents[1] + left + idx % side;
            on_white(&picture.rgba()[4 * at..4 * at + 4])
        });
        Input(resized(&pixels.collect::<Vec<_>>(), side))
    }

    /// The input changed.
    ///
    /// # Errors
    /// [`crate::error::Error::OutOfRange`] for a square that begins outside.
    pub fn changed(&self, change: Change) -> Result<Input> {
        let pixel = |row: usize, col: usize| {
            let at = CHANNELS * (row * SIDE + col);
            [self.0[at], self.0[at + 1], self.0[at + 2]]
        };
        Ok(match change {
            Change::None => self.clone(),
            Change::Shifted => from_fn(|row, col| pixel(row, col.saturating_sub(SHIFT))),
            Change::Mirrored => from_fn(|row, col| pixel(row, SIDE - 1 - col)),
            Change::Blurred => Input(blurred(&self.0)),
            Change::Darkened => Input(self.0.iter().map(|byte| byte / 2).collect()),
            Change::Grey => from_fn(|row, col| [luma(pixel(row, col)); CHANNELS]),
            Change::Covered { row, column, size } => {
                let operator = "networksLabAnswer";
                crate::labs::shared::check_index(operator, "row", row, SIDE)?;
                crate::labs::shared::check_index(operator, "column", column, SIDE)?;
                let end = |start: usize| start.saturating_add(size).min(SIDE);
                self.covered([row, end(row)], [column, end(column)])
            }
        })
    }

    /// A grey rectangle laid on it: rows and columns from the first to before the last.
    pub fn covered(&self, rows: [usize; 2], cols: [usize; 2]) -> Input {
        let mut bytes = self.0.clone();
        for row in rows[0]..rows[1] {
            let start = CHANNELS * (row * SIDE + cols[0]);
            bytes[start..CHANNELS * (row * SIDE + cols[1])].fill(MIDDLE);
        }
        Input(bytes)
    }

    /// The input as a picture.
    pub fn rgba(&self) -> Vec<u8> {
        let pixels = self.0.chunks_exact(CHANNELS);
        pixels
            .flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255])
            .collect()
    }

    /// Luma of each pixel, 0 to 1.
    pub fn grey(&self) -> Vec<f32> {
        let pixels = self.0.chunks_exact(CHANNELS);
        pixels
            .map(|rgb| f32::from(luma([rgb[0], rgb[1], rgb[2]])) / 255.0)
            .collect()
    }

    /// A square of it as a picture, `size` pixels wide, clipped at the borders: its pixels and its
    /// extents `[rows, columns]`.
    pub fn part(&self, rows: [usize; 2], cols: [usize; 2]) -> (Vec<u8>, [usize; 2]) {
        let mut rgba = Vec::new();
        for row in rows[0]..rows[1] {
            for col in cols[0]..cols[1] {
                let at = CHANNELS * (row * SIDE + col);
                rgba.extend_from_slice(&self.0[at..at + CHANNELS]);
                rgba.push(255);
            }
        }
        (rgba, [rows[1] - rows[0], cols[1] - cols[0]])
    }

    /// Writes (byte − 127) / 128 to `values`, `[3, 224, 224]`; returns whether any of them changes.
    pub fn write(&self, values: &mut [f32]) -> bool {
        let mut is_new = false;
        let planes = values.chunks_exact_mut(SIDE * SIDE).enumerate();
        for (channel, plane) in planes {
            for (value, rgb) in plane.iter_mut().zip(self.0.chunks_exact(CHANNELS)) {
                let new = (f32::from(rgb[channel]) - f32::from(MIDDLE)) / 128.0;
                is_new |= *value != new;
                *value = new;
            }
        }
        is_new
    }
}

fn from_fn(pixel: impl Fn(usize, usize) -> [u8; CHANNELS]) -> Input {
    let pixels = (0..SIDE * SIDE).flat_map(|idx| pixel(idx / SIDE, idx % SIDE));
    Input(pixels.collect())
}

fn on_white(rgba: &[u8]) -> [u8; CHANNELS] {
    let alpha = u32::from(rgba[3]);
    [0, 1, 2].map(|channel| {
        let sum = u32::from(rgba[channel]) * alpha + 255 * (255 - alpha);
        ((sum + 127) / 255) as u8
    })
}

fn luma([red, green, blue]: [u8; CHANNELS]) -> u8 {
    let sum = 299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue);
    ((sum + 500) / 1000) as u8
}

/// The weights of one output pixel, as whole numbers of 2^-22, and the first input pixel they apply to.
struct Taps {
    first: usize,
    weights: Vec<i64>,
}

const PRECISION: u32 = 22;

/// A square of `side` pixels as one of [`SIDE`], row by row of RGB.
fn resized(pixels: &[u8], side: usize) -> Vec<u8> {
    if side == SIDE {
        return pixels.to_vec();
    }
    let taps = (0..SIDE).map(|at| bicubic(at, side)).collect::<Vec<_>>();
    let narrow = convolved(pixels, [side, side], &taps);
    let turned = transposed(&narrow, [side, SIDE]);
    transposed(&convolved(&turned, [SIDE, side], &taps), [SIDE, SIDE])
}

/// Each row of `pixels`, `[rows, columns]` of RGB, seen through `taps`.
fn convolved(pixels: &[u8], [rows, cols]: [usize; 2], taps: &[Taps]) -> Vec<u8> {
    let mut out = Vec::with_capacity(rows * taps.len() * CHANNELS);
    for row in pixels.chunks_exact(cols * CHANNELS).take(rows) {
        for Taps { first, weights } in taps {
            for channel in 0..CHANNELS {
                let values = row[first * CHANNELS + channel..].iter().step_by(CHANNELS);
                let products = weights.iter().zip(values);
                let sum = products
                    .map(|(weight, &byte)| weight * i64::from(byte))
                    .sum::<i64>();
                out.push(((sum + (1 << (PRECISION - 1))) >> PRECISION).clamp(0, 255) as u8);
            }
        }
    }
    out
}

fn transposed(pixels: &[u8], [rows, cols]: [usize; 2]) -> Vec<u8> {
    let mut out = Vec::with_capacity(pixels.len());
    for col in 0..cols {
        for row in 0..rows {
            let at = CHANNELS * (row * cols + col);
            out.extend_from_slice(&pixels[at..at + CHANNELS]);
        }
    }
    out
}

/// Keys' cubic with a = −1/2, as wide as an output pixel is in the input where that is larger.
fn bicubic(at: usize, side: usize) -> Taps {
    let scale = side as f64 / SIDE as f64;
    let stretch = scale.max(1.0);
    let center = (at as f64 + 0.5) * scale;
    let reach = 2.0 * stretch;
    let first = (center - reach + 0.5).max(0.0) as usize;
    let end = ((center + reach + 0.5) as usize).min(side);
    let weights = (first..end).map(|pixel| cubic((pixel as f64 - center + 0.5) / stretch));
    let weights = weights.collect::<Vec<_>>();
    let total = weights.iter().sum::<f64>();
    let unit = f64::from(1 << PRECISION);
    Taps {
        first,
        weights: weights
            .iter()
            .map(|weight| (weight / total * unit).round() as i64)
            .collect(),
    }
}

fn cubic(x: f64) -> f64 {
    const A: f64 = -0.5;
    match x.abs() {
        x if x < 1.0 => ((A + 2.0) * x - (A + 3.0)) * x * x + 1.0,
        x if x < 2.0 => (((x - 5.0) * x + 8.0) * x - 4.0) * A,
        _ => 0.0,
    }
}

/// A Gaussian over rows and columns, borders repeated.
fn blurred(pixels: &[u8]) -> Vec<u8> {
    let reach = (3.0 * BLUR) as isize;
    let weights = (-reach..=reach).map(|at| exp(-((at * at) as f64) / (2.0 * BLUR * BLUR)));
    let weights = weights.collect::<Vec<f64>>();
    let total = weights.iter().sum::<f64>();
    let along = |pixels: &[u8]| {
        let mut out = Vec::with_capacity(pixels.len());
        for row in pixels.chunks_exact(SIDE * CHANNELS) {
            for col in 0..SIDE {
                for channel in 0..CHANNELS {
                    let sum = weights.iter().enumerate().map(|(tap, weight)| {
                        let at = col as isize + tap as isize - reach;
                        let at = at.clamp(0, SIDE as isize - 1) as usize;
                        weight * f64::from(row[CHANNELS * at + channel])
                    });
                    out.push((sum.sum::<f64>() / total).round() as u8);
                }
            }
        }
        out
    };
    let turned = transposed(&along(pixels), [SIDE, SIDE]);
    transposed(&along(&turned), [SIDE, SIDE])
}
