//! Networks described: shapes, costs and receptive fields.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::net::analysis::describe;
use crate::net::graph::Graph;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{pair, text};
use crate::wasm::boundary::write::{object, plain};
use crate::wasm::net::read_spec;

/// Every node of a network: its shape, what it costs and what it sees of the input; and the sums.
#[wasm_bindgen(unchecked_return_type = "NetworkDescription")]
pub fn describe(
    #[wasm_bindgen(unchecked_param_type = "NetworkSpec")] spec: &JsValue,
) -> JsResult<JsValue> {
    let graph = Graph::new(&read_spec("describe", spec)?)?;
    Ok(plain(&describe::describe(&graph)?))
}

/// The receptive field of every node of a network, the input first.
#[wasm_bindgen(js_name = receptiveField, unchecked_return_type = "NodeReceptiveField[]")]
pub fn receptive_field(
    #[wasm_bindgen(unchecked_param_type = "NetworkSpec")] spec: &JsValue,
) -> JsResult<JsValue> {
    let graph = Graph::new(&read_spec("receptiveField", spec)?)?;
    Ok(plain(&describe::named_fields(&graph)?))
}

/// What `position` `[row, column]` of the node with the id `node` depends on: `{ nodes }`, one region
/// for the input, for each layer between, and for the node. A vector has the one position `[0, 0]`.
#[wasm_bindgen(js_name = receptiveRegion, unchecked_return_type = "ReceptiveRegion")]
pub fn receptive_region(
    #[wasm_bindgen(unchecked_param_type = "NetworkSpec")] spec: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] node: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "readonly [row: number, column: number]")]
    position: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "receptiveRegion";
    let graph = Graph::new(&read_spec(OPERATOR, spec)?)?;
    let node = text(OPERATOR, "node", "the id of a node", node)?;
    let position = pair(OPERATOR, "position", position)?;
    let regions = describe::named_regions(&graph, graph.find(&node)?, position)?;
    Ok(object([("nodes", plain(&regions))]))
}
