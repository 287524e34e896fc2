//! Correlation by plain loops, a whole output row at a time.
//!
//! Each tap adds `weight * input row` to an output row. The inner loop runs along the row, where
//! neighbouring pixels are contiguous in memory, so the compiler vectorises it. Every output still
//! sums its taps in the order of the naive reference, so both agree to the last bit.
//!
//! Correlation is linear in its input and in its weights. The two adjoints below are its backward
//! passes, and [`Correlation::scatter`] also computes transposed convolution.

use std::ops::Range;

use crate::compute::dot::{add_scaled, dot};
use crate::compute::layout::{area, block};
use crate::math::real::Real;

/// How a kernel slides over a batch of padded images.
///
/// Weights are `[out_channels, in_channels / groups, kernel rows, kernel columns]`; every array is
/// row-major. The caller has checked that the window fits at every position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Correlation {
    /// Images in the batch.
    pub n: usize,
    /// Number of groups; divides both channel counts.
    pub groups: usize,
    /// Channels of the input.
    pub in_channels: usize,
    /// Channels of the output.
    pub out_channels: usize,
    /// Extents of an input plane `[rows, columns]`, padding included.
    pub padded_input: [usize; 2],
    /// Extents of an output plane `[rows, columns]`.
    pub output: [usize; 2],
    /// Kernel extents `[rows, columns]`.
    pub kernel: [usize; 2],
    /// Step between positions `[rows, columns]`.
    pub stride: [usize; 2],
    /// Distance between kernel cells `[rows, columns]`.
    pub dilation: [usize; 2],
}

impl Correlation {
    /// The output: at each position, the sum of weight times input value.
    pub fn correlate<F: Real>(&self, padded_input: &[F], weights: &[F]) -> Vec<F> {
        let mut output = vec![F::zero(); self.n * self.out_channels * area(self.output)];
        self.for_each_pair(|pair| {
            let (plane, kernel) = (&padded_input[pair.input()], &weights[pair.kernel()]);
            let output = &mut output[pair.output()];
            self.for_each_run(|run| {
                let taps = &plane[run.input..];
                let out_row = &mut output[run.output..run.output + self.output[1]];
                add_taps(out_row, taps, self.stride[1], kernel[run.cell]);
            });
        });
        output
    }

    /// The adjoint with respect to the input: each output value, times the weights, is added to the
    /// input values under its window.
    pub fn scatter<F: Real>(&self, output: &[F], weights: &[F]) -> Vec<F> {
        let mut padded_input = vec![F::zero(); self.n * self.in_channels * area(self.padded_input)];
        self.for_each_pair(|pair| {
            let (values, kernel) = (&output[pair.output()], &weights[pair.kernel()]);
            let plane = &mut padded_input[pair.input()];
            self.for_each_run(|run| {
                let row = &values[run.output..run.output + self.output[1]];
                add_spread(
                    &mut plane[run.input..],
                    self.stride[1],
                    row,
                    kernel[run.cell],
                );
            });
        });
        padded_input
    }

    /// The adjoint with respect to the weights: for each cell, the sum of input value times output
    /// value over all positions and images. Rows are summed in `F`, their sums in `f64`.
    pub fn weight_gradient<F: Real>(&self, padded_input: &[F], output: &[F]) -> Vec<F> {
        let cells = area(self.kernel);
        let mut sums = vec![0.0; self.out_channels * self.group_in() * cells];
        self.for_each_pair(|pair| {
            let (plane, values) = (&padded_input[pair.input()], &output[pair.output()]);
            let sums = &mut sums[pair.kernel()];
            self.for_each_run(|run| {
                let row = &values[run.output..run.output + self.output[1]];
                sums[run.cell] += dot_taps(row, &plane[run.input..], self.stride[1]).as_f64();
            });
        });
        sums.into_iter().map(F::of).collect()
    }

    /// Input channels of a group.
    pub fn group_in(&self) -> usize {
        self.in_channels / self.groups
    }

    /// Calls `visit` for every output plane and every input plane of its group, in this order.
    fn for_each_pair(&self, mut visit: impl FnMut(Pair)) {
        let group_out = self.out_channels / self.groups;
        for n_idx in 0..self.n {
            for out_idx in 0..self.out_channels {
                let first_in = out_idx / group_out * self.group_in();
                for group_idx in 0..self.group_in() {
                    visit(Pair {
                        input_idx: n_idx * self.in_channels + first_in + group_idx,
                        output_idx: n_idx * self.out_channels + out_idx,
                        kernel_idx: out_idx * self.group_in() + group_idx,
                        correlation: self,
                    });
                }
            }
        }
    }

    /// Calls `visit` for every output row and every kernel cell, in this order.
    #[inline]
    fn for_each_run(&self, mut visit: impl FnMut(Run)) {
        let [kernel_h, kernel_w] = self.kernel;
        for out_row in 0..self.output[0] {
            for kernel_row in 0..kernel_h {
                let in_row = out_row * self.stride[0] + kernel_row * self.dilation[0];
                for kernel_col in 0..kernel_w {
                    visit(Run {
                        input: in_row * self.padded_input[1] + kernel_col * self.dilation[1],
                        output: out_row * self.output[1],
                        cell: kernel_row * kernel_w + kernel_col,
                    });
                }
            }
        }
    }
}

/// An output plane and one of the input planes that it sums over.
struct Pair<'a> {
    input_idx: usize,
    output_idx: usize,
    kernel_idx: usize,
    correlation: &'a Correlation,
}

impl Pair<'_> {
    fn input(&self) -> Range<usize> {
        block(self.input_idx, area(self.correlation.padded_input))
    }

    fn output(&self) -> Range<usize> {
        block(self.output_idx, area(self.correlation.output))
    }

    fn kernel(&self) -> Range<usize> {
        block(self.kernel_idx, area(self.correlation.kernel))
    }
}

/// One kernel cell along one output row: the index of its first tap in the input plane, of the
/// row's first position in the output plane, and of the cell in the kernel.
struct Run {
    input: usize,
    output: usize,
    cell: usize,
}

#[inline]
fn add_taps<F: Real>(out_row: &mut [F], taps: &[F], stride: usize, weight: F) {
    if stride == 1 {
        add_scaled(out_row, weight, taps);
    } else {
        for (out, &tap) in out_row.iter_mut().zip(taps.iter().step_by(stride)) {
            *out += weight * tap;
        }
    }
}

#[inline]
fn add_spread<F: Real>(plane: &mut [F], stride: usize, row: &[F], weight: F) {
    if stride == 1 {
        add_scaled(plane, weight, row);
    } else {
        for (out, &value) in plane.iter_mut().step_by(stride).zip(row) {
            *out += weight * value;
        }
    }
}

/// Sum of `row[i] * taps[i * stride]`.
#[inline]
fn dot_taps<F: Real>(row: &[F], taps: &[F], stride: usize) -> F {
    if stride == 1 {
        return dot(row, &taps[..row.len()]);
    }
    let products = row.iter().zip(taps.iter().step_by(stride));
    products.map(|(&value, &tap)| value * tap).sum()
}
