//! What a network learns: the parameters of its nodes, by name and shape, and their values.

use ndarray::{ArrayD, Axis};

use crate::compute::check_budget;
use crate::data::rng::Rng;
use crate::error::{Error, Result};
use crate::init::initializer::{Distribution, Initializer, Kaiming, within_limits};
use crate::math::real::Real;
use crate::net::graph::{Graph, shortened};
use crate::net::op::shape::Shape;
use crate::net::spec::Op;
use crate::ops::shape::check_shape;

const OPERATOR: &str = "network";

/// An array that a node computes with.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// `weights`, `bias`, `runningMean` or `runningVariance`.
    pub name: &'static str,
    /// As its operator in [`crate::ops`] takes it.
    pub shape: Vec<usize>,
    start: Start,
}

impl Parameter {
    /// Whether it is moved by its gradient; running statistics follow the batches instead.
    pub fn is_learned(&self) -> bool {
        !matches!(self.name, "runningMean" | "runningVariance")
    }

    /// Number of values, in `f64`, where no product overflows.
    pub(crate) fn count(&self) -> f64 {
        let extents = self.shape.iter().map(|&extent| extent as f64);
        extents.product()
    }
}

/// What a parameter is before anything is learned.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Start {
    /// As [`Initial`] says.
    Kernel,
    /// The same everywhere.
    Constant(f64),
}

/// Values of all kernels, also those of dense layers. Biases and shifts begin at 0, scales at 1, the
/// slopes of `prelu` at 1/4, the running statistics of `batchNorm` at mean 0 and variance 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Initial {
    /// Every weight is 1 / (kernel cells · input channels of its group): a mean.
    Uniform,
    /// Normal with the variance 2 / fan-in that keeps the size of a signal under ReLU, from a seed.
    /// A seed gives a node the same weights whichever others are initialised.
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
    /// Those of the node at `place` and of all it depends on.
    ///
    /// # Errors
    /// [`Error::TooLarge`] beyond the memory budget; [`Error::Layer`] around
    /// [`Error::ShapeMismatch`] for a dense layer whose number of inputs is not known.
    pub fn new(graph: &Graph, place: usize, initial: Initial) -> Result<Self> {
        let needed = ancestors(graph, place);
        let wanted = (0..=place).map(|idx| match needed[idx] {
            true => parameters(graph, idx),
            false => Ok(Vec::new()),
        });
        let wanted = wanted.collect::<Result<Vec<_>>>()?;
        let shapes = wanted.iter().flatten();
        let shapes = shapes.map(|parameter| &parameter.shape[..]);
        check_budget(OPERATOR, &shapes.collect::<Vec<_>>())?;
        let nodes = seeds(graph, initial).into_iter().zip(needed).enumerate();
        let nodes = nodes.map(|(idx, (seed, needed))| match needed {
            true => initialised(graph, idx, initial, seed),
            false => Ok(Vec::new()),
        });
        Ok(Weights {
            nodes: nodes.collect::<Result<_>>()?,
        })
    }

    /// The arrays of a node, in the order of [`parameters`]; none if it was left out.
    pub fn of(&self, place: usize) -> &[ArrayD<F>] {
        self.nodes.get(place).map_or(&[], Vec::as_slice)
    }

    /// The arrays of each node, to be changed in place.
    pub(crate) fn nodes_mut(&mut self) -> &mut [Vec<ArrayD<F>>] {
        &mut self.nodes
    }

    /// Replaces the parameter `name` of the layer `id`, unless that layer was left out. Weights of
    /// connections that a convolution has not are 0 whatever `values` holds.
    ///
    /// # Errors
    /// [`Error::LayerUnknown`] or [`Error::UnknownName`]; [`Error::Layer`] around
    /// [`Error::ShapeMismatch`].
    pub fn set(&mut self, graph: &Graph, id: &str, name: &str, values: ArrayD<F>) -> Result<()> {
        let Located {
            place,
            idx,
            parameter,
        } = locate(graph, id, name)?;
        let arrays = self.nodes.get_mut(place);
        let Some(old) = arrays.and_then(|arrays| arrays.get_mut(idx)) else {
            return Ok(());
        };
        check_shape(OPERATOR, parameter.name, old.shape(), values.shape())
            .map_err(|reason| within(&graph.nodes()[place].id, reason))?;
        *old = values;
        if parameter.start == Start::Kernel {
            keep_connections(graph.nodes()[place].op.as_ref(), old);
        }
        Ok(())
    }
}

/// A parameter with its place.
pub(crate) struct Located {
    /// That of its node.
    pub place: usize,
    /// Which of the node's parameters it is.
    pub idx: usize,
    pub parameter: Parameter,
}

