//! What each lab of the page shows for its settings: plain functions from a picture and a spec
//! to numbers and pixels.

mod csv;
mod inspection;
pub mod kernel_lab;
mod pytorch;
#[cfg(test)]
mod testing;

pub use inspection::Inspection;
