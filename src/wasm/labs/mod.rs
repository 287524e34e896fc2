//! The labs as JavaScript objects, one file each.

#[cfg(feature = "channels-lab")]
mod channels;
#[cfg(feature = "kernel-lab")]
mod kernel;
#[cfg(feature = "networks-lab")]
mod networks;
#[cfg(feature = "pooling-lab")]
mod pooling;
#[cfg(feature = "receptive-field-lab")]
mod receptive_field;
#[cfg_attr(
    not(any(
        feature = "channels-lab",
        feature = "kernel-lab",
        feature = "pooling-lab"
    )),
    allow(dead_code, reason = "the other labs show no map of values")
)]
mod shared;
#[cfg(feature = "training-lab")]
mod training;
