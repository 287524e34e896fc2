//! Maxima and means of `f32` planes under the windows that networks use.

use std::array::from_fn;
use std::ops::Range;

use crate::compute::layout::block;
use crate::compute::pooling::band::{Band, Stack};
use crate::compute::pooling::divisors::Divisors;
use crate::compute::pooling::places;
use crate::compute::pooling::summary::{Maximum, Mean, Summary};
use crate::compute::simd::{F32x4, copy, fill};
use crate::error::Axis;
use crate::window::Window;

/// A window of 2 x 2 or 3 x 3 pixels side by side, over planes.
#[derive(Clone, Debug)]
pub(crate) struct Planes {
    window: Window,
    input: [usize; 2],
    output: [usize; 2],
    /// The positions along the width whose windows lie inside the input.
    inner: Range<usize>,
    rows: Range<usize>,
    is_apart: bool,
    band: Band,
}

impl Planes {
    /// `window` over a plane of `input`, at `output` positions, both `[rows, columns]`; none for
    /// another window or a short row.
    pub fn new(window: Window, input: [usize; 2], output: [usize; 2]) -> Option<Self> {
        let Window {
            kernel: [rows, size],
            stride: [_, step],
            dilation,
            padding,
        } = window;
        let inner_rows = inner(&window, Axis::Height, 0, input[0], output[0]);
        let shared = size.saturating_sub(step);
        let inner = inner(&window, Axis::Width, shared, input[1], output[1]);
        let is_fit = rows == size
            && [2, 3].contains(&size)
            && [1, 2].contains(&step)
            && dilation == [1, 1]
            && inner.len() >= 4;
        let band = Band {
            in_w: input[1],
            out_w: output[1],
            down: window.stride[0],
            fresh: (inner.start * step + shared).wrapping_sub(padding.left),
            edges: (0..inner.start)
                .chain(inner.end..output[1])
                .map(|col| (col, seen(&window, Axis::Width, col, input)))
                .collect(),
            inner: inner.clone(),
        };
        is_fit.then_some(Planes {
            window,
            input,
            output,
            rows: inner_rows,
            is_apart: step < size.min(window.stride[0]),
            inner,
            band,
        })
    }

    /// Values of scratch space that the functions below need.
    pub fn scratch_len(&self) -> usize {
        self.window.kernel[0] * self.input[1]
    }

    /// Writes the largest pixel under each position, and says whether that holds: not where NaN or
    /// infinities of both signs are among the pixels. A maximum of 0 has the sign of one of the
    /// zeros.
    #[must_use]
    pub fn maxima(&self, pixels: &[f32], output: &mut [f32], scratch: &mut [f32]) -> bool {
        self.summarise(|_| Maximum, pixels, output, scratch)
    }

