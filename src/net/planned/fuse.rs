//! Which layers are computed together.

use crate::compute::convolution::Rounding;
use crate::net::graph::Graph;
use crate::net::op::shape::Shape;
use crate::net::spec::Op;
use crate::net::weights::ancestors;
use crate::ops::activation::Activation;

/// A layer with those after it that are computed in the same step.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Fused {
    /// The layer that gives the step its operator.
    pub main: usize,
    /// Layers that multiply and add channel by channel, in their order.
    pub affine: Vec<usize>,
    /// Least and greatest value, if an activation that only limits follows.
    pub clamp: Option<[f32; 2]>,
    /// The values that it takes.
    pub inputs: Vec<usize>,
    /// The value that it makes, that of the last of its layers.
    pub output: usize,
    /// How exactly a convolution computes, and in how much memory.
    pub rounding: Rounding,
}

/// The values of a network: those of its nodes, where layers that pass on what they get have none of
/// their own.
#[derive(Clone, Debug)]
pub(super) struct Values {
    /// For each node whose value it has.
    pub of: Vec<usize>,
    /// How often a value is taken; the network's output counts once more.
    pub uses: Vec<usize>,
    /// The last layer that takes it.
    user: Vec<Option<usize>>,
}

impl Values {
    /// Those that the last node of `graph` depends on.
    pub fn new(graph: &Graph) -> Self {
        let last = graph.nodes().len() - 1;
        let needed = ancestors(graph, last);
        let mut of = (0..=last).collect::<Vec<_>>();
        let (mut uses, mut user) = (vec![0; last + 1], vec![None; last + 1]);
        for (idx, node) in graph.nodes().iter().enumerate().skip(1) {
            match (&node.op, &node.inputs[..]) {
                (Some(op), &[input]) if passes_on(op, graph.nodes()[input].shape, node.shape) => {
                    of[idx] = of[input];
                }
                _ if needed[idx] => node.inputs.iter().for_each(|&input| {
                    uses[of[input]] += 1;
                    user[of[input]] = Some(idx);
                }),
                _ => {}
            }
        }
        uses[of[last]] += 1;
        Values { of, uses, user }
    }

    /// The layer that takes a value, if it is one alone and nothing else does.
    fn only_user(&self, value: usize) -> Option<usize> {
        self.user[value].filter(|_| self.uses[value] == 1)
    }
}

/// The steps that compute the last node of `graph`, each after those it depends on.
pub(super) fn fuse(graph: &Graph, values: &Values) -> Vec<Fused> {
    let mut steps = Vec::new();
    let mut taken = vec![false; graph.nodes().len()];
    let is_step = |idx: usize| values.of[idx] == idx && values.uses[idx] > 0;
    for (idx, node) in graph.nodes().iter().enumerate().skip(1) {
        if taken[idx] || !is_step(idx) {
            continue;
        }
        let mut step = Fused {
            main: idx,
            affine: Vec::new(),
            clamp: None,
            inputs: node.inputs.iter().map(|&input| values.of[input]).collect(),
            output: idx,
            rounding: Rounding::Bounded,
        };
        while let Some(next) = values.only_user(step.output) {
            if !step.takes(graph, next) {
                break;
            }
            taken[next] = true;
            step.output = next;
        }
        steps.push(step);
    }
    steps
}

impl Fused {
    /// Takes in the layer `next`, the only one that takes its output, if it can.
    fn takes(&mut self, graph: &Graph, next: usize) -> bool {
        let (Some(main), Some(op)) = (&graph.nodes()[self.main].op, &graph.nodes()[next].op) else {
            return false;
        };
        if self.clamp.is_some() {
            return false;
        }
        let channels_kept = graph.nodes()[next].shape == graph.nodes()[self.main].shape;
        if is_affine(op) && channels_kept && takes_affine(main) {
            self.affine.push(next);
            return true;
        }
        self.clamp = limits(op).filter(|_| takes_affine(main) || *main == Op::Add {});
        self.clamp.is_some()
    }
}

/// Whether a layer of one input gives exactly what it takes, in inference.
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
        let id = |place: &usize| graph.nodes()[*place].id.as_str();
        let names = |step: Fused| {
            let own = std::iter::once(&step.main).chain(&step.affine).map(id);
            let clamp = step.clamp.map(|_| id(&step.output)).into_iter();
            own.chain(clamp).collect::<Vec<_>>().join(" ")
        };
        fuse(&graph, &Values::new(&graph))
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
