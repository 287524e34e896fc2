//! How the pixels of a window become one value.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

use crate::compute::simd::F32x4;

/// A reduction of pixels, with a check of whether its fast version is valid.
pub(super) trait Reduction: Copy {
    /// The identity of [`Reduction::combine`].
    const IDENTITY: f32;

    /// Combines two values; `next` comes later in the window than `so_far`.
    fn combine(so_far: F32x4, next: F32x4) -> F32x4;

    /// Updates `check` with more pixels.
    fn observe(check: F32x4, pixels: F32x4) -> F32x4;

    /// Whether [`Reduction::finish`] may be called for that many rows and columns.
    fn covers(self, rows: usize, cols: usize) -> bool;

    /// The four outputs of row `row` from column `col` on, and `check` updated with them.
    ///
    /// # Safety
    /// [`Reduction::covers`] must hold for more than `row` rows and `col` columns.
    unsafe fn finish(self, check: F32x4, combined: F32x4, row: usize, col: usize) -> [F32x4; 2];

    /// Whether the result is valid, given the final `check`.
    fn is_valid(check: F32x4) -> bool;
}

/// The maximum. The lane-wise maximum drops NaN, so the check looks for it.
#[derive(Clone, Copy)]
pub(super) struct Maximum;

impl Reduction for Maximum {
    const IDENTITY: f32 = f32::NEG_INFINITY;

    #[inline(always)]
    fn combine(so_far: F32x4, next: F32x4) -> F32x4 {
        so_far.or_greater(next)
    }

    /// A sum with NaN is NaN and costs one instruction; a maximum that propagates NaN costs seven.
    #[inline(always)]
    fn observe(check: F32x4, pixels: F32x4) -> F32x4 {
        check.plus(pixels)
    }

    #[inline(always)]
    fn covers(self, _: usize, _: usize) -> bool {
        true
    }

    #[inline(always)]
    unsafe fn finish(self, check: F32x4, combined: F32x4, _: usize, _: usize) -> [F32x4; 2] {
        [combined, check]
    }

    fn is_valid(check: F32x4) -> bool {
        !check.to_array().iter().any(|sum| sum.is_nan())
    }
}

/// The mean: the sum, rounded to `f32` after each pixel, over the product of a row and a column
/// divisor.
#[derive(Clone, Copy)]
pub(super) struct Mean<'a> {
    /// Divisors of the rows.
    pub rows: &'a [f32],
    /// Divisors of the columns, and three more values.
    pub cols_and_three: &'a [f32],
}

impl Reduction for Mean<'_> {
    const IDENTITY: f32 = 0.0;

    #[inline(always)]
    fn combine(so_far: F32x4, next: F32x4) -> F32x4 {
        so_far.plus(next)
    }

    #[inline(always)]
    fn observe(check: F32x4, _: F32x4) -> F32x4 {
        check
    }

    #[inline(always)]
    fn covers(self, rows: usize, cols: usize) -> bool {
        rows <= self.rows.len() && cols + 3 <= self.cols_and_three.len()
    }

    #[inline(always)]
    unsafe fn finish(self, check: F32x4, combined: F32x4, row: usize, col: usize) -> [F32x4; 2] {
        // SAFETY: the caller guarantees it.
        let [row, cols] = unsafe {
            [
                F32x4::splat(self.rows.get_unchecked(row)),
                F32x4::read_unchecked(self.cols_and_three, col),
            ]
        };
        let means = combined.over(row.times(cols));
        [means, check.plus(means)]
    }

    /// If any mean is not finite, neither is their sum. If only the sum overflows, the planes are
    /// recomputed needlessly, which costs time but no accuracy.
    fn is_valid(check: F32x4) -> bool {
        check.to_array().iter().all(|sum| sum.is_finite())
    }
}
