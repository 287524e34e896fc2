//! The kernel lab: one picture, one kernel for each of its channels, one output picture.

use ndarray::{Array1, Array2, Array4, ArrayView4};

use crate::data::picture::{ColorMode, Picture};
use crate::error::{Axis, Result};
use crate::kernel::{self, Kernel, KernelSummary};
use crate::labs::Inspection;
use crate::labs::pytorch;
use crate::ops::activation::Activation;
use crate::ops::conv2d::{Conv2dOptions, conv2d};
use crate::ops::pad2d::{Pad2dOptions, pad2d};
use crate::render::cells::{Cells, cells};
use crate::render::color::Theme;
use crate::render::display::{DisplayRange, Rendered, render};
use crate::window::{Padding, PaddingMode, Sides, Window};

/// Everything that decides what the lab shows of its picture.
#[derive(Clone, Debug)]
pub struct Spec {
    /// The kernel, applied to each channel on its own.
    pub kernel: Kernel,
    /// Whether the picture is taken in grey or in colour.
    pub color: ColorMode,
    /// How the kernel slides; `groups` is set by the lab.
    pub conv: Conv2dOptions,
    /// Added to every output value.
    pub bias: f32,
    /// Whether negative outputs become 0.
    pub relu: bool,
    /// How output values become colours.
    pub display: DisplayRange,
    /// Whether zero is paper or near-black.
    pub theme: Theme,
}

/// The input as the engine sees it, with its padding.
#[derive(Clone, Debug)]
pub struct Input {
    /// The padded picture.
    pub rendered: Rendered,
    /// How much of it is padding.
    pub padding: Sides,
}

/// The output and what is said about it.
#[derive(Clone, Debug)]
pub struct Frame {
    /// The output picture with its legend.
    pub rendered: Rendered,
    /// Channels of the output, 1 or 3.
    pub channels: usize,
    /// The window, its padding resolved.
    pub window: Window,
    /// Input extent `[rows, columns]`.
    pub input_size: [usize; 2],
    /// Where the top left corner of output pixel (0, 0) lies in input pixels, if each output
    /// pixel is drawn as a square of `stride` around the centre of its window.
    pub origin: [f64; 2],
    /// Sum and L1 norm of the kernel.
    pub summary: KernelSummary,
    /// Colours of the kernel's cells.
    pub cells: Cells,
    /// Multiplications with their additions, padding included.
    pub multiply_adds: u64,
}

/// The lab with its picture.
#[derive(Clone, Debug)]
pub struct KernelLab {
    picture: Picture,
    thumbnail: Picture,
}

/// Longer side of a preset's thumbnail in pixels.
const THUMBNAIL_SIDE: usize = 64;

impl KernelLab {
    /// A lab that looks at `picture`.
    pub fn new(picture: Picture) -> Self {
        let thumbnail = picture.downscaled(THUMBNAIL_SIDE);
        KernelLab { picture, thumbnail }
    }

