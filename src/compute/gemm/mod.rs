//! Matrix products in `f32` on one core, blocked for registers and caches.
//!
//! C = A · B, with A `[m, k]`, B `[k, n]` and C `[m, n]` row-major. The innermost loop keeps a tile
//! of 4 x 8 sums in eight registers and reads both matrices from packed copies: A in panels of 4
//! rows, B in panels of 8 columns. Taller or wider tiles need more registers than x86 has, which
//! halves the speed.
//!
//! [`BLOCK_K`] terms of a panel of B (16 KB) stay in the L1 cache while the panels of A pass, and
//! [`BLOCK_N`] columns of B (512 KB) stay in the L2 cache.
//!
//! Every element of C adds its products in order of k, whatever the blocks, so the result has the
//! same bits as three nested loops.

mod epilogue;
mod pack;

use crate::compute::simd::{F32x4, copy};

pub(crate) use epilogue::Epilogue;
pub(crate) use pack::{Columns, PackedRows};

/// Rows of a tile.
pub(crate) const TILE_M: usize = 4;
/// Columns of a tile.
pub(crate) const TILE_N: usize = 8;
/// Terms that are added per pass over C.
const BLOCK_K: usize = 512;
/// Columns of B that are packed at a time.
const BLOCK_N: usize = 256;

/// Number of scratch values that [`multiply`] needs for `k` terms of `n` columns: one row more than
/// the panels have, so that [`Columns::pack`] may write past the last one.
pub(crate) fn scratch_len(k: usize, n: usize) -> usize {
    (BLOCK_K.min(k) * BLOCK_N.min(n).div_ceil(TILE_N) + 1) * TILE_N
}

/// Adds A · B to `c`.
///
/// # Panics
/// If `c` does not hold `rows.m()` x `columns.n()` values, or the inner extents differ.
pub(crate) fn gemm(rows: &PackedRows, columns: &impl Columns, c: &mut [f32]) {
    let mut scratch = vec![0.0; scratch_len(rows.k(), columns.n())];
    blocks(
        rows,
        columns,
        c,
        &mut scratch,
        |_| Start::Kept,
        &Epilogue::default(),
    );
}

/// Writes A · B to `c` and applies `epilogue`; `scratch` holds [`scratch_len`] values.
///
/// # Panics
/// As [`gemm`].
pub(crate) fn multiply(
    rows: &PackedRows,
    columns: &impl Columns,
    c: &mut [f32],
    scratch: &mut [f32],
    epilogue: &Epilogue,
) {
    let start = |first| if first { Start::Zero } else { Start::Kept };
    blocks(rows, columns, c, scratch, start, epilogue);
}

/// Writes the product of two fully packed matrices to `c`, which has as many rows and columns as
/// their panels. All sums have `terms` terms.
pub(crate) fn multiply_packed(
    terms: usize,
    rows: &[[f32; TILE_M]],
    columns: &[[f32; TILE_N]],
    c: &mut [f32],
) {
    let step = columns.len() / terms * TILE_N;
    let tile = Tile {
        extents: [TILE_M, TILE_N],
        step,
        start: Start::Zero,
        epilogue: None,
    };
    for (idx, columns) in columns.chunks_exact(terms).enumerate() {
        for (rows, c) in rows
            .chunks_exact(terms)
            .zip(c.chunks_exact_mut(TILE_M * step))
        {
            tile.compute_whole::<2>(rows, columns, &mut c[idx * TILE_N..], step);
        }
    }
}

/// What the sums of a tile start from.
#[derive(Clone, Copy, PartialEq)]
enum Start {
    Zero,
    /// The values already in C.
    Kept,
}

fn blocks(
    rows: &PackedRows,
    columns: &impl Columns,
    c: &mut [f32],
    scratch: &mut [f32],
    start: impl Fn(bool) -> Start,
    epilogue: &Epilogue,
) {
    let (m, k, n) = (rows.m(), rows.k(), columns.n());
    assert_eq!((columns.k(), c.len()), (k, m * n));
    if k == 0 && start(true) == Start::Zero {
        c.fill(0.0);
        epilogue.apply_to_rows(c, n);
    }
    let (packed, _) = scratch.as_chunks_mut::<TILE_N>();
    for first_n in (0..n).step_by(BLOCK_N) {
        let block_n = first_n..n.min(first_n + BLOCK_N);
        for first_k in (0..k).step_by(BLOCK_K) {
            let block_k = first_k..k.min(first_k + BLOCK_K);
            let terms = block_k.len();
            let len = terms * block_n.len().div_ceil(TILE_N);
            columns.pack(block_k.clone(), block_n.clone(), &mut packed[..=len]);
            let start = start(first_k == 0);
            let is_last = block_k.end == k;
            for (panel_idx, panel) in packed[..len].chunks_exact(terms).enumerate() {
                let col = block_n.start + panel_idx * TILE_N;
                let width = TILE_N.min(block_n.end - col);
                for row in (0..m).step_by(TILE_M) {
                    let height = TILE_M.min(m - row);
                    let tile = Tile {
                        extents: [height, width],
                        step: n,
                        start,
                        epilogue: is_last.then_some((epilogue, row)),
                    };
                    let rows = rows.panel(row / TILE_M, block_k.clone());
                    tile.compute(rows, panel, &mut c[row * n + col..]);
                }
            }
        }
    }
}

