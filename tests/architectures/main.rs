//! The zoo against published tables: shapes, parameters, multiply-adds and receptive fields.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in its helpers"
)]

mod document;
mod end_points;
mod figures;
mod layers;
mod measured;
mod onnx;
mod specs;
mod summary;
mod truth;
