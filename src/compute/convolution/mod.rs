//! Convolutions in `f32`, prepared once and then run without allocation.
//!
//! Four ways to the same sums. [`rows`] slides along the rows of single planes: images, depthwise
//! layers, few channels; [`unstaged`] is its short cut for 3x3 kernels. [`product`] multiplies matrices
//! without ever storing the matrix of windows.
//! Both add in the order of the definition and so have its bits. [`winograd`] needs a quarter of the
//! multiplications of a 3x3 kernel, [`nested`] a fifth of those of a large one over a single plane; both
//! round otherwise, within bounds that they state.

mod choice;
mod nested;
mod product;
mod rows;
mod slanted;
mod staged;
#[cfg(test)]
pub(crate) mod testing;
mod unstaged;
mod winograd;

use std::fmt::Debug;

use crate::compute::direct::Correlation;
use crate::compute::gemm::Finish;
use crate::window::Sides;
use nested::Nested;
use product::Product;
use rows::Rows;
use winograd::Winograd;

pub(crate) use choice::Rounding;
use choice::Way;

/// How a window slides over one image. What it meets outside the input is zero.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Geometry {
    /// Number of groups; divides both channel counts.
    pub groups: usize,
    /// Channels of the input.
    pub in_channels: usize,
    /// Channels of the output.
    pub out_channels: usize,
    /// Extents of the input `[rows, columns]`, without padding.
    pub input: [usize; 2],
    /// Extents of the output `[rows, columns]`.
    pub output: [usize; 2],
    /// Kernel extents `[rows, columns]`.
    pub kernel: [usize; 2],
    /// Step between positions `[rows, columns]`.
    pub stride: [usize; 2],
    /// Distance between kernel cells `[rows, columns]`.
    pub dilation: [usize; 2],
    /// Zeros around the input.
    pub padding: Sides,
}

impl Geometry {
    /// One image of a correlation whose wide planes are padded by `padding`.
    pub fn of(correlation: &Correlation, padding: Sides) -> Self {
        let [padded_h, padded_w] = correlation.wide;
        Geometry {
            groups: correlation.groups,
            in_channels: correlation.wide_channels,
            out_channels: correlation.narrow_channels,
            input: [
                padded_h - padding.top - padding.bottom,
                padded_w - padding.left - padding.right,
            ],
            output: correlation.narrow,
            kernel: correlation.kernel,
            stride: correlation.stride,
            dilation: correlation.dilation,
            padding,
        }
    }

    /// Extents of the input with its padding.
    pub fn padded(&self) -> [usize; 2] {
        let Sides {
            top,
            left,
            bottom,
            right,
        } = self.padding;
        let [in_h, in_w] = self.input;
        [top + in_h + bottom, left + in_w + right]
    }

    /// Input channels that one output channel sums over.
    pub fn group_in(&self) -> usize {
        self.in_channels / self.groups
    }

    /// Output channels of one group.
    pub fn group_out(&self) -> usize {
        self.out_channels / self.groups
    }

    /// Products in one sum.
    pub fn terms(&self) -> usize {
        self.group_in() * area(self.kernel)
    }
}

/// A convolution with its weights, ready to run.
pub(crate) trait Convolution: Debug {
    /// Values of scratch space that [`Convolution::run`] needs.
    fn scratch_len(&self) -> usize;

    /// Values of the packed weights.
    fn packed_len(&self) -> usize;

    /// The output `[out_channels, rows, columns]` of one image `[in_channels, rows, columns]`. What
    /// `output` and `scratch` hold does not matter.
    fn run(&self, input: &[f32], output: &mut [f32], scratch: &mut [f32]);
}

/// Chooses the way and packs `weights` `[out_channels, in_channels / groups, kernel rows, kernel
/// columns]`. The caller has checked that the window fits at every position.
pub(crate) fn convolution(
    geometry: Geometry,
    weights: &[f32],
    finish: Finish,
    rounding: Rounding,
) -> Box<dyn Convolution> {
    match choice::way(&geometry, rounding) {
        Way::Rows | Way::Product => exact(geometry, weights, finish),
        Way::Nested => Box::new(Nested::new(geometry, weights, finish)),
        Way::Winograd(tile) => Box::new(Winograd::new(geometry, weights, finish, tile)),
    }
}

/// [`convolution`] for [`Rounding::AsDefined`]; who needs no other does not load the code of others.
pub(crate) fn exact(geometry: Geometry, weights: &[f32], finish: Finish) -> Box<dyn Convolution> {
    match choice::are_rows(&geometry) {
        true => Box::new(Rows::new(geometry, weights, finish)),
        false => Box::new(Product::new(geometry, weights, finish)),
    }
}

/// Bytes that the packed weights will take, before any weights are there.
pub(crate) fn planned_bytes(geometry: &Geometry, rounding: Rounding) -> u64 {
    let values = match choice::way(geometry, rounding) {
        Way::Nested => Nested::planned_len(geometry),
        Way::Rows => Rows::planned_len(geometry),
        Way::Product => Product::planned_len(geometry),
        Way::Winograd(tile) => Winograd::planned_len(geometry, tile),
    };
    values * size_of::<f32>() as u64
}

const fn area([rows, cols]: [usize; 2]) -> usize {
    rows * cols
}

#[cfg(test)]
mod tests {
    use super::testing::{correlation, geometry, values};
    use super::*;
    use proptest::prelude::*;

