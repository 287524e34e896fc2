//! What each lab of the page shows for its settings: plain functions from a picture and a spec
//! to numbers and pixels.

pub mod kernel;
pub mod pooling;
pub mod receptive_field;
mod shared;
