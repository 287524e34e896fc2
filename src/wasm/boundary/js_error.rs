//! A core [`Error`] as a JavaScript `Error` with `code` and `details`.

use js_sys::Reflect;
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::error::Error;

/// What every exported function that can refuse returns.
pub type JsResult<T> = Result<T, JsError>;

/// Converts into a JavaScript `Error` whose `message` is the English sentence, `code` the stable
/// name, and `details` the fields of the [`Error`].
pub struct JsError(Error);

impl From<Error> for JsError {
    fn from(error: Error) -> Self {
        JsError(error)
    }
}

impl From<JsError> for JsValue {
    fn from(JsError(error): JsError) -> Self {
        let js_error = js_sys::Error::new(&error.to_string());
        // A failed write would need a frozen Error prototype; the message still arrives then.
        if let Ok(details) = error.serialize(&Serializer::json_compatible()) {
            let code = Reflect::get(&details, &"code".into()).unwrap_or(JsValue::UNDEFINED);
            let _ = Reflect::set(&js_error, &"code".into(), &code);
            let _ = Reflect::set(&js_error, &"details".into(), &details);
        }
        js_error.into()
    }
}
