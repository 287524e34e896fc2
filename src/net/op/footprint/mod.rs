//! Which input positions an output position of an operator touches, along one axis.
//!
//! The only place that says so: receptive fields, networks computed in part and the pooling lab all
//! ask here.

#[cfg(test)]
mod tests;

use crate::error::{Axis, Result};
use crate::net::op::shape::Shape;
use crate::net::op::span::Span;
use crate::net::op::window::window;
use crate::net::spec::{Interpolation, Op};
use crate::window::{Padding, PaddingMode, Window};

/// The input positions that an output position touches, as a function of that position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Footprint {
    /// `kernel` positions, `dilation` apart, the first at `stride` · position − `before`.
    Window {
        /// Number of positions.
        kernel: usize,
        /// Distance of neighbouring windows.
        stride: usize,
        /// Distance within a window.
        dilation: usize,
        /// Padding before the input; `None` if it depends on an extent that is not known.
        before: Option<usize>,
        /// How padding is filled.
        fill: PaddingMode,
    },
    /// The reverse of a window: all input positions whose window, laid on the output, covers this
    /// output position.
    Transposed {
        /// Output positions that an input position covers.
        kernel: usize,
        /// Distance of neighbouring windows on the output.
        stride: usize,
        /// Distance within a window.
        dilation: usize,
        /// Pixels cut off at the start of the output.
        before: usize,
    },
    /// The nearest position of a map enlarged by `scale`.
    Nearest {
        /// Output extent over input extent.
        scale: usize,
    },
    /// The two nearest positions of a map enlarged by `scale`; a single one where the output's
    /// centre falls exactly on it.
    Bilinear {
        /// Output extent over input extent.
        scale: usize,
    },
    /// One of `output` regions of about equal length.
    Regions {
        /// Extent of the input.
        input: usize,
        /// Extent of the output.
        output: usize,
    },
    /// Every position; `None` if their number is not known.
    All(Option<usize>),
    /// A region of an input of unknown extent.
    Unknown,
}

/// `count` positions, `step` apart, from `start` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taps {
    /// The smallest.
    pub start: i64,
    /// At least 1.
    pub step: i64,
    /// May be 0.
    pub count: i64,
}

impl Taps {
    /// The largest; below `start` if there are none.
    pub fn end(&self) -> i64 {
        self.start + self.step * (self.count - 1)
    }
}

impl Footprint {
    /// Each position touches its own.
    pub const POINT: Footprint = Footprint::Window {
        kernel: 1,
        stride: 1,
        dilation: 1,
        before: Some(0),
        fill: PaddingMode::Zeros,
    };

    /// The footprint of `op` on an input of shape `input`.
    ///
    /// # Errors
    /// As [`Window::new`]; none for a layer of a checked graph.
    pub fn of(op: &Op, input: Shape, axis: Axis) -> Result<Footprint> {
        let spatial = input.spatial();
        let extent = spatial[axis as usize];
        Ok(match (op, window(op, spatial)?) {
            (Op::Conv2d { padding, .. } | Op::Pool2d { padding, .. }, Some(window)) => {
                let before = match (padding, extent) {
                    (Padding::Same, None) => window.same_padding_before(axis),
                    _ => Some(window.padding.along(axis)[0]),
                };
                Footprint::sliding(&window, axis, before, PaddingMode::Zeros)
            }
            (Op::BlurPool2d { .. }, Some(window)) => {
                let before = Some(window.padding.along(axis)[0]);
                Footprint::sliding(&window, axis, before, PaddingMode::Reflect)
            }
            (Op::ConvTranspose2d { .. }, Some(window)) => Footprint::Transposed {
                kernel: window.kernel[axis as usize],
                stride: window.stride[axis as usize],
                dilation: window.dilation[axis as usize],
                before: window.padding.along(axis)[0],
            },
            (Op::Pad2d { padding, mode }, _) => Footprint::Window {
                kernel: 1,
                stride: 1,
                dilation: 1,
                before: Some(padding.along(axis)[0]),
                fill: *mode,
            },
            (Op::Resize2d { scale, kind }, _) => {
                let scale = scale[axis as usize];
                match kind {
                    Interpolation::Nearest => Footprint::Nearest { scale },
                    Interpolation::Bilinear => Footprint::Bilinear { scale },
                }
            }
            (Op::AdaptivePool2d { size, .. }, _) => match (extent, size[axis as usize]) {
                (extent, 1) => Footprint::All(extent),
                (Some(input), output) => Footprint::Regions { input, output },
                (None, _) => Footprint::Unknown,
            },
            (
                Op::GlobalPool2d { .. } | Op::GroupNorm { .. } | Op::Flatten {} | Op::Dense { .. },
                _,
            ) => Footprint::All(extent),
            (
                Op::Activation { .. }
                | Op::Prelu {}
                | Op::BatchNorm { .. }
                | Op::LocalResponseNorm { .. }
                | Op::Dropout { .. }
                | Op::Scale { .. }
                | Op::ChannelScale {}
                | Op::Add {}
                | Op::Concat {}
                | Op::Softmax {},
                _,
            )
            // These always have a window.
            | (
                Op::Conv2d { .. }
                | Op::ConvTranspose2d { .. }
                | Op::Pool2d { .. }
                | Op::BlurPool2d { .. },
                None,
            ) => Footprint::POINT,
        })
    }

