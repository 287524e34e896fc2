//! The backward passes of convolutions in `f32`, as fast as their matrix products.
//!
//! The gradient of the weights is a product of the output's gradient with the transposed matrix of
//! windows ([`weights`]). That of the input is a convolution of the output's gradient where there is
//! a fast one, and else a product whose columns are added where their windows stand ([`input`]).
//! [`crate::compute::direct`] has both by plain loops, for other numbers and for few channels.

mod input;
mod weights;

use std::any::Any;

use crate::compute::convolution::Geometry;
use crate::compute::direct::Correlation;
use crate::compute::same::same;
use crate::math::real::Real;
use crate::window::Sides;

/// How a gradient at the input is computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// As the convolution with the kernels turned and transposed.
    Convolution,
    Product,
}

/// The gradient at the wide planes without their `padding` of zeros, from that at the narrow planes
/// and the weights; `None` where plain loops serve as well or the numbers are not `f32`.
///
/// Rounds as the convolution of the same size does, within [`crate::compute::convolution::Rounding::Bounded`],
/// or by at most (output channels + kernel cells) · 2⁻²⁴ · Σ|product|.
pub(crate) fn d_input<F: Real>(
    correlation: &Correlation,
    padding: Sides,
    d_narrow: &[F],
    weights: &[F],
) -> Option<Vec<F>> {
    let geometry = Geometry::of(correlation, padding);
    let way = way(&geometry)?;
    let (d_narrow, weights) = (same(d_narrow)?, same(weights)?);
    numbers(match way {
        Way::Convolution => input::by_convolution(&geometry, d_narrow, weights),
        Way::Product => input::by_product(&geometry, d_narrow, weights),
    })
}

/// The gradient of the weights, from the wide planes without their `padding` of zeros and the
/// gradient at the narrow planes; `None` as for [`d_input`].
///
/// Rounds by at most ([`weights::RUN`] + 1) · 2⁻²⁴ · Σ|product|: no sum in `f32` is longer, and these
/// are added in `f64`.
pub(crate) fn d_weights<F: Real>(
    correlation: &Correlation,
    padding: Sides,
    wide: &[F],
    d_narrow: &[F],
) -> Option<Vec<F>> {
    let geometry = Geometry::of(correlation, padding);
    if !is_product(&geometry) {
        return None;
    }
    numbers(weights::by_product(&geometry, same(wide)?, same(d_narrow)?))
}

/// - Stride 1 and a kernel that minimal filtering speeds up: the convolution.
/// - Else the product, if there is enough to multiply. A convolution would have the rows of few
///   input channels filled up with zeros, and compute twice the positions of a 5x5 kernel that stands
///   on 14x14 pixels without padding.
/// - Else, as for depthwise layers, the convolution at stride 1.
fn way(geometry: &Geometry) -> Option<Way> {
    if geometry.terms() == 0 || geometry.group_out() == 0 {
        return None;
    }
    let small = geometry.kernel == [3, 3] && geometry.dilation == [1, 1];
    let many = geometry.group_in() >= 8 && geometry.group_out() >= 8;
    let turns = geometry.stride == [1, 1] && input::turned_padding(geometry).is_some();
    if turns && small && many {
        return Some(Way::Convolution);
    }
    if is_product(geometry) {
        return Some(Way::Product);
    }
    turns.then_some(Way::Convolution)
}

/// With fewer rows than a tile has, or hardly any terms, packing costs more than it saves.
fn is_product(geometry: &Geometry) -> bool {
    geometry.group_out() >= 4 && geometry.terms() >= 8
}

