//! The kernel of a step: its operator and its weights, with the layers after it folded in.

use ndarray::ArrayD;

use crate::compute::convolution::{Geometry, convolution};
use crate::compute::gemm::Epilogue;
use crate::error::Result;
use crate::net::graph::{Graph, NodeId};
use crate::net::op::shape::Shape;
use crate::net::op::span::Span;
use crate::net::op::window::window;
use crate::net::planned::fuse::{Fused, is_affine, limits};
use crate::net::planned::kernel::{Affine, Apart, Dense, InPlace, Kernel, Plain, UNLIMITED};
use crate::net::reference::operator::Operator;
use crate::net::reference::plan::Stage;
use crate::net::spec::Op;
use crate::ops::adaptive_pool2d::Regions;
use crate::ops::pool2d;
use crate::window::Sides;

/// Returns the arrays of a layer.
pub(super) type WeightSource<'a> = &'a mut dyn FnMut(NodeId) -> Result<Vec<ArrayD<f32>>>;

/// Builds the kernel of `step`. `weights` returns the arrays of a layer and is called once for each.
///
/// # Errors
/// What `weights` refuses.
pub(super) fn build(graph: &Graph, step: &Fused, weights: WeightSource) -> Result<Kernel> {
    let node = &graph[step.main];
    let clamp = step.clamp.unwrap_or(UNLIMITED);
    let Some(op) = &node.op else {
        return Ok(Kernel::Empty);
    };
    Ok(match op {
        Op::Conv2d { .. } | Op::Dense { .. } => {
            let mut arrays = weights(step.main)?.into_iter().map(flat);
            let (mut kernel, mut bias) = (
                arrays.next().unwrap_or_default(),
                arrays.next().unwrap_or_default(),
            );
            fold(graph, step, weights, &mut kernel, &mut bias)?;
            if let Some(geometry) = geometry(graph, step.main)? {
                let clamp = step.clamp;
                let finish = Epilogue { bias, clamp };
                let convolution = convolution(geometry, &kernel, finish, step.rounding);
                Kernel::from(Apart::Convolution(convolution))
            } else {
                Kernel::from(Apart::Dense(Dense {
                    weights: kernel,
                    bias,
                    clamp: step.clamp,
                }))
            }
        }
        Op::Add {} => Kernel::Sum(clamp),
        Op::Concat {} => Kernel::Concatenation,
        op if is_affine(op) => {
            let channels = node.shape.channels().unwrap_or_default();
            let mut line = Line::new(channels);
            for &node in [step.main].iter().chain(&step.affine) {
                line.then(graph, node, weights(node)?);
            }
            Kernel::InPlace(InPlace::Affine(Affine {
                factors: rounded(&line.factors),
                terms: rounded(&line.terms),
                clamp,
            }))
        }
        op => match limits(op) {
            Some(limits) => Kernel::InPlace(InPlace::Clamp(limits)),
            None => other(graph, step.main, op, weights)?,
        },
    })
}

/// The kernel of a layer with nothing folded in.
fn other(graph: &Graph, node: NodeId, op: &Op, weights: WeightSource) -> Result<Kernel> {
    let shapes = graph.input_shapes(node).map(with_batch);
    let shapes = shapes.collect::<Vec<_>>();
    Ok(match (operator(graph, node, op)?, &shapes[0][..]) {
        (Operator::Pool2d(options), &[n, c, in_h, in_w]) => {
            let plan = pool2d::Plan::new(op.name(), [n, c, in_h, in_w], &options)?;
            Kernel::from(Apart::Pool(Box::new(plan)))
        }
        (Operator::AdaptivePool2d(options), &[n, c, in_h, in_w]) => {
            let regions = Regions::new(op.name(), [n, c, in_h, in_w], options.size)?;
            Kernel::from(Apart::AdaptivePool(options.kind, regions))
        }
        (Operator::Activation(kind), _) => Kernel::InPlace(InPlace::Activation(kind)),
        (Operator::Softmax, &[_, channels, ..]) => Kernel::InPlace(InPlace::Softmax(channels)),
        (operator, _) => Kernel::Layer(Plain {
            operator,
            weights: weights(node)?,
            shapes,
        }),
    })
}

/// y = factor · x + term for each channel, in `f64`.
struct Line {
    factors: Vec<f64>,
    terms: Vec<f64>,
}

impl Line {
    fn new(channels: usize) -> Line {
        Line {
            factors: vec![1.0; channels],
            terms: vec![0.0; channels],
        }
    }

