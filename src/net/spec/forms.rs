//! The short forms in which a spec may be written, each read into one full form.

use serde::de::Deserializer;
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

pub use crate::window::forms::{ones, optional_pair, padding, pair, sides};

pub fn one() -> usize {
    1
}

pub fn two() -> f64 {
    2.0
}

pub fn yes() -> bool {
    true
}

/// PyTorch's.
pub fn epsilon() -> f64 {
    1e-5
}

/// A name or several.
pub mod names {
    use super::*;

    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a name or an array of names")]
    enum Form {
        One(String),
        Several(Vec<String>),
    }

    pub fn serialize<S: Serializer>(names: &[String], to: S) -> Result<S::Ok, S::Error> {
        names.serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
        Ok(match Form::deserialize(from)? {
            Form::One(name) => vec![name],
            Form::Several(names) => names,
        })
    }
}