/// The numbers themselves, if `F` is `f32`.
fn numbers<F: Real>(values: Vec<f32>) -> Option<Vec<F>> {
    let values: Box<dyn Any> = Box::new(values);
    values.downcast().ok().map(|values| *values)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::convolution::testing::{correlation, geometry, values};
    use crate::compute::direct::area;
    use proptest::prelude::*;

    /// Half a unit in the last place of 1.
    const EPSILON: f64 = 1.0 / (1 << 24) as f64;

    /// Images, weights and output gradients.
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

    fn wide(values: &[f32], of: impl Fn(f64) -> f64) -> Vec<f64> {
        values.iter().map(|&value| of(f64::from(value))).collect()
    }

    /// The gradients at the input and of the weights by plain loops in `f64`, of numbers changed by
    /// `of`.
    fn expected(
        geometry: &Geometry,
        arrays: &Arrays,
        images: usize,
        of: fn(f64) -> f64,
    ) -> [Vec<f64>; 2] {
        let correlation = correlation(geometry, images);
        let [in_h, in_w] = geometry.input;
        let [_, padded_w] = correlation.wide;
        let d_output = wide(&arrays.d_output, of);
        let scattered = correlation.scatter(&d_output, &wide(&arrays.weights, of));
        let Sides { top, left, .. } = geometry.padding;
        let place = |row: usize, col: usize| (row + top) * padded_w + col + left;
        let mut padded = vec![0.0; scattered.len()];
        let mut d_input = Vec::new();
        let input = wide(&arrays.input, of);
        for (plane, pixels) in input.chunks_exact(in_h * in_w).enumerate() {
            let start = plane * area(correlation.wide);
            for (row, pixels) in pixels.chunks_exact(in_w).enumerate() {
                for (col, &pixel) in pixels.iter().enumerate() {
                    padded[start + place(row, col)] = pixel;
                    d_input.push(scattered[start + place(row, col)]);
                }
            }
        }
        [d_input, correlation.weight_gradient(&padded, &d_output)]
    }

    /// Whether each number is off by at most `roundings` roundings of its sum of magnitudes.
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

    fn sides() -> impl Strategy<Value = Sides> {
        [0..4_usize, 0..4, 0..4, 0..4].prop_map(|[top, left, bottom, right]| Sides {
            top,
            left,
            bottom,
            right,
        })
    }

    proptest! {
        #[test]
        fn products_give_the_gradients_of_plain_loops_but_for_rounding(
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
            let got = input::by_product(&geometry, d_output, weights);
            let summed = geometry.group_out() + area(geometry.kernel);
            prop_assert!(is_close(&got, &d_input, &magnitudes[0], summed));
            let got = weights::by_product(&geometry, input, d_output);
            prop_assert!(is_close(&got, &d_weights, &magnitudes[1], weights::RUN + 1));
            if geometry.stride == [1, 1] && input::turned_padding(&geometry).is_some() {
                let got = input::by_convolution(&geometry, d_output, weights);
                let summed = geometry.group_out() * area(geometry.kernel);
                prop_assert!(is_close(&got, &d_input, &magnitudes[0], summed));
            }
        }
    }

    #[test]
    fn runs_over_many_and_over_large_images_are_added_up() {
        for (images, input) in [(50, [9, 7]), (2, [40, 33]), (1, [64, 64])] {
            let [three, one] = [[3, 3], [1, 1]];
            let geometry = geometry([2, 2, 5], input, three, [one; 2], Sides::all(1)).unwrap();
            let arrays = Arrays::new(&geometry, images, 7);
            let [_, d_weights] = expected(&geometry, &arrays, images, |value| value);
            let [_, magnitudes] = expected(&geometry, &arrays, images, f64::abs);
            let got = weights::by_product(&geometry, &arrays.input, &arrays.d_output);
            assert!(is_close(&got, &d_weights, &magnitudes, weights::RUN + 1));
        }
    }

    #[test]
    fn minimal_filtering_stays_within_its_bound() {
        let [three, one] = [[3, 3], [1, 1]];
        let geometry = geometry([1, 9, 12], [13, 18], three, [one; 2], Sides::all(1)).unwrap();
        assert_eq!(way(&geometry), Some(Way::Convolution));
        let arrays = Arrays::new(&geometry, 3, 5);
        let [d_input, _] = expected(&geometry, &arrays, 3, |value| value);
        let got = input::by_convolution(&geometry, &arrays.d_output, &arrays.weights);
        for (got, expected) in got.iter().zip(&d_input) {
            assert!(
                (f64::from(*got) - expected).abs() <= 4e-4,
                "{got} for {expected}"
            );
        }
    }

    #[test]
    fn what_has_nothing_to_multiply_is_left_to_the_loops() {
        let of = |channels, kernel, stride| {
            geometry(channels, [8, 8], kernel, [stride, [1, 1]], Sides::default()).unwrap()
        };
        for (geometry, expected) in [
            (of([1, 16, 16], [3, 3], [1, 1]), Some(Way::Convolution)),
            (of([1, 16, 16], [3, 3], [2, 2]), Some(Way::Product)),
            (of([1, 16, 16], [5, 5], [1, 1]), Some(Way::Product)),
            (of([1, 3, 16], [5, 5], [1, 1]), Some(Way::Product)),
            (of([16, 1, 1], [3, 3], [1, 1]), Some(Way::Convolution)),
            (of([16, 1, 1], [3, 3], [2, 2]), None),
            (of([1, 0, 4], [3, 3], [1, 1]), None),
            (of([1, 4, 0], [3, 3], [1, 1]), None),
        ] {
            assert_eq!(way(&geometry), expected, "{geometry:?}");
        }
    }
}
