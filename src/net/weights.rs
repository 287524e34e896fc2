//! The values of a network's parameters, and what they start with.

use ndarray::{ArrayD, Axis};

use crate::compute::check_budget;
use crate::data::rng::Rng;
use crate::error::{Error, Result};
use crate::init::initializer::{Distribution, Initializer, Kaiming, within_limits};
use crate::math::real::Real;
use crate::net::graph::{Graph, NodeId};
use crate::net::op;
use crate::net::op::parameters::Role;
use crate::net::refusal::{in_layer, shortened, size_not_given};
use crate::net::spec::Op;
use crate::ops::shape::check_shape;

pub use crate::net::op::parameters::Parameter;

const OPERATOR: &str = "network";

/// What all kernels start with, those of dense layers too. Biases and shifts start at 0, scales at 1,
/// the slopes of `prelu` at 1/4, the running statistics of `batchNorm` at mean 0 and variance 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initial {
    /// Every weight is 1 / fan-in, so that an output is the mean of what it sees.
    Uniform,
    /// Normal with the variance 2 / fan-in, which keeps the size of a signal under ReLU. A seed gives
    /// a node the same weights whichever others are initialised.
    ///
    /// He, Zhang, Ren and Sun, arXiv:1502.01852, equation 10; for transposed convolutions the fan is
    /// that of the convolution they transpose, as in PyTorch.
    Random {
        /// Which of the random weights.
        seed: u64,
    },
}

/// The values of parameters, node by node.
#[derive(Clone, Debug, PartialEq)]
pub struct Weights<F> {
    nodes: Vec<Vec<ArrayD<F>>>,
}

impl<F: Real> Weights<F> {
    /// Those of `node` and of all nodes it depends on.
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond the memory budget; [`Error::Layer`] around
    /// [`Error::ShapeMismatch`] for a dense layer whose number of inputs is not known.
    pub fn new(graph: &Graph, node: NodeId, initial: Initial) -> Result<Self> {
        let needed = graph.ancestors(node);
        let wanted = node.up_to().map(|node| match needed[node.index()] {
            true => parameters(graph, node),
            false => Ok(Vec::new()),
        });
        let wanted = wanted.collect::<Result<Vec<_>>>()?;
        let shapes = wanted.iter().flatten();
        let shapes = shapes.map(|parameter| &parameter.shape[..]);
        check_budget(OPERATOR, &shapes.collect::<Vec<_>>())?;
        Self::partial(graph, node, initial, |node| {
            needed.get(node.index()) == Some(&true)
        })
    }

    /// Those of the `wanted` nodes up to `node` alone, however much memory they take.
    ///
    /// # Errors
    /// As [`parameters`].
    pub(crate) fn partial(
        graph: &Graph,
        node: NodeId,
        initial: Initial,
        wanted: impl Fn(NodeId) -> bool,
    ) -> Result<Self> {
        let nodes = node.up_to().zip(seeds(graph, initial));
        let nodes = nodes.map(|(node, seed)| match wanted(node) {
            true => initial_values(graph, node, initial, seed),
            false => Ok(Vec::new()),
        });
        Ok(Weights {
            nodes: nodes.collect::<Result<_>>()?,
        })
    }

    /// The arrays of a node, in the order of [`parameters`]; none if it was left out.
    pub fn of(&self, node: NodeId) -> &[ArrayD<F>] {
        self.nodes.get(node.index()).map_or(&[], Vec::as_slice)
    }

    /// The arrays of each node, to be changed in place.
    pub(crate) fn nodes_mut(&mut self) -> &mut [Vec<ArrayD<F>>] {
        &mut self.nodes
    }

    /// Replaces the parameter `name` of the layer `id`, unless that layer was left out. The weights of
    /// a convolution's missing connections are 0 whatever `values` holds.
    ///
    /// # Errors
    /// [`Error::LayerUnknown`] or [`Error::UnknownName`]; [`Error::Layer`] around
    /// [`Error::ShapeMismatch`].
    pub fn set(&mut self, graph: &Graph, id: &str, name: &str, values: ArrayD<F>) -> Result<()> {
        let Located {
            node,
            idx,
            parameter,
        } = locate(graph, id, name)?;
        let arrays = self.nodes.get_mut(node.index());
        let Some(old) = arrays.and_then(|arrays| arrays.get_mut(idx)) else {
            return Ok(());
        };
        check_shape(OPERATOR, parameter.name, old.shape(), values.shape())
            .map_err(|reason| in_layer(OPERATOR, &graph[node].id, reason))?;
        *old = values;
        if parameter.is_kernel() {
            keep_connections(graph[node].op.as_ref(), old);
        }
        Ok(())
    }
}

