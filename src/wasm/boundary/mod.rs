//! What every part of the interface reads, writes and refuses alike.

pub(crate) mod js_error;
#[cfg_attr(
    not(feature = "operators"),
    allow(dead_code, reason = "a part of the engine reads fewer kinds of values")
)]
pub(crate) mod read;
#[cfg(feature = "operators")]
pub(crate) mod tensor;
#[cfg_attr(
    not(all(feature = "kernel-lab", feature = "operators")),
    allow(
        dead_code,
        reason = "a part of the engine writes fewer kinds of values"
    )
)]
pub(crate) mod write;
