//! Pooling: one value for the pixels under each position of a window.
//!
//! `exact.rs` works for any number type and any window and also returns the argmax;
//! `small_window.rs` is the fast path for `f32` and the windows that networks use, with its inner
//! loops in `band.rs`, and in `argmax.rs` where indices are needed; `whole.rs` takes the mean of
//! whole planes.

mod argmax;
mod band;
mod divisors;
mod exact;
mod reduction;
mod small_window;
mod whole;

pub(crate) use divisors::Divisors;
pub(crate) use exact::Pooling;
pub(crate) use small_window::SmallWindow;
pub(crate) use whole::{means, means_in_f32};
