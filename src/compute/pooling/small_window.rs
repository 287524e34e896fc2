//! Max and average pooling of `f32` planes, for the windows that networks use.

use std::ops::Range;

use crate::compute::layout::block;
use crate::compute::pooling::argmax;
use crate::compute::pooling::band::{Band, Stack};
use crate::compute::pooling::divisors::Divisors;
use crate::compute::pooling::reduction::{Maximum, Mean, Reduction};
use crate::compute::simd::{F32x4, copy, fill};
use crate::error::Axis;
use crate::window::Window;

/// An undilated window of 2 x 2 or 3 x 3 pixels, sliding over planes.
#[derive(Clone, Debug)]
pub(crate) struct SmallWindow {
    window: Window,
    input: [usize; 2],
    output: [usize; 2],
    /// The positions along the height whose windows lie inside the input.
    rows: Range<usize>,
    band: Band,
}

impl SmallWindow {
    /// `window` over planes of `input` pixels, with `output` positions, both `[rows, columns]`;
    /// `None` for other windows and for short rows.
    pub fn new(window: Window, input: [usize; 2], output: [usize; 2]) -> Option<Self> {
        let Window {
            kernel: [rows, size],
            stride: [row_step, step],
            dilation,
            padding,
        } = window;
        let is_small = rows == size && [2, 3].contains(&size) && dilation == [1, 1];
        if !is_small || ![1, 2].contains(&step) {
            return None;
        }
        let axes = [Axis::Height, Axis::Width];
        let [rows, whole] = axes.map(|axis| inside(&window, axis, input, output));
        // Columns that a window shares with the one before it.
        let shared = size - step;
        let start = padding.left.saturating_sub(shared).div_ceil(step);
        let inner = start.min(whole.end)..whole.end;
        let edges = (0..inner.start).chain(inner.end..output[1]);
        let band = Band {
            in_w: input[1],
            out_w: output[1],
            row_step,
            first_new: (inner.start * step + shared).saturating_sub(padding.left),
            edges: edges
                .map(|col| (col, covered_pixels(&window, Axis::Width, input, col)))
                .collect(),
            inner,
        };
        (band.inner.len() >= 4).then_some(SmallWindow {
            window,
            input,
            output,
            rows,
            band,
        })
    }

    /// Number of scratch values that the functions below need.
    pub fn scratch_len(&self) -> usize {
        self.window.kernel[0] * self.input[1]
    }

    /// Writes the maximum under each position of all planes. Returns whether the result is valid:
    /// it is not if the pixels contain NaN or infinities of both signs. A maximum of 0 may have the
    /// sign of any of the zeros.
    #[must_use]
    pub fn maxima(&self, pixels: &[f32], output: &mut [f32], scratch: &mut [f32]) -> bool {
        self.reduce(|_| Maximum, pixels, output, scratch)
    }

    /// Writes the mean of the pixels under each position of all planes. Returns whether all means
    /// are finite.
    ///
    /// Sums are accumulated in `f32`: a mean of n pixels is off by at most n · ε / 2 times the mean
    /// of their magnitudes.
    #[must_use]
    pub fn means(
        &self,
        pixels: &[f32],
        divisors: &Divisors,
        output: &mut [f32],
        scratch: &mut [f32],
    ) -> bool {
        let mean = |row: usize| Mean {
            rows: &divisors.rows()[row..],
            cols_and_three: divisors.cols_and_three(),
        };
        self.reduce(mean, pixels, output, scratch)
    }

    /// Writes the maximum under each position and its index in the plane (argmax), the first of
    /// equal pixels. Returns whether the result is valid: it is not if a window extends past the
    /// input, nor if the pixels contain NaN or infinities of both signs.
    #[must_use]
    pub fn maxima_and_argmax(
        &self,
        pixels: &[f32],
        output: &mut [f32],
        argmax: &mut [i32],
    ) -> bool {
        let axes = [Axis::Height, Axis::Width];
        let inside = axes.map(|axis| inside(&self.window, axis, self.input, self.output));
        if inside != self.output.map(|end| 0..end) {
            return false;
        }
        let run = match (self.window.kernel[1], self.window.stride[1]) {
            (2, 2) => Self::rows_and_argmax::<2, 2>,
            (2, _) => Self::rows_and_argmax::<2, 1>,
            (_, 2) => Self::rows_and_argmax::<3, 2>,
            _ => Self::rows_and_argmax::<3, 1>,
        };
        let check = run(self, pixels, output, argmax);
        !check.to_array().iter().any(|sum| sum.is_nan())
    }

