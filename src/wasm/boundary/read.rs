//! JavaScript values into checked Rust values.

use js_sys::{Float32Array, Int32Array, Object, Reflect, Uint8ClampedArray};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::compute::check_budget;
use crate::error::{Error, Result, shortened};
use crate::window::{Padding, PaddingMode, Sides};

/// Characters of a text that an error quotes.
pub(crate) const QUOTED: usize = 40;

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
                    let got = shortened(&key, QUOTED);
                    return Err(Error::UnknownName {
                        operator,
                        argument: "option".into(),
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

    /// The field as `read` takes it, `None` if it is absent.
    pub fn read<T>(&self, name: &str, read: impl Fn(&JsValue) -> Result<T>) -> Result<Option<T>> {
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

    /// A number that may be infinite or not a number: the operator decides.
    pub fn any_number(&self, name: &'static str) -> Result<Option<f64>> {
        self.read(name, |value| {
            value
                .as_f64()
                .ok_or_else(|| wrong_type(self.operator, name, "a number", value))
        })
    }

    /// A whole number that may be negative.
    pub fn integer(&self, name: &'static str) -> Result<Option<i32>> {
        self.read(name, |value| {
            integer(value).ok_or_else(|| wrong_type(self.operator, name, "a whole number", value))
        })
    }

    /// The field `axis`, counted from the end if it is negative.
    pub fn axis(&self) -> Result<Option<isize>> {
        Ok(self.integer("axis")?.map(|axis| axis as isize))
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

    /// A text, which must be there.
    pub fn text(&self, name: &str) -> Result<String> {
        text(self.operator, name, "a text", &self.get(name)?)
    }

    /// One of the names of `choices`.
    pub fn choice<T: Copy>(&self, name: &'static str, choices: &[(&str, T)]) -> Result<Option<T>> {
        self.read(name, |value| choice(self.operator, name, choices, value))
    }

    /// `"valid"`, `"same"`, `"full"`, a number, `[rows, columns]`, `[top, left, bottom, right]`
    /// or `{ top, left, bottom, right }`.
    pub fn padding(&self, name: &'static str) -> Result<Option<Padding>> {
        self.read(name, |value| padding(self.operator, name, value))
    }

    /// A number, `[rows, columns]`, `[top, left, bottom, right]` or `{ top, left, bottom, right }`.
    pub fn sides(&self, name: &'static str) -> Result<Option<Sides>> {
        self.read(name, |value| sides(self.operator, name, value))
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
            argument: argument.into(),
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

/// A text; `expected` says which.
pub(crate) fn text(
    operator: &'static str,
    name: &str,
    expected: &str,
    value: &JsValue,
) -> Result<String> {
    value
        .as_string()
        .ok_or_else(|| wrong_type(operator, name, expected, value))
}

/// A whole number from 0 that fits into 32 bits.
pub(crate) fn whole(operator: &'static str, name: &str, value: &JsValue) -> Result<usize> {
    as_whole(value).ok_or_else(|| wrong_type(operator, name, "a whole number from 0", value))
}

/// A whole number from 0 that fits into 32 bits, `None` for anything else.
pub(crate) fn as_whole(value: &JsValue) -> Option<usize> {
    let is_whole =
        |number: &f64| *number >= 0.0 && *number <= f64::from(u32::MAX) && number.fract() == 0.0;
    value
        .as_f64()
        .filter(is_whole)
        .map(|number| number as usize)
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
        .map(|item| whole(operator, name, item))
        .collect()
}

/// The items of a plain array of at most 2^16, more than any argument but data needs.
pub(crate) fn array(operator: &'static str, name: &str, value: &JsValue) -> Result<Vec<JsValue>> {
    items(value).ok_or_else(|| wrong_type(operator, name, "an array", value))
}

/// As [`array`], `None` for anything else.
pub(crate) fn items(value: &JsValue) -> Option<Vec<JsValue>> {
    const MOST: usize = 1 << 16;
    let length = length(value).filter(|&length| length <= MOST)?;
    Some((0..length).map(|index| item(value, index)).collect())
}

/// Numbers as a typed array of any kind, rounded to `f32`, or as a plain array.
///
/// # Errors
/// [`Error::TooLarge`] before anything is copied; [`Error::WrongType`] for the first that is no
/// number, such as those of a `BigInt64Array`.
pub(crate) fn floats(operator: &'static str, name: &str, value: &JsValue) -> Result<Vec<f32>> {
    const EXPECTED: &str = "a typed array or an array of numbers";
    if let Some(data) = value.dyn_ref::<Float32Array>() {
        check_budget(operator, &[&[data.length() as usize]])?;
        return Ok(copied(data.length(), || data.to_vec()));
    }
    if let Some(length) = view_length(value)
        && item(value, 0).as_f64().is_some()
    {
        check_budget(operator, &[&[length]])?;
        return Ok(Float32Array::new(value).to_vec());
    }
    numbers(operator, name, EXPECTED, value, |item| {
        item.as_f64().map(|item| item as f32)
    })
}

/// Whole numbers as a typed array of any kind or a plain array.
///
/// # Errors
/// As [`floats`].
pub(crate) fn integers(operator: &'static str, name: &str, value: &JsValue) -> Result<Vec<i32>> {
    const EXPECTED: &str = "a typed array or an array of whole numbers";
    if let Some(data) = value.dyn_ref::<Int32Array>() {
        check_budget(operator, &[&[data.length() as usize]])?;
        return Ok(copied(data.length(), || data.to_vec()));
    }
    numbers(operator, name, EXPECTED, value, integer)
}

/// Bytes as a `Uint8ClampedArray`, as pixels come.
///
/// # Errors
/// [`Error::TooLarge`] before anything is copied; [`Error::WrongType`].
pub(crate) fn bytes(operator: &'static str, name: &str, value: &JsValue) -> Result<Vec<u8>> {
    let data = value
        .dyn_ref::<Uint8ClampedArray>()
        .ok_or_else(|| wrong_type(operator, name, "a Uint8ClampedArray", value))?;
    check_budget(operator, &[&[data.length() as usize]])?;
    Ok(copied(data.length(), || data.to_vec()))
}

fn integer(value: &JsValue) -> Option<i32> {
    let fits = |number: &f64| number.fract() == 0.0 && number.abs() <= f64::from(i32::MAX);
    value.as_f64().filter(fits).map(|number| number as i32)
}

/// An array whose buffer was given away is empty, and copying it would throw.
fn copied<T>(length: u32, copy: impl FnOnce() -> Vec<T>) -> Vec<T> {
    if length == 0 { Vec::new() } else { copy() }
}

fn numbers<T>(
    operator: &'static str,
    name: &str,
    expected: &str,
    value: &JsValue,
    read: impl Fn(&JsValue) -> Option<T>,
) -> Result<Vec<T>> {
    let wrong = |value: &JsValue| wrong_type(operator, name, expected, value);
    let length = length(value).or_else(|| view_length(value));
    let length = length.ok_or_else(|| wrong(value))?;
    check_budget(operator, &[&[length]])?;
    (0..length)
        .map(|index| item(value, index))
        .map(|item| read(&item).ok_or_else(|| wrong(&item)))
        .collect()
}

#[wasm_bindgen]
extern "C" {
    /// Unlike `js_sys::Array::is_array`, this one survives a revoked proxy, at which
    /// `Array.isArray` throws.
    #[wasm_bindgen(catch, js_namespace = Array, js_name = isArray)]
    fn try_is_array(value: &JsValue) -> std::result::Result<bool, JsValue>;

    #[wasm_bindgen(js_namespace = ArrayBuffer, js_name = isView)]
    fn is_view(value: &JsValue) -> bool;
}

/// Whether the value is a plain array or a typed one.
pub(crate) fn is_list(value: &JsValue) -> bool {
    is_array(value) || view_length(value).is_some()
}

/// The length of a typed array, `None` for anything else; a `DataView` has none.
fn view_length(value: &JsValue) -> Option<usize> {
    let length = is_view(value).then(|| Reflect::get(value, &"length".into()).ok())??;
    length.as_f64().map(|length| length as usize)
}

/// Whether the value is a plain array.
pub(crate) fn is_array(value: &JsValue) -> bool {
    try_is_array(value).unwrap_or(false)
}

/// The length of a plain array, `None` for anything else.
pub(crate) fn length(value: &JsValue) -> Option<usize> {
    let length = is_array(value).then(|| Reflect::get(value, &"length".into()).ok())??;
    length.as_f64().map(|length| length as usize)
}

/// The item of an array, `undefined` where a proxy in its place throws.
pub(crate) fn item(array: &JsValue, index: usize) -> JsValue {
    Reflect::get_u32(array, index as u32).unwrap_or(JsValue::UNDEFINED)
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
                argument: name.into(),
                expected,
                got: describe(value),
            });
        }
        None => {}
    }
    sides(operator, name, value).map(Padding::Explicit)
}

fn sides(operator: &'static str, name: &'static str, value: &JsValue) -> Result<Sides> {
    if value.is_object() && !is_array(value) {
        let fields = Fields::new(operator, value, &["top", "left", "bottom", "right"])?;
        let side = |name| Ok(fields.whole(name)?.unwrap_or(0));
        return Ok(Sides {
            top: side("top")?,
            left: side("left")?,
            bottom: side("bottom")?,
            right: side("right")?,
        });
    }
    if value.as_f64().is_some() {
        return Ok(Sides::all(whole(operator, name, value)?));
    }
    match wholes(operator, name, value)?[..] {
        [top, left, bottom, right] => Ok(Sides {
            top,
            left,
            bottom,
            right,
        }),
        [rows, cols] => Ok(Sides {
            top: rows,
            left: cols,
            bottom: rows,
            right: cols,
        }),
        _ => {
            let expected = "a number, 2 numbers or 4 numbers";
            Err(wrong_type(operator, name, expected, value))
        }
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

/// What `value` is, in words.
pub(crate) fn describe(value: &JsValue) -> String {
    if let Some(text) = value.as_string() {
        return format!("\"{}\"", shortened(&text, QUOTED));
    }
    if let Some(number) = value.as_f64() {
        return number.to_string();
    }
    match value {
        _ if value.is_undefined() => "undefined".into(),
        _ if value.is_null() => "null".into(),
        _ if is_array(value) => "an array".into(),
        _ => format!(
            "a value of type {}",
            value.js_typeof().as_string().unwrap_or_default()
        ),
    }
}
