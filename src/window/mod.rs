//! A sliding window: kernel extent, stride, padding, dilation. The only output-size formula.
//!
//! Convolution, pooling and receptive fields all slide the same window, so they all use
//! [`Window`]; nothing else computes an output size.

pub(crate) mod forms;

use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::error::{Axis, Error, Result};

/// Pixels added around the input, per side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Sides {
    /// Rows above the input.
    pub top: usize,
    /// Columns left of the input.
    pub left: usize,
    /// Rows below the input.
    pub bottom: usize,
    /// Columns right of the input.
    pub right: usize,
}

impl Sides {
    /// The same padding on all four sides.
    pub const fn all(extent: usize) -> Self {
        Sides {
            top: extent,
            left: extent,
            bottom: extent,
            right: extent,
        }
    }

    /// `[before, after]` along an axis.
    pub const fn along(&self, axis: Axis) -> [usize; 2] {
        match axis {
            Axis::Height => [self.top, self.bottom],
            Axis::Width => [self.left, self.right],
        }
    }
}

/// How much padding surrounds the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Padding {
    /// No padding: the window stays inside the input.
    #[default]
    Valid,
    /// Output extent = ceil(input / stride); an odd pixel goes to the bottom and the right.
    ///
    /// PyTorch's `"same"` at stride 1, TensorFlow's `SAME` and ONNX's `SAME_UPPER` at any stride.
    Same,
    /// Every position where window and input overlap at all.
    Full,
    /// Given per side.
    Explicit(Sides),
}

/// What stands outside the input.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaddingMode {
    /// Zeros.
    #[default]
    Zeros,
    /// The input mirrored at its border pixel, which is not repeated: `c b | a b c | b a`.
    Reflect,
    /// The border pixel repeated: `a a | a b c | c c`.
    Replicate,
    /// The input repeated: `b c | a b c | a b`.
    Circular,
}

impl PaddingMode {
    /// Every mode, in the order in which they are offered.
    pub const ALL: [PaddingMode; 4] = [
        PaddingMode::Zeros,
        PaddingMode::Reflect,
        PaddingMode::Replicate,
        PaddingMode::Circular,
    ];

    /// The name in options and links.
    pub const fn name(self) -> &'static str {
        match self {
            PaddingMode::Zeros => "zeros",
            PaddingMode::Reflect => "reflect",
            PaddingMode::Replicate => "replicate",
            PaddingMode::Circular => "circular",
        }
    }

    /// The input index that stands at `position` of the unpadded axis, or `None` for a zero.
    ///
    /// `position` may lie outside `0..extent` by at most what [`check_padding`] allows.
    pub fn source(self, position: isize, extent: usize) -> Option<usize> {
        let n = extent as isize;
        let inside = match self {
            PaddingMode::Zeros => (0..n).contains(&position).then_some(position),
            PaddingMode::Reflect if position < 0 => Some(-position),
            PaddingMode::Reflect if position >= n => Some(2 * (n - 1) - position),
            PaddingMode::Reflect => Some(position),
            PaddingMode::Replicate => Some(position.clamp(0, n - 1)),
            PaddingMode::Circular => Some(position.rem_euclid(n)),
        };
        inside.map(|index| index as usize)
    }
}

/// A checked window whose padding is known per side.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// Kernel extent `[rows, columns]`, at least 1.
    pub kernel: [usize; 2],
    /// Step between neighbouring outputs `[rows, columns]`, at least 1.
    pub stride: [usize; 2],
    /// Distance between neighbouring kernel cells `[rows, columns]`, at least 1.
    pub dilation: [usize; 2],
    /// Padding per side.
    pub padding: Sides,
}

/// Where one kernel cell meets the input along an axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reach {
    /// Positions of the window.
    pub positions: Range<usize>,
    /// Input index below the cell at the first position; the next ones follow by the stride.
    pub first_input: usize,
}

/// Largest kernel extent, stride, dilation or padding accepted: keeps every sum below `usize`'s
/// limit on 32-bit targets.
const EXTENT_LIMIT: usize = 1 << 20;

