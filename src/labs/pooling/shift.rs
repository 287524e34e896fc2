//! How an output changes when the picture shifts a little.
//!
//! # The experiment
//! A crop of the picture is pooled before and after a shift of the picture. The crop leaves
//! [`SHIFT_LIMIT`] pixels (a quarter of the shorter side in small pictures) on every side and is at
//! most [`CROP_LIMIT`] pixels wide and high. Shifts between pixels use bilinear interpolation. The
//! pixels that enter the crop at its border come from the picture, so none are made up.
//!
//! # The measures
//! Let y be the output before the shift and z the output after it. Zhang (arXiv:1904.11486) calls a
//! method shift-invariant if z = y and shift-equivariant if z is y shifted along. Accordingly
//!
//! - [`Measure::Stay`] compares z with y: how far the method is from shift-invariant;
//! - [`Measure::Follow`] compares z with y shifted by the shift divided by the stride, between
//!   outputs by bilinear interpolation: how far the method is from shift-equivariant, as far as
//!   interpolating the outputs can tell.
//!
//! The change is the root mean square difference over all outputs compared, divided by the standard
//! deviation of y over the same outputs, so that it does not depend on the scale or offset of the
//! output. 0 means no difference; two unrelated pictures of the same mean and contrast have √2. The
//! paper uses another distance between features.
//!
//! Only outputs whose windows contain no padding are compared, and of those only the ones that have
//! a counterpart in y for every shift, so the border has no influence. If none is left, as under
//! global pooling, [`Measure::Stay`] compares all outputs whose windows contain no padding.

use std::ops::Range;

use ndarray::{Array4, ArrayView4, s};

use crate::error::check_range;
use crate::error::{Axis, Result};
use crate::labs::pooling::{Layout, PoolingLabSpec};
use crate::labs::shared::render_batch;
use crate::render::color::Theme;
use crate::render::display::{DisplayRange, Rendered};

/// Largest shift along an axis, in pixels.
pub const SHIFT_LIMIT: usize = 8;

/// Distance between neighbouring shifts of a [`Curve`], in pixels.
pub const CURVE_STEP: f64 = 0.5;

/// Largest height and width of the crop, in pixels.
const CROP_LIMIT: usize = 256;

/// An output whose standard deviation is below this counts as flat, and nothing is divided by it.
const FLAT: f64 = 1e-6;

/// What the output after the shift is compared with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// The output before the shift.
    Stay,
    /// The output before the shift, shifted along.
    Follow,
}

/// How much an output differs from what it is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Change {
    /// Root mean square difference; `None` if no output is left to compare.
    pub absolute: Option<f64>,
    /// `absolute` divided by the standard deviation of the output before the shift; `None` if that
    /// output is flat.
    pub relative: Option<f64>,
}

/// How a shift changes the output of one method.
#[derive(Clone, Debug)]
pub struct Shifted {
    /// The output after the shift.
    pub rendered: Rendered,
    /// Of the outputs compared, the output after the shift minus what it is compared with, by sign;
    /// `None` if there are none.
    pub difference: Option<Rendered>,
    /// The change under [`Measure::Stay`].
    pub stay: Change,
    /// The change under [`Measure::Follow`].
    pub follow: Change,
    /// The shift in outputs `[down, right]`.
    pub outputs: [f64; 2],
    /// `[row, column]` of the first output compared.
    pub first: [usize; 2],
    /// Where the outputs lie in the crop.
    pub layout: Layout,
}

/// The change over shifts to the right.
#[derive(Clone, Debug, PartialEq)]
pub struct Curve {
    /// The shifts, in pixels.
    pub shifts: Vec<f64>,
    /// [`Change::relative`] under [`Measure::Stay`].
    pub stay: Vec<Option<f64>>,
    /// [`Change::relative`] under [`Measure::Follow`].
    pub follow: Vec<Option<f64>>,
}

impl Shifted {
    pub(super) fn new(
        picture: ArrayView4<f32>,
        spec: &PoolingLabSpec,
        shift: [f64; 2],
        measure: Measure,
    ) -> Result<Self> {
        let crop = Crop::new(picture);
        let experiment = Experiment::new(picture, crop, spec)?;
        let shift = crop.clamp_shift(shift)?;
        let after = experiment.after(shift)?;
        let difference = experiment.difference(&after, shift, measure);
        Ok(Shifted {
            rendered: render_batch(after.view(), &spec.display, spec.theme),
            difference: difference.map(|difference| {
                render_batch(difference.view(), &DisplayRange::Symmetric, spec.theme)
            }),
            stay: experiment.change(&after, shift, Measure::Stay),
            follow: experiment.change(&after, shift, Measure::Follow),
            outputs: experiment.shift_in_outputs(shift),
            first: experiment.range(measure).map(|range| range.start),
            layout: experiment.layout,
        })
    }
}

