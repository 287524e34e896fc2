//! The bias and the clamp that are applied to a finished sum while it is still in a register.

use crate::compute::gemm::TILE_M;
use crate::compute::simd::F32x4;

/// The bias and the clamp of a layer, fused into its product.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Epilogue {
    /// One value per row of the product; empty for no bias.
    pub bias: Vec<f32>,
    /// Lower and upper bound: 0 and infinity for ReLU. NaN stays NaN.
    pub clamp: Option<[f32; 2]>,
}

impl Epilogue {
    /// Applies the epilogue to a tile whose first row is `row`; the sums past the last row are
    /// ignored.
    #[inline(always)]
    pub fn apply_to_tile<const HALVES: usize>(
        &self,
        row: usize,
        sums: &mut [[F32x4; HALVES]; TILE_M],
    ) {
        if let Some(bias) = self.bias.get(row..) {
            for (sums, bias) in sums.iter_mut().zip(bias) {
                *sums = sums.map(|sum| sum.plus(F32x4::splat(bias)));
            }
        }
        if self.clamp.is_some() {
            *sums = sums.map(|sums| sums.map(|sum| self.clamped(sum)));
        }
    }

    /// Applies the epilogue to four sums of one row.
    #[inline(always)]
    pub fn apply_to_lanes(&self, row: usize, sums: F32x4) -> F32x4 {
        match self.bias.get(row) {
            Some(bias) => self.clamped(sums.plus(F32x4::splat(bias))),
            None => self.clamped(sums),
        }
    }

    #[inline(always)]
    fn clamped(&self, sums: F32x4) -> F32x4 {
        match self.clamp {
            Some([least, greatest]) => sums
                .or_greater(F32x4::constant(least))
                .or_less(F32x4::constant(greatest)),
            None => sums,
        }
    }

    /// Applies the epilogue to one sum of a row.
    pub fn apply_to_value(&self, row: usize, sum: f32) -> f32 {
        let sum = self.bias.get(row).map_or(sum, |bias| sum + bias);
        match self.clamp {
            // Not `f32::clamp`, which panics if a bound is NaN.
            Some([least, _]) if sum < least => least,
            Some([_, greatest]) if sum > greatest => greatest,
            _ => sum,
        }
    }

    /// Applies the epilogue to all rows, each of `n` values.
    pub fn apply_to_rows(&self, c: &mut [f32], n: usize) {
        for (row, values) in c.chunks_exact_mut(n.max(1)).enumerate() {
            for value in values {
                *value = self.apply_to_value(row, *value);
            }
        }
    }
}
