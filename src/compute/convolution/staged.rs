//! Planes as the inner loops like to read them: with their padding, and so that what neighbouring
//! positions see through one kernel cell stands side by side, whatever the stride.

use crate::compute::convolution::Geometry;
use crate::compute::simd::copy;
use crate::window::Sides;

/// Values that may be read behind the last one.
const SLACK: usize = 8;

/// Where the values of a plane stand. Each row is split into one phase for each column of the stride:
/// phase p holds the columns p, p + stride, p + 2 · stride, ... of the padded row.
#[derive(Clone, Copy, Debug)]
pub(super) struct Staged {
    geometry: Geometry,
    /// Rows of a padded plane that some window meets.
    rows: usize,
    /// Length of a phase.
    phase_len: usize,
    /// The planes may be read where they are.
    as_is: bool,
}

impl Staged {
    /// Reads planes where they are if nothing speaks against it.
    pub fn new(geometry: &Geometry) -> Self {
        let as_is = geometry.padding == Sides::default() && geometry.stride[1] == 1;
        Staged::with(geometry, as_is)
    }

    /// Reads planes where they are only if a tile of eight columns never reaches beyond a row.
    pub fn padded(geometry: &Geometry) -> Self {
        let as_is = geometry.padding == Sides::default() && geometry.stride[1] == 1;
        Staged::with(geometry, as_is && geometry.output[1] >= SLACK)
    }

    fn with(geometry: &Geometry, as_is: bool) -> Self {
        let reach = |axis: usize| {
            let [kernel, dilation] = [geometry.kernel[axis], geometry.dilation[axis]];
            (geometry.output[axis].max(1) - 1) * geometry.stride[axis] + (kernel - 1) * dilation + 1
        };
        Staged {
            geometry: *geometry,
            rows: if as_is { geometry.input[0] } else { reach(0) },
            phase_len: match as_is {
                true => geometry.input[1],
                false => reach(1).div_ceil(geometry.stride[1]),
            },
            as_is,
        }
    }

    /// Length of a plane.
    pub fn plane_len(&self) -> usize {
        self.rows * self.row_len()
    }

    /// Values that `planes` planes take in scratch space, none if they are read where they are.
    pub fn scratch_len(&self, planes: usize) -> usize {
        match self.as_is {
            true => 0,
            false => planes * self.plane_len() + SLACK,
        }
    }

    /// Where the window at a position begins.
    pub fn position(&self, row: usize, col: usize) -> usize {
        row * self.geometry.stride[0] * self.row_len() + col
    }

    /// From the first value under a window to that under another cell of the kernel.
    pub fn cell(&self, row: usize, col: usize) -> usize {
        let [down, right] = self.geometry.dilation;
        let stride = self.geometry.stride[1];
        let phase = col * right % stride * self.phase_len;
        row * down * self.row_len() + phase + col * right / stride
    }

    /// [`Staged::cell`] of every kernel cell of every input plane of a group.
    pub fn offsets(&self) -> Vec<usize> {
        let [kernel_h, kernel_w] = self.geometry.kernel;
        let plane_len = self.plane_len();
        let cells = (0..self.geometry.group_in()).flat_map(|plane| {
            let rows = 0..kernel_h;
            rows.flat_map(move |row| (0..kernel_w).map(move |col| (plane, row, col)))
        });
        cells
            .map(|(plane, row, col)| plane * plane_len + self.cell(row, col))
            .collect()
    }

    /// The planes of `input`, in `scratch` if they cannot be read where they are. `scratch` is zero
    /// wherever an earlier call of this function has not written.
    pub fn stage<'a>(&self, input: &'a [f32], scratch: &'a mut [f32]) -> &'a [f32] {
        if self.as_is {
            return input;
        }
        let [in_h, in_w] = self.geometry.input;
        let planes = input.chunks_exact((in_h * in_w).max(1));
        for (plane, staged) in planes.zip(scratch.chunks_exact_mut(self.plane_len())) {
            self.copy_plane(plane, staged);
        }
        scratch
    }

    /// Copies a plane to its place; the zeros around it are there.
    fn copy_plane(&self, plane: &[f32], staged: &mut [f32]) {
        let Geometry {
            stride,
            padding,
            input,
            ..
        } = self.geometry;
        let rows = plane.chunks_exact(input[1].max(1)).enumerate();
        for (row, values) in rows.map(|(row, values)| (row + padding.top, values)) {
            if row >= self.rows || !self.is_met(row, 0) {
                continue;
            }
            let staged = &mut staged[row * self.row_len()..][..self.row_len()];
            if stride[1] == 1 {
                copy(values, &mut staged[padding.left.min(self.row_len())..]);
                continue;
            }
            for (phase, staged) in staged.chunks_exact_mut(self.phase_len).enumerate() {
                if !self.is_met(phase, 1) {
                    continue;
                }
                // The first column of this phase that is not padding.
                let skipped = (padding.left.max(phase) - phase).div_ceil(stride[1]);
                let first = skipped * stride[1] + phase - padding.left;
                let seen = values.get(first..).unwrap_or_default();
                copy_every(
                    stride[1],
                    seen,
                    staged.get_mut(skipped..).unwrap_or_default(),
                );
            }
        }
    }

    /// Whether any kernel cell ever meets a row (axis 0) or column (axis 1) of the padded plane.
    fn is_met(&self, position: usize, axis: usize) -> bool {
        let Geometry {
            kernel,
            stride,
            dilation,
            ..
        } = self.geometry;
        stride[axis] == 1
            || (0..kernel[axis].min(stride[axis]))
                .any(|cell| (cell * dilation[axis]) % stride[axis] == position % stride[axis])
    }

    fn row_len(&self) -> usize {
        self.phase_len * self.geometry.stride[1]
    }
}

/// Copies every `step`-th value.
fn copy_every(step: usize, from: &[f32], to: &mut [f32]) {
    if step == 2 {
        let (pairs, rest) = from.as_chunks::<2>();
        for (to, pair) in to.iter_mut().zip(pairs) {
            *to = pair[0];
        }
        if let (Some(to), [last]) = (to.get_mut(pairs.len()), rest) {
            *to = *last;
        }
    } else {
        for (to, from) in to.iter_mut().zip(from.iter().step_by(step)) {
            *to = *from;
        }
    }
}
