//! A network that runs: forward through the operators of its layers, and backward from a gradient at
//! one node to the input and to the weights.
//!
//! One layer after the other, each by its function of [`crate::ops`], and only the node asked for
//! with what it depends on. `dropout` passes everything; `batchNorm` normalises by its running
//! statistics (mean 0 and variance 1 unless they are given), or on request by those of the batch.

mod layer;
mod memory;
mod operator;
pub(crate) mod plan;

use std::borrow::Cow;

use ndarray::{ArrayD, ArrayView4, ArrayViewD, IxDyn, s};

use crate::error::{Error, Result};
use crate::net::graph::{Graph, shortened};
use crate::net::shape::Shape;
use crate::net::weights::{Initial, Weights, initialised, parameters, seeds};
use crate::ops::shape::check_shape;
use crate::real::Real;

use layer::{Layer, LayerGradients};
use memory::Memory;
use operator::Operator;
use plan::{Part, Plan, whole};

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

/// The values of a forward pass that its backward pass needs.
#[derive(Clone, Debug)]
pub struct Pass<F> {
    plan: Plan,
    operators: Vec<Option<Operator>>,
    values: Vec<Option<ArrayD<F>>>,
    examples: usize,
    purpose: Purpose,
}

/// Gradients of a loss.
#[derive(Clone, Debug)]
pub struct Gradients<F> {
    /// With respect to the input, of its shape.
    pub d_input: ArrayD<F>,
    d_weights: Vec<Vec<ArrayD<F>>>,
}

/// What a pass is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Purpose {
    /// All values, and all gradients: nothing is let go.
    Everything,
    /// The gradient at the input alone: a value is computed only if it depends on it, and let go as
    /// soon as nothing needs it.
    InputGradient,
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

impl<F: Real> Pass<F> {
    /// The values of a node, `None` if nothing needed them.
    pub fn values(&self, place: usize) -> Option<ArrayViewD<'_, F>> {
        Some(self.values.get(place)?.as_ref()?.view())
    }

    /// What the node at `place` takes of its inputs. Values that were let go, because the backward
    /// pass needs no more than their shape, are `zero`.
    fn inputs<'a>(
        &'a self,
        graph: &Graph,
        place: usize,
        zero: &'a ArrayD<F>,
    ) -> Vec<ArrayViewD<'a, F>> {
        let Some(stage) = &self.plan.stages[place] else {
            return Vec::new();
        };
        let input = |&input: &usize| match (&self.values[input], self.plan.parts[input]) {
            (Some(values), Some(part)) => window(values.view(), part, stage.taken),
            _ => {
                let shape = self.shape(graph, input, Some(stage.taken));
                zero.broadcast(shape).unwrap_or_else(|| zero.view())
            }
        };
        graph.nodes()[place].inputs.iter().map(input).collect()
    }

    /// The part that is kept of what a node computed.
    fn cut(&self, place: usize, computed: ArrayD<F>) -> ArrayD<F> {
        match (self.plan.parts[place], &self.plan.stages[place]) {
            (Some(part), Some(stage)) if part != stage.computed => {
                window(computed.view(), stage.computed, part).to_owned()
            }
            _ => computed,
        }
    }

    /// The adjoint of [`Pass::cut`].
    fn widen(&self, graph: &Graph, place: usize, d_part: ArrayD<F>) -> ArrayD<F> {
        match (self.plan.parts[place], &self.plan.stages[place]) {
            (Some(part), Some(stage)) if part != stage.computed => {
                let mut wide = ArrayD::zeros(self.shape(graph, place, Some(stage.computed)));
                let [rows, cols] = [0, 1].map(|axis| part[axis].within(stage.computed[axis]));
                wide.slice_mut(s![.., .., rows, cols]).assign(&d_part);
                wide
            }
            _ => d_part,
        }
    }

    /// Adds to the gradient at `input` what came back from the node at `place`.
    fn add(
        &self,
        graph: &Graph,
        sum: &mut Option<ArrayD<F>>,
        [place, input]: [usize; 2],
        d_input: ArrayD<F>,
    ) {
        let (Some(stage), Some(part)) = (&self.plan.stages[place], self.plan.parts[input]) else {
            return;
        };
        if sum.is_none() && stage.taken == part {
            *sum = Some(d_input);
            return;
        }
        let shape = self.shape(graph, input, Some(part));
        let sum = sum.get_or_insert_with(|| ArrayD::zeros(shape));
        if stage.taken == part {
            *sum += &d_input;
            return;
        }
        let [rows, cols] = [0, 1].map(|axis| stage.taken[axis].within(part[axis]));
        let mut taken = sum.slice_mut(s![.., .., rows, cols]);
        taken += &d_input;
    }

    /// The shape of a part of a node.
    fn shape(&self, graph: &Graph, place: usize, part: Option<Part>) -> Vec<usize> {
        let shape = graph.nodes()[place].shape;
        let mut extents = vec![self.examples, shape.channels().unwrap_or_default()];
        if let (Shape::Map { .. }, Some(part)) = (shape, part) {
            extents.extend(part.map(|span| span.len()));
        }
        extents
    }
}

impl<F> Gradients<F> {
    /// The gradients of the learned parameters of the node at `place`, in the order of
    /// [`parameters`]: running statistics have none.
    pub fn weights(&self, place: usize) -> &[ArrayD<F>] {
        self.d_weights.get(place).map_or(&[], Vec::as_slice)
    }
}

/// The part `wanted` of an array that holds `held`; a vector has but one.
fn window<F>(values: ArrayViewD<F>, held: Part, wanted: Part) -> ArrayViewD<F> {
    if held == wanted {
        return values;
    }
    let [rows, cols] = [0, 1].map(|axis| wanted[axis].within(held[axis]));
    values.slice_move(s![.., .., rows, cols]).into_dyn()
}

fn within(id: &str, reason: Error) -> Error {
    Error::Layer {
        operator: OPERATOR,
        layer: shortened(id),
        reason: Box::new(reason),
    }
}
