//! A convolution plane by plane, for images, depthwise layers and few output channels: a tile of four
//! output rows of eight columns stays in registers while the kernel passes over it.

use crate::compute::convolution::staged::Staged;
use crate::compute::convolution::{Geometry, area};
use crate::compute::gemm::Finish;
use crate::compute::simd::F32x4;

/// Rows of a tile.
const TILE_H: usize = 4;
/// Columns of a tile.
const TILE_W: usize = 8;

/// A convolution that is computed row by row.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    geometry: Geometry,
    staged: Staged,
    weights: Vec<f32>,
    finish: Finish,
    /// From the first value under a window to each of the others, plane by plane.
    offsets: Vec<usize>,
}

impl Rows {
    pub fn new(geometry: Geometry, weights: &[f32], finish: Finish) -> Self {
        let staged = Staged::padded(&geometry);
        Rows {
            offsets: staged.offsets(),
            weights: weights.to_vec(),
            geometry,
            staged,
            finish,
        }
    }

    pub fn packed_len(&self) -> usize {
        self.weights.len()
    }

    pub fn scratch_len(&self) -> usize {
        self.staged.scratch_len(self.geometry.group_in())
    }

    pub fn run(&self, input: &[f32], output: &mut [f32], scratch: &mut [f32]) {
        let geometry = &self.geometry;
        let scratch = &mut scratch[..self.scratch_len()];
        scratch.fill(0.0);
        let group_len = geometry.group_in() * area(geometry.input);
        let inputs = input.chunks_exact(group_len.max(1));
        let output_len = area(geometry.output);
        let outputs = output.chunks_exact_mut((geometry.group_out() * output_len).max(1));
        for (group, (input, outputs)) in inputs.zip(outputs).enumerate() {
            let planes = self.staged.stage(input, scratch);
            for (idx, output) in outputs.chunks_exact_mut(output_len).enumerate() {
                self.plane(planes, group * geometry.group_out() + idx, output);
            }
        }
    }

    /// One output plane.
    fn plane(&self, planes: &[f32], channel: usize, output: &mut [f32]) {
        let [out_h, out_w] = self.geometry.output;
        let terms = self.geometry.terms();
        let weights = &self.weights[channel * terms..][..terms];
        let mut row = 0;
        while row < out_h {
            // The last tile overlaps the one before it.
            let first = row.min(out_h.saturating_sub(TILE_H));
            let mut col = 0;
            while col < out_w {
                let left = col.min(out_w.saturating_sub(TILE_W));
                let place = [first, left];
                if out_h < TILE_H {
                    self.tile::<1>(planes, weights, channel, [row, left], output);
                } else {
                    self.tile::<TILE_H>(planes, weights, channel, place, output);
                }
                col += TILE_W;
            }
            row += if out_h < TILE_H { 1 } else { TILE_H };
        }
    }

    #[inline(always)]
    fn tile<const H: usize>(
        &self,
        planes: &[f32],
        weights: &[f32],
        channel: usize,
        [row, col]: [usize; 2],
        output: &mut [f32],
    ) {
        let out_w = self.geometry.output[1];
        let start = self.staged.position(row, col);
        let step = self.staged.position(1, 0);
        let mut sums = [[F32x4::constant(0.0); 2]; H];
        for (offset, weight) in self.offsets.iter().zip(weights) {
            let weight = F32x4::splat(weight);
            for (row, sums) in sums.iter_mut().enumerate() {
                let at = start + offset + row * step;
                let [left, right] = [F32x4::read(planes, at), F32x4::read(planes, at + 4)];
                sums[0] = sums[0].add_product(weight, left);
                sums[1] = sums[1].add_product(weight, right);
            }
        }
        for (idx, sums) in sums.into_iter().enumerate() {
            let sums = sums.map(|sum| self.finish.lanes(channel, sum));
            let output = &mut output[(row + idx) * out_w + col..];
            match output.first_chunk_mut::<TILE_W>() {
                Some(output) if out_w >= TILE_W => {
                    let (halves, _) = output.as_chunks_mut::<4>();
                    sums[0].store(&mut halves[0]);
                    sums[1].store(&mut halves[1]);
                }
                _ => {
                    let mut whole = [[0.0; 4]; 2];
                    sums[0].store(&mut whole[0]);
                    sums[1].store(&mut whole[1]);
                    for (output, value) in output.iter_mut().zip(whole.as_flattened()).take(out_w) {
                        *output = *value;
                    }
                }
            }
        }
    }
}
