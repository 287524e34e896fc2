//! Which part of every map is needed for a part of one map.
//!
//! A unit depends on its receptive field alone, so no more than that is computed: also a network
//! that would not fit into memory as a whole, and one whose input has no ends.

use crate::compute::BUDGET_BYTES;
use crate::error::{Axis, Error, Result};
use crate::net::graph::{Graph, shortened};
use crate::net::shape::{Shape, window};
use crate::net::spec::{Interpolation, Op, Pooling};
use crate::net::weights::{Parameter, parameters};
use crate::window::{Padding, PaddingMode, Sides, Window};

const OPERATOR: &str = "network";

/// Positions along an axis from `start` to before `end`; never empty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Span {
    pub start: i64,
    pub end: i64,
}

impl Span {
    /// Number of positions.
    pub fn len(self) -> usize {
        (self.end - self.start) as usize
    }

    fn around(self, other: Span) -> Span {
        Span {
            start: self.start.min(other.start),
            end: self.end.max(other.end),
        }
    }

    /// Where this stands within an array that holds `held`.
    pub fn within(self, held: Span) -> std::ops::Range<usize> {
        (self.start - held.start) as usize..(self.end - held.start) as usize
    }
}

/// Rows and columns of a map. A vector is one position, at which all its values stand.
pub(crate) type Part = [Span; 2];

/// All of a map, if its extents are known.
pub(crate) fn whole(shape: Shape) -> Option<Part> {
    let [rows, cols] = shape.spatial();
    let span = |extent: usize| Span {
        start: 0,
        end: extent as i64,
    };
    Some([span(rows?), span(cols?)])
}

/// What is computed, and of what.
#[derive(Clone, Debug)]
pub(crate) struct Plan {
    /// The node asked for.
    pub place: usize,
    /// The part of each node that is kept for others; `None` for one that nothing needs.
    pub parts: Vec<Option<Part>>,
    /// How each node gets its part from its inputs; `None` for the input too.
    pub stages: Vec<Option<Stage>>,
    /// Whether batch norm takes the moments of the batch.
    pub batch_statistics: bool,
}

/// How a node gets its part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Stage {
    /// What it takes of each of its inputs.
    pub taken: Part,
    /// What its operator makes of that; holds the part.
    pub computed: Part,
    /// What remains of the padding.
    pub padding: Sides,
    /// Rows and columns that a transposed convolution adds.
    pub output_padding: [usize; 2],
}

impl Plan {
    /// # Errors
    /// [`Error::Layer`] around [`Error::ShapeMismatch`] for a layer that needs an extent of the
    /// input that is not given; [`Error::TooLarge`] for parts beyond all bounds.
    pub fn new(graph: &Graph, place: usize, part: Part, batch_statistics: bool) -> Result<Plan> {
        let mut plan = Plan {
            place,
            parts: vec![None; place + 1],
            stages: vec![None; place + 1],
            batch_statistics,
        };
        plan.parts[place] = Some(part);
        for idx in (1..=place).rev() {
            let Some(part) = plan.parts[idx] else {
                continue;
            };
            let stage = plan.stage(graph, idx, part);
            let stage = stage.map_err(|reason| Error::Layer {
                operator: OPERATOR,
                layer: shortened(&graph.nodes()[idx].id),
                reason: Box::new(reason),
            })?;
            for &input in &graph.nodes()[idx].inputs {
                let part = &mut plan.parts[input];
                *part = Some(match *part {
                    None => stage.taken,
                    Some([rows, cols]) => {
                        [rows.around(stage.taken[0]), cols.around(stage.taken[1])]
                    }
                });
            }
            plan.stages[idx] = Some(stage);
        }
        Ok(plan)
    }

