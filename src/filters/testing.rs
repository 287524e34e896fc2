//! What the tests of several filters need.

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

/// Equal but for rounding.
pub(super) fn near(a: f64, b: f64) -> bool {
    (a - b).abs() < 1e-12
}

/// Turned by half a turn.
pub(super) fn turned(kernel: &Kernel) -> Kernel {
    let (height, width) = kernel.dim();
    Kernel::from_shape_fn((height, width), |(row, column)| {
        kernel[[height - 1 - row, width - 1 - column]]
    })
}
