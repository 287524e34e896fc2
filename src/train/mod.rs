//! Training: optimisers, schedules, regularisation, initialisers.
//!
//! Where libraries differ, PyTorch is followed; each item says how the others do it.

pub mod clipping;
pub mod optimizer;
pub mod regularization;
pub mod rules;
pub mod schedule;
pub mod trainer;
