//! What an operator takes along one axis for a span of its output.

use crate::error::Axis;
use crate::net::op::span::Span;
use crate::net::spec::{Interpolation, Op};
use crate::window::{Padding, PaddingMode, Sides, Window};

/// An operator along an axis. An extent is `None` where the map has no ends.
pub(in crate::net) struct Along<'a> {
    pub op: &'a Op,
    pub axis: Axis,
    pub input: Option<i64>,
    pub output: Option<i64>,
    pub window: Option<Window>,
    pub batch_statistics: bool,
}

/// One axis of a [`crate::net::reference::plan::Stage`].
pub(in crate::net) struct Reach {
    pub taken: Span,
    pub computed: Span,
    pub padding: [usize; 2],
    pub output_padding: usize,
}

impl Reach {
    fn unpadded(taken: Span, computed: Span) -> Reach {
        Reach {
            taken,
            computed,
            padding: [0, 0],
            output_padding: 0,
        }
    }
}

impl Along<'_> {
    /// What `wanted` is computed from; `None` if that depends on an extent that is not known.
    pub fn reach(&self, wanted: Span) -> Option<Reach> {
        let axis = self.axis as usize;
        match (self.op, &self.window) {
            (Op::ConvTranspose2d { .. }, Some(window)) => Some(self.transposed(window, wanted)),
            (Op::BlurPool2d { .. }, Some(window)) => self.blurred(window, wanted),
            (_, Some(window)) => self.windowed(window, wanted),
            (Op::Pad2d { padding, mode }, _) => self.padded(*padding, *mode, wanted),
            (Op::Resize2d { scale, kind }, _) => {
                Some(self.resized(scale[axis] as i64, *kind, wanted))
            }
            (Op::BatchNorm { .. }, _) if self.batch_statistics => self.everything([0, 0]),
            (
                Op::GlobalPool2d { .. }
                | Op::AdaptivePool2d { .. }
                | Op::GroupNorm { .. }
                | Op::Flatten {},
                _,
            ) => self.everything([0, 0]),
            _ => Some(Reach::unpadded(wanted, wanted)),
        }
    }

    /// The whole output from the whole input.
    fn everything(&self, padding: [usize; 2]) -> Option<Reach> {
        let span = |extent| Span {
            start: 0,
            end: extent,
        };
        Some(Reach {
            taken: span(self.input?),
            computed: span(self.output?),
            padding,
            output_padding: 0,
        })
    }

    fn windowed(&self, window: &Window, wanted: Span) -> Option<Reach> {
        let [before, after] = self.padding(window)?.map(|extent| extent as i64);
        let stride = window.stride[self.axis as usize] as i64;
        let covered = window.covered(self.axis) as i64;
        let first = |position: i64| position * stride - before;
        let Some(extent) = self.input else {
            let taken = Span {
                start: first(wanted.start),
                end: first(wanted.end - 1) + covered,
            };
            return Some(Reach::unpadded(taken, wanted));
        };
        // Windows in the padding alone are computed with those between them and the input.
        let last_to_meet = (extent - 1 + before).div_euclid(stride);
        let first_to_meet = -(covered - 1 - before).div_euclid(stride);
        let computed = Span {
            start: wanted.start.min(last_to_meet),
            end: wanted.end.max(first_to_meet + 1),
        };
        let (low, high) = (first(computed.start), first(computed.end - 1) + covered);
        let taken = Span {
            start: low.max(0),
            end: high.min(extent),
        };
        // With outputs rounded up, a window may hang over the end of the padding too.
        let high = match self.op {
            Op::Pool2d {
                ceil_mode: true, ..
            } => high.min(extent + after),
            _ => high,
        };
        Some(Reach {
            taken,
            computed,
            padding: [(taken.start - low) as usize, (high - taken.end) as usize],
            output_padding: 0,
        })
    }

    fn padding(&self, window: &Window) -> Option<[usize; 2]> {
        match self.op {
            Op::Conv2d {
                padding: Padding::Same,
                ..
            }
            | Op::Pool2d {
                padding: Padding::Same,
                ..
            } if self.input.is_none() => Some([window.same_padding_before(self.axis)?, 0]),
            _ => Some(window.padding.along(self.axis)),
        }
    }

    /// The blur fills its borders itself: there it takes everything; elsewhere it computes a border
    /// too much.
    fn blurred(&self, window: &Window, wanted: Span) -> Option<Reach> {
        let stride = window.stride[self.axis as usize] as i64;
        let low = wanted.start * stride - window.padding.along(self.axis)[0] as i64;
        let high = low + (wanted.len() as i64 - 1) * stride + window.covered(self.axis) as i64;
        if self.input.is_some_and(|extent| low < 0 || high > extent) {
            return self.everything([0, 0]);
        }
        let first = low.div_euclid(stride);
        let taken = Span {
            start: first * stride,
            end: high,
        };
        let count = taken.len().div_ceil(stride as usize) as i64;
        let computed = Span {
            start: first,
            end: first + count,
        };
        Some(Reach::unpadded(taken, computed))
    }

    fn padded(&self, padding: Sides, mode: PaddingMode, wanted: Span) -> Option<Reach> {
        let [before, after] = padding.along(self.axis);
        let taken = Span {
            start: wanted.start - before as i64,
            end: wanted.end - before as i64,
        };
        let Some(extent) = self.input else {
            return Some(Reach::unpadded(taken, wanted));
        };
        if taken.start >= 0 && taken.end <= extent {
            return Some(Reach::unpadded(taken, wanted));
        }
        if mode != PaddingMode::Zeros {
            return self.everything([before, after]);
        }
        let inside = Span {
            start: taken.start.clamp(0, extent - 1),
            end: taken.end.clamp(1, extent),
        };
        let sides = [
            (inside.start - taken.start).max(0),
            (taken.end - inside.end).max(0),
        ];
        let computed = Span {
            start: inside.start - sides[0] + before as i64,
            end: inside.end + sides[1] + before as i64,
        };
        Some(Reach {
            padding: sides.map(|extent| extent as usize),
            ..Reach::unpadded(inside, computed)
        })
    }

    fn transposed(&self, window: &Window, wanted: Span) -> Reach {
        let stride = window.stride[self.axis as usize] as i64;
        let covered = window.covered(self.axis) as i64;
        let before = window.padding.along(self.axis)[0] as i64;
        let limit = self.input.map_or(i64::MAX, |extent| extent - 1);
        // The canvas is the output before anything is cut off it.
        let canvas = Span {
            start: wanted.start + before,
            end: wanted.end + before,
        };
        let at = |position: i64| position.div_euclid(stride);
        let reaching = -at(covered - 1 - canvas.start);
        let least = if self.input.is_some() { 0 } else { i64::MIN };
        let start = reaching.min(at(canvas.start)).clamp(least, limit);
        let taken = Span {
            start,
            end: at(canvas.end - 1).min(limit) + 1,
        };
        let made = (taken.end - 1) * stride + covered;
        Reach {
            taken,
            computed: wanted,
            padding: [
                (canvas.start - start * stride) as usize,
                (made - canvas.end).max(0) as usize,
            ],
            output_padding: (canvas.end - made).max(0) as usize,
        }
    }

    fn resized(&self, scale: i64, kind: Interpolation, wanted: Span) -> Reach {
        let last = wanted.end - 1;
        let (low, high) = match kind {
            Interpolation::Nearest => (wanted.start.div_euclid(scale), last.div_euclid(scale)),
            // Half-pixel centres: (position + 1/2) / scale - 1/2 lies between two pixels.
            Interpolation::Bilinear => {
                let below = |at: i64| (2 * at + 1 - scale).div_euclid(2 * scale);
                (below(wanted.start), below(last) + 1)
            }
        };
        let inside = |at: i64| self.input.map_or(at, |extent| at.clamp(0, extent - 1));
        let taken = Span {
            start: inside(low),
            end: inside(high) + 1,
        };
        let computed = Span {
            start: taken.start * scale,
            end: taken.end * scale,
        };
        Reach::unpadded(taken, computed)
    }
}
