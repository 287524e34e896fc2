//! Consecutive rows of positions whose windows lie within the rows of the input.

#![allow(
    unsafe_code,
    reason = "bounds of the innermost loops are checked once before them"
)]

use std::array::from_fn;
use std::ops::Range;

use crate::compute::pooling::reduction::Reduction;
use crate::compute::simd::F32x4;

/// The layout of windows of K x K pixels (K is 2 or 3) at positions `STEP` columns apart (1 or 2).
///
/// Neighbouring windows share K - `STEP` columns, so each position has `STEP` new ones.
#[derive(Clone, Debug)]
pub(super) struct Band {
    /// Columns of the input, at least 4.
    pub in_w: usize,
    pub out_w: usize,
    /// Input rows between neighbouring rows of positions.
    pub row_step: usize,
    /// The positions whose new columns all lie inside the input, at least four of them.
    pub inner: Range<usize>,
    /// The first new column of the first inner position.
    pub first_new: usize,
    /// The other positions, and the input columns under each.
    pub edges: Vec<(usize, Range<usize>)>,
}

/// The same rows of consecutive planes.
#[derive(Clone, Copy)]
pub(super) struct Stack {
    pub planes: usize,
    /// Rows of positions in each plane.
    pub rows: usize,
    /// Distance between planes, in the input and in the output.
    pub lens: [usize; 2],
}

/// Pointers into K consecutive rows; K is at most three.
type Rows = [*const f32; 3];

impl Band {
    /// Reduces the windows over `pixels` with `reduction`. `pixels` starts at the first row under
    /// the first row of positions. Only to the left of the input may a window extend past it.
    ///
    /// Returns the check value for [`Reduction::is_valid`].
    ///
    /// # Panics
    /// If `pixels`, `output` or the divisors of `reduction` end before the last window.
    #[inline(never)]
    pub fn run<S: Reduction, const K: usize, const STEP: usize>(
        &self,
        reduction: S,
        stack: Stack,
        pixels: &[f32],
        output: &mut [f32],
    ) -> F32x4 {
        self.assert_bounds::<S, K, STEP>(reduction, stack, pixels, output);
        let &Band {
            in_w, first_new, ..
        } = self;
        let (start, len) = (self.inner.start, self.inner.len());
        let edges = &self.edges[..];
        let identity = F32x4::constant(S::IDENTITY);
        let [mut check, mut edges_check] = [F32x4::constant(0.0); 2];
        // The first four positions overlap the next four unless the length is a multiple of four.
        let second = (len - 1) % 4 + 1;
        for plane in 0..stack.planes {
            let pixels = &pixels[plane * stack.lens[0]..];
            check = check.plus(observe_all::<S>(&pixels[..(K - STEP) * in_w]));
            let mut from = pixels.as_ptr();
            let mut to = output[plane * stack.lens[1]..].as_mut_ptr();
            for row in 0..stack.rows {
                // SAFETY: asserted above: the last window ends within the pixels, the last position
                // is within the output, and the reduction covers all positions.
                unsafe {
                    for (col, cols) in edges {
                        let [combined, observed] = reduce_columns::<S, K>(from, in_w, cols.clone());
                        let check = S::observe(edges_check, observed);
                        let [done, check] = reduction.finish(check, combined, row, *col);
                        *to.add(*col) = done.to_array()[0];
                        edges_check = check;
                    }
                    let put = |combined: F32x4, at: usize, check: F32x4| {
                        let [done, check] = reduction.finish(check, combined, row, start + at);
                        done.store(&mut *to.add(start + at).cast());
                        check
                    };
                    let mut rows: Rows = from_fn(|row| from.wrapping_add(row * in_w + first_new));
                    let [carry, observed] = carried::<S, K, STEP>(identity, rows, first_new);
                    check = S::observe(check, observed);
                    let [combined, observed, _] = reduce_four::<S, K, STEP>(carry, rows);
                    check = put(combined, 0, S::observe(check, observed));
                    let mut at = second;
                    if at < len {
                        rows = rows.map(|row| row.wrapping_add(at * STEP));
                        let [mut carry, _] =
                            carried::<S, K, STEP>(identity, rows, first_new + at * STEP);
                        while at < len {
                            let [combined, observed, next] = reduce_four::<S, K, STEP>(carry, rows);
                            check = put(combined, at, S::observe(check, observed));
                            carry = next;
                            rows = rows.map(|row| row.wrapping_add(4 * STEP));
                            at += 4;
                        }
                    }
                }
                // After the last row the pointers are dangling and unused.
                from = from.wrapping_add(self.row_step * in_w);
                to = to.wrapping_add(self.out_w);
            }
        }
        check.plus(edges_check)
    }

