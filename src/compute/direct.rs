//! Direct correlation, a whole output row at a time.
//!
//! Each tap adds `weight * input row` to an output row. The inner loop runs along the row, where
//! neighbouring pixels are neighbours in memory, so the compiler turns it into SIMD; and every
//! output still sums its taps in the order of the naive reference, so both agree to the last bit.
//!
//! Correlation is linear in its planes and in its weights; the two adjoints below are its
//! backward passes, and [`Correlation::scatter`] is also what transposed convolution computes.

use std::ops::Range;

use crate::compute::dot::{add_scaled, dot};
use crate::compute::layout::block;
use crate::math::real::Real;

/// A window that slides over `wide` planes (the padded input of a convolution) and leaves one
/// value per position in `narrow` planes (its output).
///
/// Weights are `[narrow channels, wide channels / groups, kernel rows, kernel columns]`; every
/// array is row-major. The caller has checked that the window fits at every position.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Correlation {
    /// Images in the batch.
    pub n: usize,
    /// Number of groups; divides both channel counts.
    pub groups: usize,
    /// Channels of the planes that the window slides over.
    pub wide_channels: usize,
    /// Channels of the planes with one value per position.
    pub narrow_channels: usize,
    /// Extents of a wide plane `[rows, columns]`.
    pub wide: [usize; 2],
    /// Extents of a narrow plane `[rows, columns]`.
    pub narrow: [usize; 2],
    /// Kernel extents `[rows, columns]`.
    pub kernel: [usize; 2],
    /// Step between positions `[rows, columns]`.
    pub stride: [usize; 2],
    /// Distance between kernel cells `[rows, columns]`.
    pub dilation: [usize; 2],
}

impl Correlation {
    /// The narrow planes: at each position the sum of weight times wide value.
    pub fn correlate<F: Real>(&self, wide: &[F], weights: &[F]) -> Vec<F> {
        let mut narrow = vec![F::zero(); self.n * self.narrow_channels * area(self.narrow)];
        self.for_each_pair(|pair| {
            let (plane, kernel) = (&wide[pair.wide()], &weights[pair.kernel()]);
            let output = &mut narrow[pair.narrow()];
            self.for_each_run(|run| {
                let taps = &plane[run.wide..];
                let out_row = &mut output[run.narrow..run.narrow + self.narrow[1]];
                add_taps(out_row, taps, self.stride[1], kernel[run.cell]);
            });
        });
        narrow
    }

    /// The adjoint in the wide planes: each narrow value, times the weights, added where the
    /// window stands.
    pub fn scatter<F: Real>(&self, narrow: &[F], weights: &[F]) -> Vec<F> {
        let mut wide = vec![F::zero(); self.n * self.wide_channels * area(self.wide)];
        self.for_each_pair(|pair| {
            let (values, kernel) = (&narrow[pair.narrow()], &weights[pair.kernel()]);
            let plane = &mut wide[pair.wide()];
            self.for_each_run(|run| {
                let row = &values[run.narrow..run.narrow + self.narrow[1]];
                add_spread(
                    &mut plane[run.wide..],
                    self.stride[1],
                    row,
                    kernel[run.cell],
                );
            });
        });
        wide
    }

    /// The adjoint in the weights: for each cell the sum of wide times narrow value over all
    /// positions and images; rows are summed in `F`, their sums in `f64`.
    pub fn weight_gradient<F: Real>(&self, wide: &[F], narrow: &[F]) -> Vec<F> {
        let cells = area(self.kernel);
        let mut sums = vec![0.0; self.narrow_channels * self.group_wide() * cells];
        self.for_each_pair(|pair| {
            let (plane, values) = (&wide[pair.wide()], &narrow[pair.narrow()]);
            let sums = &mut sums[pair.kernel()];
            self.for_each_run(|run| {
                let row = &values[run.narrow..run.narrow + self.narrow[1]];
                sums[run.cell] += dot_taps(row, &plane[run.wide..], self.stride[1]).wide();
            });
        });
        sums.into_iter().map(F::of).collect()
    }

    /// Wide channels of a group.
    pub fn group_wide(&self) -> usize {
        self.wide_channels / self.groups
    }

    /// Calls `visit` for every narrow plane and every wide plane of its group, in this order.
    fn for_each_pair(&self, mut visit: impl FnMut(Pair)) {
        let group_narrow = self.narrow_channels / self.groups;
        for n_idx in 0..self.n {
            for narrow_idx in 0..self.narrow_channels {
                let first_wide = narrow_idx / group_narrow * self.group_wide();
                for group_idx in 0..self.group_wide() {
                    visit(Pair {
                        wide_idx: n_idx * self.wide_channels + first_wide + group_idx,
                        narrow_idx: n_idx * self.narrow_channels + narrow_idx,
                        kernel_idx: narrow_idx * self.group_wide() + group_idx,
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
        for row_idx in 0..self.narrow[0] {
            for kernel_row in 0..kernel_h {
                let wide_row = row_idx * self.stride[0] + kernel_row * self.dilation[0];
                for kernel_col in 0..kernel_w {
                    visit(Run {
                        wide: wide_row * self.wide[1] + kernel_col * self.dilation[1],
                        narrow: row_idx * self.narrow[1],
                        cell: kernel_row * kernel_w + kernel_col,
                    });
                }
            }
        }
    }
}

/// A narrow plane and one of the wide planes that it sums over.
struct Pair<'a> {
    wide_idx: usize,
    narrow_idx: usize,
    kernel_idx: usize,
    correlation: &'a Correlation,
}

impl Pair<'_> {
    fn wide(&self) -> Range<usize> {
        block(self.wide_idx, area(self.correlation.wide))
    }

    fn narrow(&self) -> Range<usize> {
        block(self.narrow_idx, area(self.correlation.narrow))
    }

    fn kernel(&self) -> Range<usize> {
        block(self.kernel_idx, area(self.correlation.kernel))
    }
}

/// One kernel cell along one row of positions: where its first tap, its first position and the
/// cell itself stand in their planes.
struct Run {
    wide: usize,
    narrow: usize,
    cell: usize,
}

pub(crate) const fn area([rows, cols]: [usize; 2]) -> usize {
    rows * cols
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
