//! A convolution plane by plane, for images, depthwise layers and few output channels: a tile of four
//! output rows of eight columns stays in registers while the kernel passes over it.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

use crate::compute::convolution::slanted::{Band, COLUMNS, Planes, ROWS, Slanted};
use crate::compute::convolution::staged::Staged;
use crate::compute::convolution::unstaged::Unstaged;
use crate::compute::convolution::{Convolution, Geometry, area};
use crate::compute::gemm::Finish;
use crate::compute::simd::F32x4;
use std::ops::Range;

/// Rows of a tile.
const TILE_H: usize = 4;
/// Values of the input that are staged at a time, about: they stay in the first cache.
const STAGED_LEN: usize = 1 << 12;
/// The same where neighbouring bands share more than two rows: they stay in the second cache.
const SLANTED_LEN: usize = 1 << 14;
/// Columns of a tile.
const TILE_W: usize = 8;

/// A convolution that is computed row by row.
#[derive(Clone, Debug)]
pub(crate) struct Rows {
    geometry: Geometry,
    staged: Staged,
    /// Output rows whose part of the input is staged at a time.
    band: usize,
    weights: Vec<f32>,
    finish: Finish,
    /// From the first value under a window to each of the others, plane by plane.
    offsets: Vec<usize>,
    /// The greatest of the offsets.
    reach: usize,
    slanted: Option<Slanted>,
    /// Instead of all that, if the planes can be read where they are.
    unstaged: Option<Box<Unstaged>>,
}

impl Rows {
    pub fn new(geometry: Geometry, weights: &[f32], finish: Finish) -> Self {
        // A whole number of tiles.
        let slanted = Slanted::pays(&geometry)
            .then(|| Slanted::new(geometry.kernel, geometry.group_in(), weights));
        let staged_len = match slanted {
            Some(_) => SLANTED_LEN,
            None => STAGED_LEN,
        };
        let band = staged_len / (geometry.output[1] * geometry.stride[0]).max(1);
        let band = band.next_multiple_of(TILE_H).max(2 * TILE_H);
        let staged = Staged::banded(&geometry, band);
        let offsets = staged.offsets();
        Rows {
            reach: offsets.iter().copied().max().unwrap_or(0),
            offsets,
            slanted,
            unstaged: Unstaged::new(&geometry).map(Box::new),
            weights: weights.to_vec(),
            band,
            geometry,
            staged,
            finish,
        }
    }

    /// What [`Convolution::packed_len`] will be.
    pub fn planned_len(geometry: &Geometry) -> u64 {
        let kernels = geometry.out_channels as u64 * geometry.group_in() as u64;
        let slanted = match Slanted::pays(geometry) {
            true => Slanted::planned_len(geometry.kernel),
            false => 0,
        };
        kernels * (area(geometry.kernel) as u64 + slanted)
    }

    /// The way to compute that many output rows, if they share.
    fn slanted_of(&self, rows: usize) -> Option<&Slanted> {
        self.slanted.as_ref().filter(|_| rows >= ROWS)
    }

    /// The output columns from which on a tile of these rows sees no padding.
    fn direct_columns(&self, rows: &Range<usize>) -> Range<usize> {
        let Geometry {
            kernel: [kernel_h, kernel_w],
            input: [in_h, in_w],
            padding,
            ..
        } = self.geometry;
        let is_inside = rows.start >= padding.top && rows.end + kernel_h - 1 <= padding.top + in_h;
        if self.slanted_of(rows.len()).is_none() || !is_inside {
            return 0..0;
        }
        let end = (padding.left + in_w + 2).saturating_sub(kernel_w + COLUMNS);
        padding.left..end.max(padding.left)
    }

