//! The gradient of the weights of a convolution.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loop are checked once before it"
)]

use std::ops::Range;

use crate::compute::convolution::Geometry;
use crate::compute::gemm::{Columns, Epilogue, PackedRows, TILE_M, TILE_N, multiply, scratch_len};
use crate::compute::layout::{area, block};
use crate::compute::simd::F32x4;
use crate::window::Sides;

/// Maximum number of positions whose products are summed in `f32`.
pub(super) const RUN: usize = 1024;

/// For each group, the product of the output's gradient `[out channels, positions]` with the
/// transposed patches `[positions, terms]`, over runs of positions, which span several images if
/// these are small. The runs are added in `f64`.
pub(super) fn with_gemm(geometry: &Geometry, input: &[f32], d_output: &[f32]) -> Vec<f32> {
    let (rows, terms, positions) = (
        geometry.group_out(),
        geometry.terms(),
        area(geometry.output),
    );
    let input_len = geometry.in_channels * area(geometry.input);
    let images = input.len() / input_len;
    let images_at_once = (RUN / positions).clamp(1, images.max(1));
    let mut padded = Padded::new(geometry, images_at_once);
    let mut products = vec![0.0; rows * terms];
    let mut scratch = vec![0.0; scratch_len(RUN.min(images_at_once * positions), terms)];
    let mut sums = vec![0.0; geometry.out_channels * terms];
    for (group, sums) in sums.chunks_exact_mut(rows * terms).enumerate() {
        for first in (0..images).step_by(images_at_once) {
            let images = first..images.min(first + images_at_once);
            let count = images.len() * positions;
            padded.load(input, images, group);
            let (values, image_step) = padded.images(input, first, group);
            let d_output = Gradients {
                values: &d_output[(first * geometry.groups + group) * rows * positions..],
                image_step: geometry.out_channels * positions,
                rows,
                positions,
            };
            for start in (0..count).step_by(RUN) {
                let run = start..count.min(start + RUN);
                let patches = Patches {
                    geometry,
                    values,
                    image_step,
                    row_len: padded.extents[1],
                    offsets: &padded.offsets,
                    run: run.clone(),
                };
                multiply(
                    &d_output.packed(run),
                    &patches,
                    &mut products,
                    &mut scratch,
                    &Epilogue::default(),
                );
                for (sum, &product) in sums.iter_mut().zip(&products) {
                    *sum += f64::from(product);
                }
            }
        }
    }
    sums.into_iter().map(|sum| sum as f32).collect()
}

/// Padded images of one group, as many as are read at once.
struct Padded<'a> {
    geometry: &'a Geometry,
    /// Extents of a padded plane.
    extents: [usize; 2],
    /// Offsets from the first value under the window to each of its values.
    offsets: Vec<usize>,
    /// The images between zeros; empty if there is no padding.
    values: Vec<f32>,
}

impl<'a> Padded<'a> {
    fn new(geometry: &'a Geometry, images: usize) -> Self {
        let extents = geometry.padded();
        let [kernel_h, kernel_w] = geometry.kernel;
        let [down, across] = geometry.dilation;
        let offsets = (0..geometry.group_in()).flat_map(|plane| {
            (0..kernel_h).flat_map(move |row| {
                let row = plane * extents[0] + row * down;
                (0..kernel_w).map(move |col| row * extents[1] + col * across)
            })
        });
        let is_padded = geometry.padding != Sides::default();
        let len = geometry.group_in() * area(extents);
        Padded {
            geometry,
            extents,
            offsets: offsets.collect(),
            values: vec![0.0; if is_padded { images * len } else { 0 }],
        }
    }

    /// The images from `first` on and the distance between them: the loaded copies, or the input
    /// itself.
    fn images<'b>(&'b self, input: &'b [f32], first: usize, group: usize) -> (&'b [f32], usize) {
        let group_len = self.geometry.group_in() * area(self.geometry.input);
        let step = self.geometry.groups * group_len;
        match self.values.is_empty() {
            true => (&input[first * step + group * group_len..], step),
            false => (&self.values, self.geometry.group_in() * area(self.extents)),
        }
    }

    /// Copies some images of a group into the padded buffer, if there is padding.
    fn load(&mut self, input: &[f32], images: Range<usize>, group: usize) {
        let geometry = self.geometry;
        let plane = area(geometry.input);
        let group_len = geometry.group_in() * plane;
        let step = geometry.groups * group_len;
        let [rows, cols] = self.extents;
        let [_, in_w] = geometry.input;
        let to = self
            .values
            .chunks_exact_mut(geometry.group_in() * rows * cols);
        for (image, to) in images.zip(to) {
            let from = &input[image * step..][block(group, group_len)];
            for (from, to) in from
                .chunks_exact(plane)
                .zip(to.chunks_exact_mut(rows * cols))
            {
                let to = to[geometry.padding.top * cols..].chunks_exact_mut(cols);
                for (from, to) in from.chunks_exact(in_w).zip(to) {
                    to[geometry.padding.left..][..in_w].copy_from_slice(from);
                }
            }
        }
    }
}

