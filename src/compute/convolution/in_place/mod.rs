//! 3x3 kernels over single planes that are read in place: for a small plane, a padded copy would
//! take longer than the sums.
//!
//! Four columns are computed at a time. At the left and right edges a zero is shifted in for the
//! column outside, and above and below the plane a row of zeros is read. So each sum has all terms
//! of the definition.

mod plane;

use crate::compute::convolution::Geometry;
use crate::compute::gemm::Epilogue;
use crate::compute::layout::area;
use crate::compute::simd::{F32x4, fill};
use plane::Plane;

/// Columns that are computed at a time.
const LANES: usize = 4;
/// Outputs at least this wide are filled row by row. Filling column strips from top to bottom reads
/// each input row only once and needs fewer registers, but at this width the strides are too long
/// for the caches.
const WIDE: usize = 128;

/// Planes whose windows extend at most one row and one column past them.
#[derive(Clone, Copy, Debug)]
pub(super) struct InPlace {
    geometry: Geometry,
    /// Whether the last window extends past the last row, and past the last column.
    overhang: [bool; 2],
}

impl InPlace {
    /// `None` if planes of these extents must be, or are better, read from a copy.
    pub fn new(geometry: &Geometry) -> Option<Self> {
        let Geometry {
            input,
            output,
            stride,
            padding,
            ..
        } = *geometry;
        let is_single = geometry.group_in() == 1 && geometry.kernel == [3, 3];
        let is_near = geometry.dilation == [1, 1] && padding.top <= 1 && padding.left <= 1;
        let is_dense = stride == [1, 1] || (stride == [2, 2] && output[1] < WIDE);
        // Four columns touch at most one edge, as the first four are not the last.
        if !is_single || !is_near || !is_dense || output[0] == 0 || output[1] <= LANES {
            return None;
        }
        let before = [padding.top, padding.left];
        let overhang = [0, 1].map(|axis| {
            let end = (output[axis] - 1) * stride[axis] + 3;
            end.saturating_sub(before[axis] + input[axis])
        });
        overhang
            .iter()
            .all(|&extent| extent <= 1)
            .then_some(InPlace {
                geometry: *geometry,
                overhang: overhang.map(|extent| extent == 1),
            })
    }

    /// Number of scratch values: a row of zeros.
    pub fn scratch_len(&self) -> usize {
        self.geometry.input[1]
    }

