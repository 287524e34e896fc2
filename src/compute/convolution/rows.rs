//! A convolution plane by plane, for images, depthwise layers and few output channels: a tile of four
//! output rows of eight columns stays in registers while the kernel passes over it.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

use crate::compute::convolution::staged::Staged;
use crate::compute::convolution::strips::{STRIP, Strips};
use crate::compute::convolution::{Geometry, area};
use crate::compute::gemm::Finish;
use crate::compute::simd::F32x4;

/// Rows of a tile.
const TILE_H: usize = 4;
/// Output rows whose part of the input is staged at a time.
const BAND: usize = 32;
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
    /// The greatest of the offsets.
    reach: usize,
    /// Whether neighbouring output rows pass over the same input rows in turn.
    shares_rows: bool,
}

impl Rows {
    pub fn new(geometry: Geometry, weights: &[f32], finish: Finish) -> Self {
        let staged = Staged::banded(&geometry, BAND);
        let offsets = staged.offsets();
        Rows {
            reach: offsets.iter().copied().max().unwrap_or(0),
            offsets,
            shares_rows: geometry.stride == [1, 1]
                && geometry.dilation == [1, 1]
                && geometry.kernel[0] > TILE_H,
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
        let [out_h, out_w] = geometry.output;
        let scratch = &mut scratch[..self.scratch_len()];
        let group_len = geometry.group_in() * area(geometry.input);
        let inputs = input.chunks_exact(group_len.max(1));
        let outputs = output.chunks_exact_mut((geometry.group_out() * out_h * out_w).max(1));
        for (group, (input, outputs)) in inputs.zip(outputs).enumerate() {
            for first in (0..out_h).step_by(BAND) {
                let planes = self
                    .staged
                    .stage(input, first, group > 0 && out_h <= BAND, scratch);
                for (idx, output) in outputs.chunks_exact_mut(out_h * out_w).enumerate() {
                    let end = out_h.min(first + BAND);
                    let output = &mut output[first * out_w..end * out_w];
                    self.band(planes, group * geometry.group_out() + idx, output);
                }
            }
        }
    }

    /// A band of rows of one output plane.
    fn band(&self, planes: &[f32], channel: usize, output: &mut [f32]) {
        let out_w = self.geometry.output[1];
        let height = output.len() / out_w;
        let terms = self.geometry.terms();
        let weights = &self.weights[channel * terms..][..terms];
        if let (Ok(weights), Ok(offsets), [3, 3], STRIP..) = (
            <&[f32; 9]>::try_from(weights),
            self.offsets[..].try_into(),
            self.geometry.kernel,
            out_w,
        ) {
            let strips = Strips {
                plane: planes,
                weights: &weights.map(|weight| [weight; 4]),
                offsets,
                step: self.staged.position(1, 0),
                finish: &self.finish,
                channel,
            };
            strips.run(out_w, output);
            return;
        }
        // The last tile of either direction overlaps the one before it.
        for col in (0..out_w).step_by(TILE_W) {
            let col = col.min(out_w.saturating_sub(TILE_W));
            if height < TILE_H {
                for row in 0..height {
                    self.tile::<1>(planes, weights, channel, [row, col], output);
                }
                continue;
            }
            for row in (0..height).step_by(TILE_H) {
                let row = row.min(height - TILE_H);
                self.tile::<TILE_H>(planes, weights, channel, [row, col], output);
            }
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
        let mut sums = [[F32x4::constant(0.0); 2]; H];
        let step = self.staged.position(1, 0);
        assert!(start + self.reach + (H - 1) * step + TILE_W <= planes.len());
        if self.shares_rows && H == TILE_H {
            self.add_shared_rows(planes, weights, start, &mut sums);
        } else {
            for (offset, weight) in self.offsets.iter().zip(weights) {
                let weight = F32x4::splat(weight);
                for (row, sums) in sums.iter_mut().enumerate() {
                    let at = start + offset + row * step;
                    // SAFETY: asserted above, as no offset exceeds the reach.
                    unsafe { add_product(sums, weight, planes, at) };
                }
            }
        }
        for (idx, sums) in sums.into_iter().enumerate() {
            let sums = sums.map(|sum| self.finish.lanes(channel, sum));
            let output = &mut output[(row + idx) * out_w + col..];
            match output.first_chunk_mut::<TILE_W>() {
                // In a row of fewer columns this writes to the next row, too, whose turn is to come.
                Some(output) => {
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

    /// At stride 1 neighbouring output rows see the same input rows: each is read once for all of them.
    #[inline(always)]
    fn add_shared_rows<const H: usize>(
        &self,
        planes: &[f32],
        weights: &[f32],
        start: usize,
        sums: &mut [[F32x4; 2]; H],
    ) {
        let [kernel_h, kernel_w] = self.geometry.kernel;
        let kernels = weights.chunks_exact(kernel_h * kernel_w);
        for (plane, kernel) in kernels.enumerate() {
            for row in 0..kernel_h + H - 1 {
                let at = start + plane * self.staged.plane_len() + self.staged.position(row, 0);
                let first = (row + 1).saturating_sub(kernel_h);
                let end = H.min(row + 1);
                let taps = Taps {
                    planes,
                    at,
                    kernel,
                    kernel_w,
                    row,
                };
                // The rows of the tile that see this row of the input are a constant of each loop.
                match (first, end) {
                    (0, 1) => taps.add::<0, 1, H>(sums),
                    (0, 2) => taps.add::<0, 2, H>(sums),
                    (0, 3) => taps.add::<0, 3, H>(sums),
                    (0, 4) => taps.add::<0, 4, H>(sums),
                    (1, 4) => taps.add::<1, 4, H>(sums),
                    (2, 4) => taps.add::<2, 4, H>(sums),
                    (3, 4) => taps.add::<3, 4, H>(sums),
                    _ => (first..end).for_each(|out| taps.add_to(out, &mut sums[out])),
                }
            }
        }
    }
}

/// One row of the input and the kernel rows that pass over it.
struct Taps<'a> {
    planes: &'a [f32],
    /// Where the row begins under the tile.
    at: usize,
    kernel: &'a [f32],
    kernel_w: usize,
    row: usize,
}

impl Taps<'_> {
    /// Adds to the rows of the tile from `FIRST` to before `END`.
    #[inline(always)]
    fn add<const FIRST: usize, const END: usize, const H: usize>(
        &self,
        sums: &mut [[F32x4; 2]; H],
    ) {
        let kernel_rows: [&[f32]; H] = std::array::from_fn(|out| {
            let is_met = (FIRST..END).contains(&out);
            let kernel_row = if is_met { self.row - out } else { 0 };
            &self.kernel[kernel_row * self.kernel_w..][..self.kernel_w]
        });
        for col in 0..self.kernel_w {
            // SAFETY: the caller asserted the reach of the whole tile.
            let halves = unsafe {
                [0, 4].map(|half| F32x4::read_unchecked(self.planes, self.at + col + half))
            };
            for out in FIRST..END {
                let weight = F32x4::splat(&kernel_rows[out][col]);
                sums[out][0] = sums[out][0].add_product(weight, halves[0]);
                sums[out][1] = sums[out][1].add_product(weight, halves[1]);
            }
        }
    }

    /// Adds to the row `out` of the tile.
    fn add_to(&self, out: usize, sums: &mut [F32x4; 2]) {
        let weights = &self.kernel[(self.row - out) * self.kernel_w..][..self.kernel_w];
        for (col, weight) in weights.iter().enumerate() {
            // SAFETY: the caller asserted the reach of the whole tile.
            unsafe { add_product(sums, F32x4::splat(weight), self.planes, self.at + col) };
        }
    }
}

/// Adds `weight` times the eight values from `at` on.
///
/// # Safety
/// `at` + 8 is at most the number of values.
#[inline(always)]
unsafe fn add_product(sums: &mut [F32x4; 2], weight: F32x4, values: &[f32], at: usize) {
    // SAFETY: the caller says so.
    let halves = unsafe { [0, 4].map(|half| F32x4::read_unchecked(values, at + half)) };
    sums[0] = sums[0].add_product(weight, halves[0]);
    sums[1] = sums[1].add_product(weight, halves[1]);
}