    /// Appends what the layer `node` does with its `weights`.
    fn then(&mut self, graph: &Graph, node: NodeId, weights: Vec<ArrayD<f32>>) {
        let vectors = weights.into_iter().map(flat).collect::<Vec<_>>();
        let channels = self.factors.iter_mut().zip(&mut self.terms).enumerate();
        for (idx, (factor, term)) in channels {
            let value = |vector: usize| f64::from(vectors[vector][idx]);
            let (by, plus) = match graph[node].op {
                Some(Op::Scale { factor }) => (factor, 0.0),
                Some(Op::BatchNorm { epsilon, scale }) => {
                    let rest = usize::from(scale);
                    let [shift, mean, variance] = [rest, rest + 1, rest + 2].map(value);
                    let scale = if scale { value(0) } else { 1.0 };
                    let by = scale / (variance + epsilon).sqrt();
                    (by, shift - mean * by)
                }
                Some(Op::ChannelScale {}) => (value(0), value(1)),
                // No other operator is affine.
                _ => (1.0, 0.0),
            };
            (*factor, *term) = (*factor * by, *term * by + plus);
        }
    }
}

/// Multiplies and shifts the outputs of a convolution or dense layer as the layers after it would.
fn fold(
    graph: &Graph,
    step: &Fused,
    weights: WeightSource,
    kernel: &mut [f32],
    bias: &mut Vec<f32>,
) -> Result<()> {
    if step.affine.is_empty() {
        return Ok(());
    }
    let channels = graph[step.main].shape.channels().unwrap_or(1);
    let mut line = Line::new(channels);
    for &node in &step.affine {
        line.then(graph, node, weights(node)?);
    }
    let rows = kernel.chunks_exact_mut((kernel.len() / channels).max(1));
    for (row, factor) in rows.zip(&line.factors) {
        for weight in row {
            *weight = (f64::from(*weight) * factor) as f32;
        }
    }
    bias.resize(channels, 0.0);
    for (bias, (factor, term)) in bias.iter_mut().zip(line.factors.iter().zip(&line.terms)) {
        *bias = (f64::from(*bias) * factor + term) as f32;
    }
    Ok(())
}

/// The geometry of a convolution; `None` for other layers.
pub(super) fn geometry(graph: &Graph, node: NodeId) -> Result<Option<Geometry>> {
    let output = graph[node].shape;
    let (Some(op @ Op::Conv2d { groups, .. }), Some(input)) =
        (&graph[node].op, graph.input_shapes(node).next())
    else {
        return Ok(None);
    };
    let Some(window) = window(op, input.spatial())? else {
        return Ok(None);
    };
    let extents = |shape: Shape| shape.spatial().map(Option::unwrap_or_default);
    Ok(Some(Geometry {
        groups: *groups,
        in_channels: input.channels().unwrap_or_default(),
        out_channels: output.channels().unwrap_or_default(),
        input: extents(input),
        output: extents(output),
        kernel: window.kernel,
        stride: window.stride,
        dilation: window.dilation,
        padding: window.padding,
    }))
}

/// The operator of a layer on whole maps.
fn operator(graph: &Graph, node: NodeId, op: &Op) -> Result<Operator> {
    let computed = graph[node].shape;
    let input = graph.input_shapes(node).next().unwrap_or(computed);
    let (padding, output_padding) = match (op, window(op, input.spatial())?) {
        (Op::ConvTranspose2d { output_padding, .. }, Some(window)) => {
            (window.padding, *output_padding)
        }
        (Op::Pad2d { padding, .. }, _) => (*padding, [0, 0]),
        (_, window) => (
            window.map_or(Sides::default(), |window| window.padding),
            [0, 0],
        ),
    };
    let whole = |shape: Shape| {
        shape.spatial().map(|extent| Span {
            start: 0,
            end: extent.unwrap_or_default() as i64,
        })
    };
    let stage = Stage {
        taken: whole(input),
        computed: whole(computed),
        padding,
        output_padding,
    };
    Operator::new(op, &stage, false, None)
}

/// The shape of one example, with the axis of the batch.
pub(super) fn with_batch(shape: Shape) -> Vec<usize> {
    let extents = shape.extents().into_iter().map(Option::unwrap_or_default);
    std::iter::once(1).chain(extents).collect()
}

/// The values of an array, not copied if they are stored in order.
fn flat(array: ArrayD<f32>) -> Vec<f32> {
    match array.is_standard_layout() {
        true => array.into_raw_vec_and_offset().0,
        false => array.iter().copied().collect(),
    }
}

fn rounded(values: &[f64]) -> Vec<f32> {
    values.iter().map(|&value| value as f32).collect()
}
