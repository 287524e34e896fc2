//! The naive reference: what a position depends on, by the definitions of the operators, one
//! position at a time and along one axis.

use std::collections::BTreeSet;

use cnn_playground::net::graph::{Graph, NodeId};
use cnn_playground::net::spec::{Interpolation, Op};
use cnn_playground::window::{Padding, PaddingMode};

/// Whether maps end or go on for ever.
#[derive(Clone, Copy, PartialEq)]
pub enum Ends {
    Open,
    Closed,
}

/// For each node up to `node` the positions that its position `at` depends on; `None` for nodes it
/// does not depend on.
pub fn trace(
    graph: &Graph,
    node: NodeId,
    axis: usize,
    at: i64,
    ends: Ends,
) -> Vec<Option<BTreeSet<i64>>> {
    let mut traced = vec![None; node.index() + 1];
    traced[node.index()] = Some(BTreeSet::from([at]));
    for idx in (1..=node.index()).rev() {
        let node = &graph.nodes()[idx];
        let Some(positions) = traced[idx].clone() else {
            continue;
        };
        for &input in &node.inputs {
            let extent = graph[input].shape.spatial()[axis].unwrap() as i64;
            let touched = positions
                .iter()
                .flat_map(|&at| touches(node.op.as_ref().unwrap(), at, extent, axis, ends));
            traced[input.index()]
                .get_or_insert_with(BTreeSet::new)
                .extend(touched);
        }
    }
    traced
}

/// The positions that `op` reads for position `at`.
fn touches(op: &Op, at: i64, extent: i64, axis: usize, ends: Ends) -> Vec<i64> {
    let window = |kernel: usize, stride: usize, dilation: usize, before: i64| {
        let cells = 0..kernel as i64;
        cells
            .map(|cell| at * stride as i64 + cell * dilation as i64 - before)
            .collect::<Vec<_>>()
    };
    let (touched, fill) = match op {
        Op::Conv2d {
            kernel,
            stride,
            dilation,
            padding,
            ..
        } => {
            let [kernel, stride, dilation] = [kernel, stride, dilation].map(|pair| pair[axis]);
            let before = before(*padding, [kernel, stride, dilation], extent, axis);
            (window(kernel, stride, dilation, before), PaddingMode::Zeros)
        }
        Op::Pool2d {
            size,
            stride,
            dilation,
            padding,
            ..
        } => {
            let stride = stride.unwrap_or(*size);
            let [kernel, stride, dilation] = [size, &stride, dilation].map(|pair| pair[axis]);
            let before = before(*padding, [kernel, stride, dilation], extent, axis);
            (window(kernel, stride, dilation, before), PaddingMode::Zeros)
        }
        Op::ConvTranspose2d {
            kernel,
            stride,
            dilation,
            padding,
            ..
        } => {
            let before = [padding.top, padding.left][axis] as i64;
            let covers = |input: &i64| {
                (0..kernel[axis] as i64).any(|cell| {
                    input * stride[axis] as i64 + cell * dilation[axis] as i64 - before == at
                })
            };
            (
                around(at / stride[axis] as i64).filter(covers).collect(),
                PaddingMode::Zeros,
            )
        }
        Op::Pad2d { padding, mode } => (vec![at - [padding.top, padding.left][axis] as i64], *mode),
        Op::BlurPool2d { taps, stride } => {
            let before = (*taps as i64 - 1) / 2;
            (window(*taps, stride[axis], 1, before), PaddingMode::Reflect)
        }
        Op::Resize2d { scale, kind } => {
            let centre = (at as f64 + 0.5) / scale[axis] as f64 - 0.5;
            match kind {
                Interpolation::Nearest => (vec![centre.round() as i64], PaddingMode::Zeros),
                Interpolation::Bilinear => {
                    let near = |input: &i64| (*input as f64 - centre).abs() < 1.0 - 1e-9;
                    let touched = around(centre as i64).filter(near).collect();
                    (touched, PaddingMode::Replicate)
                }
            }
        }
        Op::AdaptivePool2d { size, .. } if size[axis] > 1 => {
            let share = extent as f64 / size[axis] as f64;
            let [first, past] = [at as f64 * share, (at + 1) as f64 * share];
            // Thirds and their like are no exact numbers.
            let [first, past] = [(first + 1e-9).floor() as i64, (past - 1e-9).ceil() as i64];
            ((first..past).collect(), PaddingMode::Zeros)
        }
        Op::AdaptivePool2d { .. }
        | Op::GlobalPool2d { .. }
        | Op::GroupNorm { .. }
        | Op::Flatten {}
        | Op::Dense { .. } => ((0..extent).collect(), PaddingMode::Zeros),
        _ => (vec![at], PaddingMode::Zeros),
    };
    match ends {
        Ends::Open => touched,
        Ends::Closed => touched
            .into_iter()
            .filter_map(|position| fill.source(position as isize, extent as usize))
            .map(|position| position as i64)
            .collect(),
    }
}

/// More than any kernel drawn covers.
fn around(centre: i64) -> std::ops::Range<i64> {
    centre - 20..centre + 20
}

fn before(
    padding: Padding,
    [kernel, stride, dilation]: [usize; 3],
    input: i64,
    axis: usize,
) -> i64 {
    let covered = ((kernel - 1) * dilation + 1) as i64;
    let stride = stride as i64;
    match padding {
        Padding::Valid => 0,
        Padding::Full => covered - 1,
        Padding::Explicit(sides) => [sides.top, sides.left][axis] as i64,
        Padding::Same => {
            let outputs = (input + stride - 1) / stride;
            ((outputs - 1) * stride + covered - input).max(0) / 2
        }
    }
}
