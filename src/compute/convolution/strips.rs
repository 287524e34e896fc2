//! A 3x3 kernel over one plane: its nine weights stay in registers while strips of four columns are
//! followed from top to bottom.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

use crate::compute::gemm::Finish;
use crate::compute::simd::F32x4;

/// Columns of a strip, and least columns of an output.
pub(super) const STRIP: usize = 4;

/// One output plane, or a band of its rows.
pub(super) struct Strips<'a> {
    /// The padded input.
    pub plane: &'a [f32],
    /// Each four times.
    pub weights: &'a [[f32; STRIP]; 9],
    /// From the first value under a window to each of the others.
    pub offsets: &'a [usize; 9],
    /// From the first value under a window to that under the next one below.
    pub step: usize,
    pub finish: &'a Finish,
    pub channel: usize,
}

impl Strips<'_> {
    /// Fills `output`, rows of `out_w` columns.
    pub fn run(&self, out_w: usize, output: &mut [f32]) {
        let height = output.len() / out_w;
        let reach = self.offsets.iter().copied().max().unwrap_or(0);
        assert!(out_w >= STRIP && height > 0);
        assert!((height - 1) * self.step + out_w + reach <= self.plane.len());
        for col in (0..out_w).step_by(STRIP) {
            // The last strip overlaps the one before it.
            let col = col.min(out_w - STRIP);
            let is_dense = self.offsets[1..3] == [1, 2];
            // SAFETY: asserted above: the last window ends within the plane, and `col + STRIP` is at
            // most `out_w`.
            unsafe {
                match (is_dense, self.finish.clamp) {
                    (true, None) => self.strip::<true, false>(col, out_w, output),
                    (true, Some(_)) => self.strip::<true, true>(col, out_w, output),
                    (false, None) => self.strip::<false, false>(col, out_w, output),
                    (false, Some(_)) => self.strip::<false, true>(col, out_w, output),
                }
            }
        }
    }

    /// # Safety
    /// The windows at the strip's four columns of every row of `output` are within the plane, and these
    /// columns within the rows.
    #[inline(always)]
    unsafe fn strip<const DENSE: bool, const CLAMPED: bool>(
        &self,
        col: usize,
        out_w: usize,
        output: &mut [f32],
    ) {
        let [_, second, third, middle, _, _, lower, _, _] = *self.offsets;
        let [second, third] = if DENSE { [1, 2] } else { [second, third] };
        let weights = self.weights.each_ref().map(F32x4::load);
        // A sum of the definition starts from 0, so it is never -0.
        let bias = F32x4::constant(
            self.finish
                .bias
                .get(self.channel)
                .map_or(0.0, |bias| *bias + 0.0),
        );
        let [least, greatest] = self.finish.clamp.unwrap_or_default().map(F32x4::constant);
        let height = output.len() / out_w;
        // SAFETY: the caller says that all of these are within the plane and the output.
        unsafe {
            let mut upper = self.plane.as_ptr().add(col);
            let mut middle = upper.add(middle);
            let mut lower = upper.add(lower);
            let mut to = output.as_mut_ptr().add(col);
            let read = |at: *const f32| F32x4::load(&*at.cast());
            for _ in 0..height {
                let sum = read(upper).times(weights[0]);
                let sum = sum.add_product(read(upper.add(second)), weights[1]);
                let sum = sum.add_product(read(upper.add(third)), weights[2]);
                let sum = sum.add_product(read(middle), weights[3]);
                let sum = sum.add_product(read(middle.add(second)), weights[4]);
                let sum = sum.add_product(read(middle.add(third)), weights[5]);
                let sum = sum.add_product(read(lower), weights[6]);
                let sum = sum.add_product(read(lower.add(second)), weights[7]);
                let sum = sum.add_product(read(lower.add(third)), weights[8]);
                let mut sum = sum.plus(bias);
                if CLAMPED {
                    sum = sum.or_greater(least).or_less(greatest);
                }
                sum.store(&mut *to.cast());
                // Behind the last row they point nowhere and are not used.
                upper = upper.wrapping_add(self.step);
                middle = middle.wrapping_add(self.step);
                lower = lower.wrapping_add(self.step);
                to = to.wrapping_add(out_w);
            }
        }
    }
}
