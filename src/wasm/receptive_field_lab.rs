//! The receptive-field lab.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::describe::{Description, describe};
use crate::error::Result;
use crate::labs::receptive_field_lab::{self, TableFormat};
use crate::net::graph::Graph;
use crate::net::pytorch;
use crate::wasm::js_error::JsResult;
use crate::wasm::net::{read_spec, write};
use crate::wasm::read::{self, wrong_type};
use crate::wasm::write::object;

/// All that the page shows of a network: as of `describe`, and `lattices`, where the positions of each
/// node lie on the picture.
#[wasm_bindgen(js_name = receptiveFieldLabDescribe)]
pub fn description(spec: &JsValue) -> JsResult<JsValue> {
    let graph = Graph::new(&read_spec("receptiveFieldLabDescribe", spec)?)?;
    let Description { nodes, totals } = describe(&graph)?;
    Ok(object([
        ("nodes", write(&nodes)),
        ("totals", write(&totals)),
        ("lattices", write(&receptive_field_lab::lattices(&graph)?)),
    ]))
}

/// What `position` `[row, column]` of the node with the id `node` sees: the part of each map before
/// it, on the picture too.
#[wasm_bindgen(js_name = receptiveFieldLabRegions)]
pub fn regions(spec: &JsValue, node: &JsValue, position: &JsValue) -> JsResult<JsValue> {
    const OPERATOR: &str = "receptiveFieldLabRegions";
    let graph = Graph::new(&read_spec(OPERATOR, spec)?)?;
    let place = graph.find(&read_node(OPERATOR, node)?)?;
    let position = read::pair(OPERATOR, "position", position)?;
    Ok(write(&receptive_field_lab::regions(
        &graph, place, position,
    )?))
}

/// The layers with their figures, as `"csv"` or `"markdown"`.
#[wasm_bindgen(js_name = receptiveFieldLabTable)]
pub fn table(spec: &JsValue, format: &JsValue) -> JsResult<String> {
    const OPERATOR: &str = "receptiveFieldLabTable";
    let graph = Graph::new(&read_spec(OPERATOR, spec)?)?;
    let formats = [
        ("csv", TableFormat::Csv),
        ("markdown", TableFormat::Markdown),
    ];
    let format = read::choice(OPERATOR, "format", &formats, format)?;
    Ok(receptive_field_lab::table(&describe(&graph)?, format))
}

/// The network as PyTorch code.
#[wasm_bindgen(js_name = receptiveFieldLabPytorch)]
pub fn pytorch(spec: &JsValue) -> JsResult<String> {
    let graph = Graph::new(&read_spec("receptiveFieldLabPytorch", spec)?)?;
    Ok(pytorch::module(&graph)?)
}

fn read_node(operator: &'static str, node: &JsValue) -> Result<String> {
    node.as_string()
        .ok_or_else(|| wrong_type(operator, "node", "the id of a node", node))
}
