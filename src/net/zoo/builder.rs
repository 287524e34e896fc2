//! Writes specs: a cursor that stands behind a layer and adds the next one there.

use super::options::{Conv, Pool};
use crate::net::spec::{INPUT, Input, Layer, Op, Pooling, Spec};
use crate::window::Sides;

/// PyTorch's default, which most networks keep.
pub const EPSILON: f64 = 1e-5;

/// A spec that grows at the cursor.
pub struct Builder {
    spec: Spec,
    separator: char,
    block: String,
    here: Place,
}

/// The output of a layer, to come back to.
#[derive(Clone, Debug)]
pub struct Place {
    id: String,
    /// Channels of its feature map.
    pub channels: usize,
}

// Inlined into sixty networks, these small functions would double the size of the wasm: 209 KB of code
// instead of 104.
impl Builder {
    /// The cursor at an input `[channels, extent, extent]`; `separator` stands between the names of
    /// nested blocks.
    pub fn new(separator: char, channels: usize, extent: usize) -> Self {
        Builder {
            spec: Spec {
                input: Input {
                    channels,
                    height: Some(extent),
                    width: Some(extent),
                },
                layers: Vec::new(),
            },
            separator,
            block: String::new(),
            here: Place {
                id: INPUT.to_owned(),
                channels,
            },
        }
    }

    /// The spec, whose layers the builder gives away.
    pub fn finish(&mut self) -> Spec {
        Spec {
            input: self.spec.input,
            layers: std::mem::take(&mut self.spec.layers),
        }
    }

    /// Where the cursor stands.
    #[inline(never)]
    pub fn here(&self) -> Place {
        self.here.clone()
    }

    /// Puts the cursor behind an earlier layer.
    #[inline(never)]
    pub fn go(&mut self, place: &Place) -> &mut Self {
        self.here = place.clone();
        self
    }

    /// Adds what `build` adds, its ids within the block `name`.
    pub fn within(&mut self, name: &str, build: impl FnOnce(&mut Builder)) -> &mut Self {
        let outside = self.open(name);
        build(self);
        self.block.truncate(outside);
        self
    }

    /// Runs each of `branches` from here and joins their channels in `id`.
    pub fn branches(&mut self, id: &str, branches: &[&dyn Fn(&mut Builder)]) -> &mut Self {
        let from = self.here();
        let mut ends = Vec::with_capacity(branches.len());
        for branch in branches {
            self.go(&from);
            branch(self);
            ends.push(self.here());
        }
        self.concat(id, &ends)
    }

    /// A convolution.
    #[inline(never)]
    pub fn conv(&mut self, id: &str, conv: Conv) -> &mut Self {
        self.connected_conv(id, conv, None)
    }

    /// A convolution of which each output channel sees the given input channels.
    pub fn connected_conv(
        &mut self,
        id: &str,
        conv: Conv,
        connections: Option<Vec<Vec<usize>>>,
    ) -> &mut Self {
        self.layer(
            id,
            conv.channels,
            Op::Conv2d {
                channels: conv.channels,
                kernel: conv.kernel,
                stride: conv.stride,
                padding: conv.padding,
                dilation: conv.dilation,
                groups: conv.groups,
                bias: conv.bias,
                connections,
            },
        )
    }

    /// Doubles both extents: a transposed convolution of kernel 2 and stride 2.
    pub fn up_conv(&mut self, id: &str, channels: usize) -> &mut Self {
        self.layer(
            id,
            channels,
            Op::ConvTranspose2d {
                channels,
                kernel: [2, 2],
                stride: [2, 2],
                padding: Sides::default(),
                output_padding: [0, 0],
                dilation: [1, 1],
                groups: 1,
                bias: true,
            },
        )
    }

    /// A pooling.
    #[inline(never)]
    pub fn pool(&mut self, id: &str, pool: Pool) -> &mut Self {
        self.keeping(
            id,
            Op::Pool2d {
                kind: pool.kind,
                size: pool.size,
                stride: Some(pool.stride),
                padding: pool.padding,
                dilation: [1, 1],
                ceil_mode: pool.ceil_mode,
                count_include_pad: pool.count_include_pad,
                p: 2.0,
            },
        )
    }

    /// The mean of each channel.
    #[inline(never)]
    pub fn global_average(&mut self, id: &str) -> &mut Self {
        self.keeping(
            id,
            Op::GlobalPool2d {
                kind: Pooling::Average,
            },
        )
    }

