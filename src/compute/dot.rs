//! Dot products and scaled sums of slices, the inner loops of dense layers.

use crate::math::real::Real;

/// Number of partial sums in [`dot`]: as many `f32` as two 128-bit registers hold.
pub(crate) const LANES: usize = 8;

/// The dot product of two slices of the same length.
///
/// Value i is added to partial sum i mod 8, and the eight are added in order at the end. The order
/// is fixed, so the bits are too, and the rounding error is about n / 8 · ε instead of n · ε.
pub(crate) fn dot<F: Real>(left: &[F], right: &[F]) -> F {
    let mut lanes = [F::zero(); LANES];
    let (left_chunks, right_chunks) = (left.chunks_exact(LANES), right.chunks_exact(LANES));
    let tails = left_chunks.remainder().iter().zip(right_chunks.remainder());
    for (left, right) in left_chunks.zip(right_chunks) {
        for (lane, (&left, &right)) in lanes.iter_mut().zip(left.iter().zip(right)) {
            *lane += left * right;
        }
    }
    for (lane, (&left, &right)) in lanes.iter_mut().zip(tails) {
        *lane += left * right;
    }
    lanes.into_iter().sum()
}

/// Adds `factor` times `values` to `sums`, value by value.
pub(crate) fn add_scaled<F: Real>(sums: &mut [F], factor: F, values: &[F]) {
    for (sum, &value) in sums.iter_mut().zip(values) {
        *sum += factor * value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dot_covers_every_value_of_full_and_partial_chunks() {
        for len in 0..40 {
            let left = (0..len).map(f64::from).collect::<Vec<_>>();
            let right = left.iter().map(|value| value + 1.0).collect::<Vec<_>>();
            let expected = (0..len)
                .map(|value| f64::from(value * (value + 1)))
                .sum::<f64>();
            assert_eq!(dot(&left, &right), expected);
        }
    }

    #[test]
    fn add_scaled_accumulates() {
        let mut sums = [1.0_f32, 2.0];
        add_scaled(&mut sums, 3.0, &[10.0, 20.0]);
        assert_eq!(sums, [31.0, 62.0]);
    }
}