    /// Multiply-adds of a forward pass and of a backward pass to the input, and all else counted as
    /// the multiply-adds that take as long.
    ///
    /// # Errors
    /// As [`parameters`].
    pub fn operations(&self, graph: &Graph) -> Result<f64> {
        /// Per weight that is drawn.
        const DRAWN: f64 = 128.0;
        let mut sum = 0.0;
        for (idx, stage) in self.stages.iter().enumerate() {
            let (Some(stage), Some(op)) = (stage, &graph.nodes()[idx].op) else {
                continue;
            };
            let positions = |part: Part| part.map(|span| span.len() as f64).iter().product::<f64>();
            let channels = |shape: Shape| shape.channels().unwrap_or_default() as f64;
            let made = channels(graph.nodes()[idx].shape) * positions(stage.computed);
            let taken = graph.input_shapes(idx).map(channels).sum::<f64>() * positions(stage.taken);
            let parameters = parameters(graph, idx)?;
            let weights = parameters.iter().map(Parameter::count).collect::<Vec<_>>();
            let meeting = match op {
                Op::Conv2d { .. } | Op::Dense { .. } => positions(stage.computed),
                Op::ConvTranspose2d { .. } => positions(stage.taken),
                _ => 0.0,
            };
            sum += 2.0 * weights.first().unwrap_or(&0.0) * meeting
                + DRAWN * weights.iter().sum::<f64>()
                + cost_per_value(op) * (taken + made);
        }
        Ok(sum)
    }

    fn stage(&self, graph: &Graph, place: usize, part: Part) -> Result<Stage> {
        let node = &graph.nodes()[place];
        let (Some(op), Some(input)) = (&node.op, graph.input_shapes(place).next()) else {
            return Ok(Stage::alike(part));
        };
        let [rows, cols] = [Axis::Height, Axis::Width].map(|axis| {
            let map = Along {
                op,
                axis,
                input: input.spatial()[axis as usize].map(|extent| extent as i64),
                output: node.shape.spatial()[axis as usize].map(|extent| extent as i64),
                window: window(op, input.spatial())?,
                batch_statistics: self.batch_statistics,
            };
            let reach = map
                .reach(part[axis as usize])
                .ok_or_else(|| unknown(input))?;
            check_bounds(reach.taken)?;
            Ok(reach)
        });
        let (rows, cols) = (rows?, cols?);
        Ok(Stage {
            taken: [rows.taken, cols.taken],
            computed: [rows.computed, cols.computed],
            padding: Sides {
                top: rows.padding[0],
                bottom: rows.padding[1],
                left: cols.padding[0],
                right: cols.padding[1],
            },
            output_padding: [rows.output_padding, cols.output_padding],
        })
    }
}

/// How many multiply-adds take as long as a layer's work on one value, but for those it has; measured
/// in WebAssembly.
fn cost_per_value(op: &Op) -> f64 {
    const MOVED: f64 = 32.0;
    const ELEMENTARY: f64 = 256.0;
    match op {
        Op::Activation { kind } if matches!(&kind[..], "relu" | "leaky_relu" | "relu6") => {
            2.0 * MOVED
        }
        Op::Activation { .. } | Op::Softmax {} | Op::LocalResponseNorm { .. } => ELEMENTARY,
        Op::Pool2d { kind, size, .. } => {
            let cells = size[0] as f64 * size[1] as f64;
            match kind {
                Pooling::Lp => ELEMENTARY * cells,
                Pooling::Max | Pooling::Average => MOVED + 8.0 * cells,
            }
        }
        _ => MOVED,
    }
}

impl Stage {
    fn alike(part: Part) -> Stage {
        Stage {
            taken: part,
            computed: part,
            padding: Sides::default(),
            output_padding: [0, 0],
        }
    }
}

/// One axis of a [`Stage`].
struct Reach {
    taken: Span,
    computed: Span,
    padding: [usize; 2],
    output_padding: usize,
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

/// An operator along an axis. An extent is `None` where the map has no ends.
struct Along<'a> {
    op: &'a Op,
    axis: Axis,
    input: Option<i64>,
    output: Option<i64>,
    window: Option<Window>,
    batch_statistics: bool,
}

impl Along<'_> {
    /// What `wanted` is computed from; `None` if that depends on an extent that is not known.
    fn reach(&self, wanted: Span) -> Option<Reach> {
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

/// Keeps every position far below the limits of `i64`: one step multiplies it by at most 2^20.
fn check_bounds(span: Span) -> Result<()> {
    const LIMIT: i64 = 1 << 40;
    if span.start > -LIMIT && span.end < LIMIT {
        return Ok(());
    }
    Err(Error::TooLarge {
        operator: OPERATOR,
        limit: BUDGET_BYTES,
        needed: usize::MAX,
    })
}

fn unknown(input: Shape) -> Error {
    Error::ShapeMismatch {
        operator: OPERATOR,
        argument: "input",
        expected: "a given height and width".into(),
        got: input.to_string(),
    }
}
