//! The receptive-field lab.

use js_sys::Float64Array;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{JsCast, JsValue};

use crate::data::picture::Picture;
use crate::error::Result;
use crate::labs;
use crate::labs::receptive_field::{Effective, TableFormat};
use crate::net::analysis::describe::{Description, describe};
use crate::net::analysis::effective::Drawn;
use crate::net::graph::Graph;
use crate::net::pytorch;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::picture::read_picture;
use crate::wasm::boundary::plain::read_plain;
use crate::wasm::boundary::read::{self, Fields, wrong_type};
use crate::wasm::boundary::rendered::legended;
use crate::wasm::boundary::write::{array, object, plain};
use crate::wasm::net::read_spec;

/// A picture that networks look at.
#[wasm_bindgen]
pub struct ReceptiveFieldLab(Picture);

#[wasm_bindgen]
impl ReceptiveFieldLab {
    /// A lab that looks at a picture.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Picture")] picture: &JsValue,
    ) -> JsResult<ReceptiveFieldLab> {
        Ok(ReceptiveFieldLab(read_picture(
            "ReceptiveFieldLab",
            picture,
        )?))
    }

    /// How strongly each pixel acts on a position, after some more draws: those that take about a
    /// fifth of a second, but at least one. `before` is `drawn` of the answer before, as long as that
    /// has fewer draws than there are to be.
    #[wasm_bindgen(unchecked_return_type = "EffectiveField")]
    pub fn effective(
        &self,
        #[wasm_bindgen(unchecked_param_type = "UncheckedNetworkSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "EffectiveFieldOptions")] options: &JsValue,
        #[wasm_bindgen(unchecked_optional_param_type = "Drawn")] before: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "receptiveFieldLabEffective";
        let spec = read_spec(OPERATOR, spec)?;
        let options = read_plain(OPERATOR, options)?;
        let before = read_drawn(OPERATOR, before)?;
        let effective = labs::receptive_field::effective(&self.0, &spec, &options, before)?;
        Ok(write_effective(&effective))
    }
}

/// All that the page shows of a network: as of `describe`, and where the positions of each node lie on
/// the picture.
#[wasm_bindgen(js_name = receptiveFieldLabDescribe, unchecked_return_type = "LatticedDescription")]
pub fn description(
    #[wasm_bindgen(unchecked_param_type = "UncheckedNetworkSpec")] spec: &JsValue,
) -> JsResult<JsValue> {
    let graph = Graph::new(&read_spec("receptiveFieldLabDescribe", spec)?)?;
    let Description { nodes, totals } = describe(&graph)?;
    Ok(object([
        ("nodes", plain(&nodes)),
        ("totals", plain(&totals)),
        ("lattices", plain(&labs::receptive_field::lattices(&graph)?)),
    ]))
}

/// What `position` `[row, column]` of the node with the id `node` sees: the part of each map before
/// it, on the picture too.
#[wasm_bindgen(js_name = receptiveFieldLabRegions, unchecked_return_type = "FieldRegions")]
pub fn regions(
    #[wasm_bindgen(unchecked_param_type = "UncheckedNetworkSpec")] spec: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "string")] node: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "readonly [row: number, column: number]")]
    position: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "receptiveFieldLabRegions";
    let graph = Graph::new(&read_spec(OPERATOR, spec)?)?;
    let node = graph.find(&read::text(OPERATOR, "node", "the id of a node", node)?)?;
    let position = read::pair(OPERATOR, "position", position)?;
    Ok(plain(&labs::receptive_field::regions(
        &graph, node, position,
    )?))
}

