//! JavaScript values into checked Rust values.

use js_sys::{Array, Float32Array, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

use crate::error::{Error, Result};
use crate::window::{Padding, PaddingMode, Sides};

/// The named fields of an options object.
pub(crate) struct Fields {
    operator: &'static str,
    object: JsValue,
}

impl Fields {
    /// Takes `value` as an object whose keys are all in `known`; `undefined` counts as empty.
    ///
    /// # Errors
    /// [`Error::WrongType`] if it is no object; [`Error::UnknownName`] for the first unknown key.
    pub fn new(operator: &'static str, value: &JsValue, known: &[&str]) -> Result<Self> {
        if value.is_undefined() || value.is_null() {
            return Ok(Fields {
                operator,
                object: Object::new().into(),
            });
        }
        if !value.is_object() {
            return Err(wrong_type(operator, "options", "an object", value));
        }
        let fields = Fields {
            operator,
            object: value.clone(),
        };
        for key in Reflect::own_keys(value).unwrap_or_default().iter() {
            match key.as_string() {
                Some(key) if !known.contains(&key.as_str()) => {
                    let expected = known.join(", ");
                    let got = shorten(&key);
                    return Err(Error::UnknownName {
                        operator,
                        argument: "option",
                        expected,
                        got,
                    });
                }
                _ => {}
            }
        }
        Ok(fields)
    }

    /// The field, `undefined` if it is absent.
    pub fn get(&self, name: &str) -> Result<JsValue> {
        Reflect::get(&self.object, &name.into())
            .map_err(|_| wrong_type(self.operator, name, "readable", &JsValue::UNDEFINED))
    }

    fn read<T>(&self, name: &str, read: impl Fn(&JsValue) -> Result<T>) -> Result<Option<T>> {
        let value = self.get(name)?;
        if value.is_undefined() || value.is_null() {
            Ok(None)
        } else {
            read(&value).map(Some)
        }
    }

    /// A finite number.
    pub fn number(&self, name: &'static str) -> Result<Option<f64>> {
        self.read(name, |value| number(self.operator, name, value))
    }

    /// A whole number from 0.
    pub fn whole(&self, name: &str) -> Result<Option<usize>> {
        self.read(name, |value| whole(self.operator, name, value))
    }

    /// `[rows, columns]`, or one number for both.
    pub fn pair(&self, name: &str) -> Result<Option<[usize; 2]>> {
        self.read(name, |value| pair(self.operator, name, value))
    }

    /// `true` or `false`.
    pub fn boolean(&self, name: &str) -> Result<Option<bool>> {
        self.read(name, |value| {
            value
                .as_bool()
                .ok_or_else(|| wrong_type(self.operator, name, "true or false", value))
        })
    }

    /// One of the names of `choices`.
    pub fn choice<T: Copy>(&self, name: &'static str, choices: &[(&str, T)]) -> Result<Option<T>> {
        self.read(name, |value| choice(self.operator, name, choices, value))
    }

    /// Numbers as a `Float32Array` or a plain array.
    pub fn floats(&self, name: &str) -> Result<Option<Vec<f32>>> {
        self.read(name, |value| floats(self.operator, name, value))
    }

    /// `"valid"`, `"same"`, `"full"`, a number, `[rows, columns]`, `[top, left, bottom, right]`
    /// or `{ top, left, bottom, right }`.
    pub fn padding(&self, name: &'static str) -> Result<Option<Padding>> {
        self.read(name, |value| padding(self.operator, name, value))
    }

    /// The name of a [`PaddingMode`].
    pub fn padding_mode(&self, name: &'static str) -> Result<Option<PaddingMode>> {
        self.choice(name, &PaddingMode::ALL.map(|mode| (mode.name(), mode)))
    }
}

/// What the one name of `choices` that `value` is stands for.
pub(crate) fn choice<T: Copy>(
    operator: &'static str,
    argument: &'static str,
    choices: &[(&str, T)],
    value: &JsValue,
) -> Result<T> {
    let text = value.as_string();
    let chosen = choices
        .iter()
        .find(|(name, _)| Some(*name) == text.as_deref());
    chosen.map(|(_, choice)| *choice).ok_or_else(|| {
        let names: Vec<_> = choices.iter().map(|(name, _)| *name).collect();
        Error::UnknownName {
            operator,
            argument,
            expected: names.join(", "),
            got: describe(value),
        }
    })
}

/// A finite number.
pub(crate) fn number(operator: &'static str, name: &'static str, value: &JsValue) -> Result<f64> {
    match value.as_f64() {
        None => Err(wrong_type(operator, name, "a number", value)),
        Some(number) if number.is_finite() => Ok(number),
        Some(number) => Err(Error::NotFinite {
            operator,
            argument: name,
            got: number.to_string(),
        }),
    }
}

/// A whole number from 0 that fits into 32 bits.
pub(crate) fn whole(operator: &'static str, name: &str, value: &JsValue) -> Result<usize> {
    let is_whole =
        |number: &f64| *number >= 0.0 && *number <= f64::from(u32::MAX) && number.fract() == 0.0;
    value
        .as_f64()
        .filter(is_whole)
        .map(|number| number as usize)
        .ok_or_else(|| wrong_type(operator, name, "a whole number from 0", value))
}

/// `[rows, columns]`, or one number for both.
pub(crate) fn pair(operator: &'static str, name: &str, value: &JsValue) -> Result<[usize; 2]> {
    if value.as_f64().is_some() {
        return Ok([whole(operator, name, value)?; 2]);
    }
    match &wholes(operator, name, value)?[..] {
        [rows, cols] => Ok([*rows, *cols]),
        _ => Err(wrong_type(
            operator,
            name,
            "a number or [rows, columns]",
            value,
        )),
    }
}

/// A plain array of whole numbers.
pub(crate) fn wholes(operator: &'static str, name: &str, value: &JsValue) -> Result<Vec<usize>> {
    array(operator, name, value)?
        .iter()
        .map(|item| whole(operator, name, &item))
        .collect()
}

/// A plain array of at most 2^16 items, more than any argument but data needs.
pub(crate) fn array(operator: &'static str, name: &str, value: &JsValue) -> Result<Array> {
    value
        .dyn_ref::<Array>()
        .filter(|array| array.length() <= 1 << 16)
        .cloned()
        .ok_or_else(|| wrong_type(operator, name, "an array", value))
}

/// Numbers as a `Float32Array` or a plain array.
pub(crate) fn floats(operator: &'static str, name: &str, value: &JsValue) -> Result<Vec<f32>> {
    if let Some(data) = value.dyn_ref::<Float32Array>() {
        return Ok(data.to_vec());
    }
    let wrong = |value: &JsValue| {
        wrong_type(
            operator,
            name,
            "a Float32Array or an array of numbers",
            value,
        )
    };
    let items = value.dyn_ref::<Array>().ok_or_else(|| wrong(value))?;
    items
        .iter()
        .map(|item| {
            item.as_f64()
                .map(|item| item as f32)
                .ok_or_else(|| wrong(&item))
        })
        .collect()
}

fn padding(operator: &'static str, name: &'static str, value: &JsValue) -> Result<Padding> {
    match value.as_string().as_deref() {
        Some("valid") => return Ok(Padding::Valid),
        Some("same") => return Ok(Padding::Same),
        Some("full") => return Ok(Padding::Full),
        Some(_) => {
            let expected = "valid, same, full".into();
            return Err(Error::UnknownName {
                operator,
                argument: name,
                expected,
                got: describe(value),
            });
        }
        None => {}
    }
    if value.is_object() && !Array::is_array(value) {
        let sides = Fields::new(operator, value, &["top", "left", "bottom", "right"])?;
        let side = |name| Ok(sides.whole(name)?.unwrap_or(0));
        let [top, left, bottom, right] =
            [side("top")?, side("left")?, side("bottom")?, side("right")?];
        return Ok(Padding::Explicit(Sides {
            top,
            left,
            bottom,
            right,
        }));
    }
    if value.as_f64().is_some() {
        return Ok(Padding::Explicit(Sides::all(whole(operator, name, value)?)));
    }
    match wholes(operator, name, value)?[..] {
        [rows, cols] => Ok(Padding::Explicit(Sides {
            top: rows,
            left: cols,
            bottom: rows,
            right: cols,
        })),
        [top, left, bottom, right] => Ok(Padding::Explicit(Sides {
            top,
            left,
            bottom,
            right,
        })),
        _ => Err(wrong_type(
            operator,
            name,
            "a number, 2 numbers or 4 numbers",
            value,
        )),
    }
}

/// The [`Error::WrongType`] for `value`.
pub(crate) fn wrong_type(
    operator: &'static str,
    name: &str,
    expected: &str,
    value: &JsValue,
) -> Error {
    Error::WrongType {
        operator,
        argument: name.into(),
        expected: expected.into(),
        got: describe(value),
    }
}

fn describe(value: &JsValue) -> String {
    if let Some(text) = value.as_string() {
        return format!("\"{}\"", shorten(&text));
    }
    if let Some(number) = value.as_f64() {
        return number.to_string();
    }
    match value {
        _ if value.is_undefined() => "undefined".into(),
        _ if value.is_null() => "null".into(),
        _ if Array::is_array(value) => "an array".into(),
        _ => format!(
            "a value of type {}",
            value.js_typeof().as_string().unwrap_or_default()
        ),
    }
}

fn shorten(text: &str) -> String {
    const LIMIT: usize = 40;
    match text.char_indices().nth(LIMIT) {
        Some((end, _)) => format!("{}...", &text[..end]),
        None => text.into(),
    }
}
