//! The mean of whole planes.

use crate::real::Real;

/// Partial sums of a plane.
const LANES: usize = 8;

/// Writes the mean of each plane of `plane_len` values: global average pooling.
///
/// Values are added in `f64`, value i to partial sum i mod 8, and the eight at the end, so that a
/// mean of `f32` is the nearest one but for rare ties.
pub(crate) fn means<F: Real>(planes: &[F], plane_len: usize, output: &mut [F]) {
    for (mean, plane) in output.iter_mut().zip(planes.chunks_exact(plane_len.max(1))) {
        *mean = F::of(sum(plane) / plane_len as f64);
    }
}

#[inline(always)]
fn sum<F: Real>(values: &[F]) -> f64 {
    let mut sums = [0.0; LANES];
    let (blocks, rest) = values.as_chunks::<LANES>();
    for block in blocks {
        for (sum, value) in sums.iter_mut().zip(block) {
            *sum += value.wide();
        }
    }
    for (sum, value) in sums.iter_mut().zip(rest) {
        *sum += value.wide();
    }
    sums.into_iter().sum()
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
