//! Which values of a pass are computed, how long each is kept, and how much memory that takes.

use crate::compute::BUDGET_BYTES;
use crate::error::{Error, Result};
use crate::math::real::Real;
use crate::net::graph::{Graph, NodeId};
use crate::net::reference::OPERATOR;
use crate::net::reference::operator::Operator;
use crate::net::reference::plan::{Part, Plan};
use crate::net::reference::purpose::{GradientPlan, Purpose};
use crate::net::weights::{Parameter, parameters};

/// How long each value is kept.
#[derive(Clone, Debug)]
pub(super) struct Memory {
    computed: Vec<bool>,
    /// For each node the values that nothing needs once it is computed.
    idle_after: Vec<Vec<usize>>,
}

impl Memory {
    pub fn new(
        graph: &Graph,
        plan: &Plan,
        operators: &[Option<Operator>],
        purpose: Purpose,
        gradients: &GradientPlan,
    ) -> Memory {
        let count = plan.parts.len();
        let planned = |idx: usize| plan.parts[idx].is_some();
        let inputs = |idx: usize| graph.nodes()[idx].inputs.iter().map(|input| input.index());
        let mut kept = (0..count)
            .map(|idx| match purpose {
                Purpose::Everything => planned(idx),
                Purpose::Training => idx == plan.node.index(),
                Purpose::InputGradient => false,
            })
            .collect::<Vec<_>>();
        for (idx, operator) in operators.iter().enumerate().take(count) {
            let reads_input = operator.is_some_and(|operator| operator.reads_input());
            let is_read = gradients.at[idx] && reads_input || gradients.weights[idx];
            if planned(idx) && is_read {
                inputs(idx).for_each(|input| kept[input] = true);
            }
        }
        let mut computed = kept.clone();
        let mut last_user = vec![None; count];
        for idx in (1..count).rev().filter(|&idx| planned(idx)) {
            if computed[idx] {
                for input in inputs(idx) {
                    computed[input] = true;
                    last_user[input] = last_user[input].or(Some(idx));
                }
            }
        }
        let mut idle_after = vec![Vec::new(); count];
        for (idx, user) in last_user.into_iter().enumerate() {
            if let (Some(user), false) = (user, kept[idx]) {
                idle_after[user].push(idx);
            }
        }
        Memory {
            computed,
            idle_after,
        }
    }

    /// Whether the values of `node` are needed.
    pub fn is_computed(&self, node: NodeId) -> bool {
        self.computed[node.index()]
    }

    /// The values to drop once `node` is computed, by the indices of their nodes.
    pub fn idle_after(&self, node: NodeId) -> &[usize] {
        &self.idle_after[node.index()]
    }

    /// Refuses a pass of `examples` examples that, with its backward pass, would take more than the
    /// budget at any time; `is_held` says which nodes have their weights all the while.
    ///
    /// # Errors
    /// [`Error::TooLarge`].
    pub fn check<F: Real>(
        &self,
        graph: &Graph,
        plan: &Plan,
        gradients: &GradientPlan,
        examples: usize,
        is_held: impl Fn(NodeId) -> bool,
    ) -> Result<()> {
        let values = self.peak(graph, plan, gradients, examples, is_held)?;
        let needed = values * size_of::<F>() as f64;
        if needed <= BUDGET_BYTES as f64 {
            return Ok(());
        }
        Err(Error::TooLarge {
            operator: OPERATOR,
            limit: BUDGET_BYTES,
            needed: needed as usize,
        })
    }

    /// Most values that there are at any time.
    ///
    /// # Errors
    /// As [`parameters`].
    pub fn peak(
        &self,
        graph: &Graph,
        plan: &Plan,
        gradients: &GradientPlan,
        examples: usize,
        is_held: impl Fn(NodeId) -> bool,
    ) -> Result<f64> {
        let sizes = Sizes::new(graph, plan, examples)?;
        let weights = plan.node.up_to().zip(&sizes.weights);
        let weights = weights.filter(|(node, _)| is_held(*node));
        let mut live = sizes.held[0] + weights.map(|(_, count)| count).sum::<f64>();
        let mut peak = live;
        for idx in (1..plan.parts.len()).filter(|&idx| self.computed[idx]) {
            live += sizes.held[idx];
            peak = peak.max(live + sizes.at_work[idx]);
            let idle = self.idle_after[idx].iter().map(|&idle| sizes.held[idle]);
            live -= idle.sum::<f64>();
        }
        // Back, a gradient lives from the first that adds to it until its node is done.
        let mut waiting = vec![false; plan.parts.len()];
        waiting[plan.node.index()] = true;
        live += sizes.held[plan.node.index()];
        let is_reached = |idx: usize| plan.stages[idx].is_some() && gradients.at[idx];
        for idx in (1..plan.parts.len()).rev().filter(|&idx| is_reached(idx)) {
            if gradients.weights[idx] {
                live += sizes.weights[idx];
            }
            for input in graph.nodes()[idx].inputs.iter().map(|input| input.index()) {
                if gradients.at[input] && !std::mem::replace(&mut waiting[input], true) {
                    live += sizes.held[input];
                }
            }
            peak = peak.max(live + sizes.at_work[idx]);
            live -= sizes.held[idx];
        }
        Ok(peak)
    }
}

/// Numbers of values of each node, in `f64`, where no product overflows.
struct Sizes {
    /// In the part that is kept.
    held: Vec<f64>,
    weights: Vec<f64>,
    /// While it is computed: its weights, what it takes, once more with the padding, and what comes
    /// of it.
    at_work: Vec<f64>,
}

impl Sizes {
    fn new(graph: &Graph, plan: &Plan, examples: usize) -> Result<Sizes> {
        let values = |node: NodeId, [rows, cols]: Part| {
            let channels = graph[node].shape.channels().unwrap_or_default();
            let extents = [examples, channels, rows.len(), cols.len()];
            extents.map(|extent| extent as f64).iter().product::<f64>()
        };
        let parts = plan.node.up_to().zip(&plan.parts);
        let mut sizes = Sizes {
            held: parts
                .map(|(node, part)| part.map_or(0.0, |part| values(node, part)))
                .collect(),
            weights: vec![0.0; plan.parts.len()],
            at_work: vec![0.0; plan.parts.len()],
        };
        for (node, stage) in plan.node.up_to().zip(&plan.stages) {
            let Some(stage) = stage else { continue };
            let parameters = parameters(graph, node)?;
            let weights = parameters.iter().map(Parameter::count).sum::<f64>();
            let inputs = graph[node].inputs.iter();
            let taken = inputs.map(|&input| values(input, stage.taken)).sum::<f64>();
            sizes.weights[node.index()] = weights;
            sizes.at_work[node.index()] = weights + 2.0 * taken + values(node, stage.computed);
        }
        Ok(sizes)
    }
}
