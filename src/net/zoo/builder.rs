//! Writes specs: a cursor that stands behind a layer and adds the next one there.

use crate::net::spec::{INPUT, Input, Layer, Op, Pooling, Spec};
use crate::window::{Padding, Sides};

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
    pub fn here(&self) -> Place {
        self.here.clone()
    }

    /// Puts the cursor behind an earlier layer.
    pub fn go(&mut self, place: &Place) -> &mut Self {
        self.here = place.clone();
        self
    }

    /// Adds what `build` adds, its ids within the block `name`.
    pub fn within(&mut self, name: &str, build: impl FnOnce(&mut Builder)) -> &mut Self {
        let outside = self.block.len();
        self.block.push_str(name);
        self.block.push(self.separator);
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
    pub fn batch_norm(&mut self, id: &str) -> &mut Self {
        self.norm(id, EPSILON, true)
    }

    /// A batch normalisation.
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
    pub fn relu(&mut self, id: &str) -> &mut Self {
        self.activation(id, "relu")
    }

    /// An activation function.
    pub fn activation(&mut self, id: &str, kind: &str) -> &mut Self {
        self.keeping(
            id,
            Op::Activation {
                kind: kind.to_owned(),
            },
        )
    }

    /// A multiplication by a constant.
    pub fn scale(&mut self, id: &str, factor: f64) -> &mut Self {
        self.keeping(id, Op::Scale { factor })
    }

    /// A learned coefficient and bias for each channel.
    pub fn channel_scale(&mut self, id: &str) -> &mut Self {
        self.keeping(id, Op::ChannelScale {})
    }

    /// The sum of what is here and at `other`.
    pub fn add(&mut self, id: &str, other: &Place) -> &mut Self {
        let ends = [self.here.id.clone(), other.id.clone()];
        self.push(id, ends.into(), self.here.channels, Op::Add {})
    }

    /// The channels at all `places`, one after another.
    pub fn concat(&mut self, id: &str, places: &[Place]) -> &mut Self {
        let from = places.iter().map(|place| place.id.clone()).collect();
        let channels = places.iter().map(|place| place.channels).sum();
        self.push(id, from, channels, Op::Concat {})
    }

    /// All values as one vector.
    pub fn flatten(&mut self, id: &str) -> &mut Self {
        self.keeping(id, Op::Flatten {})
    }

    /// A fully connected layer with biases.
    pub fn dense(&mut self, id: &str, features: usize) -> &mut Self {
        let bias = true;
        self.layer(id, features, Op::Dense { features, bias })
    }

    /// Zeros at random, in training.
    pub fn dropout(&mut self, id: &str, probability: f64) -> &mut Self {
        self.keeping(id, Op::Dropout { probability })
    }

    /// Shares that sum to 1.
    pub fn softmax(&mut self, id: &str) -> &mut Self {
        self.keeping(id, Op::Softmax {})
    }

    fn keeping(&mut self, id: &str, op: Op) -> &mut Self {
        self.layer(id, self.here.channels, op)
    }

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

/// `[rows, columns]`, or one number for both.
pub trait Extents {
    /// `[rows, columns]`.
    fn pair(self) -> [usize; 2];
}

impl Extents for usize {
    fn pair(self) -> [usize; 2] {
        [self, self]
    }
}

impl Extents for [usize; 2] {
    fn pair(self) -> [usize; 2] {
        self
    }
}

/// The options of a convolution.
#[derive(Clone, Copy)]
pub struct Conv {
    /// Channels of the output.
    pub channels: usize,
    kernel: [usize; 2],
    stride: [usize; 2],
    padding: Padding,
    dilation: [usize; 2],
    groups: usize,
    bias: bool,
}

/// A convolution at every position inside the input, with biases.
pub fn conv(channels: usize, kernel: impl Extents) -> Conv {
    Conv {
        channels,
        kernel: kernel.pair(),
        stride: [1, 1],
        padding: Padding::Valid,
        dilation: [1, 1],
        groups: 1,
        bias: true,
    }
}

impl Conv {
    /// With a stride along both axes.
    pub fn stride(mut self, stride: usize) -> Self {
        self.stride = [stride, stride];
        self
    }

    /// With rows above and below and columns left and right.
    pub fn pad(mut self, padding: impl Extents) -> Self {
        self.padding = around(padding.pair());
        self
    }

    /// With TensorFlow's SAME padding.
    pub fn same(mut self) -> Self {
        self.padding = Padding::Same;
        self
    }

    /// With gaps between the kernel's cells.
    pub fn dilation(mut self, dilation: usize) -> Self {
        self.dilation = [dilation, dilation];
        self
    }

    /// With the channels split into groups.
    pub fn groups(mut self, groups: usize) -> Self {
        self.groups = groups;
        self
    }

    /// Without biases.
    pub fn no_bias(mut self) -> Self {
        self.bias = false;
        self
    }

    /// Whether it has fewer output positions than input positions.
    pub fn shrinks(&self) -> bool {
        let several = self.kernel.iter().any(|&extent| extent > 1);
        self.stride != [1, 1] || (several && self.padding == Padding::Valid)
    }

    /// Rows and columns of the kernel.
    pub fn kernel(&self) -> [usize; 2] {
        self.kernel
    }
}

/// The options of a pooling.
#[derive(Clone, Copy)]
pub struct Pool {
    kind: Pooling,
    size: [usize; 2],
    stride: [usize; 2],
    padding: Padding,
    ceil_mode: bool,
    count_include_pad: bool,
}

/// The largest of each window.
pub fn max_pool(size: usize, stride: usize) -> Pool {
    Pool {
        kind: Pooling::Max,
        size: [size, size],
        stride: [stride, stride],
        padding: Padding::Valid,
        ceil_mode: false,
        count_include_pad: true,
    }
}

/// The mean of each window.
pub fn average_pool(size: usize, stride: usize) -> Pool {
    Pool {
        kind: Pooling::Average,
        ..max_pool(size, stride)
    }
}

impl Pool {
    /// With pixels on all four sides.
    pub fn pad(mut self, extent: usize) -> Self {
        self.padding = around([extent, extent]);
        self
    }

    /// With TensorFlow's SAME padding, which counts in no mean.
    pub fn same(mut self) -> Self {
        self.padding = Padding::Same;
        self.count_include_pad = false;
        self
    }

    /// With output extents rounded up.
    pub fn ceil(mut self) -> Self {
        self.ceil_mode = true;
        self
    }
}

fn around([rows, cols]: [usize; 2]) -> Padding {
    Padding::Explicit(Sides {
        top: rows,
        left: cols,
        bottom: rows,
        right: cols,
    })
}
