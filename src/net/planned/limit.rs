//! How much memory a planned network may take.

use std::cmp::Reverse;

use crate::compute::convolution::{Rounding, planned_bytes};
use crate::error::{Error, Result};
use crate::net::graph::Graph;
use crate::net::planned::OPERATOR;
use crate::net::planned::build::geometry;
use crate::net::planned::fuse::Fused;
use crate::net::refusal::{in_layer, size_not_given};
use crate::net::weights::{Parameter, ancestors, parameters};

/// Most bytes that weights and arena of one network may take: half of what 32 bits address. A single
/// operator has the smaller limit of `crate::compute::BUDGET_BYTES`, which the weights of AlexNet
/// nearly reach and those of VGG exceed.
pub const LIMIT_BYTES: usize = 2 << 30;

/// Packed weights up to here may be as large as is fastest.
const SMALL_BYTES: f64 = (64 << 20) as f64;
/// Beyond, they take at most this many times the memory of the weights.
const MOST_TIMES: f64 = 2.0;

const VALUE_BYTES: f64 = size_of::<f32>() as f64;

/// Refuses a network whose parameters alone are beyond [`LIMIT_BYTES`].
///
/// # Errors
/// [`Error::TooLarge`]; as [`parameters`].
pub fn check_parameters(operator: &'static str, graph: &Graph) -> Result<()> {
    let bytes = (0..graph.nodes().len()).map(|place| parameter_bytes(graph, place));
    check_limit(operator, bytes.sum::<Result<f64>>()?)
}

/// Refuses a network of which an extent is not given, or of which a value or all parameters are beyond
/// the limit.
pub(super) fn check_sizes(graph: &Graph) -> Result<()> {
    let needed = ancestors(graph, graph.nodes().len() - 1);
    let needed = needed.iter().enumerate().filter(|(_, needed)| **needed);
    let mut weights = 0.0;
    for (place, _) in needed {
        let node = &graph.nodes()[place];
        let Some(values) = node.shape.values() else {
            let reason = size_not_given(OPERATOR, node.shape);
            return Err(in_layer(OPERATOR, &node.id, reason));
        };
        weights += parameter_bytes(graph, place)?;
        check_limit(OPERATOR, weights + values as f64 * VALUE_BYTES)?;
    }
    Ok(())
}

/// Makes convolutions take less memory for their weights, if all together take too much; those with
/// the fewest positions first, which lose the least time by it. Returns the bytes of all weights.
pub(super) fn economise(graph: &Graph, steps: &mut [Fused]) -> Result<f64> {
    let mut given = 0.0;
    let mut packed = 0.0;
    let mut savings = Vec::new();
    for (idx, step) in steps.iter().enumerate() {
        let folded = step.affine.iter().chain([&step.main]);
        let bytes = folded.map(|&place| parameter_bytes(graph, place));
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

fn parameter_bytes(graph: &Graph, place: usize) -> Result<f64> {
    let counts = parameters(graph, place)?;
    Ok(counts.iter().map(Parameter::count).sum::<f64>() * VALUE_BYTES)
}

fn area([rows, cols]: [usize; 2]) -> f64 {
    rows as f64 * cols as f64
}