    /// Writes the mean of the pixels under each position, and says whether all are finite.
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
        self.summarise(mean, pixels, output, scratch)
    }

    /// Writes the largest pixel under each position, the first of equals, and its place in the plane,
    /// and says whether that holds: not where a window hangs over the edge, nor with NaN or infinities
    /// of both signs among the pixels.
    #[must_use]
    pub fn places(&self, pixels: &[f32], output: &mut [f32], places: &mut [i32]) -> bool {
        let Window {
            kernel: [size, _],
            stride: [down, step],
            padding,
            ..
        } = self.window;
        let is_inside = padding.left == 0
            && self.inner == (0..self.output[1])
            && padding.top == 0
            && (self.output[0] - 1) * down + size <= self.input[0];
        if !is_inside {
            return false;
        }
        let lines = match (size, step) {
            (2, 2) => Self::lines_of_places::<2, 2>,
            (2, _) => Self::lines_of_places::<2, 1>,
            (_, 2) => Self::lines_of_places::<3, 2>,
            _ => Self::lines_of_places::<3, 1>,
        };
        let check = lines(self, pixels, output, places);
        !check.to_array().iter().any(|sum| sum.is_nan())
    }

    fn lines_of_places<const K: usize, const STEP: usize>(
        &self,
        pixels: &[f32],
        output: &mut [f32],
        places: &mut [i32],
    ) -> F32x4 {
        let (in_w, out_w) = (self.input[1], self.output[1]);
        let [mut check, mut edges] = [F32x4::constant(0.0); 2];
        let lines = output
            .chunks_exact_mut(out_w)
            .zip(places.chunks_exact_mut(out_w));
        for (out_row, (output, places)) in lines.enumerate() {
            let first = out_row * self.window.stride[0];
            let rows = std::array::from_fn(|cell| &pixels[block(first + cell, in_w)]);
            check = places::line::<K, STEP>(rows, first * in_w, in_w, output, places, check);
        }
        check
    }

    #[inline(always)]
    fn summarise<S: Summary>(
        &self,
        summary: impl Fn(usize) -> S,
        pixels: &[f32],
        output: &mut [f32],
        scratch: &mut [f32],
    ) -> bool {
        let band = match (self.window.kernel[1], self.window.stride[1]) {
            (2, 2) => Band::run::<S, 2, 2>,
            (2, _) => Band::run::<S, 2, 1>,
            (_, 2) => Band::run::<S, 3, 2>,
            _ => Band::run::<S, 3, 1>,
        };
        let [in_w, out_w] = [self.input[1], self.output[1]];
        let down = self.window.stride[0];
        let lens = [in_w * self.input[0], out_w * self.output[0]];
        let mut is_well = true;
        let Range { start, end } = self.rows;
        for out_row in (0..start).chain(end..self.output[0]) {
            let rows = self.seen(Axis::Height, out_row);
            let above = (rows.start + self.window.padding.top) - out_row * down;
            fill(scratch, S::NEUTRAL);
            for (pixels, output) in pixels
                .chunks_exact(lens[0])
                .zip(output.chunks_exact_mut(lens[1]))
            {
                copy(
                    &pixels[rows.start * in_w..rows.end * in_w],
                    &mut scratch[above * in_w..],
                );
                let stack = Stack {
                    planes: 1,
                    rows: 1,
                    lens,
                };
                let output = &mut output[block(out_row, out_w)];
                is_well &= S::is_well(band(&self.band, summary(out_row), stack, scratch, output));
            }
        }
        if start < end {
            let rows = if self.is_apart { 1 } else { end - start };
            let stack = Stack {
                planes: pixels.len() / lens[0],
                rows,
                lens,
            };
            for out_row in (start..end).step_by(rows) {
                let pixels = &pixels[(out_row * down - self.window.padding.top) * in_w..];
                let output = &mut output[out_row * out_w..];
                is_well &= S::is_well(band(&self.band, summary(out_row), stack, pixels, output));
            }
        }
        is_well
    }

    /// The pixels under a position along an axis.
    fn seen(&self, axis: Axis, position: usize) -> Range<usize> {
        seen(&self.window, axis, position, self.input)
    }
}

fn seen(window: &Window, axis: Axis, position: usize, input: [usize; 2]) -> Range<usize> {
    let start = position * window.stride[axis as usize];
    let end = start + window.kernel[axis as usize];
    let [before, _] = window.padding.along(axis);
    let inside = |place: usize| place.saturating_sub(before).min(input[axis as usize]);
    inside(start)..inside(end)
}

/// The positions along an axis whose windows lie inside the input.
fn inner(window: &Window, axis: Axis, shared: usize, input: usize, output: usize) -> Range<usize> {
    let [before, _] = window.padding.along(axis);
    let (size, step) = (window.kernel[axis as usize], window.stride[axis as usize]);
    let end = match (before + input).checked_sub(size) {
        Some(room) => output.min(room / step + 1),
        None => 0,
    };
    before.saturating_sub(shared).div_ceil(step).min(end)..end
}