    /// Whether [`Band::by_rows`] may be called.
    pub fn is_wide(&self) -> bool {
        self.in_w >= WIDE && self.edges.is_empty() && self.inner.len().is_multiple_of(4)
    }

    /// [`Band::run`] for adjacent 2 x 2 windows. It reads one row of pixels after the other, in
    /// memory order, because only then does the processor prefetch well: 64 planes of 224 x 224,
    /// more than the L2 cache holds, take a third of the time.
    #[inline(never)]
    pub fn by_rows<S: Reduction>(
        &self,
        reduction: S,
        stack: Stack,
        pixels: &[f32],
        output: &mut [f32],
    ) -> F32x4 {
        self.assert_bounds::<S, 2, 2>(reduction, stack, pixels, output);
        assert!(self.is_wide());
        let mut check = F32x4::constant(0.0);
        for plane in 0..stack.planes {
            let pixels = &pixels[plane * stack.lens[0]..];
            let output = &mut output[plane * stack.lens[1]..];
            for row in 0..stack.rows {
                let upper = row * self.row_step * self.in_w + self.first_new;
                let to = row * self.out_w;
                // SAFETY: asserted above, as in `run`.
                unsafe {
                    for at in (0..self.out_w).step_by(4) {
                        let [combined, observed] = reduce_pairs::<S>(pixels, upper + 2 * at);
                        check = S::observe(check, observed);
                        combined.write_unchecked(output, to + at);
                    }
                    let lower = upper + self.in_w;
                    for at in (0..self.out_w).step_by(4) {
                        let [combined, observed] = reduce_pairs::<S>(pixels, lower + 2 * at);
                        let combined = S::combine(F32x4::read_unchecked(output, to + at), combined);
                        let [done, checked] =
                            reduction.finish(S::observe(check, observed), combined, row, at);
                        done.write_unchecked(output, to + at);
                        check = checked;
                    }
                }
            }
        }
        check
    }

    fn assert_bounds<S: Reduction, const K: usize, const STEP: usize>(
        &self,
        reduction: S,
        Stack { planes, rows, lens }: Stack,
        pixels: &[f32],
        output: &[f32],
    ) {
        let &Band { in_w, out_w, .. } = self;
        assert!(planes > 0 && rows > 0);
        let in_rows = (rows - 1) * self.row_step + K;
        assert!((planes - 1) * lens[0] + in_rows * in_w <= pixels.len());
        assert!((planes - 1) * lens[1] + rows * out_w <= output.len());
        let inner = &self.inner;
        assert!(inner.len() >= 4 && inner.end <= out_w);
        assert!(self.first_new + inner.len() * STEP <= in_w);
        let is_inside = |(col, cols): &(usize, Range<usize>)| *col < out_w && cols.end <= in_w;
        assert!(self.edges.iter().all(is_inside));
        assert!(reduction.covers(rows, out_w));
    }
}

/// Minimum number of columns at which a second pass over the row of positions pays off.
const WIDE: usize = 100;

/// The check value of all pixels.
fn observe_all<S: Reduction>(pixels: &[f32]) -> F32x4 {
    let (fours, rest) = pixels.as_chunks();
    let fours = fours.iter().map(F32x4::load);
    let rest = rest.iter().map(F32x4::splat);
    fours.chain(rest).fold(F32x4::constant(0.0), S::observe)
}

