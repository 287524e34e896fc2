//! Indices given by a caller.

use crate::error::{Error, Result};

/// Checks that `got` is an index of something with `len` elements.
///
/// # Errors
/// [`Error::OutOfRange`] naming `argument`.
pub(in crate::labs) fn check_index(
    operator: &'static str,
    argument: &'static str,
    got: usize,
    len: usize,
) -> Result<()> {
    if got < len {
        return Ok(());
    }
    Err(Error::OutOfRange {
        operator,
        argument,
        min: 0.0,
        max: len.saturating_sub(1) as f64,
        got: got as f64,
    })
}
