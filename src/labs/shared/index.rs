//! Indices that a caller names.

use crate::error::{Error, Result};

/// Checks that `got` is an index of something with `extent` places.
///
/// # Errors
/// [`Error::OutOfRange`] naming `argument`.
pub(in crate::labs) fn check_index(
    operator: &'static str,
    argument: &'static str,
    got: usize,
    extent: usize,
) -> Result<()> {
    if got < extent {
        return Ok(());
    }
    Err(Error::OutOfRange {
        operator,
        argument,
        min: 0.0,
        max: extent.saturating_sub(1) as f64,
        got: got as f64,
    })
}
