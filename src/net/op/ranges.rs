//! The ranges of operators' options.

/// Taps of `blurPool2d`.
pub(in crate::net) const TAPS: [usize; 2] = [2, 7];

/// The exponent of a norm.
pub(in crate::net) const EXPONENT: [f64; 2] = [1.0, 1000.0];

/// A probability.
pub(in crate::net) const PROBABILITY: [f64; 2] = [0.0, 1.0];

/// What is added to a variance.
pub(in crate::net) const EPSILON: [f64; 2] = [0.0, f64::MAX];

/// Coefficients.
pub(in crate::net) const FINITE: [f64; 2] = [-f32::MAX as f64, f32::MAX as f64];

/// Inputs of a layer that takes several.
pub(in crate::net) const INPUTS: [usize; 2] = [1, 256];
