//! A network that runs: forward through the operators of its layers, and backward from a gradient at
//! one node to the input and to the weights.
//!
//! One layer after the other, each by its function of [`crate::ops`], and only the node asked for
//! with what it depends on. `dropout` passes everything; `batchNorm` normalises by its running
//! statistics (mean 0 and variance 1 unless they are given), or on request by those of the batch.
//! In a training pass `dropout` leaves values out, and `batchNorm` always takes the batch's.

pub(crate) mod layer;
mod memory;
mod operations;
pub(crate) mod operator;
mod pass;
pub(crate) mod plan;

use std::borrow::Cow;

use ndarray::{ArrayD, ArrayView4, ArrayViewD, IxDyn};

use crate::error::{Error, Result};
use crate::math::real::Real;
use crate::net::graph::Graph;
use crate::net::refusal::{in_layer, size_not_given};
use crate::net::weights::{Initial, Weights, initialised, parameters, seeds};
use crate::ops::shape::check_shape;

use layer::{Layer, LayerOutput, Wanted};
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

/// Parameters by the id of their layer and their name.
pub type Parameters<F> = Vec<(String, String, ArrayD<F>)>;

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
    d_weights: WeightGradients<F>,
}

/// Gradients of the learned parameters, node by node, each as [`Gradients::weights`] gives them.
pub type WeightGradients<F> = Vec<Vec<ArrayD<F>>>;

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

    /// The values of its parameters; `None` if they are made anew each time.
    pub fn weights(&self) -> Option<&Weights<F>> {
        match &self.weights {
            Source::Held(weights) => Some(weights),
            Source::Remade(..) => None,
        }
    }

    /// As [`Network::weights`], to be changed.
    pub fn weights_mut(&mut self) -> Option<&mut Weights<F>> {
        match &mut self.weights {
            Source::Held(weights) => Some(weights),
            Source::Remade(..) => None,
        }
    }

    /// Replaces parameters, as [`Weights::set`] does: all or, if one is refused, none. Those that
    /// are made anew each time stay.
    ///
    /// # Errors
    /// As [`Weights::set`].
    pub fn load(&mut self, parameters: Parameters<F>) -> Result<()> {
        if let Source::Held(weights) = &mut self.weights {
            let mut loaded = weights.clone();
            for (id, name, values) in parameters {
                loaded.set(&self.graph, &id, &name, values)?;
            }
            *weights = loaded;
        }
        Ok(())
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
        let plan = self.whole_plan(place, batch_statistics)?;
        self.run(input, plan, Purpose::Everything)
    }

    /// As [`Network::forward`], with the statistics of the batch and with dropout, which leaves out
    /// what `seed` decides; [`Network::weight_gradients`] takes what comes of it. Convolutions in
    /// `f32` round as the fastest way does.
    ///
    /// # Errors
    /// As [`Network::forward`].
    pub fn forward_in_training(
        &self,
        input: ArrayView4<F>,
        place: usize,
        seed: u64,
    ) -> Result<Pass<F>> {
        let plan = Plan {
            training: Some(seed),
            ..self.whole_plan(place, true)?
        };
        self.run(input, plan, Purpose::WeightGradients)
    }

    fn whole_plan(&self, place: usize, batch_statistics: bool) -> Result<Plan> {
        let shape = self.graph.nodes()[0].shape;
        let (Some(map), Some(part)) = (whole(shape), whole(self.graph.nodes()[place].shape)) else {
            return Err(size_not_given(OPERATOR, shape));
        };
        let mut plan = Plan::new(&self.graph, place, part, batch_statistics)?;
        // A stride may leave the last rows and columns out; they are taken all the same.
        plan.parts[0] = Some(map);
        Ok(plan)
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
            running: vec![None; plan.parts.len()],
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
            let weights = self.arrays(idx)?;
            let layer = Layer {
                op: node.op.as_ref(),
                operator,
                weights: &weights,
            };
            let zero = ArrayD::zeros(IxDyn(&[]));
            let inputs = pass.inputs(&self.graph, idx, &zero);
            let LayerOutput { values, running } = layer
                .forward(&inputs)
                .map_err(|reason| in_layer(OPERATOR, &node.id, reason))?;
            pass.values[idx] = Some(pass.cut(idx, values));
            pass.running[idx] = running;
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
        let (d_input, d_weights) = self.back(pass, d_output)?;
        let shape = pass.shape(&self.graph, 0, pass.plan.parts[0]);
        Ok(Gradients {
            d_input: d_input.unwrap_or_else(|| ArrayD::zeros(shape)),
            d_weights,
        })
    }

    /// The gradients of the learned parameters alone.
    ///
    /// # Errors
    /// As [`Network::backward`].
    pub fn weight_gradients(
        &self,
        pass: &Pass<F>,
        d_output: ArrayViewD<F>,
    ) -> Result<WeightGradients<F>> {
        Ok(self.back(pass, d_output)?.1)
    }

    /// The gradients that the purpose of `pass` asks for: at the input, and of the weights.
    fn back(
        &self,
        pass: &Pass<F>,
        d_output: ArrayViewD<F>,
    ) -> Result<(Option<ArrayD<F>>, WeightGradients<F>)> {
        let plan = &pass.plan;
        let expected = pass.shape(&self.graph, plan.place, plan.parts[plan.place]);
        check_shape(OPERATOR, "dOutput", &expected, d_output.shape())?;
        let wanted = self.wanted(pass)?;
        let mut d_weights = vec![Vec::new(); plan.parts.len()];
        let mut d_values: Vec<Option<ArrayD<F>>> = vec![None; plan.parts.len()];
        d_values[plan.place] = Some(d_output.to_owned());
        for idx in (1..=plan.place).rev() {
            let (Some(d_value), Some(operator)) = (d_values[idx].take(), pass.operators[idx])
            else {
                continue;
            };
            let node = &self.graph.nodes()[idx];
            let weights = self.arrays(idx)?;
            let layer = Layer {
                op: node.op.as_ref(),
                operator,
                weights: &weights,
            };
            let asked = Wanted {
                inputs: node.inputs.iter().any(|&input| wanted[input]),
                weights: pass.purpose.with_weights(),
            };
            let zero = ArrayD::zeros(IxDyn(&[]));
            let inputs = pass.inputs(&self.graph, idx, &zero);
            let d_computed = pass.widen(&self.graph, idx, d_value);
            let found = layer
                .backward(&inputs, d_computed.view(), asked)
                .map_err(|reason| in_layer(OPERATOR, &node.id, reason))?;
            for (&input, d_input) in node.inputs.iter().zip(found.d_inputs) {
                if wanted[input] {
                    pass.add(&self.graph, &mut d_values[input], [idx, input], d_input);
                }
            }
            if asked.weights {
                d_weights[idx] = found.d_weights;
            }
        }
        Ok((d_values[0].take(), d_weights))
    }

    /// Whether a gradient at each node leads to one that is asked for.
    fn wanted(&self, pass: &Pass<F>) -> Result<Vec<bool>> {
        let mut wanted = vec![pass.purpose.with_input()];
        for (idx, node) in self.graph.nodes().iter().enumerate().skip(1) {
            let leads = node.inputs.iter().any(|&input| wanted[input]);
            let with_weights = pass.purpose.with_weights();
            wanted.push(leads || with_weights && !self.arrays(idx)?.is_empty());
        }
        Ok(wanted)
    }

    fn operators(&self, plan: &Plan) -> Result<Vec<Option<Operator>>> {
        let nodes = self.graph.nodes().iter().zip(&plan.stages).enumerate();
        let seeds = plan
            .training
            .map(|seed| seeds(&self.graph, Initial::Random { seed }));
        nodes
            .map(|(idx, (node, stage))| {
                let (Some(op), Some(stage)) = (&node.op, stage) else {
                    return Ok(None);
                };
                self.check_weights(idx)?;
                let seed = seeds.as_ref().map(|seeds| seeds[idx]);
                Operator::new(op, stage, plan.batch_statistics, seed).map(Some)
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
        Err(in_layer(OPERATOR, &self.graph.nodes()[place].id, reason))
    }

    /// The parameters of the node at `place`.
    fn arrays(&self, place: usize) -> Result<Cow<'_, [ArrayD<F>]>> {
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