/// The parameter `name` of the layer `id`.
///
/// # Errors
/// [`Error::LayerUnknown`] or [`Error::UnknownName`]; as [`parameters`].
pub(crate) fn locate(graph: &Graph, id: &str, name: &str) -> Result<Located> {
    let place = graph.find(id)?;
    let mut known = parameters(graph, place)?;
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
        place,
        idx,
        parameter: known.swap_remove(idx),
    })
}

/// The parameters of the node at `place`, in the order in which its operator takes them.
///
/// # Errors
/// [`Error::Layer`] around [`Error::ShapeMismatch`] if their number depends on an extent of the
/// input that is not given.
pub fn parameters(graph: &Graph, place: usize) -> Result<Vec<Parameter>> {
    let node = &graph.nodes()[place];
    let (Some(op), Some(input)) = (&node.op, graph.input_shapes(place).next()) else {
        return Ok(Vec::new());
    };
    let Some(in_channels) = input.channels() else {
        return match op {
            Op::Dense { .. } | Op::BatchNorm { .. } => Err(within(&node.id, unknown(input))),
            _ => Ok(Vec::new()),
        };
    };
    let weights = |start, shape: &[usize]| Parameter {
        name: "weights",
        shape: shape.to_vec(),
        start,
    };
    let vector = |name, value, length| Parameter {
        name,
        shape: vec![length],
        start: Start::Constant(value),
    };
    let biased = |weights, bias: bool, channels| {
        let bias = bias.then(|| vector("bias", 0.0, channels));
        std::iter::once(weights).chain(bias).collect::<Vec<_>>()
    };
    Ok(match *op {
        Op::Conv2d {
            channels,
            kernel: [rows, cols],
            groups,
            bias,
            ..
        } => {
            let shape = [channels, in_channels / groups, rows, cols];
            biased(weights(Start::Kernel, &shape), bias, channels)
        }
        Op::ConvTranspose2d {
            channels,
            kernel: [rows, cols],
            groups,
            bias,
            ..
        } => {
            let shape = [in_channels, channels / groups, rows, cols];
            biased(weights(Start::Kernel, &shape), bias, channels)
        }
        Op::Dense { features, bias } => biased(
            weights(Start::Kernel, &[features, in_channels]),
            bias,
            features,
        ),
        Op::Prelu {} => vec![vector("weights", 0.25, in_channels)],
        Op::BatchNorm { scale, .. } => {
            let scale = scale.then(|| vector("weights", 1.0, in_channels));
            let rest = [
                ("bias", 0.0),
                ("runningMean", 0.0),
                ("runningVariance", 1.0),
            ];
            let rest = rest.map(|(name, value)| vector(name, value, in_channels));
            scale.into_iter().chain(rest).collect()
        }
        Op::GroupNorm { .. } | Op::ChannelScale {} => vec![
            vector("weights", 1.0, in_channels),
            vector("bias", 0.0, in_channels),
        ],
        _ => Vec::new(),
    })
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

/// The arrays of the node at `place` from its seed.
///
/// # Errors
/// As [`Weights::new`].
pub(crate) fn initialised<F: Real>(
    graph: &Graph,
    place: usize,
    initial: Initial,
    seed: u64,
) -> Result<Vec<ArrayD<F>>> {
    let op = graph.nodes()[place].op.as_ref();
    let wanted = parameters(graph, place)?.into_iter();
    let values = wanted.map(|Parameter { shape, start, .. }| match start {
        Start::Constant(value) => Ok(ArrayD::from_elem(&shape[..], F::of(value))),
        Start::Kernel => kernel(op, &shape, initial, seed),
    });
    values.collect()
}

/// Whether the node at `place` depends on each node up to it; it does on itself.
pub(crate) fn ancestors(graph: &Graph, place: usize) -> Vec<bool> {
    let mut needed = vec![false; place + 1];
    needed[place] = true;
    for idx in (0..=place).rev().filter(|&idx| idx > 0) {
        if needed[idx] {
            for &input in &graph.nodes()[idx].inputs {
                needed[input] = true;
            }
        }
    }
    needed
}

/// A seed for what comes next, unrelated to those before.
pub(crate) fn next_seed(seeds: &mut Rng) -> u64 {
    const STEPS: f64 = (1_u64 << 53) as f64;
    (seeds.uniform() * STEPS) as u64
}

/// Sets to 0 the weights of the connections that a convolution has not.
pub(crate) fn keep_connections<F: Real>(op: Option<&Op>, weights: &mut ArrayD<F>) {
    let Some(connections) = connections(op) else {
        return;
    };
    for (mut weights, sees) in weights.axis_iter_mut(Axis(0)).zip(connections) {
        for (channel, mut weights) in weights.axis_iter_mut(Axis(0)).enumerate() {
            if !sees.contains(&channel) {
                weights.fill(F::zero());
            }
        }
    }
}

fn connections(op: Option<&Op>) -> Option<&Vec<Vec<usize>>> {
    match op {
        Some(Op::Conv2d { connections, .. }) => connections.as_ref(),
        _ => None,
    }
}

fn kernel<F: Real>(
    op: Option<&Op>,
    shape: &[usize],
    initial: Initial,
    seed: u64,
) -> Result<ArrayD<F>> {
    let cells = shape[2..].iter().product::<usize>();
    let summed = match op {
        Some(Op::ConvTranspose2d { groups, .. }) => shape[0] / groups * cells,
        _ => shape[1] * cells,
    };
    let mut weights = match initial {
        Initial::Uniform => ArrayD::from_elem(shape, F::of(1.0 / summed as f64)),
        Initial::Random { .. } => {
            let kaiming = Kaiming {
                distribution: Distribution::Normal,
                ..Kaiming::default()
            };
            within_limits(shape, Initializer::Kaiming(kaiming), seed)?
        }
    };
    if let Some(connections) = connections(op) {
        // A channel that sees fewer sums fewer.
        for (mut weights, sees) in weights.axis_iter_mut(Axis(0)).zip(connections) {
            let share = shape[1] as f64 / sees.len() as f64;
            let factor = match initial {
                Initial::Uniform => share,
                Initial::Random { .. } => share.sqrt(),
            };
            weights.mapv_inplace(|weight| weight * F::of(factor));
        }
        keep_connections(op, &mut weights);
    }
    Ok(weights)
}

fn unknown(input: Shape) -> Error {
    Error::ShapeMismatch {
        operator: OPERATOR,
        argument: "input",
        expected: "a given height and width".into(),
        got: input.to_string(),
    }
}

fn within(id: &str, reason: Error) -> Error {
    Error::Layer {
        operator: OPERATOR,
        layer: shortened(id),
        reason: Box::new(reason),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::reference::Network;
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
        let weights = Weights::<f64>::new(&graph, 6, Initial::Uniform).unwrap();
        let network = Network::new(graph, weights);
        let input = ndarray::Array4::from_elem([1, 3, 6, 5], 7.0);
        let pass = network.forward(input.view(), 6, false).unwrap();
        for place in 1..=6 {
            let values = pass.values(place).unwrap();
            assert!(
                values.iter().all(|value| (value - 7.0).abs() < 1e-13),
                "{values}"
            );
        }
    }

    #[test]
    fn what_is_not_connected_is_zero_and_stays_so() {
        let graph = graph(LAYERS);
        let mut weights = Weights::<f32>::new(&graph, 1, Initial::Random { seed: 3 }).unwrap();
        let zeros = |weights: &Weights<f32>| {
            weights.of(1)[0]
                .iter()
                .filter(|&&weight| weight == 0.0)
                .count()
        };
        // Seven of twelve kernels of six cells are there.
        assert_eq!(zeros(&weights), 5 * 6);
        let ones = ArrayD::from_elem(vec![4, 3, 2, 3], 1.0);
        weights.set(&graph, "a", "weights", ones).unwrap();
        assert_eq!(zeros(&weights), 5 * 6);
        assert_eq!(weights.of(1)[0].sum(), 42.0);
    }

    #[test]
    fn a_seed_gives_a_layer_its_weights_whatever_else_is_made() {
        let graph = graph(LAYERS);
        let initial = Initial::Random { seed: 5 };
        let all = Weights::<f32>::new(&graph, 6, initial).unwrap();
        let some = Weights::<f32>::new(&graph, 3, initial).unwrap();
        assert_eq!(all.of(3), some.of(3));
        assert!(some.of(4).is_empty());
        let other = Weights::<f32>::new(&graph, 3, Initial::Random { seed: 6 }).unwrap();
        assert_ne!(some.of(3), other.of(3));
        assert_ne!(
            all.of(3)[0].as_slice().unwrap()[..4],
            all.of(4)[0].as_slice().unwrap()[..4]
        );
        for (idx, seed) in seeds(&graph, initial).into_iter().enumerate() {
            let remade = initialised::<f32>(&graph, idx, initial, seed).unwrap();
            assert_eq!(all.of(idx), remade);
        }
    }

    #[test]
    fn parameters_that_are_not_there_are_refused() {
        let graph = graph(LAYERS);
        let mut weights = Weights::<f32>::new(&graph, 6, Initial::Uniform).unwrap();
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
