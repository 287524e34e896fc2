//! Training: optimisers, schedules, regularisation, losses, and the trainer that takes the steps.
//!
//! Where libraries differ, PyTorch is followed; each item says how the others do it.

pub mod clipping;
pub mod loss;
pub mod named;
pub mod optimizer;
pub mod regularization;
pub mod rules;
pub mod schedule;
pub mod trainer;
