//! The pooling lab: one picture made smaller by several methods, one pooled value explained, where
//! its gradient goes, what is lost, and what a shift of the picture changes.

mod inspection;
mod layout;
mod method;
mod plain;
mod restored;
mod savings;
mod shift;
#[cfg(test)]
mod tests;

use std::sync::OnceLock;

use ndarray::{Array4, ArrayView4, Axis as ArrayAxis};

use crate::data::picture::{ColorMode, Picture};
use crate::error::Result;
use crate::labs::shared::{check_index, csv};
use crate::ops::pool2d::Pooled;
use crate::render::color::Theme;
use crate::render::display::{DisplayRange, Rendered, render};

pub use inspection::Inspection;
pub use layout::{Layout, SIZE_LIMIT, Stage, StageKind};
pub use method::{Method, Slide, StridedKernel};
pub use plain::PlainSpec;
pub use restored::{Restored, Restoring};
pub use savings::Savings;
pub use shift::{CURVE_STEP, Change, Curve, Measure, SHIFT_LIMIT, Shifted};

/// Everything that decides what the lab shows of its picture for one method.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spec {
    /// How pixels become one value.
    pub method: Method,
    /// How the window slides.
    pub slide: Slide,
    /// Whether the picture is taken in grey or in colour.
    pub color: ColorMode,
    /// How output values become colours.
    pub display: DisplayRange,
    /// Whether zero is paper or near-black.
    pub theme: Theme,
}

/// The output of one method and what is said about it.
#[derive(Clone, Debug)]
pub struct Frame {
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
    /// Input pixels that receive any.
    pub reached: usize,
    /// All input pixels.
    pub pixels: usize,
    /// Sum of the gradient over the input.
    pub sum: f64,
}

/// The lab with its picture.
#[derive(Clone, Debug)]
pub struct PoolingLab {
    picture: Picture,
    /// The picture as a tensor in grey and in colour, each made when first needed.
    grey: OnceLock<Array4<f32>>,
    color: OnceLock<Array4<f32>>,
}

impl PoolingLab {
    /// A lab that looks at `picture`.
    pub fn new(picture: Picture) -> Self {
        PoolingLab {
            picture,
            grey: OnceLock::new(),
            color: OnceLock::new(),
        }
    }

    /// The picture as the engine sees it.
    pub fn input(&self, color: ColorMode, theme: Theme) -> Rendered {
        shown(self.tensor(color), &DisplayRange::Clip, theme)
    }

    /// The output picture of one method and what is said about it.
    ///
    /// # Errors
    /// As [`Spec::run`].
    pub fn output(&self, spec: &Spec) -> Result<Frame> {
        let input = self.tensor(spec.color);
        let layout = spec.layout(input)?;
        let output = spec.run(input)?.output;
        Ok(Frame {
            rendered: shown(output.view(), &spec.display, spec.theme),
            channels: spec.color.channels(),
            layout,
        })
    }

    /// Takes the output at `position` `[row, column]` of `channel` apart. The work is that of one
    /// window.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for a position or channel outside; as
    /// [`Spec::run`].
    pub fn inspect(&self, spec: &Spec, position: [usize; 2], channel: usize) -> Result<Inspection> {
        let input = self.tensor(spec.color);
        let layout = spec.layout(input)?;
        Inspection::new(input, spec.method, &spec.slide, &layout, position, channel)
    }

