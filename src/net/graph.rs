//! A spec, checked: the layers in an order in which each follows its inputs, with their shapes.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap};

use crate::error::{self, Error, Result};
use crate::net::op::shape::{Shape, check_limits, output_shape};
use crate::net::spec::{INPUT, Layer, Op, Spec};

const OPERATOR: &str = "network";

/// Most layers of a network: ten times those of ResNet-152.
pub const LAYER_LIMIT: usize = 5000;

/// Longest id, in bytes.
pub const ID_LIMIT: usize = 200;

/// A network whose parts fit together.
#[derive(Clone, Debug)]
pub struct Graph {
    nodes: Vec<Node>,
}

/// A layer, or the input.
#[derive(Clone, Debug)]
pub struct Node {
    /// The name; [`INPUT`] for the input.
    pub id: String,
    /// What it computes; nothing for the input.
    pub op: Option<Op>,
    /// The nodes it takes its inputs from, as places in [`Graph::nodes`], all before its own.
    pub inputs: Vec<usize>,
    /// What leaves it.
    pub shape: Shape,
}

impl Graph {
    /// Checks `spec`, sorts its layers and works out their shapes.
    ///
    /// Layers that are in order already stay in it; the others follow their inputs as soon as they
    /// can.
    ///
    /// # Errors
    /// [`Error::WrongCount`] for layers too many or none; [`Error::LayerRepeated`],
    /// [`Error::LayerUnknown`] and [`Error::LayerCycle`]; [`Error::Layer`] with the layer's id
    /// around whatever its operator refuses.
    pub fn new(spec: &Spec) -> Result<Graph> {
        check_count(spec.layers.len())?;
        let places = places(&spec.layers)?;
        let inputs = resolved(&spec.layers, &places)?;
        let mut graph = Graph {
            nodes: vec![input(spec)?],
        };
        let mut sorted = vec![0; spec.layers.len() + 1];
        for place in order(&spec.layers, &inputs)? {
            let layer = &spec.layers[place - 1];
            let inputs = inputs[place - 1].iter().map(|&input| sorted[input]);
            let node = graph.node(layer, inputs.collect());
            sorted[place] = graph.nodes.len();
            graph
                .nodes
                .push(node.map_err(|error| within(layer, error))?);
        }
        Ok(graph)
    }

    /// The input and the layers, each after its inputs.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// The node of that id, as a place in [`Graph::nodes`].
    ///
    /// # Errors
    /// [`Error::LayerUnknown`].
    pub fn find(&self, id: &str) -> Result<usize> {
        let found = self.nodes.iter().position(|node| node.id == id);
        found.ok_or_else(|| unknown(id))
    }

    /// The shapes that enter the node at `place`.
    pub fn input_shapes(&self, place: usize) -> impl Iterator<Item = Shape> {
        let inputs = self.nodes[place].inputs.iter();
        inputs.map(|&input| self.nodes[input].shape)
    }

    fn node(&self, layer: &Layer, inputs: Vec<usize>) -> Result<Node> {
        let sources = inputs.iter().map(|&input| {
            let node = &self.nodes[input];
            (node.id.as_str(), node.shape)
        });
        let shape = output_shape(&layer.op, &sources.collect::<Vec<_>>())?;
        Ok(Node {
            id: layer.id.clone(),
            op: Some(layer.op.clone()),
            inputs,
            shape,
        })
    }
}

/// An id as errors quote it.
pub(crate) fn shortened(id: &str) -> String {
    error::shortened(id, 60)
}

/// Refuses a network without layers or with too many.
///
/// # Errors
/// [`Error::WrongCount`].
pub fn check_count(layers: usize) -> Result<()> {
    if (1..=LAYER_LIMIT).contains(&layers) {
        return Ok(());
    }
    Err(Error::WrongCount {
        operator: OPERATOR,
        argument: "layers",
        min: 1,
        max: LAYER_LIMIT,
        got: layers,
    })
}

fn input(spec: &Spec) -> Result<Node> {
    let shape = Shape::Map {
        channels: spec.input.channels,
        height: spec.input.height,
        width: spec.input.width,
    };
    check_limits(OPERATOR, shape).map_err(|reason| Error::Layer {
        operator: OPERATOR,
        layer: INPUT.into(),
        reason: Box::new(reason),
    })?;
    Ok(Node {
        id: INPUT.into(),
        op: None,
        inputs: Vec::new(),
        shape,
    })
}

