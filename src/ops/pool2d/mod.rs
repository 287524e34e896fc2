//! Pooling: each output is the maximum, the mean or the p-norm of the input pixels under a window.

mod plan;

use ndarray::{Array4, ArrayView4};

use crate::compute::layout::{block, row_major};
use crate::error::{Axis, Result};
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::shape::check_shape;
use crate::window::Padding;
use plan::write;
pub(crate) use plan::{Plan, check_covers_input};

const OPERATOR: &str = "pool2d";

/// How the pixels of a window become one value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub enum PoolKind {
    /// The maximum. Padding is never chosen; NaN propagates, as in PyTorch.
    #[default]
    Max,
    /// The mean.
    Average {
        /// Whether padding counts as pixels of value 0 or not at all. PyTorch and Caffe count it by
        /// default, ONNX and TensorFlow do not. Cells past the padding, which a window may cover
        /// under `ceil_mode`, never count.
        count_include_pad: bool,
        /// Divides every sum by this instead of the number of pixels.
        divisor_override: Option<usize>,
    },
    /// The p-norm (Σ|x|ᵖ)^(1/p), as in ONNX. PyTorch omits the absolute value, so it differs for
    /// odd `p` and negative pixels.
    Lp {
        /// The exponent: 1 is the sum of magnitudes, 2 the Euclidean norm, and large values
        /// approach the maximum.
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

/// How the window slides over the input. The default is max pooling with adjacent windows of 2 x 2
/// pixels.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pool2dOptions {
    /// How the pixels of a window become one value.
    pub kind: PoolKind,
    /// Extents of the window `[rows, columns]`.
    pub size: [usize; 2],
    /// Step between neighbouring outputs `[rows, columns]`; `None` means `size`.
    pub stride: Option<[usize; 2]>,
    /// Padding around the input.
    pub padding: Padding,
    /// Distance between neighbouring pixels of the window `[rows, columns]`.
    pub dilation: [usize; 2],
    /// Rounds the output extents up; see [`crate::window::Window::output_extent_ceil`].
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
    /// For max pooling, the argmax: row · in_w + column in the input channel, the first of equal
    /// pixels. PyTorch uses the same indices; ONNX counts through the whole batch.
    pub indices: Option<Array4<i32>>,
}

/// Pools the pixels of each channel of `input` under a sliding window.
///
/// Sums are accumulated in `f64`.
///
/// # Shapes
/// `input` `[n, c, in_h, in_w]`; returns `[n, c, out_h, out_w]`, extents from
/// [`crate::window::Window::output_extent`] or [`crate::window::Window::output_extent_ceil`].
///
/// # Errors
/// [`crate::error::Error::WindowTooLarge`] if the window does not fit;
/// [`crate::error::Error::OutOfRange`] if padding is so large that a window would cover no pixel of
/// the input, and for a bad divisor or exponent; [`crate::error::Error::TooLarge`] beyond the
/// memory budget.
///
/// # Source
/// Options as in PyTorch's `max_pool2d` and `avg_pool2d`; dilation for every kind and padding per
/// side are as in ONNX's `MaxPool`, `AveragePool` and `LpPool` (operator set 22).
///
/// # Examples
/// ```
/// use cnn_playground::{Pool2dOptions, pool2d};
/// use ndarray::array;
///
/// let input = array![[[[1.0_f32, 5.0, 2.0, 0.0], [4.0, 3.0, 9.0, 1.0]]]];
/// let pooled = pool2d(input.view(), &Pool2dOptions::default())?;
/// assert_eq!(pooled.output, array![[[[5.0, 9.0]]]]);
/// assert_eq!(pooled.indices, Some(array![[[[1, 6]]]]));
/// # Ok::<(), cnn_playground::Error>(())
/// ```
pub fn pool2d<F: Real>(input: ArrayView4<F>, options: &Pool2dOptions) -> Result<Pooled<F>> {
    let plan = Plan::new(OPERATOR, input.dim().into(), options)?;
    let input = row_major(input);
    let (in_len, out_len) = plan.plane_lens();
    let mut output = vec![F::zero(); plan.planes() * out_len];
    let mut indices = None;
    if plan.kind == PoolKind::Max {
        let argmax = indices.insert(vec![-1; output.len()]);
        for idx in 0..plan.planes() {
            let output = &mut output[block(idx, out_len)];
            let argmax = &mut argmax[block(idx, out_len)];
            plan.maxima_and_argmax(&input[block(idx, in_len)], output, argmax);
        }
    } else {
        for idx in 0..plan.planes() {
            plan.run_exact(&input[block(idx, in_len)], &mut output[block(idx, out_len)]);
        }
    }
    Ok(Pooled {
        output: shaped(plan.output_shape, output),
        indices: indices.map(|indices| shaped(plan.output_shape, indices)),
    })
}