    /// Computes the planes of `output`, one for every nine `weights`; `scratch` may contain
    /// anything before the call.
    pub fn run(
        &self,
        weights: &[f32],
        epilogue: &Epilogue,
        input: &[f32],
        output: &mut [f32],
        scratch: &mut [f32],
    ) {
        let geometry = &self.geometry;
        let zeros = &mut scratch[..self.scratch_len()];
        // Hides the zero from the compiler, which would otherwise call `memset` even for a short
        // row.
        fill(zeros, std::hint::black_box(0.0));
        let bounds = epilogue.clamp.unwrap_or([f32::NEG_INFINITY, f32::INFINITY]);
        let (kernels, _) = weights.as_chunks::<9>();
        let inputs = input.chunks_exact(area(geometry.input));
        let of_input = geometry.group_out().max(1) * area(geometry.output);
        let mut channels = kernels.iter().enumerate();
        for (values, outputs) in inputs.zip(output.chunks_exact_mut(of_input)) {
            let outputs = outputs.chunks_exact_mut(area(geometry.output));
            for (output, (channel, kernel)) in outputs.zip(&mut channels) {
                // A sum of the definition starts from 0, so it is never -0.
                let bias = epilogue.bias.get(channel).map_or(0.0, |bias| *bias + 0.0);
                let plane = Plane {
                    layout: self,
                    values,
                    zeros,
                    weights: kernel.each_ref().map(F32x4::splat),
                    epilogue: [bias, bounds[0], bounds[1]].map(F32x4::constant),
                };
                match (
                    geometry.stride,
                    geometry.output[1],
                    epilogue.clamp.is_some(),
                ) {
                    ([2, 2], _, true) => plane.follow_columns::<2, true>(output),
                    ([2, 2], _, false) => plane.follow_columns::<2, false>(output),
                    (_, WIDE.., true) => plane.follow_rows::<true>(output),
                    (_, WIDE.., false) => plane.follow_rows::<false>(output),
                    (_, _, true) => plane.follow_columns::<1, true>(output),
                    (_, _, false) => plane.follow_columns::<1, false>(output),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::compute::convolution::direct::Direct;
    use crate::compute::convolution::testing::{geometry, values};
    use crate::compute::convolution::tests::{epilogue, expected, output};
    use crate::window::Sides;
    use proptest::prelude::*;

    /// The bits, with one pattern for all NaNs.
    fn bits(values: &[f32]) -> Vec<u32> {
        let bits = |value: &f32| {
            if value.is_nan() {
                u32::MAX
            } else {
                value.to_bits()
            }
        };
        values.iter().map(bits).collect()
    }

    fn convolve(
        geometry: &Geometry,
        pixels: &[f32],
        weights: &[f32],
        epilogue: Epilogue,
    ) -> Vec<f32> {
        let direct = Direct::new(*geometry, weights, epilogue);
        output(&direct, geometry, pixels)
    }

    fn single_planes(input: [usize; 2], stride: usize, padding: Sides) -> Option<Geometry> {
        geometry([2, 1, 1], input, [3, 3], [[stride; 2], [1, 1]], padding)
    }

    proptest! {
        #[test]
        fn planes_read_in_place_have_the_bits_of_the_definition(
            [groups, group_out] in [1..4_usize, 1..3],
            in_h in 1..20_usize,
            in_w in prop_oneof![3..24_usize, WIDE - 3..WIDE + 6],
            stride in 1..3_usize,
            [top, left, bottom, right] in [0..2_usize, 0..2, 0..2, 0..2],
            planted in prop::array::uniform4((any::<usize>(), 0..6_usize)),
            seed in any::<u32>(),
        ) {
            let padding = Sides { top, left, bottom, right };
            let (channels, steps) = ([groups, 1, group_out], [[stride; 2], [1, 1]]);
            let Some(geometry) = geometry(channels, [in_h, in_w], [3, 3], steps, padding) else {
                return Ok(());
            };
            let out_w = geometry.output[1];
            let is_in_place = out_w > LANES && (stride == 1 || out_w < WIDE);
            prop_assert_eq!(InPlace::new(&geometry).is_some(), is_in_place);

            let seed = u64::from(seed);
            let mut pixels = values(seed, groups * in_h * in_w);
            for (idx, special) in planted {
                let idx = idx % pixels.len();
                let specials = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0, -0.0];
                pixels[idx] = specials.get(special).copied().unwrap_or(pixels[idx]);
            }
            let mut weights = values(seed + 1, groups * group_out * 9);
            if planted[0].1 == 5 {
                weights[seed as usize % 9] = f32::INFINITY;
            }
            let epilogue = epilogue(seed, geometry.out_channels);
            let expected = expected(&geometry, &pixels, &weights, &epilogue);
            let got = convolve(&geometry, &pixels, &weights, epilogue);
            prop_assert_eq!(bits(&got), bits(&expected));
        }
    }

    #[test]
    fn a_nan_pixel_spoils_only_the_windows_that_see_it() {
        let weights = values(2, 18);
        for (stride, width) in [(1, 7), (1, WIDE + 1), (2, 13), (2, 14)] {
            let geometry = single_planes([4, width], stride, Sides::all(1)).unwrap();
            let clean = values(1, 2 * 4 * width);
            for nan_idx in [0, width - 1, width, 4 * width - 1] {
                let mut pixels = clean.clone();
                pixels[nan_idx] = f32::NAN;
                let got = convolve(&geometry, &pixels, &weights, epilogue(3, 2));
                let (seeing, others) = got.split_at(area(geometry.output));
                assert!(others.iter().all(|value| value.is_finite()));
                let (row, col) = (nan_idx / width + 1, nan_idx % width + 1);
                for (idx, value) in seeing.iter().enumerate() {
                    let [_, out_w] = geometry.output;
                    let [first_row, first_col] = [idx / out_w * stride, idx % out_w * stride];
                    let sees = (first_row..first_row + 3).contains(&row)
                        && (first_col..first_col + 3).contains(&col);
                    assert_eq!(value.is_nan(), sees, "{stride} {width} {nan_idx} {idx}");
                }
            }
        }
    }

    #[test]
    fn a_sum_of_negative_zeros_is_zero() {
        for (stride, width) in [(1, 9), (1, WIDE), (2, 11)] {
            for padding in [Sides::all(0), Sides::all(1)] {
                let geometry = single_planes([3, width], stride, padding).unwrap();
                let pixels = vec![0.0; 2 * 3 * width];
                for bias in [vec![], vec![-0.0; 2]] {
                    let epilogue = Epilogue { bias, clamp: None };
                    let got = convolve(&geometry, &pixels, &[-1.0; 18], epilogue);
                    assert!(got.iter().all(|value| value.to_bits() == 0), "{geometry:?}");
                }
            }
        }
    }
}
