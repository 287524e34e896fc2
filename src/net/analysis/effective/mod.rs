//! Effective receptive fields: how strongly each pixel of the input acts on a unit.
//!
//! The theoretical field says which pixels can act at all. The effective one is measured: the
//! gradient of the unit with respect to the input, in absolute value. It is largest in the middle,
//! because more paths lead there, and the spread of the map grows only like the square root of the
//! number of layers while the theoretical size grows with the number itself.
//!
//! For uniform weights without nonlinearity the map is known: each layer blurs it by its window, so
//! the variance along an axis is Σ (kernel² − 1) / 12 · (dilation · strides before it)². For random
//! weights of mean 0 the expected square of the gradient has the same shape.
//!
//! # Source
//! Luo, Li, Urtasun and Zemel, *Understanding the Effective Receptive Field in Deep Convolutional
//! Neural Networks*, NIPS 2016, arXiv:1701.04128. They count the pixels above 4.55 % of the value in
//! the centre ([`Spread::above`]); the area that holds 95.45 % of the whole
//! ([`Spread::area`]) does not hang on a single pixel.

mod linear;
mod measurement;
mod question;
mod spread;
mod theoretical;

use ndarray::Array2;

use crate::error::{Result, check_range};
use crate::math::real::Real;
use crate::net::spec::Spec;

pub use linear::Simplified;
pub use measurement::{Drawn, Measurement};
pub use question::{Learned, Measure, Question};
pub use spread::{Area, SHARE, Spread};

const OPERATOR: &str = "effectiveReceptiveField";

/// Most operations of one call: 5 to 10 seconds in a browser.
pub const OPERATION_LIMIT: f64 = 6e10;

/// Most draws of one measurement.
pub const DRAW_LIMIT: usize = 10_000;

/// A measured field.
#[derive(Clone, Debug, PartialEq)]
pub struct EffectiveReceptiveField {
    /// The magnitude at each pixel of the theoretical field, as far as it lies inside the input.
    pub map: Array2<f64>,
    /// Row and column of the map's first pixel in the input; negative where the input has no ends.
    pub origin: [i64; 2],
    /// How the magnitude is spread.
    pub spread: Spread,
    /// The theoretical field: `[first, last]` row and `[first, last]` column, also outside the
    /// input. If the units see nothing, last is before first.
    pub theoretical: [[i64; 2]; 2],
    /// Row and column of the unit, or of the first one.
    pub position: [usize; 2],
    /// Multiply-adds and their like, forward and backward, over all draws; at most so many.
    pub operations: f64,
}

/// Measures the effective receptive field that `question` asks for.
///
/// Only what the units depend on is computed: an input without given size has no ends. Convolutions
/// round as the fastest way does, so a map is exact up to the bounds of [`crate::compute`], unless an
/// activation or a maximum sees a tie that is closer than these.
///
/// # Errors
/// As [`Graph::new`]; [`Error::LayerUnknown`]; [`Error::OutOfRange`] for a position, a channel,
/// units, draws, and for more operations than [`OPERATION_LIMIT`]; [`Error::ShapeMismatch`] if an input
/// has another shape than the network's; [`Error::TooLarge`] beyond the memory budget;
/// [`Error::NotFinite`] for gradients beyond all numbers; as [`region`] and [`ReferenceNetwork::forward`] for a
/// network that needs a given input size.
pub fn effective_receptive_field<F: Real>(
    spec: &Spec,
    question: &Question<F>,
) -> Result<EffectiveReceptiveField> {
    let mut measurement = Measurement::new(spec, question)?;
    let operations = question.draws as f64 * measurement.operations();
    check_range(OPERATOR, "operations", [0.0, OPERATION_LIMIT], operations)?;
    for _ in 0..measurement.draws() {
        measurement.draw()?;
    }
    measurement.field()
}
