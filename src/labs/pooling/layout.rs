//! Where the outputs of a method lie on its input.

use std::ops::Range;

use crate::data::picture::SIDE_LIMIT;
use crate::error::check_range;
use crate::error::{Axis, Result};
use crate::labs::pooling::method::{Method, Slide};
use crate::net::op::footprint::Footprint;
use crate::net::op::span::Span;
use crate::net::op::window::blur_window;
use crate::window::Window;

/// One window sliding over one map.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stage {
    /// What is done under the window.
    pub kind: StageKind,
    /// The window, its padding resolved.
    pub window: Window,
    /// Extents of the map it slides over `[rows, columns]`.
    pub input: [usize; 2],
    /// Extents of its output `[rows, columns]`.
    pub output: [usize; 2],
    /// Whether the output extents were rounded up.
    pub ceil_mode: bool,
    /// Windows along each axis that the rounded formula counts but that are left out because they
    /// would start beyond the input.
    pub dropped: [usize; 2],
}

/// What a stage does under its window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StageKind {
    /// PyTorch's pooling: maximum, mean or norm.
    Pool,
    /// A convolution.
    Convolution,
    /// A binomial blur with reflected borders.
    Blur,
}

/// Where the outputs of a method lie on its input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The windows in their order; none for adaptive and global pooling.
    pub stages: Vec<Stage>,
    /// Input extents `[rows, columns]`.
    pub input: [usize; 2],
    /// Output extents `[rows, columns]`.
    pub output: [usize; 2],
}

/// Largest window of the lab, in rows or columns: all its values can still be shown.
pub const SIZE_LIMIT: usize = crate::kernel::LIMIT;

impl Layout {
    /// The layout of `method` over an input of `input` `[rows, columns]`.
    ///
    /// # Errors
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for a window beyond [`SIZE_LIMIT`] or
    /// adaptive extents beyond [`SIDE_LIMIT`]; as [`Window::new`] and [`Window::output_extent`].
    pub(super) fn new(method: Method, slide: &Slide, input: [usize; 2]) -> Result<Self> {
        let check = |operator, argument, extents: [usize; 2], limit: usize| {
            let range = [1.0, limit as f64];
            extents
                .into_iter()
                .try_for_each(|extent| check_range(operator, argument, range, extent as f64))
        };
        check("pool2d", "size", slide.size, SIZE_LIMIT)?;
        if let Method::Adaptive { size, .. } = method {
            check("adaptivePool2d", "size", size, SIDE_LIMIT)?;
        }
        let stages = match method {
            Method::Max | Method::Average { .. } | Method::Lp { .. } => {
                vec![pool(slide, input)?]
            }
            Method::Strided(_) => vec![convolution(slide, input)?],
            Method::Blur { taps } => vec![blur(taps, slide, input)?],
            Method::MaxBlur { taps } => {
                let maxima = pool(&slide.by_one(), input)?;
                vec![maxima, blur(taps, slide, maxima.output)?]
            }
            Method::Adaptive { .. } | Method::Global { .. } => Vec::new(),
        };
        let output = match (method, stages.last()) {
            (_, Some(last)) => last.output,
            (Method::Adaptive { size, .. }, None) => size,
            _ => [1, 1],
        };
        Ok(Layout {
            stages,
            input,
            output,
        })
    }

    /// Input pixels from the first to the last that output `idx` along `axis` looks at, padding
    /// included: may start before 0 and end beyond the input.
    pub fn footprint(&self, axis: Axis, idx: usize) -> Range<isize> {
        let output = Span {
            start: idx as i64,
            end: idx as i64 + 1,
        };
        let input = if self.stages.is_empty() {
            let regions = Footprint::Regions {
                input: self.input[axis as usize],
                output: self.output[axis as usize],
            };
            regions.span(output)
        } else {
            let windows = self.stages.iter().rev();
            let mut footprints = windows.map(|stage| Footprint::of_window(&stage.window, axis));
            footprints.try_fold(output, |outputs, footprint| footprint.span(outputs))
        };
        // All extents are known, so there is a span.
        input.map_or(0..0, |input| input.start as isize..input.end as isize)
    }

    /// Input pixels from one output to the next `[rows, columns]`.
    pub fn step(&self) -> [f64; 2] {
        [0, 1].map(|axis| {
            if self.stages.is_empty() {
                self.input[axis] as f64 / self.output[axis] as f64
            } else {
                let strides = self.stages.iter().map(|stage| stage.window.stride[axis]);
                strides.product::<usize>() as f64
            }
        })
    }

    /// `[row, column]` of the top left corner of output (0, 0) in input pixels, if each output is
    /// drawn as a square of [`Layout::step`] around the centre of its window.
    pub fn origin(&self) -> [f64; 2] {
        if self.stages.is_empty() {
            return [0.0; 2];
        }
        let step = self.step();
        [Axis::Height, Axis::Width].map(|axis| {
            let Range { start, end } = self.footprint(axis, 0);
            ((start + end) as f64 - step[axis as usize]) / 2.0
        })
    }

    /// The outputs along `axis` that look at input pixels only.
    pub(super) fn inside(&self, axis: Axis) -> Range<usize> {
        let extent = self.input[axis as usize] as isize;
        let is_inside = |&idx: &usize| {
            let Range { start, end } = self.footprint(axis, idx);
            start >= 0 && end <= extent
        };
        let output = self.output[axis as usize];
        let start = (0..output).find(is_inside).unwrap_or(output);
        let end = (start..output)
            .rfind(is_inside)
            .map_or(start, |idx| idx + 1);
        start..end
    }
}

fn pool(slide: &Slide, input: [usize; 2]) -> Result<Stage> {
    const OPERATOR: &str = "pool2d";
    let window = window(OPERATOR, slide, input)?;
    let extents = |axis: Axis| {
        let extent = input[axis as usize];
        if !slide.ceil_mode {
            return Ok((window.output_extent(OPERATOR, axis, extent)?, 0));
        }
        let [before, after] = window.padding.along(axis);
        let output = window.output_extent_ceil(OPERATOR, axis, extent)?;
        // The output is not empty, so a window fits into the padded input with its overhang.
        let steps = (before + extent + after).saturating_sub(window.covered(axis));
        let rounded = steps.div_ceil(window.stride[axis as usize]) + 1;
        Ok((output, rounded - output))
    };
    let [rows, cols] = [extents(Axis::Height)?, extents(Axis::Width)?];
    Ok(Stage {
        kind: StageKind::Pool,
        window,
        input,
        output: [rows.0, cols.0],
        ceil_mode: slide.ceil_mode,
        dropped: [rows.1, cols.1],
    })
}

fn convolution(slide: &Slide, input: [usize; 2]) -> Result<Stage> {
    const OPERATOR: &str = "conv2d";
    let window = window(OPERATOR, slide, input)?;
    floored(OPERATOR, StageKind::Convolution, window, input)
}

fn blur(taps: usize, slide: &Slide, input: [usize; 2]) -> Result<Stage> {
    let window = blur_window(taps, slide.stride, input)?;
    floored("blurPool2d", StageKind::Blur, window, input)
}

fn floored(
    operator: &'static str,
    kind: StageKind,
    window: Window,
    input: [usize; 2],
) -> Result<Stage> {
    Ok(Stage {
        kind,
        window,
        input,
        output: window.output_size(operator, input)?,
        ceil_mode: false,
        dropped: [0; 2],
    })
}

fn window(operator: &'static str, slide: &Slide, input: [usize; 2]) -> Result<Window> {
    Window::new(
        operator,
        slide.size,
        slide.stride,
        slide.dilation,
        slide.padding,
        input,
    )
}
