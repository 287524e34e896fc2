//! Correlation of a small plane with a kernel of a few rows. It follows strips of eight columns
//! from top to bottom, with the sums of as many output rows as the kernel has rows in registers,
//! and adds each input row to all of them.

use crate::compute::simd::F32x4;

/// Columns of a strip.
pub(super) const STRIP: usize = 8;

/// Kernels of `ROWS` rows.
#[derive(Clone, Debug)]
pub(super) struct Rolling<const ROWS: usize> {
    columns: usize,
    /// Column by column, the last row first, because it belongs to the sums that finish first. Each
    /// weight is stored once per lane of a register: the compiler would gather and shuffle single
    /// ones.
    weights: Vec<[[f32; 4]; ROWS]>,
}

impl<const ROWS: usize> Rolling<ROWS> {
    /// Packs kernels of `columns` columns, stored one after the other.
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

    /// Number of packed values.
    pub fn len(&self) -> usize {
        self.weights.as_flattened().as_flattened().len()
    }

    /// Correlates a plane in place with kernel `idx` to `[rows, columns]` outputs. Each output
    /// replaces the first input under its window; the rows below the last output keep their values.
    ///
    /// `columns` is a multiple of eight. The plane has `rows` + `ROWS` - 1 rows of `row_len`
    /// values.
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
            // SAFETY: asserted above: the plane has `rows` + `ROWS` - 1 rows, and each contains the
            // windows of the strip.
            unsafe {
                for _ in 1..ROWS {
                    strip.add_row(weights);
                    strip.roll();
                }
                // After as many rows as there are sums, each is back in its own register, so no
                // copies are needed.
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

/// The state of a strip of eight columns on the way down.
struct Strip<const ROWS: usize> {
    /// The next input row.
    from: *const f32,
    /// The next output row.
    to: *mut f32,
    row_len: usize,
    /// Sums of the output rows to which the next input row is added, from the top.
    sums: [[F32x4; 2]; ROWS],
}

impl<const ROWS: usize> Strip<ROWS> {
    /// Adds an input row to all sums.
    ///
    /// # Safety
    /// The row must have seven more values than there are columns of weights.
    #[inline(always)]
    unsafe fn add_row(&mut self, weights: &[[[f32; 4]; ROWS]]) {
        // One kernel column at a time: for several at once, the compiler would load all values and
        // weights first, more than there are registers.
        for (col, weights) in weights.iter().enumerate() {
            // SAFETY: the caller guarantees it.
            let halves =
                unsafe { [0, 4].map(|half| F32x4::load(&*self.from.add(col + half).cast())) };
            for (sums, weight) in self.sums.iter_mut().zip(weights) {
                let weight = F32x4::load(weight);
                sums[0] = sums[0].add_product(weight, halves[0]);
                sums[1] = sums[1].add_product(weight, halves[1]);
            }
        }
        // After the last row the pointer is dangling and unused.
        self.from = self.from.wrapping_add(self.row_len);
    }

    /// Returns the first sums, which are complete, and starts new ones.
    #[inline(always)]
    fn roll(&mut self) -> [F32x4; 2] {
        let finished = self.sums[0];
        for next in 1..ROWS {
            self.sums[next - 1] = self.sums[next];
        }
        self.sums[ROWS - 1] = [F32x4::constant(0.0); 2];
        finished
    }

    /// Adds an input row and writes the output row that it completes. No later window reads the
    /// overwritten values: those of this strip are below, those of the next strip to the right.
    ///
    /// # Safety
    /// As for [`Strip::add_row`], and `to` must have room for eight values.
    #[inline(always)]
    unsafe fn finish_row(&mut self, weights: &[[[f32; 4]; ROWS]]) {
        // SAFETY: the caller guarantees it.
        unsafe {
            self.add_row(weights);
            let [left, right] = self.roll();
            left.store(&mut *self.to.cast());
            right.store(&mut *self.to.add(4).cast());
        }
        self.to = self.to.wrapping_add(self.row_len);
    }
}
