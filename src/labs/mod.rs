//! The labs of the page: pure functions from a picture or network and a spec to numbers and pixels,
//! and networks that learn.

pub mod channels;
pub mod kernel;
pub mod networks;
pub mod pooling;
pub mod receptive_field;
mod shared;
pub mod training;
