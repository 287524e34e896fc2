//! A filter as an image editor would use it: each channel by itself, without the sum.

use ndarray::{Array4, ArrayView4, Axis};

use super::spec::{CHANNELS, ChannelsLabSpec};
use crate::error::Result;
use crate::labs::shared::render_batch;
use crate::render::display::{DisplayRange, Rendered};

/// Three planes out instead of one, and how their sum differs from the feature map.
#[derive(Clone, Debug)]
pub struct Apart {
    /// The three planes as one colour picture.
    pub picture: Rendered,
    /// The sum of the three planes less the feature map, by sign.
    pub difference: Rendered,
    /// The largest magnitude of the difference.
    pub largest: f32,
    /// How many values differ by more than rounding can.
    pub differing: usize,
    /// Count of values of the feature map.
    pub count: usize,
    /// Whether the three kernels are the same, as in an image editor.
    pub same_kernels: bool,
}

impl Apart {
    /// Each channel of `input` under its kernel of `filter`, a third of the bias and the
    /// activation.
    ///
    /// The bias is shared out so that without an activation the three planes add up to the feature
    /// map.
    ///
    /// # Shapes
    /// `input` `[1, 3, h, w]`.
    ///
    /// # Errors
    /// As [`ChannelsLabSpec::run`].
    pub fn new(input: ArrayView4<f32>, spec: &ChannelsLabSpec, filter: usize) -> Result<Self> {
        let chosen = &spec.filters[filter];
        let map = spec.alone(filter).run(input)?;
        let mut planes = spec.results(input, filter)?;
        planes += (chosen.bias / CHANNELS as f64) as f32;
        spec.activate(&mut planes);
        let difference = planes.sum_axis(Axis(1)).insert_axis(Axis(1)) - &map;
        let rounding = rounding(spec, filter);
        let magnitudes = || difference.iter().map(|value: &f32| value.abs());
        Ok(Apart {
            picture: render_batch(planes.view(), &natural_range(&planes), spec.theme),
            largest: magnitudes().fold(0.0, f32::max),
            differing: magnitudes().filter(|&size| size > rounding).count(),
            count: difference.len(),
            difference: render_batch(difference.view(), &DisplayRange::Symmetric, spec.theme),
            same_kernels: chosen
                .kernels
                .iter()
                .all(|kernel| *kernel == chosen.kernels[0]),
        })
    }
}

/// As a photograph if the values could be one, else by sign.
pub(super) fn natural_range(values: &Array4<f32>) -> DisplayRange {
    if values
        .iter()
        .all(|value| (-ROUNDING..=1.0 + ROUNDING).contains(value))
    {
        DisplayRange::Clip
    } else {
        DisplayRange::Symmetric
    }
}

/// What rounding may add to a value between 0 and 1.
const ROUNDING: f32 = 1e-5;

/// The most by which two ways of adding up the products of one output can differ, for inputs
/// between 0 and 1.
///
/// # Source
/// Higham, Accuracy and Stability of Numerical Algorithms (2002), section 4.2.
fn rounding(spec: &ChannelsLabSpec, filter: usize) -> f32 {
    let filter = &spec.filters[filter];
    let weights = filter.kernels.iter().flatten();
    let terms = weights.clone().count() + CHANNELS + 1;
    let magnitude = weights.map(|weight| weight.abs()).sum::<f64>() + filter.bias.abs();
    (2.0 * terms as f64 * f64::from(f32::EPSILON) * magnitude) as f32
}
