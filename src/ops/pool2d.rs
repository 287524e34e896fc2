//! Pooling: each output summarises the input pixels under a window by their maximum, their mean or
//! their p-norm.

use ndarray::{Array4, ArrayView4};

use crate::compute::check_budget;
use crate::compute::layout::{block, row_major, shaped};
use crate::compute::pooling::{Divisors, Planes, Pooling};
use crate::compute::same::{same, same_mut};
use crate::error::{Axis, Result};
use crate::ops::shape::{check_range, check_shape};
use crate::real::Real;
use crate::window::{Padding, Window};

const OPERATOR: &str = "pool2d";

/// How a window's pixels become one value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum PoolKind {
    /// The largest pixel. Padding is never chosen; NaN is, as in PyTorch.
    #[default]
    Max,
    /// The mean.
    Average {
        /// Whether padding counts as pixels of value 0 or not at all. PyTorch and Caffe count it
        /// unless told otherwise, ONNX and TensorFlow do not. Cells beyond the padding, where a
        /// window hangs over under `ceil_mode`, never count.
        count_include_pad: bool,
        /// Divides every sum by this instead of the number of pixels.
        divisor_override: Option<usize>,
    },
    /// The p-norm (Σ|x|ᵖ)^(1/p), as in ONNX. PyTorch leaves out the absolute value, so that it
    /// differs for odd `p` and negative pixels.
    Lp {
        /// The exponent, from 1 (sum of magnitudes) over 2 (Euclidean norm) towards the maximum.
        p: f64,
    },
}

impl PoolKind {
    /// The mean with PyTorch's defaults.
    pub const AVERAGE: PoolKind = PoolKind::Average {
        count_include_pad: true,
        divisor_override: None,
    };
}

/// How the window slides over the input. The default is the largest of 2 x 2 pixels, side by side.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pool2dOptions {
    /// How a window's pixels become one value.
    pub kind: PoolKind,
    /// Extents of the window `[rows, columns]`.
    pub size: [usize; 2],
    /// Step between neighbouring outputs `[rows, columns]`; as `size` if `None`.
    pub stride: Option<[usize; 2]>,
    /// How much padding surrounds the input.
    pub padding: Padding,
    /// Distance between neighbouring pixels of the window `[rows, columns]`.
    pub dilation: [usize; 2],
    /// Rounds the output extents up, see [`Window::output_extent_ceil`].
    pub ceil_mode: bool,
}

impl Default for Pool2dOptions {
    fn default() -> Self {
        Pool2dOptions {
            kind: PoolKind::Max,
            size: [2, 2],
            stride: None,
            padding: Padding::Valid,
            dilation: [1, 1],
            ceil_mode: false,
        }
    }
}

/// A pooled feature map.
#[derive(Clone, Debug, PartialEq)]
pub struct Pooled<F> {
    /// `[n, c, out_h, out_w]`
    pub output: Array4<F>,
    /// For maxima, where each was found: row · in_w + column in its input channel, the first of
    /// equals. PyTorch counts so too; ONNX counts through the whole batch.
    pub indices: Option<Array4<i32>>,
}

/// Summarises the pixels of each channel of `input` under a sliding window.
///
/// Sums are accumulated in `f64`.
///
/// # Shapes
/// `input` `[n, c, in_h, in_w]`; returns `[n, c, out_h, out_w]`, extents from
/// [`Window::output_extent`] or [`Window::output_extent_ceil`].
///
/// # Errors
/// [`crate::error::Error::WindowTooLarge`] if the window does not fit; [`crate::error::Error::OutOfRange`] if padding is so large
/// that a window would see no pixel of the input, and for a bad divisor or exponent;
/// [`crate::error::Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Options as in PyTorch's `max_pool2d` and `avg_pool2d`; dilation for every kind and padding per side
/// as in ONNX's `MaxPool`, `AveragePool` and `LpPool` (operator set 22).
pub fn pool2d<F: Real>(input: ArrayView4<F>, options: &Pool2dOptions) -> Result<Pooled<F>> {
    let plan = Plan::new(OPERATOR, input.dim().into(), options)?;
    let input = row_major(input);
    let (in_len, out_len) = plan.plane_lens();
    let mut output = vec![F::zero(); plan.planes() * out_len];
    let mut indices = None;
    if plan.kind == PoolKind::Max {
        let places = indices.insert(vec![-1; output.len()]);
        for idx in 0..plan.planes() {
            let output = &mut output[block(idx, out_len)];
            let places = &mut places[block(idx, out_len)];
            plan.maxima(&input[block(idx, in_len)], output, places);
        }
    } else {
        for idx in 0..plan.planes() {
            plan.exactly(&input[block(idx, in_len)], &mut output[block(idx, out_len)]);
        }
    }
    Ok(Pooled {
        output: shaped(plan.output_shape, output),
        indices: indices.map(|indices| shaped(plan.output_shape, indices)),
    })
}

