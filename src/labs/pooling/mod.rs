//! The pooling lab: one picture downsampled by several methods, how one output value is computed,
//! where its gradient goes, what is lost, and what a shift of the picture changes.

mod inspection;
mod layout;
mod method;
mod plain;
mod reconstruction;
mod savings;
mod shift;
#[cfg(test)]
mod tests;

use ndarray::{Array4, ArrayView4, Axis as ArrayAxis};

use crate::data::picture::{ColorMode, Picture};
use crate::error::Result;
use crate::labs::shared::{PictureTensors, check_index, csv, render_batch};
use crate::ops::pool2d::Pooled;
use crate::render::color::Theme;
use crate::render::display::{DisplayRange, Rendered};

pub use inspection::Inspection;
pub use layout::{Layout, SIZE_LIMIT, Stage, StageKind};
pub use method::{Method, Slide, StridedKernel};
pub use plain::PlainSpec;
pub use reconstruction::{Reconstructed, Reconstruction};
pub use savings::Savings;
pub use shift::{CURVE_STEP, Change, Curve, Measure, SHIFT_LIMIT, Shifted};

/// Everything that determines what the lab shows of its picture for one method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PoolingLabSpec {
    /// How the pixels of a window become one value.
    pub method: Method,
    /// How the window slides.
    pub slide: Slide,
    /// Whether the input is grey or colour.
    pub color: ColorMode,
    /// How output values map to colours.
    pub display: DisplayRange,
    /// Whether zero is near white or near black.
    pub theme: Theme,
}

/// The output of one method and the facts about it.
#[derive(Clone, Debug)]
pub struct Output {
    /// The output picture with its legend.
    pub rendered: Rendered,
    /// Channels of the output, 1 or 3.
    pub channels: usize,
    /// Where the outputs lie on the input.
    pub layout: Layout,
}

/// The gradient of outputs with respect to the input, for one channel.
#[derive(Clone, Debug)]
pub struct Gradient {
    /// The gradient over the input, by sign.
    pub rendered: Rendered,
    /// Input pixels whose gradient is not 0.
    pub reached: usize,
    /// Number of input pixels.
    pub pixels: usize,
    /// Sum of the gradient over the input.
    pub sum: f64,
}

/// The lab with its picture.
#[derive(Clone, Debug)]
pub struct PoolingLab {
    picture: PictureTensors,
}

impl PoolingLab {
    /// A lab for `picture`.
    pub fn new(picture: Picture) -> Self {
        PoolingLab {
            picture: PictureTensors::new(picture),
        }
    }

    /// The picture as the operators see it.
    pub fn input(&self, color: ColorMode, theme: Theme) -> Rendered {
        render_batch(self.picture.tensor(color), &DisplayRange::Clip, theme)
    }

    /// The output picture of one method and the facts about it.
    ///
    /// # Errors
    /// As [`PoolingLabSpec::run`].
    pub fn output(&self, spec: &PoolingLabSpec) -> Result<Output> {
        let input = self.picture.tensor(spec.color);
        let layout = spec.layout(input)?;
        let output = spec.run(input)?.output;
        Ok(Output {
            rendered: render_batch(output.view(), &spec.display, spec.theme),
            channels: spec.color.channels(),
            layout,
        })
    }

    /// Explains the output at `position` `[row, column]` of `channel`. The cost is that of one
    /// window.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for a position or channel out of range; as
    /// [`PoolingLabSpec::run`].
    pub fn inspect(
        &self,
        spec: &PoolingLabSpec,
        position: [usize; 2],
        channel: usize,
    ) -> Result<Inspection> {
        let input = self.picture.tensor(spec.color);
        let layout = spec.layout(input)?;
        Inspection::new(input, spec.method, &spec.slide, &layout, position, channel)
    }

