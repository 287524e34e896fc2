//! How pixels become one value.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

use crate::compute::simd::F32x4;

/// How two pixels become one, and what shows that all is well.
pub(super) trait Summary: Copy {
    /// Changes no summary.
    const NEUTRAL: f32;

    /// `next` comes later in the window than `so_far`.
    fn join(so_far: F32x4, next: F32x4) -> F32x4;

    /// `check` with more pixels.
    fn seen(check: F32x4, pixels: F32x4) -> F32x4;

    /// Whether [`Summary::finish`] may be called for so many rows and columns.
    fn reaches(self, rows: usize, cols: usize) -> bool;

    /// The outputs of row `row` from column `col` on, and `check` with them.
    ///
    /// # Safety
    /// [`Summary::reaches`] more than `row` rows and `col` columns.
    unsafe fn finish(self, check: F32x4, joined: F32x4, row: usize, col: usize) -> [F32x4; 2];

    /// Whether nothing went wrong with what `check` has seen.
    fn is_well(check: F32x4) -> bool;
}

/// The largest pixel. Four at a time, NaN is lost, but seen.
#[derive(Clone, Copy)]
pub(super) struct Maximum;

impl Summary for Maximum {
    const NEUTRAL: f32 = f32::NEG_INFINITY;

    #[inline(always)]
    fn join(so_far: F32x4, next: F32x4) -> F32x4 {
        so_far.or_greater(next)
    }

    /// A sum with NaN is NaN, and costs one instruction; a maximum that keeps NaN costs seven.
    #[inline(always)]
    fn seen(check: F32x4, pixels: F32x4) -> F32x4 {
        check.plus(pixels)
    }

    #[inline(always)]
    fn reaches(self, _: usize, _: usize) -> bool {
        true
    }

    #[inline(always)]
    unsafe fn finish(self, check: F32x4, joined: F32x4, _: usize, _: usize) -> [F32x4; 2] {
        [joined, check]
    }

    fn is_well(check: F32x4) -> bool {
        !check.to_array().iter().any(|sum| sum.is_nan())
    }
}

/// The sum, rounded to `f32` after each pixel, divided by the product of two numbers.
#[derive(Clone, Copy)]
pub(super) struct Mean<'a> {
    /// Those of the rows.
    pub rows: &'a [f32],
    /// Those of the columns, and three more.
    pub cols_and_three: &'a [f32],
}

impl Summary for Mean<'_> {
    const NEUTRAL: f32 = 0.0;

    #[inline(always)]
    fn join(so_far: F32x4, next: F32x4) -> F32x4 {
        so_far.plus(next)
    }

    #[inline(always)]
    fn seen(check: F32x4, _: F32x4) -> F32x4 {
        check
    }

    #[inline(always)]
    fn reaches(self, rows: usize, cols: usize) -> bool {
        rows <= self.rows.len() && cols + 3 <= self.cols_and_three.len()
    }

    #[inline(always)]
    unsafe fn finish(self, check: F32x4, joined: F32x4, row: usize, col: usize) -> [F32x4; 2] {
        // SAFETY: as promised.
        let [row, cols] = unsafe {
            [
                F32x4::splat(self.rows.get_unchecked(row)),
                F32x4::read_unchecked(self.cols_and_three, col),
            ]
        };
        let means = joined.over(row.times(cols));
        [means, check.plus(means)]
    }

    /// The sum of all means is finite if each is. If it overflows alone, that costs time only.
    fn is_well(check: F32x4) -> bool {
        check.to_array().iter().all(|sum| sum.is_finite())
    }
}