/// The crop of the picture shifted by `shift` `[down, right]`, and how much it changed.
pub(super) fn input(
    picture: ArrayView4<f32>,
    theme: Theme,
    shift: [f64; 2],
) -> Result<(Rendered, Change)> {
    let crop = Crop::new(picture);
    let shift = crop.clamp_shift(shift)?;
    let shifted = crop.content(picture, shift);
    let change = change(&crop.content(picture, [0.0; 2]), &shifted);
    Ok((
        render_batch(shifted.view(), &DisplayRange::Clip, theme),
        change,
    ))
}

/// The change of the output over shifts to the right.
pub(super) fn curve(picture: ArrayView4<f32>, spec: &PoolingLabSpec) -> Result<Curve> {
    let crop = Crop::new(picture);
    let experiment = Experiment::new(picture, crop, spec)?;
    crop.curve(|shift| {
        let after = experiment.after(shift)?;
        let changed = |measure| experiment.change(&after, shift, measure).relative;
        Ok([changed(Measure::Stay), changed(Measure::Follow)])
    })
}

/// The change of the picture itself. The picture is trivially equivariant, so there is no second
/// measure.
pub(super) fn input_curve(picture: ArrayView4<f32>) -> Result<Curve> {
    let crop = Crop::new(picture);
    let before = crop.content(picture, [0.0; 2]);
    crop.curve(|shift| {
        let changed = change(&before, &crop.content(picture, shift)).relative;
        Ok([changed, None])
    })
}

/// The part of the picture that is pooled.
#[derive(Clone, Copy)]
struct Crop {
    /// Its top left pixel in the picture.
    start: [usize; 2],
    size: [usize; 2],
    /// Minimum number of pixels around it on every side: the largest shift.
    limit: usize,
}

impl Crop {
    fn new(picture: ArrayView4<f32>) -> Self {
        let (_, _, height, width) = picture.dim();
        let limit = SHIFT_LIMIT.min(height.min(width) / 4);
        let size = [height, width].map(|extent| (extent - 2 * limit).min(CROP_LIMIT));
        Crop {
            start: [(height - size[0]) / 2, (width - size[1]) / 2],
            size,
            limit,
        }
    }

    /// Checks `shift` and clamps it to what this picture allows.
    fn clamp_shift(&self, shift: [f64; 2]) -> Result<[f64; 2]> {
        let most = SHIFT_LIMIT as f64;
        for part in shift {
            check_range("poolingLabShift", "shift", [-most, most], part)?;
        }
        let limit = self.limit as f64;
        Ok(shift.map(|part| part.clamp(-limit, limit)))
    }

    /// The content of the crop when the picture has shifted by `shift`.
    fn content(&self, picture: ArrayView4<f32>, shift: [f64; 2]) -> Array4<f32> {
        let (_, channels, ..) = picture.dim();
        let axes = [0, 1].map(|axis| AxisSample::new(self.start[axis], shift[axis]));
        let [rows, cols] = axes;
        let [height, width] = self.size;
        Array4::from_shape_fn((1, channels, height, width), |(_, channel, row, col)| {
            bilinear(rows.at(row), cols.at(col), |row, col| {
                picture[[0, channel, row, col]]
            })
        })
    }

    fn curve(&self, change: impl Fn([f64; 2]) -> Result<[Option<f64>; 2]>) -> Result<Curve> {
        let steps = (self.limit as f64 / CURVE_STEP) as usize;
        let shifts = (0..=steps).map(|step| step as f64 * CURVE_STEP);
        let shifts = shifts.collect::<Vec<_>>();
        let changes = shifts
            .iter()
            .map(|&shift| change([0.0, shift]))
            .collect::<Result<Vec<_>>>()?;
        Ok(Curve {
            shifts,
            stay: changes.iter().map(|[stay, _]| *stay).collect(),
            follow: changes.iter().map(|[_, follow]| *follow).collect(),
        })
    }
}

/// The output of one method before the shift, and what to compare.
struct Experiment<'a> {
    picture: ArrayView4<'a, f32>,
    crop: Crop,
    spec: &'a PoolingLabSpec,
    layout: Layout,
    before: Array4<f32>,
    /// Rows and columns of the outputs whose windows contain no padding.
    inside: [Range<usize>; 2],
    /// Of these, the ones that have a counterpart before the shift for every shift.
    comparable: [Range<usize>; 2],
}

impl<'a> Experiment<'a> {
    fn new(picture: ArrayView4<'a, f32>, crop: Crop, spec: &'a PoolingLabSpec) -> Result<Self> {
        let content = crop.content(picture, [0.0; 2]);
        let layout = spec.layout(content.view())?;
        let before = spec.run(content.view())?.output;
        let inside = [Axis::Height, Axis::Width].map(|axis| layout.inside(axis));
        let step = layout.step();
        let comparable = [0, 1].map(|axis| {
            let inset = (crop.limit as f64 / step[axis]).ceil() as usize;
            let Range { start, end } = inside[axis];
            if end - start > 2 * inset {
                start + inset..end - inset
            } else {
                0..0
            }
        });
        Ok(Experiment {
            picture,
            crop,
            spec,
            layout,
            before,
            inside,
            comparable,
        })
    }