/// A parameter and where it is.
pub(crate) struct Located {
    pub node: NodeId,
    /// Which of the node's parameters it is.
    pub idx: usize,
    pub parameter: Parameter,
}

/// The parameter `name` of the layer `id`.
///
/// # Errors
/// [`Error::LayerUnknown`] or [`Error::UnknownName`]; as [`parameters`].
pub(crate) fn locate(graph: &Graph, id: &str, name: &str) -> Result<Located> {
    let node = graph.find(id)?;
    let mut known = parameters(graph, node)?;
    let Some(idx) = known.iter().position(|parameter| parameter.name == name) else {
        let names = known.iter().map(|parameter| parameter.name);
        return Err(Error::UnknownName {
            operator: OPERATOR,
            argument: "parameter".into(),
            expected: names.collect::<Vec<_>>().join(", "),
            got: shortened(name),
        });
    };
    Ok(Located {
        node,
        idx,
        parameter: known.swap_remove(idx),
    })
}

/// The parameters of `node`, in the order in which its operator takes them.
///
/// # Errors
/// [`Error::Layer`] around [`Error::ShapeMismatch`] if their number depends on an extent of the
/// input that is not given.
pub fn parameters(graph: &Graph, node: NodeId) -> Result<Vec<Parameter>> {
    let (Some(op), Some(input)) = (&graph[node].op, graph.input_shapes(node).next()) else {
        return Ok(Vec::new());
    };
    op::parameters::parameters(op, input)
        .ok_or_else(|| in_layer(OPERATOR, &graph[node].id, size_not_given(OPERATOR, input)))
}

/// The seed of each node.
pub(crate) fn seeds(graph: &Graph, initial: Initial) -> Vec<u64> {
    let mut seeds = match initial {
        Initial::Uniform => Rng::new(0),
        Initial::Random { seed } => Rng::new(seed),
    };
    let nodes = graph.nodes().iter();
    nodes.map(|_| next_seed(&mut seeds)).collect()
}

/// The arrays of `node` from its seed.
///
/// # Errors
/// As [`Weights::new`].
pub(crate) fn initial_values<F: Real>(
    graph: &Graph,
    node: NodeId,
    initial: Initial,
    seed: u64,
) -> Result<Vec<ArrayD<F>>> {
    let op = graph[node].op.as_ref();
    let parameters = parameters(graph, node)?;
    let values = parameters.iter().map(|parameter| {
        let initializer = match (parameter.role, initial) {
            (Role::PerChannel(value), _) => Initializer::Constant { value },
            (Role::Kernel { fan_in }, Initial::Uniform) => Initializer::Constant {
                value: 1.0 / fan_in as f64,
            },
            (Role::Kernel { .. }, Initial::Random { .. }) => Initializer::Kaiming(Kaiming {
                distribution: Distribution::Normal,
                ..Kaiming::default()
            }),
        };
        let mut values = within_limits(&parameter.shape, initializer, seed)?;
        if parameter.is_kernel() {
            scale_connections(op, initial, &mut values);
        }
        Ok(values)
    });
    values.collect()
}

/// A seed for what comes next, unrelated to those before.
pub(crate) fn next_seed(seeds: &mut Rng) -> u64 {
    const STEPS: f64 = (1_u64 << 53) as f64;
    (seeds.uniform() * STEPS) as u64
}

/// Sets to 0 the weights of a convolution's missing connections.
pub(crate) fn keep_connections<F: Real>(op: Option<&Op>, weights: &mut ArrayD<F>) {
    let Some(connections) = connections(op) else {
        return;
    };
    for (mut weights, seen) in weights.axis_iter_mut(Axis(0)).zip(connections) {
        for (channel, mut weights) in weights.axis_iter_mut(Axis(0)).enumerate() {
            if !seen.contains(&channel) {
                weights.fill(F::zero());
            }
        }
    }
}

fn connections(op: Option<&Op>) -> Option<&Vec<Vec<usize>>> {
    let Some(Op::Conv2d { connections, .. }) = op else {
        return None;
    };
    connections.as_ref()
}

