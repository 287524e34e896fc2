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
/// Neighbouring windows share K - `STEP` columns, so that each position brings `STEP` fresh ones.
#[derive(Clone, Debug)]
pub(super) struct Band {
    /// Columns of the pixels, 4 at least.
    pub in_w: usize,
    pub out_w: usize,
    /// From a row under one row of positions to that under the next.
    pub down: usize,
    /// The positions whose fresh columns are inside the input, four at least, ...
    pub inner: Range<usize>,
    /// ... and the first fresh column of the first of them.
    pub fresh: usize,
    /// The other positions, and the columns under them.
    pub edges: Vec<(usize, Range<usize>)>,
}

/// The same rows of planes behind each other.
#[derive(Clone, Copy)]
pub(super) struct Stack {
    pub planes: usize,
    /// Rows of positions in each.
    pub rows: usize,
    /// From one plane to the next, in the pixels and in the output.
    pub lens: [usize; 2],
}

/// Pixels of K rows below each other; there are never more than three.
type Rows = [*const f32; 3];

impl Band {
    /// Writes what `summary` makes of `pixels`, the first of which is under the first row of the first
    /// plane. Left of them, and only there, a window may see nothing.
    ///
    /// Returns something that shows, by [`Summary::is_well`], whether all is well.
    ///
    /// # Panics
    /// If `pixels`, `output` or the numbers of `summary` end before the last window.
    #[inline(never)]
    pub fn run<S: Summary, const K: usize, const STEP: usize>(
        &self,
        summary: S,
        stack: Stack,
        pixels: &[f32],
        output: &mut [f32],
    ) -> F32x4 {
        self.assert_reach::<S, K, STEP>(summary, stack, pixels, output);
        let &Band { in_w, fresh, .. } = self;
        let (start, len) = (self.inner.start, self.inner.len());
        let edges = &self.edges[..];
        let neutral = F32x4::constant(S::NEUTRAL);
        let [mut check, mut edges_check] = [F32x4::constant(0.0); 2];
        // The first four overlap the next unless all fours are whole.
        let second = (len - 1) % 4 + 1;
        for plane in 0..stack.planes {
            let pixels = &pixels[plane * stack.lens[0]..];
            check = check.plus(all_seen::<S>(&pixels[..(K - STEP) * in_w]));
            let mut from = pixels.as_ptr();
            let mut to = output[plane * stack.lens[1]..].as_mut_ptr();
            for row in 0..stack.rows {
                // SAFETY: asserted above: the last window ends within the pixels, the last position
                // within the output, and the summary has numbers for them.
                unsafe {
                    for (col, cols) in edges {
                        let [joined, seen] = under::<S, K>(from, in_w, cols.clone());
                        let check = S::seen(edges_check, seen);
                        let [done, check] = summary.finish(check, joined, row, *col);
                        *to.add(*col) = done.to_array()[0];
                        edges_check = check;
                    }
                    let put = |joined: F32x4, at: usize, check: F32x4| {
                        let [done, check] = summary.finish(check, joined, row, start + at);
                        done.store(&mut *to.add(start + at).cast());
                        check
                    };
                    let mut rows: Rows = from_fn(|row| from.wrapping_add(row * in_w + fresh));
                    let [before, seen] = shared::<S, K, STEP>(neutral, rows, fresh);
                    check = S::seen(check, seen);
                    let [joined, seen, _] = four::<S, K, STEP>(before, rows);
                    check = put(joined, 0, S::seen(check, seen));
                    let mut at = second;
                    if at < len {
                        rows = rows.map(|row| row.wrapping_add(at * STEP));
                        let [mut before, _] =
                            shared::<S, K, STEP>(neutral, rows, fresh + at * STEP);
                        while at < len {
                            let [joined, seen, next] = four::<S, K, STEP>(before, rows);
                            check = put(joined, at, S::seen(check, seen));
                            before = next;
                            rows = rows.map(|row| row.wrapping_add(4 * STEP));
                            at += 4;
                        }
                    }
                }
                // Behind the last row they point nowhere and are not used.
                from = from.wrapping_add(self.down * in_w);
                to = to.wrapping_add(self.out_w);
            }
        }
        check.plus(edges_check)
    }

    /// Whether [`Band::by_rows`] may be called.
    pub fn is_wide(&self) -> bool {
        self.in_w >= WIDE && self.edges.is_empty() && self.inner.len().is_multiple_of(4)
    }

    /// [`Band::run`] for windows of 2 x 2 pixels side by side, one row of pixels after the other as they
    /// lie in memory. Of pixels that are in no cache, the processor fetches the next ones only then: a
    /// plane of 224 x 224 takes a third of the time.
    #[inline(never)]
    pub fn by_rows<S: Summary>(
        &self,
        summary: S,
        stack: Stack,
        pixels: &[f32],
        output: &mut [f32],
    ) -> F32x4 {
        self.assert_reach::<S, 2, 2>(summary, stack, pixels, output);
        assert!(self.is_wide());
        let mut check = F32x4::constant(0.0);
        for plane in 0..stack.planes {
            let pixels = &pixels[plane * stack.lens[0]..];
            let output = &mut output[plane * stack.lens[1]..];
            for row in 0..stack.rows {
                let upper = row * self.down * self.in_w + self.fresh;
                let to = row * self.out_w;
                // SAFETY: asserted above, as in `run`.
                unsafe {
                    for at in (0..self.out_w).step_by(4) {
                        let [joined, seen] = side_by_side::<S>(pixels, upper + 2 * at);
                        check = S::seen(check, seen);
                        joined.write_unchecked(output, to + at);
                    }
                    let lower = upper + self.in_w;
                    for at in (0..self.out_w).step_by(4) {
                        let [joined, seen] = side_by_side::<S>(pixels, lower + 2 * at);
                        let joined = S::join(F32x4::read_unchecked(output, to + at), joined);
                        let [done, checked] = summary.finish(S::seen(check, seen), joined, row, at);
                        done.write_unchecked(output, to + at);
                        check = checked;
                    }
                }
            }
        }
        check
    }

