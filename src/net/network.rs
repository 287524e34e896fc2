//! A network that runs: forward through the operators of its layers, and backward from a gradient at
//! one node to the input and to the weights.
//!
//! One layer after the other, each by its function of [`crate::ops`], and only the node asked for
//! with what it depends on. `dropout` passes everything; `batchNorm` normalises by its running
//! statistics (mean 0 and variance 1 unless they are given), or on request by those of the batch.

pub(crate) mod layer;
mod memory;
mod operations;
pub(crate) mod operator;
mod pass;
pub(crate) mod plan;
mod reach;

use std::borrow::Cow;

use ndarray::{ArrayD, ArrayView4, ArrayViewD, IxDyn};

use crate::error::{Error, Result};
use crate::net::graph::{Graph, shortened};
use crate::net::weights::{Initial, Weights, initialised, parameters, seeds};
use crate::ops::shape::check_shape;
use crate::real::Real;

use layer::{Layer, LayerGradients};
use memory::Memory;
use operator::Operator;
use plan::{Plan, whole};

pub use pass::Pass;
pub(crate) use pass::Purpose;

const OPERATOR: &str = "network";

/// A graph with the values of its parameters.
#[derive(Clone, Debug)]
pub struct Network<F> {
    graph: Graph,
    weights: Source<F>,
}

/// Where the values of parameters come from.
#[derive(Clone, Debug)]
enum Source<F> {
    Held(Weights<F>),
    /// Made each time a layer is computed, each from a seed.
    Remade(Initial, Vec<u64>),
}

/// Gradients of a loss.
#[derive(Clone, Debug)]
pub struct Gradients<F> {
    /// With respect to the input, of its shape.
    pub d_input: ArrayD<F>,
    d_weights: Vec<Vec<ArrayD<F>>>,
}

impl<F: Real> Network<F> {
    /// The network of `graph` with `weights`, which were made for it.
    pub fn new(graph: Graph, weights: Weights<F>) -> Self {
        Network {
            graph,
            weights: Source::Held(weights),
        }
    }

    /// The same network as with [`Weights::new`] in less memory and more time.
    pub(crate) fn remaking(graph: Graph, initial: Initial) -> Self {
        let seeds = seeds(&graph, initial);
        Network {
            graph,
            weights: Source::Remade(initial, seeds),
        }
    }

    /// Its layers.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The values of the node at `place` and of all it depends on.
    ///
    /// # Shapes
    /// `input` `[n, channels, height, width]` as the graph's input says.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] if the input has another shape, the graph gives none, or the weights
    /// were not made for the node; [`Error::TooLarge`] beyond the memory budget for this pass and the
    /// backward pass; [`Error::Layer`] around what an operator refuses.
    pub fn forward(
        &self,
        input: ArrayView4<F>,
        place: usize,
        batch_statistics: bool,
    ) -> Result<Pass<F>> {
        let shape = self.graph.nodes()[0].shape;
        let (Some(map), Some(part)) = (whole(shape), whole(self.graph.nodes()[place].shape)) else {
            return Err(Error::ShapeMismatch {
                operator: OPERATOR,
                argument: "input",
                expected: "a given height and width".into(),
                got: shape.to_string(),
            });
        };
        let mut plan = Plan::new(&self.graph, place, part, batch_statistics)?;
        // A stride may leave the last rows and columns out; they are taken all the same.
        plan.parts[0] = Some(map);
        self.run(input, plan, Purpose::Everything)
    }

    /// The values that `plan` names, from the part of an input that it names.
    ///
    /// # Errors
    /// As [`Network::forward`].
    pub(crate) fn run(
        &self,
        input: ArrayView4<F>,
        plan: Plan,
        purpose: Purpose,
    ) -> Result<Pass<F>> {
        let examples = input.dim().0;
        let operators = self.operators(&plan)?;
        let memory = Memory::new(&self.graph, &plan, &operators, purpose);
        let held = matches!(self.weights, Source::Held(_));
        memory.check::<F>(&self.graph, &plan, examples, held)?;
        let mut pass = Pass {
            values: vec![None; plan.parts.len()],
            plan,
            operators,
            examples,
            purpose,
        };
        let expected = pass.shape(&self.graph, 0, pass.plan.parts[0]);
        check_shape(OPERATOR, "input", &expected, input.shape())?;
        pass.values[0] = Some(input.to_owned().into_dyn());
        for (idx, node) in self.graph.nodes()[..=pass.plan.place].iter().enumerate() {
            let (true, Some(operator)) = (memory.is_computed(idx), pass.operators[idx]) else {
                continue;
            };
            let weights = self.weights(idx)?;
            let layer = Layer {
                op: node.op.as_ref(),
                operator,
                weights: &weights,
            };
            let zero = ArrayD::zeros(IxDyn(&[]));
            let inputs = pass.inputs(&self.graph, idx, &zero);
            let output = layer
                .forward(&inputs)
                .map_err(|error| within(&node.id, error))?;
            pass.values[idx] = Some(pass.cut(idx, output));
            for &idle in memory.idle_after(idx) {
                pass.values[idle] = None;
            }
        }
        Ok(pass)
    }

