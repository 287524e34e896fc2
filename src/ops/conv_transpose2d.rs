//! Transposed convolution: the map from a convolution's output gradient to its input gradient.

use ndarray::{Array4, ArrayView1, ArrayView4, s};

use crate::compute::check_budget;
use crate::compute::convolution::Rounding;
use crate::compute::convolve::correlate;
use crate::compute::correlation::Correlation;
use crate::compute::gradient;
use crate::compute::layout::row_major;
use crate::error::{Axis, Error, Result, check_range};
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::conv2d::{Conv2dGradients, add_bias, channel_sums};
use crate::ops::pad2d::pad;
use crate::ops::shape::{check_groups, check_shape};
use crate::window::{Padding, PaddingMode, Sides, Window};

const OPERATOR: &str = "convTranspose2d";

/// The convolution that is transposed. The default is stride 1 without padding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConvTranspose2dOptions {
    /// Output pixels per step of the input `[rows, columns]`.
    pub stride: [usize; 2],
    /// Pixels cropped from the output per side: the padding of the convolution that is transposed.
    pub padding: Sides,
    /// Rows and columns added at the bottom and the right, less than stride or dilation. Several
    /// input sizes of a convolution lead to the same output size; this chooses one of them.
    pub output_padding: [usize; 2],
    /// Distance between neighbouring kernel cells `[rows, columns]`.
    pub dilation: [usize; 2],
    /// Number of groups; each has `c_in / groups` input channels and `c_out / groups` output
    /// channels.
    pub groups: usize,
}

impl Default for ConvTranspose2dOptions {
    fn default() -> Self {
        ConvTranspose2dOptions {
            stride: [1, 1],
            padding: Sides::default(),
            output_padding: [0, 0],
            dilation: [1, 1],
            groups: 1,
        }
    }
}

/// For each input value, adds the kernel times that value to the output at the corresponding
/// position; then adds `bias`.
///
/// # Shapes
/// `input` `[n, c_in, in_h, in_w]`; `weights` `[c_in, c_out / groups, kernel_h, kernel_w]`;
/// `bias` `[c_out]`. Returns `[n, c_out, out_h, out_w]`, extents from
/// [`Window::transposed_extent`].
///
/// # Errors
/// [`Error::GroupsMismatch`] and [`Error::ChannelMismatch`] if the channel counts do not match;
/// [`Error::OutOfRange`] if the padding leaves nothing, or the output padding is not less than
/// stride or dilation, and as [`Window::transposed_extent`]; [`Error::TooLarge`] beyond the memory
/// budget.
///
/// # Source
/// Dumoulin and Visin, arXiv:1603.07285, chapter 4; options as in PyTorch's
/// `torch.nn.functional.conv_transpose2d`, and padding per side as in ONNX.
///
/// # Examples
/// Upsampling by 2 with a kernel that repeats each value:
/// ```
/// use cnn_playground::{ConvTranspose2dOptions, conv_transpose2d};
/// use ndarray::array;
///
/// let input = array![[[[1.0_f32, 2.0, 3.0]]]];
/// let weights = array![[[[1.0, 1.0]]]]; // [c_in, c_out, kernel_h, kernel_w]
/// let options = ConvTranspose2dOptions {
///     stride: [1, 2],
///     ..Default::default()
/// };
/// let output = conv_transpose2d(input.view(), weights.view(), None, &options)?;
/// assert_eq!(output, array![[[[1.0, 1.0, 2.0, 2.0, 3.0, 3.0]]]]);
/// # Ok::<(), cnn_playground::Error>(())
/// ```
pub fn conv_transpose2d<F: Real>(
    input: ArrayView4<F>,
    weights: ArrayView4<F>,
    bias: Option<ArrayView1<F>>,
    options: &ConvTranspose2dOptions,
) -> Result<Array4<F>> {
    let plan = Plan::new(OPERATOR, input, weights, bias, options)?;
    check_budget(
        OPERATOR,
        &[
            &plan.canvas_shape(),
            &plan.output_shape,
            input.shape(),
            weights.shape(),
        ],
    )?;
    let mut output = scattered(&plan, options.padding, input, weights);
    add_bias(&mut output, bias);
    Ok(output)
}

