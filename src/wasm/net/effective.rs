//! Effective receptive fields.

use ndarray::{Array3, Ix3};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Error, Result};
use crate::net::analysis::effective::{
    Area, EffectiveReceptiveField, Learned, Measure, Question, Simplified,
    effective_receptive_field as measure,
};
use crate::net::graph::Graph;
use crate::net::spec::Spec;
use crate::net::weights::{Initial, Weights};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{self, Fields};
use crate::wasm::boundary::tensor::{read_tensor, write_tensor};
use crate::wasm::boundary::write::{array, object};
use crate::wasm::net::read::read_spec;

const OPERATOR: &str = "effectiveReceptiveField";

/// How strongly each pixel of a network's input acts on a unit: the gradient of the unit with respect
/// to the input, and how it is spread.
///
/// Options `{ node, position, units, channel, weights, input, seed, draws, linear, averagePooling,
/// measure }`; only `node` is needed.
#[wasm_bindgen(js_name = effectiveReceptiveField, unchecked_return_type = "EffectiveReceptiveField")]
pub fn effective_receptive_field(
    #[wasm_bindgen(unchecked_param_type = "NetworkSpec")] spec: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "EffectiveReceptiveFieldOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const KNOWN: [&str; 11] = [
        "node",
        "position",
        "units",
        "channel",
        "weights",
        "input",
        "seed",
        "draws",
        "linear",
        "averagePooling",
        "measure",
    ];
    let spec = read_spec(OPERATOR, spec)?;
    let fields = Fields::new(OPERATOR, options, &KNOWN)?;
    let node = fields.text("node")?;
    let given = read_given(&spec, &node, &fields)?;
    let input = fields.read("input", read_image)?;
    let default = Question::about(&node);
    let measures = [
        ("absolute", Measure::Absolute),
        ("squared", Measure::Squared),
    ];
    let question = Question {
        position: fields.pair("position")?,
        units: fields.pair("units")?.unwrap_or(default.units),
        channel: fields.whole("channel")?,
        weights: match &given {
            Some(weights) => Learned::Given(weights),
            None => read_random(&fields)?,
        },
        input: input.as_ref().map(|input| input.view()),
        seed: fields.whole("seed")?.unwrap_or(0) as u64,
        draws: fields.whole("draws")?.unwrap_or(default.draws),
        simplified: Simplified {
            linear: fields.boolean("linear")?.unwrap_or(false),
            average_pooling: fields.boolean("averagePooling")?.unwrap_or(false),
        },
        measure: fields.choice("measure", &measures)?.unwrap_or_default(),
        ..default
    };
    Ok(write(&measure(&spec, &question)?))
}

/// `weights` as the name of initial ones.
fn read_random<'a>(fields: &Fields) -> Result<Learned<'a, f32>> {
    let random = fields.choice("weights", &[("uniform", false), ("random", true)])?;
    Ok(match random {
        Some(true) => Learned::Random,
        _ => Learned::Uniform,
    })
}

/// `weights` as a list of `{ layer, name, values }`; `None` for anything else.
fn read_given(spec: &Spec, node: &str, fields: &Fields) -> Result<Option<Weights<f32>>> {
    let value = fields.get("weights")?;
    if !read::is_array(&value) {
        return Ok(None);
    }
    let graph = Graph::new(spec)?;
    let mut weights = Weights::new(&graph, graph.find(node)?, Initial::Uniform)?;
    for parameter in read::array(OPERATOR, "weights", &value)? {
        let parameter = Fields::new(OPERATOR, &parameter, &["layer", "name", "values"])?;
        let values = read_tensor(OPERATOR, "values", &parameter.get("values")?)?;
        let (layer, name) = (parameter.text("layer")?, parameter.text("name")?);
        weights.set(&graph, &layer, &name, values)?;
    }
    Ok(Some(weights))
}

/// A tensor `[channels, height, width]`.
fn read_image(value: &JsValue) -> Result<Array3<f32>> {
    let tensor = read_tensor(OPERATOR, "input", value)?;
    let got = format!("{:?}", tensor.shape());
    tensor
        .into_dimensionality::<Ix3>()
        .map_err(|_| Error::ShapeMismatch {
            operator: OPERATOR,
            argument: "input",
            expected: "[channels, height, width]".into(),
            got,
        })
}

