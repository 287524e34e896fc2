//! Pooling: one value for the pixels under each position of a window.
//!
//! `exact.rs` does it for any numbers and any window, and says where the maxima are; `planes.rs` for
//! `f32` and the windows that networks use, with `band.rs` as its inner loops and `places.rs` where
//! indices are asked for; `whole.rs` takes the mean of whole planes.

mod band;
mod divisors;
mod exact;
mod places;
mod planes;
mod summary;
mod whole;

pub(crate) use divisors::Divisors;
pub(crate) use exact::Pooling;
pub(crate) use planes::Planes;
pub(crate) use whole::{means, means_in_f32};
