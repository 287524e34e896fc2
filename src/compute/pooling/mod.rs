//! Pooling: one value for the pixels under each position of a window.
//!
//! `exact.rs` does it for any numbers and any window, and says where the maxima are; `planes.rs` for
//! `f32` and the windows that networks use, at the speed of memory.

mod divisors;
mod exact;
mod line;
mod planes;
mod summary;

pub(crate) use divisors::Divisors;
pub(crate) use exact::Pooling;
pub(crate) use planes::Planes;
