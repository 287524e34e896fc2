//! A JavaScript value, copied with bounds and as plain data, so that serde can read it safely.

use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{Deserializer, Error as _, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use wasm_bindgen::{JsCast, JsValue};

use js_sys::{JsString, Reflect};

use crate::wasm::read::{is_array, item, length};

/// Plain data.
#[derive(Clone, Debug)]
pub enum Value {
    Null,
    Bool(bool),
    Number(f64),
    Text(String),
    Array(Vec<Value>),
    Object(Vec<(String, Value)>),
}

/// What may still be copied.
#[derive(Clone, Copy, Debug)]
pub struct Bounds {
    /// Number of values.
    pub values: usize,
    /// Levels of arrays and objects within one another.
    pub depth: usize,
    /// Length of each text, in JavaScript's units.
    pub text: u32,
}

impl Bounds {
    /// Copies `value`; what is not given (`undefined`) is left out of objects.
    ///
    /// # Errors
    /// A sentence for a value that holds too much, that is no data or that cannot be read.
    pub fn copy(&mut self, value: &JsValue) -> Result<Value, String> {
        self.values = self
            .values
            .checked_sub(1)
            .ok_or("it holds too many values")?;
        if value.is_null() || value.is_undefined() {
            return Ok(Value::Null);
        }
        if let Some(value) = value.as_bool() {
            return Ok(Value::Bool(value));
        }
        if let Some(number) = value.as_f64() {
            return Ok(Value::Number(number));
        }
        if value.is_string() {
            return self.text(value).map(Value::Text);
        }
        let mut inner = Bounds {
            depth: self.depth.checked_sub(1).ok_or("it is nested too deeply")?,
            ..*self
        };
        let copied = if is_array(value) {
            inner.array(value)
        } else if value.is_object() {
            inner.object(value)
        } else {
            let kind = value.js_typeof().as_string().unwrap_or_default();
            Err(format!("a {kind} is no data"))
        };
        self.values = inner.values;
        copied
    }

    fn text(&self, value: &JsValue) -> Result<String, String> {
        let text: &JsString = value.unchecked_ref();
        if text.length() > self.text {
            let (got, most) = (text.length(), self.text);
            return Err(format!(
                "a text has {got} characters, expected at most {most}"
            ));
        }
        Ok(String::from(text))
    }

    fn array(&mut self, value: &JsValue) -> Result<Value, String> {
        let length = length(value).unwrap_or(0);
        if length > self.values {
            return Err("it holds too many values".into());
        }
        let items = (0..length).map(|idx| self.copy(&item(value, idx)));
        items.collect::<Result<_, _>>().map(Value::Array)
    }

    fn object(&mut self, value: &JsValue) -> Result<Value, String> {
        const UNREADABLE: &str = "a part of it cannot be read";
        let keys = Reflect::own_keys(value).map_err(|_| UNREADABLE)?;
        if keys.length() as usize > self.values {
            return Err("it holds too many values".into());
        }
        let mut fields = Vec::new();
        for key in keys.iter().filter(JsValue::is_string) {
            let value = Reflect::get(value, &key).map_err(|_| UNREADABLE)?;
            if !value.is_undefined() {
                fields.push((self.text(&key)?, self.copy(&value)?));
            }
        }
        Ok(Value::Object(fields))
    }
}

/// The error of serde's own value types.
pub type Unfit = serde::de::value::Error;

impl<'de> IntoDeserializer<'de, Unfit> for Value {
    type Deserializer = Value;

    fn into_deserializer(self) -> Value {
        self
    }
}

impl<'de> Deserializer<'de> for Value {
    type Error = Unfit;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        /// Whole numbers up to here are exact.
        const EXACT: f64 = (1_u64 << 53) as f64;
        match self {
            Value::Null => visitor.visit_unit(),
            Value::Bool(value) => visitor.visit_bool(value),
            Value::Number(number) if number.is_finite() && number.fract() == 0.0 => match number {
                0.0..=EXACT => visitor.visit_u64(number as u64),
                _ if number.abs() <= EXACT => visitor.visit_i64(number as i64),
                _ => visitor.visit_f64(number),
            },
            Value::Number(number) if number.is_finite() => visitor.visit_f64(number),
            Value::Number(number) => Err(Unfit::custom(format!(
                "expected a finite number, got {number}"
            ))),
            Value::Text(text) => visitor.visit_string(text),
            Value::Array(items) => visitor.visit_seq(SeqDeserializer::new(items.into_iter())),
            Value::Object(fields) => visitor.visit_map(MapDeserializer::new(fields.into_iter())),
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Unfit> {
        match self {
            Value::Null => visitor.visit_none(),
            value => visitor.visit_some(value),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit
        unit_struct newtype_struct seq tuple tuple_struct map struct enum identifier ignored_any
    }
}
