//! A sliding window: kernel extent, stride, padding and dilation.
//!
//! Convolution, pooling and receptive fields all slide a [`Window`]; no other code computes an
//! output size.

pub(crate) mod forms;
mod padding;
#[cfg(test)]
mod tests;

use std::ops::Range;

use crate::error::{Axis, Error, Result, check_range};

pub use padding::{Padding, PaddingMode, Sides, check_padding};

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

/// The positions at which one kernel cell lies inside the input, along an axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CellPositions {
    /// Positions of the window.
    pub positions: Range<usize>,
    /// Input index under the cell at the first position; the next ones follow at the stride.
    pub first_input: usize,
}

/// Largest extent, stride, dilation or padding that any operator accepts along an axis: keeps sums
/// of them below `usize::MAX` on 32-bit targets.
pub(crate) const OPERATOR_EXTENT_LIMIT: usize = 1 << 20;

impl Window {
    /// Checks the arguments and resolves `padding` for an input of `input` `[rows, columns]`.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] naming the first argument that is 0 or too large.
    pub fn new(
        operator: &'static str,
        kernel: [usize; 2],
        stride: [usize; 2],
        dilation: [usize; 2],
        padding: Padding,
        input: [usize; 2],
    ) -> Result<Self> {
        check_extents(operator, "kernel", &kernel, 1)?;
        check_extents(operator, "stride", &stride, 1)?;
        check_extents(operator, "dilation", &dilation, 1)?;
        check_extents(operator, "input", &input, 0)?;
        let covered = [0, 1].map(|axis| covered(kernel, dilation, axis));
        check_extents(operator, "dilation", &covered, 1)?;
        let window = Window {
            kernel,
            stride,
            dilation,
            padding: Sides::default(),
        };
        let padding = match padding {
            Padding::Valid => Sides::default(),
            Padding::Full => Sides {
                top: covered[0] - 1,
                bottom: covered[0] - 1,
                left: covered[1] - 1,
                right: covered[1] - 1,
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

    /// Input pixels from the first to the last kernel cell along `axis`: dilation · (kernel −
    /// 1) + 1.
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

    /// [`Window::output_extent`] along both axes: `[rows, columns]`.
    ///
    /// # Errors
    /// As [`Window::output_extent`].
    pub fn output_size(&self, operator: &'static str, input: [usize; 2]) -> Result<[usize; 2]> {
        Ok([
            self.output_extent(operator, Axis::Height, input[0])?,
            self.output_extent(operator, Axis::Width, input[1])?,
        ])
    }

    /// [`Window::output_extent`] with the quotient rounded up: the last window may extend past the
    /// end of the padded input, but must start inside the input or the padding before it.
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
    /// convolution with this window would shrink to `input`, plus `output_padding`, that is
    /// (input − 1) · stride + dilation · (kernel − 1) + 1 + output_padding − before − after.
    ///
    /// # Errors
    /// [`Error::OutOfRange`] if the padding leaves nothing, the input is empty or the output is too
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

    /// Padding before the input under [`Padding::Same`] if it is the same for inputs of every
    /// extent.
    pub fn same_padding_before(&self, axis: Axis) -> Option<usize> {
        // Between the last start of a window and the end lie 1 to stride pixels of the input.
        let covered = self.covered(axis);
        let least = covered.saturating_sub(self.stride[axis as usize]) / 2;
        ((covered - 1) / 2 == least).then_some(least)
    }

    /// The input index under each kernel cell when the window is at position `out_idx`; negative or
    /// past the end in the padding.
    pub fn taps(&self, axis: Axis, out_idx: usize) -> Vec<isize> {
        let start = (out_idx * self.stride[axis as usize]) as isize;
        let [before, _] = self.padding.along(axis);
        (0..self.kernel[axis as usize])
            .map(|cell| start + (cell * self.dilation[axis as usize]) as isize - before as isize)
            .collect()
    }

    /// The kernel cells that lie inside the input when the window is at position `out_idx`.
    pub fn cells_inside(&self, axis: Axis, out_idx: usize, input: usize) -> Range<usize> {
        self.cells(axis, out_idx, self.padding.along(axis)[0], input)
    }

    /// Number of kernel cells inside the padded input when the window is at position `out_idx`:
    /// all of them, unless the window extends past the end ([`Window::output_extent_ceil`]).
    pub fn cells_inside_padding(&self, axis: Axis, out_idx: usize, input: usize) -> usize {
        let [before, after] = self.padding.along(axis);
        self.cells(axis, out_idx, 0, before + input + after).len()
    }

    /// The positions in `0..output` at which kernel cell `cell` lies inside the input.
    pub fn cell_positions(
        &self,
        axis: Axis,
        cell: usize,
        input: usize,
        output: usize,
    ) -> CellPositions {
        let (stride, [before, _]) = (self.stride[axis as usize], self.padding.along(axis));
        let offset = cell * self.dilation[axis as usize];
        let end = match (input + before).checked_sub(offset) {
            Some(room) => room.div_ceil(stride).min(output),
            None => 0,
        };
        let start = before.saturating_sub(offset).div_ceil(stride).min(end);
        CellPositions {
            positions: start..end,
            first_input: (start * stride + offset).saturating_sub(before),
        }
    }

    /// The kernel cells that lie in the `extent` pixels after the first `before` pixels of the
    /// axis.
    fn cells(&self, axis: Axis, out_idx: usize, before: usize, extent: usize) -> Range<usize> {
        let (kernel, dilation) = (self.kernel[axis as usize], self.dilation[axis as usize]);
        let start = out_idx * self.stride[axis as usize];
        let end = (extent + before)
            .saturating_sub(start)
            .div_ceil(dilation)
            .min(kernel);
        before.saturating_sub(start).div_ceil(dilation).min(end)..end
    }

    /// Number of positions if the last window may extend `overhang` pixels past the padded input.
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

    fn same_padding(&self, axis: Axis, input: usize) -> [usize; 2] {
        let stride = self.stride[axis as usize];
        let last_start = input.div_ceil(stride).saturating_sub(1) * stride;
        let total = (last_start + self.covered(axis)).saturating_sub(input);
        [total / 2, total - total / 2]
    }
}

/// Checks that each of `values` lies between `least` and [`OPERATOR_EXTENT_LIMIT`].
///
/// # Errors
/// [`Error::OutOfRange`] naming `argument`.
pub(crate) fn check_extents(
    operator: &'static str,
    argument: &'static str,
    values: &[usize],
    least: usize,
) -> Result<()> {
    let range = [least as f64, OPERATOR_EXTENT_LIMIT as f64];
    values
        .iter()
        .try_for_each(|&value| check_range(operator, argument, range, value as f64))
}

const fn covered(kernel: [usize; 2], dilation: [usize; 2], axis: usize) -> usize {
    dilation[axis]
        .saturating_mul(kernel[axis] - 1)
        .saturating_add(1)
}
