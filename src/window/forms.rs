//! The short forms in which plain data may write extents and padding, each read into one full form.

use std::fmt;

use serde::de::value::MapAccessDeserializer;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde::ser::Serializer;
use serde::{Deserialize, Serialize};

use super::{Padding, Sides};

/// The default of a stride or dilation.
pub fn ones() -> [usize; 2] {
    [1, 1]
}

/// `[rows, columns]`, or one number for both.
pub mod pair {
    use super::*;

    const EXPECTED: &str = "a whole number or [rows, columns]";

    pub fn serialize<S: Serializer>(pair: &[usize; 2], to: S) -> Result<S::Ok, S::Error> {
        pair.serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<[usize; 2], D::Error> {
        let pair = match Form::read(from, EXPECTED)? {
            Form::Number(extent) => Some([extent; 2]),
            Form::List(extents) => extents.try_into().ok(),
            Form::Name(_) | Form::Sides(_) => None,
        };
        pair.ok_or_else(|| D::Error::custom(EXPECTED))
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

/// Padding per side.
pub mod sides {
    use super::*;

    const EXPECTED: &str = "a whole number, [rows, columns], [top, left, bottom, right] or { top, left, bottom, right }";

    pub fn serialize<S: Serializer>(sides: &Sides, to: S) -> Result<S::Ok, S::Error> {
        [sides.top, sides.left, sides.bottom, sides.right].serialize(to)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Sides, D::Error> {
        let sides = Form::read(from, EXPECTED)?.sides();
        sides.ok_or_else(|| D::Error::custom(EXPECTED))
    }
}

/// Padding by name or per side.
pub mod padding {
    use super::*;

    const EXPECTED: &str = "valid, same, full, a whole number, [rows, columns], \
                            [top, left, bottom, right] or { top, left, bottom, right }";

    pub fn serialize<S: Serializer>(padding: &Padding, to: S) -> Result<S::Ok, S::Error> {
        match padding {
            Padding::Valid => "valid".serialize(to),
            Padding::Same => "same".serialize(to),
            Padding::Full => "full".serialize(to),
            Padding::Explicit(sides) => super::sides::serialize(sides, to),
        }
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Padding, D::Error> {
        match Form::read(from, EXPECTED)? {
            Form::Name(name) => match &name[..] {
                "valid" => Ok(Padding::Valid),
                "same" => Ok(Padding::Same),
                "full" => Ok(Padding::Full),
                _ => Err(D::Error::unknown_variant(&name, &["valid", "same", "full"])),
            },
            form => {
                let sides = form.sides().map(Padding::Explicit);
                sides.ok_or_else(|| D::Error::custom(EXPECTED))
            }
        }
    }
}

/// What any of these may be written as.
enum Form {
    Name(String),
    Number(usize),
    List(Vec<usize>),
    Sides(Sides),
}

impl Form {
    fn read<'de, D: Deserializer<'de>>(from: D, expected: &'static str) -> Result<Form, D::Error> {
        from.deserialize_any(FormVisitor { expected })
    }

    /// Padding per side; `None` if this cannot say it.
    fn sides(self) -> Option<Sides> {
        let [top, left, bottom, right] = match self {
            Form::Number(extent) => [extent; 4],
            Form::List(extents) => match extents[..] {
                [rows, cols] => [rows, cols, rows, cols],
                [top, left, bottom, right] => [top, left, bottom, right],
                _ => return None,
            },
            Form::Sides(sides) => return Some(sides),
            Form::Name(_) => return None,
        };
        Some(Sides {
            top,
            left,
            bottom,
            right,
        })
    }
}

struct FormVisitor {
    /// What stands in an error.
    expected: &'static str,
}

impl<'de> Visitor<'de> for FormVisitor {
    type Value = Form;

    fn expecting(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        formatter.write_str(self.expected)
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Form, E> {
        Ok(Form::Name(name.into()))
    }

    fn visit_u64<E: Error>(self, extent: u64) -> Result<Form, E> {
        let extent = usize::try_from(extent).map_err(|_| E::custom(self.expected))?;
        Ok(Form::Number(extent))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Form, A::Error> {
        let mut extents = Vec::new();
        while let Some(extent) = items.next_element()? {
            extents.push(extent);
        }
        Ok(Form::List(extents))
    }

    fn visit_map<A: MapAccess<'de>>(self, fields: A) -> Result<Form, A::Error> {
        Sides::deserialize(MapAccessDeserializer::new(fields)).map(Form::Sides)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn padding_is_read_in_every_form() {
        let sides = |top, left, bottom, right| {
            Padding::Explicit(Sides {
                top,
                left,
                bottom,
                right,
            })
        };
        for (form, read) in [
            (json!("same"), Padding::Same),
            (json!(2), sides(2, 2, 2, 2)),
            (json!([1, 2]), sides(1, 2, 1, 2)),
            (json!([1, 2, 3, 4]), sides(1, 2, 3, 4)),
            (json!({ "left": 2, "bottom": 3 }), sides(0, 2, 3, 0)),
        ] {
            assert_eq!(padding::deserialize(&form).unwrap(), read, "{form}");
        }
    }

    #[test]
    fn what_is_none_of_the_forms_is_refused() {
        for form in [
            json!([1, 2, 3]),
            json!(-1),
            json!(0.5),
            json!(null),
            json!({ "up": 1 }),
        ] {
            assert!(padding::deserialize(&form).is_err(), "{form}");
            assert!(sides::deserialize(&form).is_err(), "{form}");
            assert!(pair::deserialize(&form).is_err(), "{form}");
        }
        assert!(padding::deserialize(&json!("some")).is_err());
        assert!(sides::deserialize(&json!("same")).is_err());
        assert!(pair::deserialize(&json!({ "top": 1 })).is_err());
    }
}
