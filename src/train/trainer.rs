//! A network that learns: one step after the other, each on a batch of examples.

use std::iter::zip;

use ndarray::{ArrayD, ArrayView4, ArrayViewD};

use crate::data::rng::Rng;
use crate::error::{Error, Result};
use crate::math::real::Real;
use crate::net::graph::{Graph, NodeId};
use crate::net::op::shape::Shape;
use crate::net::reference::training::TrainingNetwork;
use crate::net::reference::{Parameters, Pass, ReferenceNetwork};
use crate::net::refusal::{shortened, size_not_given};
use crate::net::weights::{Initial, Weights, next_seed, parameters};
use crate::train::clipping::{Clipping, clip_gradients, gradient_norm};
use crate::train::loss::{Loss, OPERATOR, Targets};
use crate::train::optimizer::{Optimizer, OptimizerOptions, Snapshot};

/// A network with its optimiser and the loss of its last node. Everything that does not depend on a
/// batch is decided when it is made.
#[derive(Clone, Debug)]
pub struct Trainer<F> {
    network: TrainingNetwork<F>,
    optimizer: Optimizer<F>,
    loss: Loss,
    clipping: Option<Clipping>,
    output: NodeId,
    /// How many arrays of each node learn: its first ones.
    learned: Vec<usize>,
    /// With the number of steps taken it decides what dropout leaves out.
    seed: u64,
}

/// How a network is trained.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainerOptions {
    /// What moves the parameters.
    pub optimizer: OptimizerOptions,
    /// What is made small.
    pub loss: Loss,
    /// What becomes of large gradients.
    pub clipping: Option<Clipping>,
    /// Ids of the layers whose parameters stay as they are. They take part in no penalty, and in no
    /// norm of the gradients; a batch norm among them uses its running statistics and keeps them.
    pub frozen: Vec<String>,
    /// Decides the initial weights and what dropout leaves out.
    pub seed: u64,
}

impl TrainerOptions {
    /// Cross-entropy without smoothing, no clipping, nothing frozen, seed 0.
    pub fn new(optimizer: OptimizerOptions) -> Self {
        TrainerOptions {
            optimizer,
            loss: Loss::default(),
            clipping: None,
            frozen: Vec::new(),
            seed: 0,
        }
    }
}

/// What a step found before it moved the parameters.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainingStep<F> {
    /// The mean loss of the batch.
    pub loss: F,
    /// The [`gradient_norm`] of all parameters that learn, without penalties and before clipping.
    pub gradient_norm: f64,
}

/// All that a [`Trainer`] has gathered since it was made. One with the same graph and options that
/// takes it over goes on bit for bit.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainerSnapshot<F> {
    /// The seed that decides, with the number of steps taken, what dropout leaves out.
    pub seed: u64,
    /// The optimiser's state, and with it the number of steps taken.
    pub optimizer: Snapshot<F>,
    /// All parameters and running statistics, node by node.
    pub weights: Parameters<F>,
}

impl<F: Real> Trainer<F> {
    /// The network of `graph` before its first step, with the weights that
    /// [`Initial::Random`] makes from the seed.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] if the graph gives no height and width, or its last node nothing that
    /// the loss takes; [`Error::LayerUnknown`] for a frozen id that no layer has;
    /// [`Error::TooLarge`] if weights and optimiser exceed the memory budget; as [`Optimizer::new`]
    /// for its options, and [`Error::OutOfRange`] or [`Error::NotFinite`] for those of the loss and of
    /// the clipping.
    pub fn new(graph: Graph, options: TrainerOptions) -> Result<Self> {
        let TrainerOptions {
            optimizer,
            loss,
            clipping,
            frozen,
            seed,
        } = options;
        let output = graph.last();
        check_input(graph[NodeId::INPUT].shape)?;
        loss.check(graph[output].shape)?;
        clipping.map_or(Ok(()), Clipping::check)?;
        let frozen = frozen_nodes(&graph, &frozen)?;
        let weights = Weights::new(&graph, output, Initial::Random { seed })?;
        let mut learned = vec![0; graph.nodes().len()];
        let mut shapes = Vec::new();
        let learns = |node: &NodeId| !frozen[node.index()] && !weights.of(*node).is_empty();
        for node in output.up_to().filter(learns) {
            let of_node = parameters(&graph, node)?.into_iter();
            let of_node = of_node.filter(|parameter| parameter.is_learned());
            let before = shapes.len();
            shapes.extend(of_node.map(|parameter| parameter.shape));
            learned[node.index()] = shapes.len() - before;
        }
        let shapes = shapes.iter().map(Vec::as_slice).collect::<Vec<_>>();
        Ok(Trainer {
            optimizer: Optimizer::new(optimizer, &shapes)?,
            network: TrainingNetwork::new(ReferenceNetwork::new(graph, weights), output, &frozen)?,
            loss,
            clipping,
            output,
            learned,
            seed,
        })
    }

    /// The network as it is now.
    pub fn network(&self) -> &ReferenceNetwork<F> {
        self.network.network()
    }

    /// What is made small.
    pub fn loss(&self) -> Loss {
        self.loss
    }

    /// What moves the parameters.
    pub fn optimizer(&self) -> &Optimizer<F> {
        &self.optimizer
    }

    /// Replaces parameters, all or, if one is refused, none. The optimiser keeps its state.
    ///
    /// # Errors
    /// As [`Weights::set`].
    pub fn load(&mut self, parameters: Parameters<F>) -> Result<()> {
        self.network.load(parameters)
    }

