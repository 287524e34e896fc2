//! The values of a forward pass, in parts of maps.

use std::sync::Arc;

use ndarray::{ArrayD, ArrayViewD, s};

use crate::math::real::Real;
use crate::net::graph::{Graph, NodeId};
use crate::net::op::shape::Shape;
use crate::net::reference::plan::Part;
use crate::net::reference::program::Program;
use crate::ops::batch_norm::Statistics;

/// The values of a forward pass that its backward pass needs.
#[derive(Clone, Debug)]
pub struct Pass<F> {
    pub(super) program: Arc<Program>,
    pub(super) values: Vec<Option<ArrayD<F>>>,
    pub(super) running: Vec<Option<Statistics<F>>>,
    pub(super) examples: usize,
}

impl<F: Real> Pass<F> {
    /// The values of a node, `None` if nothing needed them.
    pub fn values(&self, node: NodeId) -> Option<ArrayViewD<'_, F>> {
        Some(self.values.get(node.index())?.as_ref()?.view())
    }

    /// The running statistics of a batch norm that took those of the batch, as they are from now on.
    pub fn running_statistics(&self, node: NodeId) -> Option<&Statistics<F>> {
        self.running.get(node.index())?.as_ref()
    }

    /// What `node` takes of its inputs. Values that were let go, because the backward pass needs no
    /// more than their shape, are `zero`.
    pub(super) fn inputs<'a>(
        &'a self,
        graph: &Graph,
        node: NodeId,
        zero: &'a ArrayD<F>,
    ) -> Vec<ArrayViewD<'a, F>> {
        let Some(stage) = &self.program.plan.stages[node.index()] else {
            return Vec::new();
        };
        let parts = &self.program.plan.parts;
        let input = |&input: &NodeId| match (&self.values[input.index()], parts[input.index()]) {
            (Some(values), Some(part)) => window(values.view(), part, stage.taken),
            _ => {
                let shape = self.shape(graph, input, Some(stage.taken));
                zero.broadcast(shape).unwrap_or_else(|| zero.view())
            }
        };
        graph[node].inputs.iter().map(input).collect()
    }

    /// The part that is kept of what a node computed.
    pub(super) fn cut(&self, node: NodeId, computed: ArrayD<F>) -> ArrayD<F> {
        match (
            self.program.plan.parts[node.index()],
            &self.program.plan.stages[node.index()],
        ) {
            (Some(part), Some(stage)) if part != stage.computed => {
                window(computed.view(), stage.computed, part).to_owned()
            }
            _ => computed,
        }
    }

    /// The adjoint of [`Pass::cut`].
    pub(super) fn widen(&self, graph: &Graph, node: NodeId, d_part: ArrayD<F>) -> ArrayD<F> {
        match (
            self.program.plan.parts[node.index()],
            &self.program.plan.stages[node.index()],
        ) {
            (Some(part), Some(stage)) if part != stage.computed => {
                let mut wide = ArrayD::zeros(self.shape(graph, node, Some(stage.computed)));
                let [rows, cols] = [0, 1].map(|axis| part[axis].within(stage.computed[axis]));
                wide.slice_mut(s![.., .., rows, cols]).assign(&d_part);
                wide
            }
            _ => d_part,
        }
    }

    /// Adds to the gradient at `input` what came back from `node`.
    pub(super) fn add(
        &self,
        graph: &Graph,
        sum: &mut Option<ArrayD<F>>,
        [node, input]: [NodeId; 2],
        d_input: ArrayD<F>,
    ) {
        let (Some(stage), Some(part)) = (
            &self.program.plan.stages[node.index()],
            self.program.plan.parts[input.index()],
        ) else {
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
    pub(super) fn shape(&self, graph: &Graph, node: NodeId, part: Option<Part>) -> Vec<usize> {
        let shape = graph[node].shape;
        let mut extents = vec![self.examples, shape.channels().unwrap_or_default()];
        if let (Shape::Map { .. }, Some(part)) = (shape, part) {
            extents.extend(part.map(|span| span.len()));
        }
        extents
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
