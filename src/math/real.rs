//! The numbers operators compute with: `f32` in the engine, `f64` in gradient checks.
//!
//! Operators are written once for both, so that finite differences in `f64` test the very code that
//! runs in `f32`.

use std::fmt::{Debug, Display};
use std::iter::Sum;

use ndarray::NdFloat;
use num_traits::FromPrimitive;

/// `f32` or `f64`.
pub trait Real: NdFloat + FromPrimitive + Sum + Debug + Display + Default {
    /// The nearest number to `value`.
    fn of(value: f64) -> Self;

    /// The number as `f64`, exactly.
    fn as_f64(self) -> f64;

    /// The slice itself if the numbers are `f32`, for which there is faster code.
    fn as_f32_slice(_values: &[Self]) -> Option<&[f32]> {
        None
    }

    /// As [`Real::as_f32_slice`], for writing.
    fn as_f32_slice_mut(_values: &mut [Self]) -> Option<&mut [f32]> {
        None
    }

    /// The inverse of [`Real::as_f32_slice`]: `values` themselves if the numbers are `f32`.
    fn from_f32_vec(_values: Vec<f32>) -> Option<Vec<Self>> {
        None
    }
}

impl Real for f32 {
    fn of(value: f64) -> Self {
        value as f32
    }

    fn as_f64(self) -> f64 {
        f64::from(self)
    }

    fn as_f32_slice(values: &[Self]) -> Option<&[f32]> {
        Some(values)
    }

    fn as_f32_slice_mut(values: &mut [Self]) -> Option<&mut [f32]> {
        Some(values)
    }

    fn from_f32_vec(values: Vec<f32>) -> Option<Vec<Self>> {
        Some(values)
    }
}

impl Real for f64 {
    fn of(value: f64) -> Self {
        value
    }

    fn as_f64(self) -> f64 {
        self
    }
}
