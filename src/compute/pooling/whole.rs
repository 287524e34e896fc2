//! The mean of whole planes.

use crate::compute::same::{same, same_mut};
use crate::compute::simd::F32x4;
use crate::compute::wide::sum;
use crate::real::Real;

/// Most values of a plane that are added in `f32`.
const MOST: usize = 256;

/// Writes the mean of each plane of `plane_len` values: global average pooling.
///
/// The mean of n `f32` values is off by at most (n / 8 + 6) · ε / 2 times the mean of their magnitudes;
/// from 257 values on, and for `f64`, values are added in `f64`.
pub(crate) fn means<F: Real>(planes: &[F], plane_len: usize, output: &mut [F]) {
    if let (Some(planes), Some(output), 4..=MOST) = (same(planes), same_mut(output), plane_len) {
        let (output, rest) = output.as_chunks_mut();
        let (planes, planes_of_rest) = planes.split_at(4 * output.len() * plane_len);
        for (means, planes) in output.iter_mut().zip(planes.chunks_exact(4 * plane_len)) {
            four_means(planes, plane_len, means);
            // A sum may overflow where the mean does not.
            if !means.iter().all(|mean| mean.is_finite()) {
                wide_means(planes, plane_len, means);
            }
        }
        wide_means(planes_of_rest, plane_len, rest);
    } else {
        wide_means(planes, plane_len, output);
    }
}

fn wide_means<F: Real>(planes: &[F], plane_len: usize, output: &mut [F]) {
    for (mean, plane) in output.iter_mut().zip(planes.chunks_exact(plane_len.max(1))) {
        *mean = F::of(sum(plane, |pixel| pixel) / plane_len as f64);
    }
}

#[inline(always)]
fn four_means(planes: &[f32], plane_len: usize, means: &mut [f32; 4]) {
    let mut planes = planes.chunks_exact(plane_len).map(four_sums);
    let [a, b, c, d] = [(); 4].map(|()| planes.next().unwrap_or(F32x4::constant(0.0)));
    let pairs = |left: F32x4, right: F32x4| left.evens(right).plus(left.odds(right));
    let sums = pairs(pairs(a, b), pairs(c, d));
    sums.over(F32x4::constant(plane_len as f32)).store(means);
}

/// Four numbers whose sum is that of the plane, which has four values at least.
#[inline(always)]
fn four_sums(plane: &[f32]) -> F32x4 {
    let zero = F32x4::constant(0.0);
    let (fours, rest) = plane.as_chunks();
    let (pairs, single) = fours.as_chunks::<2>();
    let [mut left, mut right] = [zero; 2];
    for [first, second] in pairs {
        left = left.plus(F32x4::load(first));
        right = right.plus(F32x4::load(second));
    }
    if let [last] = single {
        left = left.plus(F32x4::load(last));
    }
    if let Some(last) = plane.last_chunk() {
        right = right.plus(zero.after(F32x4::load(last), rest.len()));
    }
    left.plus(right)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_of_a_plane_counts() {
        for plane_len in 1..40 {
            let planes = (0..3 * plane_len).map(|idx| idx as f32).collect::<Vec<_>>();
            let mut output = [f32::NAN; 3];
            means(&planes, plane_len, &mut output);
            let first = (plane_len - 1) as f32 / 2.0;
            let step = plane_len as f32;
            assert_eq!(output, [first, first + step, first + 2.0 * step]);
        }
    }
}
