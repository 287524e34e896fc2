//! Refusals that several parts of `net` share.

use std::fmt::Display;

use crate::error::{self, Error};

/// `reason`, and the layer whose operator gave it.
pub(crate) fn in_layer(operator: &'static str, id: &str, reason: Error) -> Error {
    Error::Layer {
        operator,
        layer: shortened(id),
        reason: Box::new(reason),
    }
}

/// The refusal of a network whose input must have a height and a width; `got` is a shape without.
pub(crate) fn size_not_given(operator: &'static str, got: impl Display) -> Error {
    Error::ShapeMismatch {
        operator,
        argument: "input",
        expected: "a given height and width".into(),
        got: got.to_string(),
    }
}

/// The refusal of an id that no layer has.
pub(crate) fn unknown_layer(operator: &'static str, id: &str) -> Error {
    Error::LayerUnknown {
        operator,
        input: shortened(id),
    }
}

/// An id or another name as errors quote it.
pub(crate) fn shortened(id: &str) -> String {
    error::shortened(id, 60)
}