fn within(layer: &Layer, reason: Error) -> Error {
    Error::Layer {
        operator: OPERATOR,
        layer: shortened(&layer.id),
        reason: Box::new(reason),
    }
}

fn unknown(id: &str) -> Error {
    Error::LayerUnknown {
        operator: OPERATOR,
        input: shortened(id),
    }
}

/// The place of each id: 0 is the input, the first layer 1.
fn places(layers: &[Layer]) -> Result<HashMap<&str, usize>> {
    let mut places = HashMap::from([(INPUT, 0)]);
    for (idx, layer) in layers.iter().enumerate() {
        if layer.id.is_empty() || layer.id.len() > ID_LIMIT {
            let reason = Error::WrongCount {
                operator: OPERATOR,
                argument: "bytes in an id",
                min: 1,
                max: ID_LIMIT,
                got: layer.id.len(),
            };
            return Err(within(layer, reason));
        }
        if places.insert(&layer.id, idx + 1).is_some() {
            return Err(Error::LayerRepeated {
                operator: OPERATOR,
                layer: shortened(&layer.id),
            });
        }
    }
    Ok(places)
}

/// The places of each layer's inputs.
fn resolved(layers: &[Layer], places: &HashMap<&str, usize>) -> Result<Vec<Vec<usize>>> {
    let of = |(idx, layer): (usize, &Layer)| {
        if layer.from.is_empty() {
            return Ok(vec![idx]);
        }
        let place = |id: &String| places.get(id.as_str()).copied().ok_or_else(|| unknown(id));
        let places = layer.from.iter().map(place).collect::<Result<Vec<_>>>();
        places.map_err(|error| within(layer, error))
    };
    layers.iter().enumerate().map(of).collect()
}

/// The layers' places, each after its inputs: of those that are ready, the first in the spec.
fn order(layers: &[Layer], inputs: &[Vec<usize>]) -> Result<Vec<usize>> {
    let mut users = vec![Vec::new(); layers.len() + 1];
    for (idx, inputs) in inputs.iter().enumerate() {
        for &input in inputs {
            users[input].push(idx + 1);
        }
    }
    let mut missing = inputs.iter().map(Vec::len).collect::<Vec<_>>();
    let mut ready = BinaryHeap::from([Reverse(0)]);
    let mut order = Vec::with_capacity(layers.len());
    while let Some(Reverse(place)) = ready.pop() {
        if place > 0 {
            order.push(place);
        }
        for &user in &users[place] {
            missing[user - 1] -= 1;
            if missing[user - 1] == 0 {
                ready.push(Reverse(user));
            }
        }
    }
    if order.len() == layers.len() {
        Ok(order)
    } else {
        Err(circle(layers, inputs, &missing))
    }
}

/// One of the circles among the layers that still miss inputs.
fn circle(layers: &[Layer], inputs: &[Vec<usize>], missing: &[usize]) -> Error {
    const SHOWN: usize = 8;
    let waits = |place: usize| place > 0 && missing[place - 1] > 0;
    let mut path = Vec::new();
    let mut visited = vec![None; layers.len() + 1];
    let mut next = (1..=layers.len()).find(|&place| waits(place));
    let mut start = 0;
    while let Some(place) = next {
        if let Some(step) = visited[place] {
            start = step;
            break;
        }
        visited[place] = Some(path.len());
        path.push(place);
        next = inputs[place - 1]
            .iter()
            .copied()
            .find(|&input| waits(input));
    }
    // Followed from a layer to its input; said from an input to its layer.
    let mut names = path[start..]
        .iter()
        .rev()
        .map(|&place| shortened(&layers[place - 1].id))
        .collect::<Vec<_>>();
    names.extend(names.first().cloned());
    if names.len() > SHOWN {
        names.splice(SHOWN / 2..names.len() - SHOWN / 2, ["…".into()]);
    }
    Error::LayerCycle {
        operator: OPERATOR,
        layers: names.join(" → "),
    }
}
