//! Training: optimisers, schedules, regularisation, initialisers.
//!
//! Where libraries differ, PyTorch is followed; each item says how the others do it.

mod check;
mod rule;
pub mod sgd;
pub mod adagrad;
pub mod rmsprop;
pub mod adadelta;
pub mod adam;
pub mod adamax;
pub mod nadam;
pub mod regularization;
pub mod optimizer;
pub mod trainer;
pub mod clipping;
pub mod plateau;
pub mod schedule;
mod fans;
mod orthogonal;
pub mod initialiser;
