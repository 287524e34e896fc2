//! The network of a run as a graph, and what it starts with.

use crate::data::rng::Rng;
use crate::error::Result;
use crate::init::initializer::initialize;
use crate::net::graph::Graph;
use crate::net::reference::Parameters;
use crate::net::spec::{INPUT, Input, Layer, Op, Pooling, Spec};
use crate::net::weights::{next_seed, parameters};
use crate::window::Padding;

use super::spec::{Downsampling, FirstWeights, NetworkKind, NetworkSpec, Norm};

/// The id of the last layer.
pub(super) const HEAD: &str = "dense";

/// Stages that halve their maps.
const STAGES: usize = 2;

/// The graph of `network` for inputs `[channels, side, side]` and so many classes.
///
/// # Errors
/// [`UnknownName`](crate::error::Error::UnknownName) for an activation that there is none of; as
/// [`Graph::new`].
pub fn graph(network: &NetworkSpec, [channels, side]: [usize; 2], classes: usize) -> Result<Graph> {
    let mut layers = Layers {
        network,
        list: Vec::new(),
    };
    match network.kind {
        NetworkKind::Linear => layers.flatten(),
        NetworkKind::Dense => {
            layers.flatten();
            for number in 1..=network.depth {
                layers.push(format!("hidden{number}"), dense(network.width));
                layers.activate(number);
            }
        }
        NetworkKind::Cnn | NetworkKind::Separable => {
            layers.stages();
            layers.flatten();
        }
    }
    if network.dropout > 0.0 {
        let probability = network.dropout;
        layers.push("dropout".into(), Op::Dropout { probability });
    }
    layers.push(HEAD.into(), dense(classes));
    Graph::new(&Spec {
        input: Input {
            channels,
            height: Some(side),
            width: Some(side),
        },
        layers: layers.list,
    })
}

/// The weights of all kernels and dense layers before the first step, each layer's from a seed of its
/// own, so that layers of one shape and place start alike in networks that differ elsewhere.
///
/// # Errors
/// As [`initialize`].
pub fn first_weights(graph: &Graph, kind: FirstWeights, seed: u64) -> Result<Parameters<f32>> {
    let (initializer, factor) = kind.initializer();
    let mut seeds = Rng::new(seed);
    let mut weights = Vec::new();
    for (node, layer) in graph.iter() {
        for parameter in parameters(graph, node)? {
            if parameter.shape.len() < 2 {
                continue;
            }
            let values = initialize::<f32>(&parameter.shape, initializer, next_seed(&mut seeds))?;
            weights.push((layer.id.clone(), parameter.name.to_owned(), values * factor));
        }
    }
    Ok(weights)
}

struct Layers<'a> {
    network: &'a NetworkSpec,
    list: Vec<Layer>,
}

impl Layers<'_> {
    fn push(&mut self, id: String, op: Op) {
        self.join(id, Vec::new(), op);
    }

    fn join(&mut self, id: String, from: Vec<String>, op: Op) {
        self.list.push(Layer { id, from, op });
    }

    fn here(&self) -> String {
        self.list
            .last()
            .map_or(INPUT.to_owned(), |layer| layer.id.clone())
    }

    fn flatten(&mut self) {
        self.push("flatten".into(), Op::Flatten {});
    }

    fn activate(&mut self, number: usize) {
        let kind = self.network.activation.clone();
        self.push(format!("act{number}"), Op::Activation { kind });
    }

    /// Convolutions in stages, the first stage with the odd one.
    fn stages(&mut self) {
        let depth = self.network.depth;
        let first = depth.div_ceil(STAGES);
        let mut number = 0;
        for (stage, count) in [first, depth - first].into_iter().enumerate() {
            let channels = self.network.width << stage;
            for place in 0..count {
                number += 1;
                let ends = place + 1 == count;
                let strided = ends && self.network.pooling == Downsampling::Strided;
                self.block(number, channels, strided, place > 0);
            }
            if count > 0 {
                self.downsample(stage + 1);
            }
        }
    }

    /// A convolution with its norm and its activation, and the way around them.
    fn block(&mut self, number: usize, channels: usize, strided: bool, keeps_channels: bool) {
        let before = self.here();
        let stride = if strided { [2, 2] } else { [1, 1] };
        if self.network.kind == NetworkKind::Separable && number > 1 {
            let input = self.channels(number);
            let depthwise = conv(input, 3, stride, input);
            self.push(format!("depthwise{number}"), depthwise);
            self.push(format!("conv{number}"), conv(channels, 1, [1, 1], 1));
        } else {
            self.push(format!("conv{number}"), conv(channels, 3, stride, 1));
        }
        match self.network.norm {
            Norm::None => {}
            Norm::Batch => self.push(
                format!("norm{number}"),
                Op::BatchNorm {
                    epsilon: 1e-5,
                    scale: true,
                },
            ),
            Norm::Group => self.group_norm(number, if channels.is_multiple_of(4) { 4 } else { 1 }),
            Norm::Layer => self.group_norm(number, 1),
        }
        self.activate(number);
        if self.network.skips && keeps_channels && !strided {
            let from = vec![before, self.here()];
            self.join(format!("add{number}"), from, Op::Add {});
        }
    }

    fn group_norm(&mut self, number: usize, groups: usize) {
        let epsilon = 1e-5;
        self.push(format!("norm{number}"), Op::GroupNorm { groups, epsilon });
    }

    /// Channels of the input of the convolution `number`, which is not the first.
    fn channels(&self, number: usize) -> usize {
        let first = self.network.depth.div_ceil(STAGES);
        self.network.width << usize::from(number > first + 1)
    }

    fn downsample(&mut self, stage: usize) {
        match self.network.pooling {
            Downsampling::Strided => {}
            Downsampling::Blurred => {
                self.push(format!("max{stage}"), pool(Pooling::Max, [1, 1]));
                self.push(
                    format!("pool{stage}"),
                    Op::BlurPool2d {
                        taps: 3,
                        stride: [2, 2],
                    },
                );
            }
            Downsampling::Max | Downsampling::Average => {
                let kind = self.network.pooling.pooling().unwrap_or(Pooling::Max);
                self.push(format!("pool{stage}"), pool(kind, [2, 2]));
            }
        }
    }
}

fn conv(channels: usize, side: usize, stride: [usize; 2], groups: usize) -> Op {
    Op::Conv2d {
        channels,
        kernel: [side; 2],
        stride,
        padding: Padding::Same,
        dilation: [1, 1],
        groups,
        bias: true,
        connections: None,
    }
}

fn pool(kind: Pooling, stride: [usize; 2]) -> Op {
    Op::Pool2d {
        kind,
        size: [2, 2],
        stride: Some(stride),
        padding: if stride == [1, 1] {
            Padding::Same
        } else {
            Padding::Valid
        },
        dilation: [1, 1],
        ceil_mode: false,
        count_include_pad: false,
        p: 2.0,
    }
}

fn dense(features: usize) -> Op {
    Op::Dense {
        features,
        bias: true,
    }
}