    /// The gradients of sum(output · `d_output`), where `output` is the node that `pass` went to.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] if `d_output` is not shaped like the output; [`Error::Layer`] around
    /// what an operator refuses.
    pub fn backward(&self, pass: &Pass<F>, d_output: ArrayViewD<F>) -> Result<Gradients<F>> {
        let plan = &pass.plan;
        let expected = pass.shape(&self.graph, plan.place, plan.parts[plan.place]);
        check_shape(OPERATOR, "dOutput", &expected, d_output.shape())?;
        let with_weights = pass.purpose == Purpose::Everything;
        let mut d_weights = vec![Vec::new(); plan.parts.len()];
        let mut d_values: Vec<Option<ArrayD<F>>> = vec![None; plan.parts.len()];
        d_values[plan.place] = Some(d_output.to_owned());
        for idx in (1..=plan.place).rev() {
            let (Some(d_value), Some(operator)) = (d_values[idx].take(), pass.operators[idx])
            else {
                continue;
            };
            let node = &self.graph.nodes()[idx];
            let weights = self.weights(idx)?;
            let layer = Layer {
                op: node.op.as_ref(),
                operator,
                weights: &weights,
            };
            let zero = ArrayD::zeros(IxDyn(&[]));
            let inputs = pass.inputs(&self.graph, idx, &zero);
            let d_computed = pass.widen(&self.graph, idx, d_value);
            let LayerGradients {
                d_inputs,
                d_weights: found,
            } = layer
                .backward(&inputs, d_computed.view(), with_weights)
                .map_err(|error| within(&node.id, error))?;
            for (&input, d_input) in node.inputs.iter().zip(d_inputs) {
                pass.add(&self.graph, &mut d_values[input], [idx, input], d_input);
            }
            if with_weights {
                d_weights[idx] = found;
            }
        }
        let shape = pass.shape(&self.graph, 0, plan.parts[0]);
        Ok(Gradients {
            d_input: d_values[0].take().unwrap_or_else(|| ArrayD::zeros(shape)),
            d_weights,
        })
    }

    fn operators(&self, plan: &Plan) -> Result<Vec<Option<Operator>>> {
        let nodes = self.graph.nodes().iter().zip(&plan.stages).enumerate();
        nodes
            .map(|(idx, (node, stage))| {
                let (Some(op), Some(stage)) = (&node.op, stage) else {
                    return Ok(None);
                };
                self.check_weights(idx)?;
                Operator::new(op, stage, plan.batch_statistics).map(Some)
            })
            .collect()
    }

    fn check_weights(&self, place: usize) -> Result<()> {
        let Source::Held(weights) = &self.weights else {
            return Ok(());
        };
        let expected = parameters(&self.graph, place)?.into_iter();
        let expected = expected
            .map(|parameter| parameter.shape)
            .collect::<Vec<_>>();
        let got = weights.of(place).iter();
        let got = got
            .map(|weights| weights.shape().to_vec())
            .collect::<Vec<_>>();
        // Where a layer was replaced by a simpler one, it has more than it needs.
        if got.starts_with(&expected) {
            return Ok(());
        }
        let reason = Error::ShapeMismatch {
            operator: OPERATOR,
            argument: "weights",
            expected: format!("{expected:?}"),
            got: format!("{got:?}"),
        };
        Err(within(&self.graph.nodes()[place].id, reason))
    }

    fn weights(&self, place: usize) -> Result<Cow<'_, [ArrayD<F>]>> {
        match &self.weights {
            Source::Held(weights) => Ok(Cow::Borrowed(weights.of(place))),
            Source::Remade(initial, seeds) => {
                initialised(&self.graph, place, *initial, seeds[place]).map(Cow::Owned)
            }
        }
    }
}

impl<F> Gradients<F> {
    /// The gradients of the learned parameters of the node at `place`, in the order of
    /// [`parameters`]: running statistics have none.
    pub fn weights(&self, place: usize) -> &[ArrayD<F>] {
        self.d_weights.get(place).map_or(&[], Vec::as_slice)
    }
}

fn within(id: &str, reason: Error) -> Error {
    Error::Layer {
        operator: OPERATOR,
        layer: shortened(id),
        reason: Box::new(reason),
    }
}