/// The output without the bias.
fn scattered<F: Real>(
    plan: &Plan,
    padding: Sides,
    input: ArrayView4<F>,
    weights: ArrayView4<F>,
) -> Array4<F> {
    let (input, weights) = (row_major(input), row_major(weights));
    let rounding = Rounding::Bounded;
    if let Some(output) = gradient::d_input(&plan.correlation, padding, &input, &weights, rounding)
    {
        return shaped(plan.output_shape, output);
    }
    let canvas = plan.correlation.scatter(&input, &weights);
    let canvas = shaped(plan.canvas_shape(), canvas);
    let Sides { top, left, .. } = padding;
    let [.., out_h, out_w] = plan.output_shape;
    canvas
        .slice(s![.., .., top..top + out_h, left..left + out_w])
        .to_owned()
}

/// [`conv_transpose2d`] by its definition, one input value and kernel cell after the other: slow
/// and simple, the reference that the fast path is tested against.
///
/// # Errors
/// As [`conv_transpose2d`].
pub fn conv_transpose2d_naive<F: Real>(
    input: ArrayView4<F>,
    weights: ArrayView4<F>,
    bias: Option<ArrayView1<F>>,
    options: &ConvTranspose2dOptions,
) -> Result<Array4<F>> {
    let plan = Plan::new(OPERATOR, input, weights, bias, options)?;
    check_budget(OPERATOR, &[&plan.output_shape])?;
    let (c_in, group_c_out, ..) = weights.dim();
    let [_, _, out_h, out_w] = plan.output_shape;
    let position = |in_idx: usize, cell: usize, axis: Axis, extent: usize| {
        (in_idx * options.stride[axis as usize] + cell * options.dilation[axis as usize])
            .checked_sub(options.padding.along(axis)[0])
            .filter(|position| *position < extent)
    };
    let mut output = Array4::zeros(plan.output_shape);
    for ((n_idx, in_idx, in_row, in_col), &value) in input.indexed_iter() {
        let first_out = in_idx / (c_in / options.groups) * group_c_out;
        for ((group_idx, kernel_row, kernel_col), &weight) in
            weights.index_axis(ndarray::Axis(0), in_idx).indexed_iter()
        {
            let row = position(in_row, kernel_row, Axis::Height, out_h);
            let col = position(in_col, kernel_col, Axis::Width, out_w);
            if let (Some(row), Some(col)) = (row, col) {
                output[[n_idx, first_out + group_idx, row, col]] += weight * value;
            }
        }
    }
    add_bias(&mut output, bias);
    Ok(output)
}

/// Gradients of a loss with respect to the arguments of [`conv_transpose2d`], from `d_output`, its
/// gradient with respect to the output.
///
/// # Shapes
/// `input` and `weights` as in [`conv_transpose2d`], `d_output` as its output.
///
/// # Errors
/// As [`conv_transpose2d`], and [`Error::ShapeMismatch`] if `d_output` is not shaped like the
/// output.
///
/// # Source
/// The adjoints of [`crate::ops::conv2d::conv2d_backward`] with input and output exchanged: the
/// input's gradient is the convolution of `d_output`.
pub fn conv_transpose2d_backward<F: Real>(
    input: ArrayView4<F>,
    weights: ArrayView4<F>,
    d_output: ArrayView4<F>,
    options: &ConvTranspose2dOptions,
) -> Result<Conv2dGradients<F>> {
    let operator = "convTranspose2dBackward";
    let plan = Plan::new(operator, input, weights, None, options)?;
    check_shape(operator, "dOutput", &plan.output_shape, d_output.shape())?;
    check_budget(
        operator,
        &[
            &plan.canvas_shape(),
            input.shape(),
            input.shape(),
            weights.shape(),
            weights.shape(),
        ],
    )?;
    let d_canvas = pad(d_output, options.padding, PaddingMode::Zeros);
    let d_values = row_major(d_canvas.view());
    let d_input = correlate(&plan.correlation, &d_values, &row_major(weights));
    let values = row_major(input);
    let d_weights = gradient::d_weights(&plan.correlation, Sides::default(), &d_values, &values)
        .unwrap_or_else(|| plan.correlation.weight_gradient(&d_values, &values));
    Ok(Conv2dGradients {
        d_input: shaped(input.dim(), d_input),
        d_weights: shaped(weights.dim(), d_weights),
        d_bias: channel_sums(d_output),
    })
}

