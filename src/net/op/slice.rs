//! Which part of its input an operator needs along one axis for a part of its output.

use crate::error::{Axis, Result};
use crate::net::op::footprint::Footprint;
use crate::net::op::shape::Shape;
use crate::net::op::span::Span;
use crate::net::op::window::window;
use crate::net::spec::{Interpolation, Op};
use crate::window::PaddingMode;

/// An operator along one axis of a map. An extent is `None` where the map has no ends.
pub(in crate::net) struct AxisOperator<'a> {
    op: &'a Op,
    footprint: Footprint,
    /// Padding before and after the input.
    padding: [usize; 2],
    input: Option<i64>,
    output: Option<i64>,
    batch_statistics: bool,
}

/// One axis of the part that an operator computes.
pub(in crate::net) struct AxisSlice {
    /// What it reads of the input.
    pub input_span: Span,
    /// What it computes from that: all that was asked for, and perhaps more.
    pub computed: Span,
    /// Padding that is left at each end of what it reads.
    pub padding: [usize; 2],
    /// Positions that a transposed convolution adds at the end.
    pub output_padding: usize,
}

impl AxisSlice {
    fn unpadded(input_span: Span, computed: Span) -> AxisSlice {
        AxisSlice {
            input_span,
            computed,
            padding: [0, 0],
            output_padding: 0,
        }
    }
}

impl<'a> AxisOperator<'a> {
    /// `op` from a map of shape `input` to one of shape `output`; `batch_statistics` if batch norm
    /// takes the moments of the batch.
    ///
    /// # Errors
    /// None for a layer of a checked graph.
    pub fn new(
        op: &'a Op,
        axis: Axis,
        input: Shape,
        output: Shape,
        batch_statistics: bool,
    ) -> Result<Self> {
        let extent = |shape: Shape| shape.spatial()[axis as usize].map(|extent| extent as i64);
        let padding = match (op, window(op, input.spatial())?) {
            (_, Some(window)) => window.padding.along(axis),
            (Op::Pad2d { padding, .. }, None) => padding.along(axis),
            (_, None) => [0, 0],
        };
        Ok(AxisOperator {
            op,
            footprint: Footprint::of(op, input, axis)?,
            padding,
            input: extent(input),
            output: extent(output),
            batch_statistics,
        })
    }

    /// What the outputs `wanted` are computed from; `None` if that depends on an extent that is not
    /// known.
    pub fn slice(&self, wanted: Span) -> Option<AxisSlice> {
        match self.op {
            Op::Conv2d { .. } | Op::Pool2d { .. } => self.windowed(wanted),
            Op::ConvTranspose2d { .. } => self.transposed(wanted),
            Op::BlurPool2d { .. } => self.blurred(wanted),
            Op::Pad2d { mode, .. } => self.padded(*mode, wanted),
            Op::Resize2d { kind, .. } => self.resized(*kind, wanted),
            Op::BatchNorm { .. } if self.batch_statistics => self.everything([0, 0]),
            Op::GlobalPool2d { .. }
            | Op::AdaptivePool2d { .. }
            | Op::GroupNorm { .. }
            | Op::Flatten {}
            | Op::Dense { .. } => self.everything([0, 0]),
            Op::Activation { .. }
            | Op::Prelu {}
            | Op::BatchNorm { .. }
            | Op::LocalResponseNorm { .. }
            | Op::Dropout { .. }
            | Op::Scale { .. }
            | Op::ChannelScale {}
            | Op::Add {}
            | Op::Concat {}
            | Op::Softmax {} => Some(AxisSlice::unpadded(wanted, wanted)),
        }
    }

    /// The whole output from the whole input.
    fn everything(&self, padding: [usize; 2]) -> Option<AxisSlice> {
        let span = |extent| Span {
            start: 0,
            end: extent,
        };
        Some(AxisSlice {
            padding,
            ..AxisSlice::unpadded(span(self.input?), span(self.output?))
        })
    }

