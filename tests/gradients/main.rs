//! Every backward pass against finite differences of its forward pass, in `f64`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in its helpers"
)]

mod check;
mod draw;
mod losses;
mod norms;
mod pointwise;
mod windows;
