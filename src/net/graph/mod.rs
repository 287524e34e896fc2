//! A spec, checked: the layers in an order in which each follows its inputs, with their shapes.

mod node_id;
mod order;

use std::ops::Index;

use crate::error::{Error, Result};
use crate::net::op::output_shape::output_shape;
use crate::net::op::shape::{Shape, check_limits};
use crate::net::refusal::{in_layer, unknown_layer};
use crate::net::spec::{INPUT, Layer, Op, Spec};

pub use node_id::NodeId;

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
    /// What it computes; `None` for the input.
    pub op: Option<Op>,
    /// The nodes it takes its inputs from, all before it.
    pub inputs: Vec<NodeId>,
    /// The shape of its output.
    pub shape: Shape,
}

impl Graph {
    /// Checks `spec`, sorts its layers and works out their shapes.
    ///
    /// Layers that are in order already stay in it; the others come as soon after their inputs as
    /// they can.
    ///
    /// # Errors
    /// [`Error::WrongCount`] for no layers or too many; [`Error::LayerRepeated`],
    /// [`Error::LayerUnknown`] and [`Error::LayerCycle`]; [`Error::Layer`] with the layer's id
    /// around whatever its operator refuses.
    pub fn new(spec: &Spec) -> Result<Graph> {
        check_count(spec.layers.len())?;
        let inputs = order::inputs(&spec.layers)?;
        let mut graph = Graph {
            nodes: vec![input(spec)?],
        };
        let mut sorted = vec![NodeId::INPUT; spec.layers.len() + 1];
        for number in order::order(&spec.layers, &inputs)? {
            let layer = &spec.layers[number - 1];
            let inputs = inputs[number - 1].iter().map(|&input| sorted[input]);
            let node = graph.node(layer, inputs.collect());
            sorted[number] = NodeId::new(graph.nodes.len());
            graph
                .nodes
                .push(node.map_err(|reason| in_layer(OPERATOR, &layer.id, reason))?);
        }
        Ok(graph)
    }

    /// The input and the layers, each after its inputs.
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// As [`Graph::nodes`], with their ids.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (NodeId, &Node)> + ExactSizeIterator {
        let nodes = self.nodes.iter().enumerate();
        nodes.map(|(index, node)| (NodeId::new(index), node))
    }

    /// The last node.
    pub fn last(&self) -> NodeId {
        NodeId::new(self.nodes.len() - 1)
    }

    /// The node whose name is `id`.
    ///
    /// # Errors
    /// [`Error::LayerUnknown`].
    pub fn find(&self, id: &str) -> Result<NodeId> {
        let found = self.nodes.iter().position(|node| node.id == id);
        let found = found.ok_or_else(|| unknown_layer(OPERATOR, id))?;
        Ok(NodeId::new(found))
    }

    /// The shapes of the inputs of `node`.
    pub fn input_shapes(&self, node: NodeId) -> impl Iterator<Item = Shape> {
        let inputs = self[node].inputs.iter();
        inputs.map(|&input| self[input].shape)
    }

    /// Whether `node` depends on each node up to it; it does on itself.
    pub(crate) fn ancestors(&self, node: NodeId) -> Vec<bool> {
        let mut needed = vec![false; node.index() + 1];
        needed[node.index()] = true;
        for node in node.up_to().rev() {
            if needed[node.index()] {
                for input in &self[node].inputs {
                    needed[input.index()] = true;
                }
            }
        }
        needed
    }

    fn node(&self, layer: &Layer, inputs: Vec<NodeId>) -> Result<Node> {
        let sources = inputs.iter().map(|&input| {
            let node = &self[input];
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

impl Index<NodeId> for Graph {
    type Output = Node;

    fn index(&self, node: NodeId) -> &Node {
        &self.nodes[node.index()]
    }
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
    check_limits(OPERATOR, shape).map_err(|reason| in_layer(OPERATOR, INPUT, reason))?;
    Ok(Node {
        id: INPUT.into(),
        op: None,
        inputs: Vec::new(),
        shape,
    })
}
