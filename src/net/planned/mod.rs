//! Planned inference: a network worked out once, then run as often as wanted.
//!
//! Planning decides which layers are computed together (batch norm goes into the weights of the
//! convolution before it, ReLU into its last step), how each convolution is computed, with its
//! weights packed for that, and where in one arena every value stands. Then an input goes in, [`CompiledNetwork::run`]
//! computes, and the output stands in its place: one image at a time, in `f32`.
//!
//! Sums are rounded otherwise than by [`crate::net::reference`], which computes layer by layer: folded
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
use crate::net::graph::Graph;
use crate::net::refusal::in_layer;
use crate::net::weights::{keep_connections, parameters};
use crate::ops::shape::check_shape;

use build::{Source, build, with_batch};
use fuse::{Fused, Values, fuse};
use kernel::Kernel;
use layout::Layout;
use limit::{check_limit, check_sizes, economise, too_large};
use step::Step;

pub use limit::{LIMIT_BYTES, check_parameters};

const OPERATOR: &str = "Network";

/// A network that is ready to run.
#[derive(Debug)]
pub struct CompiledNetwork {
    graph: Graph,
    fused: Vec<Fused>,
    steps: Vec<Step>,
    arena: Vec<f32>,
    input: Range<usize>,
    output: Range<usize>,
}

/// What a network holds, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Memory {
    /// All values on the way from input to output, and what operators need beside them.
    pub arena: usize,
    /// Weights, as they are packed.
    pub weights: usize,
}

impl CompiledNetwork {
    /// Plans the last node of `graph` and all it depends on.
    ///
    /// `weights` gives the arrays of the node at a place, as
    /// [`parameters`] lists them. It is asked once for each, and they are packed and dropped before it is asked for the next layer's.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] if an extent of the input is not given or arrays have other shapes
    /// than their parameters; [`Error::TooLarge`] beyond [`LIMIT_BYTES`]; [`Error::Layer`] around
    /// what an operator refuses; what `weights` refuses.
    pub fn new(
        graph: Graph,
        mut weights: impl FnMut(usize) -> Result<Vec<ArrayD<f32>>>,
    ) -> Result<Self> {
        check_sizes(&graph)?;
        let values = Values::new(&graph);
        let mut fused = fuse(&graph, &values);
        let weight_bytes = economise(&graph, &mut fused)?;
        let check = |layout: &Layout| check_limit(OPERATOR, weight_bytes + layout.bytes());
        check(&Layout::new(&graph, &values, &fused, &vec![0; fused.len()]))?;
        let kernels = fused.iter().map(|step| packed(&graph, step, &mut weights));
        let kernels = kernels.collect::<Result<Vec<_>>>()?;
        let scratch = kernels.iter().map(Kernel::scratch_len).collect::<Vec<_>>();
        let layout = Layout::new(&graph, &values, &fused, &scratch);
        check(&layout)?;
        let place = |value: usize| narrowed(&layout.values[values.of[value]]);
        let steps = kernels.into_iter().zip(&fused).zip(&layout.scratch);
        let steps = steps.map(|((kernel, step), scratch)| Step {
            kernel,
            inputs: step.inputs.iter().map(|&input| place(input)).collect(),
            output: place(step.output),
            scratch: narrowed(scratch),
        });
        Ok(CompiledNetwork {
            steps: steps.collect(),
            arena: zeros(&layout)?,
            input: place(0),
            output: place(graph.nodes().len() - 1),
            graph,
            fused,
        })
    }

    /// Replaces all weights; `weights` as for [`CompiledNetwork::new`].
    ///
    /// # Errors
    /// As [`CompiledNetwork::new`]; the network then computes nothing sensible until weights are
    /// replaced without one.
    pub fn replace_weights(
        &mut self,
        mut weights: impl FnMut(usize) -> Result<Vec<ArrayD<f32>>>,
    ) -> Result<()> {
        for (step, fused) in self.steps.iter_mut().zip(&self.fused) {
            // The old ones go before the new ones come.
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

    /// As [`CompiledNetwork::input`], to be written.
    pub fn input_mut(&mut self) -> &mut [f32] {
        &mut self.arena[self.input.clone()]
    }

    /// Computes the output from the input.
    ///
    /// Nothing is allocated, but by layers that networks seldom have and that only their plain
    /// operators compute: `convTranspose2d`, `pool2d` other than maxima and means of 2x2 and 3x3
    /// pixels at a stride up to 2, `blurPool2d`, `pad2d`, `resize2d`, `prelu`, `groupNorm` and
    /// `localResponseNorm`.
    ///
    /// # Errors
    /// [`Error::Layer`] around what such an operator refuses: more memory than its budget.
    pub fn run(&mut self) -> Result<()> {
        for (step, fused) in self.steps.iter().zip(&self.fused) {
            let id = &self.graph.nodes()[fused.main].id;
            step.run(&mut self.arena)
                .map_err(|reason| in_layer(OPERATOR, id, reason))?;
        }
        Ok(())
    }

    /// The output of the last run, of the shape [`CompiledNetwork::output_shape`].
    pub fn output(&self) -> &[f32] {
        &self.arena[self.output.clone()]
    }

    /// `[1, channels, height, width]` or `[1, features]`.
    pub fn output_shape(&self) -> Vec<usize> {
        let last = self.graph.nodes().last();
        last.map_or(Vec::new(), |node| with_batch(node.shape))
    }

    /// The outputs of a batch, one image after the other.
    ///
    /// # Shapes
    /// `input` `[n, channels, height, width]`; returns the output's shape with `n` first.
    ///
    /// # Errors
    /// [`Error::ShapeMismatch`] for another shape, and as [`CompiledNetwork::run`].
    pub fn forward(&mut self, input: ArrayView4<f32>) -> Result<ArrayD<f32>> {
        let n = input.dim().0;
        let mut expected = with_batch(self.graph.nodes()[0].shape);
        expected[0] = n;
        check_shape(OPERATOR, "input", &expected, input.shape())?;
        let mut shape = self.output_shape();
        shape[0] = n;
        check_budget(OPERATOR, &[&shape])?;
        let mut outputs = Vec::with_capacity(n * self.output.len());
        for image in input.outer_iter() {
            let place = self.input_mut().iter_mut();
            place.zip(image).for_each(|(place, &value)| *place = value);
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

/// The kernel of a step from weights that are checked on their way.
fn packed(graph: &Graph, step: &Fused, weights: Source) -> Result<Kernel> {
    build(graph, step, &mut |place| {
        let node = &graph.nodes()[place];
        let expected = parameters(graph, place)?;
        if expected.is_empty() {
            return Ok(Vec::new());
        }
        let mut arrays = weights(place)?;
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

/// An arena, or a refusal where the memory is not there.
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
