//! Which layers are computed together.

use crate::compute::convolution::Rounding;
use crate::net::graph::{Graph, NodeId};
use crate::net::op::shape::Shape;
use crate::net::spec::Op;
use crate::ops::activation::Activation;

/// A layer and those after it that are computed in the same step. A value is known by the node whose
/// output it is.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fused {
    /// The layer that gives the step its operator.
    pub main: NodeId,
    /// Layers that multiply and add channel by channel, in their order.
    pub affine: Vec<NodeId>,
    /// Least and greatest value, if an activation that only limits follows.
    pub clamp: Option<[f32; 2]>,
    /// The values it reads.
    pub inputs: Vec<NodeId>,
    /// The value it makes, that of the last of its layers.
    pub output: NodeId,
    /// How exactly a convolution computes, and in how much memory.
    pub rounding: Rounding,
}

/// The values of a network. Nodes whose output equals their input share its value.
#[derive(Clone, Debug)]
pub(super) struct Values {
    of: Vec<NodeId>,
    uses: Vec<usize>,
    /// The last layer that reads each value.
    user: Vec<Option<NodeId>>,
    kept: Vec<bool>,
}

impl Values {
    /// Those that the last node of `graph` depends on; each of the `kept` ones among them is read once
    /// more, after all steps.
    pub fn keeping(graph: &Graph, kept: &[NodeId]) -> Self {
        let needed = graph.ancestors(graph.last());
        let count = graph.nodes().len();
        let mut values = Values {
            of: graph.last().up_to().collect(),
            uses: vec![0; count],
            user: vec![None; count],
            kept: vec![false; count],
        };
        for (id, node) in graph.iter().skip(1) {
            match (&node.op, &node.inputs[..]) {
                (Some(op), &[input]) if passes_on(op, graph[input].shape, node.shape) => {
                    values.of[id.index()] = values.of(input);
                }
                _ if needed[id.index()] => {
                    for &input in &node.inputs {
                        let value = values.of(input).index();
                        values.uses[value] += 1;
                        values.user[value] = Some(id);
                    }
                }
                _ => {}
            }
        }
        let output = values.of(graph.last());
        values.uses[output.index()] += 1;
        for &node in kept.iter().filter(|node| needed[node.index()]) {
            let value = values.of(node).index();
            values.uses[value] += 1;
            values.kept[value] = true;
        }
        values
    }

    /// The values that are read after all steps; the network's output is not among them.
    pub fn kept(&self) -> impl Iterator<Item = NodeId> {
        let kept = self.of.iter().enumerate();
        kept.filter(|&(idx, &value)| self.kept[idx] && value.index() == idx)
            .map(|(_, &value)| value)
    }

    /// The value of a node's output.
    pub fn of(&self, node: NodeId) -> NodeId {
        self.of[node.index()]
    }

    /// How often a value is read; the network's output counts once more.
    pub fn uses(&self, value: NodeId) -> usize {
        self.uses[value.index()]
    }

    /// The layer that reads a value, if it is the only one and reads it once.
    fn only_user(&self, value: NodeId) -> Option<NodeId> {
        self.user[value.index()].filter(|_| self.uses(value) == 1)
    }
}

/// The steps that compute the last node of `graph`, each after those it depends on.
pub(super) fn fuse(graph: &Graph, values: &Values) -> Vec<Fused> {
    let mut steps = Vec::new();
    let mut taken = vec![false; graph.nodes().len()];
    let is_step = |id: NodeId| values.of(id) == id && values.uses(id) > 0;
    for (id, node) in graph.iter().skip(1) {
        if taken[id.index()] || !is_step(id) {
            continue;
        }
        let mut step = Fused {
            main: id,
            affine: Vec::new(),
            clamp: None,
            inputs: node.inputs.iter().map(|&input| values.of(input)).collect(),
            output: id,
            rounding: Rounding::Bounded,
        };
        while let Some(next) = values.only_user(step.output) {
            if !step.takes(graph, next) {
                break;
            }
            taken[next.index()] = true;
            step.output = next;
        }
        steps.push(step);
    }
    steps
}