/// [`pool2d`] by its definition, one output value after the other: slow, plain, and the reference
/// that the fast path is tested against.
///
/// # Errors
/// As [`pool2d`].
pub fn pool2d_naive<F: Real>(input: ArrayView4<F>, options: &Pool2dOptions) -> Result<Pooled<F>> {
    let plan = Plan::new(OPERATOR, input.dim().into(), options)?;
    let (_, _, in_h, in_w) = input.dim();
    let window = plan.window;
    let places = |axis: Axis, out_idx: usize, in_extent: usize| {
        let [before, after] = window.padding.along(axis);
        (0..window.kernel[axis as usize])
            .map(|cell| {
                out_idx * window.stride[axis as usize] + cell * window.dilation[axis as usize]
            })
            .filter(|place| *place < before + in_extent + after)
            .map(|place| place.checked_sub(before).filter(|idx| *idx < in_extent))
            .collect::<Vec<_>>()
    };
    let summarise = |(n_idx, c_idx, out_row, out_col)| {
        let rows = places(Axis::Height, out_row, in_h);
        let cols = places(Axis::Width, out_col, in_w);
        let pixels = rows
            .iter()
            .flatten()
            .flat_map(|&row| cols.iter().flatten().map(move |&col| (row, col)))
            .map(|(row, col)| (input[[n_idx, c_idx, row, col]], row * in_w + col))
            .collect::<Vec<_>>();
        let values = pixels.iter().map(|(value, _)| value.wide());
        match options.kind {
            PoolKind::Max => {
                let mut best = pixels[0];
                for &(value, idx) in &pixels[1..] {
                    if value > best.0 || value.is_nan() {
                        best = (value, idx);
                    }
                }
                (best.0, best.1 as i32)
            }
            PoolKind::Average {
                count_include_pad,
                divisor_override,
            } => {
                let count = if count_include_pad {
                    rows.len() * cols.len()
                } else {
                    pixels.len()
                };
                let divisor = divisor_override.unwrap_or(count);
                (F::of(values.sum::<f64>() / divisor as f64), -1)
            }
            PoolKind::Lp { p } => {
                let sum = values.map(|value| value.abs().powf(p)).sum::<f64>();
                (F::of(sum.powf(1.0 / p)), -1)
            }
        }
    };
    let indices = (options.kind == PoolKind::Max)
        .then(|| Array4::from_shape_fn(plan.output_shape, |place| summarise(place).1));
    Ok(Pooled {
        output: Array4::from_shape_fn(plan.output_shape, |place| summarise(place).0),
        indices,
    })
}

