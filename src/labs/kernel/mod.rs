//! The kernel lab: one picture, one kernel applied to each of its channels, one output picture.

mod inspection;
mod plain;
mod pytorch;

use ndarray::{Array1, Array2, Array4, ArrayView4};

use crate::data::picture::{ColorMode, Picture};
use crate::error::{Axis, Result};
use crate::kernel::{self, Kernel, KernelSummary};
use crate::labs::shared::{PictureTensors, csv, render_batch};
use crate::ops::activation::Activation;
use crate::ops::conv2d::{Conv2dOptions, conv2d};
use crate::ops::pad2d::{Pad2dOptions, pad2d};
use crate::render::cells::{Cells, cells};
use crate::render::color::Theme;
use crate::render::display::{DisplayRange, Rendered};
use crate::window::{Padding, PaddingMode, Sides, Window, check_padding};

pub use inspection::Inspection;
pub use plain::PlainSpec;

/// Everything that determines what the lab shows of its picture.
#[derive(Clone, Debug)]
pub struct KernelLabSpec {
    /// The kernel, applied to each channel separately.
    pub kernel: Kernel,
    /// Whether the input is grey or colour.
    pub color: ColorMode,
    /// How the kernel slides; the lab sets `groups`.
    pub conv: Conv2dOptions,
    /// Added to every output value; used as `f32`, like the weights.
    pub bias: f64,
    /// Whether negative outputs become 0.
    pub relu: bool,
    /// How output values map to colours.
    pub display: DisplayRange,
    /// Whether zero is near white or near black.
    pub theme: Theme,
}

/// The input as the operators see it, with its padding.
#[derive(Clone, Debug)]
pub struct Input {
    /// The padded picture.
    pub rendered: Rendered,
    /// The padding it contains.
    pub padding: Sides,
}

/// The output and the facts about it.
#[derive(Clone, Debug)]
pub struct Output {
    /// The output picture with its legend.
    pub rendered: Rendered,
    /// Channels of the output, 1 or 3.
    pub channels: usize,
    /// The window, with its padding resolved.
    pub window: Window,
    /// Input extent `[rows, columns]`.
    pub input_size: [usize; 2],
    /// `[row, column]` of the top left corner of output pixel (0, 0), in input pixels, if each
    /// output pixel is drawn as a rectangle of `stride` around the centre of its window.
    pub origin: [f64; 2],
    /// Sum and L1 norm of the kernel.
    pub summary: KernelSummary,
    /// Colours of the kernel's cells.
    pub cells: Cells,
    /// Number of multiply-adds, padding included.
    pub multiply_adds: u64,
}

/// The lab with its picture.
#[derive(Clone, Debug)]
pub struct KernelLab {
    picture: PictureTensors,
    thumbnail: Picture,
}

/// Longer side of a preset's thumbnail in pixels.
const THUMBNAIL_SIDE: usize = 64;

impl KernelLab {
    /// A lab for `picture`.
    pub fn new(picture: Picture) -> Self {
        let thumbnail = picture.downscaled(THUMBNAIL_SIDE);
        KernelLab {
            picture: PictureTensors::new(picture),
            thumbnail,
        }
    }

