//! Direct convolution plane by plane, for images, depthwise layers and few output channels. A tile
//! of four output rows by eight columns stays in registers while it sums over the kernel.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

use crate::compute::convolution::in_place::InPlace;
use crate::compute::convolution::padded_copy::PaddedCopy;
use crate::compute::convolution::shared_rows::{Band, COLUMNS, Planes, ROWS, SharedRows};
use crate::compute::convolution::{Convolution, Geometry};
use crate::compute::gemm::Epilogue;
use crate::compute::layout::area;
use crate::compute::simd::F32x4;
use std::ops::Range;

/// Rows of a tile.
const TILE_H: usize = 4;
/// Approximate number of input values that are copied with their padding at a time: they stay in
/// the L1 cache.
const BAND_LEN: usize = 1 << 12;
/// [`BAND_LEN`] for kernels whose output rows share input rows: they stay in the L2 cache.
const SHARED_BAND_LEN: usize = 1 << 14;
/// Columns of a tile.
const TILE_W: usize = 8;

/// A convolution that is computed directly.
#[derive(Clone, Debug)]
pub(crate) struct Direct {
    geometry: Geometry,
    padded: PaddedCopy,
    /// Output rows per padded copy of a band of the input.
    band: usize,
    weights: Vec<f32>,
    epilogue: Epilogue,
    /// Offsets from the first value under the window to each of its values, plane by plane.
    offsets: Vec<usize>,
    /// The largest of the offsets.
    max_offset: usize,
    shared_rows: Option<SharedRows>,
    /// Used instead of all the above if the planes can be read in place.
    in_place: Option<Box<InPlace>>,
}

impl Direct {
    pub fn new(geometry: Geometry, weights: &[f32], epilogue: Epilogue) -> Self {
        let shared_rows = SharedRows::is_worth_it(&geometry)
            .then(|| SharedRows::new(geometry.kernel, geometry.group_in(), weights));
        let padded_len = match shared_rows {
            Some(_) => SHARED_BAND_LEN,
            None => BAND_LEN,
        };
        let band = padded_len / (geometry.output[1] * geometry.stride[0]).max(1);
        let band = band.next_multiple_of(TILE_H).max(2 * TILE_H);
        let padded = PaddedCopy::banded(&geometry, band);
        let offsets = padded.offsets();
        Direct {
            max_offset: offsets.iter().copied().max().unwrap_or(0),
            offsets,
            shared_rows,
            in_place: InPlace::new(&geometry).map(Box::new),
            weights: weights.to_vec(),
            band,
            geometry,
            padded,
            epilogue,
        }
    }

    /// What [`Convolution::packed_len`] will be.
    pub fn planned_len(geometry: &Geometry) -> u64 {
        let kernels = geometry.out_channels as u64 * geometry.group_in() as u64;
        let shared_rows = match SharedRows::is_worth_it(geometry) {
            true => SharedRows::planned_len(geometry.kernel),
            false => 0,
        };
        kernels * (area(geometry.kernel) as u64 + shared_rows)
    }

    /// The kernels for this many output rows, if these share input rows.
    fn shared_rows_for(&self, rows: usize) -> Option<&SharedRows> {
        self.shared_rows.as_ref().filter(|_| rows >= ROWS)
    }

    /// The output columns at which a tile of these rows sees no padding.
    fn in_place_columns(&self, rows: &Range<usize>) -> Range<usize> {
        let Geometry {
            kernel: [kernel_h, kernel_w],
            input: [in_h, in_w],
            padding,
            ..
        } = self.geometry;
        let is_inside = rows.start >= padding.top && rows.end + kernel_h - 1 <= padding.top + in_h;
        if self.shared_rows_for(rows.len()).is_none() || !is_inside {
            return 0..0;
        }
        let end = (padding.left + in_w + 2).saturating_sub(kernel_w + COLUMNS);
        padding.left..end.max(padding.left)
    }