    fn windowed(&self, wanted: Span) -> Option<AxisSlice> {
        let Some(extent) = self.input else {
            return Some(AxisSlice::unpadded(self.footprint.span(wanted)?, wanted));
        };
        // The padding of a slice cannot hold a whole window: windows that lie in the padding are
        // computed together with all those between them and the input.
        let map = Span {
            start: 0,
            end: extent,
        };
        let [first, last] = self.footprint.outputs_meeting(map)?;
        let computed = Span {
            start: wanted.start.min(last),
            end: wanted.end.max(first + 1),
        };
        let covered = self.footprint.span(computed)?;
        let input_span = Span {
            start: covered.start.max(0),
            end: covered.end.min(extent),
        };
        // With rounded-up extents, the last window may reach beyond the padding.
        let end = match self.op {
            Op::Pool2d {
                ceil_mode: true, ..
            } => covered.end.min(extent + self.padding[1] as i64),
            _ => covered.end,
        };
        Some(AxisSlice {
            padding: [
                (input_span.start - covered.start) as usize,
                (end - input_span.end) as usize,
            ],
            ..AxisSlice::unpadded(input_span, computed)
        })
    }

    /// `blur_pool2d` fills its borders itself, so at a border it needs the whole input. Elsewhere it
    /// takes the ends of the slice for borders; the outputs that this spoils are extra ones.
    fn blurred(&self, wanted: Span) -> Option<AxisSlice> {
        let covered = self.footprint.span(wanted)?;
        let beyond = |extent| covered.start < 0 || covered.end > extent;
        if self.input.is_some_and(beyond) {
            return self.everything([0, 0]);
        }
        let [_, stride] = self.footprint.pace();
        let first = covered.start.div_euclid(stride);
        let input_span = Span {
            start: first * stride,
            end: covered.end,
        };
        let computed = Span {
            start: first,
            end: first + input_span.len().div_ceil(stride as usize) as i64,
        };
        Some(AxisSlice::unpadded(input_span, computed))
    }

    fn padded(&self, mode: PaddingMode, wanted: Span) -> Option<AxisSlice> {
        let covered = self.footprint.span(wanted)?;
        let Some(extent) = self.input else {
            return Some(AxisSlice::unpadded(covered, wanted));
        };
        if covered.start >= 0 && covered.end <= extent {
            return Some(AxisSlice::unpadded(covered, wanted));
        }
        if mode != PaddingMode::Zeros {
            return self.everything(self.padding);
        }
        let inside = Span {
            start: covered.start.clamp(0, extent - 1),
            end: covered.end.clamp(1, extent),
        };
        let sides = [
            (inside.start - covered.start).max(0),
            (covered.end - inside.end).max(0),
        ];
        let before = self.padding[0] as i64;
        let computed = Span {
            start: inside.start - sides[0] + before,
            end: inside.end + sides[1] + before,
        };
        Some(AxisSlice {
            padding: sides.map(|extent| extent as usize),
            ..AxisSlice::unpadded(inside, computed)
        })
    }

    fn transposed(&self, wanted: Span) -> Option<AxisSlice> {
        let [stride, _] = self.footprint.pace();
        let before = self.padding[0] as i64;
        // The canvas is the output before anything is cut off; the window of input x begins there
        // at x · stride.
        let canvas = Span {
            start: wanted.start + before,
            end: wanted.end + before,
        };
        let covering = self.footprint.span(wanted)?;
        // Outputs that no window covers are computed with the window before them.
        let start = covering.start.min(canvas.start.div_euclid(stride));
        let input_span = match self.input {
            None => Span { start, ..covering },
            Some(extent) => Span {
                start: start.clamp(0, extent - 1),
                end: covering.end.min(extent),
            },
        };
        let [_, last] = self.footprint.outputs_meeting(input_span)?;
        let made = last + 1 + before;
        Some(AxisSlice {
            input_span,
            computed: wanted,
            padding: [
                (canvas.start - input_span.start * stride) as usize,
                (made - canvas.end).max(0) as usize,
            ],
            output_padding: (canvas.end - made).max(0) as usize,
        })
    }

    fn resized(&self, kind: Interpolation, wanted: Span) -> Option<AxisSlice> {
        let low = self.footprint.taps(wanted.start)?.start;
        let high = self.footprint.taps(wanted.end - 1)?.start;
        // Bilinear interpolation reads a second pixel even where its weight is 0.
        let high = match kind {
            Interpolation::Nearest => high,
            Interpolation::Bilinear => high + 1,
        };
        let inside = |at: i64| self.input.map_or(at, |extent| at.clamp(0, extent - 1));
        let input_span = Span {
            start: inside(low),
            end: inside(high) + 1,
        };
        let [scale, _] = self.footprint.pace();
        let computed = Span {
            start: input_span.start * scale,
            end: input_span.end * scale,
        };
        Some(AxisSlice::unpadded(input_span, computed))
    }
}
