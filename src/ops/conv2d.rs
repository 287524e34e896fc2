//! Two-dimensional convolution as CNNs define it: cross-correlation.

use ndarray::{Array1, Array4, ArrayView1, ArrayView4, s};

use crate::compute::check_budget;
use crate::compute::convolution::{Rounding, convolution, exact};
use crate::compute::convolve::{Prepare, convolve, correlate};
use crate::compute::correlation::Correlation;
use crate::compute::gradient;
use crate::compute::layout::row_major;
use crate::compute::sums::sum;
use crate::error::{Axis, Error, Result};
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::pad2d::{fold, pad};
use crate::ops::shape::{check_groups, check_shape};
use crate::window::{Padding, PaddingMode, Window, check_padding};

const OPERATOR: &str = "conv2d";

/// How the kernel slides over the input. The default is stride 1 without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv2dOptions {
    /// Step between neighbouring outputs `[rows, columns]`.
    pub stride: [usize; 2],
    /// Padding around the input.
    pub padding: Padding,
    /// How padding is filled.
    pub padding_mode: PaddingMode,
    /// Distance between neighbouring kernel cells `[rows, columns]`.
    pub dilation: [usize; 2],
    /// Number of groups; each has `c_in / groups` input channels and `c_out / groups` output
    /// channels.
    pub groups: usize,
    /// Rotates the kernel by 180° first: the convolution of signal processing.
    pub flip_kernel: bool,
}

impl Default for Conv2dOptions {
    fn default() -> Self {
        Conv2dOptions {
            stride: [1, 1],
            padding: Padding::Valid,
            padding_mode: PaddingMode::Zeros,
            dilation: [1, 1],
            groups: 1,
            flip_kernel: false,
        }
    }
}

impl Conv2dOptions {
    /// The window of a kernel of extents `kernel` over an input of extents `input`, both `[rows,
    /// columns]`.
    ///
    /// # Errors
    /// As [`Window::new`].
    pub fn window(&self, kernel: [usize; 2], input: [usize; 2]) -> Result<Window> {
        self.window_for(OPERATOR, kernel, input)
    }

    fn window_for(
        &self,
        operator: &'static str,
        kernel: [usize; 2],
        input: [usize; 2],
    ) -> Result<Window> {
        Window::new(
            operator,
            kernel,
            self.stride,
            self.dilation,
            self.padding,
            input,
        )
    }
}

/// Gradients of a loss with respect to a convolution's arguments.
#[derive(Clone, Debug, PartialEq)]
pub struct Conv2dGradients<F> {
    /// With respect to the input, of its shape.
    pub d_input: Array4<F>,
    /// With respect to the weights, of their shape.
    pub d_weights: Array4<F>,
    /// With respect to the bias, `[c_out]`; meaningless without a bias.
    pub d_bias: Array1<F>,
}

/// Cross-correlates `input` with `weights` and adds `bias`.
///
/// The kernel is neither flipped (unless [`Conv2dOptions::flip_kernel`] is set) nor normalised.
///
/// # Shapes
/// `input` `[n, c_in, in_h, in_w]`; `weights` `[c_out, c_in / groups, kernel_h, kernel_w]`;
/// `bias` `[c_out]`. Returns `[n, c_out, out_h, out_w]`, extents from [`Window::output_extent`].
///
/// # Errors
/// [`Error::GroupsMismatch`] and [`Error::ChannelMismatch`] if the channel counts do not match;
/// [`Error::WindowTooLarge`] if the dilated kernel exceeds the padded input;
/// [`Error::PaddingTooLarge`] if the padding mode needs more pixels than the input has;
/// [`Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Goodfellow, Bengio and Courville, Deep Learning (2016), equation 9.6; options as in PyTorch's
/// `torch.nn.functional.conv2d`.
///
/// # Examples
/// A kernel that takes the difference of neighbouring columns:
/// ```
/// use cnn_playground::{Conv2dOptions, conv2d};
/// use ndarray::array;
///
/// let input = array![[[[1.0_f32, 2.0, 4.0, 8.0]]]]; // [n, c_in, in_h, in_w]
/// let weights = array![[[[-1.0, 1.0]]]]; // [c_out, c_in, kernel_h, kernel_w]
/// let output = conv2d(input.view(), weights.view(), None, &Conv2dOptions::default())?;
/// assert_eq!(output, array![[[[1.0, 2.0, 4.0]]]]);
/// # Ok::<(), cnn_playground::Error>(())
/// ```
pub fn conv2d<F: Real>(
    input: ArrayView4<F>,
    weights: ArrayView4<F>,
    bias: Option<ArrayView1<F>>,
    options: &Conv2dOptions,
) -> Result<Array4<F>> {
    forward(input, weights, bias, options, exact)
}