/// Gradient of a loss with respect to the input of [`pool2d`], from `d_output`, its gradient with
/// respect to the output.
///
/// A maximum passes its gradient to the pixel it chose, a mean in equal parts to all pixels, and a
/// norm y in parts of sign(x) · (|x| / y)ᵖ⁻¹; at y = 0 that is taken as 0.
///
/// # Shapes
/// `input` as in [`pool2d`], `d_output` as its output; returns the shape of `input`.
///
/// # Errors
/// As [`pool2d`], and [`crate::error::Error::ShapeMismatch`] if `d_output` is not shaped like the output.
pub fn pool2d_backward<F: Real>(
    input: ArrayView4<F>,
    d_output: ArrayView4<F>,
    options: &Pool2dOptions,
) -> Result<Array4<F>> {
    let operator = "pool2dBackward";
    let plan = Plan::new(operator, input.dim().into(), options)?;
    check_shape(operator, "dOutput", &plan.output_shape, d_output.shape())?;
    let (input_values, d_values) = (row_major(input), row_major(d_output));
    let (in_len, out_len) = plan.plane_lens();
    let mut shares = vec![F::zero(); out_len];
    let mut places = vec![-1; out_len];
    let mut d_input = vec![F::zero(); input.len()];
    for idx in 0..plan.planes() {
        let pixels = &input_values[block(idx, in_len)];
        let d_output = &d_values[block(idx, out_len)];
        let d_pixels = &mut d_input[block(idx, in_len)];
        match plan.kind {
            PoolKind::Max => {
                plan.maxima(pixels, &mut shares, &mut places);
                for (&d_value, &place) in d_output.iter().zip(&places) {
                    d_pixels[place as usize] += d_value;
                }
            }
            PoolKind::Average { .. } => {
                let parts = d_output.iter().zip(plan.divisors.products());
                write(&mut shares, parts.map(|(value, by)| value.wide() / by));
                plan.pooling.spread(&shares, d_pixels);
            }
            PoolKind::Lp { p } => plan.pooling.norms_back(pixels, d_output, d_pixels, p),
        }
    }
    Ok(shaped(input.dim().into(), d_input))
}

/// Arguments that fit together, and what follows from them.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    kind: PoolKind,
    window: Window,
    pooling: Pooling,
    fast: Option<Planes>,
    input: [usize; 2],
    output_shape: [usize; 4],
    /// What the sum of each window is divided by; empty for other kinds than the mean.
    divisors: Divisors,
}