    /// The input picture with its padding, as values between 0 and 1 shown in grey or colour.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn input(&self, spec: &Spec) -> Result<Input> {
        let values = self.picture.to_tensor(spec.color);
        let window = spec.window(values.view())?;
        let options = Pad2dOptions {
            padding: window.padding,
            mode: spec.conv.padding_mode,
            value: 0.0,
        };
        let padded = pad2d(values.view(), &options)?;
        let rendered = render(
            padded.index_axis(ndarray::Axis(0), 0),
            &DisplayRange::Clip,
            spec.theme,
        );
        Ok(Input {
            rendered,
            padding: window.padding,
        })
    }

    /// The output picture and what is said about it.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn output(&self, spec: &Spec) -> Result<Frame> {
        let input = self.picture.to_tensor(spec.color);
        let window = spec.window(input.view())?;
        let output = spec.run(input.view())?;
        let (_, channels, out_h, out_w) = output.dim();
        let (_, _, in_h, in_w) = input.dim();
        Ok(Frame {
            rendered: render(
                output.index_axis(ndarray::Axis(0), 0),
                &spec.display,
                spec.theme,
            ),
            channels,
            window,
            input_size: [in_h, in_w],
            origin: [origin(&window, Axis::Height), origin(&window, Axis::Width)],
            summary: kernel::summarise(&spec.kernel),
            cells: spec.kernel_cells(),
            multiply_adds: (channels * out_h * out_w * spec.kernel.len()) as u64,
        })
    }

    /// Takes the outputs at `positions` `[row, column]` apart; with two positions also says by
    /// how much the first value exceeds the second.
    ///
    /// # Errors
    /// [`crate::error::Error::OutOfRange`] for a position or channel outside; as [`conv2d`].
    pub fn inspect(
        &self,
        spec: &Spec,
        positions: &[[usize; 2]],
        channel: usize,
    ) -> Result<(Vec<Inspection>, Option<f32>)> {
        let input = self.picture.to_tensor(spec.color);
        let kernel = spec.weights_of_one_channel();
        let inspect = |&position: &[usize; 2]| {
            let (bias, relu) = (spec.bias, spec.relu);
            Inspection::new(
                input.view(),
                channel,
                kernel.view(),
                bias,
                relu,
                &spec.conv,
                position,
            )
        };
        let inspections = positions.iter().map(inspect).collect::<Result<Vec<_>>>()?;
        let difference = match &inspections[..] {
            [first, second] => Some(first.value - second.value),
            _ => None,
        };
        Ok((inspections, difference))
    }

    /// What each of `kernels` does to a small copy of the picture. Kernels that sum to 1 keep a
    /// photograph a photograph and are shown as one; all others by sign.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn thumbnails(
        &self,
        color: ColorMode,
        theme: Theme,
        kernels: &[Kernel],
    ) -> Result<Vec<Rendered>> {
        let input = self.thumbnail.to_tensor(color);
        let thumbnail = |kernel: &Kernel| {
            let averages = (kernel.sum() - 1.0).abs() < 1e-6;
            let spec = Spec {
                kernel: kernel.clone(),
                color,
                conv: Conv2dOptions {
                    padding: Padding::Same,
                    padding_mode: PaddingMode::Replicate,
                    ..Default::default()
                },
                bias: 0.0,
                relu: false,
                display: if averages {
                    DisplayRange::Clip
                } else {
                    DisplayRange::Symmetric
                },
                theme,
            };
            let output = spec.run(input.view())?;
            Ok(render(
                output.index_axis(ndarray::Axis(0), 0),
                &spec.display,
                theme,
            ))
        };
        kernels.iter().map(thumbnail).collect()
    }

    /// The output values as CSV: one line per row, channels below each other with an empty line
    /// between.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn csv(&self, spec: &Spec) -> Result<String> {
        let input = self.picture.to_tensor(spec.color);
        let output = spec.run(input.view())?;
        let line = |row: ndarray::ArrayView1<f32>| {
            row.iter().map(f32::to_string).collect::<Vec<_>>().join(",") + "\n"
        };
        let channels = output.index_axis(ndarray::Axis(0), 0);
        let blocks = channels
            .outer_iter()
            .map(|channel| channel.outer_iter().map(line).collect::<String>());
        Ok(blocks.collect::<Vec<_>>().join("\n"))
    }

    /// The PyTorch code that computes the same output from a tensor `x` of shape
    /// `[1, channels, height, width]`.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn pytorch(&self, spec: &Spec) -> Result<String> {
        let input = self.picture.to_tensor(spec.color);
        Ok(pytorch::conv2d_call(
            spec,
            &spec.window(input.view())?,
            input.dim().1,
        ))
    }
}

impl Spec {
    /// The window over an input of `[1, c, h, w]`, checked to fit.
    fn window(&self, input: ArrayView4<f32>) -> Result<Window> {
        let (_, _, in_h, in_w) = input.dim();
        let window = self
            .conv
            .window([self.kernel.nrows(), self.kernel.ncols()], [in_h, in_w])?;
        window.output_size("conv2d", [in_h, in_w])?;
        Ok(window)
    }

    fn run(&self, input: ArrayView4<f32>) -> Result<Array4<f32>> {
        let channels = input.dim().1;
        let kernel = self.weights_of_one_channel();
        let (kernel_h, kernel_w) = kernel.dim();
        let weights =
            Array4::from_shape_fn((channels, 1, kernel_h, kernel_w), |(_, _, row, col)| {
                kernel[[row, col]]
            });
        let bias = Array1::from_elem(channels, self.bias);
        let options = Conv2dOptions {
            groups: channels,
            ..self.conv
        };
        let mut output = conv2d(input, weights.view(), Some(bias.view()), &options)?;
        if self.relu {
            output.mapv_inplace(|value| Activation::Relu.value(value.into()) as f32);
        }
        Ok(output)
    }

    fn weights_of_one_channel(&self) -> Array2<f32> {
        self.kernel.mapv(|weight| weight as f32)
    }

    fn kernel_cells(&self) -> Cells {
        cells(&self.kernel.iter().copied().collect::<Vec<_>>(), self.theme)
    }
}

fn origin(window: &Window, axis: Axis) -> f64 {
    let [before, _] = window.padding.along(axis);
    (window.covered(axis) as f64 - window.stride[axis as usize] as f64) / 2.0 - before as f64
}