    /// The gradient with respect to the input of the output at `position` `[row, column]` of
    /// `channel`, or of the sum of the channel's outputs if it is `None`. Computed by the backward
    /// passes of the operators.
    ///
    /// # Errors
    /// As [`PoolingLab::inspect`].
    pub fn gradient(
        &self,
        spec: &PoolingLabSpec,
        position: Option<[usize; 2]>,
        channel: usize,
    ) -> Result<Gradient> {
        const OPERATOR: &str = "poolingLabGradient";
        let input = self.picture.tensor(spec.color);
        let layout = spec.layout(input)?;
        let (_, channels, in_h, in_w) = input.dim();
        check_index(OPERATOR, "channel", channel, channels)?;
        let [out_h, out_w] = layout.output;
        let mut d_output = Array4::<f32>::zeros((1, channels, out_h, out_w));
        if let Some([row, col]) = position {
            check_index(OPERATOR, "row", row, out_h)?;
            check_index(OPERATOR, "column", col, out_w)?;
            d_output[[0, channel, row, col]] = 1.0;
        } else {
            d_output.index_axis_mut(ArrayAxis(1), channel).fill(1.0);
        }
        let d_input = method::backward(spec.method, &spec.slide, input, d_output.view())?;
        let plane = d_input.slice_axis(ArrayAxis(1), (channel..channel + 1).into());
        Ok(Gradient {
            rendered: render_batch(plane, &DisplayRange::Symmetric, spec.theme),
            reached: plane.iter().filter(|value| **value != 0.0).count(),
            pixels: in_h * in_w,
            sum: plane.iter().map(|&value| f64::from(value)).sum(),
        })
    }

    /// The picture reconstructed from the output alone, and its error.
    ///
    /// # Errors
    /// [`UnknownName`](crate::error::Error::UnknownName) for unpooling after a method that has no
    /// argmax; as [`PoolingLabSpec::run`].
    pub fn reconstruct(
        &self,
        spec: &PoolingLabSpec,
        reconstruction: Reconstruction,
    ) -> Result<Reconstructed> {
        Reconstructed::new(self.picture.tensor(spec.color), spec, reconstruction)
    }

    /// What the next layer saves if it has `channels` input and output channels.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for 0 or too many channels; as
    /// [`PoolingLabSpec::run`].
    pub fn savings(&self, spec: &PoolingLabSpec, channels: usize) -> Result<Savings> {
        let layout = spec.layout(self.picture.tensor(spec.color))?;
        Savings::new(&layout, channels)
    }

    /// The middle of the picture, shifted by `shift` `[down, right]` pixels.
    ///
    /// # Errors
    /// As [`PoolingLab::shift`].
    pub fn shifted_input(
        &self,
        color: ColorMode,
        theme: Theme,
        shift: [f64; 2],
    ) -> Result<(Rendered, Change)> {
        shift::input(self.picture.tensor(color), theme, shift)
    }

    /// How a shift of the picture by `shift` `[down, right]` pixels changes the output.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for a shift of more than [`SHIFT_LIMIT`];
    /// as [`PoolingLabSpec::run`].
    pub fn shift(
        &self,
        spec: &PoolingLabSpec,
        shift: [f64; 2],
        measure: Measure,
    ) -> Result<Shifted> {
        Shifted::new(self.picture.tensor(spec.color), spec, shift, measure)
    }

    /// The change over shifts to the right, in steps of [`CURVE_STEP`].
    ///
    /// # Errors
    /// As [`PoolingLabSpec::run`].
    pub fn curve(&self, spec: &PoolingLabSpec) -> Result<Curve> {
        shift::curve(self.picture.tensor(spec.color), spec)
    }

    /// The change of the picture itself over the same shifts.
    ///
    /// # Errors
    /// None for a picture that the lab accepts.
    pub fn input_curve(&self, color: ColorMode) -> Result<Curve> {
        shift::input_curve(self.picture.tensor(color))
    }

    /// The output values as CSV: one line per row, channels separated by an empty line.
    ///
    /// # Errors
    /// As [`PoolingLabSpec::run`].
    pub fn csv(&self, spec: &PoolingLabSpec) -> Result<String> {
        let output = spec.run(self.picture.tensor(spec.color))?.output;
        Ok(csv::write(output.index_axis(ArrayAxis(0), 0)))
    }
}

impl PoolingLabSpec {
    /// The output `[1, c, out_h, out_w]` for `input` `[1, c, h, w]` and, for maxima, the argmax.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for a window beyond [`SIZE_LIMIT`]; as the
    /// operator of the method.
    pub fn run(&self, input: ArrayView4<f32>) -> Result<Pooled<f32>> {
        self.layout(input)?;
        method::forward(self.method, &self.slide, input)
    }

    /// Checks that everything fits `input` `[1, c, h, w]` and returns where the outputs lie on it.
    fn layout(&self, input: ArrayView4<f32>) -> Result<Layout> {
        let (_, channels, in_h, in_w) = input.dim();
        let layout = Layout::new(self.method, &self.slide, [in_h, in_w])?;
        // The operators check all arguments even for an empty batch.
        let none = Array4::zeros((0, channels, in_h, in_w));
        method::forward(self.method, &self.slide, none.view())?;
        Ok(layout)
    }
}
