//! A network that runs without allocating, its input and output in the wasm memory.

use std::collections::HashMap;

use js_sys::{Float32Array, WebAssembly};
use ndarray::{ArrayD, IxDyn};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::error::{Error, Result};
use crate::net::graph::{Graph, NodeId};
use crate::net::planned::{self, check_parameters};
use crate::net::weights::{Initial, Located, initial_values, locate, parameters, seeds};
use crate::ops::shape::check_shape;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{self, Fields, wrong_type};
use crate::wasm::boundary::tensor::{read_tensor4, write_tensor};
use crate::wasm::boundary::write::{array, object};
use crate::wasm::net::read_spec;
use crate::wasm::net::weights::write_parameter;

const OPERATOR: &str = "Network";

/// A network for inference, planned once: shapes, algorithms, packed weights, and one arena for all
/// values. It takes one image at a time; batch norm takes its running statistics, dropout passes
/// everything.
///
/// Its limit is 2 GiB of weights and arena; results differ from those of the operators called one by
/// one by rounding.
#[wasm_bindgen]
pub struct Network {
    network: planned::Network,
    seed: u64,
}

#[wasm_bindgen]
impl Network {
    /// The network of `spec`, whose input must have a height and a width. `weights` are as
    /// `loadWeights` takes them; those that are left out come from `seed` (0 if left out), as
    /// `initialWeights` gives them.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "NetworkSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "NetworkOptions")] options: &JsValue,
    ) -> JsResult<Network> {
        let graph = Graph::new(&read_spec(OPERATOR, spec)?)?;
        let fields = Fields::new(OPERATOR, options, &["seed", "weights"])?;
        let seed = fields.whole("seed")?.unwrap_or(0) as u64;
        let weights = fields.get("weights")?;
        let given = match weights.is_undefined() || weights.is_null() {
            true => Given::default(),
            false => Given::read(&graph, &weights)?,
        };
        let source = given.source(&graph, seed);
        Ok(Network {
            network: planned::Network::new(graph.clone(), source)?,
            seed,
        })
    }

    /// Replaces all weights: those that are left out become those of the seed again. Layers are packed
    /// one by one, so that only one layer's copy needs memory besides the packed weights.
    #[wasm_bindgen(js_name = loadWeights)]
    pub fn load_weights(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "LoadedParameter[]")] weights: &JsValue,
    ) -> JsResult<()> {
        let graph = self.network.graph().clone();
        let given = Given::read(&graph, weights)?;
        let source = given.source(&graph, self.seed);
        Ok(self.network.replace_weights(source)?)
    }

    /// Where the next image goes, `[channels, height, width]`: a view into the wasm memory. Ask again
    /// after anything that may make that memory grow, which empties older views. A run leaves it as
    /// it is.
    #[wasm_bindgen(getter)]
    pub fn input(&self) -> Float32Array {
        view(self.network.input())
    }

    /// Computes the output from the input.
    pub fn run(&mut self) -> JsResult<()> {
        Ok(self.network.run()?)
    }

    /// What the last run computed: a view like that of the input.
    #[wasm_bindgen(getter)]
    pub fn output(&self) -> Float32Array {
        view(self.network.output())
    }

    /// `[1, features]` or `[1, channels, height, width]`.
    #[wasm_bindgen(getter, js_name = outputShape, unchecked_return_type = "number[]")]
    pub fn output_shape(&self) -> JsValue {
        array(self.network.output_shape().into_iter().map(count))
    }

    /// The outputs of `input` `[n, channels, height, width]`, image by image.
    #[wasm_bindgen(unchecked_return_type = "Tensor")]
    pub fn forward(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "TensorLike")] input: &JsValue,
    ) -> JsResult<JsValue> {
        let input = read_tensor4(OPERATOR, "input", input)?;
        Ok(write_tensor(self.network.forward(input.view())?.view()))
    }

    /// Bytes of the arena and of the packed weights.
    #[wasm_bindgen(getter, unchecked_return_type = "NetworkMemory")]
    pub fn memory(&self) -> JsValue {
        let memory = self.network.memory();
        object([
            ("arenaBytes", count(memory.arena)),
            ("weightBytes", count(memory.weights)),
        ])
    }
}

