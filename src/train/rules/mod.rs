//! How each optimiser moves a parameter.

pub mod adadelta;
pub mod adagrad;
pub mod adam;
pub mod adamax;
pub mod nadam;
pub mod rmsprop;
pub(crate) mod rule;
pub mod sgd;
