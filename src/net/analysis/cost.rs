//! What a network costs: parameters, multiply-adds, memory.

use std::iter::Sum;
use std::ops::Add;

use serde::Serialize;

use crate::error::{Error, Result};
use crate::net::graph::{Graph, Node};
use crate::net::op::shape::Shape;
use crate::net::refusal::in_layer;
use crate::net::spec::Op;

const OPERATOR: &str = "describe";

/// Numbers beyond are not whole numbers that JavaScript holds exactly.
const LIMIT: u64 = 1 << 53;

/// What a layer, or all of them, cost for one example. `None` where that depends on an extent of the
/// input that is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Cost {
    /// Numbers that are learned.
    pub parameters: Option<u64>,
    /// Numbers that are kept but not learned: batch norm's running means and variances.
    pub buffers: Option<u64>,
    /// Multiplications with an addition each, of convolutions and dense layers; those that meet
    /// padding count too, as they do for every known table. Two floating-point operations each.
    pub multiply_adds: Option<u64>,
    /// Bytes of the output in `f32`.
    pub activation_bytes: Option<u64>,
}

impl Cost {
    const NOTHING: Cost = Cost {
        parameters: Some(0),
        buffers: Some(0),
        multiply_adds: Some(0),
        activation_bytes: Some(0),
    };
}

impl Add for Cost {
    type Output = Cost;

    /// No sum of the costs of [`costs`] overflows.
    fn add(self, other: Cost) -> Cost {
        let sum = |one: Option<u64>, other: Option<u64>| Some(one? + other?);
        Cost {
            parameters: sum(self.parameters, other.parameters),
            buffers: sum(self.buffers, other.buffers),
            multiply_adds: sum(self.multiply_adds, other.multiply_adds),
            activation_bytes: sum(self.activation_bytes, other.activation_bytes),
        }
    }
}

impl Sum for Cost {
    fn sum<I: Iterator<Item = Cost>>(costs: I) -> Cost {
        costs.fold(Cost::NOTHING, Cost::add)
    }
}

/// The cost of each node, in their order.
///
/// # Errors
/// [`Error::Layer`] around [`Error::OutOfRange`] with which the network up to that layer costs more
/// than can be counted exactly.
pub fn costs(graph: &Graph) -> Result<Vec<Cost>> {
    let mut total = Cost::NOTHING;
    let nodes = graph.nodes().iter().enumerate();
    nodes
        .map(|(place, node)| {
            let inputs = graph.input_shapes(place).collect::<Vec<_>>();
            let cost = cost(node, &inputs).and_then(|cost| {
                total = total + cost;
                check(total)?;
                Ok(cost)
            });
            cost.map_err(|reason| in_layer(OPERATOR, &node.id, reason))
        })
        .collect()
}

fn check(cost: Cost) -> Result<()> {
    let counts = [
        ("parameters", cost.parameters),
        ("multiplyAdds", cost.multiply_adds),
        ("activationBytes", cost.activation_bytes),
    ];
    for (argument, count) in counts {
        if let Some(count) = count.filter(|count| *count > LIMIT) {
            return Err(too_much(argument, count as f64));
        }
    }
    Ok(())
}

fn too_much(argument: &'static str, got: f64) -> Error {
    Error::OutOfRange {
        operator: OPERATOR,
        argument,
        min: 0.0,
        max: LIMIT as f64,
        got,
    }
}

fn cost(node: &Node, inputs: &[Shape]) -> Result<Cost> {
    let counts = match (&node.op, inputs) {
        (Some(op), [input, ..]) => counts(op, *input, node.shape)?,
        _ => Counts::default(),
    };
    let cost = Cost {
        parameters: counts.parameters,
        buffers: Some(counts.buffers),
        multiply_adds: counts.multiply_adds,
        activation_bytes: match node.shape.values() {
            Some(values) => Some(product("activationBytes", &[values, 4])?),
            None => None,
        },
    };
    check(cost)?;
    Ok(cost)
}

/// The part of a cost that is not memory.
struct Counts {
    parameters: Option<u64>,
    buffers: u64,
    multiply_adds: Option<u64>,
}

impl Default for Counts {
    fn default() -> Self {
        Counts::learned(Some(0))
    }
}

impl Counts {
    /// A layer without multiply-adds.
    fn learned(parameters: Option<u64>) -> Self {
        Counts {
            parameters,
            buffers: 0,
            multiply_adds: Some(0),
        }
    }

    /// `weights` that each meet every one of `positions`, and biases.
    fn weighted(weights: Option<u64>, positions: Option<u64>, biases: u64) -> Result<Self> {
        Ok(Counts {
            parameters: weights.map(|weights| weights + biases),
            buffers: 0,
            multiply_adds: match (weights, positions) {
                (Some(weights), Some(positions)) => {
                    Some(product("multiplyAdds", &[weights, positions])?)
                }
                _ => None,
            },
        })
    }
}

fn counts(op: &Op, input: Shape, output: Shape) -> Result<Counts> {
    let in_channels = input.channels().map(|channels| channels as u64);
    let per_channel = |count: u64| in_channels.map(|channels| channels * count);
    Ok(match op {
        Op::Conv2d {
            channels,
            kernel,
            groups,
            bias,
            connections,
            ..
        } => {
            let pairs = match (connections, in_channels) {
                (Some(connections), _) => {
                    Some(connections.iter().map(|sees| sees.len() as u64).sum())
                }
                (None, Some(in_channels)) => {
                    Some(*channels as u64 * (in_channels / *groups as u64))
                }
                (None, None) => None,
            };
            Counts::weighted(
                weights(pairs, *kernel)?,
                positions(output),
                biases(*bias, *channels),
            )?
        }
        Op::ConvTranspose2d {
            channels,
            kernel,
            groups,
            bias,
            ..
        } => {
            let pairs = in_channels.map(|channels_in| channels_in * (channels / groups) as u64);
            // Each input pixel is multiplied by the whole kernel.
            Counts::weighted(
                weights(pairs, *kernel)?,
                positions(input),
                biases(*bias, *channels),
            )?
        }
        Op::Dense { features, bias } => {
            let weights = match in_channels {
                Some(values) => Some(product("parameters", &[values, *features as u64])?),
                None => None,
            };
            Counts::weighted(weights, Some(1), biases(*bias, *features))?
        }
        Op::BatchNorm { scale, .. } => Counts {
            buffers: per_channel(2).unwrap_or(0),
            ..Counts::learned(per_channel(1 + u64::from(*scale)))
        },
        Op::GroupNorm { .. } | Op::ChannelScale {} => Counts::learned(per_channel(2)),
        Op::Prelu {} => Counts::learned(per_channel(1)),
        _ => Counts::default(),
    })
}

fn weights(pairs: Option<u64>, [rows, cols]: [usize; 2]) -> Result<Option<u64>> {
    pairs
        .map(|pairs| product("parameters", &[pairs, rows as u64, cols as u64]))
        .transpose()
}

fn biases(bias: bool, channels: usize) -> u64 {
    if bias { channels as u64 } else { 0 }
}

/// Positions of a map.
fn positions(shape: Shape) -> Option<u64> {
    let [rows, cols] = shape.spatial();
    Some(rows? as u64 * cols? as u64)
}

fn product(argument: &'static str, factors: &[u64]) -> Result<u64> {
    let product = factors
        .iter()
        .try_fold(1_u64, |product, &factor| product.checked_mul(factor));
    match product {
        Some(product) if product <= LIMIT => Ok(product),
        _ => {
            let got = factors.iter().map(|&factor| factor as f64).product();
            Err(too_much(argument, got))
        }
    }
}
