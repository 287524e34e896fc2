//! The values of parameters, in and out: lists of `{ layer, name, tensor }`.

use ndarray::ArrayD;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Result;
use crate::net::reference::{Parameters, ReferenceNetwork};
use crate::wasm::boundary::read::{self, Fields};
use crate::wasm::boundary::tensor::{read_tensor, write_tensor};
use crate::wasm::boundary::write::{array, object};

/// Reads `[{ layer, name, tensor }]`.
///
/// # Errors
/// [`crate::error::Error::WrongType`] and what else a tensor may be refused for.
pub(crate) fn read_weights(operator: &'static str, value: &JsValue) -> Result<Parameters<f32>> {
    let items = read::array(operator, "weights", value)?;
    let items = items.iter().map(|item| {
        let fields = Fields::new(operator, item, &["layer", "name", "tensor"])?;
        let values = read_tensor(operator, "tensor", &fields.get("tensor")?)?;
        Ok((fields.text("layer")?, fields.text("name")?, values))
    });
    items.collect()
}

/// Writes `[{ layer, name, tensor }]`, layer by layer.
///
/// # Errors
/// None for the weights that a network of this graph holds.
pub(crate) fn write_weights(network: &ReferenceNetwork<f32>) -> Result<JsValue> {
    let parameters = network.parameters()?.into_iter();
    let items = parameters.map(|(layer, name, values)| write_parameter(layer, name, values));
    Ok(array(items))
}

/// Writes `{ layer, name, tensor }`.
pub(crate) fn write_parameter(layer: &str, name: &str, array: &ArrayD<f32>) -> JsValue {
    object([
        ("layer", layer.into()),
        ("name", name.into()),
        ("tensor", write_tensor(array.view())),
    ])
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What a layer computes with beside its inputs. Running statistics are those of batch norm. */
export type ParameterName = "weights" | "bias" | "runningMean" | "runningVariance";
/** A parameter to be loaded. */
export interface LoadedParameter { layer: string; name: ParameterName; tensor: TensorLike }
/** A copy of a parameter, which can be loaded again. */
export interface CopiedParameter { layer: string; name: ParameterName; tensor: Tensor }
"#;
