//! Kernels in the kernel lab: the type, its limits, and its sums.

pub mod edit;
pub mod text;

use ndarray::Array2;

use crate::error::range::check_finite_range;
use crate::error::{Error, Result};

/// The weights of one kernel, rows x columns.
///
/// `f64`, so that a typed 0.1 is shown and copied as 0.1.
pub type Kernel = Array2<f64>;

/// Maximum number of rows and of columns of a kernel in the lab.
pub const LIMIT: usize = 15;

/// Largest magnitude of a weight in the lab.
pub const WEIGHT_LIMIT: f64 = 1e6;

/// How a kernel scales a flat area, and its largest possible output.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct KernelSummary {
    /// Sum of the weights: the gain on an area of constant brightness.
    pub sum: f64,
    /// Sum of the magnitudes (L1 norm): the largest output on values from -1 to 1.
    pub l1: f64,
}

/// Sums the weights and their magnitudes.
pub fn summarize(kernel: &Kernel) -> KernelSummary {
    KernelSummary {
        sum: kernel.sum(),
        l1: kernel.iter().map(|weight| weight.abs()).sum(),
    }
}

/// Checks that the lab accepts `kernel`; the error names `operator`.
///
/// # Errors
/// [`Error::ShapeMismatch`] unless each side is between 1 and [`LIMIT`], [`Error::NotFinite`] for a
/// NaN or infinite weight, [`Error::OutOfRange`] for a magnitude above [`WEIGHT_LIMIT`].
pub fn check(operator: &'static str, kernel: &Kernel) -> Result<()> {
    let (height, width) = kernel.dim();
    check_size(operator, height, width)?;
    kernel
        .iter()
        .try_for_each(|&weight| check_weight(operator, "kernel", weight))
}

/// Builds a checked kernel from its rows. -0 becomes 0.
///
/// # Errors
/// [`Error::ShapeMismatch`] if the rows differ in length, otherwise as [`check`].
pub fn from_rows(operator: &'static str, rows: &[Vec<f64>]) -> Result<Kernel> {
    let height = rows.len();
    let width = rows.first().map_or(0, Vec::len);
    check_size(operator, height, width)?;
    if let Some((index, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != width) {
        return Err(Error::ShapeMismatch {
            operator,
            argument: "kernel",
            expected: format!("{height} x {width}"),
            got: format!("{} numbers in row {}", row.len(), index + 1),
        });
    }
    let kernel = Kernel::from_shape_fn((height, width), |(row, column)| rows[row][column] + 0.0);
    check(operator, &kernel)?;
    Ok(kernel)
}

/// The rows of `kernel`, from the top.
pub fn to_rows(kernel: &Kernel) -> Vec<Vec<f64>> {
    kernel.rows().into_iter().map(|row| row.to_vec()).collect()
}

/// Checks one weight as [`check`] does; the error names `argument`.
pub(crate) fn check_weight(
    operator: &'static str,
    argument: &'static str,
    weight: f64,
) -> Result<()> {
    let range = [-WEIGHT_LIMIT, WEIGHT_LIMIT];
    check_finite_range(operator, argument, range, weight)
}

fn check_size(operator: &'static str, height: usize, width: usize) -> Result<()> {
    if (1..=LIMIT).contains(&height) && (1..=LIMIT).contains(&width) {
        return Ok(());
    }
    Err(Error::ShapeMismatch {
        operator,
        argument: "kernel",
        expected: format!("1 x 1 to {LIMIT} x {LIMIT}"),
        got: format!("{height} x {width}"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn the_summary_adds_weights_and_magnitudes() {
        let summary = summarize(&array![[-1.0, 0.5], [2.0, -0.25]]);
        assert_eq!(
            summary,
            KernelSummary {
                sum: 1.25,
                l1: 3.75
            }
        );
    }

    #[test]
    fn rows_survive_a_round_trip() {
        let rows = vec![vec![1.0, -2.0, 0.1], vec![0.0, 5.0, 1e6]];
        assert_eq!(to_rows(&from_rows("test", &rows).unwrap()), rows);
    }

    #[test]
    fn minus_zero_becomes_zero() {
        let kernel = from_rows("test", &[vec![-0.0]]).unwrap();
        assert!(kernel[[0, 0]].is_sign_positive());
    }

    #[test]
    fn the_largest_kernel_passes_and_one_more_row_or_column_does_not() {
        let zeros = |height, width| check("test", &Kernel::zeros((height, width)));
        assert_eq!(zeros(LIMIT, LIMIT), Ok(()));
        assert_eq!(zeros(1, 1), Ok(()));
        for (height, width) in [(0, 0), (0, 3), (3, 0), (LIMIT + 1, 1), (1, LIMIT + 1)] {
            let Err(Error::ShapeMismatch { got, .. }) = zeros(height, width) else {
                panic!("{height} x {width} was accepted");
            };
            assert_eq!(got, format!("{height} x {width}"));
        }
    }

    #[test]
    fn ragged_rows_are_named() {
        let error = from_rows("test", &[vec![1.0, 2.0], vec![3.0]]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "test: kernel must have shape 2 x 2, got 1 numbers in row 2"
        );
    }

    #[test]
    fn weights_must_be_finite_and_within_the_limit() {
        assert!(check("test", &array![[WEIGHT_LIMIT, -WEIGHT_LIMIT]]).is_ok());
        for weight in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
            assert!(matches!(
                check("test", &array![[weight]]),
                Err(Error::NotFinite {
                    argument: "kernel",
                    ..
                })
            ));
        }
        for weight in [1.1e6, -1e300] {
            assert!(matches!(
                check("test", &array![[weight]]),
                Err(Error::OutOfRange { got, .. }) if got == weight
            ));
        }
    }
}