/// [`conv2d`] by the fastest algorithm: in `f32`, rounding is within [`Rounding::Bounded`].
///
/// # Errors
/// As [`conv2d`].
pub(crate) fn conv2d_bounded<F: Real>(
    input: ArrayView4<F>,
    weights: ArrayView4<F>,
    bias: Option<ArrayView1<F>>,
    options: &Conv2dOptions,
) -> Result<Array4<F>> {
    forward(
        input,
        weights,
        bias,
        options,
        |geometry, weights, epilogue| convolution(geometry, weights, epilogue, Rounding::Bounded),
    )
}

/// [`conv2d_bounded`], faster where weights meet a single image.
///
/// # Errors
/// As [`conv2d`].
pub(crate) fn conv2d_bounded_once<F: Real>(
    input: ArrayView4<F>,
    weights: ArrayView4<F>,
    bias: Option<ArrayView1<F>>,
    options: &Conv2dOptions,
) -> Result<Array4<F>> {
    forward(
        input,
        weights,
        bias,
        options,
        |geometry, weights, epilogue| {
            convolution(geometry, weights, epilogue, Rounding::BoundedOnce)
        },
    )
}

fn forward<F: Real>(
    input: ArrayView4<F>,
    weights: ArrayView4<F>,
    bias: Option<ArrayView1<F>>,
    options: &Conv2dOptions,
    prepare: Prepare,
) -> Result<Array4<F>> {
    let plan = Plan::new(OPERATOR, input, weights, bias, options)?;
    check_budget(
        OPERATOR,
        &[
            &plan.output_shape(),
            &plan.padded_shape(),
            weights.shape(),
            weights.shape(),
        ],
    )?;
    let (correlation, padding) = (&plan.correlation, plan.window.padding);
    let weights = row_major(oriented(weights, options.flip_kernel));
    if options.padding_mode == PaddingMode::Zeros {
        let planes = row_major(input);
        let bias_values = bias.map_or_else(Vec::new, |bias| bias.to_vec());
        let output = convolve(
            correlation,
            padding,
            &planes,
            &weights,
            &bias_values,
            prepare,
        );
        if let Some(output) = output {
            return Ok(shaped(plan.output_shape(), output));
        }
    }
    let padded = pad(input, padding, options.padding_mode);
    let output = correlate(correlation, &row_major(padded.view()), &weights);
    let mut output = shaped(plan.output_shape(), output);
    add_bias(&mut output, bias);
    Ok(output)
}

/// [`conv2d`] by its definition, one output value after the other: slow and simple, the reference
/// that the fast path is tested against.
///
/// # Errors
/// As [`conv2d`].
pub fn conv2d_naive<F: Real>(
    input: ArrayView4<F>,
    weights: ArrayView4<F>,
    bias: Option<ArrayView1<F>>,
    options: &Conv2dOptions,
) -> Result<Array4<F>> {
    let plan = Plan::new(OPERATOR, input, weights, bias, options)?;
    check_budget(OPERATOR, &[&plan.output_shape()])?;
    let [kernel_h, kernel_w] = plan.window.kernel;
    let (_, group_c_in, ..) = weights.dim();
    let (_, _, in_h, in_w) = input.dim();
    let mode = options.padding_mode;
    let tap = |out_idx: usize, kernel_idx: usize, axis: Axis, extent: usize| {
        let position =
            out_idx * options.stride[axis as usize] + kernel_idx * options.dilation[axis as usize];
        mode.source(
            position as isize - plan.window.padding.along(axis)[0] as isize,
            extent,
        )
    };
    Ok(Array4::from_shape_fn(
        plan.output_shape(),
        |(n_idx, out_idx, out_row, out_col)| {
            let first_in = out_idx / (weights.dim().0 / options.groups) * group_c_in;
            let mut sum = F::zero();
            for group_idx in 0..group_c_in {
                for kernel_row in 0..kernel_h {
                    for kernel_col in 0..kernel_w {
                        let row = tap(out_row, kernel_row, Axis::Height, in_h);
                        let col = tap(out_col, kernel_col, Axis::Width, in_w);
                        let (Some(row), Some(col)) = (row, col) else {
                            continue;
                        };
                        let weight = if options.flip_kernel {
                            [kernel_h - 1 - kernel_row, kernel_w - 1 - kernel_col]
                        } else {
                            [kernel_row, kernel_col]
                        };
                        sum += weights[[out_idx, group_idx, weight[0], weight[1]]]
                            * input[[n_idx, first_in + group_idx, row, col]];
                    }
                }
            }
            sum + bias.map_or(F::zero(), |bias| bias[out_idx])
        },
    ))
}

