//! What a convolution multiplies its weights with, never stored as a whole.

use std::ops::Range;

use crate::compute::direct::Correlation;
use crate::compute::gemm::{Columns, TILE_N};

/// The matrix whose column p holds the input values under the window at position p, channel by
/// channel and kernel cell by kernel cell.
pub(crate) struct Patches<'a> {
    planes: &'a [f32],
    /// From the first value under a window to each of the others.
    offsets: Vec<usize>,
    correlation: &'a Correlation,
}

impl<'a> Patches<'a> {
    /// `planes` are the wide planes of one image and one group.
    pub fn new(correlation: &'a Correlation, planes: &'a [f32]) -> Self {
        let [rows, cols] = correlation.wide;
        let [kernel_h, kernel_w] = correlation.kernel;
        let [down, right] = correlation.dilation;
        let offsets = (0..correlation.group_wide()).flat_map(|plane| {
            (0..kernel_h).flat_map(move |row| {
                (0..kernel_w).map(move |col| (plane * rows + row * down) * cols + col * right)
            })
        });
        Patches {
            planes,
            offsets: offsets.collect(),
            correlation,
        }
    }

    /// Where the window at `position` begins.
    fn start(&self, position: usize) -> usize {
        let Correlation {
            narrow,
            stride,
            wide,
            ..
        } = self.correlation;
        let (row, col) = (position / narrow[1], position % narrow[1]);
        row * stride[0] * wide[1] + col * stride[1]
    }
}

impl Columns for Patches<'_> {
    fn k(&self) -> usize {
        self.offsets.len()
    }

    fn n(&self) -> usize {
        let [rows, cols] = self.correlation.narrow;
        rows * cols
    }

    fn pack(&self, terms: Range<usize>, columns: Range<usize>, to: &mut [[f32; TILE_N]]) {
        let offsets = &self.offsets[terms];
        let panels = to.chunks_exact_mut(offsets.len().max(1));
        for (first, panel) in columns.clone().step_by(TILE_N).zip(panels) {
            let last = columns.end - 1;
            let starts: [usize; TILE_N] =
                std::array::from_fn(|lane| self.start(last.min(first + lane)));
            if starts.windows(2).all(|pair| pair[1] == pair[0] + 1) {
                for (values, offset) in panel.iter_mut().zip(offsets) {
                    values.copy_from_slice(&self.planes[starts[0] + offset..][..TILE_N]);
                }
            } else {
                for (values, offset) in panel.iter_mut().zip(offsets) {
                    *values = starts.map(|start| self.planes[start + offset]);
                }
            }
        }
    }
}
