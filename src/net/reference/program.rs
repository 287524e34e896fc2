//! All that is decided before a pass runs.

use crate::error::Result;
use crate::math::real::Real;
use crate::net::graph::{Graph, NodeId};
use crate::net::reference::memory::Memory;
use crate::net::reference::operator::Operator;
use crate::net::reference::plan::Plan;
use crate::net::reference::purpose::{GradientPlan, Purpose};
use crate::net::weights::{Initial, seeds};

/// What each node computes, which gradients lead where, and how long each value is kept. Passes with
/// other inputs, weights and batch sizes share it.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(super) plan: Plan,
    pub(super) operators: Vec<Option<Operator>>,
    pub(super) gradients: GradientPlan,
    pub(super) memory: Memory,
}

impl Program {
    /// The passes of `plan`, whose nodes compute by `operators`.
    pub fn new(
        graph: &Graph,
        plan: Plan,
        operators: Vec<Option<Operator>>,
        purpose: Purpose,
        learns: impl Fn(NodeId) -> bool,
    ) -> Program {
        let gradients = GradientPlan::new(graph, purpose, learns);
        let memory = Memory::new(graph, &plan, &operators, purpose, &gradients);
        Program {
            plan,
            operators,
            gradients,
            memory,
        }
    }

    /// Lets dropout leave out what `seed` decides.
    pub fn reseed(&mut self, graph: &Graph, seed: u64) {
        let is_random =
            |operator: &Option<Operator>| matches!(operator, Some(Operator::Dropout(_)));
        if !self.operators.iter().any(is_random) {
            return;
        }
        let seeds = seeds(graph, Initial::Random { seed });
        for (operator, seed) in self.operators.iter_mut().zip(seeds) {
            if let Some(Operator::Dropout(options)) = operator {
                options.seed = seed;
            }
        }
    }

    /// # Errors
    /// As [`Memory::check`].
    pub fn check_memory<F: Real>(
        &self,
        graph: &Graph,
        examples: usize,
        is_held: impl Fn(NodeId) -> bool,
    ) -> Result<()> {
        let Program {
            plan,
            gradients,
            memory,
            ..
        } = self;
        memory.check::<F>(graph, plan, gradients, examples, is_held)
    }
}
