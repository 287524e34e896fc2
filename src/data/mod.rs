//! Where inputs come from: seeded random numbers, pictures, test patterns.

pub mod patterns;
pub mod picture;
pub mod rng;