    /// Takes one step: forward with the statistics of the batch and with dropout, back, clipping, and
    /// the optimiser's update with its penalties.
    ///
    /// Batch norm's running statistics move as in PyTorch: by a tenth towards the batch's mean and
    /// its unbiased variance. NaN and infinity propagate.
    ///
    /// # Shapes
    /// `inputs` `[n, channels, height, width]` as the graph's input says, n at least 1 and free to
    /// change from step to step; labels `[n]`, values `[n, ...]` as the last node.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] for inputs or targets of another shape, [`Error::WrongType`] for the
    /// targets of another loss, [`Error::OutOfRange`] for a label that is no class; as
    /// [`ReferenceNetwork::forward`], and as [`Optimizer::step`] for the learning rate. Nothing has changed
    /// then.
    pub fn step(
        &mut self,
        inputs: ArrayView4<F>,
        targets: Targets<F>,
        learning_rate: f64,
    ) -> Result<TrainingStep<F>> {
        let output = self.network().graph()[self.output].shape;
        let batch_loss = self.loss.for_batch(targets, inputs.dim().0, output)?;
        let pass = self.network.forward(inputs, self.dropout_seed())?;
        let (loss, d_output) = batch_loss.of(self.output_of(&pass))?;
        let grads = self.network.weight_gradients(&pass, d_output.view())?;
        let mut grads = grads.into_iter().flatten().collect::<Vec<_>>();
        let gradient_norm = match self.clipping {
            Some(clipping) => clip_gradients(&mut grads, clipping)?,
            None => gradient_norm(&grads),
        };
        self.update(&grads, learning_rate)?;
        self.keep_running_statistics(&pass);
        Ok(TrainingStep {
            loss,
            gradient_norm,
        })
    }

    /// A copy of all that the steps so far have left.
    ///
    /// # Errors
    /// None for the weights of its own graph.
    pub fn snapshot(&self) -> Result<TrainerSnapshot<F>> {
        let weights = self.network().parameters()?.into_iter();
        let weights = weights.map(|(id, name, values)| (id.into(), name.into(), values.clone()));
        Ok(TrainerSnapshot {
            seed: self.seed,
            optimizer: self.optimizer.snapshot(),
            weights: weights.collect(),
        })
    }

    /// Goes on from `snapshot`, taken from a trainer of the same graph and options, whose seed may
    /// differ.
    ///
    /// # Errors
    /// [`Error::WrongType`] if it does not hold all parameters in their order; as [`Weights::set`] and
    /// [`Optimizer::restore`]. Nothing has changed then.
    pub fn restore(&mut self, snapshot: TrainerSnapshot<F>) -> Result<()> {
        self.check_parameters(&snapshot.weights)?;
        let mut optimizer = self.optimizer.clone();
        optimizer.restore(snapshot.optimizer)?;
        self.load(snapshot.weights)?;
        self.optimizer = optimizer;
        self.seed = snapshot.seed;
        Ok(())
    }

    fn check_parameters(&self, given: &Parameters<F>) -> Result<()> {
        let own = self.network().parameters()?.into_iter();
        let own = own.map(|(id, name, _)| (id, name)).collect::<Vec<_>>();
        let given = given.iter().map(|(id, name, _)| (&id[..], &name[..]));
        let given = given.collect::<Vec<_>>();
        let most = own.len().max(given.len());
        let Some(idx) = (0..most).find(|&idx| own.get(idx) != given.get(idx)) else {
            return Ok(());
        };
        let said = |parameter: Option<&(&str, &str)>| match parameter {
            Some((id, name)) => format!("the {name} of {}", shortened(id)),
            None => "nothing".into(),
        };
        Err(Error::WrongType {
            operator: OPERATOR,
            argument: format!("weights[{idx}]"),
            expected: said(own.get(idx)),
            got: said(given.get(idx)),
        })
    }

    /// What the next step's dropout is drawn from.
    fn dropout_seed(&self) -> u64 {
        let mut seeds = Rng::new(self.seed);
        seeds.skip(self.optimizer.steps());
        next_seed(&mut seeds)
    }

    #[expect(
        clippy::expect_used,
        reason = "a pass to the last node holds its values"
    )]
    fn output_of<'a>(&self, pass: &'a Pass<F>) -> ArrayViewD<'a, F> {
        pass.values(self.output).expect("values of the last node")
    }

    fn update(&mut self, grads: &[ArrayD<F>], learning_rate: f64) -> Result<()> {
        let nodes = self.network.network_mut().weights_mut().into_iter();
        let nodes = zip(nodes.flat_map(Weights::nodes_mut), &self.learned);
        let params = nodes.flat_map(|(arrays, &learned)| arrays.iter_mut().take(learned));
        let grads = grads.iter().collect();
        self.optimizer
            .step_in_place(params.collect(), grads, learning_rate)
    }

    fn keep_running_statistics(&mut self, pass: &Pass<F>) {
        let nodes = self.network.network_mut().weights_mut().into_iter();
        let nodes = nodes.flat_map(Weights::nodes_mut);
        for (node, arrays) in zip(self.output.up_to(), nodes) {
            if let (Some(running), [.., mean, variance]) =
                (pass.running_statistics(node), &mut arrays[..])
            {
                mean.assign(&running.mean);
                variance.assign(&running.variance);
            }
        }
    }
}

fn check_input(input: Shape) -> Result<()> {
    if input.values().is_some() {
        return Ok(());
    }
    Err(size_not_given(OPERATOR, input))
}

/// Which nodes the ids `frozen` name.
fn frozen_nodes(graph: &Graph, frozen: &[String]) -> Result<Vec<bool>> {
    let mut is_frozen = vec![false; graph.nodes().len()];
    for id in frozen {
        is_frozen[graph.find(id)?.index()] = true;
    }
    Ok(is_frozen)
}
