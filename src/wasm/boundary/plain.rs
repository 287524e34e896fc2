//! Plain JavaScript objects into types that derive `Deserialize`.

use std::fmt;

use js_sys::Reflect;
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use serde_path_to_error::{Path, Segment};
use wasm_bindgen::JsValue;

use crate::error::{Error, Result, shortened};
use crate::wasm::boundary::read::{QUOTED, as_whole, describe, is_array, item, items, wrong_type};

/// Reads `value`, of which what is `undefined` or `null` counts as left out.
///
/// # Errors
/// [`Error::WrongType`] or [`Error::UnknownName`] with the path of what is refused, such as
/// `display.kind`.
pub(crate) fn read_plain<T: DeserializeOwned>(
    operator: &'static str,
    value: &JsValue,
) -> Result<T> {
    let read = serde_path_to_error::deserialize(Plain(value.clone()));
    read.map_err(|error| error_at(operator, value, error.path(), error.inner()))
}

pub(super) type Read<T> = std::result::Result<T, Refusal>;

pub(super) struct Plain(pub JsValue);

impl Plain {
    fn take<T>(&self, expected: &str, take: impl Fn(&JsValue) -> Option<T>) -> Read<T> {
        take(&self.0).ok_or_else(|| Refusal::Type(expected.into()))
    }
}

impl<'de> Deserializer<'de> for Plain {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let value = &self.0;
        if let Some(whole) = as_whole(value) {
            visitor.visit_u64(whole as u64)
        } else if let Some(number) = value.as_f64() {
            visitor.visit_f64(number)
        } else if let Some(text) = value.as_string() {
            visitor.visit_string(text)
        } else if let Some(truth) = value.as_bool() {
            visitor.visit_bool(truth)
        } else if is_array(value) {
            self.deserialize_seq(visitor)
        } else if value.is_object() {
            self.deserialize_map(visitor)
        } else {
            Err(de::Error::invalid_type(de::Unexpected::Unit, &visitor))
        }
    }

    fn deserialize_bool<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_bool(self.take("true or false", JsValue::as_bool)?)
    }

    fn deserialize_f64<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_f64(self.take("a number", JsValue::as_f64)?)
    }

    fn deserialize_u64<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_u64(self.take("a whole number from 0", as_whole)? as u64)
    }

    fn deserialize_string<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_string(self.take("a text", JsValue::as_string)?)
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_some(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        match self.0.as_string() {
            Some(name) => visitor.visit_enum(name.into_deserializer()),
            None => Err(Refusal::Name(known)),
        }
    }

    fn deserialize_seq<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let items = self.take("an array", items)?;
        SeqDeserializer::new(items.into_iter().map(Plain)).deserialize_any(visitor)
    }

    fn deserialize_tuple<V: Visitor<'de>>(self, len: usize, visitor: V) -> Read<V::Value> {
        let as_long = |value: &JsValue| items(value).filter(|items| items.len() == len);
        let items = self.take(&format!("an array of length {len}"), as_long)?;
        SeqDeserializer::new(items.into_iter().map(Plain)).deserialize_any(visitor)
    }

    fn deserialize_map<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        let fields = self.take("an object", fields)?;
        MapDeserializer::new(fields.into_iter()).deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        self.deserialize_map(visitor)
    }

    forward_to_deserialize_any! {
        i8 i16 i32 i64 u8 u16 u32 f32 char str bytes byte_buf unit unit_struct newtype_struct
        tuple_struct identifier ignored_any
    }
}

impl IntoDeserializer<'_, Refusal> for Plain {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

/// The fields of an object that are not left out; `None` if it is none.
pub(super) fn fields(value: &JsValue) -> Option<Vec<(String, Plain)>> {
    let is_left_out = |value: &JsValue| value.is_undefined() || value.is_null();
    if is_left_out(value) {
        return Some(Vec::new());
    }
    let field = |key: JsValue| match Reflect::get(value, &key) {
        Ok(content) if is_left_out(&content) => None,
        // What cannot be got is there and `undefined`, and so refused.
        content => Some((
            key.as_string()?,
            Plain(content.unwrap_or(JsValue::UNDEFINED)),
        )),
    };
    let keys = || Reflect::own_keys(value).unwrap_or_default();
    value
        .is_object()
        .then(|| keys().iter().filter_map(field).collect())
}

/// Why a value is refused, before its path is known.
#[derive(Debug)]
pub(super) enum Refusal {
    /// It is not of this type.
    Type(String),
    /// It is none of these names.
    Name(&'static [&'static str]),
    /// It lacks this field.
    Missing(&'static str),
    /// It has a field that is none of the `known`.
    Surplus {
        field: String,
        known: &'static [&'static str],
    },
}

impl de::Error for Refusal {
    fn custom<T: fmt::Display>(expected: T) -> Self {
        Refusal::Type(expected.to_string())
    }

    fn invalid_type(_: de::Unexpected, expected: &dyn de::Expected) -> Self {
        Refusal::custom(expected)
    }

    fn invalid_value(_: de::Unexpected, expected: &dyn de::Expected) -> Self {
        Refusal::custom(expected)
    }

    fn invalid_length(_: usize, expected: &dyn de::Expected) -> Self {
        Refusal::custom(expected)
    }

    fn unknown_variant(_: &str, known: &'static [&'static str]) -> Self {
        Refusal::Name(known)
    }

    fn unknown_field(field: &str, known: &'static [&'static str]) -> Self {
        Refusal::Surplus {
            field: field.into(),
            known,
        }
    }

    fn missing_field(field: &'static str) -> Self {
        Refusal::Missing(field)
    }
}

impl std::error::Error for Refusal {}

impl fmt::Display for Refusal {
    fn fmt(&self, formatter: &mut fmt::Formatter) -> fmt::Result {
        write!(formatter, "{self:?}")
    }
}

/// The error for the part of `value` at `path`.
pub(super) fn error_at(
    operator: &'static str,
    value: &JsValue,
    path: &Path,
    refusal: &Refusal,
) -> Error {
    let is_whole = path.iter().next().is_none();
    let found = path.iter().fold(value.clone(), part);
    match refusal {
        Refusal::Type(expected) if is_whole => wrong_type(operator, "options", expected, &found),
        Refusal::Type(expected) => wrong_type(operator, &path.to_string(), expected, &found),
        Refusal::Name(known) => Error::UnknownName {
            operator,
            argument: path.to_string(),
            expected: known.join(", "),
            got: describe(&found),
        },
        Refusal::Missing(field) => {
            let within = if is_whole {
                String::new()
            } else {
                format!("{path}.")
            };
            let argument = format!("{within}{field}");
            wrong_type(operator, &argument, "given", &JsValue::UNDEFINED)
        }
        Refusal::Surplus { field, known } => Error::UnknownName {
            operator,
            argument: "option".into(),
            expected: known.join(", "),
            got: shortened(field, QUOTED),
        },
    }
}

fn part(value: JsValue, segment: &Segment) -> JsValue {
    match segment {
        Segment::Seq { index } => item(&value, *index),
        Segment::Map { key } => Reflect::get(&value, &key.into()).unwrap_or(JsValue::UNDEFINED),
        Segment::Enum { .. } | Segment::Unknown => value,
    }
}
