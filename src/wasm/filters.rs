//! Named kernels.

use js_sys::{Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::filters::{self, Parameter};
use crate::kernel::Kernel;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{self, wrong_type};
use crate::wasm::boundary::write::{self, array, object};

/// Every named kernel: `{ name, family, parameters, definition, source }`.
#[wasm_bindgen(js_name = filters, unchecked_return_type = "FilterInfo[]")]
pub fn all_filters() -> JsValue {
    array(filters::ALL.iter().map(|filter| {
        object([
            ("name", filter.name.into()),
            ("family", filter.family.name().into()),
            ("parameters", array(filter.parameters.iter().map(parameter))),
            ("definition", filter.definition.into()),
            ("source", filter.source.into()),
        ])
    }))
}

/// The named kernel as weights `[1, 1, h, w]` for `conv2d`.
#[cfg(feature = "operators")]
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn filter(
    #[wasm_bindgen(unchecked_param_type = "string")] name: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Record<string, number>")] options: &JsValue,
) -> JsResult<JsValue> {
    let kernel = named(name, options)?;
    let values = kernel
        .iter()
        .map(|&weight| weight as f32)
        .collect::<Vec<_>>();
    let shape = [1, 1, kernel.nrows(), kernel.ncols()];
    Ok(object([
        ("shape", array(shape)),
        ("data", write::floats(&values)),
    ]))
}

/// The named kernel as rows of numbers.
#[cfg(feature = "kernel-lab")]
#[wasm_bindgen(js_name = filterKernel, unchecked_return_type = "number[][]")]
pub fn filter_kernel(
    #[wasm_bindgen(unchecked_param_type = "string")] name: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "Record<string, number>")] options: &JsValue,
) -> JsResult<JsValue> {
    Ok(write::kernel_rows(&named(name, options)?))
}

fn named(name: &JsValue, options: &JsValue) -> JsResult<Kernel> {
    const OPERATOR: &str = "filter";
    let name = read::text(OPERATOR, "name", "the name of a filter", name)?;
    let mut parameters = Vec::new();
    if let Some(options) = options.dyn_ref::<Object>() {
        for key in Reflect::own_keys(options)
            .unwrap_or_default()
            .iter()
            .filter_map(|key| key.as_string())
        {
            let value = Reflect::get(options, &key.as_str().into()).unwrap_or(JsValue::UNDEFINED);
            parameters.push((key, read::number(OPERATOR, "parameter", &value)?));
        }
    } else if !options.is_undefined() && !options.is_null() {
        return Err(wrong_type(OPERATOR, "options", "an object", options).into());
    }
    Ok(filters::kernel(&name, &parameters)?)
}

fn parameter(parameter: &Parameter) -> JsValue {
    object([
        ("name", parameter.name.into()),
        ("default", parameter.default.into()),
        ("min", parameter.min.into()),
        ("max", parameter.max.into()),
        ("step", parameter.step.into()),
    ])
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A named kernel, its definition as a formula and where it comes from. */
export interface FilterInfo {
  name: string;
  family: string;
  parameters: { name: string; default: number; min: number; max: number; step: number }[];
  definition: string;
  source: string;
}
"#;
