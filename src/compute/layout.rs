//! Arrays as plain slices.

use std::borrow::Cow;
use std::ops::Range;

use ndarray::ArrayView4;

/// The values of `array` in row-major order, copied only if they are stored in another order.
pub(crate) fn row_major<F: Clone>(array: ArrayView4<'_, F>) -> Cow<'_, [F]> {
    match array.to_slice() {
        Some(values) => Cow::Borrowed(values),
        None => Cow::Owned(array.iter().cloned().collect()),
    }
}

/// The index range of block `idx` among blocks of `len` values stored one after the other.
pub(crate) const fn block(idx: usize, len: usize) -> Range<usize> {
    idx * len..(idx + 1) * len
}

/// Number of positions in a plane of `[rows, columns]`.
pub(crate) const fn area([rows, cols]: [usize; 2]) -> usize {
    rows * cols
}
