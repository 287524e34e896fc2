//! Sources of inputs: pictures, test patterns, labelled examples and seeded random numbers.

pub mod digits;
pub mod examples;
pub mod generated;
pub mod patterns;
pub mod picture;
pub mod rng;
