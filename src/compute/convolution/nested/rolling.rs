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
    /// `columns` is a multiple of eight. The plane's rows are `row_len` long, and there are as many more
    /// of them as the kernel has less one.
    #[inline(never)]
    pub fn run(&self, idx: usize, plane: &mut [f32], row_len: usize, [rows, columns]: [usize; 2]) {
        let weights = &self.weights[idx * self.columns..][..self.columns];
        assert!(columns.is_multiple_of(STRIP) && columns + self.columns - 1 <= row_len);
        assert!((rows + ROWS - 1) * row_len <= plane.len());
        for col in (0..columns).step_by(STRIP) {
            let first = plane.as_mut_ptr().wrapping_add(col);
            let mut strip = Strip {
                from: first,
                to: first,
                row_len,
                sums: [[F32x4::constant(0.0); 2]; ROWS],
            };
            // SAFETY: asserted above: `rows` + `ROWS` - 1 input rows are within the plane, and in each
            // of them the windows of the strip.
            unsafe {
                for _ in 1..ROWS {
                    strip.add_row(weights);
                    strip.roll();
                }
                // After as many rows as there are sums, each is back in its register: no copies.
                for _ in 0..rows / ROWS {
                    strip.finish_row(weights);
                    strip.finish_row(weights);
                    strip.finish_row(weights);
                    if ROWS > 3 {
                        strip.finish_row(weights);
                    }
                }
                for _ in 0..rows % ROWS {
                    strip.finish_row(weights);
                }
            }
        }
    }
}

/// Eight columns on the way down.
struct Strip<const ROWS: usize> {
    /// The next input row.
    from: *const f32,
    /// The next output row.
    to: *mut f32,
    row_len: usize,
    /// Of the output rows that the next input row is added to, from the top.
    sums: [[F32x4; 2]; ROWS],
}

impl<const ROWS: usize> Strip<ROWS> {
    /// Adds an input row to all sums.
    ///
    /// # Safety
    /// It has seven more values than there are columns of weights.
    #[inline(always)]
    unsafe fn add_row(&mut self, weights: &[[[f32; 4]; ROWS]]) {
        // Kernel column by kernel column: of several at once, the compiler would read all values and
        // weights first, more than there are registers.
        for (col, weights) in weights.iter().enumerate() {
            // SAFETY: the caller says so.
            let halves =
                unsafe { [0, 4].map(|half| F32x4::load(&*self.from.add(col + half).cast())) };
            for (sums, weight) in self.sums.iter_mut().zip(weights) {
                let weight = F32x4::load(weight);
                sums[0] = sums[0].add_product(weight, halves[0]);
                sums[1] = sums[1].add_product(weight, halves[1]);
            }
        }
        // Behind the last row it points nowhere and is not used.
        self.from = self.from.wrapping_add(self.row_len);
    }

    /// Gives the first sums, which are complete, and begins new ones.
    #[inline(always)]
    fn roll(&mut self) -> [F32x4; 2] {
        let finished = self.sums[0];
        for next in 1..ROWS {
            self.sums[next - 1] = self.sums[next];
        }
        self.sums[ROWS - 1] = [F32x4::constant(0.0); 2];
        finished
    }

    /// Adds an input row and writes the output row that it completes. No window to come reads what that
    /// replaces: those of this strip are below it, those of the next to its right.
    ///
    /// # Safety
    /// As for [`Strip::add_row`], and eight values may be written.
    #[inline(always)]
    unsafe fn finish_row(&mut self, weights: &[[[f32; 4]; ROWS]]) {
        // SAFETY: the caller says so.
        unsafe {
            self.add_row(weights);
            let [left, right] = self.roll();
            left.store(&mut *self.to.cast());
            right.store(&mut *self.to.add(4).cast());
        }
        self.to = self.to.wrapping_add(self.row_len);
    }
}
