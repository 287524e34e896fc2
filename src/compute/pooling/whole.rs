//! Global average pooling: the means of whole planes.

use crate::compute::simd::F32x4;
use crate::compute::sums::sum;
use crate::math::real::Real;

/// Maximum number of values per plane that are added in `f32`.
const F32_LIMIT: usize = 256;

/// [`means`], but faster up to 256 values per plane: the mean of n values is off by at most (n /
/// 8 + 5) · ε / 2 times the mean of their magnitudes.
pub(crate) fn means_in_f32(planes: &[f32], plane_len: usize, output: &mut [f32]) {
    if !(4..=F32_LIMIT).contains(&plane_len) {
        means(planes, plane_len, output);
        return;
    }
    let (output, rest) = output.as_chunks_mut();
    let (planes, planes_of_rest) = planes.split_at(4 * output.len() * plane_len);
    for (four, planes) in output.iter_mut().zip(planes.chunks_exact(4 * plane_len)) {
        four_means(planes, plane_len, four);
        // The sum may overflow even if the mean does not.
        if !four.iter().all(|mean| mean.is_finite()) {
            means(planes, plane_len, four);
        }
    }
    means(planes_of_rest, plane_len, rest);
}

/// Writes the mean of each plane of `plane_len` values.
///
/// Values are added in `f64`, so the mean of `f32` values is correctly rounded except in rare ties.
pub(crate) fn means<F: Real>(planes: &[F], plane_len: usize, output: &mut [F]) {
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

/// Four partial sums of a plane of at least four values.
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
    use crate::data::rng::Rng;

    #[test]
    fn every_value_of_a_plane_counts() {
        for plane_len in 1..40 {
            let planes = (0..6 * plane_len).map(|idx| idx as f32).collect::<Vec<_>>();
            let mut output = [f32::NAN; 6];
            let first = (plane_len - 1) as f32 / 2.0;
            let exact = std::array::from_fn(|idx| first + (idx * plane_len) as f32);
            means(&planes, plane_len, &mut output);
            assert_eq!(output, exact, "{plane_len}");
            output.fill(f32::NAN);
            means_in_f32(&planes, plane_len, &mut output);
            assert_eq!(output, exact, "{plane_len}");
        }
    }

    #[test]
    fn a_mean_is_off_by_less_than_its_bound() {
        let mut rng = Rng::new(5);
        for plane_len in (1..50).chain([F32_LIMIT - 1, F32_LIMIT, F32_LIMIT + 1]) {
            let planes = (0..5 * plane_len)
                .map(|_| rng.normal() as f32)
                .collect::<Vec<_>>();
            let mut output = [f32::NAN; 5];
            means_in_f32(&planes, plane_len, &mut output);
            let roundings = (plane_len / 8 + 5) as f64;
            for (mean, plane) in output.iter().zip(planes.chunks(plane_len)) {
                let to_f64 = |value: &f32| f64::from(*value);
                let exact = plane.iter().map(to_f64).sum::<f64>() / plane_len as f64;
                let magnitude = plane.iter().map(|value| to_f64(value).abs()).sum::<f64>();
                let bound =
                    roundings * f64::from(f32::EPSILON) / 2.0 * magnitude / plane_len as f64;
                assert!((f64::from(*mean) - exact).abs() <= bound, "{plane_len}");
            }
        }
    }

    #[test]
    fn sums_do_not_overflow_and_nan_stays_in_its_plane() {
        let mut planes = vec![f32::MAX; 4 * 49];
        planes[49..98].fill(1.0);
        planes[100] = f32::NAN;
        planes[150] = f32::INFINITY;
        let mut output = [0.0; 4];
        means_in_f32(&planes, 49, &mut output);
        assert_eq!(output[..2], [f32::MAX, 1.0]);
        assert!(output[2].is_nan());
        assert_eq!(output[3], f32::INFINITY);
    }
}
