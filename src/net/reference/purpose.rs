//! What a pass is for, and which gradients that takes.

use crate::net::graph::{Graph, NodeId};

/// What a pass is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// All values, and all gradients: nothing is let go.
    Everything,
    /// A step of training: dropout leaves values out, and the weights alone get gradients, so nothing
    /// goes back further than the first of them.
    Training,
    /// The gradient at the input alone: a value is computed only if it depends on it, and let go as
    /// soon as nothing needs it.
    InputGradient,
}

impl Purpose {
    /// Whether weights get gradients.
    pub fn with_weights(self) -> bool {
        self != Purpose::InputGradient
    }

    /// Whether the input gets a gradient.
    pub fn with_input(self) -> bool {
        self != Purpose::Training
    }
}

/// Which gradients a backward pass computes, node by node.
#[derive(Clone, Debug)]
pub(super) struct GradientPlan {
    /// Whether the gradient at the node leads to one that is asked for.
    pub at: Vec<bool>,
    /// Whether the node's parameters get theirs.
    pub weights: Vec<bool>,
}

impl GradientPlan {
    /// `learns` says which nodes have parameters that may get gradients.
    pub fn new(graph: &Graph, purpose: Purpose, learns: impl Fn(NodeId) -> bool) -> GradientPlan {
        let mut plan = GradientPlan {
            at: vec![purpose.with_input()],
            weights: vec![false],
        };
        for (id, node) in graph.iter().skip(1) {
            let learns = purpose.with_weights() && learns(id);
            let leads = node.inputs.iter().any(|input| plan.at[input.index()]);
            plan.at.push(leads || learns);
            plan.weights.push(learns);
        }
        plan
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::spec::Spec;

    /// The nodes are the input, `low`, `act`, `flat`, `high` and `end`.
    fn plan(purpose: Purpose, learning: &[usize]) -> GradientPlan {
        let spec = r#"{ "input": { "channels": 1, "height": 4, "width": 4 }, "layers": [
            { "id": "low", "op": "conv2d", "channels": 2, "kernel": 3 },
            { "id": "act", "op": "activation", "kind": "relu" },
            { "id": "flat", "op": "flatten" },
            { "id": "high", "op": "dense", "features": 3 },
            { "id": "end", "op": "activation", "kind": "tanh" }] }"#;
        let graph = Graph::new(&serde_json::from_str::<Spec>(spec).unwrap()).unwrap();
        GradientPlan::new(&graph, purpose, |node| learning.contains(&node.index()))
    }

    #[test]
    fn gradients_go_no_further_back_than_to_the_first_node_that_learns() {
        let low = plan(Purpose::Training, &[1, 4]);
        assert_eq!(low.at, [false, true, true, true, true, true]);
        assert_eq!(low.weights, [false, true, false, false, true, false]);
        let high = plan(Purpose::Training, &[4]);
        assert_eq!(high.at, [false, false, false, false, true, true]);
        assert_eq!(plan(Purpose::Training, &[]).at, [false; 6]);
    }

    #[test]
    fn the_input_gets_a_gradient_if_it_is_asked_for() {
        let input = plan(Purpose::InputGradient, &[1, 4]);
        assert_eq!((input.at, input.weights), (vec![true; 6], vec![false; 6]));
        let everything = plan(Purpose::Everything, &[4]);
        assert_eq!(everything.at, [true; 6]);
        assert_eq!(
            everything.weights,
            [false, false, false, false, true, false]
        );
    }
}
