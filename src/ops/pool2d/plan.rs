//! The plan of a pooling operator: where the windows lie, the divisors, and whether the fast path
//! applies.

use super::{Pool2dOptions, PoolKind};
use crate::compute::check_budget;
use crate::compute::pooling::{Divisors, Pooling, SmallWindow};
use crate::error::{Axis, Result, check_range};
use crate::math::real::Real;
use crate::window::Window;

/// The checked arguments, and what follows from them.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    pub(super) kind: PoolKind,
    pub(super) window: Window,
    pub(super) pooling: Pooling,
    fast: Option<SmallWindow>,
    input: [usize; 2],
    pub(super) output_shape: [usize; 4],
    /// The divisor of each window's sum; empty unless averages are computed.
    pub(super) divisors: Divisors,
}

impl Plan {
    /// Checks `options` for an input of `[n, c, in_h, in_w]`.
    ///
    /// # Errors
    /// As [`super::pool2d`].
    pub fn new(
        operator: &'static str,
        [n, c, in_h, in_w]: [usize; 4],
        options: &Pool2dOptions,
    ) -> Result<Self> {
        check_kind(operator, options.kind)?;
        let window = Window::new(
            operator,
            options.size,
            options.stride.unwrap_or(options.size),
            options.dilation,
            options.padding,
            [in_h, in_w],
        )?;
        let extent = |axis, input| {
            if options.ceil_mode {
                window.output_extent_ceil(operator, axis, input)
            } else {
                window.output_extent(operator, axis, input)
            }
        };
        let output = [extent(Axis::Height, in_h)?, extent(Axis::Width, in_w)?];
        let output_shape = [n, c, output[0], output[1]];
        // Output, indices, and three planes of f64: sums, scales and norms.
        let planes = [output[0], output[1], 6];
        check_budget(
            operator,
            &[&[n, c, in_h, in_w], &output_shape, &output_shape, &planes],
        )?;
        for (axis, in_extent) in [(Axis::Height, in_h), (Axis::Width, in_w)] {
            check_covers_input(operator, &window, axis, in_extent, output[axis as usize])?;
        }
        let input = [in_h, in_w];
        Ok(Plan {
            kind: options.kind,
            window,
            pooling: Pooling::new(window, input, output),
            fast: SmallWindow::new(window, input, output),
            input,
            output_shape,
            divisors: divisors(options.kind, &window, input, output),
        })
    }

    /// Number of scratch values that [`Plan::run`] needs.
    pub fn scratch_len(&self) -> usize {
        self.fast.as_ref().map_or(0, SmallWindow::scratch_len)
    }

    /// [`super::pool2d`] of `f32` without the indices, from `input` `[n, c, in_h, in_w]` to
    /// `output` `[n, c, out_h, out_w]`. Does not allocate, except for norms, for strides above 2,
    /// and for planes processed together with one that contains NaN.
    ///
    /// For windows of 2 x 2 and 3 x 3 pixels, sums are accumulated in `f32`: a mean of n pixels is
    /// off by at most n · ε / 2 times the mean of their magnitudes.
    pub fn run(&self, input: &[f32], output: &mut [f32], scratch: &mut [f32]) {
        match self.kind {
            PoolKind::Max => self.reduce(input, output, |fast, pixels, output| {
                fast.maxima(pixels, output, scratch)
            }),
            PoolKind::Average { .. } => self.reduce(input, output, |fast, pixels, output| {
                fast.means(pixels, &self.divisors, output, scratch)
            }),
            PoolKind::Lp { .. } => self.reduce(input, output, |_, _, _| false),
        }
    }

    /// Reduces several planes at a time with `fast`, if the window has a fast path, and recomputes
    /// those for which it returns that the result is invalid.
    fn reduce(
        &self,
        input: &[f32],
        output: &mut [f32],
        mut fast: impl FnMut(&SmallWindow, &[f32], &mut [f32]) -> bool,
    ) {
        let (in_len, out_len) = self.plane_lens();
        let inputs = input.chunks(PLANES_AT_ONCE * in_len);
        for (pixels, output) in inputs.zip(output.chunks_mut(PLANES_AT_ONCE * out_len)) {
            let planes = self.fast.as_ref();
            if planes.is_some_and(|planes| fast(planes, pixels, output)) {
                continue;
            }
            let planes = pixels.chunks_exact(in_len);
            for (pixels, output) in planes.zip(output.chunks_exact_mut(out_len)) {
                self.run_exact(pixels, output);
            }
        }
    }

