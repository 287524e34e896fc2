//! The operators against results that other libraries computed (`tests/data/truth/`).
//!
//! # Tolerance
//! A sum of n rounded products differs from the exact one by at most n · ε · Σ|product| (Higham,
//! Accuracy and Stability of Numerical Algorithms, section 3.1). Each comparison computes this bound
//! for every value, from the same operator on absolute inputs; none is chosen. PyTorch computed in
//! `f64`, so its cases are run twice: in `f32`, which ships, and in `f64` with the ε of `f64`.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in its helpers"
)]

mod onnx_pointwise;
mod onnx_windows;
mod rounding;
mod tally;
mod torch_losses;
mod torch_norms;
mod torch_pointwise;
mod torch_windows;
mod truth;