/// The layers with their figures.
#[wasm_bindgen(js_name = receptiveFieldLabTable)]
pub fn table(
    #[wasm_bindgen(unchecked_param_type = "UncheckedNetworkSpec")] spec: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "\"csv\" | \"markdown\"")] format: &JsValue,
) -> JsResult<String> {
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
pub fn pytorch(
    #[wasm_bindgen(unchecked_param_type = "UncheckedNetworkSpec")] spec: &JsValue,
) -> JsResult<String> {
    let graph = Graph::new(&read_spec("receptiveFieldLabPytorch", spec)?)?;
    Ok(pytorch::module(&graph)?)
}

/// `{ draws, sum }`; no draws if it is absent.
fn read_drawn(operator: &'static str, value: &JsValue) -> Result<Drawn> {
    let fields = Fields::new(operator, value, &["draws", "sum"])?;
    let floats = |value: &JsValue| match value.dyn_ref::<Float64Array>() {
        Some(values) => Ok(values.to_vec()),
        None => Err(wrong_type(operator, "sum", "a Float64Array", value)),
    };
    Ok(Drawn {
        draws: fields.whole("draws")?.unwrap_or_default(),
        sum: fields.read("sum", floats)?.unwrap_or_default(),
    })
}

fn write_effective(effective: &Effective) -> JsValue {
    let Effective {
        rendered,
        spread,
        mass,
        theoretical,
        operations,
        drawn,
        draws,
    } = effective;
    let sum = Float64Array::from(&drawn.sum[..]);
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
        ("mass", plain(mass)),
        ("theoretical", plain(theoretical)),
        ("operations", (*operations).into()),
        (
            "drawn",
            object([("draws", drawn.draws.into()), ("sum", sum.into())]),
        ),
        ("draws", (*draws).into()),
    ])
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A network as it is being written, whose layers may be none yet. */
export interface UncheckedNetworkSpec {
  input: NetworkSpec["input"];
  layers: readonly { id: string; op: string; from?: string | string[]; [option: string]: unknown }[];
}
/** Where the positions of a map lie on the picture, in input pixels. */
export interface Lattice {
  /** The corner of the first position's square, whose middle is the centre of its field. */
  origin: [row: number, column: number];
  /** From each to the next. */
  step: [rows: number, columns: number];
}
export interface LatticedDescription extends NetworkDescription {
  /** Of the nodes, in their order; `null` for those that have no place on the picture. */
  lattices: (Lattice | null)[];
}
/** A rectangle in input pixels: pixel (r, c) covers r to r + 1 and c to c + 1. */
export interface Edges { top: number; left: number; bottom: number; right: number; }
/** First and last row or column, also outside; `null` if there are none. */
export type Span = [first: number, last: number] | null;
/** What one position sees. */
export interface FieldRegions {
  /** The input first, the node itself last. */
  nodes: {
    id: string;
    rows: Span;
    cols: Span;
    /** Rows and columns of it inside the map. */
    inside: [rows: [number, number], cols: [number, number]] | null;
    /** Where it lies on the picture. */
    edges: Edges | null;
  }[];
  /** The picture and the fields of all positions together. */
  world: Edges;
  /** The fields of the node's inputs, if these are not aligned. */
  branches: { id: string; rows: Span; cols: Span }[];
}
export interface EffectiveFieldOptions {
  /** Id of the node. */
  node: string;
  position: readonly [row: number, column: number];
  /** "uniform": every kernel takes the mean of what it sees. "random": of mean 0. */
  weights: "uniform" | "random";
  /** "linear": activations pass their input on, maxima are means. */
  activation: "linear" | "relu";
  /** Decides the weights. */
  seed: number;
  /** How many maps are averaged. */
  draws: number;
  theme: "light" | "dark";
}
/** How strongly each pixel acts on one position. */
export interface EffectiveField {
  /** Over the picture, at the size of the input. */
  map: LegendedPicture;
  /** Standard deviation in pixels, [rows, columns]; `null` if nothing acts. */
  sd: [number, number] | null;
  /** The fewest pixels that hold 95.45 %, their share of the field inside the picture, the side of a square as large. */
  area: { pixels: number; share: number; side: number };
  /** That square, around the mean. */
  mass: Edges | null;
  theoretical: Edges;
  /** Multiply-adds and their like that all draws take. */
  operations: number;
  /** The draws so far, for the next call. */
  drawn: Drawn;
  /** How many there are to be: those asked for, or one where nothing is random. */
  draws: number;
}
/** What the first draws of a measurement have come to. */
export interface Drawn {
  /** How many there were. */
  draws: number;
  /** The sum of their maps. */
  sum: Float64Array<ArrayBuffer>;
}
"#;
