//! Four output rows that share input rows, at stride 1: each input row is read once and multiplied
//! with the weights of all four.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

use std::ops::Range;

use crate::compute::convolution::Geometry;
use crate::compute::gemm::Epilogue;
use crate::compute::layout::area;
use crate::compute::simd::F32x4;

/// Output rows of a tile, and the minimum height of an output.
pub(super) const ROWS: usize = 4;
/// Columns of a tile, and the minimum width of an output.
pub(super) const COLUMNS: usize = 8;

type Sums = [[F32x4; COLUMNS / 4]; ROWS];

/// The weights by which four output rows multiply one input value. Each weight is stored once per
/// lane of a register: the compiler would gather and shuffle single ones.
type Weights = [[f32; 4]; ROWS];

/// Kernels in the order in which four output rows need them: for each plane, each input row that
/// any of the four sees, and each kernel column, the weights of the four rows, 0 where a row does
/// not see that input row.
#[derive(Clone, Debug)]
pub(super) struct SharedRows {
    kernel: [usize; 2],
    weights: Vec<Weights>,
    group_in: usize,
}

/// The planes of a group, as a band of output rows reads them.
#[derive(Clone, Copy)]
pub(super) struct Planes<'a> {
    pub values: &'a [f32],
    /// Index of the first value under the first window, if rows continued to the left; may be
    /// negative.
    pub start: isize,
    pub plane_len: usize,
    pub row_len: usize,
}

/// A band of rows of one output plane.
pub(super) struct Band<'a> {
    /// The padded copy of the planes.
    pub padded: Planes<'a>,
    /// The planes of the input, and the output columns that can read them in place.
    pub in_place: (Planes<'a>, Range<usize>),
    pub channel: usize,
    pub epilogue: &'a Epilogue,
}

/// The weights and the epilogue of an output channel.
struct Channel<'a> {
    weights: &'a [Weights],
    bias: F32x4,
    limits: Option<[F32x4; 2]>,
}

impl SharedRows {
    /// Packs kernels of at least four rows, stored one after the other, each over `group_in`
    /// planes.
    pub fn new(kernel: [usize; 2], group_in: usize, weights: &[f32]) -> Self {
        let [kernel_h, kernel_w] = kernel;
        let kernels = weights.chunks_exact(area(kernel));
        let weights = kernels.flat_map(|kernel| {
            let cells =
                (0..kernel_h + ROWS - 1).flat_map(|row| (0..kernel_w).map(move |col| (row, col)));
            cells.map(|(row, col)| {
                std::array::from_fn(|out| match row.checked_sub(out) {
                    Some(kernel_row) if kernel_row < kernel_h => {
                        [kernel[kernel_row * kernel_w + col]; 4]
                    }
                    _ => [0.0; 4],
                })
            })
        });
        SharedRows {
            kernel,
            weights: weights.collect(),
            group_in,
        }
    }

    /// Whether neighbouring output rows share enough input rows, and there are enough of them to
    /// pay for the packed weights, which take several times the memory.
    pub fn is_worth_it(geometry: &Geometry) -> bool {
        let is_large = geometry.output[0] > 2 * ROWS && geometry.output[1] > COLUMNS;
        let is_dense = geometry.stride == [1, 1] && geometry.dilation == [1, 1];
        is_large && is_dense && geometry.kernel[0] >= ROWS
    }

    /// Number of packed values, zeros included.
    pub fn len(&self) -> usize {
        self.weights.as_flattened().as_flattened().len()
    }

    /// What [`SharedRows::len`] will be for one kernel.
    pub fn planned_len([kernel_h, kernel_w]: [usize; 2]) -> u64 {
        ((kernel_h + ROWS - 1) * kernel_w * ROWS * 4) as u64
    }

    /// Fills `output`, at least four rows of `out_w` columns.
    pub fn run(&self, band: &Band, out_w: usize, output: &mut [f32]) {
        let height = output.len() / out_w;
        assert!(height >= ROWS && self.kernel[0] >= ROWS);
        let kernels_len = self.group_in * self.kernel_len();
        // A sum of the definition starts from 0, so it is never -0.
        let bias = band.epilogue.bias.get(band.channel);
        let channel = Channel {
            weights: &self.weights[band.channel * kernels_len..][..kernels_len],
            bias: F32x4::constant(bias.map_or(0.0, |bias| *bias + 0.0)),
            limits: (band.epilogue.clamp).map(|limits| limits.map(F32x4::constant)),
        };
        let (in_place, columns) = &band.in_place;
        // Columns of the first tile that reads the input in place, and of the first tile after
        // those.
        let [start, end] = [columns.start, columns.end.max(columns.start)]
            .map(|col| col.next_multiple_of(COLUMNS).min(out_w));
        for row in (0..height).step_by(ROWS) {
            // The last rows overlap the ones before.
            let row = row.min(height - ROWS);
            let output = &mut output[row * out_w..];
            self.tiles(&channel, &band.padded, [row, out_w], 0..start, output);
            self.tiles(&channel, in_place, [row, out_w], start..end, output);
            self.tiles(&channel, &band.padded, [row, out_w], end..out_w, output);
        }
    }

