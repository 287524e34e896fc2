//! Networks that run: against PyTorch (`tests/data/truth/torch_nets.json`), against finite
//! differences, parts of them against the whole, and training with its options.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in its helpers"
)]

mod planned;
mod differences;
mod draw;
mod effective;
mod parts;
mod torch;
mod training;
mod training_options;