    /// The definition, row by row, on planes with their padding.
    pub(super) fn expected(
        geometry: &Geometry,
        input: &[f32],
        weights: &[f32],
        finish: &Finish,
    ) -> Vec<f32> {
        let Sides { top, left, .. } = geometry.padding;
        let (wide, in_w) = (geometry.padded(), geometry.input[1]);
        let mut planes = vec![0.0; geometry.in_channels * area(wide)];
        for (plane, padded) in input
            .chunks(area(geometry.input))
            .zip(planes.chunks_mut(area(wide)))
        {
            for (row, values) in plane.chunks(in_w).enumerate() {
                padded[(row + top) * wide[1] + left..][..in_w].copy_from_slice(values);
            }
        }
        let correlation = correlation(geometry, 1);
        let mut output = correlation.correlate(&planes, weights);
        for (channel, plane) in output.chunks_mut(area(geometry.output)).enumerate() {
            for value in plane {
                *value += finish.bias[channel];
                if let Some([least, greatest]) = finish.clamp
                    && !value.is_nan()
                {
                    *value = value.max(least).min(greatest);
                }
            }
        }
        output
    }

    pub(super) fn finish(seed: u64, channels: usize) -> Finish {
        Finish {
            bias: values(seed, channels),
            clamp: seed.is_multiple_of(2).then_some([0.0, 2.0]),
        }
    }

    /// What a convolution leaves in an output and a scratch that hold NaN.
    pub(super) fn output(
        convolution: &dyn Convolution,
        geometry: &Geometry,
        input: &[f32],
    ) -> Vec<f32> {
        let mut output = vec![f32::NAN; geometry.out_channels * area(geometry.output)];
        let mut scratch = vec![f32::NAN; convolution.scratch_len()];
        convolution.run(input, &mut output, &mut scratch);
        output
    }

    pub(super) fn sides() -> impl Strategy<Value = Sides> {
        [0..4_usize, 0..4, 0..4, 0..4].prop_map(|[top, left, bottom, right]| Sides {
            top,
            left,
            bottom,
            right,
        })
    }

    #[test]
    fn packed_weights_take_the_memory_that_was_planned() {
        let sizes = [
            [1, 8, 8],
            [1, 9, 13],
            [3, 8, 10],
            [2, 1, 5],
            [1, 3, 2],
            [16, 1, 1],
        ];
        for channels in sizes {
            for (extent, kernel) in [
                ([4, 4], [3, 3]),
                ([8, 5], [3, 3]),
                ([20, 19], [3, 3]),
                ([6, 6], [5, 1]),
                ([20, 20], [5, 7]),
                ([48, 50], [10, 15]),
            ] {
                let steps = [[1, 1]; 2];
                let geometry = geometry(channels, extent, kernel, steps, Sides::all(1)).unwrap();
                let weights = vec![1.0; geometry.out_channels * geometry.terms()];
                for rounding in [
                    Rounding::AsDefined,
                    Rounding::Bounded,
                    Rounding::BoundedCompact,
                ] {
                    let planned = planned_bytes(&geometry, rounding);
                    let made = convolution(geometry, &weights, Finish::default(), rounding);
                    let bytes = made.packed_len() * size_of::<f32>();
                    assert_eq!(bytes as u64, planned, "{geometry:?}");
                }
            }
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "takes hours there")]
    fn whole_bands_of_rows_may_lie_in_the_padding() {
        let padding = Sides {
            top: 40,
            bottom: 70,
            left: 600,
            right: 5,
        };
        for (kernel, stride) in [([3, 3], [1, 1]), ([3, 3], [2, 2]), ([5, 4], [1, 3])] {
            let steps = [stride, [1, 1]];
            let geometry = geometry([1, 1, 5], [4, 6], kernel, steps, padding).unwrap();
            let pixels = values(1, 4 * 6);
            let weights = values(2, geometry.out_channels * geometry.terms());
            let finish = finish(3, geometry.out_channels);
            let expected = expected(&geometry, &pixels, &weights, &finish);
            let rows = Rows::new(geometry, &weights, finish.clone());
            assert_eq!(output(&rows, &geometry, &pixels), expected);
            let product = Product::new(geometry, &weights, finish);
            assert_eq!(output(&product, &geometry, &pixels), expected);
        }
    }

    #[test]
    fn bands_inside_a_picture_give_the_bits_of_the_definition() {
        let all = |kernel: [usize; 2]| {
            let [down, right] = kernel.map(|extent| extent / 2);
            Sides {
                top: down,
                bottom: down,
                left: right,
                right,
            }
        };
        for (channels, input, kernel, padding) in [
            ([1, 1, 1], [70, 700], [5, 5], all([5, 5])),
            ([2, 1, 2], [90, 533], [7, 7], all([7, 7])),
            ([1, 2, 1], [61, 1031], [4, 9], Sides::default()),
            ([1, 1, 1], [75, 409], [6, 1], all([0, 30])),
        ] {
            let geometry = geometry(channels, input, kernel, [[1, 1]; 2], padding).unwrap();
            let pixels = values(1, geometry.in_channels * area(input));
            let weights = values(2, geometry.out_channels * geometry.terms());
            let finish = finish(3, geometry.out_channels);
            let expected = expected(&geometry, &pixels, &weights, &finish);
            let rows = Rows::new(geometry, &weights, finish);
            assert!(output(&rows, &geometry, &pixels) == expected, "{input:?}");
        }
    }

    proptest! {
        #[test]
        fn rows_and_products_give_the_bits_of_the_definition(
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
            let seed = u64::from(seed);
            let pixels = values(seed, geometry.in_channels * area(input));
            let weights = values(seed + 1, geometry.out_channels * geometry.terms());
            let finish = finish(seed, geometry.out_channels);
            let expected = expected(&geometry, &pixels, &weights, &finish);
            let rows = Rows::new(geometry, &weights, finish.clone());
            prop_assert_eq!(&output(&rows, &geometry, &pixels), &expected);
            let product = Product::new(geometry, &weights, finish);
            prop_assert_eq!(&output(&product, &geometry, &pixels), &expected);
        }
    }
}