impl Window {
    /// Checks the parts and resolves `padding` for an input of `input` `[rows, columns]`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] naming the first part that is 0 or absurdly large.
    pub fn new(
        operator: &'static str,
        kernel: [usize; 2],
        stride: [usize; 2],
        dilation: [usize; 2],
        padding: Padding,
        input: [usize; 2],
    ) -> Result<Self> {
        for (argument, values, least) in [
            ("kernel", kernel, 1),
            ("stride", stride, 1),
            ("dilation", dilation, 1),
            ("input", input, 0),
        ] {
            check_extents(operator, argument, &values, least)?;
        }
        for (covered, argument) in [
            (covered(kernel, dilation, 0), "dilation"),
            (covered(kernel, dilation, 1), "dilation"),
        ] {
            check_extents(operator, argument, &[covered], 1)?;
        }
        let window = Window {
            kernel,
            stride,
            dilation,
            padding: Sides::default(),
        };
        let padding = match padding {
            Padding::Valid => Sides::default(),
            Padding::Full => Sides {
                top: window.covered(Axis::Height) - 1,
                bottom: window.covered(Axis::Height) - 1,
                left: window.covered(Axis::Width) - 1,
                right: window.covered(Axis::Width) - 1,
            },
            Padding::Same => {
                let [top, bottom] = window.same_padding(Axis::Height, input[0]);
                let [left, right] = window.same_padding(Axis::Width, input[1]);
                Sides {
                    top,
                    left,
                    bottom,
                    right,
                }
            }
            Padding::Explicit(sides) => sides,
        };
        let Sides {
            top,
            left,
            bottom,
            right,
        } = padding;
        check_extents(operator, "padding", &[top, left, bottom, right], 0)?;
        Ok(Window { padding, ..window })
    }

    /// Padding before an input of unknown extent under [`Padding::Same`], if it is the same for all.
    pub fn same_padding_before(&self, axis: Axis) -> Option<usize> {
        // Between the last start of a window and the end lie 1 to stride pixels of the input.
        let covered = self.covered(axis);
        let least = covered.saturating_sub(self.stride[axis as usize]) / 2;
        ((covered - 1) / 2 == least).then_some(least)
    }

    /// Input pixels from the first to the last kernel cell along `axis`: dilation · (kernel − 1) + 1.
    pub const fn covered(&self, axis: Axis) -> usize {
        covered(self.kernel, self.dilation, axis as usize)
    }

    /// Number of positions of the window along `axis`:
    /// floor((input + before + after − dilation · (kernel − 1) − 1) / stride) + 1.
    ///
    /// # Errors
    /// [`Error::WindowTooLarge`] if the window does not fit even once.
    ///
    /// # Source
    /// Dumoulin and Visin, arXiv:1603.07285, relationship 15 (dilation), of which
    /// relationship 6 is the case of dilation 1.
    pub fn output_extent(&self, operator: &'static str, axis: Axis, input: usize) -> Result<usize> {
        self.positions(operator, axis, input, 0)
    }

    /// [`Window::output_extent`] with the quotient rounded up: a last window may hang over the end
    /// of the padded input, but must start inside the input or the padding before it.
    ///
    /// # Errors
    /// [`Error::WindowTooLarge`] if not even one such window exists.
    ///
    /// # Source
    /// PyTorch's `ceil_mode` of pooling; ONNX since operator set 22 does the same.
    pub fn output_extent_ceil(
        &self,
        operator: &'static str,
        axis: Axis,
        input: usize,
    ) -> Result<usize> {
        let stride = self.stride[axis as usize];
        let positions = self.positions(operator, axis, input, stride - 1)?;
        let [before, _] = self.padding.along(axis);
        let starting_early_enough = (before + input - 1) / stride + 1;
        Ok(positions.min(starting_early_enough))
    }

    /// Extent of a transposed convolution's output along `axis`: the input extent that a
    /// convolution with this window would shrink to `input`, plus `output_padding`,
    /// (input − 1) · stride + dilation · (kernel − 1) + 1 + output_padding − before − after.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the padding leaves nothing, the input is empty or the output absurdly
    /// large.
    ///
    /// # Source
    /// Dumoulin and Visin, arXiv:1603.07285, relationship 14; PyTorch's `conv_transpose2d`.
    pub fn transposed_extent(
        &self,
        operator: &'static str,
        axis: Axis,
        input: usize,
        output_padding: usize,
    ) -> Result<usize> {
        check_extents(operator, "input", &[input], 1)?;
        let canvas = (input - 1)
            .saturating_mul(self.stride[axis as usize])
            .saturating_add(self.covered(axis))
            .saturating_add(output_padding);
        check_extents(operator, "output", &[canvas], 1)?;
        let [before, after] = self.padding.along(axis);
        if before + after >= canvas {
            return Err(Error::OutOfRange {
                operator,
                argument: "padding",
                min: 0.0,
                max: (canvas - 1) as f64,
                got: (before + after) as f64,
            });
        }
        Ok(canvas - before - after)
    }

