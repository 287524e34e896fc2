//! Helpers for the tests of filters.

use super::kernel;
use crate::kernel::Kernel;

/// The filter called `name` with the given parameters.
pub(super) fn named(name: &str, values: &[(&str, f64)]) -> Kernel {
    let given: Vec<_> = values
        .iter()
        .map(|&(name, value)| (name.to_string(), value))
        .collect();
    kernel(name, &given).unwrap()
}

/// Equal up to rounding.
pub(super) fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

/// The kernel rotated by 180°.
pub(super) fn rotated(kernel: &Kernel) -> Kernel {
    let (height, width) = kernel.dim();
    Kernel::from_shape_fn((height, width), |(row, column)| {
        kernel[[height - 1 - row, width - 1 - column]]
    })
}
