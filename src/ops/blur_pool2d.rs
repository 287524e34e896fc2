//! Blur pooling: downsampling after a binomial blur, so that small shifts of the input change the
//! output little.

use ndarray::{Array4, ArrayView4};

use crate::compute::check_budget;
use crate::compute::correlation::Correlation;
use crate::compute::layout::row_major;
use crate::error::{Result, check_range};
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::pad2d::{fold, pad};
use crate::ops::shape::check_shape;
use crate::window::{Padding, PaddingMode, Sides, Window, check_padding};

const OPERATOR: &str = "blurPool2d";

/// The blur and the stride. The default halves the extents, with three taps and reflected borders.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BlurPool2dOptions {
    /// Extent of the binomial filter, 2 to 7: `1 1`, `1 2 1`, `1 3 3 1` ... divided by their sum.
    pub taps: usize,
    /// Step between neighbouring outputs `[rows, columns]`.
    pub stride: [usize; 2],
    /// How padding is filled; `(taps - 1) / 2` pixels are added at the top and the left, `taps / 2`
    /// at the bottom and the right.
    pub padding_mode: PaddingMode,
}

impl Default for BlurPool2dOptions {
    fn default() -> Self {
        BlurPool2dOptions {
            taps: 3,
            stride: [2, 2],
            padding_mode: PaddingMode::Reflect,
        }
    }
}

/// Blurs each channel of `input` with a binomial filter and keeps every `stride`-th value.
///
/// # Shapes
/// `input` `[n, c, in_h, in_w]`; returns `[n, c, ceil(in_h / stride), ceil(in_w / stride)]`.
///
/// # Errors
/// [`crate::error::Error::OutOfRange`] for other than 2 to 7 taps;
/// [`crate::error::Error::PaddingTooLarge`] if the padding mode needs more pixels than the input
/// has; as [`Window::new`]; [`crate::error::Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Zhang, Making Convolutional Networks Shift-Invariant Again, arXiv:1904.11486, section 3.3;
/// padding as in its published code.
pub fn blur_pool2d<F: Real>(
    input: ArrayView4<F>,
    options: &BlurPool2dOptions,
) -> Result<Array4<F>> {
    let plan = Plan::new(OPERATOR, input, options)?;
    let padded = pad(input, plan.sides, options.padding_mode);
    let output = plan
        .correlation
        .correlate(&row_major(padded.view()), &plan.weights());
    Ok(shaped(plan.output_shape(), output))
}

/// Gradient of a loss with respect to the input of [`blur_pool2d`], from `d_output`, its gradient
/// with respect to the output.
///
/// # Shapes
/// `input` as in [`blur_pool2d`] (only its shape matters), `d_output` as its output; returns the
/// shape of `input`.
///
/// # Errors
/// As [`blur_pool2d`], and [`crate::error::Error::ShapeMismatch`] if `d_output` is not shaped like
/// the output.
pub fn blur_pool2d_backward<F: Real>(
    input: ArrayView4<F>,
    d_output: ArrayView4<F>,
    options: &BlurPool2dOptions,
) -> Result<Array4<F>> {
    let operator = "blurPool2dBackward";
    let plan = Plan::new(operator, input, options)?;
    check_shape(operator, "dOutput", &plan.output_shape(), d_output.shape())?;
    let d_padded = plan
        .correlation
        .scatter(&row_major(d_output), &plan.weights());
    let d_padded = shaped(plan.padded_shape(), d_padded);
    Ok(fold(
        d_padded.view(),
        plan.sides,
        options.padding_mode,
        input.raw_dim(),
    ))
}

/// The checked arguments.
struct Plan {
    sides: Sides,
    /// Depthwise: each channel is a separate group.
    correlation: Correlation,
}

