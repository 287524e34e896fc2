//! Copies of input planes, padded and split by stride phase, so that the inner loops read
//! contiguous values whatever the stride.

use crate::compute::convolution::Geometry;
use crate::compute::simd::{copy, fill, split_pairs};
use crate::window::Sides;
use std::ops::Range;

/// Values that may be read past the last one.
const SLACK: usize = 8;

/// The layout of a padded plane, or of a band of its rows. Each row is split into one phase per
/// column of the stride: phase p holds columns p, p + stride, p + 2 · stride, ... of the padded
/// row.
#[derive(Clone, Debug)]
pub(super) struct PaddedCopy {
    geometry: Geometry,
    /// Rows of the padded plane that the windows of a band cover.
    rows: usize,
    /// Length of a phase.
    phase_len: usize,
    /// For each row phase of the stride, whether any kernel cell reads it; likewise for each column
    /// phase.
    used: [Vec<bool>; 2],
    /// No copy is needed: planes are read in place.
    is_unpadded: bool,
}

impl PaddedCopy {
    /// Whole planes, read in place if they need neither padding nor phases.
    pub fn whole(geometry: &Geometry) -> Self {
        let is_unpadded = geometry.padding == Sides::default() && geometry.stride[1] == 1;
        PaddedCopy::new(geometry, geometry.output[0], is_unpadded)
    }

    /// Bands for `band` output rows, always copied so that eight columns can be read at any width.
    pub fn banded(geometry: &Geometry, band: usize) -> Self {
        PaddedCopy::new(geometry, band.min(geometry.output[0]), false)
    }

