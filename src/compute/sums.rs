//! Sums in `f64`, in an order that vectorises.
//!
//! Number i is added to partial sum i mod 8, and the eight are added in order at the end: the order
//! is fixed, so the bits are too.

use crate::math::real::Real;

const LANES: usize = 8;

/// The sum of `term` over all values.
#[inline(always)]
pub(crate) fn sum<F: Real>(values: &[F], term: impl Fn(f64) -> f64) -> f64 {
    let mut sums = [0.0; LANES];
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for (sum, value) in sums.iter_mut().zip(block) {
            *sum += term(value.as_f64());
        }
    }
    for (sum, value) in sums.iter_mut().zip(rest) {
        *sum += term(value.as_f64());
    }
    sums.into_iter().sum()
}

/// The sum of `right`, and the dot product of `term(left)` with `right`; both slices have the same
/// length.
#[inline(always)]
pub(crate) fn sum_and_dot<F: Real>(left: &[F], right: &[F], term: impl Fn(f64) -> f64) -> [f64; 2] {
    let (mut sums, mut dots) = ([0.0; LANES], [0.0; LANES]);
    let mut add = |left: &[F], right: &[F]| {
        let lanes = sums.iter_mut().zip(&mut dots);
        for ((sum, dot), (left, right)) in lanes.zip(left.iter().zip(right)) {
            *sum += right.as_f64();
            *dot += term(left.as_f64()) * right.as_f64();
        }
    };
    let (left_blocks, left_rest) = left.as_chunks::<LANES>();
    let (right_blocks, right_rest) = right.as_chunks::<LANES>();
    for (left, right) in left_blocks.iter().zip(right_blocks) {
        add(left, right);
    }
    add(left_rest, right_rest);
    [sums.into_iter().sum(), dots.into_iter().sum()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_full_and_partial_blocks_is_summed() {
        for len in 0..40 {
            let values = (0..len).map(|value| value as f32).collect::<Vec<_>>();
            let total = (0..len).sum::<i32>();
            let squares = (0..len).map(|value| value * value).sum::<i32>();
            assert_eq!(sum(&values, |value| value + 1.0), f64::from(total + len));
            let sums = sum_and_dot(&values, &values, |value| 2.0 * value);
            assert_eq!(sums, [total, 2 * squares].map(f64::from));
        }
    }
}
