//! Correlation of a small plane with a kernel of a few rows: sums of as many output rows as the kernel
//! has stay in registers while strips of eight columns are followed from top to bottom, and each input
//! row is added to all of them.

use crate::compute::simd::F32x4;

/// Columns of a strip.
pub(super) const STRIP: usize = 8;

/// Kernels of `ROWS` rows.
#[derive(Clone, Debug)]
pub(super) struct Rolling<const ROWS: usize> {
    columns: usize,
    /// Column by column, the last row first: that belongs to the sums that are finished first. Each
    /// weight as often as a register has lanes: single ones the compiler would collect and shuffle.
    weights: Vec<[[f32; 4]; ROWS]>,
}

impl<const ROWS: usize> Rolling<ROWS> {
    /// Kernels of `columns` columns, one after the other.
    pub fn new(columns: usize, weights: &[f32]) -> Self {
        let kernels = weights.chunks_exact(ROWS * columns);
        let weights = kernels.flat_map(|kernel| {
            (0..columns)
                .map(|col| std::array::from_fn(|row| [kernel[(ROWS - 1 - row) * columns + col]; 4]))
        });
        Rolling {
            columns,
            weights: weights.collect(),
        }
    }

    /// Number of values that the weights take.
    pub fn len(&self) -> usize {
        self.weights.as_flattened().as_flattened().len()
    }

    /// Correlates a plane, of which `[rows, columns]` of output are wanted, with the kernel with the
    /// number `idx`. An output takes the place of the first input under its window; the rows below the
    /// last output stay.
    ///
    /// `columns` is a multiple of eight, and the plane's rows, `row_len` long, have as many more as the
    /// kernel has less one.
    #[inline(never)]
    pub fn run(&self, idx: usize, plane: &mut [f32], row_len: usize, [rows, columns]: [usize; 2]) {
        let weights = &self.weights[idx * self.columns..][..self.columns];
        assert!(columns.is_multiple_of(STRIP) && columns + self.columns - 1 <= row_len);
        assert!((rows + ROWS - 1) * row_len <= plane.len());
        for col in (0..columns).step_by(STRIP) {
            let mut sums = [[F32x4::constant(0.0); 2]; ROWS];
            for row in 0..rows + ROWS - 1 {
                // Kernel column by kernel column: of several at once, the compiler would read all values
                // and weights first, more than there are registers.
                for (right, weights) in weights.iter().enumerate() {
                    let at = row * row_len + col + right;
                    // SAFETY: asserted above: `col` + `right` + 8 is within a row of the plane.
                    let halves =
                        unsafe { [0, 4].map(|half| F32x4::read_unchecked(plane, at + half)) };
                    for (sums, weight) in sums.iter_mut().zip(weights) {
                        let weight = F32x4::load(weight);
                        sums[0] = sums[0].add_product(weight, halves[0]);
                        sums[1] = sums[1].add_product(weight, halves[1]);
                    }
                }
                if let Some(finished) = row.checked_sub(ROWS - 1) {
                    let [left, right] = sums[0];
                    // SAFETY: the row is above the one just read. No window to come reads these columns of
                    // it: those of this strip are below, those of the next to the right.
                    unsafe {
                        left.write_unchecked(plane, finished * row_len + col);
                        right.write_unchecked(plane, finished * row_len + col + 4);
                    }
                }
                for next in 1..ROWS {
                    sums[next - 1] = sums[next];
                }
                sums[ROWS - 1] = [F32x4::constant(0.0); 2];
            }
        }
    }
}