    fn assert_reach<S: Summary, const K: usize, const STEP: usize>(
        &self,
        summary: S,
        Stack { planes, rows, lens }: Stack,
        pixels: &[f32],
        output: &[f32],
    ) {
        let &Band { in_w, out_w, .. } = self;
        assert!(planes > 0 && rows > 0);
        let in_rows = (rows - 1) * self.down + K;
        assert!((planes - 1) * lens[0] + in_rows * in_w <= pixels.len());
        assert!((planes - 1) * lens[1] + rows * out_w <= output.len());
        let inner = &self.inner;
        assert!(inner.len() >= 4 && inner.end <= out_w);
        assert!(self.fresh + inner.len() * STEP <= in_w);
        let is_inside = |(col, cols): &(usize, Range<usize>)| *col < out_w && cols.end <= in_w;
        assert!(self.edges.iter().all(is_inside));
        assert!(summary.reaches(rows, out_w));
    }
}

/// From so many columns on, rows are worth to be read one after the other.
const WIDE: usize = 100;

/// All pixels, seen.
fn all_seen<S: Summary>(pixels: &[f32]) -> F32x4 {
    let (fours, rest) = pixels.as_chunks();
    let fours = fours.iter().map(F32x4::load);
    let rest = rest.iter().map(F32x4::splat);
    fours.chain(rest).fold(F32x4::constant(0.0), S::seen)
}

/// The pixels of columns `cols` in K rows, joined in each lane, and seen.
///
/// # Safety
/// K rows, `in_w` apart, reach from `from` to the last of these columns.
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
            // SAFETY: as promised.
            let pixel = unsafe { F32x4::splat(&*from.add(row * in_w + col)) };
            joined = S::join(joined, pixel);
            seen = S::seen(seen, pixel);
        }
    }
    [joined, seen]
}

/// Four positions whose first fresh columns are those of `rows`; `before` is what the four before
/// handed on, or [`shared`]. Then the fresh pixels, seen, and what to hand on to the next four.
///
/// # Safety
/// The K rows have `4 * STEP` columns.
#[inline(always)]
unsafe fn four<S: Summary, const K: usize, const STEP: usize>(
    before: F32x4,
    rows: Rows,
) -> [F32x4; 3] {
    // SAFETY: as promised.
    let columns =
        |at: usize| unsafe { columns::<S, K, STEP>(rows.map(|row| row.wrapping_add(at))) };
    let [first, seen] = columns(0);
    if STEP == 1 {
        let left = first.after(before, 1);
        let left = match K {
            3 => S::join(first.after(before, 2), left),
            _ => left,
        };
        return [S::join(left, first), seen, first];
    }
    let [next, next_seen] = columns(4);
    let (evens, odds) = (first.evens(next), first.odds(next));
    let joined = match K {
        3 => S::join(odds.after(before, 1), S::join(evens, odds)),
        _ => S::join(evens, odds),
    };
    [joined, S::seen(seen, next_seen), odds]
}

/// The columns that a position shares with the one before, in the last lanes, and their pixels, seen.
/// `fresh` columns, as far as they are shared, are left of `rows`; for others `neutral` stands.
///
/// # Safety
/// They are there, and so are the next ones up to the fourth.
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
    // SAFETY: as promised.
    let [first, seen] = unsafe { columns::<S, K, STEP>(rows.map(|row| row.wrapping_sub(inside))) };
    let last = match inside {
        1 => first.after(neutral, 3),
        _ => first.after(neutral, 2),
    };
    [last, seen]
}

/// Four columns of K rows, joined, and the last `STEP` rows seen: the others were seen before.
///
/// # Safety
/// The K rows have four columns.
#[inline(always)]
unsafe fn columns<S: Summary, const K: usize, const STEP: usize>(rows: Rows) -> [F32x4; 2] {
    // SAFETY: as promised.
    let row = |row: usize| F32x4::load(unsafe { &*rows[row].cast() });
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

/// The pairs of eight pixels from `at` on, joined, and the pixels seen.
///
/// # Safety
/// `at + 8` is at most the number of pixels.
#[inline(always)]
unsafe fn side_by_side<S: Summary>(pixels: &[f32], at: usize) -> [F32x4; 2] {
    // SAFETY: as promised.
    let [first, next] = [0, 4].map(|half| unsafe { F32x4::read_unchecked(pixels, at + half) });
    let joined = S::join(first.evens(next), first.odds(next));
    [joined, S::seen(first, next)]
}
