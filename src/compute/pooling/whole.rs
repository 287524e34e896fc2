//! The mean of whole planes.

use crate::compute::wide::sum;
use crate::real::Real;

/// Writes the mean of each plane of `plane_len` values: global average pooling.
///
/// Values are added in `f64`, so that a mean of `f32` is the nearest one but for rare ties.
pub(crate) fn means<F: Real>(planes: &[F], plane_len: usize, output: &mut [F]) {
    for (mean, plane) in output.iter_mut().zip(planes.chunks_exact(plane_len.max(1))) {
        *mean = F::of(sum(plane, |pixel| pixel) / plane_len as f64);
    }
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
