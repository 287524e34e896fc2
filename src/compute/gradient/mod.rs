//! The fast backward passes of convolutions, in `f32`.
//!
//! The gradient of the weights is a matrix product of the output's gradient with the transposed
//! matrix of patches ([`weights`]). The gradient of the input is a convolution of the output's
//! gradient where there is a fast one, and otherwise a matrix product whose columns are added to
//! the pixels under their windows (col2im, [`input`]). [`crate::compute::correlation`] computes
//! both by plain loops, for other number types and for few channels.

mod input;
mod weights;

use crate::compute::convolution::{Geometry, Rounding, uses_winograd};
use crate::compute::correlation::Correlation;
use crate::math::real::Real;
use crate::window::Sides;

/// An algorithm for the gradient of the input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Algorithm {
    /// As a convolution with the kernels rotated by 180° and the channels exchanged.
    Convolution,
    /// As a matrix product, whose columns are added at their windows.
    Gemm,
}

/// The gradient with respect to the input without its `padding` of zeros, from the output's
/// gradient and the weights; `None` where plain loops are as fast or the numbers are not `f32`.
///
/// The rounding error is that of a convolution of the same size under `rounding`, which is one of the
/// bounded kinds, or at most (output channels + kernel cells) · 2⁻²⁴ · Σ|product|.
pub(crate) fn d_input<F: Real>(
    correlation: &Correlation,
    padding: Sides,
    d_output: &[F],
    weights: &[F],
    rounding: Rounding,
) -> Option<Vec<F>> {
    let geometry = Geometry::of(correlation, padding);
    let algorithm = choose(&geometry, rounding)?;
    let (d_output, weights) = (F::as_f32_slice(d_output)?, F::as_f32_slice(weights)?);
    F::from_f32_vec(match algorithm {
        Algorithm::Convolution => {
            let rotated = input::rotated(&geometry)?;
            input::with_convolution(&geometry, rotated, d_output, weights, rounding)
        }
        Algorithm::Gemm => input::with_gemm(&geometry, d_output, weights),
    })
}

/// The gradient with respect to the weights, from the input without its `padding` of zeros and the
/// output's gradient; `None` as for [`d_input`].
///
/// The rounding error is at most ([`weights::RUN`] + 1) · 2⁻²⁴ · Σ|product|: no sum in `f32` is
/// longer, and these are added in `f64`.
pub(crate) fn d_weights<F: Real>(
    correlation: &Correlation,
    padding: Sides,
    input: &[F],
    d_output: &[F],
) -> Option<Vec<F>> {
    let geometry = Geometry::of(correlation, padding);
    if !uses_gemm(&geometry) {
        return None;
    }
    F::from_f32_vec(weights::with_gemm(
        &geometry,
        F::as_f32_slice(input)?,
        F::as_f32_slice(d_output)?,
    ))
}

/// - Stride 1 and a kernel that Winograd speeds up, also if its weights are packed once: convolution.
/// - Otherwise GEMM, if there is enough to multiply. A convolution would pad few input channels to
///   a whole tile with zeros, and for a 5x5 kernel on 14x14 pixels without padding it would compute
///   twice as many positions.
/// - Otherwise, as for depthwise layers, convolution at stride 1.
fn choose(geometry: &Geometry, rounding: Rounding) -> Option<Algorithm> {
    if geometry.terms() == 0 || geometry.group_out() == 0 {
        return None;
    }
    let is_3x3 = geometry.kernel == [3, 3] && geometry.dilation == [1, 1];
    let has_many_channels = geometry.group_in() >= 8 && geometry.group_out() >= 8;
    let rotated = input::rotated(geometry);
    if let Some(rotated) = rotated
        && is_3x3
        && has_many_channels
        && (rounding != Rounding::BoundedOnce || uses_winograd(&rotated, rounding))
    {
        return Some(Algorithm::Convolution);
    }
    if uses_gemm(geometry) {
        return Some(Algorithm::Gemm);
    }
    rotated.map(|_| Algorithm::Convolution)
}

