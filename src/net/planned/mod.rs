//! Planned inference: a network is planned once, then run as often as needed.
//!
//! Planning decides which layers are computed together (batch norm goes into the weights of the
//! convolution before it, ReLU into its last step), how each convolution is computed, with its weights
//! packed for that, and where each value lies in one arena. A run takes one image, in `f32`: write it
//! to [`Network::input_mut`], call [`Network::run`], read [`Network::output`].
//!
//! Sums are rounded differently from [`crate::net::reference`], which computes layer by layer: folded
//! weights are rounded once more, and a fast convolution may sum in another order, within the bound
//! that `crate::compute::convolution` states.

mod build;
mod fuse;
mod kernel;
mod layout;
mod limit;
mod step;

use std::ops::Range;

use ndarray::{ArrayD, ArrayView4};

use crate::compute::check_budget;
use crate::error::{Error, Result};
use crate::math::arrays::shaped;
use crate::net::graph::{Graph, NodeId};
use crate::net::refusal::in_layer;
use crate::net::weights::{keep_connections, parameters};
use crate::ops::shape::check_shape;

use build::{WeightSource, build, with_batch};
use fuse::{Fused, Values, fuse};
use kernel::Kernel;
use layout::Layout;
use limit::{check_limit, check_sizes, fit_memory_budget, too_large};
use step::Step;

pub use limit::{LIMIT_BYTES, check_parameters};

const OPERATOR: &str = "Network";

/// A network that is ready to run.
#[derive(Debug)]
pub struct Network {
    graph: Graph,
    fused: Vec<Fused>,
    steps: Vec<Step>,
    arena: Vec<f32>,
    input: Range<usize>,
    output: Range<usize>,
    /// Values that nothing overwrites, by their nodes.
    kept: Vec<(NodeId, Range<usize>)>,
}

/// What a network holds, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// All values from input to output, and the operators' scratch space.
    pub arena: usize,
    /// Weights, as they are packed.
    pub weights: usize,
}

impl Network {
    /// Plans the last node of `graph` and all it depends on.
    ///
    /// `weights` returns the arrays of a node, as [`parameters`] lists them. It is called once for each
    /// node; its arrays are packed and dropped before the next call.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] if an extent of the input is not given or arrays have other shapes
    /// than their parameters; [`Error::TooLarge`] beyond [`LIMIT_BYTES`]; [`Error::Layer`] around
    /// what an operator refuses; what `weights` refuses.
    pub fn new(
        graph: Graph,
        weights: impl FnMut(NodeId) -> Result<Vec<ArrayD<f32>>>,
    ) -> Result<Self> {
        Network::keeping(graph, &[], weights)
    }

    /// As [`Network::new`], with the outputs of `kept` nodes to be read after a run:
    /// [`Network::value`].
    ///
    /// # Errors
    /// As [`Network::new`].
    pub fn keeping(
        graph: Graph,
        kept: &[NodeId],
        mut weights: impl FnMut(NodeId) -> Result<Vec<ArrayD<f32>>>,
    ) -> Result<Self> {
        check_sizes(&graph)?;
        let values = Values::keeping(&graph, kept);
        let mut fused = fuse(&graph, &values);
        let weight_bytes = fit_memory_budget(&graph, &mut fused)?;
        let check = |layout: &Layout| check_limit(OPERATOR, weight_bytes + layout.bytes());
        check(&Layout::new(&graph, &values, &fused, &vec![0; fused.len()]))?;
        let kernels = fused.iter().map(|step| packed(&graph, step, &mut weights));
        let kernels = kernels.collect::<Result<Vec<_>>>()?;
        let scratch = kernels.iter().map(Kernel::scratch_len).collect::<Vec<_>>();
        let layout = Layout::new(&graph, &values, &fused, &scratch);
        check(&layout)?;
        let range = |node: NodeId| narrowed(&layout.values[values.of(node).index()]);
        let steps = kernels.into_iter().zip(&fused).zip(&layout.scratch);
        let steps = steps.map(|((kernel, step), scratch)| Step {
            kernel,
            inputs: step.inputs.iter().map(|&input| range(input)).collect(),
            output: range(step.output),
            scratch: narrowed(scratch),
        });
        Ok(Network {
            steps: steps.collect(),
            arena: zeros(&layout)?,
            input: range(NodeId::INPUT),
            output: range(graph.last()),
            kept: kept.iter().map(|&node| (node, range(node))).collect(),
            graph,
            fused,
        })
    }

    /// What the last run computed at a kept node, `[channels, height, width]` or `[features]`; `None`
    /// for others and for those that the output does not depend on.
    pub fn value(&self, node: NodeId) -> Option<&[f32]> {
        let (_, range) = self.kept.iter().find(|(kept, _)| *kept == node)?;
        (!range.is_empty()).then(|| &self.arena[range.clone()])
    }

