//! One line of positions, four at a time.

#![allow(
    unsafe_code,
    reason = "checking every load would take as long as the comparisons"
)]

use std::ops::Range;

use crate::compute::pooling::summary::Summary;
use crate::compute::simd::F32x4;

/// Writes what a window of K x K pixels, K 2 or 3, makes of `rows` at positions `STEP`, 1 or 2,
/// columns apart; the first of them is that of column `out_col`. Returns `check` with all pixels.
///
/// # Panics
/// If there are less than 4 positions, or a row ends before the last.
#[inline(never)]
pub(super) fn line<S: Summary, const K: usize, const STEP: usize>(
    summary: S,
    rows: [&[f32]; K],
    output: &mut [f32],
    out_col: usize,
    mut check: F32x4,
) -> F32x4 {
    let last = output.len() - 4;
    let covered = (last + 3) * STEP + K;
    assert!(rows.iter().all(|row| row.len() >= covered));
    let mut at = 0;
    loop {
        // SAFETY: at <= last, so that the rows reach as far as `four` reads, and the output has 4
        // values from `at` on.
        unsafe {
            let [joined, seen] = four::<S, K, STEP>(&rows, at * STEP);
            let [done, checked] = summary.finish(S::seen(check, seen), joined, out_col + at);
            done.write_unchecked(output, at);
            check = checked;
        }
        if at == last {
            break;
        }
        // The last four overlap those before, unless they end together.
        at = last.min(at + 4);
    }
    // SAFETY: `covered` is at least 5.
    let [_, seen] = unsafe { down::<S, K>(&rows, covered - 4) };
    S::seen(check, seen)
}

/// As [`line`], for one position whose window holds only the columns `cols`, four of them at most.
///
/// # Panics
/// If a row has less than 4 pixels, or ends before the window.
#[inline(always)]
pub(super) fn position<S: Summary, const K: usize>(
    summary: S,
    rows: [&[f32]; K],
    cols: Range<usize>,
    out_col: usize,
    check: F32x4,
) -> (f32, F32x4) {
    let start = cols.start.min(rows[0].len() - 4);
    assert!(rows.iter().all(|row| row.len() >= start + 4));
    // SAFETY: just seen.
    let [pixels, seen] = unsafe { down::<S, K>(&rows, start) };
    let pixels = &pixels.to_array()[cols.start - start..cols.end - start];
    let joined = pixels
        .iter()
        .fold(F32x4::constant(S::NEUTRAL), |joined, pixel| {
            S::join(joined, F32x4::splat(pixel))
        });
    let [done, check] = summary.finish(S::seen(check, seen), joined, out_col);
    (done.to_array()[0], check)
}

/// Four positions from column `col` on, and the pixels seen, but perhaps for the last column.
///
/// # Safety
/// `col + 3 * STEP + K` is at most the length of every row.
#[inline(always)]
unsafe fn four<S: Summary, const K: usize, const STEP: usize>(
    rows: &[&[f32]; K],
    col: usize,
) -> [F32x4; 2] {
    // SAFETY: the columns read end at 3 * STEP + K, as promised to be there: at 8, 9, 5 and 6.
    let at = |cells: usize| unsafe { down::<S, K>(rows, col + cells) };
    let [first, seen] = at(0);
    match (K, STEP) {
        (2, 2) => {
            let [next, next_seen] = at(4);
            let joined = S::join(first.evens(next), first.odds(next));
            [joined, S::seen(seen, next_seen)]
        }
        (_, 2) => {
            let [next, next_seen] = at(4);
            let [last, _] = at(5);
            let (evens, odds) = (first.evens(next), first.odds(next));
            let joined = S::join(S::join(evens, odds), evens.moved_up(last));
            [joined, S::seen(seen, next_seen)]
        }
        (2, _) => [S::join(first, at(1)[0]), seen],
        _ => {
            let [last, _] = at(2);
            let joined = S::join(S::join(first, first.moved(last)), last);
            [joined, seen]
        }
    }
}

/// Four columns from `col` on, the rows of each joined, and the pixels seen.
///
/// # Safety
/// `col + 4` is at most the length of every row.
#[inline(always)]
unsafe fn down<S: Summary, const K: usize>(rows: &[&[f32]; K], col: usize) -> [F32x4; 2] {
    // SAFETY: as promised.
    let pixels = rows.map(|row| unsafe { F32x4::read_unchecked(row, col) });
    let [first, others @ ..] = &pixels[..] else {
        return [F32x4::constant(S::NEUTRAL); 2];
    };
    others.iter().fold([*first; 2], |[joined, seen], &next| {
        [S::join(joined, next), S::seen(seen, next)]
    })
}
