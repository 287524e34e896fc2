//! What an operator is: its shapes, its parameters, its cost, what it touches of its input, and its
//! options as data.
//!
//! A file for each question, with one arm for each operator. None of these matches has a default, so
//! that a new operator does not compile before every question is answered; see
//! `docs/adding-an-operator.md`.

pub mod cost;
pub mod footprint;
mod join;
pub(in crate::net) mod output_shape;
pub mod parameters;
pub(in crate::net) mod ranges;
pub mod schema;
pub mod shape;
pub(in crate::net) mod slice;
pub(crate) mod span;
pub(crate) mod window;

pub use schema::schema;
