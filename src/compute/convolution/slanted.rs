//! Four output rows that share the rows of the input, at stride 1: each input row is read once, with the
//! weights of all four side by side.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

use crate::compute::convolution::{Geometry, area};
use crate::compute::simd::F32x4;

/// Output rows.
const ROWS: usize = 4;

/// Kernels in the order in which four output rows need them: for each plane, each input row that any of
/// them sees and each kernel column, what the four multiply with it, 0 where it is none of theirs.
#[derive(Clone, Debug)]
pub(super) struct Slanted {
    kernel: [usize; 2],
    weights: Vec<[f32; ROWS]>,
}

impl Slanted {
    /// Of all kernels of a convolution, one after the other. `None` if its output rows do not share.
    pub fn new(geometry: &Geometry, weights: &[f32]) -> Option<Self> {
        let [kernel_h, kernel_w] = geometry.kernel;
        if !pays(geometry) {
            return None;
        }
        let kernels = weights.chunks_exact(area(geometry.kernel));
        let weights = kernels.flat_map(|kernel| {
            let cells =
                (0..kernel_h + ROWS - 1).flat_map(|row| (0..kernel_w).map(move |col| (row, col)));
            cells.map(|(row, col)| {
                std::array::from_fn(|out| match row.checked_sub(out) {
                    Some(kernel_row) if kernel_row < kernel_h => {
                        kernel[kernel_row * kernel_w + col]
                    }
                    _ => 0.0,
                })
            })
        });
        Some(Slanted {
            kernel: geometry.kernel,
            weights: weights.collect(),
        })
    }

    /// Number of weights, with the zeros.
    pub fn len(&self) -> usize {
        self.weights.len() * ROWS
    }

    /// What [`Slanted::len`] will be, 0 without one.
    pub fn planned_len(geometry: &Geometry) -> u64 {
        let [kernel_h, kernel_w] = geometry.kernel;
        let kernels = geometry.out_channels as u64 * geometry.group_in() as u64;
        match pays(geometry) {
            true => kernels * ((kernel_h + ROWS - 1) * kernel_w * ROWS) as u64,
            false => 0,
        }
    }

    /// Adds to the sums of four rows of eight columns what the kernel with the number `idx` sees of
    /// `plane`, whose rows are `row_len` long, from `start` on.
    pub fn add(
        &self,
        idx: usize,
        plane: &[f32],
        [start, row_len]: [usize; 2],
        sums: &mut [[F32x4; 2]; ROWS],
    ) {
        let [kernel_h, kernel_w] = self.kernel;
        let input_rows = kernel_h + ROWS - 1;
        let weights = &self.weights[idx * input_rows * kernel_w..][..input_rows * kernel_w];
        assert!(start + (input_rows - 1) * row_len + kernel_w - 1 + 8 <= plane.len());
        for (row, weights) in weights.chunks_exact(kernel_w).enumerate() {
            let first = (row + 1).saturating_sub(kernel_h);
            let end = ROWS.min(row + 1);
            let values = &plane[start + row * row_len..];
            // SAFETY: asserted above: eight values from each kernel column on.
            unsafe {
                match (first, end) {
                    (0, 1) => add_row::<0, 1>(weights, values, sums),
                    (0, 2) => add_row::<0, 2>(weights, values, sums),
                    (0, 3) => add_row::<0, 3>(weights, values, sums),
                    (0, 4) => add_row::<0, 4>(weights, values, sums),
                    (1, 4) => add_row::<1, 4>(weights, values, sums),
                    (2, 4) => add_row::<2, 4>(weights, values, sums),
                    _ => add_row::<3, 4>(weights, values, sums),
                }
            }
        }
    }
}

/// Whether neighbouring output rows share enough rows of the input.
fn pays(geometry: &Geometry) -> bool {
    geometry.stride == [1, 1] && geometry.dilation == [1, 1] && geometry.kernel[0] >= ROWS
}

/// Adds one input row to the output rows from `FIRST` to before `END`; to the others it would add zeros,
/// which infinite values must not meet.
///
/// # Safety
/// There are seven more values than weights.
#[inline(always)]
unsafe fn add_row<const FIRST: usize, const END: usize>(
    weights: &[[f32; ROWS]],
    values: &[f32],
    sums: &mut [[F32x4; 2]; ROWS],
) {
    for (col, weights) in weights.iter().enumerate() {
        // SAFETY: the caller says so.
        let halves = unsafe { [0, 4].map(|half| F32x4::read_unchecked(values, col + half)) };
        for out in FIRST..END {
            let weight = F32x4::splat(&weights[out]);
            sums[out][0] = sums[out][0].add_product(weight, halves[0]);
            sums[out][1] = sums[out][1].add_product(weight, halves[1]);
        }
    }
}
