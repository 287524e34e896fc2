//! The ranges of operators' options.

use crate::net::op::shape::{CHANNEL_LIMIT, MAP_EXTENT_LIMIT};
use crate::window::OPERATOR_EXTENT_LIMIT;

/// Extents of a window, strides, dilations, features.
pub(in crate::net) const EXTENTS: [usize; 2] = [1, OPERATOR_EXTENT_LIMIT];

/// Extents of a map that an option gives, itself or as a factor.
pub(in crate::net) const MAP_EXTENTS: [usize; 2] = [1, MAP_EXTENT_LIMIT];

/// Padding per side.
pub(in crate::net) const PADDING: [usize; 2] = [0, OPERATOR_EXTENT_LIMIT];

/// Output channels, groups.
pub(in crate::net) const CHANNELS: [usize; 2] = [1, CHANNEL_LIMIT];

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
