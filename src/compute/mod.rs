//! The fast code behind the operators. Operators check and allocate; the code here only computes.

pub(crate) mod convolution;
pub(crate) mod convolve;
pub(crate) mod correlation;
pub(crate) mod dense;
pub(crate) mod dot;
pub(crate) mod elementwise;
pub(crate) mod gemm;
pub(crate) mod gradient;
pub(crate) mod layout;
pub(crate) mod pooling;
pub(crate) mod simd;
pub(crate) mod sums;

use crate::error::{Error, Result};

/// Maximum number of bytes that one call may allocate for its results and scratch space: a phone's
/// browser gives a page little more.
pub const BUDGET_BYTES: usize = 256 << 20;

/// Checks that `f32` arrays of the given shapes fit into [`BUDGET_BYTES`] together. An extent of 0
/// counts as 1, because the product of the other extents must fit a `usize` even for an empty
/// array.
///
/// # Errors
/// [`Error::TooLarge`], before anything is allocated.
pub(crate) fn check_budget(operator: &'static str, shapes: &[&[usize]]) -> Result<()> {
    let bytes = |shape: &&[usize]| {
        shape.iter().try_fold(size_of::<f32>(), |product, &extent| {
            product.checked_mul(extent.max(1))
        })
    };
    let needed = shapes
        .iter()
        .try_fold(0_usize, |sum, shape| sum.checked_add(bytes(shape)?));
    match needed {
        Some(needed) if needed <= BUDGET_BYTES => Ok(()),
        _ => Err(Error::TooLarge {
            operator,
            limit: BUDGET_BYTES,
            needed: needed.unwrap_or(usize::MAX),
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_budget_counts_all_arrays_and_survives_overflow() {
        let quarter = [BUDGET_BYTES / 16];
        assert!(check_budget("test", &[&quarter[..]; 4]).is_ok());
        assert!(check_budget("test", &[&quarter[..], &quarter, &quarter, &quarter, &[1]]).is_err());
        assert!(check_budget("test", &[&[usize::MAX, 2]]).is_err());
        assert!(check_budget("test", &[&[0, 1 << 21, 1 << 21]]).is_err());
        assert!(check_budget("test", &[&[0, 1 << 10, 1 << 10]]).is_ok());
    }
}