    /// The footprint of a window whose padding is known, filled with zeros.
    pub fn of_window(window: &Window, axis: Axis) -> Footprint {
        let before = Some(window.padding.along(axis)[0]);
        Footprint::sliding(window, axis, before, PaddingMode::Zeros)
    }

    fn sliding(window: &Window, axis: Axis, before: Option<usize>, fill: PaddingMode) -> Footprint {
        Footprint::Window {
            kernel: window.kernel[axis as usize],
            stride: window.stride[axis as usize],
            dilation: window.dilation[axis as usize],
            before,
            fill,
        }
    }

    /// What output position `at` touches, as if the input had no ends. `None` if that depends on an
    /// extent that is not known.
    pub fn taps(&self, at: i64) -> Option<Taps> {
        let taps = |start, count| {
            Some(Taps {
                start,
                step: 1,
                count,
            })
        };
        match *self {
            Footprint::Window {
                kernel,
                stride,
                dilation,
                before,
                ..
            } => Some(Taps {
                start: at.checked_mul(stride as i64)? - before? as i64,
                step: dilation as i64,
                count: kernel as i64,
            }),
            Footprint::Transposed {
                kernel,
                stride,
                dilation,
                before,
            } => Some(covering(
                at + before as i64,
                kernel as i64,
                stride as i64,
                dilation as i64,
            )),
            Footprint::Nearest { scale } => taps(at.div_euclid(scale as i64), 1),
            Footprint::Bilinear { scale } => {
                // Half-pixel centres: (at + 1/2) / scale − 1/2, over a common denominator.
                let scale = scale as i64;
                let (doubled, denominator) = (2 * at + 1 - scale, 2 * scale);
                let between = doubled.rem_euclid(denominator) != 0;
                taps(doubled.div_euclid(denominator), 1 + i64::from(between))
            }
            Footprint::Regions { input, output } => {
                let (input, output) = (input as i64, output as i64);
                let start = at.checked_mul(input)?.div_euclid(output);
                let past = -(-(at + 1).checked_mul(input)?).div_euclid(output);
                taps(start, past - start)
            }
            Footprint::All(extent) => taps(0, extent? as i64),
            Footprint::Unknown => None,
        }
    }

    /// The input positions from the first to the last that the run `outputs` touches, as if the
    /// input had no ends. `None` if that depends on an extent that is not known.
    ///
    /// For [`Footprint::Transposed`] those whose windows overlap the run, even where a dilated window
    /// skips it. If none does, the span ends at or before its start.
    pub(crate) fn span(&self, outputs: Span) -> Option<Span> {
        let [first, last] = match *self {
            Footprint::Window { .. } => self.windows()?.covered_by(outputs),
            Footprint::Transposed { .. } => self.windows()?.overlapping(outputs),
            Footprint::Nearest { .. }
            | Footprint::Bilinear { .. }
            | Footprint::Regions { .. }
            | Footprint::All(_)
            | Footprint::Unknown => [
                self.taps(outputs.start)?.start,
                self.taps(outputs.end - 1)?.end(),
            ],
        };
        Some(Span {
            start: first,
            end: last + 1,
        })
    }

    /// The first and the last output whose window overlaps the run `inputs`; the last comes before
    /// the first if none does. `None` for footprints without a window, and if its padding is not
    /// known.
    pub(in crate::net) fn outputs_meeting(&self, inputs: Span) -> Option<[i64; 2]> {
        let windows = self.windows()?;
        Some(match self {
            Footprint::Transposed { .. } => windows.covered_by(inputs),
            _ => windows.overlapping(inputs),
        })
    }