/// Gradients of a loss with respect to the arguments of [`conv2d`], from `d_output`, its gradient
/// with respect to the output.
///
/// # Shapes
/// `input` and `weights` as in [`conv2d`], `d_output` as its output.
///
/// # Errors
/// As [`conv2d`], and [`Error::ShapeMismatch`] if `d_output` is not shaped like the output.
///
/// # Source
/// Goodfellow, Bengio and Courville, Deep Learning (2016), equations 9.11 (weights) and 9.13
/// (input).
pub fn conv2d_backward<F: Real>(
    input: ArrayView4<F>,
    weights: ArrayView4<F>,
    d_output: ArrayView4<F>,
    options: &Conv2dOptions,
) -> Result<Conv2dGradients<F>> {
    let backward = Backward::new(input, weights, d_output, options)?;
    Ok(Conv2dGradients {
        d_input: backward.d_input(Rounding::Bounded),
        d_weights: backward.d_weights(),
        d_bias: channel_sums(d_output),
    })
}

/// The gradients of [`conv2d_backward`] with respect to weights and bias only, at half the cost.
///
/// # Errors
/// As [`conv2d_backward`].
pub(crate) fn conv2d_weight_gradients<F: Real>(
    input: ArrayView4<F>,
    weights: ArrayView4<F>,
    d_output: ArrayView4<F>,
    options: &Conv2dOptions,
) -> Result<(Array4<F>, Array1<F>)> {
    let backward = Backward::new(input, weights, d_output, options)?;
    Ok((backward.d_weights(), channel_sums(d_output)))
}

/// The gradient of [`conv2d_backward`] with respect to the input only; of `input` only the shape counts.
///
/// # Errors
/// As [`conv2d_backward`].
pub(crate) fn conv2d_input_gradient<F: Real>(
    input: ArrayView4<F>,
    weights: ArrayView4<F>,
    d_output: ArrayView4<F>,
    options: &Conv2dOptions,
    rounding: Rounding,
) -> Result<Array4<F>> {
    Ok(Backward::new(input, weights, d_output, options)?.d_input(rounding))
}

/// The checked arguments of a backward pass.
struct Backward<'a, F> {
    plan: Plan,
    input: ArrayView4<'a, F>,
    weights: ArrayView4<'a, F>,
    d_output: ArrayView4<'a, F>,
    options: &'a Conv2dOptions,
}

impl<'a, F: Real> Backward<'a, F> {
    fn new(
        input: ArrayView4<'a, F>,
        weights: ArrayView4<'a, F>,
        d_output: ArrayView4<'a, F>,
        options: &'a Conv2dOptions,
    ) -> Result<Self> {
        let operator = "conv2dBackward";
        let plan = Plan::new(operator, input, weights, None, options)?;
        check_shape(operator, "dOutput", &plan.output_shape(), d_output.shape())?;
        check_budget(
            operator,
            &[
                &plan.padded_shape(),
                &plan.padded_shape(),
                input.shape(),
                d_output.shape(),
                weights.shape(),
                weights.shape(),
            ],
        )?;
        Ok(Backward {
            plan,
            input,
            weights,
            d_output,
            options,
        })
    }

    fn d_input(&self, rounding: Rounding) -> Array4<F> {
        let weights = oriented(self.weights, self.options.flip_kernel);
        let (d_output, weights) = (row_major(self.d_output), row_major(weights));
        let (correlation, padding) = (&self.plan.correlation, self.plan.window.padding);
        if self.is_zero_padded()
            && let Some(d_input) =
                gradient::d_input(correlation, padding, &d_output, &weights, rounding)
        {
            return shaped(self.input.dim(), d_input);
        }
        let d_padded = correlation.scatter(&d_output, &weights);
        fold(
            shaped(self.plan.padded_shape(), d_padded).view(),
            padding,
            self.options.padding_mode,
            self.input.raw_dim(),
        )
    }