    /// The input index below each kernel cell when the window is at position `out_idx`; in the
    /// padding it is negative or past the end.
    pub fn taps(&self, axis: Axis, out_idx: usize) -> Vec<isize> {
        let start = (out_idx * self.stride[axis as usize]) as isize;
        let [before, _] = self.padding.along(axis);
        (0..self.kernel[axis as usize])
            .map(|cell| start + (cell * self.dilation[axis as usize]) as isize - before as isize)
            .collect()
    }

    /// The kernel cells that stand inside the input when the window is at position `out_idx`.
    pub fn cells_inside(&self, axis: Axis, out_idx: usize, input: usize) -> Range<usize> {
        self.cells(axis, out_idx, self.padding.along(axis)[0], input)
    }

    /// Number of kernel cells inside the padded input when the window is at position `out_idx`:
    /// all of them, unless the window hangs over the end ([`Window::output_extent_ceil`]).
    pub fn cells_inside_padding(&self, axis: Axis, out_idx: usize, input: usize) -> usize {
        let [before, after] = self.padding.along(axis);
        self.cells(axis, out_idx, 0, before + input + after).len()
    }

    /// The positions `0..output` at which kernel cell `cell` stands inside the input, and the
    /// input index below it at the first of them.
    pub fn reach(&self, axis: Axis, cell: usize, input: usize, output: usize) -> Reach {
        let (stride, [before, _]) = (self.stride[axis as usize], self.padding.along(axis));
        let offset = cell * self.dilation[axis as usize];
        let end = match (input + before).checked_sub(offset) {
            Some(room) => room.div_ceil(stride).min(output),
            None => 0,
        };
        let start = before.saturating_sub(offset).div_ceil(stride).min(end);
        Reach {
            positions: start..end,
            first_input: (start * stride + offset).saturating_sub(before),
        }
    }

    fn cells(&self, axis: Axis, out_idx: usize, before: usize, extent: usize) -> Range<usize> {
        let (kernel, dilation) = (self.kernel[axis as usize], self.dilation[axis as usize]);
        let start = out_idx * self.stride[axis as usize];
        let end = (extent + before)
            .saturating_sub(start)
            .div_ceil(dilation)
            .min(kernel);
        before.saturating_sub(start).div_ceil(dilation).min(end)..end
    }

    fn positions(
        &self,
        operator: &'static str,
        axis: Axis,
        input: usize,
        overhang: usize,
    ) -> Result<usize> {
        let [before, after] = self.padding.along(axis);
        let padded = input + before + after;
        let window = self.covered(axis);
        if window > padded + overhang || input == 0 {
            return Err(Error::WindowTooLarge {
                operator,
                axis,
                window,
                input: padded,
            });
        }
        Ok((padded + overhang - window) / self.stride[axis as usize] + 1)
    }

    /// [`Window::output_extent`] of both axes: `[rows, columns]`.
    ///
    /// # Errors
    /// As [`Window::output_extent`].
    pub fn output_size(&self, operator: &'static str, input: [usize; 2]) -> Result<[usize; 2]> {
        Ok([
            self.output_extent(operator, Axis::Height, input[0])?,
            self.output_extent(operator, Axis::Width, input[1])?,
        ])
    }

    fn same_padding(&self, axis: Axis, input: usize) -> [usize; 2] {
        let stride = self.stride[axis as usize];
        let last_start = input.div_ceil(stride).saturating_sub(1) * stride;
        let total = (last_start + self.covered(axis)).saturating_sub(input);
        [total / 2, total - total / 2]
    }
}

/// Checks that `mode` can fill `padding` around an input of `input` `[rows, columns]`.
///
/// # Errors
/// [`Error::PaddingTooLarge`]: reflection needs padding < input, wrapping needs padding <= input, and
/// an empty input has no border to repeat; as in PyTorch.
pub fn check_padding(
    operator: &'static str,
    mode: PaddingMode,
    padding: Sides,
    input: [usize; 2],
) -> Result<()> {
    for axis in [Axis::Height, Axis::Width] {
        let extent = input[axis as usize];
        let limit = match mode {
            PaddingMode::Zeros => continue,
            PaddingMode::Replicate if extent > 0 => continue,
            PaddingMode::Replicate => 0,
            PaddingMode::Reflect => extent.saturating_sub(1),
            PaddingMode::Circular => extent,
        };
        let got = padding.along(axis).into_iter().max().unwrap_or(0);
        if got > limit {
            return Err(Error::PaddingTooLarge {
                operator,
                axis,
                mode: mode.name(),
                limit,
                got,
            });
        }
    }
    Ok(())
}

