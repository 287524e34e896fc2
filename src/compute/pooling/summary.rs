//! How pixels become one value.

use crate::compute::simd::F32x4;

/// How two pixels become one, and what shows that all is well.
pub(super) trait Summary: Copy {
    /// Changes no summary.
    const NEUTRAL: f32;

    /// `next` comes later in the window than `so_far`.
    fn join(so_far: F32x4, next: F32x4) -> F32x4;

    /// `check` with more pixels; it becomes NaN if something is wrong.
    fn seen(check: F32x4, pixels: F32x4) -> F32x4;

    /// The outputs from column `col` on, and `check` with them.
    fn finish(self, check: F32x4, joined: F32x4, col: usize) -> [F32x4; 2];
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
    fn finish(self, check: F32x4, joined: F32x4, _: usize) -> [F32x4; 2] {
        [joined, check]
    }
}

/// The sum, rounded to `f32` after each pixel, divided by the product of two numbers.
#[derive(Clone, Copy)]
pub(super) struct Mean<'a> {
    /// That of the line.
    pub row: f32,
    /// Those of the columns, and at least three more.
    pub cols: &'a [f32],
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

    /// Infinity minus infinity is NaN.
    #[inline(always)]
    fn finish(self, check: F32x4, joined: F32x4, col: usize) -> [F32x4; 2] {
        let cols = self.cols[col..].first_chunk().unwrap_or(&[1.0; 4]);
        let divisors = F32x4::load(cols).times(F32x4::splat(&self.row));
        let means = joined.over(divisors);
        [means, check.plus(means.minus(means))]
    }
}
