//! Neighbouring rows of positions whose windows lie within the rows of pixels.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

use std::array::from_fn;
use std::ops::Range;

use crate::compute::pooling::summary::Summary;
use crate::compute::simd::F32x4;

/// Where a window of K x K pixels, K 2 or 3, stands at positions `STEP`, 1 or 2, columns apart.
///
/// Neighbouring windows share K - `STEP` columns, so that four positions bring 4 · `STEP` fresh ones.
#[derive(Clone, Debug)]
pub(super) struct Band {
    /// Columns of the pixels, 4 at least.
    pub in_w: usize,
    pub out_w: usize,
    /// From a row under one row of positions to that under the next.
    pub down: usize,
    /// The positions whose fresh columns are inside the input, four at least, ...
    pub inner: Range<usize>,
    /// ... and where they are for the first of them.
    pub fresh: usize,
    /// The other positions, and the columns under them.
    pub edges: Vec<(usize, Range<usize>)>,
}

/// The same rows of neighbouring planes.
#[derive(Clone, Copy)]
pub(super) struct Stack {
    pub planes: usize,
    /// Rows of positions in each.
    pub rows: usize,
    /// From a plane to the next, of pixels and of positions.
    pub lens: [usize; 2],
}

impl Band {
    /// Writes what `summary` makes of `pixels`. The columns at its left edge are surrounded by
    /// [`Summary::NEUTRAL`].
    ///
    /// Returns something that shows, by [`Summary::is_well`], whether all is well.
    ///
    /// # Panics
    /// If `pixels` or the numbers of `summary` end before the last window.
    #[inline(never)]
    pub fn run<S: Summary, const K: usize, const STEP: usize>(
        &self,
        summary: S,
        stack: Stack,
        pixels: &[f32],
        output: &mut [f32],
    ) -> F32x4 {
        let Stack {
            planes,
            rows: count,
            lens: [in_len, out_len],
        } = stack;
        let &Band {
            in_w,
            out_w,
            down,
            fresh,
            ..
        } = self;
        let len = self.inner.len();
        let in_rows = (count - 1) * down + K;
        assert!(planes > 0 && count > 0);
        assert!((planes - 1) * in_len + in_rows * in_w <= pixels.len());
        assert!((planes - 1) * out_len + count * out_w <= output.len());
        assert!(len >= 4 && self.inner.end <= out_w && fresh + len * STEP <= in_w);
        assert!(
            self.edges
                .iter()
                .all(|(col, cols)| *col < out_w && cols.end <= in_w)
        );
        assert!(summary.reaches(count, out_w));
        let neutral = F32x4::constant(S::NEUTRAL);
        let mut check = F32x4::constant(0.0);
        let edges = &self.edges[..];
        let mut edges_check = F32x4::constant(0.0);
        // The first four overlap the next unless all fours are whole.
        let second = (len - 1) % 4 + 1;
        for plane in 0..planes {
            let pixels = &pixels[plane * in_len..];
            check = check.plus(all_seen::<S>(&pixels[..(K - STEP) * in_w]));
            // SAFETY: asserted above: the last window ends within the pixels, the last position within the output.
            unsafe {
                let mut from = pixels.as_ptr();
                let mut to = output.as_mut_ptr().add(plane * out_len);
                for row in 0..count {
                    for (col, cols) in edges {
                        let [joined, seen] = under::<S, K>(from, in_w, cols.clone());
                        let done;
                        [done, edges_check] =
                            summary.finish(S::seen(edges_check, seen), joined, row, *col);
                        *to.add(*col) = done.to_array()[0];
                    }
                    let mut rows: Rows = from_fn(|row| from.wrapping_add(row * in_w + fresh));
                    let to_first = to.add(self.inner.start);
                    let put = |joined: F32x4, at: usize, check: F32x4| {
                        let [done, check] =
                            summary.finish(check, joined, row, self.inner.start + at);
                        done.store(&mut *to_first.add(at).cast());
                        check
                    };
                    let mut before;
                    let (mut joined, mut seen);
                    [before, seen] = shared::<S, K, STEP>(neutral, rows, fresh);
                    check = S::seen(check, seen);
                    [joined, seen, _] = four::<S, K, STEP>(before, rows);
                    check = put(joined, 0, S::seen(check, seen));
                    rows = rows.map(|row| row.wrapping_add(second * STEP));
                    [before, _] = shared::<S, K, STEP>(neutral, rows, fresh + second * STEP);
                    let mut at = second;
                    while at < len {
                        [joined, seen, before] = four::<S, K, STEP>(before, rows);
                        check = put(joined, at, S::seen(check, seen));
                        rows = rows.map(|row| row.wrapping_add(4 * STEP));
                        at += 4;
                    }
                    // Behind the last row they point nowhere and are not used.
                    from = from.wrapping_add(down * in_w);
                    to = to.wrapping_add(out_w);
                }
            }
        }
        check.plus(edges_check)
    }
}

