//! The training lab: a small network that learns, step by step, and what is inside it.

pub mod facts;
pub mod gallery;
pub mod inside;
mod measured;
mod network;
pub mod run;
pub mod sketch;
pub mod slowly;
pub mod spec;
pub mod spread;
#[cfg(test)]
mod tests;

pub use facts::Facts;
pub use inside::{Inside, LayerState, Mistake};
pub use run::{Record, Run};
pub use spec::{RateChange, RunSpec};
pub use spread::Spread;