    /// Computes the tiles of some columns in four rows of a band. A separate function keeps more of
    /// its values in registers.
    #[inline(never)]
    fn tiles(
        &self,
        channel: &Channel,
        planes: &Planes,
        [row, out_w]: [usize; 2],
        columns: Range<usize>,
        output: &mut [f32],
    ) {
        assert!(out_w >= COLUMNS && output.len() >= ROWS * out_w);
        for col in columns.step_by(COLUMNS) {
            // The last tile overlaps the one before.
            let col = col.min(out_w - COLUMNS);
            let mut sums = self.sums(channel.weights, planes, [row, col]);
            for sum in sums.as_flattened_mut() {
                *sum = sum.plus(channel.bias);
            }
            if let Some([least, greatest]) = channel.limits {
                for sum in sums.as_flattened_mut() {
                    *sum = sum.or_greater(least).or_less(greatest);
                }
            }
            for (row, [left, right]) in sums.into_iter().enumerate() {
                // SAFETY: asserted above: there are four rows, and `col + 8` is within each.
                unsafe {
                    left.write_unchecked(output, row * out_w + col);
                    right.write_unchecked(output, row * out_w + col + 4);
                }
            }
        }
    }

    /// Number of packed weights per kernel and plane.
    fn kernel_len(&self) -> usize {
        (self.kernel[0] + ROWS - 1) * self.kernel[1]
    }

    /// The sums of the tile at `[row, col]`.
    #[inline(always)]
    fn sums(&self, weights: &[Weights], planes: &Planes, [row, col]: [usize; 2]) -> Sums {
        let [kernel_h, kernel_w] = self.kernel;
        let (step, kernel_len) = ([planes.row_len, kernel_w], self.kernel_len());
        let span = (kernel_h + ROWS - 2) * planes.row_len + kernel_w - 1 + COLUMNS;
        let start = (planes.start).wrapping_add_unsigned(row * planes.row_len + col) as usize;
        let mut sums = [[F32x4::constant(0.0); COLUMNS / 4]; ROWS];
        for plane in 0..self.group_in {
            let start = start + plane * planes.plane_len;
            assert!(start < planes.values.len() && start + span <= planes.values.len());
            // SAFETY: asserted above: each of the `kernel_h` + 3 input rows has eight values from
            // each kernel column on. A channel has as many rows of weights for each plane.
            unsafe {
                let mut row = Row {
                    values: planes.values.as_ptr().add(start),
                    weights: weights.as_ptr().add(plane * kernel_len),
                };
                row.add::<0, 1>(step, &mut sums);
                row.add::<0, 2>(step, &mut sums);
                row.add::<0, 3>(step, &mut sums);
                for _ in 3..kernel_h {
                    row.add::<0, 4>(step, &mut sums);
                }
                row.add::<1, 4>(step, &mut sums);
                row.add::<2, 4>(step, &mut sums);
                row.add::<3, 4>(step, &mut sums);
            }
        }
        sums
    }
}

/// An input row and the weights that belong to it.
struct Row {
    values: *const f32,
    weights: *const Weights,
}

impl Row {
    /// Adds the input row to output rows `FIRST..END` and moves to the next row. To the other
    /// output rows it would add zeros, and infinity times zero is NaN.
    ///
    /// # Safety
    /// There must be `kernel_w` weights and `kernel_w` + 7 values.
    #[inline(always)]
    unsafe fn add<const FIRST: usize, const END: usize>(
        &mut self,
        [row_len, kernel_w]: [usize; 2],
        sums: &mut Sums,
    ) {
        // Column by column: for several at once, the compiler would load all values and weights
        // first, more than there are registers.
        for col in 0..kernel_w {
            // SAFETY: the caller guarantees it.
            unsafe {
                let halves = [0, 4].map(|half| F32x4::load(&*self.values.add(col + half).cast()));
                let weights = &*self.weights.add(col);
                for out in FIRST..END {
                    let weight = F32x4::load(&weights[out]);
                    sums[out][0] = sums[out][0].add_product(weight, halves[0]);
                    sums[out][1] = sums[out][1].add_product(weight, halves[1]);
                }
            }
        }
        // After the last row the pointers are dangling and unused.
        self.values = self.values.wrapping_add(row_len);
        self.weights = self.weights.wrapping_add(kernel_w);
    }
}