impl Plan {
    fn new<F>(
        operator: &'static str,
        input: ArrayView4<F>,
        options: &BlurPool2dOptions,
    ) -> Result<Self> {
        let (n, c, in_h, in_w) = input.dim();
        let taps = options.taps;
        check_range(operator, "taps", [2.0, 7.0], taps as f64)?;
        let (before, after) = ((taps - 1) / 2, taps / 2);
        let sides = Sides {
            top: before,
            left: before,
            bottom: after,
            right: after,
        };
        let window = Window::new(
            operator,
            [taps; 2],
            options.stride,
            [1, 1],
            Padding::Explicit(sides),
            [in_h, in_w],
        )?;
        let output = window.output_size(operator, [in_h, in_w])?;
        check_padding(operator, options.padding_mode, sides, [in_h, in_w])?;
        let correlation = Correlation {
            n,
            groups: c.max(1),
            in_channels: c,
            out_channels: c,
            padded_input: [in_h + taps - 1, in_w + taps - 1],
            output,
            kernel: window.kernel,
            stride: window.stride,
            dilation: window.dilation,
        };
        let plan = Plan { sides, correlation };
        check_budget(
            operator,
            &[
                input.shape(),
                &plan.padded_shape(),
                &plan.output_shape(),
                &[c, taps, taps],
            ],
        )?;
        Ok(plan)
    }

    /// The same kernel for each channel: the outer product of the filter with itself.
    fn weights<F: Real>(&self) -> Vec<F> {
        let filter = binomial(self.correlation.kernel[0]);
        let kernel = filter
            .iter()
            .flat_map(|row| filter.iter().map(move |col| F::of(row * col)))
            .collect::<Vec<_>>();
        kernel.repeat(self.correlation.in_channels)
    }

    fn padded_shape(&self) -> [usize; 4] {
        let [padded_h, padded_w] = self.correlation.padded_input;
        [
            self.correlation.n,
            self.correlation.in_channels,
            padded_h,
            padded_w,
        ]
    }

    fn output_shape(&self) -> [usize; 4] {
        let [out_h, out_w] = self.correlation.output;
        [
            self.correlation.n,
            self.correlation.in_channels,
            out_h,
            out_w,
        ]
    }
}

/// Row `taps - 1` of Pascal's triangle divided by its sum; exact, because the sum is a power of
/// two.
pub(crate) fn binomial(taps: usize) -> Vec<f64> {
    let mut row = vec![1.0];
    while row.len() < taps {
        row.push(0.0);
        for idx in (1..row.len()).rev() {
            row[idx] += row[idx - 1];
        }
    }
    let sum = row.iter().sum::<f64>();
    row.iter().map(|value| value / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use ndarray::array;

    #[test]
    fn the_filter_is_a_row_of_pascals_triangle() {
        assert_eq!(binomial(2), [0.5, 0.5]);
        assert_eq!(binomial(5), [1., 4., 6., 4., 1.].map(|tap| tap / 16.0));
        assert_eq!(binomial(7).iter().sum::<f64>(), 1.0);
    }

    #[test]
    fn an_edge_is_blurred_before_it_is_sampled() {
        let options = BlurPool2dOptions {
            stride: [1, 2],
            padding_mode: PaddingMode::Replicate,
            ..Default::default()
        };
        let input = array![[[[0., 0., 0., 4., 4., 4.]]]];
        let output = blur_pool2d(input.view(), &options).unwrap();
        assert_eq!(output, array![[[[0., 1., 4.]]]]);
    }

    #[test]
    fn a_constant_is_unchanged_by_every_number_of_taps() {
        for taps in 2..=7 {
            for stride in 1..4 {
                let options = BlurPool2dOptions {
                    taps,
                    stride: [stride; 2],
                    ..Default::default()
                };
                let input = Array4::from_elem((1, 2, 8, 9), 3.0_f32);
                let output = blur_pool2d(input.view(), &options).unwrap();
                let extents = (1, 2, 8_usize.div_ceil(stride), 9_usize.div_ceil(stride));
                assert_eq!(output, Array4::from_elem(extents, 3.0));
            }
        }
    }

    #[test]
    fn taps_and_padding_out_of_range_are_refused() {
        let input = Array4::<f32>::zeros((1, 1, 2, 2));
        let run = |taps| {
            let options = BlurPool2dOptions {
                taps,
                ..Default::default()
            };
            blur_pool2d(input.view(), &options)
        };
        for taps in [0, 1, 8, usize::MAX] {
            assert!(matches!(
                run(taps),
                Err(Error::OutOfRange {
                    argument: "taps",
                    ..
                })
            ));
        }
        assert!(matches!(run(7), Err(Error::PaddingTooLarge { .. })));
        let none = Array4::<f32>::zeros((1, 0, 4, 4));
        let output = blur_pool2d(none.view(), &BlurPool2dOptions::default()).unwrap();
        assert_eq!(output.dim(), (1, 0, 2, 2));
    }
}
