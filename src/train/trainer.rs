//! A network that learns: one step after the other on batches of labelled examples.

use ndarray::{ArrayD, ArrayView4, aview1};

use crate::data::rng::Rng;
use crate::error::{Error, Result};
use crate::math::real::Real;
use crate::net::graph::Graph;
use crate::net::op::shape::Shape;
use crate::net::reference::{Network, Parameters, Pass, WeightGradients};
use crate::net::weights::{Initial, Weights, next_seed, parameters};
use crate::ops::loss::cross_entropy::{CrossEntropyOptions, cross_entropy, cross_entropy_backward};
use crate::ops::shape::check_shape;
use crate::train::optimizer::{Optimizer, OptimizerOptions};

const OPERATOR: &str = "Trainer";

/// A network with its optimiser. The loss is the softmax cross-entropy of the last node, whose values
/// are the logits of the classes, as a mean over the batch.
#[derive(Clone, Debug)]
pub struct Trainer<F> {
    network: Network<F>,
    optimizer: Optimizer<F>,
    last: usize,
    classes: usize,
    /// One for what dropout leaves out in each step.
    seeds: Rng,
}

impl<F: Real> Trainer<F> {
    /// The network of `graph` before its first step, with the weights that
    /// [`Initial::Random`] makes from `seed`. The seed also decides what dropout leaves out.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] if the graph gives no height and width, or its last node is no
    /// vector; [`Error::TooLarge`] if weights and optimiser exceed the memory budget; as
    /// [`Optimizer::new`] for its options.
    pub fn new(graph: Graph, options: OptimizerOptions, seed: u64) -> Result<Self> {
        let last = graph.nodes().len() - 1;
        let classes = classes(&graph, last)?;
        let weights = Weights::new(&graph, last, Initial::Random { seed })?;
        let mut shapes = Vec::new();
        for place in (1..=last).filter(|&place| !weights.of(place).is_empty()) {
            let learned = parameters(&graph, place)?.into_iter();
            let learned = learned.filter(|parameter| parameter.is_learned());
            shapes.extend(learned.map(|parameter| parameter.shape));
        }
        let shapes = shapes.iter().map(Vec::as_slice).collect::<Vec<_>>();
        Ok(Trainer {
            optimizer: Optimizer::new(options, &shapes)?,
            network: Network::new(graph, weights),
            last,
            classes,
            seeds: Rng::new(seed),
        })
    }

    /// The network as it is now.
    pub fn network(&self) -> &Network<F> {
        &self.network
    }

    /// Replaces parameters, all or, if one is refused, none. The optimiser keeps its state.
    ///
    /// # Errors
    /// As [`Weights::set`].
    pub fn load(&mut self, parameters: Parameters<F>) -> Result<()> {
        self.network.load(parameters)
    }

    /// Takes one step: forward with the statistics of the batch and with dropout, back, and the
    /// optimiser's update. Returns the loss before the update.
    ///
    /// Batch norm's running statistics move as in PyTorch: by a tenth towards the batch's mean and
    /// its unbiased variance. What is NaN or infinite is passed on.
    ///
    /// # Shapes
    /// `inputs` `[n, channels, height, width]` as the graph's input says, n at least 1; `labels`
    /// `[n]`, classes from 0.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] for inputs or labels of another shape; [`Error::OutOfRange`] for a
    /// label that is no class; as [`Network::forward`], and as [`Optimizer::step`] for the learning
    /// rate. No weight has changed then.
    pub fn step(&mut self, inputs: ArrayView4<F>, labels: &[i32], learning_rate: f64) -> Result<F> {
        self.check_labels(labels, inputs.dim().0)?;
        let seed = next_seed(&mut self.seeds);
        let pass = self.network.forward_in_training(inputs, self.last, seed)?;
        let (loss, d_weights) = self.loss_and_gradients(&pass, labels)?;
        self.update(&d_weights, learning_rate)?;
        self.keep_running_statistics(&pass);
        Ok(loss)
    }

    fn check_labels(&self, labels: &[i32], examples: usize) -> Result<()> {
        check_shape(OPERATOR, "labels", &[examples], &[labels.len()])?;
        if labels.is_empty() {
            return Err(Error::ShapeMismatch {
                operator: OPERATOR,
                argument: "labels",
                expected: "[at least 1]".into(),
                got: "[0]".into(),
            });
        }
        let classes = 0..self.classes as i64;
        match labels
            .iter()
            .find(|&&label| !classes.contains(&label.into()))
        {
            None => Ok(()),
            Some(&label) => Err(Error::OutOfRange {
                operator: OPERATOR,
                argument: "labels",
                min: 0.0,
                max: self.classes as f64 - 1.0,
                got: label.into(),
            }),
        }
    }

    /// The loss, and the gradients of the learned parameters node by node.
    #[expect(
        clippy::expect_used,
        reason = "a pass to the last node holds its values"
    )]
    fn loss_and_gradients(
        &self,
        pass: &Pass<F>,
        labels: &[i32],
    ) -> Result<(F, WeightGradients<F>)> {
        let options = CrossEntropyOptions::default();
        let logits = pass.values(self.last).expect("values of the last node");
        let labels = aview1(labels).into_dyn();
        let one = ArrayD::from_elem(vec![], F::one());
        let loss = cross_entropy(logits.view(), labels.view(), None, &options)?;
        let d_logits = cross_entropy_backward(logits, labels, None, one.view(), &options)?;
        let d_weights = self.network.weight_gradients(pass, d_logits.view())?;
        Ok((loss.sum(), d_weights))
    }

    fn update(&mut self, d_weights: &[Vec<ArrayD<F>>], learning_rate: f64) -> Result<()> {
        let nodes = self.network.weights_mut().into_iter();
        let nodes = nodes.flat_map(Weights::nodes_mut).zip(d_weights);
        // Running statistics stand behind the parameters that have gradients.
        let params = nodes.flat_map(|(arrays, grads)| arrays.iter_mut().take(grads.len()));
        let grads = d_weights.iter().flatten().collect();
        self.optimizer
            .step_in_place(params.collect(), grads, learning_rate)
    }

    fn keep_running_statistics(&mut self, pass: &Pass<F>) {
        let nodes = self.network.weights_mut().into_iter();
        for (place, arrays) in nodes.flat_map(Weights::nodes_mut).enumerate() {
            if let (Some(running), [.., mean, variance]) =
                (pass.running_statistics(place), &mut arrays[..])
            {
                mean.assign(&running.mean);
                variance.assign(&running.variance);
            }
        }
    }
}

/// How many classes the node at `last` tells apart.
fn classes(graph: &Graph, last: usize) -> Result<usize> {
    let mismatch = |argument, expected: &str, got: Shape| Error::ShapeMismatch {
        operator: OPERATOR,
        argument,
        expected: expected.into(),
        got: got.to_string(),
    };
    let [input, output] = [0, last].map(|place| graph.nodes()[place].shape);
    if input.values().is_none() {
        return Err(mismatch("input", "a given height and width", input));
    }
    match output {
        Shape::Vector {
            features: Some(classes),
        } => Ok(classes),
        _ => Err(mismatch("output", "[classes]", output)),
    }
}