/// The checked arguments.
struct Plan {
    /// The convolution that is transposed. Its input is the canvas: the output before the padding
    /// is cropped.
    correlation: Correlation,
    output_shape: [usize; 4],
}

impl Plan {
    fn new<F: Real>(
        operator: &'static str,
        input: ArrayView4<F>,
        weights: ArrayView4<F>,
        bias: Option<ArrayView1<F>>,
        options: &ConvTranspose2dOptions,
    ) -> Result<Self> {
        let (n, c_in, in_h, in_w) = input.dim();
        let (weight_c_in, group_c_out, kernel_h, kernel_w) = weights.dim();
        let groups = options.groups;
        check_groups(operator, "input", c_in, groups)?;
        if weight_c_in != c_in {
            return Err(Error::ChannelMismatch {
                operator,
                argument: "weights",
                expected: c_in,
                got: weight_c_in,
            });
        }
        let c_out = group_c_out.saturating_mul(groups);
        if let Some(bias) = bias {
            check_shape(operator, "bias", &[c_out], bias.shape())?;
        }
        let window = Window::new(
            operator,
            [kernel_h, kernel_w],
            options.stride,
            options.dilation,
            Padding::Explicit(options.padding),
            [in_h, in_w],
        )?;
        let extent = |axis: Axis, input| {
            let added = options.output_padding[axis as usize];
            let limit = window.stride[axis as usize].max(window.dilation[axis as usize]) - 1;
            check_range(operator, "outputPadding", [0.0, limit as f64], added as f64)?;
            window.transposed_extent(operator, axis, input, added)
        };
        let (out_h, out_w) = (extent(Axis::Height, in_h)?, extent(Axis::Width, in_w)?);
        let Sides {
            top,
            left,
            bottom,
            right,
        } = options.padding;
        let correlation = Correlation {
            n,
            groups,
            in_channels: c_out,
            out_channels: c_in,
            padded_input: [
                out_h.saturating_add(top + bottom),
                out_w.saturating_add(left + right),
            ],
            output: [in_h, in_w],
            kernel: window.kernel,
            stride: window.stride,
            dilation: window.dilation,
        };
        Ok(Plan {
            correlation,
            output_shape: [n, c_out, out_h, out_w],
        })
    }

    fn canvas_shape(&self) -> [usize; 4] {
        let [n, c_out, ..] = self.output_shape;
        let [canvas_h, canvas_w] = self.correlation.padded_input;
        [n, c_out, canvas_h, canvas_w]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, array};
    use proptest::prelude::*;

    fn run(
        input: Array4<f32>,
        weights: Array4<f32>,
        options: ConvTranspose2dOptions,
    ) -> Array4<f32> {
        conv_transpose2d(input.view(), weights.view(), None, &options).unwrap()
    }

    #[test]
    fn each_input_adds_the_kernel_at_its_position() {
        let options = ConvTranspose2dOptions {
            stride: [1, 2],
            ..Default::default()
        };
        let output = run(array![[[[1., 10.]]]], array![[[[1., 2., 3.]]]], options);
        assert_eq!(output, array![[[[1., 2., 13., 20., 30.]]]]);
    }

    #[test]
    fn padding_crops_and_output_padding_extends() {
        let options = ConvTranspose2dOptions {
            stride: [1, 3],
            padding: Sides {
                left: 1,
                ..Sides::default()
            },
            output_padding: [0, 2],
            ..Default::default()
        };
        let output = run(array![[[[1., 10.]]]], array![[[[1., 2.]]]], options);
        assert_eq!(output, array![[[[2., 0., 10., 20., 0., 0.]]]]);
    }

