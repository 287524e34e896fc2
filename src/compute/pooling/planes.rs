//! Maxima and means of `f32` planes under the windows that networks use.

use std::ops::Range;

use crate::compute::layout::block;
use crate::compute::pooling::divisors::Divisors;
use crate::compute::pooling::line::{line, position};
use crate::compute::pooling::places;
use crate::compute::pooling::summary::{Maximum, Mean, Summary};
use crate::compute::simd::F32x4;
use crate::window::Window;

/// A window of 2 x 2 or 3 x 3 pixels side by side, over planes.
#[derive(Clone, Debug)]
pub(crate) struct Planes {
    window: Window,
    input: [usize; 2],
    output: [usize; 2],
    /// The positions along the width whose windows lie inside the input.
    inner: Range<usize>,
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
        let start = padding.left.div_ceil(step);
        let end = match (padding.left + input[1]).checked_sub(size) {
            Some(room) => output[1].min(room / step + 1),
            None => 0,
        };
        let is_fit = rows == size
            && [2, 3].contains(&size)
            && [1, 2].contains(&step)
            && dilation == [1, 1]
            && start + 4 <= end;
        is_fit.then_some(Planes {
            window,
            input,
            output,
            inner: start..end,
        })
    }

    /// Values of scratch space that the functions below need.
    pub fn scratch_len(&self) -> usize {
        self.input[1]
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
            row: divisors.row(row),
            cols: divisors.cols_and_three(),
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
        let is_inside = self.inner == (0..self.output[1])
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
        let mut check = F32x4::constant(0.0);
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
        let scratch = &mut scratch[..self.input[1]];
        scratch.fill(S::NEUTRAL);
        let lines = match (self.window.kernel[1], self.window.stride[1]) {
            (2, 2) => Self::lines::<S, 2, 2>,
            (2, _) => Self::lines::<S, 2, 1>,
            (_, 2) => Self::lines::<S, 3, 2>,
            _ => Self::lines::<S, 3, 1>,
        };
        let check = lines(self, summary, pixels, output, scratch);
        !check.to_array().iter().any(|sum| sum.is_nan())
    }

    /// Every line; `neutral` stands for a row outside the plane.
    fn lines<S: Summary, const K: usize, const STEP: usize>(
        &self,
        summary: impl Fn(usize) -> S,
        pixels: &[f32],
        output: &mut [f32],
        neutral: &[f32],
    ) -> F32x4 {
        let [in_h, in_w] = self.input;
        let [top, left] = [self.window.padding.top, self.window.padding.left];
        let inner_start = self.inner.start * STEP - left;
        let mut check = F32x4::constant(0.0);
        for (out_row, output) in output.chunks_exact_mut(self.output[1]).enumerate() {
            let first = out_row * self.window.stride[0];
            let rows: [&[f32]; K] =
                std::array::from_fn(|cell| match (first + cell).checked_sub(top) {
                    Some(row) if row < in_h => &pixels[block(row, in_w)],
                    _ => neutral,
                });
            let summary = summary(out_row);
            for out_col in (0..self.inner.start).chain(self.inner.end..self.output[1]) {
                let start = (out_col * STEP).saturating_sub(left);
                let end = in_w.min(out_col * STEP + K - left);
                (output[out_col], check) =
                    position::<S, K>(summary, rows, start..end, out_col, check);
            }
            check = line::<S, K, STEP>(
                summary,
                rows.map(|row| &row[inner_start..]),
                &mut output[self.inner.clone()],
                self.inner.start,
                check,
            );
        }
        check
    }
}
