//! What is done to a sum when it is complete, while it is still in a register.

use crate::compute::gemm::TILE_M;
use crate::compute::simd::F32x4;

/// A bias and bounds: the rest of a layer.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Finish {
    /// One for each row of the product, or none.
    pub bias: Vec<f32>,
    /// Least and greatest value: ReLU is 0 to infinity. NaN stays NaN.
    pub clamp: Option<[f32; 2]>,
}

impl Finish {
    /// Finishes the sums of the rows from `row` on; those beyond the last row have no meaning.
    #[inline(always)]
    pub fn finish<const HALVES: usize>(&self, row: usize, sums: &mut [[F32x4; HALVES]; TILE_M]) {
        if let Some(bias) = self.bias.get(row..) {
            for (sums, bias) in sums.iter_mut().zip(bias) {
                *sums = sums.map(|sum| sum.plus(F32x4::splat(bias)));
            }
        }
        if self.clamp.is_some() {
            *sums = sums.map(|sums| sums.map(|sum| self.clamped(sum)));
        }
    }

    /// Finishes four sums of one row.
    #[inline(always)]
    pub fn lanes(&self, row: usize, sums: F32x4) -> F32x4 {
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

    /// Finishes one sum of a row.
    pub fn value(&self, row: usize, sum: f32) -> f32 {
        let sum = self.bias.get(row).map_or(sum, |bias| sum + bias);
        match self.clamp {
            // Not `f32::clamp`: it refuses bounds that are NaN.
            Some([least, _]) if sum < least => least,
            Some([_, greatest]) if sum > greatest => greatest,
            _ => sum,
        }
    }

    /// Finishes all rows, each of `n` values.
    pub fn apply(&self, c: &mut [f32], n: usize) {
        for (row, values) in c.chunks_exact_mut(n.max(1)).enumerate() {
            for value in values {
                *value = self.value(row, *value);
            }
        }
    }
}
