//! Receptive fields against published and measured ones (`tests/data/truth/rf_*.json`), and against
//! dependencies traced pixel by pixel.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in its helpers"
)]

mod draw;
mod trace;
mod traced;
mod truth;
