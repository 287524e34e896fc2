//! A convolution as a product of matrices: weights `[out channels, terms]` times the values under the
//! windows `[terms, positions]`. The second is packed block by block, straight from the input.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

use std::ops::Range;

use crate::compute::convolution::staged::Staged;
use crate::compute::convolution::{Convolution, Geometry, area};
use crate::compute::gemm::{Columns, Finish, PackedRows, TILE_M, TILE_N, multiply, scratch_len};
use crate::compute::simd::{F32x4, copy};

/// A convolution that is computed as a product.
#[derive(Clone, Debug)]
pub(crate) struct Product {
    geometry: Geometry,
    staged: Staged,
    /// From the first value under a window to each of the others, in the first group.
    offsets: Vec<usize>,
    /// The greatest of the offsets.
    reach: usize,
    groups: Vec<(PackedRows, Finish)>,
}

impl Product {
    pub fn new(geometry: Geometry, weights: &[f32], finish: Finish) -> Self {
        let staged = Staged::whole(&geometry);
        let (terms, rows) = (geometry.terms(), geometry.group_out());
        let groups = weights.chunks_exact((rows * terms).max(1)).enumerate();
        let groups = groups.map(|(group, weights)| {
            let packed = PackedRows::new(rows, terms, |row, term| weights[row * terms + term]);
            let bias = finish.bias.get(group * rows..(group + 1) * rows);
            let finish = Finish {
                bias: bias.unwrap_or_default().to_vec(),
                clamp: finish.clamp,
            };
            (packed, finish)
        });
        let offsets = staged.offsets();
        Product {
            reach: offsets.iter().copied().max().unwrap_or(0),
            offsets,
            groups: groups.collect(),
            staged,
            geometry,
        }
    }

    /// What [`Convolution::packed_len`] will be.
    pub fn planned_len(geometry: &Geometry) -> u64 {
        let rows = (geometry.group_out() as u64).next_multiple_of(TILE_M as u64);
        geometry.groups as u64 * rows * geometry.terms() as u64
    }

    fn packing_len(&self) -> usize {
        scratch_len(self.geometry.terms(), area(self.geometry.output))
    }
}

impl Convolution for Product {
    fn scratch_len(&self) -> usize {
        self.packing_len() + self.staged.scratch_len(self.geometry.in_channels)
    }

    fn packed_len(&self) -> usize {
        let rows = self.geometry.group_out().next_multiple_of(TILE_M);
        self.groups.len() * rows * self.geometry.terms()
    }

    fn run(&self, input: &[f32], output: &mut [f32], scratch: &mut [f32]) {
        let geometry = &self.geometry;
        let (packing, scratch) = scratch.split_at_mut(self.packing_len());
        let staged_len = self.staged.scratch_len(geometry.in_channels);
        let planes = self
            .staged
            .stage(input, 0, false, &mut scratch[..staged_len]);
        let output_len = geometry.group_out() * area(geometry.output);
        let outputs = output.chunks_exact_mut(output_len.max(1));
        for (group, (output, (rows, finish))) in outputs.zip(&self.groups).enumerate() {
            let patches = Patches {
                product: self,
                planes: &planes[group * geometry.group_in() * self.staged.plane_len()..],
            };
            multiply(rows, &patches, output, packing, finish);
        }
    }
}

/// The matrix whose column p holds the input values under the window at position p, channel by
/// channel and kernel cell by kernel cell.
struct Patches<'a> {
    product: &'a Product,
    planes: &'a [f32],
}

/// Neighbouring positions of one output row, within a panel.
#[derive(Clone, Copy, Default)]
struct Run {
    /// The first one's column of the panel.
    lane: usize,
    /// Where its window begins.
    start: usize,
}

impl Columns for Patches<'_> {
    fn k(&self) -> usize {
        self.product.offsets.len()
    }

    fn n(&self) -> usize {
        area(self.product.geometry.output)
    }

    fn pack(&self, terms: Range<usize>, columns: Range<usize>, to: &mut [[f32; TILE_N]]) {
        let offsets = &self.product.offsets[terms];
        let to = to.as_flattened_mut();
        for (idx, first) in columns.clone().step_by(TILE_N).enumerate() {
            let panel = &mut to[idx * offsets.len() * TILE_N..][..(offsets.len() + 1) * TILE_N];
            let (runs, count) = self.runs(first..columns.end.min(first + TILE_N));
            match &runs[..count] {
                [run] => self.copy_runs(offsets, &[*run], panel),
                [first, second] => self.copy_runs(offsets, &[*first, *second], panel),
                runs => self.copy_runs(offsets, runs, panel),
            }
        }
    }
}

impl Patches<'_> {
    /// The runs of a panel and their number.
    fn runs(&self, columns: Range<usize>) -> ([Run; TILE_N], usize) {
        let [_, out_w] = self.product.geometry.output;
        let mut runs = [Run::default(); TILE_N];
        let (mut count, mut column) = (0, columns.start);
        while column < columns.end {
            let (row, col) = (column / out_w, column % out_w);
            runs[count] = Run {
                lane: column - columns.start,
                start: self.product.staged.position(row, col),
            };
            count += 1;
            column += out_w - col;
        }
        (runs, count)
    }

    /// Copies a whole row of the panel from the start of each run: what is too much is overwritten by
    /// the next run, or by the next row.
    #[inline(always)]
    fn copy_runs(&self, offsets: &[usize], runs: &[Run], panel: &mut [f32]) {
        let last = runs.iter().map(|run| run.start).max().unwrap_or(0) + self.product.reach;
        if last + TILE_N > self.planes.len() {
            self.copy_last_runs(offsets, runs, panel);
            return;
        }
        assert!(panel.len() >= (offsets.len() + 1) * TILE_N);
        for (term, offset) in offsets.iter().enumerate() {
            for run in runs {
                let (from, to) = (run.start + offset, term * TILE_N + run.lane);
                // SAFETY: `from` is at most `last`, and a lane is less than TILE_N.
                unsafe {
                    for half in [0, 4] {
                        F32x4::read_unchecked(self.planes, from + half)
                            .write_unchecked(panel, to + half);
                    }
                }
            }
        }
    }

    /// The same at the very end of the planes.
    #[cold]
    fn copy_last_runs(&self, offsets: &[usize], runs: &[Run], panel: &mut [f32]) {
        for (term, offset) in offsets.iter().enumerate() {
            for run in runs {
                let to = &mut panel[term * TILE_N + run.lane..][..TILE_N];
                copy(&self.planes[run.start + offset..], to);
            }
        }
    }
}