    fn d_weights(&self) -> Array4<F> {
        let d_output = row_major(self.d_output);
        let d_oriented = shaped(self.weights.dim(), self.d_oriented(&d_output));
        if !self.options.flip_kernel {
            return d_oriented;
        }
        oriented(d_oriented.view(), true).to_owned()
    }

    /// The gradient of the kernels as they are applied, after flipping.
    fn d_oriented(&self, d_output: &[F]) -> Vec<F> {
        let (correlation, padding) = (&self.plan.correlation, self.plan.window.padding);
        let input = row_major(self.input);
        if self.is_zero_padded()
            && let Some(found) = gradient::d_weights(correlation, padding, &input, d_output)
        {
            return found;
        }
        let padded = pad(self.input, padding, self.options.padding_mode);
        correlation.weight_gradient(&row_major(padded.view()), d_output)
    }

    /// Whether padding is filled with zeros.
    fn is_zero_padded(&self) -> bool {
        self.options.padding_mode == PaddingMode::Zeros
    }
}

/// Adds `bias[c]` to every value of channel `c`.
pub(super) fn add_bias<F: Real>(output: &mut Array4<F>, bias: Option<ArrayView1<F>>) {
    let Some(bias) = bias else { return };
    for (mut channel, &bias) in output.axis_iter_mut(ndarray::Axis(1)).zip(bias) {
        channel.mapv_inplace(|value| value + bias);
    }
}

/// Sum of each channel in `f64`: the gradient of a bias.
pub(super) fn channel_sums<F: Real>(values: ArrayView4<F>) -> Array1<F> {
    let (_, channels, rows, cols) = values.dim();
    let mut sums = vec![0.0; channels];
    let values = row_major(values);
    for (idx, plane) in values.chunks_exact((rows * cols).max(1)).enumerate() {
        sums[idx % channels] += sum(plane, |value| value);
    }
    sums.into_iter().map(F::of).collect()
}

/// The checked arguments.
struct Plan {
    window: Window,
    correlation: Correlation,
}

impl Plan {
    fn new<F: Real>(
        operator: &'static str,
        input: ArrayView4<F>,
        weights: ArrayView4<F>,
        bias: Option<ArrayView1<F>>,
        options: &Conv2dOptions,
    ) -> Result<Self> {
        let (n, c_in, in_h, in_w) = input.dim();
        let (c_out, group_c_in, kernel_h, kernel_w) = weights.dim();
        let groups = options.groups;
        check_groups(operator, "input", c_in, groups)?;
        check_groups(operator, "output", c_out, groups)?;
        if group_c_in != c_in / groups {
            return Err(Error::ChannelMismatch {
                operator,
                argument: "weights",
                expected: c_in / groups,
                got: group_c_in,
            });
        }
        if let Some(bias) = bias {
            check_shape(operator, "bias", &[c_out], bias.shape())?;
        }
        let window = options.window_for(operator, [kernel_h, kernel_w], [in_h, in_w])?;
        let output = window.output_size(operator, [in_h, in_w])?;
        check_padding(operator, options.padding_mode, window.padding, [in_h, in_w])?;
        let sides = window.padding;
        let correlation = Correlation {
            n,
            groups,
            in_channels: c_in,
            out_channels: c_out,
            padded_input: [
                sides.top + in_h + sides.bottom,
                sides.left + in_w + sides.right,
            ],
            output,
            kernel: window.kernel,
            stride: window.stride,
            dilation: window.dilation,
        };
        Ok(Plan {
            window,
            correlation,
        })
    }

    fn output_shape(&self) -> [usize; 4] {
        let Correlation {
            n, out_channels, ..
        } = self.correlation;
        let [out_h, out_w] = self.correlation.output;
        [n, out_channels, out_h, out_w]
    }

    fn padded_shape(&self) -> [usize; 4] {
        let Correlation { n, in_channels, .. } = self.correlation;
        let [padded_h, padded_w] = self.correlation.padded_input;
        [n, in_channels, padded_h, padded_w]
    }
}