    /// Where a gradient of 1 goes back to: from the output at `position` `[row, column]` of
    /// `channel`, or from all outputs of the channel if it is `None`. Computed by the backward
    /// passes of the operators.
    ///
    /// # Errors
    /// As [`PoolingLab::inspect`].
    pub fn gradient(
        &self,
        spec: &Spec,
        position: Option<[usize; 2]>,
        channel: usize,
    ) -> Result<Gradient> {
        const OPERATOR: &str = "poolingLabGradient";
        let input = self.tensor(spec.color);
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
            rendered: shown(plane, &DisplayRange::Symmetric, spec.theme),
            reached: plane.iter().filter(|value| **value != 0.0).count(),
            pixels: in_h * in_w,
            sum: plane.iter().map(|&value| f64::from(value)).sum(),
        })
    }

    /// The picture made from the output alone, and what it lacks.
    ///
    /// # Errors
    /// [`UnknownName`](crate::error::Error::UnknownName) for unpooling after a method that knows no
    /// places; as [`Spec::run`].
    pub fn restored(&self, spec: &Spec, restoring: Restoring) -> Result<Restored> {
        Restored::new(self.tensor(spec.color), spec, restoring)
    }

    /// What the next layer saves if it has `channels` inputs and outputs.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for 0 or absurdly many channels; as
    /// [`Spec::run`].
    pub fn savings(&self, spec: &Spec, channels: usize) -> Result<Savings> {
        let layout = spec.layout(self.tensor(spec.color))?;
        Savings::new(&layout, channels)
    }

    /// The middle of the picture moved by `shift` `[down, right]` pixels.
    ///
    /// # Errors
    /// As [`PoolingLab::shift`].
    pub fn shifted_input(
        &self,
        color: ColorMode,
        theme: Theme,
        shift: [f64; 2],
    ) -> Result<(Rendered, Change)> {
        shift::input(self.tensor(color), theme, shift)
    }

    /// What a shift of the picture by `shift` `[down, right]` pixels does to the output.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for a shift of more than [`SHIFT_LIMIT`];
    /// as [`Spec::run`].
    pub fn shift(&self, spec: &Spec, shift: [f64; 2], measure: Measure) -> Result<Shifted> {
        Shifted::new(self.tensor(spec.color), spec, shift, measure)
    }

    /// The change over shifts to the right, in steps of [`CURVE_STEP`].
    ///
    /// # Errors
    /// As [`Spec::run`].
    pub fn curve(&self, spec: &Spec) -> Result<Curve> {
        shift::curve(self.tensor(spec.color), spec)
    }

    /// The change of the picture itself over the same shifts.
    ///
    /// # Errors
    /// None for a picture that the lab accepts.
    pub fn input_curve(&self, color: ColorMode) -> Result<Curve> {
        shift::input_curve(self.tensor(color))
    }

    /// The output values as CSV: one line per row, channels below each other with an empty line
    /// between.
    ///
    /// # Errors
    /// As [`Spec::run`].
    pub fn csv(&self, spec: &Spec) -> Result<String> {
        let output = spec.run(self.tensor(spec.color))?.output;
        Ok(csv::write(output.index_axis(ArrayAxis(0), 0)))
    }

    /// The picture as `[1, c, h, w]`.
    fn tensor(&self, color: ColorMode) -> ArrayView4<'_, f32> {
        let tensor = match color {
            ColorMode::Grey => &self.grey,
            ColorMode::Color => &self.color,
        };
        tensor.get_or_init(|| self.picture.to_tensor(color)).view()
    }
}

impl Spec {
    /// The output for `input` `[1, c, h, w]`: `[1, c, out_h, out_w]`, and for maxima where each was
    /// found.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for a window beyond [`SIZE_LIMIT`]; as the
    /// operator of the method.
    pub fn run(&self, input: ArrayView4<f32>) -> Result<Pooled<f32>> {
        self.layout(input)?;
        method::forward(self.method, &self.slide, input)
    }

    /// Where the outputs lie on `input` `[1, c, h, w]`, once everything is found to fit.
    fn layout(&self, input: ArrayView4<f32>) -> Result<Layout> {
        let (_, channels, in_h, in_w) = input.dim();
        let layout = Layout::new(self.method, &self.slide, [in_h, in_w])?;
        // The operators check all their arguments even for a batch without pictures.
        let none = Array4::zeros((0, channels, in_h, in_w));
        method::forward(self.method, &self.slide, none.view())?;
        Ok(layout)
    }
}

/// The one picture of a batch.
fn shown(batch: ArrayView4<f32>, range: &DisplayRange, theme: Theme) -> Rendered {
    render(batch.index_axis(ArrayAxis(0), 0), range, theme)
}