/// Makes up for missing connections: a channel that sees fewer sums fewer.
fn scale_connections<F: Real>(op: Option<&Op>, initial: Initial, weights: &mut ArrayD<F>) {
    let Some(connections) = connections(op) else {
        return;
    };
    let in_channels = weights.shape()[1] as f64;
    for (mut weights, seen) in weights.axis_iter_mut(Axis(0)).zip(connections) {
        let share = in_channels / seen.len() as f64;
        let factor = match initial {
            Initial::Uniform => share,
            Initial::Random { .. } => share.sqrt(),
        };
        weights.mapv_inplace(|weight| weight * F::of(factor));
    }
    keep_connections(op, weights);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::reference::ReferenceNetwork;
    use crate::net::spec::Spec;

    fn graph(layers: &str) -> Graph {
        let spec = format!(
            r#"{{ "input": {{ "channels": 3, "height": 6, "width": 5 }}, "layers": [{layers}] }}"#
        );
        Graph::new(&serde_json::from_str::<Spec>(&spec).unwrap()).unwrap()
    }

    const LAYERS: &str = r#"
        { "id": "a", "op": "conv2d", "channels": 4, "kernel": [2, 3],
          "connections": [[0], [1, 2], [0, 1, 2], [2]] },
        { "id": "norm", "op": "batchNorm", "epsilon": 0 },
        { "id": "b", "op": "conv2d", "channels": 6, "kernel": 2, "groups": 2 },
        { "id": "up", "op": "convTranspose2d", "channels": 2, "kernel": 1, "groups": 2 },
        { "id": "flat", "op": "flatten" },
        { "id": "dense", "op": "dense", "features": 3 }"#;

    #[test]
    fn uniform_weights_leave_a_constant_as_it_is() {
        let graph = graph(LAYERS);
        let weights = Weights::<f64>::new(&graph, graph.last(), Initial::Uniform).unwrap();
        let last = graph.last();
        let network = ReferenceNetwork::new(graph, weights);
        let input = ndarray::Array4::from_elem([1, 3, 6, 5], 7.0);
        let pass = network.forward(input.view(), last, false).unwrap();
        for node in last.up_to() {
            let values = pass.values(node).unwrap();
            assert!(
                values.iter().all(|value| (value - 7.0).abs() < 1e-13),
                "{values}"
            );
        }
    }

    #[test]
    fn what_is_not_connected_is_zero_and_stays_so() {
        let graph = graph(LAYERS);
        let a = graph.find("a").unwrap();
        let mut weights = Weights::<f32>::new(&graph, a, Initial::Random { seed: 3 }).unwrap();
        let zeros = |weights: &Weights<f32>| {
            let kernel = weights.of(a)[0].iter();
            kernel.filter(|&&weight| weight == 0.0).count()
        };
        // Seven of twelve kernels of six cells are there.
        assert_eq!(zeros(&weights), 5 * 6);
        let ones = ArrayD::from_elem(vec![4, 3, 2, 3], 1.0);
        weights.set(&graph, "a", "weights", ones).unwrap();
        assert_eq!(zeros(&weights), 5 * 6);
        assert_eq!(weights.of(a)[0].sum(), 42.0);
    }

    #[test]
    fn a_seed_gives_a_layer_its_weights_whatever_else_is_made() {
        let graph = graph(LAYERS);
        let initial = Initial::Random { seed: 5 };
        let [b, up] = ["b", "up"].map(|id| graph.find(id).unwrap());
        let all = Weights::<f32>::new(&graph, graph.last(), initial).unwrap();
        let some = Weights::<f32>::new(&graph, b, initial).unwrap();
        assert_eq!(all.of(b), some.of(b));
        assert!(some.of(up).is_empty());
        let other = Weights::<f32>::new(&graph, b, Initial::Random { seed: 6 }).unwrap();
        assert_ne!(some.of(b), other.of(b));
        assert_ne!(
            all.of(b)[0].as_slice().unwrap()[..4],
            all.of(up)[0].as_slice().unwrap()[..4]
        );
        for (node, seed) in graph.last().up_to().zip(seeds(&graph, initial)) {
            let again = initial_values::<f32>(&graph, node, initial, seed).unwrap();
            assert_eq!(all.of(node), again);
        }
    }

    #[test]
    fn parameters_that_are_not_there_are_refused() {
        let graph = graph(LAYERS);
        let last = graph.last();
        let mut weights = Weights::<f32>::new(&graph, last, Initial::Uniform).unwrap();
        let mut refusal = |id: &str, name: &str| {
            let values = ArrayD::zeros(vec![5]);
            weights
                .set(&graph, id, name, values)
                .unwrap_err()
                .to_string()
        };
        assert_eq!(refusal("c", "bias"), "network: there is no layer c");
        assert_eq!(
            refusal("norm", "scale"),
            "network: parameter must be one of weights, bias, runningMean, runningVariance, got scale"
        );
        assert_eq!(
            refusal("dense", "bias"),
            "network: layer dense: network: bias must have shape [3], got [5]"
        );
    }
}
