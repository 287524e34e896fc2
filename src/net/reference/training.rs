//! A network that learns: its passes are planned once and run step by step.

use std::sync::Arc;

use ndarray::{ArrayView4, ArrayViewD};

use crate::error::Result;
use crate::math::real::Real;
use crate::net::graph::NodeId;
use crate::net::reference::program::Program;
use crate::net::reference::{Parameters, Pass, Purpose, ReferenceNetwork, WeightGradients};

/// A network with the plan of its training passes. What they compute, by which operators, and how
/// long each value lives is decided when it is made; a pass only runs.
#[derive(Clone, Debug)]
pub struct TrainingNetwork<F> {
    network: ReferenceNetwork<F>,
    program: Arc<Program>,
    /// The largest batch whose memory has been checked.
    examples: usize,
}

impl<F: Real> TrainingNetwork<F> {
    /// Plans the passes to `node`. `frozen` says which nodes do not learn, all others do:
    /// their parameters get no gradients, and their batch norm takes its running statistics. A
    /// gradient goes no further back than to the first node that learns.
    ///
    /// # Errors
    /// [`ShapeMismatch`](crate::error::Error::ShapeMismatch) if the graph gives no height and width,
    /// or the weights were not made for the node.
    pub fn new(network: ReferenceNetwork<F>, node: NodeId, frozen: &[bool]) -> Result<Self> {
        let plan = network.whole_plan(node, true)?;
        let program = network.program(plan, Purpose::Training, frozen)?;
        Ok(TrainingNetwork {
            network,
            program: Arc::new(program),
            examples: 0,
        })
    }

    /// The network as it is now.
    pub fn network(&self) -> &ReferenceNetwork<F> {
        &self.network
    }

    /// As [`ReferenceNetwork::weights_mut`].
    pub(crate) fn network_mut(&mut self) -> &mut ReferenceNetwork<F> {
        &mut self.network
    }

    /// As [`ReferenceNetwork::load`].
    ///
    /// # Errors
    /// As [`ReferenceNetwork::load`].
    pub fn load(&mut self, parameters: Parameters<F>) -> Result<()> {
        self.network.load(parameters)
    }

    /// The values of a batch, with its statistics and with dropout, which leaves out what `seed`
    /// decides. Convolutions in `f32` round as the fastest algorithm does.
    ///
    /// # Shapes
    /// `input` `[n, channels, height, width]` as the graph's input says; n may change from pass to
    /// pass.
    ///
    /// # Errors
    /// As [`ReferenceNetwork::forward`].
    pub fn forward(&mut self, input: ArrayView4<F>, seed: u64) -> Result<Pass<F>> {
        let examples = input.dim().0;
        if examples > self.examples {
            self.network.check_memory(&self.program, examples)?;
            self.examples = examples;
        }
        Arc::make_mut(&mut self.program).reseed(&self.network.graph, seed);
        self.network.execute(self.program.clone(), input)
    }

    /// The gradients of the learned parameters from `d_output`, that at the output of `pass`; none
    /// for frozen nodes.
    ///
    /// # Errors
    /// As [`ReferenceNetwork::backward`].
    pub fn weight_gradients(
        &self,
        pass: &Pass<F>,
        d_output: ArrayViewD<F>,
    ) -> Result<WeightGradients<F>> {
        Ok(self.network.back::<true>(pass, d_output, |_, _| {})?.1)
    }
}
