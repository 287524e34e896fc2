//! Published networks side by side: what they cost, and the boxes of a drawing to scale.

use serde::Serialize;

use crate::error::{Error, Result};
use crate::net::analysis::describe::{Description, NodeDescription, describe};
use crate::net::graph::Graph;
use crate::net::zoo::find;

const OPERATOR: &str = "networksLabArchitecture";

/// The networks of the table, by their names in the zoo.
const NAMES: [&str; 8] = [
    "alexnet_2012",
    "vgg16",
    "googlenet_2014",
    "resnet18",
    "resnet50",
    "inception_v3",
    "mobilenet_v2",
    "efficientnet_lite0",
];

/// A network with its costs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Architecture {
    /// As in the zoo.
    pub name: &'static str,
    /// For people.
    pub title: &'static str,
    /// Of publication.
    pub year: u16,
    /// Whose implementation this is exact to.
    pub source: &'static str,
    /// `[channels, rows, columns]` of the input.
    pub input: Vec<Option<usize>>,
    /// Convolutions and dense layers.
    pub weighted_layers: usize,
    /// Numbers that are learned.
    pub parameters: f64,
    /// Those in dense layers.
    pub dense_parameters: f64,
    /// For one picture.
    pub multiply_adds: f64,
    /// Rows or columns that one position of the last maps sees.
    pub receptive_field: Option<f64>,
    /// Bytes of the outputs of all convolutions and dense layers in float32.
    pub map_bytes: f64,
    /// The boxes of its drawing, from the input to the classes.
    pub stages: Vec<Stage>,
}

/// A box of a drawing: a layer with weights, or a block of several.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Stage {
    /// Its id or the part that the ids of its layers begin with; `input` for the picture.
    pub name: String,
    /// The id of its last node.
    pub last: String,
    /// Number of layers with weights.
    pub layers: usize,
    /// Channels of its output.
    pub channels: usize,
    /// Rows of its output; 1 for a vector.
    pub side: usize,
    /// Learned numbers.
    pub parameters: f64,
    /// For one picture.
    pub multiply_adds: f64,
    /// Whether it adds its input to what it computes.
    pub adds_input: bool,
}

/// All networks of the table.
///
/// # Errors
/// None: all are of the zoo.
pub fn architectures() -> Result<Vec<Architecture>> {
    NAMES.iter().map(|name| architecture(name)).collect()
}

/// One network of the table.
///
/// # Errors
/// [`Error::UnknownName`].
pub fn architecture(name: &str) -> Result<Architecture> {
    let known = find(name).filter(|known| NAMES.contains(&known.name));
    let known = known.ok_or_else(|| Error::UnknownName {
        operator: OPERATOR,
        argument: "name".into(),
        expected: NAMES.join(", "),
        got: crate::error::shortened(name, 40),
    })?;
    let description = describe(&Graph::new(&(known.spec)())?)?;
    let Description { nodes, totals } = &description;
    let weighted = || nodes.iter().filter(|node| is_weighted(node));
    let dense = weighted().filter(|node| node.op == "dense");
    let last_map = nodes.iter().rev().find(|node| extents(&node.shape)[1] > 1);
    Ok(Architecture {
        name: known.name,
        title: known.title,
        year: known.year,
        source: known.source,
        input: nodes
            .first()
            .map(|node| node.shape.clone())
            .unwrap_or_default(),
        weighted_layers: weighted().count(),
        parameters: number(totals.cost.parameters),
        dense_parameters: dense.map(|node| number(node.cost.parameters)).sum(),
        multiply_adds: number(totals.cost.multiply_adds),
        receptive_field: last_map.and_then(|node| node.receptive_field.size[0]),
        map_bytes: weighted()
            .map(|node| number(node.cost.activation_bytes))
            .sum(),
        stages: stages(nodes),
    })
}

fn is_weighted(node: &NodeDescription) -> bool {
    matches!(node.op, "conv2d" | "dense")
}

fn number(value: Option<u64>) -> f64 {
    value.unwrap_or_default() as f64
}

/// The input and the blocks that have layers with weights; what others learn counts to the one before.
fn stages(nodes: &[NodeDescription]) -> Vec<Stage> {
    let mut stages: Vec<(String, Stage)> = Vec::new();
    for node in nodes {
        let name = block(&node.id);
        let [channels, side] = extents(&node.shape);
        match stages.last_mut() {
            Some((last, stage)) if *last == name => {
                stage.last.clone_from(&node.id);
                [stage.channels, stage.side] = [channels, side];
            }
            _ => stages.push((
                name.clone(),
                Stage {
                    name,
                    last: node.id.clone(),
                    layers: 0,
                    channels,
                    side,
                    parameters: 0.0,
                    multiply_adds: 0.0,
                    adds_input: false,
                },
            )),
        }
        if let Some((_, stage)) = stages.last_mut() {
            stage.layers += usize::from(is_weighted(node));
            stage.parameters += number(node.cost.parameters);
            stage.multiply_adds += number(node.cost.multiply_adds);
            stage.adds_input |= node.op == "add";
        }
    }
    let mut boxes: Vec<Stage> = Vec::new();
    for (_, stage) in stages {
        match boxes.last_mut() {
            // A normalisation or pooling with a name of its own.
            Some(last) if stage.layers == 0 => last.parameters += stage.parameters,
            _ => boxes.push(stage),
        }
    }
    boxes
}

/// What a layer belongs to: `layer1.0` for `layer1.0.conv2`, `inception_3a` for
/// `inception_3a.branch1.conv`; `features` and `classifier` are no blocks.
fn block(id: &str) -> String {
    let mut parts = id.split(['.', '/']);
    let first = parts.next().unwrap_or_default();
    match parts.next() {
        Some(second)
            if ["features", "classifier"].contains(&first)
                || second.bytes().all(|byte| byte.is_ascii_digit()) =>
        {
            format!("{first}.{second}")
        }
        _ => first.to_owned(),
    }
}

/// Channels and rows.
fn extents(shape: &[Option<usize>]) -> [usize; 2] {
    let extent = |axis: usize| shape.get(axis).copied().flatten().unwrap_or(1);
    [extent(0), extent(1)]
}
