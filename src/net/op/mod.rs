//! What an operator of a network is: what it makes of shapes, and what it touches of its input.

pub mod cost;
pub mod footprint;
pub mod parameters;
pub(in crate::net) mod output_shape;
pub mod shape;
pub(in crate::net) mod slice;
pub(crate) mod span;
pub(crate) mod window;