    /// The planes of the input, for rows from `first` on.
    fn direct_planes<'a>(&self, input: &'a [f32], first: usize) -> Planes<'a> {
        let Geometry {
            input: [in_h, in_w],
            padding,
            ..
        } = self.geometry;
        let start = (first as isize - padding.top as isize) * in_w as isize;
        Planes {
            values: input,
            start: start - padding.left as isize,
            plane_len: in_h * in_w,
            row_len: in_w,
        }
    }

    /// A band of rows of one output plane.
    fn band(&self, planes: &[f32], channel: usize, output: &mut [f32]) {
        let out_w = self.geometry.output[1];
        let height = output.len() / out_w;
        let terms = self.geometry.terms();
        let weights = &self.weights[channel * terms..][..terms];
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
                let place = [row.min(height - TILE_H), col];
                self.tile::<TILE_H>(planes, weights, channel, place, output);
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
        let start = self.staged.position(row, col);
        let mut sums = [[F32x4::constant(0.0); 2]; H];
        let step = self.staged.position(1, 0);
        assert!(start + self.reach + (H - 1) * step + TILE_W <= planes.len());
        for (offset, weight) in self.offsets.iter().zip(weights) {
            let weight = F32x4::splat(weight);
            for (row, sums) in sums.iter_mut().enumerate() {
                let at = start + offset + row * step;
                // SAFETY: asserted above, as no offset exceeds the reach.
                unsafe { add_product(sums, weight, planes, at) };
            }
        }
        self.store(channel, [row, col], &sums, output);
    }

    /// Writes the finished sums of a tile.
    #[inline(always)]
    fn store(
        &self,
        channel: usize,
        [row, col]: [usize; 2],
        sums: &[[F32x4; 2]],
        output: &mut [f32],
    ) {
        let out_w = self.geometry.output[1];
        for (idx, sums) in sums.iter().enumerate() {
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
}

impl Convolution for Rows {
    fn scratch_len(&self) -> usize {
        match &self.unstaged {
            Some(unstaged) => unstaged.scratch_len(),
            None => self.staged.scratch_len(self.geometry.group_in()),
        }
    }

    fn packed_len(&self) -> usize {
        self.weights.len() + self.slanted.as_ref().map_or(0, Slanted::len)
    }

    fn run(&self, input: &[f32], output: &mut [f32], scratch: &mut [f32]) {
        let geometry = &self.geometry;
        if let Some(unstaged) = &self.unstaged {
            unstaged.run(&self.weights, &self.finish, input, output, scratch);
            return;
        }
        let [out_h, out_w] = geometry.output;
        let scratch = &mut scratch[..self.scratch_len()];
        let group_len = geometry.group_in() * area(geometry.input);
        let inputs = input.chunks_exact(group_len.max(1));
        let outputs = output.chunks_exact_mut((geometry.group_out() * out_h * out_w).max(1));
        for (group, (input, outputs)) in inputs.zip(outputs).enumerate() {
            for first in (0..out_h).step_by(self.band) {
                let rows = first..out_h.min(first + self.band);
                let is_clean = group > 0 && out_h <= self.band;
                let direct = self.direct_columns(&rows);
                // Columns that only the tiles in between see.
                let unread = direct.start + geometry.kernel[1] - 1 + COLUMNS
                    ..direct.end.min(out_w.saturating_sub(COLUMNS));
                let planes = (self.staged).stage_around(unread, input, first, is_clean, scratch);
                for (idx, output) in outputs.chunks_exact_mut(out_h * out_w).enumerate() {
                    let output = &mut output[first * out_w..rows.end * out_w];
                    let channel = group * geometry.group_out() + idx;
                    match self.slanted_of(rows.len()) {
                        Some(slanted) => {
                            let band = Band {
                                staged: Planes {
                                    values: planes,
                                    start: 0,
                                    plane_len: self.staged.plane_len(),
                                    row_len: self.staged.row_len(),
                                },
                                direct: (self.direct_planes(input, first), direct.clone()),
                                channel,
                                finish: &self.finish,
                            };
                            slanted.run(&band, out_w, output);
                        }
                        None => self.band(planes, channel, output),
                    }
                }
            }
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
