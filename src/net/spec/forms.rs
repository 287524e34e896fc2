//! The short forms in which a spec may be written, each read into one full form.

use serde::de::{Deserializer, Error};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use crate::window::{Padding, Sides};

pub fn one() -> usize {
    1
}

pub fn ones() -> [usize; 2] {
    [1, 1]
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

/// `[rows, columns]`, or one number for both.
pub mod pair {
    use super::*;

    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a whole number or [rows, columns]")]
    enum Form {
        Both(usize),
        Each([usize; 2]),
    }

    pub fn serialize<S: Serializer>(pair: &[usize; 2], to: S) -> Result<S::Ok, S::Error> {
        pair.serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[usize; 2], D::Error> {
        Ok(match Form::deserialize(from)? {
            Form::Both(extent) => [extent; 2],
            Form::Each(pair) => pair,
        })
    }
}

/// As [`pair`], present.
pub mod optional_pair {
    use super::*;

    pub fn serialize<S: Serializer>(pair: &Option<[usize; 2]>, to: S) -> Result<S::Ok, S::Error> {
        pair.serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Option<[usize; 2]>, D::Error> {
        super::pair::deserialize(from).map(Some)
    }
}

/// A number, `[rows, columns]` or `[top, left, bottom, right]`.
#[derive(Deserialize)]
#[serde(
    untagged,
    expecting = "a whole number, [rows, columns] or [top, left, bottom, right]"
)]
enum SidesForm {
    All(usize),
    Each([usize; 2]),
    Sides([usize; 4]),
}

impl From<SidesForm> for Sides {
    fn from(form: SidesForm) -> Sides {
        let [top, left, bottom, right] = match form {
            SidesForm::All(extent) => [extent; 4],
            SidesForm::Each([rows, cols]) => [rows, cols, rows, cols],
            SidesForm::Sides(sides) => sides,
        };
        Sides {
            top,
            left,
            bottom,
            right,
        }
    }
}

/// Padding per side.
pub mod sides {
    use super::*;

    pub fn serialize<S: Serializer>(sides: &Sides, to: S) -> Result<S::Ok, S::Error> {
        [sides.top, sides.left, sides.bottom, sides.right].serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Sides, D::Error> {
        SidesForm::deserialize(from).map(Sides::from)
    }
}

/// Padding by name or per side.
pub mod padding {
    use super::*;

    #[derive(Deserialize)]
    #[serde(
        untagged,
        expecting = "valid, same, full, a whole number, [rows, columns] or [top, left, bottom, right]"
    )]
    enum Form {
        Name(String),
        Sides(SidesForm),
    }

    pub fn serialize<S: Serializer>(padding: &Padding, to: S) -> Result<S::Ok, S::Error> {
        match padding {
            Padding::Valid => "valid".serialize(to),
            Padding::Same => "same".serialize(to),
            Padding::Full => "full".serialize(to),
            Padding::Explicit(sides) => super::sides::serialize(sides, to),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Padding, D::Error> {
        match Form::deserialize(from)? {
            Form::Name(name) => match name.as_str() {
                "valid" => Ok(Padding::Valid),
                "same" => Ok(Padding::Same),
                "full" => Ok(Padding::Full),
                _ => Err(D::Error::unknown_variant(&name, &["valid", "same", "full"])),
            },
            Form::Sides(sides) => Ok(Padding::Explicit(sides.into())),
        }
    }
}