    /// Means of regions, `[extent, extent]` of them.
    pub fn adaptive_average(&mut self, id: &str, extent: usize) -> &mut Self {
        self.keeping(
            id,
            Op::AdaptivePool2d {
                kind: Pooling::Average,
                size: [extent, extent],
            },
        )
    }

    /// Zeros around the input.
    pub fn pad(&mut self, id: &str, padding: Sides) -> &mut Self {
        self.keeping(
            id,
            Op::Pad2d {
                padding,
                mode: Default::default(),
            },
        )
    }

    /// A batch normalisation as PyTorch's.
    #[inline(never)]
    pub fn batch_norm(&mut self, id: &str) -> &mut Self {
        self.norm(id, EPSILON, true)
    }

    /// A batch normalisation.
    #[inline(never)]
    pub fn norm(&mut self, id: &str, epsilon: f64, scale: bool) -> &mut Self {
        self.keeping(id, Op::BatchNorm { epsilon, scale })
    }

    /// A local response normalisation over five channels, `alpha` and `beta` of the AlexNet paper.
    pub fn response_norm(&mut self, id: &str, k: f64) -> &mut Self {
        self.keeping(
            id,
            Op::LocalResponseNorm {
                size: 5,
                alpha: 5e-4,
                beta: 0.75,
                k,
            },
        )
    }

    /// A rectifier.
    #[inline(never)]
    pub fn relu(&mut self, id: &str) -> &mut Self {
        self.activation(id, "relu")
    }

    /// An activation function.
    #[inline(never)]
    pub fn activation(&mut self, id: &str, kind: &str) -> &mut Self {
        self.keeping(
            id,
            Op::Activation {
                kind: kind.to_owned(),
            },
        )
    }

    /// A multiplication by a constant.
    #[inline(never)]
    pub fn scale(&mut self, id: &str, factor: f64) -> &mut Self {
        self.keeping(id, Op::Scale { factor })
    }

    /// A learned coefficient and bias for each channel.
    pub fn channel_scale(&mut self, id: &str) -> &mut Self {
        self.keeping(id, Op::ChannelScale {})
    }

    /// The sum of what is here and at `other`.
    #[inline(never)]
    pub fn add(&mut self, id: &str, other: &Place) -> &mut Self {
        let ends = [self.here.id.clone(), other.id.clone()];
        self.push(id, ends.into(), self.here.channels, Op::Add {})
    }

    /// The channels at all `places`, one after another.
    #[inline(never)]
    pub fn concat(&mut self, id: &str, places: &[Place]) -> &mut Self {
        let from = places.iter().map(|place| place.id.clone()).collect();
        let channels = places.iter().map(|place| place.channels).sum();
        self.push(id, from, channels, Op::Concat {})
    }

    /// All values as one vector.
    #[inline(never)]
    pub fn flatten(&mut self, id: &str) -> &mut Self {
        self.keeping(id, Op::Flatten {})
    }

    /// A fully connected layer with biases.
    #[inline(never)]
    pub fn dense(&mut self, id: &str, features: usize) -> &mut Self {
        let bias = true;
        self.layer(id, features, Op::Dense { features, bias })
    }

    /// Zeros at random, in training.
    #[inline(never)]
    pub fn dropout(&mut self, id: &str, probability: f64) -> &mut Self {
        self.keeping(id, Op::Dropout { probability })
    }

    /// Shares that sum to 1.
    #[inline(never)]
    pub fn softmax(&mut self, id: &str) -> &mut Self {
        self.keeping(id, Op::Softmax {})
    }

    #[inline(never)]
    fn open(&mut self, name: &str) -> usize {
        let outside = self.block.len();
        self.block.push_str(name);
        self.block.push(self.separator);
        outside
    }

    fn keeping(&mut self, id: &str, op: Op) -> &mut Self {
        self.layer(id, self.here.channels, op)
    }

    #[inline(never)]
    fn layer(&mut self, id: &str, channels: usize, op: Op) -> &mut Self {
        let before = self.spec.layers.last();
        let follows = before.map_or(INPUT, |layer| &layer.id) == self.here.id;
        let from = if follows {
            Vec::new()
        } else {
            vec![self.here.id.clone()]
        };
        self.push(id, from, channels, op)
    }

    #[inline(never)]
    fn push(&mut self, id: &str, from: Vec<String>, channels: usize, op: Op) -> &mut Self {
        let id = format!("{}{id}", self.block);
        self.here = Place {
            id: id.clone(),
            channels,
        };
        self.spec.layers.push(Layer { id, from, op });
        self
    }
}
