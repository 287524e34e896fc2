//! The numbers that operators compute with, and functions that give the same bits on every
//! platform.

pub(crate) mod arrays;
pub mod elementary;
pub mod real;
