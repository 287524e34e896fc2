//! What weights are before anything is learned.

mod fans;
pub mod initializer;
mod orthogonal;
