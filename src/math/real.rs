//! The numbers operators compute with: `f32` in the engine, `f64` in the proofs.
//!
//! An operator written once for both lets finite differences in `f64` test the very code that
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
    fn wide(self) -> f64;
}

impl Real for f32 {
    fn of(value: f64) -> Self {
        value as f32
    }

    fn wide(self) -> f64 {
        f64::from(self)
    }
}

impl Real for f64 {
    fn of(value: f64) -> Self {
        value
    }

    fn wide(self) -> f64 {
        self
    }
}
