//! What one output position of a layer touches of its input, along one axis.

use crate::error::{Axis, Result};
use crate::net::op::shape::{Shape, window};
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
        /// What stands outside the input.
        fill: PaddingMode,
    },
    /// The windows turned round: all positions whose window, laid on the output, covers this one.
    Transposed {
        /// Output positions that an input position covers.
        kernel: usize,
        /// Distance of neighbouring windows on the output.
        stride: usize,
        /// Distance within a window.
        dilation: usize,
        /// Pixels cut off the output before its first.
        before: usize,
    },
    /// The nearest position of a map enlarged by `scale`.
    Nearest {
        /// Output extent over input extent.
        scale: usize,
    },
    /// The two nearest positions of a map enlarged by `scale`, one if it is met exactly.
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
    /// A region of an input whose extent is not known.
    Unknown,
}

/// `count` positions, `step` apart, from `start` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Taps {
    /// The smallest.
    pub start: i64,
    /// At least 1.
    pub step: i64,
    /// None at all if 0.
    pub count: i64,
}

impl Taps {
    /// The largest; below `start` if there is none.
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
        let window = window(op, spatial)?;
        Ok(match (op, window) {
            (Op::ConvTranspose2d { .. }, Some(window)) => Footprint::Transposed {
                kernel: window.kernel[axis as usize],
                stride: window.stride[axis as usize],
                dilation: window.dilation[axis as usize],
                before: window.padding.along(axis)[0],
            },
            (_, Some(window)) => Footprint::Window {
                kernel: window.kernel[axis as usize],
                stride: window.stride[axis as usize],
                dilation: window.dilation[axis as usize],
                before: before(op, &window, axis, extent),
                fill: match op {
                    Op::BlurPool2d { .. } => PaddingMode::Reflect,
                    _ => PaddingMode::Zeros,
                },
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
            _ => Footprint::POINT,
        })
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

    /// `[outputs, inputs]`: a step by so many outputs moves what they touch by so many inputs, and
    /// no shorter one does so in general.
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

    /// Whether neighbouring positions touch what lies side by side, so that a run of positions touches
    /// a run.
    pub fn overlaps(&self) -> bool {
        match *self {
            Footprint::Window {
                kernel,
                stride,
                dilation,
                ..
            } => dilation == 1 && stride <= kernel,
            Footprint::All(_) => true,
            _ => false,
        }
    }

    /// What stands where the taps lie outside the input.
    pub fn fill(&self) -> PaddingMode {
        match *self {
            Footprint::Window { fill, .. } => fill,
            Footprint::Bilinear { .. } => PaddingMode::Replicate,
            _ => PaddingMode::Zeros,
        }
    }
}

fn before(op: &Op, window: &Window, axis: Axis, extent: Option<usize>) -> Option<usize> {
    match op {
        Op::Conv2d {
            padding: Padding::Same,
            ..
        }
        | Op::Pool2d {
            padding: Padding::Same,
            ..
        } if extent.is_none() => window.same_padding_before(axis),
        _ => Some(window.padding.along(axis)[0]),
    }
}

/// All x with x · stride + cell · dilation = `place` for a cell of the kernel.
fn covering(place: i64, kernel: i64, stride: i64, dilation: i64) -> Taps {
    let common = gcd(stride, dilation);
    let (cell_step, step) = (stride / common, dilation / common);
    let none = Taps {
        start: 0,
        step,
        count: 0,
    };
    if place.rem_euclid(common) != 0 {
        return none;
    }
    let rest = (place / common).rem_euclid(cell_step);
    let first_cell = (rest * inverse(step, cell_step)).rem_euclid(cell_step);
    if first_cell >= kernel {
        return none;
    }
    let count = (kernel - 1 - first_cell) / cell_step + 1;
    let last_cell = first_cell + (count - 1) * cell_step;
    Taps {
        start: (place - last_cell * dilation) / stride,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn positions(footprint: &Footprint, at: i64) -> Vec<i64> {
        let taps = footprint.taps(at).unwrap();
        (0..taps.count)
            .map(|idx| taps.start + idx * taps.step)
            .collect()
    }

    #[test]
    fn a_transposed_footprint_names_the_inputs_whose_windows_cover_the_output() {
        for kernel in 1..6 {
            for stride in 1..6 {
                for dilation in 1..5 {
                    for before in 0..4 {
                        let footprint = Footprint::Transposed {
                            kernel,
                            stride,
                            dilation,
                            before,
                        };
                        for at in -9..9 {
                            let covers = |input: &i64| {
                                (0..kernel as i64).any(|cell| {
                                    input * stride as i64 + cell * dilation as i64
                                        == at + before as i64
                                })
                            };
                            let expected = (-40..40).filter(covers).collect::<Vec<_>>();
                            assert_eq!(
                                positions(&footprint, at),
                                expected,
                                "{footprint:?} at {at}"
                            );
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn a_bilinear_footprint_has_the_pixels_of_weight() {
        for scale in 1..6 {
            for at in -6..12 {
                let place = (at as f64 + 0.5) / scale as f64 - 0.5;
                let expected = (-9..20)
                    .filter(|&input| (input as f64 - place).abs() < 1.0 - 1e-9)
                    .collect::<Vec<_>>();
                assert_eq!(positions(&Footprint::Bilinear { scale }, at), expected);
            }
        }
    }

    #[test]
    fn footprints_repeat_at_their_pace() {
        let footprints = [
            Footprint::Transposed {
                kernel: 3,
                stride: 4,
                dilation: 2,
                before: 1,
            },
            Footprint::Nearest { scale: 3 },
            Footprint::Bilinear { scale: 3 },
            Footprint::Regions {
                input: 14,
                output: 6,
            },
        ];
        for footprint in footprints {
            let [outputs, inputs] = footprint.pace();
            for at in -7..7 {
                let (here, there) = (
                    footprint.taps(at).unwrap(),
                    footprint.taps(at + outputs).unwrap(),
                );
                assert_eq!(here.count, there.count);
                if here.count > 0 {
                    assert_eq!(here.start + inputs, there.start, "{footprint:?}");
                }
            }
        }
    }
}
