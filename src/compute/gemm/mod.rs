//! Matrix products in `f32`, as fast as one core multiplies.
//!
//! C += A · B, with A `[m, k]`, B `[k, n]` and C `[m, n]` row-major. The innermost loop keeps a tile
//! of 4 x 8 sums in eight registers and reads both matrices from copies in the order in which it
//! needs them: A in panels of 4 rows, B in panels of 8 columns. Taller or wider tiles need more
//! registers than x86 has and halve the speed.
//!
//! Blocks: [`BLOCK_K`] terms of a panel of B (8 KB) and of a panel of A (4 KB) stay in the first
//! cache while the panels of A pass; [`BLOCK_N`] columns of B (512 KB) in the second.
//!
//! Every element of C adds its products one after the other in the order of k, whatever the blocks:
//! a product computed here has the bits of three plain loops.

mod pack;
mod patches;

use crate::compute::simd::F32x4;

pub(crate) use pack::{Columns, PackedRows};
pub(crate) use patches::Patches;

/// Rows of a tile.
pub(crate) const TILE_M: usize = 4;
/// Columns of a tile.
pub(crate) const TILE_N: usize = 8;
/// Terms of the sums that are added in one go.
const BLOCK_K: usize = 256;
/// Columns of B that are packed in one go.
const BLOCK_N: usize = 512;

/// Adds A · B to `c`.
///
/// # Panics
/// If `c` does not hold `rows.m()` x `columns.n()` values, or the inner extents differ.
pub(crate) fn gemm(rows: &PackedRows, columns: &impl Columns, c: &mut [f32]) {
    let (m, k, n) = (rows.m(), rows.k(), columns.n());
    assert_eq!((columns.k(), c.len()), (k, m * n));
    let mut packed = vec![[0.0; TILE_N]; BLOCK_K.min(k) * BLOCK_N.min(n).div_ceil(TILE_N)];
    for first_n in (0..n).step_by(BLOCK_N) {
        let block_n = first_n..n.min(first_n + BLOCK_N);
        for first_k in (0..k).step_by(BLOCK_K) {
            let block_k = first_k..k.min(first_k + BLOCK_K);
            let terms = block_k.len();
            let packed = &mut packed[..terms * block_n.len().div_ceil(TILE_N)];
            columns.pack(block_k.clone(), block_n.clone(), packed);
            for (panel_idx, panel) in packed.chunks_exact(terms).enumerate() {
                let col = block_n.start + panel_idx * TILE_N;
                let width = TILE_N.min(block_n.end - col);
                for row in (0..m).step_by(TILE_M) {
                    let rows = rows.panel(row / TILE_M, block_k.clone());
                    let height = TILE_M.min(m - row);
                    add_tile(rows, panel, &mut c[row * n + col..], n, [height, width]);
                }
            }
        }
    }
}

/// Adds the product of two panels to the tile at the start of `c`, whose rows stand `step` apart.
#[inline(always)]
fn add_tile(
    rows: &[[f32; TILE_M]],
    columns: &[[f32; TILE_N]],
    c: &mut [f32],
    step: usize,
    [height, width]: [usize; 2],
) {
    if [height, width] == [TILE_M, TILE_N] {
        let mut sums = std::array::from_fn(|row| {
            let (halves, _) = c[row * step..row * step + TILE_N].as_chunks::<4>();
            [F32x4::load(&halves[0]), F32x4::load(&halves[1])]
        });
        multiply(rows, columns, &mut sums);
        for (row, sums) in sums.iter().enumerate() {
            let (halves, _) = c[row * step..row * step + TILE_N].as_chunks_mut::<4>();
            sums[0].store(&mut halves[0]);
            sums[1].store(&mut halves[1]);
        }
    } else {
        let mut whole = [[0.0; TILE_N]; TILE_M];
        for (row, values) in whole.iter_mut().enumerate().take(height) {
            values[..width].copy_from_slice(&c[row * step..row * step + width]);
        }
        add_tile(
            rows,
            columns,
            whole.as_flattened_mut(),
            TILE_N,
            [TILE_M, TILE_N],
        );
        for (row, values) in whole.iter().enumerate().take(height) {
            c[row * step..row * step + width].copy_from_slice(&values[..width]);
        }
    }
}

#[inline(always)]
fn multiply(rows: &[[f32; TILE_M]], columns: &[[f32; TILE_N]], sums: &mut [[F32x4; 2]; TILE_M]) {
    for (rows, columns) in rows.iter().zip(columns) {
        let (halves, _) = columns.as_chunks::<4>();
        let [left, right] = [F32x4::load(&halves[0]), F32x4::load(&halves[1])];
        for (sums, value) in sums.iter_mut().zip(rows) {
            let value = F32x4::splat(value);
            sums[0] = sums[0].add_product(value, left);
            sums[1] = sums[1].add_product(value, right);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::ops::Range;

    /// Three plain loops.
    fn naive(m: usize, k: usize, n: usize, a: &[f32], b: &[f32], c: &mut [f32]) {
        for row in 0..m {
            for col in 0..n {
                for term in 0..k {
                    c[row * n + col] += a[row * k + term] * b[term * n + col];
                }
            }
        }
    }

    fn values(seed: u64, len: usize) -> Vec<f32> {
        let mut rng = crate::data::rng::Rng::new(seed);
        (0..len).map(|_| rng.normal() as f32).collect()
    }

    /// A matrix `[k, n]` stored row by row.
    struct RowMajor<'a> {
        values: &'a [f32],
        k: usize,
        n: usize,
    }

    impl Columns for RowMajor<'_> {
        fn k(&self) -> usize {
            self.k
        }

        fn n(&self) -> usize {
            self.n
        }

        fn pack(&self, terms: Range<usize>, columns: Range<usize>, to: &mut [[f32; TILE_N]]) {
            let panels = columns.clone().step_by(TILE_N);
            let places = panels.flat_map(|first| terms.clone().map(move |term| (term, first)));
            for ((term, first), panel) in places.zip(to) {
                // What stands behind the last column must not matter.
                *panel = [f32::NAN; TILE_N];
                for (lane, value) in panel.iter_mut().enumerate().take(columns.end - first) {
                    *value = self.values[term * self.n + first + lane];
                }
            }
        }
    }

    fn check(m: usize, k: usize, n: usize, seed: u64) {
        let (a, b) = (values(seed, m * k), values(seed + 1, k * n));
        let start = values(seed + 2, m * n);
        let mut expected = start.clone();
        naive(m, k, n, &a, &b, &mut expected);
        let rows = PackedRows::new(m, k, |row, term| a[row * k + term]);
        let mut c = start;
        gemm(&rows, &RowMajor { values: &b, k, n }, &mut c);
        assert_eq!(c, expected, "{m} x {k} x {n}");
    }

    #[test]
    fn extents_around_tiles_and_blocks_give_the_bits_of_plain_loops() {
        for m in [0, 1, 3, 4, 5, 13] {
            for k in [0, 1, 7, 255, 256, 257, 513] {
                for n in [0, 1, 7, 8, 9, 17] {
                    check(m, k, n, 7);
                }
            }
        }
        check(5, 3, 511, 1);
        check(4, 300, 512, 2);
        check(6, 2, 1031, 3);
    }

    proptest! {
        #[test]
        fn any_product_gives_the_bits_of_plain_loops(
            m in 0..40_usize, k in 0..90_usize, n in 0..70_usize, seed in any::<u32>(),
        ) {
            check(m, k, n, seed.into());
        }
    }
}
