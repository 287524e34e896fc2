//! One plane of an in-place convolution, four columns at a time.

#![allow(
    unsafe_code,
    reason = "where the windows are is checked once, before all planes"
)]

use crate::compute::convolution::Geometry;
use crate::compute::convolution::in_place::{InPlace, LANES};
use crate::compute::layout::area;
use crate::compute::simd::F32x4;

/// One input plane and what it is convolved with, each number in all four lanes.
pub(super) struct Plane<'a> {
    pub layout: &'a InPlace,
    /// The pixels of the input.
    pub values: &'a [f32],
    /// As many zeros as a row of the input has values.
    pub zeros: &'a [f32],
    pub weights: [F32x4; 9],
    /// The bias, and the lower and upper bound of the clamp.
    pub epilogue: [F32x4; 3],
}

impl Plane<'_> {
    /// Fills the output in strips of four columns, reading each input row once per strip.
    // Not inlined, so that the weights stay in registers.
    #[inline(never)]
    pub fn follow_columns<const STEP: usize, const CLAMPED: bool>(&self, output: &mut [f32]) {
        self.check(output);
        let [_, out_w] = self.layout.geometry.output;
        let [_, right] = self.layout.overhang;
        let left = self.layout.geometry.padding.left == 1;
        let last = out_w - LANES;
        let inner = if right { last } else { out_w };
        let mut col = 0;
        // SAFETY: no strip starts after `last`. The first touches the left edge and the last the
        // right one, as the layout says, and no window extends further.
        unsafe {
            if left {
                self.strip::<STEP, CLAMPED, true, false>(col, output);
                col += LANES;
            }
            while col < inner {
                // The last strip overlaps the one before.
                self.strip::<STEP, CLAMPED, false, false>(col.min(last), output);
                col += LANES;
            }
            if right {
                self.strip::<STEP, CLAMPED, false, true>(last, output);
            }
        }
    }

    /// Fills four columns from top to bottom. At stride 1 each input row is the third row of one
    /// window, the second of the next and the first of the one after; at stride 2 every other row
    /// is the third row of one window and the first of the next.
    ///
    /// # Safety
    /// The strip must lie within the output, and its windows within the padded plane; `LEFT` and
    /// `RIGHT` as in [`cells`].
    #[inline(always)]
    unsafe fn strip<const STEP: usize, const CLAMPED: bool, const LEFT: bool, const RIGHT: bool>(
        &self,
        col: usize,
        output: &mut [f32],
    ) {
        let Geometry {
            input: [_, in_w],
            output: [out_h, out_w],
            padding,
            ..
        } = self.layout.geometry;
        let [below, _] = self.layout.overhang;
        let weights = self.weights;
        let zeros_outside = [F32x4::constant(0.0); 3];
        // SAFETY: reads only the rows of the plane that the windows cover, and fills as many rows
        // as the output has.
        unsafe {
            let start = if LEFT { 0 } else { col * STEP - padding.left };
            let mut from = self.values.as_ptr().add(start);
            let mut next_row = || {
                let cells = cells::<STEP, LEFT, RIGHT>(from);
                // After the last row the pointer is dangling and unused.
                from = from.wrapping_add(in_w);
                cells
            };
            let mut to = output.as_mut_ptr().add(col);
            let mut finish = |sum: F32x4| {
                self.finished::<CLAMPED>(sum).store(&mut *to.cast());
                to = to.wrapping_add(out_w);
            };
            let above = padding.top == 1;
            let mut sum = first_row(&weights, if above { zeros_outside } else { next_row() });
            let inside = out_h - usize::from(below);
            if STEP == 1 {
                let row = next_row();
                sum = add_row::<1>(sum, &weights, row);
                let mut following = first_row(&weights, row);
                for _ in 0..inside {
                    let row = next_row();
                    finish(add_row::<2>(sum, &weights, row));
                    sum = add_row::<1>(following, &weights, row);
                    following = first_row(&weights, row);
                }
            } else {
                for _ in 0..inside {
                    sum = add_row::<1>(sum, &weights, next_row());
                    let row = next_row();
                    finish(add_row::<2>(sum, &weights, row));
                    sum = first_row(&weights, row);
                }
                if below {
                    sum = add_row::<1>(sum, &weights, next_row());
                }
            }
            if below {
                finish(add_row::<2>(sum, &weights, zeros_outside));
            }
        }
    }

    /// Fills the output row by row, at stride 1.
    #[inline(never)]
    pub fn follow_rows<const CLAMPED: bool>(&self, output: &mut [f32]) {
        self.check(output);
        let Geometry {
            input: [in_h, in_w],
            output: [out_h, out_w],
            padding,
            ..
        } = self.layout.geometry;
        let [_, right] = self.layout.overhang;
        let last = out_w - LANES;
        for row in 0..out_h {
            let row_at = |cell: usize| match (row + cell).wrapping_sub(padding.top) {
                row if row < in_h => self.values[row * in_w..][..in_w].as_ptr(),
                _ => self.zeros[..in_w].as_ptr(),
            };
            let rows = [row_at(0), row_at(1), row_at(2)];
            let to = output[row * out_w..][..out_w].as_mut_ptr();
            let mut col = 0;
            // SAFETY: as above; rows of the input and of zeros have the same length.
            unsafe {
                if padding.left == 1 {
                    self.four::<CLAMPED, true, false>(rows, to);
                    col += LANES;
                }
                while col < last {
                    self.four::<CLAMPED, false, false>(
                        rows.map(|row| row.add(col - padding.left)),
                        to.add(col),
                    );
                    col += LANES;
                }
                let rows = rows.map(|row| row.add(last - padding.left));
                match right {
                    true => self.four::<CLAMPED, false, true>(rows, to.add(last)),
                    false => self.four::<CLAMPED, false, false>(rows, to.add(last)),
                }
            }
        }
    }

    /// Fills four columns of one row, at stride 1.
    ///
    /// # Safety
    /// As for [`cells`], and `to` must have room for four values.
    #[inline(always)]
    unsafe fn four<const CLAMPED: bool, const LEFT: bool, const RIGHT: bool>(
        &self,
        rows: [*const f32; 3],
        to: *mut f32,
    ) {
        let weights = self.weights;
        // SAFETY: the caller guarantees it.
        unsafe {
            let sum = first_row(&weights, cells::<1, LEFT, RIGHT>(rows[0]));
            let sum = add_row::<1>(sum, &weights, cells::<1, LEFT, RIGHT>(rows[1]));
            let sum = add_row::<2>(sum, &weights, cells::<1, LEFT, RIGHT>(rows[2]));
            self.finished::<CLAMPED>(sum).store(&mut *to.cast());
        }
    }

    /// Asserts that all slices have the lengths of the layout.
    #[inline(always)]
    fn check(&self, output: &[f32]) {
        let Geometry {
            input, output: out, ..
        } = self.layout.geometry;
        assert!(self.values.len() == area(input) && self.zeros.len() == input[1]);
        assert!(output.len() == area(out));
    }

    #[inline(always)]
    fn finished<const CLAMPED: bool>(&self, sum: F32x4) -> F32x4 {
        let [bias, least, greatest] = self.epilogue;
        match CLAMPED {
            true => sum.plus(bias).or_greater(least).or_less(greatest),
            false => sum.plus(bias),
        }
    }
}