    fn new(geometry: &Geometry, band: usize, is_unpadded: bool) -> Self {
        let Geometry {
            kernel,
            stride,
            dilation,
            ..
        } = *geometry;
        let span = |axis: usize, positions: usize| {
            (positions.max(1) - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1
        };
        let used = [0, 1].map(|axis| {
            let mut used = vec![false; stride[axis]];
            for cell in 0..kernel[axis].min(stride[axis]) {
                used[cell * dilation[axis] % stride[axis]] = true;
            }
            used
        });
        PaddedCopy {
            geometry: *geometry,
            rows: if is_unpadded {
                geometry.input[0]
            } else {
                span(0, band)
            },
            phase_len: match is_unpadded {
                true => geometry.input[1],
                false => span(1, geometry.output[1]).div_ceil(stride[1]),
            },
            used,
            is_unpadded,
        }
    }

    /// Length of a plane.
    pub fn plane_len(&self) -> usize {
        self.rows * self.row_len()
    }

    /// Length of a row with all its phases.
    pub fn row_len(&self) -> usize {
        self.phase_len * self.geometry.stride[1]
    }

    /// Number of scratch values for `planes` planes; 0 if they are read in place.
    pub fn scratch_len(&self, planes: usize) -> usize {
        match self.is_unpadded {
            true => 0,
            false => planes * self.plane_len() + SLACK,
        }
    }

    /// Index of the first value under the window at a position of the band.
    pub fn position(&self, row: usize, col: usize) -> usize {
        row * self.geometry.stride[0] * self.row_len() + col
    }

    /// Offsets from the first value under the window to each of its values, over the planes of a
    /// group.
    pub fn offsets(&self) -> Vec<usize> {
        let [kernel_h, kernel_w] = self.geometry.kernel;
        let cells = (0..self.geometry.group_in()).flat_map(|plane| {
            let rows = 0..kernel_h;
            rows.flat_map(move |row| (0..kernel_w).map(move |col| (plane, row, col)))
        });
        let cells = cells.map(|(plane, row, col)| plane * self.plane_len() + self.cell(row, col));
        cells.collect()
    }

    /// Offset from the first value under the window to the value under kernel cell `(row, col)`.
    pub fn cell(&self, row: usize, col: usize) -> usize {
        let [down, right] = self.geometry.dilation;
        let stride = self.geometry.stride[1];
        let phase = col * right % stride * self.phase_len;
        row * down * self.row_len() + phase + col * right / stride
    }

    /// The planes of `input`, from the rows that output row `first` sees on; copied to `scratch`
    /// unless they are read in place. `is_clean` means that `scratch` still contains the padding
    /// from an earlier call with the same `first`.
    pub fn prepare<'a>(
        &self,
        input: &'a [f32],
        first: usize,
        is_clean: bool,
        scratch: &'a mut [f32],
    ) -> &'a [f32] {
        self.prepare_around(0..0, input, first, is_clean, scratch)
    }

    /// [`PaddedCopy::prepare`], but the `unread` columns of the padded rows may contain anything.
    pub fn prepare_around<'a>(
        &self,
        unread: Range<usize>,
        input: &'a [f32],
        first: usize,
        is_clean: bool,
        scratch: &'a mut [f32],
    ) -> &'a [f32] {
        if self.is_unpadded {
            return input;
        }
        let left = self.geometry.padding.left;
        let unread = unread.start.max(left) - left..unread.end.max(left) - left;
        let [in_h, in_w] = self.geometry.input;
        let planes = input.chunks_exact((in_h * in_w).max(1));
        let first = first * self.geometry.stride[0];
        for (plane, padded) in planes.zip(scratch.chunks_exact_mut(self.plane_len())) {
            if !is_clean {
                self.clear_padding(first, padded);
            }
            let top = self.geometry.padding.top;
            let rows = first.max(top) - top..in_h.min((first + self.rows).max(top) - top);
            let outside = (first.max(top) - first) * self.row_len();
            let inside = padded.get_mut(outside..).unwrap_or_default();
            let padded = inside.chunks_exact_mut(self.row_len());
            for (row, padded) in rows.zip(padded) {
                let values = &plane[row * in_w..][..in_w];
                if !unread.is_empty() && self.geometry.stride[1] == 1 {
                    copy(&values[..unread.start], &mut padded[left..]);
                    copy(&values[unread.end..], &mut padded[left + unread.end..]);
                } else if self.is_used(row + top) {
                    self.copy_row(values, padded);
                }
            }
        }
        scratch
    }

    fn is_used(&self, row: usize) -> bool {
        let stride = self.geometry.stride[0];
        stride == 1 || self.used[0][row % stride]
    }

    /// Writes zeros wherever [`PaddedCopy::copy_row`] does not write.
    fn clear_padding(&self, first: usize, padded: &mut [f32]) {
        let Geometry {
            stride,
            padding,
            input: [in_h, in_w],
            ..
        } = self.geometry;
        // Hides the zero from the compiler, which would otherwise call `memset` even for a short
        // row.
        let zero = std::hint::black_box(0.0);
        for (row, padded) in padded.chunks_exact_mut(self.row_len()).enumerate() {
            let is_inside = (padding.top..padding.top + in_h).contains(&(first + row));
            if is_inside && stride[1] == 1 {
                let (left, rest) = padded.split_at_mut(padding.left.min(padded.len()));
                fill(left, zero);
                fill(rest.get_mut(in_w..).unwrap_or_default(), zero);
            } else {
                fill(padded, zero);
            }
        }
    }

    /// Copies a row to its phases, between zeros that are already there.
    #[inline(always)]
    fn copy_row(&self, values: &[f32], padded: &mut [f32]) {
        let (left, stride) = (self.geometry.padding.left, self.geometry.stride[1]);
        if stride == 1 {
            copy(values, padded.get_mut(left..).unwrap_or_default());
        } else if stride == 2 {
            let (even, odd) = padded.split_at_mut(self.phase_len);
            let (first, second) = match left % 2 {
                0 => (even, odd),
                _ => (odd, even),
            };
            let first = first.get_mut(left / 2..).unwrap_or_default();
            let second = second.get_mut(left.div_ceil(2)..).unwrap_or_default();
            split_pairs(values, first, second);
        } else {
            for (phase, padded) in padded.chunks_exact_mut(self.phase_len).enumerate() {
                if !self.used[1][phase] {
                    continue;
                }
                // The first column of this phase that is not padding.
                let skipped = (left.max(phase) - phase).div_ceil(stride);
                let first = skipped * stride + phase - left;
                let seen = values.get(first..).unwrap_or_default();
                let padded = padded.get_mut(skipped..).unwrap_or_default();
                for (to, from) in padded.iter_mut().zip(seen.iter().step_by(stride)) {
                    *to = *from;
                }
            }
        }
    }
}
