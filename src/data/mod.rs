//! Sources of inputs: pictures, test patterns and seeded random numbers.

pub mod patterns;
pub mod picture;
pub mod rng;