    fn rows_and_argmax<const K: usize, const STEP: usize>(
        &self,
        pixels: &[f32],
        output: &mut [f32],
        argmax: &mut [i32],
    ) -> F32x4 {
        let (in_w, out_w) = (self.input[1], self.output[1]);
        let mut check = F32x4::constant(0.0);
        let out_rows = output
            .chunks_exact_mut(out_w)
            .zip(argmax.chunks_exact_mut(out_w));
        for (out_row, (output, argmax)) in out_rows.enumerate() {
            let first = out_row * self.window.stride[0];
            let rows = std::array::from_fn(|cell| &pixels[block(first + cell, in_w)]);
            check = argmax::row::<K, STEP>(rows, first * in_w, in_w, output, argmax, check);
        }
        check
    }

    #[inline(always)]
    fn reduce<S: Reduction>(
        &self,
        reduction: impl Fn(usize) -> S,
        pixels: &[f32],
        output: &mut [f32],
        scratch: &mut [f32],
    ) -> bool {
        let [size, step] = [self.window.kernel[1], self.window.stride[1]];
        let run = match (size, step) {
            (2, 2) if self.band.is_wide() => Band::by_rows::<S>,
            (2, 2) => Band::run::<S, 2, 2>,
            (2, _) => Band::run::<S, 2, 1>,
            (_, 2) => Band::run::<S, 3, 2>,
            _ => Band::run::<S, 3, 1>,
        };
        let [in_w, out_w] = [self.input[1], self.output[1]];
        let [row_step, top] = [self.window.stride[0], self.window.padding.top];
        let lens = [self.input[0] * in_w, self.output[0] * out_w];
        let Range { start, end } = self.rows;
        let mut is_valid = true;
        for out_row in (0..start).chain(end..self.output[0]) {
            let rows = covered_pixels(&self.window, Axis::Height, self.input, out_row);
            let rows_above = rows.start + top - out_row * row_step;
            let stack = Stack {
                planes: 1,
                rows: 1,
                lens,
            };
            fill(scratch, S::IDENTITY);
            let planes = pixels.chunks_exact(lens[0]);
            for (pixels, output) in planes.zip(output.chunks_exact_mut(lens[1])) {
                let rows = &pixels[rows.start * in_w..rows.end * in_w];
                copy(rows, &mut scratch[rows_above * in_w..]);
                let output = &mut output[block(out_row, out_w)];
                is_valid &=
                    S::is_valid(run(&self.band, reduction(out_row), stack, scratch, output));
            }
        }
        if start < end {
            // A band assumes that the rows shared with the row of positions before were observed
            // there.
            let rows = match row_step > step && step < size {
                true => 1,
                false => end - start,
            };
            let stack = Stack {
                planes: pixels.len() / lens[0],
                rows,
                lens,
            };
            for out_row in (start..end).step_by(rows) {
                let pixels = &pixels[(out_row * row_step - top) * in_w..];
                let output = &mut output[out_row * out_w..];
                is_valid &= S::is_valid(run(&self.band, reduction(out_row), stack, pixels, output));
            }
        }
        is_valid
    }
}

/// The positions along an axis whose windows lie inside the input.
fn inside(window: &Window, axis: Axis, input: [usize; 2], output: [usize; 2]) -> Range<usize> {
    let axis_idx = axis as usize;
    let [before, _] = window.padding.along(axis);
    let room = (before + input[axis_idx]).checked_sub(window.kernel[axis_idx]);
    let end = room.map_or(0, |room| room / window.stride[axis_idx] + 1);
    let end = end.min(output[axis_idx]);
    before.div_ceil(window.stride[axis_idx]).min(end)..end
}

/// The pixels under a position along an axis.
fn covered_pixels(window: &Window, axis: Axis, input: [usize; 2], position: usize) -> Range<usize> {
    let start = position * window.stride[axis as usize];
    let end = start + window.kernel[axis as usize];
    let [before, _] = window.padding.along(axis);
    let inside = |idx: usize| idx.saturating_sub(before).min(input[axis as usize]);
    inside(start)..inside(end)
}
