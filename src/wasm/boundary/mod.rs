//! What every part of the interface reads, writes and refuses alike.

#![cfg_attr(
    not(all(
        feature = "kernel-lab",
        feature = "network-labs",
        feature = "operators"
    )),
    allow(
        dead_code,
        reason = "a part of the interface reads and writes fewer kinds of values"
    )
)]

pub(crate) mod js_error;
pub(crate) mod picture;
pub(crate) mod plain;
pub(crate) mod read;
pub(crate) mod tensor;
pub(crate) mod write;