/// The weights that a seed gives the network of `spec`: kernels normal with the variance 2 / fan-in,
/// biases 0, scales 1, slopes 1/4, running means 0 and variances 1.
#[wasm_bindgen(js_name = initialWeights, unchecked_return_type = "CopiedParameter[]")]
pub fn initial_weights(
    #[wasm_bindgen(unchecked_param_type = "NetworkSpec")] spec: &JsValue,
    #[wasm_bindgen(unchecked_optional_param_type = "{ seed?: number }")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "initialWeights";
    let graph = Graph::new(&read_spec(OPERATOR, spec)?)?;
    let fields = Fields::new(OPERATOR, options, &["seed"])?;
    let seed = fields.whole("seed")?.unwrap_or(0) as u64;
    check_parameters(OPERATOR, &graph)?;
    let mut list = Vec::new();
    let nothing = Given::default();
    let mut source = nothing.source(&graph, seed);
    for (id, node) in graph.iter() {
        let known = parameters(&graph, id)?;
        if known.is_empty() {
            continue;
        }
        for (parameter, values) in known.into_iter().zip(source(id)?) {
            list.push(write_parameter(&node.id, parameter.name, &values));
        }
    }
    Ok(array(list))
}

/// Parameters by their node and by which of its parameters they are, still where the caller holds
/// them.
#[derive(Default)]
struct Given(HashMap<(NodeId, usize), Values>);

/// Values whose length is checked.
enum Values {
    Typed(Float32Array),
    Plain(Vec<f32>),
}

impl Given {
    /// Reads `[{ layer, name, tensor }]`.
    fn read(graph: &Graph, value: &JsValue) -> Result<Given> {
        let mut given = HashMap::new();
        for item in read::array(OPERATOR, "weights", value)? {
            let fields = Fields::new(OPERATOR, &item, &["layer", "name", "tensor"])?;
            let Located {
                node,
                idx,
                parameter,
            } = locate(graph, &fields.text("layer")?, &fields.text("name")?)?;
            let tensor = fields.get("tensor")?;
            let values = Values::read(&tensor, parameter.name, &parameter.shape)?;
            given.insert((node, idx), values);
        }
        Ok(Given(given))
    }

    /// The arrays of each node: what is given, the rest from the seed.
    fn source<'a>(
        &'a self,
        graph: &'a Graph,
        seed: u64,
    ) -> impl FnMut(NodeId) -> Result<Vec<ArrayD<f32>>> + 'a {
        let initial = Initial::Random { seed };
        let seeds = seeds(graph, initial);
        move |node| {
            let known = parameters(graph, node)?;
            let all = (0..known.len()).all(|idx| self.0.contains_key(&(node, idx)));
            let mut rest = match all {
                true => Vec::new(),
                false => initial_values(graph, node, initial, seeds[node.index()])?,
            }
            .into_iter();
            let arrays = known.iter().enumerate().map(|(idx, parameter)| {
                let initial = rest.next();
                let given = self.0.get(&(node, idx)).map(|values| {
                    let values = values.copied();
                    ArrayD::from_shape_vec(IxDyn(&parameter.shape), values)
                });
                given.and_then(std::result::Result::ok).or(initial)
            });
            Ok(arrays.flatten().collect())
        }
    }
}

impl Values {
    fn read(tensor: &JsValue, name: &'static str, expected: &[usize]) -> Result<Values> {
        if !tensor.is_object() {
            return Err(wrong_type(
                OPERATOR,
                "tensor",
                "a tensor { shape, data }",
                tensor,
            ));
        }
        let fields = Fields::new(OPERATOR, tensor, &["shape", "data"])?;
        let shape = read::wholes(OPERATOR, "shape", &fields.get("shape")?)?;
        check_shape(OPERATOR, name, expected, &shape)?;
        let data = fields.get("data")?;
        let (len, values) = match data.dyn_into::<Float32Array>() {
            Ok(data) => (data.length() as usize, Values::Typed(data)),
            Err(data) => {
                let values = read::floats(OPERATOR, "data", &data)?;
                (values.len(), Values::Plain(values))
            }
        };
        if len != expected.iter().product::<usize>() {
            return Err(Error::ShapeMismatch {
                operator: OPERATOR,
                argument: name,
                expected: format!("{expected:?}"),
                got: format!("{len} values"),
            });
        }
        Ok(values)
    }

    fn copied(&self) -> Vec<f32> {
        match self {
            Values::Typed(data) => data.to_vec(),
            Values::Plain(values) => values.clone(),
        }
    }
}

/// The values in the memory, as JavaScript sees it.
fn view(values: &[f32]) -> Float32Array {
    let memory = wasm_bindgen::memory().unchecked_into::<WebAssembly::Memory>();
    let start = values.as_ptr() as u32;
    Float32Array::new_with_byte_offset_and_length(&memory.buffer(), start, values.len() as u32)
}

fn count(number: usize) -> JsValue {
    (number as f64).into()
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface NetworkOptions {
  /** Of the weights that are not given. */
  seed?: number;
  weights?: LoadedParameter[];
}
/** Bytes in the wasm memory. */
export interface NetworkMemory {
  /** All values from input to output, those that do not live at the same time in one place, and scratch space. */
  arenaBytes: number;
  /** Weights as they are packed. */
  weightBytes: number;
}
"#;
