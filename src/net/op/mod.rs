//! What an operator of a network is: what it makes of shapes, and what it touches of its input.

pub mod cost;
pub mod footprint;
pub mod parameters;
mod join;
pub(in crate::net) mod output_shape;
pub(in crate::net) mod ranges;
pub mod shape;
pub(in crate::net) mod slice;
pub(crate) mod span;
pub(crate) mod window;