    /// Replaces all weights; `weights` as for [`Network::new`].
    ///
    /// # Errors
    /// As [`Network::new`]. After an error the network computes nothing sensible until its
    /// weights are replaced successfully.
    pub fn replace_weights(
        &mut self,
        mut weights: impl FnMut(NodeId) -> Result<Vec<ArrayD<f32>>>,
    ) -> Result<()> {
        for (step, fused) in self.steps.iter_mut().zip(&self.fused) {
            // Drop the old weights before the new ones are made.
            step.kernel = Kernel::Empty;
            step.kernel = packed(&self.graph, fused, &mut weights)?;
        }
        Ok(())
    }

    /// Its layers.
    pub fn graph(&self) -> &Graph {
        &self.graph
    }

    /// The input of the next run, `[channels, height, width]`; a run leaves it as it is.
    pub fn input(&self) -> &[f32] {
        &self.arena[self.input.clone()]
    }

    /// As [`Network::input`], to be written.
    pub fn input_mut(&mut self) -> &mut [f32] {
        &mut self.arena[self.input.clone()]
    }

    /// Computes the output from the input.
    ///
    /// Nothing is allocated except by rarely used layers, which run through their plain operators:
    /// `convTranspose2d`, `pool2d` other than maxima and means of 2x2 and 3x3
    /// pixels at a stride up to 2, `blurPool2d`, `pad2d`, `resize2d`, `prelu`, `groupNorm` and
    /// `localResponseNorm`.
    ///
    /// # Errors
    /// [`Error::Layer`] around what such an operator refuses: more memory than its budget.
    pub fn run(&mut self) -> Result<()> {
        for (step, fused) in self.steps.iter().zip(&self.fused) {
            let id = &self.graph[fused.main].id;
            step.run(&mut self.arena)
                .map_err(|reason| in_layer(OPERATOR, id, reason))?;
        }
        Ok(())
    }

    /// The output of the last run, of the shape [`Network::output_shape`].
    pub fn output(&self) -> &[f32] {
        &self.arena[self.output.clone()]
    }

    /// `[1, channels, height, width]` or `[1, features]`.
    pub fn output_shape(&self) -> Vec<usize> {
        with_batch(self.graph[self.graph.last()].shape)
    }

    /// The outputs of a batch, one image after the other.
    ///
    /// # Shapes
    /// `input` `[n, channels, height, width]`; returns the output's shape with `n` first.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] for another shape, and as [`Network::run`].
    pub fn forward(&mut self, input: ArrayView4<f32>) -> Result<ArrayD<f32>> {
        let n = input.dim().0;
        let mut expected = with_batch(self.graph[NodeId::INPUT].shape);
        expected[0] = n;
        check_shape(OPERATOR, "input", &expected, input.shape())?;
        let mut shape = self.output_shape();
        shape[0] = n;
        check_budget(OPERATOR, &[&shape])?;
        let mut outputs = Vec::with_capacity(n * self.output.len());
        for image in input.outer_iter() {
            let input = self.input_mut().iter_mut();
            input.zip(image).for_each(|(to, &value)| *to = value);
            self.run()?;
            outputs.extend_from_slice(self.output());
        }
        Ok(shaped(&shape[..], outputs))
    }

    /// What it holds.
    pub fn memory(&self) -> Memory {
        Memory {
            arena: self.arena.len() * size_of::<f32>(),
            weights: self.steps.iter().map(|step| step.kernel.bytes()).sum(),
        }
    }
}

/// The kernel of a step, its weights checked first.
fn packed(graph: &Graph, step: &Fused, weights: WeightSource) -> Result<Kernel> {
    build(graph, step, &mut |id| {
        let node = &graph[id];
        let expected = parameters(graph, id)?;
        if expected.is_empty() {
            return Ok(Vec::new());
        }
        let mut arrays = weights(id)?;
        if arrays.len() != expected.len() {
            let reason = Error::WrongCount {
                operator: OPERATOR,
                argument: "arrays",
                min: expected.len(),
                max: expected.len(),
                got: arrays.len(),
            };
            return Err(in_layer(OPERATOR, &node.id, reason));
        }
        for (array, parameter) in arrays.iter().zip(&expected) {
            check_shape(OPERATOR, parameter.name, &parameter.shape, array.shape())
                .map_err(|reason| in_layer(OPERATOR, &node.id, reason))?;
        }
        keep_connections(node.op.as_ref(), &mut arrays[0]);
        Ok(arrays)
    })
}

/// An arena, or a refusal if there is not enough memory.
fn zeros(layout: &Layout) -> Result<Vec<f32>> {
    let mut values = Vec::new();
    let len = layout.len as usize;
    let reserved = values.try_reserve_exact(len);
    reserved.map_err(|_| too_large(OPERATOR, layout.bytes()))?;
    values.resize(len, 0.0);
    Ok(values)
}

fn narrowed(range: &Range<u64>) -> Range<usize> {
    range.start as usize..range.end as usize
}
