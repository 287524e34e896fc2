//! Planes as the inner loops like to read them: with their padding, and so that what neighbouring
//! positions see through one kernel cell stands side by side, whatever the stride.

use crate::compute::convolution::Geometry;
use crate::compute::simd::{copy, fill, split_pairs};
use crate::window::Sides;
use std::ops::Range;

/// Values that may be read behind the last one.
const SLACK: usize = 8;

/// Where the values of a plane, or of a band of its rows, stand. Each row is split into one phase for
/// each column of the stride: phase p holds the columns p, p + stride, p + 2 · stride, ... of the padded
/// row.
#[derive(Clone, Debug)]
pub(super) struct Staged {
    geometry: Geometry,
    /// Rows of a padded plane that the windows of a band meet.
    rows: usize,
    /// Length of a phase.
    phase_len: usize,
    /// For each row of the stride, whether a kernel cell ever meets it; for each column likewise.
    met: [Vec<bool>; 2],
    /// The planes may be read where they are.
    as_is: bool,
}

impl Staged {
    /// Whole planes, read where they are if nothing speaks against it.
    pub fn whole(geometry: &Geometry) -> Self {
        let as_is = geometry.padding == Sides::default() && geometry.stride[1] == 1;
        Staged::new(geometry, geometry.output[0], as_is)
    }

    /// Bands that serve `band` output rows, for reading eight columns at a time whatever the width.
    pub fn banded(geometry: &Geometry, band: usize) -> Self {
        Staged::new(geometry, band.min(geometry.output[0]), false)
    }

    fn new(geometry: &Geometry, band: usize, as_is: bool) -> Self {
        let Geometry {
            kernel,
            stride,
            dilation,
            ..
        } = *geometry;
        let reach = |axis: usize, positions: usize| {
            (positions.max(1) - 1) * stride[axis] + (kernel[axis] - 1) * dilation[axis] + 1
        };
        let met = [0, 1].map(|axis| {
            let mut met = vec![false; stride[axis]];
            for cell in 0..kernel[axis].min(stride[axis]) {
                met[cell * dilation[axis] % stride[axis]] = true;
            }
            met
        });
        Staged {
            geometry: *geometry,
            rows: if as_is {
                geometry.input[0]
            } else {
                reach(0, band)
            },
            phase_len: match as_is {
                true => geometry.input[1],
                false => reach(1, geometry.output[1]).div_ceil(stride[1]),
            },
            met,
            as_is,
        }
    }

    /// Length of a plane.
    pub fn plane_len(&self) -> usize {
        self.rows * self.row_len()
    }

    /// Length of a row, with all its phases.
    pub fn row_len(&self) -> usize {
        self.phase_len * self.geometry.stride[1]
    }

    /// Values that `planes` planes take in scratch space, none if they are read where they are.
    pub fn scratch_len(&self, planes: usize) -> usize {
        match self.as_is {
            true => 0,
            false => planes * self.plane_len() + SLACK,
        }
    }

    /// Where the window at a position of the band begins.
    pub fn position(&self, row: usize, col: usize) -> usize {
        row * self.geometry.stride[0] * self.row_len() + col
    }

    /// From the first value under a window to each of the others, plane by plane of a group.
    pub fn offsets(&self) -> Vec<usize> {
        let [kernel_h, kernel_w] = self.geometry.kernel;
        let cells = (0..self.geometry.group_in()).flat_map(|plane| {
            let rows = 0..kernel_h;
            rows.flat_map(move |row| (0..kernel_w).map(move |col| (plane, row, col)))
        });
        let cells = cells.map(|(plane, row, col)| plane * self.plane_len() + self.cell(row, col));
        cells.collect()
    }

    /// From the first value under a window to that under another cell of the kernel.
    pub fn cell(&self, row: usize, col: usize) -> usize {
        let [down, right] = self.geometry.dilation;
        let stride = self.geometry.stride[1];
        let phase = col * right % stride * self.phase_len;
        row * down * self.row_len() + phase + col * right / stride
    }