/// The sum of products with the first kernel row.
#[inline(always)]
fn first_row(weights: &[F32x4; 9], cells: [F32x4; 3]) -> F32x4 {
    let sum = cells[0].times(weights[0]);
    let sum = sum.add_product(cells[1], weights[1]);
    sum.add_product(cells[2], weights[2])
}

/// Adds the products with another kernel row.
#[inline(always)]
fn add_row<const ROW: usize>(sum: F32x4, weights: &[F32x4; 9], cells: [F32x4; 3]) -> F32x4 {
    let sum = sum.add_product(cells[0], weights[3 * ROW]);
    let sum = sum.add_product(cells[1], weights[3 * ROW + 1]);
    sum.add_product(cells[2], weights[3 * ROW + 2])
}

/// The values of one row under each of the three kernel columns, for four neighbouring windows.
/// `row` points to the start of the first window or, at the `LEFT` edge, to the column after that,
/// which is the first of the row. At the `RIGHT` edge the last window ends one column past the row.
///
/// # Safety
/// All other columns under the windows must be readable.
#[inline(always)]
unsafe fn cells<const STEP: usize, const LEFT: bool, const RIGHT: bool>(
    row: *const f32,
) -> [F32x4; 3] {
    let second = if LEFT { row } else { row.wrapping_add(1) };
    // SAFETY: the caller guarantees it. The windows end `3 * STEP + 1` columns after the second
    // column.
    let read = |at: usize| unsafe { F32x4::load(&*second.add(at).cast()) };
    let zero = F32x4::constant(0.0);
    if STEP == 1 {
        let middle = read(0);
        let left = match LEFT {
            true => middle.after(zero, 1),
            // SAFETY: as above.
            false => unsafe { F32x4::load(&*row.cast()) },
        };
        let right = if RIGHT {
            zero.after(middle, 3)
        } else {
            read(1)
        };
        return [left, middle, right];
    }
    let first = read(0);
    let next = if RIGHT {
        zero.after(read(3), 3)
    } else {
        read(4)
    };
    let before = match LEFT {
        true => zero,
        // SAFETY: as above.
        false => F32x4::splat(unsafe { &*row }),
    };
    let right = first.odds(next);
    [right.after(before, 1), first.evens(next), right]
}
