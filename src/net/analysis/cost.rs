//! What a network costs: the costs of its nodes, and their sums.

use std::iter::Sum;
use std::ops::Add;

use crate::error::Result;
use crate::net::graph::{Graph, Node, NodeId};
use crate::net::op::cost::Cost;
use crate::net::refusal::in_layer;

const OPERATOR: &str = "describe";

impl Cost {
    const NOTHING: Cost = Cost {
        parameters: Some(0),
        buffers: Some(0),
        multiply_adds: Some(0),
        activation_bytes: Some(0),
    };
}

impl Add for Cost {
    type Output = Cost;

    /// No sum of the costs of [`costs`] overflows.
    fn add(self, other: Cost) -> Cost {
        let sum = |one: Option<u64>, other: Option<u64>| Some(one? + other?);
        Cost {
            parameters: sum(self.parameters, other.parameters),
            buffers: sum(self.buffers, other.buffers),
            multiply_adds: sum(self.multiply_adds, other.multiply_adds),
            activation_bytes: sum(self.activation_bytes, other.activation_bytes),
        }
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Cost>>(costs: I) -> Cost {
        costs.fold(Cost::NOTHING, Cost::add)
    }
}

/// The cost of each node, in their order.
///
/// # Errors
/// [`Error::Layer`](crate::error::Error::Layer) around
/// [`Error::OutOfRange`](crate::error::Error::OutOfRange) if the network up to that layer costs more
/// than can be counted exactly.
pub fn costs(graph: &Graph) -> Result<Vec<Cost>> {
    let mut total = Cost::NOTHING;
    let cost = |(node, Node { id, op, shape, .. }): (NodeId, &Node)| {
        let input = graph.input_shapes(node).next();
        let cost = Cost::of(op.as_ref(), input, *shape).and_then(|cost| {
            total = total + cost;
            total.check()?;
            Ok(cost)
        });
        cost.map_err(|reason| in_layer(OPERATOR, id, reason))
    };
    graph.iter().map(cost).collect()
}
