//! What parameters start with.

use serde::Deserialize;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::init::initializer::{self, Initializer};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read;
use crate::wasm::boundary::tagged::read_tagged;
use crate::wasm::boundary::tensor::write_tensor;

const OPERATOR: &str = "initialize";

/// The option beside those of an initializer.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Seed {
    seed: u64,
}

/// A parameter of the given shape, wholly determined by the options and their seed.
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn initialize(
    #[wasm_bindgen(unchecked_param_type = "number[]")] shape: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "InitializerOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    let shape = read::wholes(OPERATOR, "shape", shape)?;
    let (initializer, Seed { seed }) = read_tagged::<Initializer, Seed>(OPERATOR, options)?;
    let parameter = initializer::initialize::<f32>(&shape, initializer, seed)?;
    Ok(write_tensor(parameter.view()))
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Fans come from shapes [c_out, c_in / groups, ...kernel] or [out, in]; the seed is 0 by default. */
export type InitializerOptions = { seed?: number } & (
  | { kind: "zeros" }
  | { kind: "constant"; value: number }
  | { kind: "uniform"; low?: number; high?: number }
  | { kind: "normal"; mean?: number; std?: number }
  | { kind: "xavier"; distribution?: "uniform" | "normal"; gain?: number }
  | {
      kind: "kaiming"; distribution?: "uniform" | "normal"; mode?: "fan_in" | "fan_out";
      nonlinearity?: "linear" | "sigmoid" | "tanh" | "relu" | "leaky_relu" | "selu";
      slope?: number;
    }
  | { kind: "lecun"; distribution?: "uniform" | "normal" }
  | { kind: "orthogonal"; gain?: number }
  | { kind: "identity"; groups?: number }
);
"#;
