//! Pooling of one plane, a whole output row at a time and without a padded copy.

use std::ops::Range;

use crate::error::Axis;
use crate::math::elementary::pow;
use crate::math::real::Real;
use crate::window::{CellPositions, Window};

/// A window sliding over an input plane; planes are row-major.
#[derive(Clone, Debug)]
pub(crate) struct Pooling {
    window: Window,
    input: [usize; 2],
    output: [usize; 2],
    /// For each window column that ever lies inside the input, the positions where it does.
    columns: Vec<CellPositions>,
}

/// One window cell along one output row: the index of its first pixel in the input plane, and the
/// outputs for which the cell lies inside the input.
struct Run {
    input: usize,
    output: Range<usize>,
}

impl Pooling {
    /// `window` over a plane of `input` pixels, with `output` positions, both `[rows, columns]`.
    pub fn new(window: Window, input: [usize; 2], output: [usize; 2]) -> Self {
        let [in_w, out_w] = [input[1], output[1]];
        let first_cell = window.cells_inside(Axis::Width, out_w - 1, in_w).start;
        let end_cell = window.cells_inside(Axis::Width, 0, in_w).end;
        let columns = (first_cell..end_cell)
            .map(|cell| window.cell_positions(Axis::Width, cell, in_w, out_w))
            // With a long stride, some columns in between may skip the input.
            .filter(|column| !column.positions.is_empty())
            .collect();
        Pooling {
            window,
            input,
            output,
            columns,
        }
    }

    /// Writes the maximum under each position and its index in the plane (argmax), the first of
    /// equal pixels. NaN counts as the largest.
    pub fn maxima_and_argmax<F: Real>(&self, pixels: &[F], output: &mut [F], argmax: &mut [i32]) {
        argmax.fill(-1);
        let stride = self.window.stride[1];
        self.for_each_run(|run| {
            let seen = pixels[run.input..].iter().step_by(stride);
            let seen = (run.input..).step_by(stride).zip(seen);
            let best = output[run.output.clone()].iter_mut();
            for ((best, best_idx), (seen_at, &pixel)) in best.zip(&mut argmax[run.output]).zip(seen)
            {
                if pixel > *best || pixel.is_nan() || *best_idx < 0 {
                    (*best, *best_idx) = (pixel, seen_at as i32);
                }
            }
        });
    }

    /// Writes the maximum under each position, as [`Pooling::maxima_and_argmax`] does.
    pub fn maxima<F: Real>(&self, pixels: &[F], output: &mut [F]) {
        output.fill(F::neg_infinity());
        let stride = self.window.stride[1];
        self.for_each_run(|run| {
            let seen = pixels[run.input..].iter().step_by(stride);
            for (best, &pixel) in output[run.output].iter_mut().zip(seen) {
                if pixel > *best || pixel.is_nan() {
                    *best = pixel;
                }
            }
        });
    }

    /// The sum of the pixels under each position, in `f64`: accurate enough for any window.
    pub fn sums<F: Real>(&self, pixels: &[F]) -> Vec<f64> {
        let mut sums = self.zeros();
        self.for_each_run(|run| {
            let seen = pixels[run.input..].iter().step_by(self.window.stride[1]);
            for (sum, pixel) in sums[run.output].iter_mut().zip(seen) {
                *sum += pixel.as_f64();
            }
        });
        sums
    }

    /// The adjoint of [`Pooling::sums`]: adds the value of each position to all its pixels.
    pub fn spread<F: Real>(&self, values: &[F], d_pixels: &mut [F]) {
        self.for_each_run(|run| {
            let seen = d_pixels[run.input..]
                .iter_mut()
                .step_by(self.window.stride[1]);
            for (d_pixel, &value) in seen.zip(&values[run.output]) {
                *d_pixel += value;
            }
        });
    }

    /// The p-norm of the pixels under each position. Powers are taken relative to the largest
    /// magnitude in the window, so that they neither overflow nor underflow.
    pub fn norms<F: Real>(&self, pixels: &[F], p: f64) -> Vec<f64> {
        let stride = self.window.stride[1];
        let mut scales = self.zeros();
        self.for_each_run(|run| {
            let seen = pixels[run.input..].iter().step_by(stride);
            for (scale, pixel) in scales[run.output].iter_mut().zip(seen) {
                *scale = scale.max(pixel.as_f64().abs());
            }
        });
        for scale in &mut scales {
            if *scale == 0.0 || scale.is_infinite() {
                *scale = 1.0;
            }
        }
        let mut norms = self.zeros();
        self.for_each_run(|run| {
            let seen = pixels[run.input..].iter().step_by(stride);
            let sums = norms[run.output.clone()].iter_mut();
            for ((sum, scale), pixel) in sums.zip(&scales[run.output]).zip(seen) {
                *sum += power(pixel.as_f64().abs() / scale, p);
            }
        });
        for (norm, scale) in norms.iter_mut().zip(scales) {
            *norm = scale * power(*norm, 1.0 / p);
        }
        norms
    }

    /// The backward pass of [`Pooling::norms`]: adds sign(x) · (|x| / norm)ᵖ⁻¹ times the gradient
    /// of each norm to each of its pixels x; nothing where the norm is 0.
    pub fn norms_backward<F: Real>(&self, pixels: &[F], d_norms: &[F], d_pixels: &mut [F], p: f64) {
        let stride = self.window.stride[1];
        let norms = self.norms(pixels, p);
        self.for_each_run(|run| {
            let seen = pixels[run.input..].iter().step_by(stride);
            let seen = seen.zip(d_pixels[run.input..].iter_mut().step_by(stride));
            let norms = norms[run.output.clone()].iter();
            for ((norm, d_norm), (pixel, d_pixel)) in norms.zip(&d_norms[run.output]).zip(seen) {
                let pixel = pixel.as_f64();
                if *norm != 0.0 && pixel != 0.0 {
                    let part = pixel.signum() * power(pixel.abs() / norm, p - 1.0);
                    *d_pixel += F::of(d_norm.as_f64() * part);
                }
            }
        });
    }

    fn zeros(&self) -> Vec<f64> {
        vec![0.0; self.output[0] * self.output[1]]
    }

    /// Calls `visit` for every output row and every window cell that lies inside the input there,
    /// in row-major order of the cells.
    #[inline]
    fn for_each_run(&self, mut visit: impl FnMut(Run)) {
        let [in_w, out_w] = [self.input[1], self.output[1]];
        for out_row in 0..self.output[0] {
            let cells = self
                .window
                .cells_inside(Axis::Height, out_row, self.input[0]);
            for cell in cells {
                let in_row = out_row * self.window.stride[0] + cell * self.window.dilation[0]
                    - self.window.padding.top;
                for column in &self.columns {
                    let Range { start, end } = column.positions;
                    visit(Run {
                        input: in_row * in_w + column.first_input,
                        output: out_row * out_w + start..out_row * out_w + end,
                    });
                }
            }
        }
    }
}

/// `base` to the power `exponent`, with shortcuts for the most common exponents.
fn power(base: f64, exponent: f64) -> f64 {
    if exponent == 1.0 {
        base
    } else if exponent == 2.0 {
        base * base
    } else if exponent == 0.5 {
        base.sqrt()
    } else {
        pow(base, exponent)
    }
}