    /// The maxima of one plane and their argmax.
    pub(super) fn maxima_and_argmax<F: Real>(
        &self,
        pixels: &[F],
        output: &mut [F],
        argmax: &mut [i32],
    ) {
        let is_done = match (
            &self.fast,
            F::as_f32_slice(pixels),
            F::as_f32_slice_mut(output),
        ) {
            (Some(fast), Some(pixels), Some(output)) => {
                fast.maxima_and_argmax(pixels, output, argmax)
            }
            _ => false,
        };
        if !is_done {
            self.pooling.maxima_and_argmax(pixels, output, argmax);
        }
    }

    /// Pools one plane; sums are accumulated in `f64`.
    pub(super) fn run_exact<F: Real>(&self, pixels: &[F], output: &mut [F]) {
        match self.kind {
            PoolKind::Max => self.pooling.maxima(pixels, output),
            PoolKind::Average { .. } => {
                let sums = self.pooling.sums(pixels).into_iter();
                write(
                    output,
                    sums.zip(self.divisors.products()).map(|(sum, by)| sum / by),
                );
            }
            PoolKind::Lp { p } => write(output, self.pooling.norms(pixels, p)),
        }
    }

    pub(super) fn planes(&self) -> usize {
        self.output_shape[0] * self.output_shape[1]
    }

    /// Number of values in an input plane and in an output plane.
    pub(super) fn plane_lens(&self) -> (usize, usize) {
        let [_, _, out_h, out_w] = self.output_shape;
        (self.input[0] * self.input[1], out_h * out_w)
    }
}

/// Number of planes per call of the fast path: they share the overhead of a call and, if one of
/// them contains NaN, the slow path.
const PLANES_AT_ONCE: usize = 16;

fn divisors(kind: PoolKind, window: &Window, input: [usize; 2], output: [usize; 2]) -> Divisors {
    let PoolKind::Average {
        count_include_pad,
        divisor_override,
    } = kind
    else {
        return Divisors::default();
    };
    if let Some(divisor) = divisor_override {
        let ones = std::iter::repeat_n(1, output[0]);
        return Divisors::new(ones, std::iter::repeat_n(divisor, output[1]));
    }
    let counts = |axis: Axis| {
        let extent = input[axis as usize];
        (0..output[axis as usize]).map(move |out_idx| {
            if count_include_pad {
                window.cells_inside_padding(axis, out_idx, extent)
            } else {
                window.cells_inside(axis, out_idx, extent).len()
            }
        })
    };
    Divisors::new(counts(Axis::Height), counts(Axis::Width))
}

fn check_kind(operator: &'static str, kind: PoolKind) -> Result<()> {
    match kind {
        PoolKind::Average {
            divisor_override: Some(divisor),
            ..
        } => {
            let range = [1.0, DIVISOR_LIMIT];
            check_range(operator, "divisorOverride", range, divisor as f64)
        }
        PoolKind::Lp { p } => check_range(operator, "p", [1.0, EXPONENT_LIMIT], p),
        PoolKind::Max | PoolKind::Average { .. } => Ok(()),
    }
}

/// Largest divisor: integers up to here are exact in `f32`.
const DIVISOR_LIMIT: f64 = (1 << 24) as f64;
/// Largest exponent of a norm; far below it, the norm already equals the maximum to all displayed
/// digits.
const EXPONENT_LIMIT: f64 = 1000.0;