/// A tile of C.
struct Tile<'a> {
    /// Rows and columns of the tile that lie inside C.
    extents: [usize; 2],
    /// Distance between rows in C.
    step: usize,
    start: Start,
    /// What to apply to the finished sums, and the index of the first row.
    epilogue: Option<(&'a Epilogue, usize)>,
}

impl Tile<'_> {
    /// Multiplies two panels into the tile at the start of `c`.
    #[inline(always)]
    fn compute(&self, rows: &[[f32; TILE_M]], columns: &[[f32; TILE_N]], c: &mut [f32]) {
        if self.extents == [TILE_M, TILE_N] {
            self.compute_whole::<2>(rows, columns, c, self.step);
            return;
        }
        let [height, width] = self.extents;
        let mut whole = [[0.0; TILE_N]; TILE_M];
        if self.start == Start::Kept {
            for (row, values) in whole.iter_mut().enumerate().take(height) {
                copy(&c[row * self.step..][..width], values);
            }
        }
        match width {
            ..=4 => self.compute_whole::<1>(rows, columns, whole.as_flattened_mut(), TILE_N),
            _ => self.compute_whole::<2>(rows, columns, whole.as_flattened_mut(), TILE_N),
        }
        for (row, values) in whole.iter().enumerate().take(height) {
            copy(values, &mut c[row * self.step..][..width]);
        }
    }

    /// Computes the first `HALVES` times four columns of a tile that lies completely inside C.
    #[inline(always)]
    fn compute_whole<const HALVES: usize>(
        &self,
        rows: &[[f32; TILE_M]],
        columns: &[[f32; TILE_N]],
        c: &mut [f32],
        step: usize,
    ) {
        let mut sums = match self.start {
            Start::Zero => [[F32x4::constant(0.0); HALVES]; TILE_M],
            Start::Kept => std::array::from_fn(|row| {
                let (halves, _) = c[row * step..row * step + TILE_N].as_chunks::<4>();
                std::array::from_fn(|half| F32x4::load(&halves[half]))
            }),
        };
        add_products(rows, columns, &mut sums);
        if let Some((epilogue, row)) = self.epilogue {
            epilogue.apply_to_tile(row, &mut sums);
        }
        for (row, sums) in sums.iter().enumerate() {
            let (halves, _) = c[row * step..row * step + TILE_N].as_chunks_mut::<4>();
            for (sum, half) in sums.iter().zip(halves) {
                sum.store(half);
            }
        }
    }
}

#[inline(always)]
fn add_products<const HALVES: usize>(
    rows: &[[f32; TILE_M]],
    columns: &[[f32; TILE_N]],
    sums: &mut [[F32x4; HALVES]; TILE_M],
) {
    for (rows, columns) in rows.iter().zip(columns) {
        let (halves, _) = columns.as_chunks::<4>();
        let columns: [F32x4; HALVES] = std::array::from_fn(|half| F32x4::load(&halves[half]));
        for (sums, value) in sums.iter_mut().zip(rows) {
            let value = F32x4::splat(value);
            for (sum, columns) in sums.iter_mut().zip(columns) {
                *sum = sum.add_product(value, columns);
            }
        }
    }
}
#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::ops::Range;

    /// Three nested loops.
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
            let cells = panels.flat_map(|first| terms.clone().map(move |term| (term, first)));
            for ((term, first), panel) in cells.zip(to) {
                // Values past the last column must not matter.
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
    #[cfg_attr(miri, ignore = "takes hours there")]
    fn extents_around_tiles_and_blocks_have_the_bits_of_nested_loops() {
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
        fn any_product_has_the_bits_of_nested_loops(
            m in 0..40_usize, k in 0..90_usize, n in 0..70_usize, seed in any::<u32>(),
        ) {
            check(m, k, n, seed.into());
        }
    }
}
