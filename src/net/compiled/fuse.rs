//! Which layers are computed together.

use crate::net::graph::Graph;
use crate::net::shape::Shape;
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
                (Some(op), &[input]) if passes_on(op) => of[idx] = of[input],
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

/// Whether a layer gives exactly what it takes, in inference.
fn passes_on(op: &Op) -> bool {
    matches!(
        op,
        Op::Dropout { .. } | Op::Flatten {} | Op::Add {} | Op::Concat {}
    )
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