    fn windows(&self) -> Option<Windows> {
        let (kernel, stride, dilation, before) = match *self {
            Footprint::Window {
                kernel,
                stride,
                dilation,
                before,
                ..
            } => (kernel, stride, dilation, before?),
            Footprint::Transposed {
                kernel,
                stride,
                dilation,
                before,
            } => (kernel, stride, dilation, before),
            Footprint::Nearest { .. }
            | Footprint::Bilinear { .. }
            | Footprint::Regions { .. }
            | Footprint::All(_)
            | Footprint::Unknown => return None,
        };
        Some(Windows {
            covered: (dilation * (kernel - 1) + 1) as i64,
            stride: stride as i64,
            before: before as i64,
        })
    }

    /// `[outputs, inputs]`: a step of so many outputs moves what they touch by so many inputs; the
    /// shortest step for which that holds everywhere.
    pub fn pace(&self) -> [i64; 2] {
        match *self {
            Footprint::Window { stride, .. } => [1, stride as i64],
            Footprint::Transposed { stride, .. } => [stride as i64, 1],
            Footprint::Nearest { scale } | Footprint::Bilinear { scale } => [scale as i64, 1],
            Footprint::Regions { input, output } => {
                let common = gcd(input as i64, output as i64);
                [output as i64 / common, input as i64 / common]
            }
            Footprint::All(_) | Footprint::Unknown => [1, 0],
        }
    }

    /// Whether a run of positions always touches a run, without gaps.
    pub fn overlaps(&self) -> bool {
        match *self {
            Footprint::Window {
                kernel,
                stride,
                dilation,
                ..
            } => dilation == 1 && stride <= kernel,
            Footprint::All(_) => true,
            Footprint::Transposed { .. }
            | Footprint::Nearest { .. }
            | Footprint::Bilinear { .. }
            | Footprint::Regions { .. }
            | Footprint::Unknown => false,
        }
    }

    /// How the positions outside the input are filled.
    pub fn fill(&self) -> PaddingMode {
        match *self {
            Footprint::Window { fill, .. } => fill,
            Footprint::Bilinear { .. } => PaddingMode::Replicate,
            Footprint::Transposed { .. }
            | Footprint::Nearest { .. }
            | Footprint::Regions { .. }
            | Footprint::All(_)
            | Footprint::Unknown => PaddingMode::Zeros,
        }
    }
}

/// Windows `stride` positions apart: window i runs from i · `stride` − `before` over `covered`
/// positions.
struct Windows {
    covered: i64,
    stride: i64,
    before: i64,
}

impl Windows {
    /// The first and the last position of a run of windows.
    fn covered_by(&self, windows: Span) -> [i64; 2] {
        let start = |window: i64| window * self.stride - self.before;
        [
            start(windows.start),
            start(windows.end - 1) + self.covered - 1,
        ]
    }

    /// The first and the last window that overlaps a run of positions; the last comes before the
    /// first if none does.
    fn overlapping(&self, positions: Span) -> [i64; 2] {
        let last_to_start_by = |position: i64| (position + self.before).div_euclid(self.stride);
        [
            last_to_start_by(positions.start - self.covered) + 1,
            last_to_start_by(positions.end - 1),
        ]
    }
}

/// All x with x · stride + cell · dilation = `position` for a cell of the kernel.
fn covering(position: i64, kernel: i64, stride: i64, dilation: i64) -> Taps {
    let common = gcd(stride, dilation);
    let (cell_step, step) = (stride / common, dilation / common);
    let none = Taps {
        start: 0,
        step,
        count: 0,
    };
    if position.rem_euclid(common) != 0 {
        return none;
    }
    let rest = (position / common).rem_euclid(cell_step);
    let first_cell = (rest * inverse(step, cell_step)).rem_euclid(cell_step);
    if first_cell >= kernel {
        return none;
    }
    let count = (kernel - 1 - first_cell) / cell_step + 1;
    let last_cell = first_cell + (count - 1) * cell_step;
    Taps {
        start: (position - last_cell * dilation) / stride,
        step,
        count,
    }
}

/// The greatest common divisor; of 0 and a number, that number.
pub fn gcd(a: i64, b: i64) -> i64 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The number by which `a` becomes 1 modulo `modulus`, by Euclid's algorithm; they have no common
/// divisor.
fn inverse(a: i64, modulus: i64) -> i64 {
    let (mut remainder, mut next_remainder) = (modulus, a.rem_euclid(modulus));
    let (mut factor, mut next_factor) = (0, 1);
    while next_remainder != 0 {
        let quotient = remainder / next_remainder;
        (remainder, next_remainder) = (next_remainder, remainder - quotient * next_remainder);
        (factor, next_factor) = (next_factor, factor - quotient * next_factor);
    }
    factor.rem_euclid(modulus)
}
