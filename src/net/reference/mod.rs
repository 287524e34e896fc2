//! A network that runs: forward through the operators of its layers, and backward from a gradient at
//! one node to the input and to the weights.
//!
//! One layer after the other, each by its function of [`crate::ops`], and only the node asked for
//! with what it depends on. `dropout` passes everything; `batchNorm` normalises by its running
//! statistics (mean 0 and variance 1 unless they are given), or on request by those of the batch.
//! In a training pass `dropout` leaves values out, and `batchNorm` takes the batch's unless it is
//! frozen.

pub(crate) mod input_gradient;
pub(crate) mod layer;
mod memory;
mod operations;
pub(crate) mod operator;
mod pass;
pub(crate) mod plan;
mod program;
mod purpose;
pub mod training;

use std::borrow::Cow;
use std::sync::Arc;

use ndarray::{ArrayD, ArrayView4, ArrayViewD, IxDyn};

use crate::error::{Error, Result};
use crate::math::real::Real;
use crate::net::graph::{Graph, NodeId};
use crate::net::refusal::{in_layer, size_not_given};
use crate::net::weights::{Initial, Weights, initial_values, parameters};
use crate::ops::shape::check_shape;

use layer::{Layer, LayerOutput, Wanted};
use operator::Operator;
use plan::{Plan, whole};
use program::Program;
use purpose::Purpose;

pub use pass::Pass;

const OPERATOR: &str = "network";

/// A graph with the values of its parameters.
#[derive(Clone, Debug)]
pub struct ReferenceNetwork<F> {
    graph: Graph,
    weights: Source<F>,
}

/// Parameters by the id of their layer and their name.
pub type Parameters<F> = Vec<(String, String, ArrayD<F>)>;

/// Where the values of parameters come from.
#[derive(Clone, Debug)]
enum Source<F> {
    Held(Weights<F>),
    /// Made each time a layer is computed, each from a seed, but for those that are kept.
    Remade {
        initial: Initial,
        seeds: Vec<u64>,
        kept: Weights<F>,
    },
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

impl<F: Real> ReferenceNetwork<F> {
    /// The network of `graph` with `weights`, which were made for it.
    pub fn new(graph: Graph, weights: Weights<F>) -> Self {
        ReferenceNetwork {
            graph,
            weights: Source::Held(weights),
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
            Source::Remade { .. } => None,
        }
    }

    /// As [`ReferenceNetwork::weights`], to be changed.
    pub fn weights_mut(&mut self) -> Option<&mut Weights<F>> {
        match &mut self.weights {
            Source::Held(weights) => Some(weights),
            Source::Remade { .. } => None,
        }
    }

    /// Its parameters with the ids of their layers and their names, layer by layer; none if they are
    /// made anew each time.
    ///
    /// # Errors
    /// None for weights that were made for the graph.
    pub fn parameters(&self) -> Result<Vec<(&str, &'static str, &ArrayD<F>)>> {
        let mut list = Vec::new();
        for (id, node) in self.graph.iter() {
            let arrays = self.weights().map_or(&[][..], |weights| weights.of(id));
            if !arrays.is_empty() {
                let known = parameters(&self.graph, id)?.into_iter().zip(arrays);
                list.extend(
                    known.map(|(parameter, values)| (&node.id[..], parameter.name, values)),
                );
            }
        }
        Ok(list)
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

    /// The values of `node` and of all nodes it depends on.
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
        node: NodeId,
        batch_statistics: bool,
    ) -> Result<Pass<F>> {
        let plan = self.whole_plan(node, batch_statistics)?;
        let program = self.program(plan, Purpose::Everything, &[])?;
        self.check_memory(&program, input.dim().0)?;
        self.execute(Arc::new(program), input)
    }

    fn whole_plan(&self, node: NodeId, batch_statistics: bool) -> Result<Plan> {
        let shape = self.graph[NodeId::INPUT].shape;
        let (Some(map), Some(part)) = (whole(shape), whole(self.graph[node].shape)) else {
            return Err(size_not_given(OPERATOR, shape));
        };
        let mut plan = Plan::new(&self.graph, node, part, batch_statistics)?;
        // A stride may leave the last rows and columns out; they are taken all the same.
        plan.parts[0] = Some(map);
        Ok(plan)
    }