    #[test]
    fn bad_arguments_are_named() {
        let (input, weights) = (
            Array4::<f32>::zeros((1, 2, 3, 3)),
            Array4::<f32>::zeros((2, 1, 2, 2)),
        );
        let refused = |options: ConvTranspose2dOptions| {
            conv_transpose2d(input.view(), weights.view(), None, &options).unwrap_err()
        };
        let default = ConvTranspose2dOptions::default;
        assert!(matches!(
            refused(ConvTranspose2dOptions {
                groups: 0,
                ..default()
            }),
            Error::GroupsMismatch { groups: 0, .. }
        ));
        assert!(matches!(
            refused(ConvTranspose2dOptions {
                output_padding: [0, 1],
                ..default()
            }),
            Error::OutOfRange {
                argument: "outputPadding",
                max: 0.0,
                ..
            }
        ));
        assert!(matches!(
            refused(ConvTranspose2dOptions {
                padding: Sides::all(2),
                ..default()
            }),
            Error::OutOfRange {
                argument: "padding",
                max: 3.0,
                got: 4.0,
                ..
            }
        ));
        assert!(matches!(
            refused(ConvTranspose2dOptions {
                stride: [1 << 18; 2],
                ..default()
            }),
            Error::TooLarge { .. }
        ));
        assert!(matches!(
            refused(ConvTranspose2dOptions {
                stride: [1 << 20; 2],
                ..default()
            }),
            Error::OutOfRange {
                argument: "output",
                ..
            }
        ));
        let mismatched = Array4::<f32>::zeros((3, 1, 2, 2));
        let refused = conv_transpose2d(input.view(), mismatched.view(), None, &default());
        assert!(matches!(
            refused,
            Err(Error::ChannelMismatch {
                expected: 2,
                got: 3,
                ..
            })
        ));
        let empty = Array4::<f32>::zeros((1, 2, 0, 3));
        assert!(conv_transpose2d(empty.view(), weights.view(), None, &default()).is_err());
        let d_output = Array4::<f32>::zeros((1, 1, 3, 3));
        assert!(matches!(
            conv_transpose2d_backward(input.view(), weights.view(), d_output.view(), &default()),
            Err(Error::ShapeMismatch {
                argument: "dOutput",
                ..
            })
        ));
    }

    proptest! {
        /// On integers, whose sums are exact in any order.
        #[test]
        fn the_fast_path_equals_the_naive_reference(
            (n, groups) in (1..3_usize, 1..3_usize),
            channels in prop::array::uniform2(1..3_usize),
            extents in prop::array::uniform2(1..6_usize),
            kernel in prop::array::uniform2(1..5_usize),
            stride in prop::array::uniform2(1..4_usize),
            dilation in prop::array::uniform2(1..4_usize),
            [top, left, bottom, right] in prop::array::uniform4(0..3_usize),
            output_padding in prop::array::uniform2(0..3_usize),
            seed in prop::collection::vec(-9..9_i8, 64),
        ) {
            let mut values = seed.into_iter().map(f32::from).cycle();
            let mut fill = |shape: [usize; 4]| Array4::from_shape_fn(shape, |_| values.next().unwrap());
            let input = fill([n, groups * channels[0], extents[0], extents[1]]);
            let weights = fill([groups * channels[0], channels[1], kernel[0], kernel[1]]);
            let bias = Array1::from_iter((0..groups * channels[1]).map(|idx| idx as f32));
            let padding = Sides { top, left, bottom, right };
            let options = ConvTranspose2dOptions { stride, padding, output_padding, dilation, groups };
            prop_assert_eq!(
                conv_transpose2d(input.view(), weights.view(), Some(bias.view()), &options),
                conv_transpose2d_naive(input.view(), weights.view(), Some(bias.view()), &options)
            );
        }
    }
}