/// Pixels of K rows below each other; for K = 2 the last is not used.
type Rows = [*const f32; 3];

/// All pixels, seen.
fn all_seen<S: Summary>(pixels: &[f32]) -> F32x4 {
    let (fours, rest) = pixels.as_chunks();
    let seen = fours.iter().fold(F32x4::constant(0.0), |seen, four| {
        S::seen(seen, F32x4::load(four))
    });
    rest.iter()
        .fold(seen, |seen, pixel| S::seen(seen, F32x4::splat(pixel)))
}

/// The pixels of columns `cols` in K rows, joined in each lane, and seen.
#[inline(always)]
unsafe fn under<S: Summary, const K: usize>(
    from: *const f32,
    in_w: usize,
    cols: Range<usize>,
) -> [F32x4; 2] {
    let mut joined = F32x4::constant(S::NEUTRAL);
    let mut seen = F32x4::constant(0.0);
    for col in cols {
        for row in 0..K {
            let pixel = unsafe { F32x4::splat(&*from.add(row * in_w + col)) };
            joined = S::join(joined, pixel);
            seen = S::seen(seen, pixel);
        }
    }
    [joined, seen]
}

/// Four positions whose fresh columns start at `fresh`, the fresh pixels seen, and what to hand on to the next four as `before`.
///
/// # Safety
/// `fresh + 4 * STEP` columns of K rows are there.
#[inline(always)]
unsafe fn four<S: Summary, const K: usize, const STEP: usize>(
    before: F32x4,
    rows: Rows,
) -> [F32x4; 3] {
    // SAFETY: as promised.
    unsafe {
        let [first, seen] = columns::<S, K, STEP>(rows);
        if STEP == 1 {
            let left = first.after(before, 1);
            let left = if K == 3 {
                S::join(first.after(before, 2), left)
            } else {
                left
            };
            return [S::join(left, first), seen, first];
        }
        let [next, next_seen] = columns::<S, K, STEP>(rows.map(|row| row.wrapping_add(4)));
        let seen = S::seen(seen, next_seen);
        let (evens, odds) = (first.evens(next), first.odds(next));
        let joined = S::join(evens, odds);
        let joined = if K == 3 {
            S::join(odds.after(before, 1), joined)
        } else {
            joined
        };
        [joined, seen, odds]
    }
}

/// The columns that a position shares with the one before, in the last lanes.
#[inline(always)]
unsafe fn shared<S: Summary, const K: usize, const STEP: usize>(
    neutral: F32x4,
    rows: Rows,
    fresh: usize,
) -> [F32x4; 2] {
    let inside = fresh.min(K - STEP);
    if inside == 0 {
        return [neutral, F32x4::constant(0.0)];
    }
    let [columns, seen] =
        unsafe { columns::<S, K, STEP>(rows.map(|row| row.wrapping_sub(inside))) };
    let columns = if inside == 1 {
        columns.after(neutral, 3)
    } else {
        columns.after(neutral, 2)
    };
    [columns, seen]
}

/// Four columns of K rows, joined, and the last `STEP` rows seen.
#[inline(always)]
unsafe fn columns<S: Summary, const K: usize, const STEP: usize>(rows: Rows) -> [F32x4; 2] {
    unsafe {
        let row = |row: usize| F32x4::load(&*rows[row].cast());
        let mut joined = row(0);
        let mut seen = row(K - STEP);
        for cell in 1..K {
            joined = S::join(joined, row(cell));
            if cell > K - STEP {
                seen = S::seen(seen, row(cell));
            }
        }
        [joined, seen]
    }
}
