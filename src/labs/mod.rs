//! What each lab of the page shows for its settings: plain functions from a picture and a spec
//! to numbers and pixels.

mod csv;
mod inspection;
pub mod kernel_lab;
pub mod pooling_lab;
mod pytorch;
pub mod receptive_field_lab;
#[cfg(test)]
mod testing;

pub use inspection::Inspection;

use crate::error::{Error, Result};

/// Checks that `got` is an index of something with `extent` places.
///
/// # Errors
/// [`Error::OutOfRange`] naming `argument`.
fn check_index(
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
