//! The matrix products of a dense layer, in `f32`.

mod backward;
mod forward;

pub(crate) use backward::{d_input, d_weights};
pub(crate) use forward::dense;