    /// What all passes of `plan` have in common. The parameters of `frozen` nodes get no gradients,
    /// and their batch norm takes its running statistics.
    ///
    /// # Errors
    /// [`Error::Layer`] around [`Error::ShapeMismatch`] if the weights were not made for `plan`.
    fn program(&self, plan: Plan, purpose: Purpose, frozen: &[bool]) -> Result<Program> {
        let is_frozen = |node: NodeId| frozen.get(node.index()).copied().unwrap_or(false);
        let operators = self.operators(&plan, purpose, is_frozen)?;
        let learns = |node| self.has_weights(node) && !is_frozen(node);
        Ok(Program::new(&self.graph, plan, operators, purpose, learns))
    }

    /// # Errors
    /// [`Error::TooLarge`] if a pass of `examples` examples and its backward pass take more than the
    /// memory budget.
    fn check_memory(&self, program: &Program, examples: usize) -> Result<()> {
        program.check_memory::<F>(&self.graph, examples, |node| match &self.weights {
            Source::Held(_) => true,
            Source::Remade { kept, .. } => !kept.of(node).is_empty(),
        })
    }

    /// A pass of `program`, whose memory is checked.
    ///
    /// # Errors
    /// As [`ReferenceNetwork::forward`].
    fn execute(&self, program: Arc<Program>, input: ArrayView4<F>) -> Result<Pass<F>> {
        let count = program.plan.parts.len();
        let mut pass = Pass {
            values: vec![None; count],
            running: vec![None; count],
            program: program.clone(),
            examples: input.dim().0,
        };
        let expected = pass.shape(&self.graph, NodeId::INPUT, program.plan.parts[0]);
        check_shape(OPERATOR, "input", &expected, input.shape())?;
        pass.values[0] = Some(input.to_owned().into_dyn());
        for (id, node) in self.graph.iter().take(count) {
            let idx = id.index();
            let (true, Some(operator)) = (program.memory.is_computed(id), program.operators[idx])
            else {
                continue;
            };
            let weights = self.arrays(id)?;
            let layer = Layer {
                op: node.op.as_ref(),
                operator,
                weights: &weights,
            };
            let zero = ArrayD::zeros(IxDyn(&[]));
            let inputs = pass.inputs(&self.graph, id, &zero);
            let LayerOutput { values, running } = layer
                .forward(&inputs)
                .map_err(|reason| in_layer(OPERATOR, &node.id, reason))?;
            pass.values[idx] = Some(pass.cut(id, values));
            pass.running[idx] = running;
            for &idle in program.memory.idle_after(id) {
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
        self.backward_through(pass, d_output, |_, _| {})
    }

    /// As [`ReferenceNetwork::backward`]; `at` is told the gradient at each node on the way, from the
    /// output on.
    ///
    /// # Errors
    /// As [`ReferenceNetwork::backward`].
    pub fn backward_through(
        &self,
        pass: &Pass<F>,
        d_output: ArrayViewD<F>,
        at: impl FnMut(NodeId, &ArrayD<F>),
    ) -> Result<Gradients<F>> {
        let (d_input, d_weights) = self.back::<true>(pass, d_output, at)?;
        Ok(Gradients {
            d_input: d_input.unwrap_or_else(|| self.no_gradient(pass)),
            d_weights,
        })
    }

    /// The gradient at the input that nothing leads to.
    fn no_gradient(&self, pass: &Pass<F>) -> ArrayD<F> {
        let part = pass.program.plan.parts[0];
        ArrayD::zeros(pass.shape(&self.graph, NodeId::INPUT, part))
    }

    /// The gradients that the purpose of `pass` asks for: at the input, and of the weights unless
    /// `WEIGHTS` rules these out: who needs none does not link their code.
    fn back<const WEIGHTS: bool>(
        &self,
        pass: &Pass<F>,
        d_output: ArrayViewD<F>,
        mut at: impl FnMut(NodeId, &ArrayD<F>),
    ) -> Result<(Option<ArrayD<F>>, WeightGradients<F>)> {
        let Program {
            plan,
            operators,
            gradients,
            ..
        } = &*pass.program;
        let output = plan.node.index();
        let expected = pass.shape(&self.graph, plan.node, plan.parts[output]);
        check_shape(OPERATOR, "dOutput", &expected, d_output.shape())?;
        let mut d_weights = vec![Vec::new(); plan.parts.len()];
        let mut d_values: Vec<Option<ArrayD<F>>> = vec![None; plan.parts.len()];
        d_values[output] = gradients.at[output].then(|| d_output.to_owned());
        for id in plan.node.up_to().skip(1).rev() {
            let idx = id.index();
            let (Some(d_value), Some(operator)) = (d_values[idx].take(), operators[idx]) else {
                continue;
            };
            at(id, &d_value);
            let node = &self.graph[id];
            let weights = self.arrays(id)?;
            let layer = Layer {
                op: node.op.as_ref(),
                operator,
                weights: &weights,
            };
            let asked = Wanted {
                inputs: node.inputs.iter().any(|input| gradients.at[input.index()]),
                weights: gradients.weights[idx],
            };
            let zero = ArrayD::zeros(IxDyn(&[]));
            let inputs = pass.inputs(&self.graph, id, &zero);
            let d_computed = pass.widen(&self.graph, id, d_value);
            let found = layer
                .backward::<WEIGHTS>(&inputs, d_computed.view(), asked)
                .map_err(|reason| in_layer(OPERATOR, &node.id, reason))?;
            for (&input, d_input) in node.inputs.iter().zip(found.d_inputs) {
                if gradients.at[input.index()] {
                    let sum = &mut d_values[input.index()];
                    pass.add(&self.graph, sum, [id, input], d_input);
                }
            }
            if asked.weights {
                d_weights[idx] = found.d_weights;
            }
        }
        Ok((d_values[0].take(), d_weights))
    }

    fn operators(
        &self,
        plan: &Plan,
        purpose: Purpose,
        is_frozen: impl Fn(NodeId) -> bool,
    ) -> Result<Vec<Option<Operator>>> {
        // Each step of a training comes with its own seed.
        let seed = (purpose == Purpose::Training).then_some(0);
        let nodes = self.graph.iter().zip(&plan.stages);
        nodes
            .map(|((id, node), stage)| {
                let (Some(op), Some(stage)) = (&node.op, stage) else {
                    return Ok(None);
                };
                self.check_weights(id)?;
                let batch_statistics = plan.batch_statistics && !is_frozen(id);
                let operator = Operator::new(op, stage, batch_statistics, seed)?;
                Ok(Some(match purpose {
                    Purpose::InputGradient => operator.bounded(),
                    _ => operator,
                }))
            })
            .collect()
    }

    /// Whether `node` computes with parameters.
    fn has_weights(&self, node: NodeId) -> bool {
        match &self.weights {
            Source::Held(weights) => !weights.of(node).is_empty(),
            Source::Remade { .. } => {
                parameters(&self.graph, node).is_ok_and(|parameters| !parameters.is_empty())
            }
        }
    }

    fn check_weights(&self, node: NodeId) -> Result<()> {
        let Source::Held(weights) = &self.weights else {
            return Ok(());
        };
        let expected = parameters(&self.graph, node)?.into_iter();
        let expected = expected
            .map(|parameter| parameter.shape)
            .collect::<Vec<_>>();
        let got = weights.of(node).iter();
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
        Err(in_layer(OPERATOR, &self.graph[node].id, reason))
    }

    /// The parameters of `node`.
    fn arrays(&self, node: NodeId) -> Result<Cow<'_, [ArrayD<F>]>> {
        match &self.weights {
            Source::Held(weights) => Ok(Cow::Borrowed(weights.of(node))),
            Source::Remade {
                initial,
                seeds,
                kept,
            } => match kept.of(node) {
                [] => {
                    let seed = seeds[node.index()];
                    initial_values(&self.graph, node, *initial, seed).map(Cow::Owned)
                }
                arrays => Ok(Cow::Borrowed(arrays)),
            },
        }
    }
}

impl<F> Gradients<F> {
    /// The gradients of the learned parameters of `node`, in the order of [`parameters`]: running
    /// statistics have none.
    pub fn weights(&self, node: NodeId) -> &[ArrayD<F>] {
        self.d_weights.get(node.index()).map_or(&[], Vec::as_slice)
    }
}
