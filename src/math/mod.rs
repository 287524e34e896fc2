//! The numbers that operators compute with, and functions of them that give the same bits everywhere.

pub(crate) mod arrays;
pub mod elementary;
pub mod real;