    /// The planes of `input`, in `scratch` if they cannot be read where they are: the rows that the
    /// output rows from `first` on see. `is_clean` if the padding still stands there from an earlier call
    /// with the same `first`.
    pub fn stage<'a>(
        &self,
        input: &'a [f32],
        first: usize,
        is_clean: bool,
        scratch: &'a mut [f32],
    ) -> &'a [f32] {
        self.stage_around(0..0, input, first, is_clean, scratch)
    }

    /// [`Staged::stage`], but what stands in the `unread` columns of the padded rows does not matter.
    pub fn stage_around<'a>(
        &self,
        unread: Range<usize>,
        input: &'a [f32],
        first: usize,
        is_clean: bool,
        scratch: &'a mut [f32],
    ) -> &'a [f32] {
        if self.as_is {
            return input;
        }
        let left = self.geometry.padding.left;
        let unread = unread.start.max(left) - left..unread.end.max(left) - left;
        let [in_h, in_w] = self.geometry.input;
        let planes = input.chunks_exact((in_h * in_w).max(1));
        let first = first * self.geometry.stride[0];
        for (plane, staged) in planes.zip(scratch.chunks_exact_mut(self.plane_len())) {
            if !is_clean {
                self.clear_padding(first, staged);
            }
            let top = self.geometry.padding.top;
            let rows = first.max(top) - top..in_h.min((first + self.rows).max(top) - top);
            let outside = (first.max(top) - first) * self.row_len();
            let inside = staged.get_mut(outside..).unwrap_or_default();
            let staged = inside.chunks_exact_mut(self.row_len());
            for (row, staged) in rows.zip(staged) {
                let values = &plane[row * in_w..][..in_w];
                if !unread.is_empty() && self.geometry.stride[1] == 1 {
                    copy(&values[..unread.start], &mut staged[left..]);
                    copy(&values[unread.end..], &mut staged[left + unread.end..]);
                } else if self.is_met(row + top) {
                    self.copy_row(values, staged);
                }
            }
        }
        scratch
    }

    fn is_met(&self, row: usize) -> bool {
        let stride = self.geometry.stride[0];
        stride == 1 || self.met[0][row % stride]
    }

    /// Zeros wherever [`Staged::copy_row`] does not write.
    fn clear_padding(&self, first: usize, staged: &mut [f32]) {
        let Geometry {
            stride,
            padding,
            input: [in_h, in_w],
            ..
        } = self.geometry;
        // A zero that the compiler cannot see: else it calls a function to clear even a short row.
        let zero = std::hint::black_box(0.0);
        for (row, staged) in staged.chunks_exact_mut(self.row_len()).enumerate() {
            let is_inside = (padding.top..padding.top + in_h).contains(&(first + row));
            if is_inside && stride[1] == 1 {
                let (left, rest) = staged.split_at_mut(padding.left.min(staged.len()));
                fill(left, zero);
                fill(rest.get_mut(in_w..).unwrap_or_default(), zero);
            } else {
                fill(staged, zero);
            }
        }
    }

    /// Copies a row to its phases; the zeros around it are there.
    #[inline(always)]
    fn copy_row(&self, values: &[f32], staged: &mut [f32]) {
        let (left, stride) = (self.geometry.padding.left, self.geometry.stride[1]);
        if stride == 1 {
            copy(values, staged.get_mut(left..).unwrap_or_default());
        } else if stride == 2 {
            let (even, odd) = staged.split_at_mut(self.phase_len);
            let (first, second) = match left % 2 {
                0 => (even, odd),
                _ => (odd, even),
            };
            let first = first.get_mut(left / 2..).unwrap_or_default();
            let second = second.get_mut(left.div_ceil(2)..).unwrap_or_default();
            split_pairs(values, first, second);
        } else {
            for (phase, staged) in staged.chunks_exact_mut(self.phase_len).enumerate() {
                if !self.met[1][phase] {
                    continue;
                }
                // The first column of this phase that is not padding.
                let skipped = (left.max(phase) - phase).div_ceil(stride);
                let first = skipped * stride + phase - left;
                let seen = values.get(first..).unwrap_or_default();
                let staged = staged.get_mut(skipped..).unwrap_or_default();
                for (to, from) in staged.iter_mut().zip(seen.iter().step_by(stride)) {
                    *to = *from;
                }
            }
        }
    }
}