fn write(field: &EffectiveReceptiveField) -> JsValue {
    let spread = &field.spread;
    let peak = if spread.peak > 0.0 { spread.peak } else { 1.0 };
    let map = field.map.mapv(|value| (value / peak) as f32);
    let pair = |pair: Option<[f64; 2]>| pair.map_or(JsValue::NULL, array);
    let whole = |pair: [i64; 2]| array(pair.map(|value| value as f64));
    let [rows, cols] = field.theoretical.map(whole);
    object([
        ("map", write_tensor(map.view())),
        ("origin", whole(field.origin)),
        ("position", array(field.position)),
        ("peak", spread.peak.into()),
        ("centre", pair(spread.centre)),
        ("sd", pair(spread.sd)),
        ("area", write_area(&spread.area)),
        ("above", write_area(&spread.above)),
        ("theoretical", object([("rows", rows), ("cols", cols)])),
        ("operations", field.operations.into()),
    ])
}

fn write_area(area: &Area) -> JsValue {
    object([
        ("pixels", area.pixels.into()),
        ("share", area.share.into()),
        ("radius", area.radius.into()),
        ("side", area.side.into()),
    ])
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What `effectiveReceptiveField` measures. Pairs are [rows, columns]. */
export interface EffectiveReceptiveFieldOptions {
  /** Id of the node. */
  node: string;
  /** The unit, or the first of several; the one in the middle of the map unless given. */
  position?: readonly [row: number, column: number];
  /** How many units, whose mean is measured; one unless given. */
  units?: Extents;
  /** The unit's channel; the sum of all unless given. */
  channel?: number;
  /**
   * "uniform" (the default): every kernel takes the mean of what it sees. "random": normal with mean
   * 0, new ones for each draw. Or values; parameters that are left out are as with "uniform".
   */
  weights?: "uniform" | "random" | readonly LayerParameter[];
  /** What the network looks at, [channels, height, width]; noise between 0 and 1 unless given. */
  input?: TensorLike;
  /** Decides weights and noise; 0 unless given. */
  seed?: number;
  /** How many maps are averaged; 1 unless given. */
  draws?: number;
  /** Activations, softmax and local response norm pass their input on. */
  linear?: boolean;
  /** Maxima and norms are replaced by means over the same windows. */
  averagePooling?: boolean;
  /** What of the gradient is averaged, and summed over the input's channels; "absolute" unless given. */
  measure?: "absolute" | "squared";
}

/** Values of one parameter: `weights`, `bias`, `runningMean` or `runningVariance`. */
export interface LayerParameter { layer: string; name: string; values: TensorLike; }

/** A number of pixels: their share of the map, the radius of a disc and the side of a square as large. */
export interface MapArea { pixels: number; share: number; radius: number; side: number; }

/** How strongly each pixel acts. `null` stands where nothing acts at all. */
export interface EffectiveReceptiveField {
  /** [rows, columns] of the theoretical field as far as it lies inside the input; 1 at the peak. */
  map: Tensor;
  /** Where the map's first pixel stands in the input. */
  origin: [row: number, column: number];
  /** The unit, or the first of several. */
  position: [row: number, column: number];
  /** The magnitude at the map's peak. */
  peak: number;
  /** The mean position of the map as a distribution, in input pixels. */
  centre: [row: number, column: number] | null;
  /** Its standard deviation along the rows' and the columns' axis, in pixels. */
  sd: [number, number] | null;
  /** The fewest pixels that hold 95.45 % of the map, as two standard deviations of a normal do. */
  area: MapArea;
  /** The pixels above 4.55 % of the peak. */
  above: MapArea;
  /** First and last row and column of the theoretical field, also outside the input. */
  theoretical: { rows: [number, number]; cols: [number, number] };
  /** What it took: multiply-adds and their like, at most so many. */
  operations: number;
}
"#;
