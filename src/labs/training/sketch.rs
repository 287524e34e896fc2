//! A drawing as an input of a run's network.

use ndarray::{Array2, Array4, ArrayView2, Axis, s};

use crate::data::picture::{ColorMode, Picture};
use crate::error::{Error, Result};
use crate::ops::softmax::softmax;
use crate::render::color::Theme;
use crate::render::display::Rendered;
use crate::train::trainer::Trainer;

use super::gallery::example_picture;
use super::measured::logits;
use super::run::Run;
use super::spec::OPERATOR;

/// Ink below this counts as none.
const FAINT: f32 = 0.1;

/// What a network says of a drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct SketchAnswer {
    /// The probability of each class.
    pub probabilities: Vec<f32>,
    /// What the network was given.
    pub input: Rendered,
}

/// The answer to a drawing in dark ink on white. The network is given ink as 1. A digit fills the height, as those that were learned do; other drawings keep their
/// place.
///
/// # Errors
/// [`Error::WrongType`] for a drawing without ink; as
/// [`ReferenceNetwork::forward`](crate::net::reference::ReferenceNetwork::forward).
pub fn answer(run: &Run, trainer: &Trainer<f32>, drawing: &Picture) -> Result<SketchAnswer> {
    let grey = drawing.to_tensor(ColorMode::Grey);
    let ink = grey
        .index_axis(Axis(0), 0)
        .index_axis_move(Axis(0), 0)
        .mapv(|value| 1.0 - value);
    let (_, channels, side, _) = run.training().inputs.dim();
    let is_digit = run.spec().data.set.generated().is_none();
    let Some([rows, cols]) = bounds(ink.view()) else {
        return Err(Error::WrongType {
            operator: OPERATOR,
            argument: "drawing".into(),
            expected: "something drawn".into(),
            got: "nothing".into(),
        });
    };
    let small = if is_digit {
        let [top, left] = [rows.start, cols.start].map(|start| start as f64);
        let height = rows.len().max(cols.len()) as f64;
        let left = left - (height - cols.len() as f64) / 2.0;
        scaled(ink.view(), [top, left], height, side)
    } else {
        scaled(
            ink.view(),
            [0.0, 0.0],
            ink.nrows().max(ink.ncols()) as f64,
            side,
        )
    };
    let mut input = Array4::zeros((1, channels, side, side));
    for channel in 0..channels {
        input.slice_mut(s![0, channel, .., ..]).assign(&small);
    }
    let logits = logits(trainer, &input)?;
    let shares = softmax(logits.view(), 1)?;
    Ok(SketchAnswer {
        probabilities: shares.iter().copied().collect(),
        input: example_picture(input.index_axis(Axis(0), 0), Theme::Light),
    })
}

/// Rows and columns that hold ink.
fn bounds(ink: ArrayView2<f32>) -> Option<[std::ops::Range<usize>; 2]> {
    let range = |axis: usize| {
        let lanes = ink.axis_iter(Axis(axis)).enumerate();
        let mut inked = lanes.filter(|(_, lane)| lane.iter().any(|&value| value > FAINT));
        let (first, _) = inked.next()?;
        Some(first..inked.last().map_or(first, |(last, _)| last) + 1)
    };
    Some([range(0)?, range(1)?])
}

/// The mean ink in each of `side` x `side` parts of the square of `extent` pixels at `[top, left]`;
/// outside there is none.
fn scaled(ink: ArrayView2<f32>, [top, left]: [f64; 2], extent: f64, side: usize) -> Array2<f32> {
    let part = extent / side as f64;
    Array2::from_shape_fn((side, side), |(row, col)| {
        let [y, x] = [top + row as f64 * part, left + col as f64 * part];
        let mut sum = 0.0;
        for (r, rows) in overlaps(y, part, ink.nrows()) {
            for (c, cols) in overlaps(x, part, ink.ncols()) {
                sum += f64::from(ink[[r, c]]) * rows * cols;
            }
        }
        (sum / (part * part)) as f32
    })
}

/// The pixels that the stretch of `length` from `start` touches, and how much of each.
fn overlaps(start: f64, length: f64, count: usize) -> impl Iterator<Item = (usize, f64)> {
    let end = (start + length).min(count as f64);
    let first = start.max(0.0).floor() as usize;
    (first..end.ceil().max(0.0) as usize).map(move |idx| {
        let [low, high] = [start.max(idx as f64), end.min(idx as f64 + 1.0)];
        (idx, (high - low).max(0.0))
    })
}