    /// Rows and columns of the outputs that `measure` compares.
    fn range(&self, measure: Measure) -> [Range<usize>; 2] {
        let none = self.comparable.iter().any(Range::is_empty);
        match measure {
            Measure::Stay if none => self.inside.clone(),
            _ if none => [0..0, 0..0],
            _ => self.comparable.clone(),
        }
    }

    fn after(&self, shift: [f64; 2]) -> Result<Array4<f32>> {
        let content = self.crop.content(self.picture, shift);
        Ok(self.spec.run(content.view())?.output)
    }

    fn shift_in_outputs(&self, shift: [f64; 2]) -> [f64; 2] {
        let step = self.layout.step();
        [shift[0] / step[0], shift[1] / step[1]]
    }

    fn change(&self, after: &Array4<f32>, shift: [f64; 2], measure: Measure) -> Change {
        let [rows, cols] = self.range(measure);
        let before = self.before.slice(s![.., .., rows.clone(), cols.clone()]);
        let after = after.slice(s![.., .., rows, cols]).to_owned();
        let deviation = deviation(before);
        let expected = self.expected(shift, measure);
        relative_to(deviation, &expected, &after)
    }

    /// The output after the shift minus what it is compared with.
    fn difference(
        &self,
        after: &Array4<f32>,
        shift: [f64; 2],
        measure: Measure,
    ) -> Option<Array4<f32>> {
        let [rows, cols] = self.range(measure);
        let after = after.slice(s![.., .., rows, cols]);
        (!after.is_empty()).then(|| &after - &self.expected(shift, measure))
    }

    /// The values that the outputs are compared with.
    fn expected(&self, shift: [f64; 2], measure: Measure) -> Array4<f32> {
        let [rows, cols] = self.range(measure);
        let (_, channels, ..) = self.before.dim();
        let by = match measure {
            Measure::Stay => [0.0; 2],
            Measure::Follow => self.shift_in_outputs(shift),
        };
        let [from_row, from_col] = [
            AxisSample::new(rows.start, by[0]),
            AxisSample::new(cols.start, by[1]),
        ];
        let shape = (1, channels, rows.len(), cols.len());
        Array4::from_shape_fn(shape, |(_, channel, row, col)| {
            bilinear(from_row.at(row), from_col.at(col), |row, col| {
                self.before[[0, channel, row, col]]
            })
        })
    }
}

/// Where to read along an axis that has shifted.
#[derive(Clone, Copy)]
struct AxisSample {
    /// First index to read; the next one is read too if `fraction` is not 0.
    first: usize,
    fraction: f64,
}

impl AxisSample {
    /// Reads from index `start` on, along an axis that has shifted by `shift`, which is at most
    /// `start`.
    fn new(start: usize, shift: f64) -> Self {
        let first = start as f64 - shift;
        AxisSample {
            first: first.floor() as usize,
            fraction: first - first.floor(),
        }
    }

    fn at(&self, idx: usize) -> (usize, f64) {
        (self.first + idx, self.fraction)
    }
}

/// Bilinear interpolation; neighbours of weight 0 are not read.
fn bilinear(
    (row, down): (usize, f64),
    (col, right): (usize, f64),
    read: impl Fn(usize, usize) -> f32,
) -> f32 {
    let across = |row| {
        let value = f64::from(read(row, col));
        if right == 0.0 {
            return value;
        }
        value * (1.0 - right) + f64::from(read(row, col + 1)) * right
    };
    if down == 0.0 {
        return across(row) as f32;
    }
    (across(row) * (1.0 - down) + across(row + 1) * down) as f32
}

fn change(before: &Array4<f32>, after: &Array4<f32>) -> Change {
    relative_to(deviation(before.view()), before, after)
}

fn relative_to(deviation: f64, expected: &Array4<f32>, got: &Array4<f32>) -> Change {
    if got.is_empty() {
        return Change::default();
    }
    let squares = got.iter().zip(expected).map(|(&got, &expected)| {
        let difference = f64::from(got) - f64::from(expected);
        difference * difference
    });
    let absolute = (squares.sum::<f64>() / got.len() as f64).sqrt();
    Change {
        absolute: Some(absolute),
        relative: (deviation > FLAT).then(|| absolute / deviation),
    }
}

/// Root mean square distance from each channel's mean.
fn deviation(values: ArrayView4<f32>) -> f64 {
    let squares = values.axis_iter(ndarray::Axis(1)).map(|channel| {
        let values_f64 = || channel.iter().map(|&value| f64::from(value));
        let mean = values_f64().sum::<f64>() / channel.len() as f64;
        values_f64()
            .map(|value| (value - mean) * (value - mean))
            .sum::<f64>()
    });
    (squares.sum::<f64>() / values.len() as f64).sqrt()
}
