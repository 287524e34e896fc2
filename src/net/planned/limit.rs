//! How much memory a planned network may take.

use std::cmp::Reverse;

use crate::compute::convolution::{Rounding, planned_bytes};
use crate::error::{Error, Result};
use crate::net::graph::{Graph, NodeId};
use crate::net::planned::OPERATOR;
use crate::net::planned::build::geometry;
use crate::net::planned::fuse::Fused;
use crate::net::refusal::{in_layer, size_not_given};
use crate::net::weights::{Parameter, parameters};

/// Most bytes that the weights and the arena of one network may use: half of what 32 bits address. A
/// single operator has the smaller limit of `crate::compute::BUDGET_BYTES`, which the weights of
/// AlexNet nearly reach and those of VGG exceed.
pub const LIMIT_BYTES: usize = 2 << 30;

/// Up to here, packed weights may be as large as is fastest.
const SMALL_BYTES: f64 = (64 << 20) as f64;
/// Beyond, they use at most this many times the memory of the plain weights.
const MOST_TIMES: f64 = 2.0;

const VALUE_BYTES: f64 = size_of::<f32>() as f64;

/// Refuses a network whose parameters alone are beyond [`LIMIT_BYTES`].
///
/// # Errors
/// [`Error::TooLarge`]; as [`parameters`].
pub fn check_parameters(operator: &'static str, graph: &Graph) -> Result<()> {
    let nodes = graph.last().up_to();
    let bytes = nodes.map(|node| parameter_bytes(graph, node));
    check_limit(operator, bytes.sum::<Result<f64>>()?)
}

/// Refuses a network with an extent that is not given, or with a value or parameters beyond the limit.
pub(super) fn check_sizes(graph: &Graph) -> Result<()> {
    let needed = graph.ancestors(graph.last());
    let mut weights = 0.0;
    for (id, node) in graph.iter().filter(|(id, _)| needed[id.index()]) {
        let Some(values) = node.shape.values() else {
            let reason = size_not_given(OPERATOR, node.shape);
            return Err(in_layer(OPERATOR, &node.id, reason));
        };
        weights += parameter_bytes(graph, id)?;
        check_limit(OPERATOR, weights + values as f64 * VALUE_BYTES)?;
    }
    Ok(())
}

/// Makes convolutions use less memory for their weights if all together use too much: those with the
/// fewest positions first, which lose the least time by it. Returns the bytes of all weights.
pub(super) fn fit_memory_budget(graph: &Graph, steps: &mut [Fused]) -> Result<f64> {
    let mut given = 0.0;
    let mut packed = 0.0;
    let mut savings = Vec::new();
    for (idx, step) in steps.iter().enumerate() {
        let folded = step.affine.iter().chain([&step.main]);
        let bytes = folded.map(|&node| parameter_bytes(graph, node));
        let bytes = bytes.sum::<Result<f64>>()?;
        given += bytes;
        packed += bytes;
        if let Some(geometry) = geometry(graph, step.main)? {
            let planned = |rounding| planned_bytes(&geometry, rounding) as f64;
            let fast = planned(Rounding::Bounded);
            let kernel = geometry.out_channels as f64 * geometry.in_channels as f64;
            let kernel = kernel / geometry.groups as f64 * area(geometry.kernel) * VALUE_BYTES;
            packed += fast - kernel;
            let saved = fast - planned(Rounding::BoundedCompact);
            savings.push((area(geometry.output) as u64, Reverse(idx), saved));
        }
    }
    savings.sort_by_key(|&(positions, idx, _)| (positions, idx));
    for (_, Reverse(idx), saved) in savings {
        if packed <= SMALL_BYTES.max(MOST_TIMES * given) {
            break;
        }
        if saved > 0.0 {
            steps[idx].rounding = Rounding::BoundedCompact;
            packed -= saved;
        }
    }
    Ok(packed)
}

pub(super) fn check_limit(operator: &'static str, needed: f64) -> Result<()> {
    if needed <= LIMIT_BYTES as f64 {
        return Ok(());
    }
    Err(too_large(operator, needed))
}

pub(super) fn too_large(operator: &'static str, needed: f64) -> Error {
    Error::TooLarge {
        operator,
        limit: LIMIT_BYTES,
        needed: needed as usize,
    }
}

fn parameter_bytes(graph: &Graph, node: NodeId) -> Result<f64> {
    let counts = parameters(graph, node)?;
    Ok(counts.iter().map(Parameter::count).sum::<f64>() * VALUE_BYTES)
}

fn area([rows, cols]: [usize; 2]) -> f64 {
    rows as f64 * cols as f64
}
