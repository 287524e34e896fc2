//! Four output rows that share the rows of the input, at stride 1: each input row is read once, with the
//! weights of all four side by side.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

use std::ops::Range;

use crate::compute::convolution::{Geometry, area};
use crate::compute::gemm::Finish;
use crate::compute::simd::F32x4;

/// Output rows of a tile, and the least of an output.
pub(super) const ROWS: usize = 4;
/// Columns of a tile, and the least of an output.
pub(super) const COLUMNS: usize = 8;

type Sums = [[F32x4; COLUMNS / 4]; ROWS];

/// What four output rows multiply with one value of the input. Each weight stands there as often as a
/// register has lanes: single ones the compiler would collect and shuffle.
type Weights = [[f32; 4]; ROWS];

/// Kernels in the order in which four output rows need them: for each plane, each input row that any of
/// them sees and each kernel column, what the four multiply with it, 0 where it is none of theirs.
#[derive(Clone, Debug)]
pub(super) struct Slanted {
    kernel: [usize; 2],
    weights: Vec<Weights>,
    group_in: usize,
}

/// What a band of output rows sees of the planes of a group, where it stands.
#[derive(Clone, Copy)]
pub(super) struct Planes<'a> {
    pub values: &'a [f32],
    /// Where the window at the first position would begin, if the row went on to its left.
    pub start: isize,
    pub plane_len: usize,
    pub row_len: usize,
}

/// A band of rows of one output plane.
pub(super) struct Band<'a> {
    /// The planes with their padding.
    pub staged: Planes<'a>,
    /// The planes of the input, and for which output columns they will do.
    pub direct: (Planes<'a>, Range<usize>),
    pub channel: usize,
    pub finish: &'a Finish,
}

/// What makes the values of an output channel.
struct Channel<'a> {
    weights: &'a [Weights],
    bias: F32x4,
    limits: Option<[F32x4; 2]>,
}

impl Slanted {
    /// Kernels of at least four rows, one after the other, each for `group_in` planes.
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
        Slanted {
            kernel,
            weights: weights.collect(),
            group_in,
        }
    }

    /// Whether neighbouring output rows share enough rows of the input, and there are enough of them to
    /// share the weights, which take a multiple of their size.
    pub fn pays(geometry: &Geometry) -> bool {
        let is_large = geometry.output[0] > 2 * ROWS && geometry.output[1] > COLUMNS;
        let is_dense = geometry.stride == [1, 1] && geometry.dilation == [1, 1];
        is_large && is_dense && geometry.kernel[0] >= ROWS
    }

    /// Number of values that the weights take, with the zeros.
    pub fn len(&self) -> usize {
        self.weights.as_flattened().as_flattened().len()
    }

    /// What [`Slanted::len`] will be for one kernel.
    pub fn planned_len([kernel_h, kernel_w]: [usize; 2]) -> u64 {
        ((kernel_h + ROWS - 1) * kernel_w * ROWS * 4) as u64
    }

    /// Fills `output`, at least four rows of `out_w` columns.
    pub fn run(&self, band: &Band, out_w: usize, output: &mut [f32]) {
        let height = output.len() / out_w;
        assert!(height >= ROWS && self.kernel[0] >= ROWS);
        let kernels_len = self.group_in * self.kernel_len();
        // A sum of the definition starts from 0, so it is never -0.
        let bias = band.finish.bias.get(band.channel);
        let channel = Channel {
            weights: &self.weights[band.channel * kernels_len..][..kernels_len],
            bias: F32x4::constant(bias.map_or(0.0, |bias| *bias + 0.0)),
            limits: (band.finish.clamp).map(|limits| limits.map(F32x4::constant)),
        };
        let (direct, columns) = &band.direct;
        // The first tiles that read the input itself, and the first behind them.
        let [start, end] = [columns.start, columns.end.max(columns.start)]
            .map(|col| col.next_multiple_of(COLUMNS).min(out_w));
        for row in (0..height).step_by(ROWS) {
            // The last rows overlap those before them.
            let row = row.min(height - ROWS);
            let output = &mut output[row * out_w..];
            self.tiles(&channel, &band.staged, [row, out_w], 0..start, output);
            self.tiles(&channel, direct, [row, out_w], start..end, output);
            self.tiles(&channel, &band.staged, [row, out_w], end..out_w, output);
        }
    }

    /// The tiles of some columns, from a row of a band on. A function of its own, for in a larger one
    /// less of it would stay in registers.
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
            // The last tile overlaps the one before it.
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
                // SAFETY: there are four rows, asserted above, of which `col` + 8 is within each.
                unsafe {
                    left.write_unchecked(output, row * out_w + col);
                    right.write_unchecked(output, row * out_w + col + 4);
                }
            }
        }
    }

    /// Number of weights of a kernel.
    fn kernel_len(&self) -> usize {
        (self.kernel[0] + ROWS - 1) * self.kernel[1]
    }

    /// The sums of the tile at a position.
    #[inline(always)]
    fn sums(&self, weights: &[Weights], planes: &Planes, [row, col]: [usize; 2]) -> Sums {
        let [kernel_h, kernel_w] = self.kernel;
        let (step, kernel_len) = ([planes.row_len, kernel_w], self.kernel_len());
        let reach = (kernel_h + ROWS - 2) * planes.row_len + kernel_w - 1 + COLUMNS;
        let start = (planes.start).wrapping_add_unsigned(row * planes.row_len + col) as usize;
        let mut sums = [[F32x4::constant(0.0); COLUMNS / 4]; ROWS];
        for plane in 0..self.group_in {
            let start = start + plane * planes.plane_len;
            assert!(start < planes.values.len() && start + reach <= planes.values.len());
            // SAFETY: asserted above: eight values from each kernel column on in each of the
            // `kernel_h` + 3 input rows. A channel has as many rows of weights for each plane.
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

/// An input row under the kernel.
struct Row {
    values: *const f32,
    weights: *const Weights,
}

impl Row {
    /// Adds it to the output rows from `FIRST` to before `END`, to the others it would add zeros, which
    /// infinite values must not meet; and goes on to the next row.
    ///
    /// # Safety
    /// There are `kernel_w` weights and `kernel_w` + 7 values.
    #[inline(always)]
    unsafe fn add<const FIRST: usize, const END: usize>(
        &mut self,
        [row_len, kernel_w]: [usize; 2],
        sums: &mut Sums,
    ) {
        // Column by column: of several at once, the compiler would read all values and weights first,
        // more than there are registers.
        for col in 0..kernel_w {
            // SAFETY: the caller says so.
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
        // Behind the last row they point nowhere and are not used.
        self.values = self.values.wrapping_add(row_len);
        self.weights = self.weights.wrapping_add(kernel_w);
    }
}