/// The reduction of columns `cols` in K rows, in every lane, and the pixels observed.
///
/// # Safety
/// K rows, `in_w` apart, must be readable from `from` to the last of these columns.
#[inline(always)]
unsafe fn reduce_columns<S: Reduction, const K: usize>(
    from: *const f32,
    in_w: usize,
    cols: Range<usize>,
) -> [F32x4; 2] {
    let mut combined = F32x4::constant(S::IDENTITY);
    let mut observed = F32x4::constant(0.0);
    for col in cols {
        for row in 0..K {
            // SAFETY: the caller guarantees it.
            let pixel = unsafe { F32x4::splat(&*from.add(row * in_w + col)) };
            combined = S::combine(combined, pixel);
            observed = S::observe(observed, pixel);
        }
    }
    [combined, observed]
}

/// Reduces four positions whose first new columns are those of `rows`. `carry` is the carry of the
/// four positions before, or [`carried`]. Returns the reduction, the new pixels observed, and the
/// carry for the next four.
///
/// # Safety
/// The K rows must have `4 * STEP` columns.
#[inline(always)]
unsafe fn reduce_four<S: Reduction, const K: usize, const STEP: usize>(
    carry: F32x4,
    rows: Rows,
) -> [F32x4; 3] {
    // SAFETY: the caller guarantees it.
    let columns =
        |at: usize| unsafe { reduce_rows::<S, K, STEP>(rows.map(|row| row.wrapping_add(at))) };
    let [first, observed] = columns(0);
    if STEP == 1 {
        let left = first.after(carry, 1);
        let left = match K {
            3 => S::combine(first.after(carry, 2), left),
            _ => left,
        };
        return [S::combine(left, first), observed, first];
    }
    let [next, next_observed] = columns(4);
    let (evens, odds) = (first.evens(next), first.odds(next));
    let combined = match K {
        3 => S::combine(odds.after(carry, 1), S::combine(evens, odds)),
        _ => S::combine(evens, odds),
    };
    [combined, S::observe(observed, next_observed), odds]
}

/// The carry for a first group of four: the columns that its first position shares with the one
/// before, reduced, in the last lanes, and their pixels observed. Of the `first_new` columns to the
/// left of `rows`, those that are shared are read; missing ones are replaced by `identity`.
///
/// # Safety
/// The shared columns and the ones after them, four in all, must be readable.
#[inline(always)]
unsafe fn carried<S: Reduction, const K: usize, const STEP: usize>(
    identity: F32x4,
    rows: Rows,
    first_new: usize,
) -> [F32x4; 2] {
    let inside = first_new.min(K - STEP);
    if inside == 0 {
        return [identity, F32x4::constant(0.0)];
    }
    // SAFETY: the caller guarantees it.
    let [first, observed] =
        unsafe { reduce_rows::<S, K, STEP>(rows.map(|row| row.wrapping_sub(inside))) };
    let last = match inside {
        1 => first.after(identity, 3),
        _ => first.after(identity, 2),
    };
    [last, observed]
}

/// Four columns reduced over K rows. Only the last `STEP` rows are observed: the others were
/// observed before.
///
/// # Safety
/// The K rows must have four columns.
#[inline(always)]
unsafe fn reduce_rows<S: Reduction, const K: usize, const STEP: usize>(rows: Rows) -> [F32x4; 2] {
    // SAFETY: the caller guarantees it.
    let row = |row: usize| F32x4::load(unsafe { &*rows[row].cast() });
    let mut combined = row(0);
    let mut observed = row(K - STEP);
    for cell in 1..K {
        combined = S::combine(combined, row(cell));
        if cell > K - STEP {
            observed = S::observe(observed, row(cell));
        }
    }
    [combined, observed]
}

/// Four adjacent pairs of pixels from `at` on, each reduced, and the pixels observed.
///
/// # Safety
/// `at + 8` must not exceed the number of pixels.
#[inline(always)]
unsafe fn reduce_pairs<S: Reduction>(pixels: &[f32], at: usize) -> [F32x4; 2] {
    // SAFETY: the caller guarantees it.
    let [first, next] = [0, 4].map(|half| unsafe { F32x4::read_unchecked(pixels, at + half) });
    let combined = S::combine(first.evens(next), first.odds(next));
    [combined, S::observe(first, next)]
}