    /// The padded input picture: values between 0 and 1, shown in grey or colour.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn input(&self, spec: &KernelLabSpec) -> Result<Input> {
        let padding = spec.window(self.picture.size())?.padding;
        let options = Pad2dOptions {
            padding,
            mode: spec.conv.padding_mode,
            value: 0.0,
        };
        let padded = pad2d(self.picture.tensor(spec.color), &options)?;
        Ok(Input {
            rendered: render_batch(padded.view(), &DisplayRange::Clip, spec.theme),
            padding,
        })
    }

    /// The output picture and the facts about it.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn output(&self, spec: &KernelLabSpec) -> Result<Output> {
        let window = spec.window(self.picture.size())?;
        let output = spec.run(self.picture.tensor(spec.color))?;
        Ok(Output {
            rendered: render_batch(output.view(), &spec.display, spec.theme),
            channels: spec.color.channels(),
            window,
            input_size: self.picture.size(),
            origin: [origin(&window, Axis::Height), origin(&window, Axis::Width)],
            summary: kernel::summarize(&spec.kernel),
            cells: spec.kernel_cells(),
            multiply_adds: output.len() as u64 * spec.kernel.len() as u64,
        })
    }

    /// Explains the outputs at `positions` `[row, column]`; with two positions, also returns the
    /// first value minus the second.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for a position or channel out of range; as
    /// [`conv2d`].
    pub fn inspect(
        &self,
        spec: &KernelLabSpec,
        positions: &[[usize; 2]],
        channel: usize,
    ) -> Result<(Vec<Inspection>, Option<f32>)> {
        let input = self.picture.tensor(spec.color);
        let inspect = |&position: &[usize; 2]| Inspection::new(input, spec, position, channel);
        let inspections = positions.iter().map(inspect).collect::<Result<Vec<_>>>()?;
        let difference = match &inspections[..] {
            [first, second] => Some(first.value - second.value),
            _ => None,
        };
        Ok((inspections, difference))
    }

    /// Applies each of `kernels` to a small copy of the picture. Kernels that sum to 1 keep
    /// brightness, so their output is shown as a photograph; all others are shown by sign.
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
            let keeps_brightness = (kernel.sum() - 1.0).abs() < 1e-6;
            let spec = KernelLabSpec {
                kernel: kernel.clone(),
                color,
                conv: Conv2dOptions {
                    padding: Padding::Same,
                    padding_mode: PaddingMode::Replicate,
                    ..Default::default()
                },
                bias: 0.0,
                relu: false,
                display: if keeps_brightness {
                    DisplayRange::Clip
                } else {
                    DisplayRange::Symmetric
                },
                theme,
            };
            let output = spec.run(input.view())?;
            Ok(render_batch(output.view(), &spec.display, theme))
        };
        kernels.iter().map(thumbnail).collect()
    }

    /// The output values as CSV: one line per row, channels separated by an empty line.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn csv(&self, spec: &KernelLabSpec) -> Result<String> {
        let output = spec.run(self.picture.tensor(spec.color))?;
        Ok(csv::write(output.index_axis(ndarray::Axis(0), 0)))
    }

    /// The PyTorch code that computes the same output from a tensor `x` of shape
    /// `[1, channels, height, width]`.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn pytorch(&self, spec: &KernelLabSpec) -> Result<String> {
        let window = spec.window(self.picture.size())?;
        Ok(pytorch::conv2d_call(spec, &window))
    }
}

impl KernelLabSpec {
    /// The window over an input of `input` `[rows, columns]`, after checking that it fits.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn window(&self, input: [usize; 2]) -> Result<Window> {
        const OPERATOR: &str = "conv2d";
        let window = self
            .conv
            .window([self.kernel.nrows(), self.kernel.ncols()], input)?;
        window.output_size(OPERATOR, input)?;
        check_padding(OPERATOR, self.conv.padding_mode, window.padding, input)?;
        Ok(window)
    }

    /// The weights as `f32`, the same for each channel.
    pub fn weights(&self) -> Array2<f32> {
        self.kernel.mapv(|weight| weight as f32)
    }

    /// The output for `input` `[1, c, h, w]`: `[1, c, out_h, out_w]`.
    ///
    /// # Errors
    /// As [`conv2d`].
    pub fn run(&self, input: ArrayView4<f32>) -> Result<Array4<f32>> {
        let channels = input.dim().1;
        let kernel = self.weights();
        let (kernel_h, kernel_w) = kernel.dim();
        let weights =
            Array4::from_shape_fn((channels, 1, kernel_h, kernel_w), |(_, _, row, col)| {
                kernel[[row, col]]
            });
        let bias = Array1::from_elem(channels, self.bias as f32);
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

    fn kernel_cells(&self) -> Cells {
        cells(&self.kernel.iter().copied().collect::<Vec<_>>(), self.theme)
    }
}

