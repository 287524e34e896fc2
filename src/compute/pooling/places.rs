//! Maxima of one line of positions and where they are, four at a time.

#![allow(
    unsafe_code,
    reason = "checking every load would take as long as the comparisons"
)]

use std::array::from_fn;

use crate::compute::simd::F32x4;

/// Writes the largest pixel that a window of K x K pixels, K 2 or 3, sees of `rows` at positions
/// `STEP`, 1 or 2, columns apart, and where it is: `start`, where the first row begins, plus its row
/// times `in_w` plus its column. Of equal ones the first counts. Returns `check` plus all pixels: NaN if there is one, and then nothing else holds.
///
/// # Panics
/// If there are less than 4 positions, or a row ends before the last.
#[inline(never)]
pub(super) fn line<const K: usize, const STEP: usize>(
    rows: [&[f32]; K],
    start: usize,
    in_w: usize,
    output: &mut [f32],
    places: &mut [i32],
    mut check: F32x4,
) -> F32x4 {
    let last = output.len() - 4;
    let covered = (last + 3) * STEP + K;
    assert!(rows.iter().all(|row| row.len() >= covered) && places.len() == output.len());
    // The bits of whole numbers, which are only moved.
    let cells: [[F32x4; K]; K] = from_fn(|row| {
        from_fn(|col| F32x4::constant(f32::from_bits((start + row * in_w + col) as u32)))
    });
    let mut at = 0;
    loop {
        let [mut best, mut place] = [F32x4::constant(f32::NEG_INFINITY), cells[0][0]];
        for (row, cells) in rows.iter().zip(&cells) {
            // SAFETY: at <= last, so that the row reaches to 3 * STEP + K columns behind at * STEP.
            let columns = unsafe { columns::<K, STEP>(row, at * STEP) };
            for (pixels, cell) in columns.into_iter().zip(cells) {
                check = check.plus(pixels);
                place = F32x4::where_greater([pixels, best], [*cell, place]);
                best = best.or_greater(pixels);
            }
        }
        // SAFETY: the output has 4 values from at <= last on.
        unsafe { best.write_unchecked(output, at) };
        for (lane, (to, place)) in places[at..].iter_mut().zip(place.to_array()).enumerate() {
            *to = (place.to_bits() as usize + (at + lane) * STEP) as i32;
        }
        if at == last {
            return check;
        }
        at = last.min(at + 4);
    }
}

/// The pixels of a row under each column of the window.
///
/// # Safety
/// `col + 3 * STEP + K` is at most the length of the row.
#[inline(always)]
unsafe fn columns<const K: usize, const STEP: usize>(row: &[f32], col: usize) -> [F32x4; K] {
    // SAFETY: the columns read end at 3 * STEP + K, as promised to be there.
    let at = |cell: usize| unsafe { F32x4::read_unchecked(row, col + cell) };
    if STEP == 1 {
        return from_fn(at);
    }
    let [left, right] = [at(0), at(4)];
    from_fn(|cell| match cell {
        0 => left.evens(right),
        1 => left.odds(right),
        _ => left.evens(right).moved_up(at(5)),
    })
}