impl Fused {
    /// Takes in the layer `next`, the only one that reads its output, if it can.
    fn takes(&mut self, graph: &Graph, next: NodeId) -> bool {
        let (Some(main), Some(op)) = (&graph[self.main].op, &graph[next].op) else {
            return false;
        };
        if self.clamp.is_some() {
            return false;
        }
        let channels_kept = graph[next].shape == graph[self.main].shape;
        if is_affine(op) && channels_kept && takes_affine(main) {
            self.affine.push(next);
            return true;
        }
        self.clamp = limits(op).filter(|_| takes_affine(main) || *main == Op::Add {});
        self.clamp.is_some()
    }
}

/// Whether the output of a layer with one input equals that input in inference.
fn passes_on(op: &Op, input: Shape, output: Shape) -> bool {
    match op {
        Op::Dropout { .. } | Op::Flatten {} | Op::Add {} | Op::Concat {} => true,
        // Regions of one pixel each.
        Op::AdaptivePool2d { .. } => input == output,
        _ => false,
    }
}

/// Whether a layer multiplies and adds channel by channel.
pub(super) fn is_affine(op: &Op) -> bool {
    matches!(
        op,
        Op::BatchNorm { .. } | Op::ChannelScale {} | Op::Scale { .. }
    )
}

fn takes_affine(main: &Op) -> bool {
    matches!(main, Op::Conv2d { .. } | Op::Dense { .. }) || is_affine(main)
}

/// Least and greatest value of an activation that only limits.
pub(super) fn limits(op: &Op) -> Option<[f32; 2]> {
    let Op::Activation { kind } = op else {
        return None;
    };
    match Activation::from_name(kind).ok()? {
        Activation::Relu => Some([0.0, f32::INFINITY]),
        Activation::Relu6 => Some([0.0, 6.0]),
        Activation::Hardtanh { min, max } => Some([min as f32, max as f32]),
        _ => None,
    }
}

/// Number of values of a shape whose extents are all given.
pub(super) fn length(shape: Shape) -> u64 {
    shape.values().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The layers of each step.
    fn steps(layers: &str) -> Vec<String> {
        let text = format!(
            r#"{{ "input": {{ "channels": 4, "height": 8, "width": 8 }}, "layers": {layers} }}"#
        );
        let graph = Graph::new(&serde_json::from_str(&text).unwrap()).unwrap();
        let id = |node: &NodeId| graph[*node].id.as_str();
        let names = |step: Fused| {
            let own = std::iter::once(&step.main).chain(&step.affine).map(id);
            let clamp = step.clamp.map(|_| id(&step.output)).into_iter();
            own.chain(clamp).collect::<Vec<_>>().join(" ")
        };
        fuse(&graph, &Values::keeping(&graph, &[]))
            .into_iter()
            .map(names)
            .collect()
    }

    #[test]
    fn a_residual_block_is_three_steps() {
        let layers = r#"[
            { "id": "conv1", "op": "conv2d", "channels": 4, "kernel": 3, "padding": 1 },
            { "id": "norm1", "op": "batchNorm" },
            { "id": "relu1", "op": "activation", "kind": "relu" },
            { "id": "drop", "op": "dropout", "probability": 0.5 },
            { "id": "conv2", "op": "conv2d", "channels": 4, "kernel": 3, "padding": 1 },
            { "id": "norm2", "op": "batchNorm" },
            { "id": "sum", "op": "add", "from": ["norm2", "input"] },
            { "id": "relu2", "op": "activation", "kind": "relu" }]"#;
        let expected = ["conv1 norm1 relu1", "conv2 norm2", "sum relu2"];
        assert_eq!(steps(layers), expected);
    }

    #[test]
    fn what_others_need_is_computed_by_itself_and_what_nothing_needs_not_at_all() {
        let layers = r#"[
            { "id": "conv", "op": "conv2d", "channels": 4, "kernel": 1 },
            { "id": "norm", "op": "batchNorm" },
            { "id": "aside", "op": "activation", "kind": "tanh" },
            { "id": "tanh", "op": "activation", "kind": "tanh", "from": "norm" },
            { "id": "sum", "op": "add", "from": ["conv", "tanh"] },
            { "id": "end", "op": "batchNorm" }]"#;
        assert_eq!(steps(layers), ["conv", "norm", "tanh", "sum", "end"]);
    }
}
