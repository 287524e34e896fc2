//! Objects whose `kind` says which other options they have.

use serde::de::value::MapDeserializer;
use serde::de::{
    DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, VariantAccess,
    Visitor,
};
use serde::forward_to_deserialize_any;
use serde_path_to_error::{Deserializer as Tracking, Track};
use wasm_bindgen::JsValue;

use crate::error::{Error, Result, shortened};
use crate::wasm::boundary::plain::{Plain, Read, Refusal, error_at, fields};
use crate::wasm::boundary::read::{QUOTED, describe};

/// Reads `{ kind, ... }`: the variant of `Kind` that is so called with its options, and beside them
/// those of `Common`. What is `undefined` or `null` counts as left out.
///
/// # Errors
/// As [`read_plain`](super::plain::read_plain); an option that neither has is refused with the names
/// of all.
pub(crate) fn read_tagged<Kind: DeserializeOwned, Common: DeserializeOwned>(
    operator: &'static str,
    value: &JsValue,
) -> Result<(Kind, Common)> {
    let mut options = fields(value).unwrap_or_default();
    let place = options.iter().position(|(name, _)| name == "kind");
    let Plain(kind) = place.map_or(Plain(JsValue::UNDEFINED), |place| options.remove(place).1);

    let (mut names, mut track) = (vec!["kind"], Track::new());
    let common = CommonPart {
        options: &mut options,
        names: &mut names,
    };
    let common = Common::deserialize(Tracking::new(common, &mut track))
        .map_err(|refusal| error_at(operator, value, &track.path(), &refusal))?;

    let mut track = Track::new();
    let tagged = Tagged {
        kind: kind.as_string(),
        options,
        track: &mut track,
    };
    let read = Kind::deserialize(tagged).map_err(|refusal| {
        let path = track.path();
        match refusal {
            Refusal::Name(known) if path.iter().next().is_none() => Error::UnknownName {
                operator,
                argument: "kind".into(),
                expected: known.join(", "),
                got: describe(&kind),
            },
            Refusal::Surplus { field, known } => Error::UnknownName {
                operator,
                argument: "option".into(),
                expected: [&names, known].concat().join(", "),
                got: shortened(&field, QUOTED),
            },
            refusal => error_at(operator, value, &path, &refusal),
        }
    })?;
    Ok((read, common))
}

type Options = Vec<(String, Plain)>;

/// Takes from the options those that a struct has, and notes their names.
struct CommonPart<'a> {
    options: &'a mut Options,
    names: &'a mut Vec<&'static str>,
}

impl<'de> Deserializer<'de> for CommonPart<'_> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_unit()
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        self.names.extend(fields);
        let is_common = |(name, _): &mut (String, Plain)| fields.contains(&&name[..]);
        let common = self.options.extract_if(.., is_common).collect::<Options>();
        MapDeserializer::new(common.into_iter()).deserialize_any(visitor)
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}

/// A kind with its options: a variant and what it holds.
struct Tagged<'a> {
    kind: Option<String>,
    options: Options,
    track: &'a mut Track,
}

impl<'de> Deserializer<'de> for Tagged<'_> {
    type Error = Refusal;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Read<V::Value> {
        visitor.visit_enum(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        known: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        match &self.kind {
            Some(kind) if known.contains(&&kind[..]) => visitor.visit_enum(self),
            _ => Err(Refusal::Name(known)),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map struct identifier ignored_any
    }
}

impl<'de> EnumAccess<'de> for Tagged<'_> {
    type Error = Refusal;
    type Variant = Self;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Read<(V::Value, Self)> {
        let kind = self.kind.clone().unwrap_or_default();
        Ok((seed.deserialize(kind.into_deserializer())?, self))
    }
}

impl<'de> VariantAccess<'de> for Tagged<'_> {
    type Error = Refusal;

    fn unit_variant(self) -> Read<()> {
        match self.options.into_iter().next() {
            None => Ok(()),
            Some((field, _)) => Err(Refusal::Surplus { field, known: &[] }),
        }
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Read<T::Value> {
        let options = MapDeserializer::new(self.options.into_iter());
        seed.deserialize(Tracking::new(options, self.track))
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, visitor: V) -> Read<V::Value> {
        self.struct_variant(&[], visitor)
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Read<V::Value> {
        let options = MapDeserializer::new(self.options.into_iter());
        Tracking::new(options, self.track).deserialize_any(visitor)
    }
}
