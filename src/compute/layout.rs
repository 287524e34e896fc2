//! Between arrays and plain slices.

use std::borrow::Cow;
use std::ops::Range;

use ndarray::ArrayView4;

/// The values of `array` in row-major order, copied only if they are stored otherwise.
pub(crate) fn row_major<F: Clone>(array: ArrayView4<'_, F>) -> Cow<'_, [F]> {
    match array.to_slice() {
        Some(values) => Cow::Borrowed(values),
        None => Cow::Owned(array.iter().cloned().collect()),
    }
}

/// Where plane `idx` of `len` values stands among planes stored one after the other.
pub(crate) const fn block(idx: usize, len: usize) -> Range<usize> {
    idx * len..(idx + 1) * len
}