/// The weights as they are applied. Flipping twice gives the original weights.
fn oriented<F>(weights: ArrayView4<'_, F>, flip: bool) -> ArrayView4<'_, F> {
    if flip {
        weights.slice_move(s![.., .., ..;-1, ..;-1])
    } else {
        weights
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::window::Sides;
    use ndarray::{Array1, array};
    use proptest::prelude::*;

    fn image(rows: &[&[f32]]) -> Array4<f32> {
        Array4::from_shape_fn((1, 1, rows.len(), rows[0].len()), |(_, _, row, col)| {
            rows[row][col]
        })
    }

    #[test]
    fn the_kernel_is_not_flipped_unless_asked() {
        let input = image(&[&[1., 2., 3.]]);
        let weights = image(&[&[1., 0., -10.]]);
        let run = |flip_kernel| {
            let options = Conv2dOptions {
                flip_kernel,
                ..Default::default()
            };
            conv2d(input.view(), weights.view(), None, &options).unwrap()
        };
        assert_eq!(run(false), image(&[&[-29.]]));
        assert_eq!(run(true), image(&[&[-7.]]));
    }

    #[test]
    fn an_impulse_gives_the_kernel_rotated_by_180_degrees() {
        let mut input = Array4::zeros((1, 1, 5, 5));
        input[[0, 0, 2, 2]] = 1.0;
        let weights = image(&[&[1., 2., 3.], &[4., 5., 6.], &[7., 8., 9.]]);
        let output = conv2d(
            input.view(),
            weights.view(),
            None,
            &Conv2dOptions::default(),
        )
        .unwrap();
        assert_eq!(
            output,
            image(&[&[9., 8., 7.], &[6., 5., 4.], &[3., 2., 1.]])
        );
    }

    #[test]
    fn groups_and_bias_must_fit_the_channels() {
        let input = Array4::<f32>::zeros((1, 4, 5, 5));
        let weights = Array4::<f32>::zeros((6, 4, 3, 3));
        let grouped = |groups| Conv2dOptions {
            groups,
            ..Default::default()
        };
        assert!(matches!(
            conv2d(input.view(), weights.view(), None, &grouped(3)),
            Err(Error::GroupsMismatch {
                argument: "input",
                channels: 4,
                groups: 3,
                ..
            })
        ));
        assert!(matches!(
            conv2d(input.view(), weights.view(), None, &grouped(2)),
            Err(Error::ChannelMismatch {
                expected: 2,
                got: 4,
                ..
            })
        ));
        assert!(conv2d(input.view(), weights.view(), None, &grouped(0)).is_err());
        let bias = array![1.0];
        assert!(matches!(
            conv2d(input.view(), weights.view(), Some(bias.view()), &grouped(1)),
            Err(Error::ShapeMismatch {
                argument: "bias",
                ..
            })
        ));
    }

    #[test]
    fn a_kernel_larger_than_the_picture_is_an_error_under_valid() {
        let (input, weights) = (
            Array4::<f32>::zeros((1, 1, 4, 9)),
            Array4::<f32>::zeros((1, 1, 5, 5)),
        );
        assert!(matches!(
            conv2d(
                input.view(),
                weights.view(),
                None,
                &Conv2dOptions::default()
            ),
            Err(Error::WindowTooLarge {
                axis: Axis::Height,
                window: 5,
                input: 4,
                ..
            })
        ));
    }

    #[test]
    fn results_beyond_the_memory_budget_are_refused() {
        let input = Array4::<f32>::zeros((1, 1, 1, 1));
        let weights = Array4::<f32>::zeros((1, 1, 1, 1));
        let padding = Padding::Explicit(Sides::all(1 << 19));
        let options = Conv2dOptions {
            padding,
            ..Default::default()
        };
        let refused = conv2d(input.view(), weights.view(), None, &options);
        assert!(matches!(refused, Err(Error::TooLarge { .. })));
    }

    #[test]
    fn an_empty_kernel_or_input_is_an_error() {
        let run = |input, kernel| {
            let (input, kernel) = (Array4::<f32>::zeros(input), Array4::<f32>::zeros(kernel));
            conv2d(input.view(), kernel.view(), None, &Conv2dOptions::default())
        };
        assert!(run((1, 1, 3, 3), (1, 1, 0, 1)).is_err());
        assert!(run((1, 1, 0, 3), (1, 1, 1, 1)).is_err());
        assert_eq!(run((0, 1, 3, 3), (1, 1, 1, 1)).unwrap().dim(), (0, 1, 3, 3));
    }

    #[test]
    fn a_flipped_kernel_has_a_flipped_gradient() {
        let input = image(&[&[1., 2., 3.]]);
        let weights = image(&[&[5., 7.]]);
        let d_output = image(&[&[1., 10.]]);
        let run = |flip_kernel| {
            let options = Conv2dOptions {
                flip_kernel,
                ..Default::default()
            };
            conv2d_backward(input.view(), weights.view(), d_output.view(), &options).unwrap()
        };
        assert_eq!(run(false).d_input, image(&[&[5., 57., 70.]]));
        assert_eq!(run(false).d_weights, image(&[&[21., 32.]]));
        assert_eq!(run(true).d_input, image(&[&[7., 75., 50.]]));
        assert_eq!(run(true).d_weights, image(&[&[32., 21.]]));
        assert_eq!(run(true).d_bias, array![11.]);
    }

    #[test]
    fn a_gradient_of_another_shape_than_the_output_is_refused() {
        let (input, weights) = (image(&[&[1., 2., 3.]]), image(&[&[5., 7.]]));
        let refused = conv2d_backward(
            input.view(),
            weights.view(),
            input.view(),
            &Conv2dOptions::default(),
        );
        assert_eq!(
            refused.unwrap_err().to_string(),
            "conv2dBackward: dOutput must have shape [1, 1, 1, 2], got [1, 1, 1, 3]"
        );
    }

    #[derive(Debug)]
    struct Case {
        input: Array4<f32>,
        weights: Array4<f32>,
        bias: Option<Array1<f32>>,
        options: Conv2dOptions,
    }

    prop_compose! {
        fn case()(
            n in 1..3_usize, groups in 1..4_usize, group_c_in in 1..4_usize, group_c_out in 1..7_usize,
            extents in prop::array::uniform2(1..14_usize),
            kernel in prop::array::uniform2(1..8_usize),
            stride in prop::array::uniform2(1..4_usize),
            dilation in prop::array::uniform2(1..4_usize),
            padding in prop_oneof![
                Just(Padding::Valid), Just(Padding::Same), Just(Padding::Full),
                prop::array::uniform4(0..4_usize).prop_map(|[top, left, bottom, right]| {
                    Padding::Explicit(Sides { top, left, bottom, right })
                }),
            ],
            padding_mode in prop::sample::select(&PaddingMode::ALL[..]),
            flip_kernel: bool, has_bias: bool,
            seed in prop::collection::vec(-2.0_f32..2.0, 64),
        ) -> Case {
            let mut values = seed.into_iter().cycle();
            let mut fill = |shape: [usize; 4]| Array4::from_shape_fn(shape, |_| values.next().unwrap());
            let c_out = groups * group_c_out;
            let input = fill([n, groups * group_c_in, extents[0], extents[1]]);
            let weights = fill([c_out, group_c_in, kernel[0], kernel[1]]);
            let bias = has_bias.then(|| Array1::from_iter((0..c_out).map(|idx| idx as f32 * 0.37 - 1.0)));
            let options = Conv2dOptions { stride, padding, padding_mode, dilation, groups, flip_kernel };
            Case { input, weights, bias, options }
        }
    }

    proptest! {
        #[test]
        fn the_fast_path_equals_the_naive_reference_to_the_last_bit(case in case()) {
            let Case { input, weights, bias, options } = &case;
            let bias = bias.as_ref().map(|bias| bias.view());
            let fast = conv2d(input.view(), weights.view(), bias, options);
            let naive = conv2d_naive(input.view(), weights.view(), bias, options);
            prop_assert_eq!(fast, naive);
        }

        #[test]
        fn a_strided_transposed_view_gives_the_same_result_as_its_copy(case in case()) {
            let Case { input, weights, options, .. } = &case;
            let transposed = input.view().permuted_axes([0, 1, 3, 2]);
            let copy = transposed.as_standard_layout().into_owned();
            prop_assert_eq!(
                conv2d(transposed, weights.view(), None, options),
                conv2d(copy.view(), weights.view(), None, options)
            );
        }
    }
}