impl Plan {
    /// Checks `options` for an input of `[n, c, in_h, in_w]`.
    ///
    /// # Errors
    /// As [`pool2d`].
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
            check_sees_input(operator, &window, axis, in_extent, output[axis as usize])?;
        }
        let input = [in_h, in_w];
        Ok(Plan {
            kind: options.kind,
            window,
            pooling: Pooling::new(window, input, output),
            fast: Planes::new(window, input, output),
            input,
            output_shape,
            divisors: divisors(options.kind, &window, input, output),
        })
    }

    /// Values of scratch space that [`Plan::run`] needs.
    pub fn scratch_len(&self) -> usize {
        self.fast.as_ref().map_or(0, Planes::scratch_len)
    }

    /// [`pool2d`] of `f32` without the indices: `input` `[n, c, in_h, in_w]` to `output`
    /// `[n, c, out_h, out_w]`. Does not allocate, but for norms, strides above 2, and planes beside
    /// one with NaN.
    ///
    /// Under windows of 2 x 2 and 3 x 3 pixels sums are accumulated in `f32`: a mean of n pixels is off
    /// by at most n · ε / 2 times the mean of their magnitudes.
    pub fn run(&self, input: &[f32], output: &mut [f32], scratch: &mut [f32]) {
        match self.kind {
            PoolKind::Max => self.summarise(input, output, |fast, pixels, output| {
                fast.maxima(pixels, output, scratch)
            }),
            PoolKind::Average { .. } => self.summarise(input, output, |fast, pixels, output| {
                fast.means(pixels, &self.divisors, output, scratch)
            }),
            PoolKind::Lp { .. } => self.summarise(input, output, |_, _, _| false),
        }
    }

    /// Has some planes at a time summarised by `fast`, if there is such a way for the window, and does
    /// those again of which it says that this failed.
    fn summarise(
        &self,
        input: &[f32],
        output: &mut [f32],
        mut fast: impl FnMut(&Planes, &[f32], &mut [f32]) -> bool,
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
                self.exactly(pixels, output);
            }
        }
    }

    /// The maxima of one plane and their places.
    fn maxima<F: Real>(&self, pixels: &[F], output: &mut [F], places: &mut [i32]) {
        let is_done = match (&self.fast, same(pixels), same_mut(output)) {
            (Some(fast), Some(pixels), Some(output)) => fast.places(pixels, output, places),
            _ => false,
        };
        if !is_done {
            self.pooling.maxima(pixels, output, places);
        }
    }

    /// Summarises one plane; sums in `f64`.
    fn exactly<F: Real>(&self, pixels: &[F], output: &mut [F]) {
        match self.kind {
            PoolKind::Max => self.pooling.largest(pixels, output),
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

    fn planes(&self) -> usize {
        self.output_shape[0] * self.output_shape[1]
    }

    /// Values of an input plane and of an output plane.
    fn plane_lens(&self) -> (usize, usize) {
        let [_, _, out_h, out_w] = self.output_shape;
        (self.input[0] * self.input[1], out_h * out_w)
    }
}

/// Planes that share what a call costs and, if one of them has NaN, the slow way.
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

/// Largest divisor: whole numbers up to here are exact in `f32`.
const DIVISOR_LIMIT: f64 = (1 << 24) as f64;
/// Largest exponent of a norm; far below it the norm is the maximum to all digits shown.
const EXPONENT_LIMIT: f64 = 1000.0;

/// Refuses padding under which a window would see no pixel: no maximum, no mean.
pub(crate) fn check_sees_input(
    operator: &'static str,
    window: &Window,
    axis: Axis,
    input: usize,
    output: usize,
) -> Result<()> {
    let sees = |out_idx| !window.cells_inside(axis, out_idx, input).is_empty();
    // Where no gap is wider than the input, a window between two that see pixels sees some too.
    let all_see = if window.dilation[axis as usize] <= input {
        sees(0) && sees(output - 1)
    } else {
        (0..output).all(sees)
    };
    if all_see {
        return Ok(());
    }
    // A dilated window may even step over an input shorter than its gaps.
    let limit = if input >= window.dilation[axis as usize] {
        window.covered(axis) - 1
    } else {
        0
    };
    let got = window.padding.along(axis).into_iter().max().unwrap_or(0);
    check_range(operator, "padding", [0.0, limit as f64], got as f64)
}

fn write<F: Real>(to: &mut [F], values: impl IntoIterator<Item = f64>) {
    for (to, value) in to.iter_mut().zip(values) {
        *to = F::of(value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use crate::window::Sides;
    use ndarray::array;
    use proptest::prelude::*;

    fn picture() -> Array4<f32> {
        array![[[[1., 5., 2.], [4., 3., 9.], [-7., 8., 6.]]]]
    }

    fn values(options: Pool2dOptions) -> Vec<f32> {
        let pooled = pool2d(picture().view(), &options).unwrap();
        pooled.output.into_raw_vec_and_offset().0
    }

    fn steps_of_one(kind: PoolKind) -> Pool2dOptions {
        Pool2dOptions {
            kind,
            stride: Some([1, 1]),
            ..Default::default()
        }
    }

    #[test]
    fn each_kind_summarises_a_window() {
        assert_eq!(values(steps_of_one(PoolKind::Max)), [5., 9., 8., 9.]);
        assert_eq!(
            values(steps_of_one(PoolKind::AVERAGE)),
            [3.25, 4.75, 2., 6.5]
        );
        assert_eq!(
            values(steps_of_one(PoolKind::Lp { p: 1.0 })),
            [13., 19., 22., 26.]
        );
        let squares = values(steps_of_one(PoolKind::Lp { p: 2.0 }));
        assert_eq!(squares[0], 51.0_f32.sqrt());
    }

    #[test]
    fn maxima_say_where_they_were_found() {
        let pooled = pool2d(picture().view(), &steps_of_one(PoolKind::Max)).unwrap();
        assert_eq!(pooled.indices.unwrap(), array![[[[1, 5], [7, 5]]]]);
        let d_input = pool2d_backward(
            picture().view(),
            array![[[[1., 10.], [100., 1000.]]]].view(),
            &steps_of_one(PoolKind::Max),
        );
        let expected = array![[[[0., 1., 0.], [0., 0., 1010.], [0., 100., 0.]]]];
        assert_eq!(d_input.unwrap(), expected);
    }

    #[test]
    fn the_first_of_equal_maxima_is_chosen_and_padding_never() {
        let options = Pool2dOptions {
            size: [3, 3],
            padding: Padding::Explicit(Sides::all(1)),
            ..Default::default()
        };
        let pooled = pool2d(Array4::from_elem((1, 1, 2, 2), -3.0).view(), &options).unwrap();
        assert_eq!(pooled.output, array![[[[-3.0]]]]);
        assert_eq!(pooled.indices.unwrap(), array![[[[0]]]]);
    }

    #[test]
    fn nan_and_infinity_pass_through() {
        let input = array![[[[1.0, f32::NAN, f32::NEG_INFINITY, f32::NEG_INFINITY]]]];
        let options = |kind| Pool2dOptions {
            kind,
            size: [1, 2],
            ..Default::default()
        };
        let pooled = pool2d(input.view(), &options(PoolKind::Max)).unwrap();
        assert!(pooled.output[[0, 0, 0, 0]].is_nan());
        assert_eq!(pooled.output[[0, 0, 0, 1]], f32::NEG_INFINITY);
        assert_eq!(pooled.indices.unwrap(), array![[[[1, 2]]]]);
        let norms = pool2d(input.view(), &options(PoolKind::Lp { p: 3.0 })).unwrap();
        assert!(norms.output[[0, 0, 0, 0]].is_nan());
        assert_eq!(norms.output[[0, 0, 0, 1]], f32::INFINITY);
    }

    #[test]
    fn a_high_norm_neither_overflows_nor_vanishes() {
        let options = Pool2dOptions {
            kind: PoolKind::Lp { p: 1000.0 },
            size: [1, 2],
            ..Default::default()
        };
        let input = array![[[[1e30_f32, 2e30, 1e-30, 2e-30, 0.0, 0.0]]]];
        let pooled = pool2d(input.view(), &options).unwrap();
        assert_eq!(pooled.output, array![[[[2e30, 2e-30, 0.0]]]]);
        let ones = Array4::ones((1, 1, 1, 3));
        let d_input = pool2d_backward(input.view(), ones.view(), &options).unwrap();
        assert_eq!(d_input, array![[[[0., 1., 0., 1., 0., 0.]]]]);
    }

    #[test]
    fn a_window_over_the_edge_counts_only_what_it_may() {
        let average = |count_include_pad, divisor_override| Pool2dOptions {
            kind: PoolKind::Average {
                count_include_pad,
                divisor_override,
            },
            size: [1, 2],
            padding: Padding::Explicit(Sides {
                left: 1,
                ..Sides::default()
            }),
            ceil_mode: true,
            ..Default::default()
        };
        let input = array![[[[6., 2., 4., 8.]]]];
        let run = |options| pool2d(input.view(), &options).unwrap().output;
        assert_eq!(run(average(true, None)), array![[[[3., 3., 8.]]]]);
        assert_eq!(run(average(false, None)), array![[[[6., 3., 8.]]]]);
        assert_eq!(run(average(true, Some(4))), array![[[[1.5, 1.5, 2.]]]]);
    }

    #[test]
    fn hostile_options_are_refused() {
        let refused = |options: Pool2dOptions| pool2d(picture().view(), &options).unwrap_err();
        let default = Pool2dOptions::default;
        assert!(matches!(
            refused(Pool2dOptions {
                size: [4, 1],
                ..default()
            }),
            Error::WindowTooLarge { .. }
        ));
        for (size, stride) in [([0, 1], None), ([1, 1], Some([0, 1])), ([1 << 21, 1], None)] {
            let options = Pool2dOptions {
                size,
                stride,
                ..default()
            };
            assert!(matches!(refused(options), Error::OutOfRange { .. }));
        }
        for kind in [
            PoolKind::Lp { p: f64::NAN },
            PoolKind::Lp { p: 0.5 },
            PoolKind::Lp { p: f64::INFINITY },
            PoolKind::Average {
                count_include_pad: true,
                divisor_override: Some(0),
            },
        ] {
            let options = Pool2dOptions { kind, ..default() };
            assert!(matches!(refused(options), Error::OutOfRange { .. }));
        }
        assert!(matches!(
            refused(Pool2dOptions {
                padding: Padding::Explicit(Sides::all(2)),
                ..default()
            }),
            Error::OutOfRange {
                argument: "padding",
                max: 1.0,
                got: 2.0,
                ..
            }
        ));
        assert!(matches!(
            refused(Pool2dOptions {
                size: [1 << 19; 2],
                stride: Some([1, 1]),
                padding: Padding::Full,
                ..default()
            }),
            Error::TooLarge { .. }
        ));
        // A huge window is walked only where it meets the input.
        let whole = pool2d(
            picture().view(),
            &Pool2dOptions {
                size: [1 << 20; 2],
                padding: Padding::Explicit(Sides::all((1 << 20) - 3)),
                ..default()
            },
        );
        assert_eq!(whole.unwrap().output, array![[[[9.0]]]]);
        let empty = Array4::<f32>::zeros((1, 1, 0, 3));
        assert!(pool2d(empty.view(), &default()).is_err());
        let none = Array4::<f32>::zeros((0, 1, 4, 4));
        assert_eq!(
            pool2d(none.view(), &default()).unwrap().output.dim(),
            (0, 1, 2, 2)
        );
    }

    fn kinds() -> impl Strategy<Value = PoolKind> {
        prop_oneof![
            Just(PoolKind::Max),
            (any::<bool>(), prop::option::of(1..9_usize)).prop_map(
                |(count_include_pad, divisor_override)| PoolKind::Average {
                    count_include_pad,
                    divisor_override
                }
            ),
            Just(PoolKind::Lp { p: 1.0 }),
        ]
    }

    proptest! {
        /// On whole numbers, whose sums are exact in any order.
        #[test]
        fn the_fast_path_equals_the_naive_reference(
            (n, c) in (1..3_usize, 1..3_usize),
            extents in prop::array::uniform2(1..10_usize),
            kind in kinds(),
            size in prop::array::uniform2(1..5_usize),
            stride in prop::option::of(prop::array::uniform2(1..4_usize)),
            dilation in prop::array::uniform2(1..4_usize),
            [top, left, bottom, right] in prop::array::uniform4(0..3_usize),
            ceil_mode: bool,
            seed in prop::collection::vec(-9..9_i8, 64),
        ) {
            let mut values = seed.into_iter().map(f32::from).cycle();
            let input = Array4::from_shape_fn([n, c, extents[0], extents[1]], |_| values.next().unwrap());
            let padding = Padding::Explicit(Sides { top, left, bottom, right });
            let options = Pool2dOptions { kind, size, stride, padding, dilation, ceil_mode };
            prop_assert_eq!(pool2d(input.view(), &options), pool2d_naive(input.view(), &options));
        }
    }

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
        fn without_indices_maxima_are_the_same_and_means_but_for_rounding(
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
            // One rounding for each addition, one for the division, one in the reference.
            let roundings = (size * size + 1) as f32 * f32::EPSILON / 2.0;
            for ((mean, naive), magnitude) in means.iter().zip(naive).zip(magnitudes) {
                prop_assert!((mean - naive).abs() <= roundings * magnitude);
            }
            if let Some(nan) = nan {
                let place = nan.index(values.len());
                values[place] = f32::NAN;
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
            // Wide rows have a way of their own for 2 x 2 pixels side by side.
            let wide = ([size, stride] == [2; 2] && padding == 0).then_some(104);
            for in_w in [5, 8, 9, 11, 14, 16].into_iter().chain(wide) {
                let extents = [5, in_w];
                for place in 0..5 * in_w {
                    let mut values = seeded(place as u64, 5 * in_w);
                    for odd in [100.0, f32::NAN] {
                        values[place] = odd;
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
    fn padding_is_refused_exactly_if_a_window_sees_no_pixel() {
        for digits in 0..4_usize.pow(6) {
            let digit = |place: u32| digits / 4_usize.pow(place) % 4;
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
            let sees = |position| {
                !window
                    .cells_inside(Axis::Height, position, input)
                    .is_empty()
            };
            let accepted = check_sees_input("test", &window, Axis::Height, input, output);
            assert_eq!(
                accepted.is_ok(),
                (0..output).all(sees),
                "{window:?} {input}"
            );
        }
    }
}
