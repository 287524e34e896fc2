//! The receptive-field lab.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{Clamped, JsValue};

use crate::data::picture::Picture;
use crate::error::Result;
use crate::labs;
use crate::labs::receptive_field::{Effective, Options, TableFormat};
use crate::net::analysis::describe::{Description, describe};
use crate::net::graph::Graph;
use crate::net::pytorch;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{self, Fields, wrong_type};
use crate::wasm::boundary::write::{array, legended, object};
use crate::wasm::labs::shared::{read_picture, read_theme};
use crate::wasm::net::{read_spec, write};

/// A picture that networks look at.
#[wasm_bindgen]
pub struct ReceptiveFieldLab(Picture);

#[wasm_bindgen]
impl ReceptiveFieldLab {
    /// A lab that looks at a picture of `width` x `height` RGBA bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(
        width: &JsValue,
        height: &JsValue,
        rgba: Clamped<Vec<u8>>,
    ) -> JsResult<ReceptiveFieldLab> {
        let picture = read_picture("ReceptiveFieldLab", width, height, rgba)?;
        Ok(ReceptiveFieldLab(picture))
    }

    /// How strongly each pixel acts on a position. Options `{ node, position, weights, activation,
    /// seed, draws, theme }`, all of them needed.
    pub fn effective(&self, spec: &JsValue, options: &JsValue) -> JsResult<JsValue> {
        const OPERATOR: &str = "receptiveFieldLabEffective";
        let spec = read_spec(OPERATOR, spec)?;
        let options = read_options(OPERATOR, options)?;
        let effective = labs::receptive_field::effective(&self.0, &spec, &options)?;
        Ok(write_effective(&effective))
    }
}

/// All that the page shows of a network: as of `describe`, and `lattices`, where the positions of each
/// node lie on the picture.
#[wasm_bindgen(js_name = receptiveFieldLabDescribe)]
pub fn description(spec: &JsValue) -> JsResult<JsValue> {
    let graph = Graph::new(&read_spec("receptiveFieldLabDescribe", spec)?)?;
    let Description { nodes, totals } = describe(&graph)?;
    Ok(object([
        ("nodes", write(&nodes)),
        ("totals", write(&totals)),
        ("lattices", write(&labs::receptive_field::lattices(&graph)?)),
    ]))
}

/// What `position` `[row, column]` of the node with the id `node` sees: the part of each map before
/// it, on the picture too.
#[wasm_bindgen(js_name = receptiveFieldLabRegions)]
pub fn regions(spec: &JsValue, node: &JsValue, position: &JsValue) -> JsResult<JsValue> {
    const OPERATOR: &str = "receptiveFieldLabRegions";
    let graph = Graph::new(&read_spec(OPERATOR, spec)?)?;
    let node = graph.find(&read_node(OPERATOR, node)?)?;
    let position = read::pair(OPERATOR, "position", position)?;
    Ok(write(&labs::receptive_field::regions(
        &graph, node, position,
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
    Ok(labs::receptive_field::table(&describe(&graph)?, format))
}

/// The network as PyTorch code.
#[wasm_bindgen(js_name = receptiveFieldLabPytorch)]
pub fn pytorch(spec: &JsValue) -> JsResult<String> {
    let graph = Graph::new(&read_spec("receptiveFieldLabPytorch", spec)?)?;
    Ok(pytorch::module(&graph)?)
}

fn read_options(operator: &'static str, value: &JsValue) -> Result<Options> {
    const KNOWN: [&str; 7] = [
        "node",
        "position",
        "weights",
        "activation",
        "seed",
        "draws",
        "theme",
    ];
    let fields = Fields::new(operator, value, &KNOWN)?;
    let missing = |name: &str| wrong_type(operator, name, "given", &JsValue::UNDEFINED);
    let weights = [("uniform", false), ("random", true)];
    let activations = [("linear", true), ("relu", false)];
    Ok(Options {
        node: read_node(operator, &fields.get("node")?)?,
        position: fields
            .pair("position")?
            .ok_or_else(|| missing("position"))?,
        random: fields
            .choice("weights", &weights)?
            .ok_or_else(|| missing("weights"))?,
        linear: fields
            .choice("activation", &activations)?
            .ok_or_else(|| missing("activation"))?,
        seed: fields.whole("seed")?.ok_or_else(|| missing("seed"))? as u64,
        draws: fields.whole("draws")?.ok_or_else(|| missing("draws"))?,
        theme: read_theme(operator, &fields)?,
    })
}

fn write_effective(effective: &Effective) -> JsValue {
    let Effective {
        rendered,
        spread,
        mass,
        theoretical,
        operations,
    } = effective;
    object([
        ("map", legended(rendered)),
        ("sd", spread.sd.map_or(JsValue::NULL, array)),
        (
            "area",
            object([
                ("pixels", spread.area.pixels.into()),
                ("share", spread.area.share.into()),
                ("side", spread.area.side.into()),
            ]),
        ),
        ("mass", write(mass)),
        ("theoretical", write(theoretical)),
        ("operations", (*operations).into()),
    ])
}

fn read_node(operator: &'static str, node: &JsValue) -> Result<String> {
    node.as_string()
        .ok_or_else(|| wrong_type(operator, "node", "the id of a node", node))
}