/// [`pool2d`] by its definition, one output value after the other: slow and simple, the reference
/// that the fast path is tested against.
///
/// # Errors
/// As [`pool2d`].
pub fn pool2d_naive<F: Real>(input: ArrayView4<F>, options: &Pool2dOptions) -> Result<Pooled<F>> {
    let plan = Plan::new(OPERATOR, input.dim().into(), options)?;
    let (_, _, in_h, in_w) = input.dim();
    let window = plan.window;
    let taps = |axis: Axis, out_idx: usize, in_extent: usize| {
        let [before, after] = window.padding.along(axis);
        (0..window.kernel[axis as usize])
            .map(|cell| {
                out_idx * window.stride[axis as usize] + cell * window.dilation[axis as usize]
            })
            .filter(|tap| *tap < before + in_extent + after)
            .map(|tap| tap.checked_sub(before).filter(|idx| *idx < in_extent))
            .collect::<Vec<_>>()
    };
    let pool = |(n_idx, c_idx, out_row, out_col)| {
        let rows = taps(Axis::Height, out_row, in_h);
        let cols = taps(Axis::Width, out_col, in_w);
        let pixels = rows
            .iter()
            .flatten()
            .flat_map(|&row| cols.iter().flatten().map(move |&col| (row, col)))
            .map(|(row, col)| (input[[n_idx, c_idx, row, col]], row * in_w + col))
            .collect::<Vec<_>>();
        let values = pixels.iter().map(|(value, _)| value.as_f64());
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
        .then(|| Array4::from_shape_fn(plan.output_shape, |position| pool(position).1));
    Ok(Pooled {
        output: Array4::from_shape_fn(plan.output_shape, |position| pool(position).0),
        indices,
    })
}

/// Gradient of a loss with respect to the input of [`pool2d`], from `d_output`, its gradient with
/// respect to the output.
///
/// A maximum passes its gradient to its argmax, a mean passes equal parts to all pixels, and a norm
/// y passes sign(x) · (|x| / y)ᵖ⁻¹ of it to each pixel x, or 0 if y is 0.
///
/// # Shapes
/// `input` as in [`pool2d`], `d_output` as its output; returns the shape of `input`.
///
/// # Errors
/// As [`pool2d`], and [`crate::error::Error::ShapeMismatch`] if `d_output` is not shaped like the
/// output.
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
    let mut argmax = vec![-1; out_len];
    let mut d_input = vec![F::zero(); input.len()];
    for idx in 0..plan.planes() {
        let pixels = &input_values[block(idx, in_len)];
        let d_output = &d_values[block(idx, out_len)];
        let d_pixels = &mut d_input[block(idx, in_len)];
        match plan.kind {
            PoolKind::Max => {
                plan.maxima_and_argmax(pixels, &mut shares, &mut argmax);
                for (&d_value, &idx) in d_output.iter().zip(&argmax) {
                    d_pixels[idx as usize] += d_value;
                }
            }
            PoolKind::Average { .. } => {
                let parts = d_output.iter().zip(plan.divisors.products());
                write(&mut shares, parts.map(|(value, by)| value.as_f64() / by));
                plan.pooling.spread(&shares, d_pixels);
            }
            PoolKind::Lp { p } => plan.pooling.norms_backward(pixels, d_output, d_pixels, p),
        }
    }
    Ok(shaped(input.dim(), d_input))
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

    fn at_stride_1(kind: PoolKind) -> Pool2dOptions {
        Pool2dOptions {
            kind,
            stride: Some([1, 1]),
            ..Default::default()
        }
    }

    #[test]
    fn each_kind_pools_a_window() {
        assert_eq!(values(at_stride_1(PoolKind::Max)), [5., 9., 8., 9.]);
        assert_eq!(
            values(at_stride_1(PoolKind::AVERAGE)),
            [3.25, 4.75, 2., 6.5]
        );
        assert_eq!(
            values(at_stride_1(PoolKind::Lp { p: 1.0 })),
            [13., 19., 22., 26.]
        );
        let squares = values(at_stride_1(PoolKind::Lp { p: 2.0 }));
        assert_eq!(squares[0], 51.0_f32.sqrt());
    }

    #[test]
    fn maxima_return_their_argmax() {
        let pooled = pool2d(picture().view(), &at_stride_1(PoolKind::Max)).unwrap();
        assert_eq!(pooled.indices.unwrap(), array![[[[1, 5], [7, 5]]]]);
        let d_input = pool2d_backward(
            picture().view(),
            array![[[[1., 10.], [100., 1000.]]]].view(),
            &at_stride_1(PoolKind::Max),
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
    fn nan_and_infinity_propagate() {
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
    fn a_high_norm_neither_overflows_nor_underflows() {
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
        // The cost of a huge window depends only on the cells inside the input.
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
        /// On integers, whose sums are exact in any order.
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
}
