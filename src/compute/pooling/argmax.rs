//! The maxima of one row of positions and their argmax, four at a time.

#![allow(
    unsafe_code,
    reason = "checking every load would take as long as the comparisons"
)]

use std::array::from_fn;

use crate::compute::simd::F32x4;

/// Writes the maximum of `rows` under windows of K x K pixels (K is 2 or 3), `STEP` columns apart
/// (1 or 2), and the index of each maximum: `start`, the index of the first row, plus its row times
/// `in_w` plus its column. The first of equal pixels is chosen. Returns `check` plus the sum of all
/// pixels: if it is NaN, a pixel may have been NaN and the result is invalid.
///
/// # Panics
/// If there are fewer than 4 positions, or a row ends before the last window.
#[inline(never)]
pub(super) fn row<const K: usize, const STEP: usize>(
    rows: [&[f32]; K],
    start: usize,
    in_w: usize,
    output: &mut [f32],
    argmax: &mut [i32],
    mut check: F32x4,
) -> F32x4 {
    let last = output.len() - 4;
    let covered = (last + 3) * STEP + K;
    assert!(rows.iter().all(|row| row.len() >= covered) && argmax.len() == output.len());
    // Indices as bit patterns; the lanes are only moved, never computed with.
    let cells: [[F32x4; K]; K] = from_fn(|row| {
        from_fn(|col| F32x4::constant(f32::from_bits((start + row * in_w + col) as u32)))
    });
    let mut at = 0;
    loop {
        let [mut best, mut best_idx] = [F32x4::constant(f32::NEG_INFINITY), cells[0][0]];
        for (row, cells) in rows.iter().zip(&cells) {
            // SAFETY: at <= last, so the row has 3 * STEP + K columns from at * STEP on.
            let columns = unsafe { columns::<K, STEP>(row, at * STEP) };
            for (pixels, cell) in columns.into_iter().zip(cells) {
                check = check.plus(pixels);
                best_idx = F32x4::where_greater([pixels, best], [*cell, best_idx]);
                best = best.or_greater(pixels);
            }
        }
        // SAFETY: the output has 4 values from at <= last on.
        unsafe { best.write_unchecked(output, at) };
        let found = argmax[at..].iter_mut().zip(best_idx.to_array());
        for (lane, (to, idx)) in found.enumerate() {
            *to = (idx.to_bits() as usize + (at + lane) * STEP) as i32;
        }
        if at == last {
            return check;
        }
        at = last.min(at + 4);
    }
}

/// The pixels of a row under each column of the window, at four positions.
///
/// # Safety
/// `col + 3 * STEP + K` must not exceed the length of the row.
#[inline(always)]
unsafe fn columns<const K: usize, const STEP: usize>(row: &[f32], col: usize) -> [F32x4; K] {
    // SAFETY: the columns read end at 3 * STEP + K, which the caller guarantees.
    let at = |cell: usize| unsafe { F32x4::read_unchecked(row, col + cell) };
    if STEP == 1 {
        return from_fn(at);
    }
    let [left, right] = [at(0), at(4)];
    from_fn(|cell| match cell {
        0 => left.evens(right),
        1 => left.odds(right),
        _ => left.evens(right).shifted_left(at(5)),
    })
}
