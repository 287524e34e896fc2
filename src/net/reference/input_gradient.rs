//! The gradient at the input of a part of a network, planned once for any weights.

use std::sync::Arc;

use ndarray::{ArrayD, ArrayView4, ArrayViewD};

use crate::compute::BUDGET_BYTES;
use crate::error::Result;
use crate::math::real::Real;
use crate::net::graph::{Graph, NodeId};
use crate::net::reference::plan::Plan;
use crate::net::reference::program::Program;
use crate::net::reference::purpose::Purpose;
use crate::net::reference::{ReferenceNetwork, Source};
use crate::net::weights::{Initial, Parameter, Weights, parameters, seeds};

/// A network with the plan of its gradient at the input. Convolutions in `f32` round as the fastest
/// way does, forward as they do backward.
#[derive(Clone, Debug)]
pub(crate) struct InputGradient<F> {
    network: ReferenceNetwork<F>,
    program: Arc<Program>,
}

impl<F: Real> InputGradient<F> {
    /// That of the part of `graph` that `plan` names, with `weights` that were made for it.
    ///
    /// # Errors
    /// As [`ReferenceNetwork::forward`].
    pub fn new(graph: Graph, plan: Plan, weights: Weights<F>) -> Result<Self> {
        Self::planned(ReferenceNetwork::new(graph, weights), plan)
    }

    /// The same with initial weights, made each time a layer is computed.
    ///
    /// # Errors
    /// As [`ReferenceNetwork::forward`].
    pub fn initial(graph: Graph, plan: Plan, initial: Initial) -> Result<Self> {
        let weights = source(&graph, plan.node, initial, |_| false)?;
        Self::planned(ReferenceNetwork { graph, weights }, plan)
    }

    fn planned(network: ReferenceNetwork<F>, plan: Plan) -> Result<Self> {
        let program = network.program(plan, Purpose::InputGradient, &[])?;
        network.check_memory(&program, 1)?;
        Ok(InputGradient {
            network,
            program: Arc::new(program),
        })
    }

    /// Replaces all weights by initial ones. Those of layers that are computed forward are needed
    /// twice; as many of them as fit into the memory budget are kept for the way back.
    ///
    /// # Errors
    /// As [`parameters`].
    pub fn redraw(&mut self, initial: Initial) -> Result<()> {
        let graph = &self.network.graph;
        let Program {
            plan,
            gradients,
            memory,
            ..
        } = &*self.program;
        let peak = memory.peak(graph, plan, gradients, 1, |_| false)?;
        let mut room = BUDGET_BYTES as f64 / size_of::<F>() as f64 - peak;
        let mut is_kept = Vec::new();
        for node in plan.node.up_to() {
            let parameters = parameters(graph, node)?;
            let count = parameters.iter().map(Parameter::count).sum::<f64>();
            let fits = memory.is_computed(node) && count <= room;
            if fits {
                room -= count;
            }
            is_kept.push(fits);
        }
        // The old ones go before the new ones come.
        self.network.weights = source(graph, plan.node, initial, |_| false)?;
        self.network.weights = source(graph, plan.node, initial, |node| {
            is_kept.get(node.index()) == Some(&true)
        })?;
        Ok(())
    }

    /// Whether the gradient depends on the input.
    pub fn reads_input(&self) -> bool {
        let Program { plan, memory, .. } = &*self.program;
        plan.node.up_to().any(|node| memory.is_computed(node))
    }

    /// The gradient of sum(output · `d_output`) at `input`, the part that the plan names.
    ///
    /// # Errors
    /// As [`ReferenceNetwork::forward`] and [`ReferenceNetwork::backward`].
    pub fn at(&self, input: ArrayView4<F>, d_output: ArrayViewD<F>) -> Result<ArrayD<F>> {
        let pass = self.network.execute(self.program.clone(), input)?;
        let (d_input, _) = self.network.back::<false>(&pass, d_output, |_, _| {})?;
        Ok(d_input.unwrap_or_else(|| self.network.no_gradient(&pass)))
    }
}

fn source<F: Real>(
    graph: &Graph,
    node: NodeId,
    initial: Initial,
    is_kept: impl Fn(NodeId) -> bool,
) -> Result<Source<F>> {
    Ok(Source::Remade {
        initial,
        seeds: seeds(graph, initial),
        kept: Weights::partial(graph, node, initial, is_kept)?,
    })
}
