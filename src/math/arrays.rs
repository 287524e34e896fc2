//! Arrays from vectors.

use ndarray::{Array, IntoDimension};

/// The array of `shape` with `values` in row-major order, one per element of `shape`.
#[expect(
    clippy::expect_used,
    reason = "every caller computes one value per element of the shape"
)]
pub(crate) fn shaped<T, S: IntoDimension>(shape: S, values: Vec<T>) -> Array<T, S::Dim> {
    Array::from_shape_vec(shape.into_dimension(), values).expect("one value per element")
}