const fn covered(kernel: [usize; 2], dilation: [usize; 2], axis: usize) -> usize {
    dilation[axis]
        .saturating_mul(kernel[axis] - 1)
        .saturating_add(1)
}

/// Checks that each of `values` lies between `least` and the largest extent accepted.
///
/// # Errors
/// [`Error::OutOfRange`] naming `argument`.
pub(crate) fn check_extents(
    operator: &'static str,
    argument: &'static str,
    values: &[usize],
    least: usize,
) -> Result<()> {
    match values
        .iter()
        .find(|value| !(least..=EXTENT_LIMIT).contains(value))
    {
        None => Ok(()),
        Some(&got) => Err(Error::OutOfRange {
            operator,
            argument,
            min: least as f64,
            max: EXTENT_LIMIT as f64,
            got: got as f64,
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn extent(
        kernel: usize,
        stride: usize,
        dilation: usize,
        padding: Padding,
        input: usize,
    ) -> Result<usize> {
        Window::new(
            "test",
            [kernel; 2],
            [stride; 2],
            [dilation; 2],
            padding,
            [input; 2],
        )?
        .output_extent("test", Axis::Height, input)
    }

    #[test]
    fn output_extent_counts_the_positions_of_the_window() {
        for kernel in 1..8 {
            for stride in 1..5 {
                for dilation in 1..4 {
                    for pad in 0..4 {
                        for input in 1..16 {
                            let window = dilation * (kernel - 1) + 1;
                            let positions = (0..input + 2 * pad)
                                .step_by(stride)
                                .filter(|start| start + window <= input + 2 * pad)
                                .count();
                            let got = extent(
                                kernel,
                                stride,
                                dilation,
                                Padding::Explicit(Sides::all(pad)),
                                input,
                            );
                            assert_eq!(got.ok(), (positions > 0).then_some(positions));
                        }
                    }
                }
            }
        }
    }

    #[test]
    fn same_gives_the_ceiling_of_input_over_stride() {
        for kernel in 1..10 {
            for stride in 1..5 {
                for dilation in 1..4 {
                    for input in 1..20 {
                        let got = extent(kernel, stride, dilation, Padding::Same, input);
                        assert_eq!(
                            got,
                            Ok(input.div_ceil(stride)),
                            "{kernel} {stride} {dilation} {input}"
                        );
                    }
                }
            }
        }
    }

    #[test]
    fn same_puts_the_odd_pixel_at_the_end() {
        let window = Window::new("test", [4, 2], [1, 1], [1, 1], Padding::Same, [9, 9]).unwrap();
        assert_eq!(
            window.padding,
            Sides {
                top: 1,
                bottom: 2,
                left: 0,
                right: 1
            }
        );
    }

    #[test]
    fn full_covers_every_overlap() {
        assert_eq!(extent(3, 1, 2, Padding::Full, 7), Ok(7 + 4));
    }

    #[test]
    fn a_window_wider_than_the_input_is_an_error() {
        assert_eq!(
            extent(5, 1, 2, Padding::Valid, 8),
            Err(Error::WindowTooLarge {
                operator: "test",
                axis: Axis::Height,
                window: 9,
                input: 8
            })
        );
    }

    #[test]
    fn zero_and_absurd_extents_are_errors() {
        assert!(matches!(
            extent(0, 1, 1, Padding::Valid, 8),
            Err(Error::OutOfRange {
                argument: "kernel",
                ..
            })
        ));
        assert!(matches!(
            extent(3, 0, 1, Padding::Valid, 8),
            Err(Error::OutOfRange {
                argument: "stride",
                ..
            })
        ));
        assert!(matches!(
            extent(3, 1, usize::MAX, Padding::Full, 8),
            Err(Error::OutOfRange {
                argument: "dilation",
                ..
            })
        ));
        assert!(extent(3, 1, 1 << 20, Padding::Full, 8).is_err());
    }

    #[test]
    fn padding_modes_continue_the_input_as_named() {
        let continued = |mode: PaddingMode| (-2..5).map(|i| mode.source(i, 3)).collect::<Vec<_>>();
        assert_eq!(
            continued(PaddingMode::Zeros),
            [None, None, Some(0), Some(1), Some(2), None, None]
        );
        assert_eq!(
            continued(PaddingMode::Reflect),
            [2, 1, 0, 1, 2, 1, 0].map(Some)
        );
        assert_eq!(
            continued(PaddingMode::Replicate),
            [0, 0, 0, 1, 2, 2, 2].map(Some)
        );
        assert_eq!(
            continued(PaddingMode::Circular),
            [1, 2, 0, 1, 2, 0, 1].map(Some)
        );
    }

    #[test]
    fn reflection_needs_a_pixel_to_mirror() {
        assert!(check_padding("test", PaddingMode::Reflect, Sides::all(2), [3, 3]).is_ok());
        assert!(check_padding("test", PaddingMode::Reflect, Sides::all(3), [3, 3]).is_err());
        assert!(check_padding("test", PaddingMode::Circular, Sides::all(3), [3, 3]).is_ok());
        assert!(check_padding("test", PaddingMode::Circular, Sides::all(4), [3, 3]).is_err());
    }

    /// Windows of every small geometry, with the input extent they slide over.
    fn windows() -> impl Iterator<Item = (Window, usize)> {
        let ranges = (1..5_usize).flat_map(|kernel| (1..4).map(move |stride| (kernel, stride)));
        let ranges = ranges.flat_map(|range| (1..4).map(move |dilation| (range, dilation)));
        ranges.flat_map(|((kernel, stride), dilation)| {
            (0..27).map(move |digits| {
                let (before, after, input) = (digits % 3, digits / 3 % 3, 1 + digits / 9 * 3);
                let sides = Sides {
                    top: before,
                    bottom: after,
                    ..Sides::default()
                };
                let window = Window {
                    kernel: [kernel, 1],
                    stride: [stride, 1],
                    dilation: [dilation, 1],
                    padding: sides,
                };
                (window, input)
            })
        })
    }

    #[test]
    fn the_rounded_up_extent_adds_a_window_that_hangs_over_the_end() {
        for (window, input) in windows() {
            let [before, after] = window.padding.along(Axis::Height);
            let (stride, padded) = (window.stride[0], before + input + after);
            // The last position that is needed to cover the padded input, or the last that starts
            // early enough.
            let covered = window.covered(Axis::Height);
            let expected = (0..)
                .take_while(|&position| {
                    let start = position * stride;
                    start < before + input && start + covered < padded + stride
                })
                .count();
            let got = window.output_extent_ceil("test", Axis::Height, input);
            assert_eq!(got.unwrap_or(0), expected, "{window:?} over {input}");
        }
    }

    #[test]
    fn a_transposed_extent_shrinks_back_to_the_extent_it_came_from() {
        for (window, input) in windows() {
            for added in 0..window.stride[0] {
                let Ok(grown) = window.transposed_extent("test", Axis::Height, input, added) else {
                    continue;
                };
                assert_eq!(
                    window.output_extent("test", Axis::Height, grown),
                    Ok(input),
                    "{window:?} over {input} and {added}"
                );
            }
        }
    }

    #[test]
    fn reach_and_cells_inside_name_the_same_meetings() {
        for (window, input) in windows() {
            let Ok(output) = window.output_extent_ceil("test", Axis::Height, input) else {
                continue;
            };
            let [before, after] = window.padding.along(Axis::Height);
            let place = |position: usize, cell: usize| {
                position * window.stride[0] + cell * window.dilation[0]
            };
            for cell in 0..window.kernel[0] {
                let reach = window.reach(Axis::Height, cell, input, output);
                for position in 0..output {
                    let place = place(position, cell);
                    let inside = (before..before + input).contains(&place);
                    let cells = window.cells_inside(Axis::Height, position, input);
                    assert_eq!(reach.positions.contains(&position), inside);
                    assert_eq!(cells.contains(&cell), inside);
                    if position == reach.positions.start && inside {
                        assert_eq!(reach.first_input, place - before);
                    }
                }
            }
            for position in 0..output {
                let expected = (0..window.kernel[0])
                    .filter(|&cell| place(position, cell) < before + input + after)
                    .count();
                let got = window.cells_inside_padding(Axis::Height, position, input);
                assert_eq!(got, expected, "{window:?} at {position}");
            }
        }
    }
}
