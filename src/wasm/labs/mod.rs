//! The labs as JavaScript objects, one file each.

#[cfg(feature = "kernel-lab")]
mod kernel;
#[cfg(feature = "network-labs")]
mod pooling;
#[cfg(feature = "network-labs")]
mod receptive_field;
mod shared;