/// Whether a matrix product is worth packing for: with fewer rows than a tile or very few terms,
/// packing costs more than it saves.
fn uses_gemm(geometry: &Geometry) -> bool {
    geometry.group_out() >= 4 && geometry.terms() >= 8
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::convolution::testing::{correlation, geometry, sides, values};
    use crate::compute::layout::area;
    use proptest::prelude::*;

    /// Half a unit in the last place of 1.
    const EPSILON: f64 = 1.0 / (1 << 24) as f64;

    /// Inputs, weights and output gradients.
    struct Arrays {
        input: Vec<f32>,
        weights: Vec<f32>,
        d_output: Vec<f32>,
    }

    impl Arrays {
        fn new(geometry: &Geometry, images: usize, seed: u64) -> Self {
            let outputs = geometry.out_channels * area(geometry.output);
            Arrays {
                input: values(seed, images * geometry.in_channels * area(geometry.input)),
                weights: values(seed + 1, geometry.out_channels * geometry.terms()),
                d_output: values(seed + 2, images * outputs),
            }
        }
    }

    fn to_f64(values: &[f32], of: impl Fn(f64) -> f64) -> Vec<f64> {
        values.iter().map(|&value| of(f64::from(value))).collect()
    }

    /// The gradients of the input and of the weights by plain loops in `f64`, with `of` applied to
    /// all numbers.
    fn expected(
        geometry: &Geometry,
        arrays: &Arrays,
        images: usize,
        of: fn(f64) -> f64,
    ) -> [Vec<f64>; 2] {
        let correlation = correlation(geometry, images);
        let [in_h, in_w] = geometry.input;
        let [_, padded_w] = correlation.padded_input;
        let d_output = to_f64(&arrays.d_output, of);
        let scattered = correlation.scatter(&d_output, &to_f64(&arrays.weights, of));
        let Sides { top, left, .. } = geometry.padding;
        let padded_idx = |row: usize, col: usize| (row + top) * padded_w + col + left;
        let mut padded = vec![0.0; scattered.len()];
        let mut d_input = Vec::new();
        let input = to_f64(&arrays.input, of);
        for (plane, pixels) in input.chunks_exact(in_h * in_w).enumerate() {
            let start = plane * area(correlation.padded_input);
            for (row, pixels) in pixels.chunks_exact(in_w).enumerate() {
                for (col, &pixel) in pixels.iter().enumerate() {
                    padded[start + padded_idx(row, col)] = pixel;
                    d_input.push(scattered[start + padded_idx(row, col)]);
                }
            }
        }
        [d_input, correlation.weight_gradient(&padded, &d_output)]
    }

    /// Whether each number is off by at most `roundings` half-units in the last place of its sum of
    /// magnitudes.
    fn is_close(got: &[f32], expected: &[f64], magnitudes: &[f64], roundings: usize) -> bool {
        got.len() == expected.len()
            && got
                .iter()
                .zip(expected)
                .zip(magnitudes)
                .all(|((&got, expected), magnitude)| {
                    (f64::from(got) - expected).abs() <= roundings as f64 * EPSILON * magnitude
                })
    }

    proptest! {
        #[test]
        fn fast_gradients_agree_with_plain_loops_up_to_rounding(
            images in 0..4_usize,
            channels in [1..4_usize, 1..4, 1..7],
            input in [1..20_usize, 1..20],
            kernel in [1..6_usize, 1..6],
            steps in [[1..5_usize, 1..5], [1..4, 1..4]],
            padding in sides(),
            seed in any::<u32>(),
        ) {
            let Some(geometry) = geometry(channels, input, kernel, steps, padding) else {
                return Ok(());
            };
            let arrays = Arrays::new(&geometry, images, seed.into());
            let Arrays { input, weights, d_output } = &arrays;
            let [d_input, d_weights] = expected(&geometry, &arrays, images, |value| value);
            let magnitudes = expected(&geometry, &arrays, images, f64::abs);
            let got = input::with_gemm(&geometry, d_output, weights);
            let summed = geometry.group_out() + area(geometry.kernel);
            prop_assert!(is_close(&got, &d_input, &magnitudes[0], summed));
            let got = weights::with_gemm(&geometry, input, d_output);
            prop_assert!(is_close(&got, &d_weights, &magnitudes[1], weights::RUN + 1));
            if let Some(rotated) = input::rotated(&geometry) {
                let rounding = Rounding::Bounded;
                let got = input::with_convolution(&geometry, rotated, d_output, weights, rounding);
                let summed = geometry.group_out() * area(geometry.kernel);
                prop_assert!(is_close(&got, &d_input, &magnitudes[0], summed));
            }
        }
    }

    #[test]
    fn runs_over_many_or_large_images_are_added_up() {
        for (images, input) in [(50, [9, 7]), (2, [40, 33]), (1, [64, 64])] {
            let [three, one] = [[3, 3], [1, 1]];
            let geometry = geometry([2, 2, 5], input, three, [one; 2], Sides::all(1)).unwrap();
            let arrays = Arrays::new(&geometry, images, 7);
            let [_, d_weights] = expected(&geometry, &arrays, images, |value| value);
            let [_, magnitudes] = expected(&geometry, &arrays, images, f64::abs);
            let got = weights::with_gemm(&geometry, &arrays.input, &arrays.d_output);
            assert!(is_close(&got, &d_weights, &magnitudes, weights::RUN + 1));
        }
    }

    #[test]
    fn winograd_stays_within_its_bound() {
        let [three, one] = [[3, 3], [1, 1]];
        let geometry = geometry([1, 9, 12], [13, 18], three, [one; 2], Sides::all(1)).unwrap();
        let rounding = Rounding::Bounded;
        assert_eq!(choose(&geometry, rounding), Some(Algorithm::Convolution));
        let arrays = Arrays::new(&geometry, 3, 5);
        let [d_input, _] = expected(&geometry, &arrays, 3, |value| value);
        let rotated = input::rotated(&geometry).unwrap();
        let Arrays {
            d_output, weights, ..
        } = &arrays;
        let got = input::with_convolution(&geometry, rotated, d_output, weights, rounding);
        for (got, expected) in got.iter().zip(&d_input) {
            assert!(
                (f64::from(*got) - expected).abs() <= 4e-4,
                "{got} for {expected}"
            );
        }
    }

    #[test]
    fn tiny_products_are_left_to_plain_loops() {
        let of = |channels, kernel, stride| {
            geometry(channels, [8, 8], kernel, [stride, [1, 1]], Sides::default()).unwrap()
        };
        for (geometry, expected) in [
            (
                of([1, 16, 16], [3, 3], [1, 1]),
                Some(Algorithm::Convolution),
            ),
            (of([1, 16, 16], [3, 3], [2, 2]), Some(Algorithm::Gemm)),
            (of([1, 16, 16], [5, 5], [1, 1]), Some(Algorithm::Gemm)),
            (of([1, 3, 16], [5, 5], [1, 1]), Some(Algorithm::Gemm)),
            (of([16, 1, 1], [3, 3], [1, 1]), Some(Algorithm::Convolution)),
            (of([16, 1, 1], [3, 3], [2, 2]), None),
            (of([1, 0, 4], [3, 3], [1, 1]), None),
            (of([1, 4, 0], [3, 3], [1, 1]), None),
        ] {
            assert_eq!(
                choose(&geometry, Rounding::Bounded),
                expected,
                "{geometry:?}"
            );
        }
    }

    #[test]
    fn kernels_that_are_rotated_for_one_image_must_be_worth_it() {
        let of = |map| {
            let [input, one] = [[map; 2], [1, 1]];
            let geometry = geometry([1, 16, 16], input, [3, 3], [one; 2], Sides::all(1)).unwrap();
            [Rounding::Bounded, Rounding::BoundedOnce].map(|rounding| choose(&geometry, rounding))
        };
        let [convolution, gemm] = [Some(Algorithm::Convolution), Some(Algorithm::Gemm)];
        assert_eq!(of(16), [convolution, convolution]);
        assert_eq!(of(7), [convolution, gemm]);
    }
}