/// Checks that every window covers a pixel of the input: otherwise it has no maximum and no mean.
pub(crate) fn check_covers_input(
    operator: &'static str,
    window: &Window,
    axis: Axis,
    input: usize,
    output: usize,
) -> Result<()> {
    let covers = |out_idx| !window.cells_inside(axis, out_idx, input).is_empty();
    // If no gap between cells is wider than the input, a window between two that cover pixels
    // covers some too.
    let all_cover = if window.dilation[axis as usize] <= input {
        covers(0) && covers(output - 1)
    } else {
        (0..output).all(covers)
    };
    if all_cover {
        return Ok(());
    }
    // A dilated window may straddle an input that is shorter than its gaps.
    let limit = if input >= window.dilation[axis as usize] {
        window.covered(axis) - 1
    } else {
        0
    };
    let got = window.padding.along(axis).into_iter().max().unwrap_or(0);
    check_range(operator, "padding", [0.0, limit as f64], got as f64)
}

pub(super) fn write<F: Real>(to: &mut [F], values: impl IntoIterator<Item = f64>) {
    for (to, value) in to.iter_mut().zip(values) {
        *to = F::of(value);
    }
}

#[cfg(test)]
mod tests {
    use super::super::{pool2d, pool2d_naive};
    use super::*;
    use crate::window::{Padding, Sides};
    use ndarray::{Array4, ArrayView4};
    use proptest::prelude::*;

    /// `Plan::run` and the naive reference, on planes of `extents`.
    fn run_and_naive(
        values: &[f32],
        extents: [usize; 2],
        options: &Pool2dOptions,
    ) -> [Vec<f32>; 2] {
        let [in_h, in_w] = extents;
        let shape = [1, values.len() / (in_h * in_w), in_h, in_w];
        let input = Array4::from_shape_vec(shape, values.to_vec()).unwrap();
        let naive = pool2d_naive(input.view(), options).unwrap().output;
        let naive = naive.into_raw_vec_and_offset().0;
        let plan = Plan::new("test", shape, options).unwrap();
        let mut output = vec![f32::NAN; naive.len()];
        plan.run(values, &mut output, &mut vec![0.5; plan.scratch_len()]);
        [output, naive]
    }

    fn seeded(seed: u64, len: usize) -> Vec<f32> {
        let mut rng = crate::data::rng::Rng::new(seed);
        (0..len).map(|_| rng.normal() as f32).collect()
    }

    fn bits(values: &[f32]) -> Vec<u32> {
        values.iter().map(|value| value.to_bits()).collect()
    }

    proptest! {
        #[test]
        fn without_indices_maxima_are_the_same_and_means_agree_up_to_rounding(
            planes in prop_oneof![4 => 1..4_usize, 1 => PLANES_AT_ONCE..PLANES_AT_ONCE + 3],
            in_h in 3..10_usize,
            in_w in prop_oneof![4 => 3..40_usize, 1 => 96..120_usize],
            size in 1..4_usize,
            stride in prop::array::uniform2(1..4_usize),
            [top, left, bottom, right] in prop::array::uniform4(0..3_usize),
            ceil_mode: bool,
            count_include_pad: bool,
            nan in prop::option::of(any::<prop::sample::Index>()),
            seed in any::<u32>(),
        ) {
            let [top, left, bottom, right] = [top, left, bottom, right].map(|side| side.min(size - 1));
            let sides = Sides { top, left, bottom, right };
            let options = |kind| Pool2dOptions {
                kind,
                size: [size; 2],
                stride: Some(stride),
                padding: Padding::Explicit(sides),
                ceil_mode,
                ..Default::default()
            };
            let extents = [in_h, in_w];
            let mut values = seeded(seed.into(), planes * in_h * in_w);
            let average = PoolKind::Average { count_include_pad, divisor_override: None };
            let [means, naive] = run_and_naive(&values, extents, &options(average));
            let magnitudes = values.iter().map(|value| value.abs()).collect::<Vec<_>>();
            let [_, magnitudes] = run_and_naive(&magnitudes, extents, &options(average));
            // One rounding per addition, one for the division, and one in the reference.
            let roundings = (size * size + 1) as f32 * f32::EPSILON / 2.0;
            for ((mean, naive), magnitude) in means.iter().zip(naive).zip(magnitudes) {
                prop_assert!((mean - naive).abs() <= roundings * magnitude);
            }
            if let Some(nan) = nan {
                let nan_idx = nan.index(values.len());
                values[nan_idx] = f32::NAN;
            }
            let [maxima, naive] = run_and_naive(&values, extents, &options(PoolKind::Max));
            prop_assert_eq!(bits(&maxima), bits(&naive));
            let input = Array4::from_shape_vec([1, planes, in_h, in_w], values).unwrap();
            let [pooled, naive] = [pool2d, pool2d_naive]
                .map(|pool| pool(input.view(), &options(PoolKind::Max)).unwrap());
            prop_assert_eq!(pooled.indices, naive.indices);
        }
    }