    /// The planes of the input, for output rows starting at `first`.
    fn in_place_planes<'a>(&self, input: &'a [f32], first: usize) -> Planes<'a> {
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

    /// Computes a band of rows of one output plane.
    fn band(&self, planes: &[f32], channel: usize, output: &mut [f32]) {
        let out_w = self.geometry.output[1];
        let height = output.len() / out_w;
        let terms = self.geometry.terms();
        let weights = &self.weights[channel * terms..][..terms];
        // The last tile in either direction overlaps the one before it.
        for col in (0..out_w).step_by(TILE_W) {
            let col = col.min(out_w.saturating_sub(TILE_W));
            if height < TILE_H {
                for row in 0..height {
                    self.tile::<1>(planes, weights, channel, [row, col], output);
                }
                continue;
            }
            for row in (0..height).step_by(TILE_H) {
                let position = [row.min(height - TILE_H), col];
                self.tile::<TILE_H>(planes, weights, channel, position, output);
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
        let start = self.padded.position(row, col);
        let mut sums = [[F32x4::constant(0.0); 2]; H];
        let step = self.padded.position(1, 0);
        assert!(start + self.max_offset + (H - 1) * step + TILE_W <= planes.len());
        for (offset, weight) in self.offsets.iter().zip(weights) {
            let weight = F32x4::splat(weight);
            for (row, sums) in sums.iter_mut().enumerate() {
                let at = start + offset + row * step;
                // SAFETY: asserted above, as no offset exceeds `max_offset`.
                unsafe { add_product(sums, weight, planes, at) };
            }
        }
        self.store(channel, [row, col], &sums, output);
    }

    /// Applies the epilogue to the sums of a tile and stores them.
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
            let sums = sums.map(|sum| self.epilogue.apply_to_lanes(channel, sum));
            let output = &mut output[(row + idx) * out_w + col..];
            match output.first_chunk_mut::<TILE_W>() {
                // In a row of fewer columns this also writes into the next row, which is computed
                // later.
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

impl Convolution for Direct {
    fn scratch_len(&self) -> usize {
        match &self.in_place {
            Some(in_place) => in_place.scratch_len(),
            None => self.padded.scratch_len(self.geometry.group_in()),
        }
    }

    fn packed_len(&self) -> usize {
        self.weights.len() + self.shared_rows.as_ref().map_or(0, SharedRows::len)
    }

    fn run(&self, input: &[f32], output: &mut [f32], scratch: &mut [f32]) {
        let geometry = &self.geometry;
        if let Some(in_place) = &self.in_place {
            in_place.run(&self.weights, &self.epilogue, input, output, scratch);
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
                let in_place_columns = self.in_place_columns(&rows);
                // Columns that only tiles reading the input in place see.
                let unread = in_place_columns.start + geometry.kernel[1] - 1 + COLUMNS
                    ..in_place_columns.end.min(out_w.saturating_sub(COLUMNS));
                let planes = (self.padded).prepare_around(unread, input, first, is_clean, scratch);
                for (idx, output) in outputs.chunks_exact_mut(out_h * out_w).enumerate() {
                    let output = &mut output[first * out_w..rows.end * out_w];
                    let channel = group * geometry.group_out() + idx;
                    match self.shared_rows_for(rows.len()) {
                        Some(shared_rows) => {
                            let band = Band {
                                padded: Planes {
                                    values: planes,
                                    start: 0,
                                    plane_len: self.padded.plane_len(),
                                    row_len: self.padded.row_len(),
                                },
                                in_place: (
                                    self.in_place_planes(input, first),
                                    in_place_columns.clone(),
                                ),
                                channel,
                                epilogue: &self.epilogue,
                            };
                            shared_rows.run(&band, out_w, output);
                        }
                        None => self.band(planes, channel, output),
                    }
                }
            }
        }
    }
}

/// Adds `weight` times the eight values starting at index `at`.
///
/// # Safety
/// `at + 8` must not exceed the number of values.
#[inline(always)]
unsafe fn add_product(sums: &mut [F32x4; 2], weight: F32x4, values: &[f32], at: usize) {
    // SAFETY: the caller guarantees it.
    let halves = unsafe { [0, 4].map(|half| F32x4::read_unchecked(values, at + half)) };
    sums[0] = sums[0].add_product(weight, halves[0]);
    sums[1] = sums[1].add_product(weight, halves[1]);
}
