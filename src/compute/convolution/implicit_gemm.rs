//! A convolution as a matrix product: weights `[out channels, terms]` times the patches under the
//! window `[terms, positions]`. The matrix of patches (im2col) is never stored; it is packed block
//! by block straight from the input.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

use std::ops::Range;

use crate::compute::convolution::padded_copy::PaddedCopy;
use crate::compute::convolution::{Convolution, Geometry};
use crate::compute::gemm::{Columns, Epilogue, PackedRows, TILE_M, TILE_N, multiply, scratch_len};
use crate::compute::layout::area;
use crate::compute::simd::{F32x4, copy};

/// A convolution that is computed as a matrix product.
#[derive(Clone, Debug)]
pub(crate) struct ImplicitGemm {
    geometry: Geometry,
    padded: PaddedCopy,
    /// Offsets from the first value under the window to each of its values, in the first group.
    offsets: Vec<usize>,
    /// The largest of the offsets.
    max_offset: usize,
    groups: Vec<(PackedRows, Epilogue)>,
}

impl ImplicitGemm {
    pub fn new(geometry: Geometry, weights: &[f32], epilogue: Epilogue) -> Self {
        let padded = PaddedCopy::whole(&geometry);
        let (terms, rows) = (geometry.terms(), geometry.group_out());
        let groups = weights.chunks_exact((rows * terms).max(1)).enumerate();
        let groups = groups.map(|(group, weights)| {
            let packed = PackedRows::new(rows, terms, |row, term| weights[row * terms + term]);
            let bias = epilogue.bias.get(group * rows..(group + 1) * rows);
            let epilogue = Epilogue {
                bias: bias.unwrap_or_default().to_vec(),
                clamp: epilogue.clamp,
            };
            (packed, epilogue)
        });
        let offsets = padded.offsets();
        ImplicitGemm {
            max_offset: offsets.iter().copied().max().unwrap_or(0),
            offsets,
            groups: groups.collect(),
            padded,
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

impl Convolution for ImplicitGemm {
    fn scratch_len(&self) -> usize {
        self.packing_len() + self.padded.scratch_len(self.geometry.in_channels)
    }

    fn packed_len(&self) -> usize {
        let rows = self.geometry.group_out().next_multiple_of(TILE_M);
        self.groups.len() * rows * self.geometry.terms()
    }

    fn run(&self, input: &[f32], output: &mut [f32], scratch: &mut [f32]) {
        let geometry = &self.geometry;
        let (packing, scratch) = scratch.split_at_mut(self.packing_len());
        let padded_len = self.padded.scratch_len(geometry.in_channels);
        let planes = self
            .padded
            .prepare(input, 0, false, &mut scratch[..padded_len]);
        let output_len = geometry.group_out() * area(geometry.output);
        let outputs = output.chunks_exact_mut(output_len.max(1));
        for (group, (output, (rows, epilogue))) in outputs.zip(&self.groups).enumerate() {
            let patches = Patches {
                gemm: self,
                planes: &planes[group * geometry.group_in() * self.padded.plane_len()..],
            };
            multiply(rows, &patches, output, packing, epilogue);
        }
    }
}

/// The matrix of patches (im2col): column p holds the input values under the window at position p,
/// channel by channel and kernel cell by kernel cell.
struct Patches<'a> {
    gemm: &'a ImplicitGemm,
    planes: &'a [f32],
}

/// Neighbouring positions of one output row within a panel.
#[derive(Clone, Copy, Default)]
struct Run {
    /// Column of the first position in the panel.
    lane: usize,
    /// Index of the first value under its window.
    start: usize,
}

impl Columns for Patches<'_> {
    fn k(&self) -> usize {
        self.gemm.offsets.len()
    }

    fn n(&self) -> usize {
        area(self.gemm.geometry.output)
    }

    fn pack(&self, terms: Range<usize>, columns: Range<usize>, to: &mut [[f32; TILE_N]]) {
        let offsets = &self.gemm.offsets[terms];
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
    /// The runs of a panel, and how many there are.
    fn runs(&self, columns: Range<usize>) -> ([Run; TILE_N], usize) {
        let [_, out_w] = self.gemm.geometry.output;
        let mut runs = [Run::default(); TILE_N];
        let (mut count, mut column) = (0, columns.start);
        while column < columns.end {
            let (row, col) = (column / out_w, column % out_w);
            runs[count] = Run {
                lane: column - columns.start,
                start: self.gemm.padded.position(row, col),
            };
            count += 1;
            column += out_w - col;
        }
        (runs, count)
    }

    /// Copies a full row of the panel from the start of each run: the excess is overwritten by the
    /// next run or the next row.
    #[inline(always)]
    fn copy_runs(&self, offsets: &[usize], runs: &[Run], panel: &mut [f32]) {
        let last = runs.iter().map(|run| run.start).max().unwrap_or(0) + self.gemm.max_offset;
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

    /// [`Patches::copy_runs`] at the very end of the planes.
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