/// The output's gradient of one group in some images: one matrix `[rows, positions]` per image.
struct Gradients<'a> {
    values: &'a [f32],
    image_step: usize,
    rows: usize,
    positions: usize,
}

impl Gradients<'_> {
    /// The left operand for a run of positions, counted across images.
    fn packed(&self, run: Range<usize>) -> PackedRows {
        let mut panels = vec![[0.0; TILE_M]; self.rows.div_ceil(TILE_M) * run.len()];
        for (idx, panel) in panels.chunks_exact_mut(run.len()).enumerate() {
            let first_row = idx * TILE_M;
            let rows = TILE_M.min(self.rows - first_row);
            let mut panel = panel;
            let mut position = run.start;
            while !panel.is_empty() {
                let (image, within) = (position / self.positions, position % self.positions);
                let count = panel.len().min(self.positions - within);
                let (part, rest) = panel.split_at_mut(count);
                let start = image * self.image_step + first_row * self.positions + within;
                let starts = std::array::from_fn(|row| start + row.min(rows - 1) * self.positions);
                interleave(self.values, &starts, 1, part);
                panel = rest;
                position += count;
            }
            // The filler rows of the last panel are copies so far.
            if rows < TILE_M {
                clear_filler_rows(&mut panels[idx * run.len()..], rows);
                break;
            }
        }
        PackedRows::from_panels(self.rows, run.len(), panels)
    }
}

fn clear_filler_rows(panel: &mut [[f32; TILE_M]], rows: usize) {
    for values in panel {
        values[rows..].fill(0.0);
    }
}

/// The transposed matrix of patches: row p holds the values under the window at position p of the
/// run, counted across images.
struct Patches<'a> {
    geometry: &'a Geometry,
    values: &'a [f32],
    image_step: usize,
    row_len: usize,
    offsets: &'a [usize],
    run: Range<usize>,
}

impl Patches<'_> {
    /// Index of the first value under the window at a position.
    fn start(&self, position: usize) -> usize {
        let Geometry { output, stride, .. } = self.geometry;
        let (image, position) = (position / area(*output), position % area(*output));
        let (row, col) = (position / output[1], position % output[1]);
        image * self.image_step + row * stride[0] * self.row_len + col * stride[1]
    }
}

impl Columns for Patches<'_> {
    fn k(&self) -> usize {
        self.run.len()
    }

    fn n(&self) -> usize {
        self.offsets.len()
    }

    fn pack(&self, terms: Range<usize>, columns: Range<usize>, to: &mut [[f32; TILE_N]]) {
        let [_, out_w] = self.geometry.output;
        let panels = to.chunks_exact_mut(terms.len());
        for (first, panel) in columns.clone().step_by(TILE_N).zip(panels) {
            let last = columns.end - 1;
            let offsets: [usize; TILE_N] =
                std::array::from_fn(|lane| self.offsets[last.min(first + lane)]);
            let mut panel = panel;
            let mut position = self.run.start + terms.start;
            while !panel.is_empty() {
                let count = panel.len().min(out_w - position % out_w);
                let (part, rest) = panel.split_at_mut(count);
                let start = self.start(position);
                let starts = offsets.map(|offset| start + offset);
                interleave(self.values, &starts, self.geometry.stride[1], part);
                panel = rest;
                position += count;
            }
        }
    }
}

/// Interleaves N sequences: writes the values at `starts`, then those `step` further, and so on.
#[inline(always)]
fn interleave<const N: usize>(
    values: &[f32],
    starts: &[usize; N],
    step: usize,
    to: &mut [[f32; N]],
) {
    const LANES: usize = 4;
    if step != 1 || to.len() < LANES {
        for (idx, to) in to.iter_mut().enumerate() {
            *to = starts.map(|start| values[start + idx * step]);
        }
        return;
    }
    let end = starts.iter().max().map_or(0, |start| start + to.len());
    assert!(end <= values.len() && N.is_multiple_of(LANES));
    let last = to.len() - LANES;
    let mut first = 0;
    loop {
        let to = &mut to[first..first + LANES];
        for lane in (0..N).step_by(LANES) {
            // SAFETY: `first + LANES` is at most the length of `to`, so the read ends before `end`.
            let read = |row| unsafe { F32x4::read_unchecked(values, starts[lane + row] + first) };
            let rows = F32x4::transposed(std::array::from_fn(read));
            for (row, to) in rows.into_iter().zip(to.iter_mut()) {
                // SAFETY: `lane` and N are multiples of LANES, and `lane` is less than N.
                unsafe { row.write_unchecked(to, lane) };
            }
        }
        if first == last {
            return;
        }
        // The last four overlap the ones before.
        first = last.min(first + LANES);
    }
}
