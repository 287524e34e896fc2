//! Convolutions in `f32`, prepared once and then run without allocation.
//!
//! Four algorithms compute the same sums. [`direct`] works on single planes, for images, depthwise
//! layers and few channels; [`in_place`] is its shortcut for 3x3 kernels. [`implicit_gemm`]
//! multiplies matrices without ever storing the matrix of patches. Both add in the order of the
//! definition, so their results are bit-identical to it. [`winograd`] needs a quarter of the
//! multiplications of a 3x3 kernel, and [`nested_winograd`] a fifth of those of a large kernel
//! over a single plane; both round differently, within the error bounds that they state.

mod algorithm;
mod direct;
mod implicit_gemm;
mod in_place;
mod nested_winograd;
mod padded_copy;
mod shared_rows;
#[cfg(test)]
pub(crate) mod testing;
mod winograd;

use std::fmt::Debug;

use crate::compute::correlation::Correlation;
use crate::compute::gemm::Epilogue;
use crate::compute::layout::area;
use crate::window::Sides;
use algorithm::Algorithm;
use direct::Direct;
use implicit_gemm::ImplicitGemm;
use nested_winograd::NestedWinograd;
use winograd::Winograd;

pub(crate) use algorithm::Rounding;

/// How a kernel slides over one image. Padding is zero.
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
    /// One image of `correlation`, whose padded input contains `padding`.
    pub fn of(correlation: &Correlation, padding: Sides) -> Self {
        let [padded_h, padded_w] = correlation.padded_input;
        Geometry {
            groups: correlation.groups,
            in_channels: correlation.in_channels,
            out_channels: correlation.out_channels,
            input: [
                padded_h - padding.top - padding.bottom,
                padded_w - padding.left - padding.right,
            ],
            output: correlation.output,
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

    /// Input channels of one group, which each output channel sums over.
    pub fn group_in(&self) -> usize {
        self.in_channels / self.groups
    }

    /// Output channels of one group.
    pub fn group_out(&self) -> usize {
        self.out_channels / self.groups
    }

    /// Number of products in one sum.
    pub fn terms(&self) -> usize {
        self.group_in() * area(self.kernel)
    }
}

/// A convolution with its weights, ready to run.
pub(crate) trait Convolution: Debug {
    /// Number of scratch values that [`Convolution::run`] needs.
    fn scratch_len(&self) -> usize;

    /// Number of values in the packed weights.
    fn packed_len(&self) -> usize;

    /// Computes the output `[out_channels, rows, columns]` of one image `[in_channels, rows,
    /// columns]`. `output` and `scratch` may contain anything before the call.
    fn run(&self, input: &[f32], output: &mut [f32], scratch: &mut [f32]);
}

/// Whether [`convolution`] is computed by minimal filtering.
pub(crate) fn uses_winograd(geometry: &Geometry, rounding: Rounding) -> bool {
    matches!(
        algorithm::choose(geometry, rounding),
        Algorithm::Winograd(_)
    )
}

/// Chooses the algorithm and packs `weights` `[out_channels, in_channels / groups, kernel rows,
/// kernel columns]`. The caller has checked that the window fits at every position.
pub(crate) fn convolution(
    geometry: Geometry,
    weights: &[f32],
    epilogue: Epilogue,
    rounding: Rounding,
) -> Box<dyn Convolution> {
    match algorithm::choose(&geometry, rounding) {
        Algorithm::Direct | Algorithm::ImplicitGemm => exact(geometry, weights, epilogue),
        Algorithm::NestedWinograd => Box::new(NestedWinograd::new(geometry, weights, epilogue)),
        Algorithm::Winograd(tile) => Box::new(Winograd::new(geometry, weights, epilogue, tile)),
    }
}

/// [`convolution`] for [`Rounding::AsDefined`]. Callers that need only this do not link the other
/// algorithms.
pub(crate) fn exact(
    geometry: Geometry,
    weights: &[f32],
    epilogue: Epilogue,
) -> Box<dyn Convolution> {
    match algorithm::uses_direct(&geometry) {
        true => Box::new(Direct::new(geometry, weights, epilogue)),
        false => Box::new(ImplicitGemm::new(geometry, weights, epilogue)),
    }
}

/// Size of the packed weights in bytes, known before the weights are.
pub(crate) fn planned_bytes(geometry: &Geometry, rounding: Rounding) -> u64 {
    let values = match algorithm::choose(geometry, rounding) {
        Algorithm::NestedWinograd => NestedWinograd::planned_len(geometry),
        Algorithm::Direct => Direct::planned_len(geometry),
        Algorithm::ImplicitGemm => ImplicitGemm::planned_len(geometry),
        Algorithm::Winograd(tile) => Winograd::planned_len(geometry, tile),
    };
    values * size_of::<f32>() as u64
}

#[cfg(test)]
mod tests {
    use super::testing::{correlation, geometry, sides, values};
    use super::*;
    use proptest::prelude::*;

    /// The definition, row by row, on padded planes.
    pub(super) fn expected(
        geometry: &Geometry,
        input: &[f32],
        weights: &[f32],
        epilogue: &Epilogue,
    ) -> Vec<f32> {
        let Sides { top, left, .. } = geometry.padding;
        let (padded, in_w) = (geometry.padded(), geometry.input[1]);
        let mut planes = vec![0.0; geometry.in_channels * area(padded)];
        for (plane, padded_plane) in input
            .chunks(area(geometry.input))
            .zip(planes.chunks_mut(area(padded)))
        {
            for (row, values) in plane.chunks(in_w).enumerate() {
                padded_plane[(row + top) * padded[1] + left..][..in_w].copy_from_slice(values);
            }
        }
        let correlation = correlation(geometry, 1);
        let mut output = correlation.correlate(&planes, weights);
        for (channel, plane) in output.chunks_mut(area(geometry.output)).enumerate() {
            for value in plane {
                *value += epilogue.bias[channel];
                if let Some([least, greatest]) = epilogue.clamp
                    && !value.is_nan()
                {
                    *value = value.max(least).min(greatest);
                }
            }
        }
        output
    }

    pub(super) fn epilogue(seed: u64, channels: usize) -> Epilogue {
        Epilogue {
            bias: values(seed, channels),
            clamp: seed.is_multiple_of(2).then_some([0.0, 2.0]),
        }
    }

    /// The output of a convolution whose output and scratch buffers start as NaN.
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

    #[test]
    fn packed_weights_take_as_much_memory_as_planned() {
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
                    Rounding::BoundedOnce,
                ] {
                    let planned = planned_bytes(&geometry, rounding);
                    let packed = convolution(geometry, &weights, Epilogue::default(), rounding);
                    let bytes = packed.packed_len() * size_of::<f32>();
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
            let epilogue = epilogue(3, geometry.out_channels);
            let expected = expected(&geometry, &pixels, &weights, &epilogue);
            let direct = Direct::new(geometry, &weights, epilogue.clone());
            assert_eq!(output(&direct, &geometry, &pixels), expected);
            let gemm = ImplicitGemm::new(geometry, &weights, epilogue);
            assert_eq!(output(&gemm, &geometry, &pixels), expected);
        }
    }

    #[test]
    fn bands_inside_a_picture_have_the_bits_of_the_definition() {
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
            let epilogue = epilogue(3, geometry.out_channels);
            let expected = expected(&geometry, &pixels, &weights, &epilogue);
            let direct = Direct::new(geometry, &weights, epilogue);
            assert!(output(&direct, &geometry, &pixels) == expected, "{input:?}");
        }
    }

    proptest! {
        #[test]
        fn direct_and_implicit_gemm_have_the_bits_of_the_definition(
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
            let epilogue = epilogue(seed, geometry.out_channels);
            let expected = expected(&geometry, &pixels, &weights, &epilogue);
            let direct = Direct::new(geometry, &weights, epilogue.clone());
            prop_assert_eq!(&output(&direct, &geometry, &pixels), &expected);
            let gemm = ImplicitGemm::new(geometry, &weights, epilogue);
            prop_assert_eq!(&output(&gemm, &geometry, &pixels), &expected);
        }
    }
}