fn origin(window: &Window, axis: Axis) -> f64 {
    let [before, _] = window.padding.along(axis);
    (window.covered(axis) as f64 - window.stride[axis as usize] as f64) / 2.0 - before as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labs::shared::testing::{cases, noise, plain};
    use ndarray::array;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn output_pixels_are_drawn_around_the_centers_of_their_windows((picture, spec) in cases()) {
            let lab = KernelLab::new(picture);
            let Ok(output) = lab.output(&spec) else { return Ok(()) };
            for row in 0..output.rendered.height {
                for col in 0..output.rendered.width {
                    let (inspections, _) = lab.inspect(&spec, &[[row, col]], 0).unwrap();
                    let Inspection { rows, cols, .. } = &inspections[0];
                    for (axis, (taps, index)) in [(rows, row), (cols, col)].into_iter().enumerate() {
                        let window_center = (taps[0] + taps[taps.len() - 1] + 1) as f64 / 2.0;
                        let pixel_center =
                            output.origin[axis] + output.window.stride[axis] as f64 * (index as f64 + 0.5);
                        prop_assert_eq!(pixel_center, window_center);
                    }
                }
            }
        }

        #[test]
        fn every_weight_is_multiplied_once_for_every_output_value((picture, spec) in cases()) {
            let lab = KernelLab::new(picture);
            let Ok(output) = lab.output(&spec) else { return Ok(()) };
            let mut products = 0;
            for row in 0..output.rendered.height {
                for col in 0..output.rendered.width {
                    for channel in 0..output.channels {
                        let (inspections, _) = lab.inspect(&spec, &[[row, col]], channel).unwrap();
                        products += inspections[0].products.len() as u64;
                    }
                }
            }
            prop_assert_eq!(output.multiply_adds, products);
            prop_assert_eq!(output.rendered.legend.count as u64 * spec.kernel.len() as u64, products);
        }

        #[test]
        fn the_input_is_shown_with_the_padding_that_the_output_used((picture, spec) in cases()) {
            let lab = KernelLab::new(picture.clone());
            let (input, output) = (lab.input(&spec), lab.output(&spec));
            prop_assert_eq!(input.is_ok(), output.is_ok());
            let (Ok(input), Ok(output)) = (input, output) else { return Ok(()) };
            let Sides { top, left, bottom, right } = input.padding;
            prop_assert_eq!(input.padding, output.window.padding);
            prop_assert_eq!(input.rendered.height, top + picture.height() + bottom);
            prop_assert_eq!(input.rendered.width, left + picture.width() + right);
        }
    }

    #[test]
    fn two_pins_are_compared_and_one_is_not() {
        let lab = KernelLab::new(noise(6, 7));
        let spec = plain(array![[1.0, -1.0]]);
        let (inspections, difference) = lab.inspect(&spec, &[[0, 1], [5, 4]], 0).unwrap();
        assert_eq!(
            difference,
            Some(inspections[0].value - inspections[1].value)
        );
        assert_eq!(lab.inspect(&spec, &[[0, 1]], 0).unwrap().1, None);
    }

    #[test]
    fn a_thumbnail_of_the_identity_is_the_small_picture() {
        let picture = noise(32, 128);
        let kernels = [array![[1.0]], array![[0.0, 0.0], [0.0, 0.0]]];
        for (color, theme, zero) in [
            (ColorMode::Grey, Theme::Light, [247, 246, 243, 255]),
            (ColorMode::Grey, Theme::Dark, [36, 38, 44, 255]),
            (ColorMode::Color, Theme::Dark, [128, 128, 128, 255]),
        ] {
            let lab = KernelLab::new(picture.clone());
            let thumbnails = lab.thumbnails(color, theme, &kernels).unwrap();
            let [unchanged, zeros] = &thumbnails[..] else {
                panic!("{} thumbnails for 2 kernels", thumbnails.len());
            };
            assert_eq!((unchanged.width, unchanged.height), (64, 16));
            let small = picture.downscaled(64).to_tensor(color);
            assert_eq!(
                unchanged.rgba,
                render_batch(small.view(), &DisplayRange::Clip, theme).rgba
            );
            assert!(zeros.rgba.chunks_exact(4).all(|pixel| pixel == zero));
        }
    }

    #[test]
    fn thumbnails_may_be_smaller_than_the_kernel() {
        let lab = KernelLab::new(noise(1, 2));
        let kernel = Kernel::ones((15, 15));
        let thumbnails = lab
            .thumbnails(ColorMode::Grey, Theme::Light, &[kernel])
            .unwrap();
        assert_eq!((thumbnails[0].width, thumbnails[0].height), (2, 1));
    }
}
