//! What every part of the interface reads, writes and refuses alike.

#![cfg_attr(
    not(all(
        feature = "channels-lab",
        feature = "kernel-lab",
        feature = "networks-lab",
        feature = "pooling-lab",
        feature = "receptive-field-lab",
        feature = "training-lab",
        feature = "operators"
    )),
    allow(dead_code, reason = "a package reads and writes fewer kinds of values")
)]

pub(crate) mod js_error;
pub(crate) mod picture;
pub(crate) mod plain;
pub(crate) mod read;
pub(crate) mod rendered;
pub(crate) mod tagged;
pub(crate) mod tensor;
pub(crate) mod write;