    #[test]
    #[cfg_attr(miri, ignore = "takes hours there")]
    fn no_pixel_is_overlooked_and_sums_do_not_overflow() {
        for (size, stride, padding) in [
            (2, 1, 0),
            (2, 2, 0),
            (3, 1, 0),
            (3, 2, 0),
            (2, 1, 1),
            (2, 2, 1),
            (3, 1, 1),
            (3, 2, 1),
        ] {
            let options = |kind| Pool2dOptions {
                kind,
                size: [size; 2],
                stride: Some([stride; 2]),
                padding: Padding::Explicit(Sides::all(padding)),
                ..Default::default()
            };
            // Wide rows have a separate code path for adjacent windows of 2 x 2 pixels.
            let wide = ([size, stride] == [2; 2] && padding == 0).then_some(104);
            for in_w in [5, 8, 9, 11, 14, 16].into_iter().chain(wide) {
                let extents = [5, in_w];
                for odd_idx in 0..5 * in_w {
                    let mut values = seeded(odd_idx as u64, 5 * in_w);
                    for odd in [100.0, f32::NAN] {
                        values[odd_idx] = odd;
                        let [maxima, naive] =
                            run_and_naive(&values, extents, &options(PoolKind::Max));
                        assert_eq!(
                            bits(&maxima),
                            bits(&naive),
                            "{size} {stride} {padding} {in_w}"
                        );
                        let input = ArrayView4::from_shape([1, 1, 5, in_w], &values).unwrap();
                        let [pooled, naive] = [pool2d, pool2d_naive]
                            .map(|pool| pool(input, &options(PoolKind::Max)).unwrap());
                        assert_eq!(pooled.indices, naive.indices, "{size} {stride} {in_w}");
                    }
                }
                let average = PoolKind::Average {
                    count_include_pad: false,
                    divisor_override: None,
                };
                let huge = vec![f32::MAX; 5 * in_w];
                let [means, _] = run_and_naive(&huge, extents, &options(average));
                assert!(means.iter().all(|mean| *mean == f32::MAX));
                let mixed = [f32::INFINITY, f32::NEG_INFINITY].repeat(5 * in_w);
                let [maxima, naive] = run_and_naive(&mixed, [5, 2 * in_w], &options(PoolKind::Max));
                assert_eq!(maxima, naive);
            }
        }
    }

    #[test]
    fn padding_is_refused_exactly_if_a_window_covers_no_pixel() {
        for digits in 0..4_usize.pow(6) {
            let digit = |idx: u32| digits / 4_usize.pow(idx) % 4;
            let window = Window {
                kernel: [1 + digit(0), 1],
                stride: [1 + digit(1), 1],
                dilation: [1 + digit(2), 1],
                padding: Sides {
                    top: 2 * digit(3),
                    bottom: 2 * digit(4),
                    ..Sides::default()
                },
            };
            let input = 1 + digit(5);
            let Ok(output) = window.output_extent("test", Axis::Height, input) else {
                continue;
            };
            let covers = |position| {
                !window
                    .cells_inside(Axis::Height, position, input)
                    .is_empty()
            };
            let accepted = check_covers_input("test", &window, Axis::Height, input, output);
            assert_eq!(
                accepted.is_ok(),
                (0..output).all(covers),
                "{window:?} {input}"
            );
        }
    }
}
