//! The operators of a spec and their options.

use serde::{Deserialize, Serialize};

use crate::net::spec::forms;
use crate::window::{Padding, PaddingMode, Sides};

/// What a layer computes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(
    tag = "op",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub enum Op {
    /// [`crate::ops::conv2d`].
    Conv2d {
        /// Channels of the output.
        channels: usize,
        /// Kernel extent `[rows, columns]`.
        #[serde(with = "forms::pair")]
        kernel: [usize; 2],
        /// Step between neighbouring outputs `[rows, columns]`.
        #[serde(default = "forms::ones", with = "forms::pair")]
        stride: [usize; 2],
        /// How much padding surrounds the input.
        #[serde(default, with = "forms::padding")]
        padding: Padding,
        /// Distance between neighbouring kernel cells `[rows, columns]`.
        #[serde(default = "forms::ones", with = "forms::pair")]
        dilation: [usize; 2],
        /// Number of groups into which the channels are split.
        #[serde(default = "forms::one")]
        groups: usize,
        /// Whether each output channel has a bias.
        #[serde(default = "forms::yes")]
        bias: bool,
        /// For each output channel the input channels that it sees, as in LeNet-5's table of 1998;
        /// all of its group if `None`.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        connections: Option<Vec<Vec<usize>>>,
    },
    /// [`crate::ops::conv_transpose2d`].
    ConvTranspose2d {
        /// Channels of the output.
        channels: usize,
        /// Kernel extent `[rows, columns]`.
        #[serde(with = "forms::pair")]
        kernel: [usize; 2],
        /// Step between neighbouring inputs on the output `[rows, columns]`.
        #[serde(default = "forms::ones", with = "forms::pair")]
        stride: [usize; 2],
        /// Pixels cut off the output, per side.
        #[serde(default, with = "forms::sides")]
        padding: Sides,
        /// Pixels added at the bottom and the right of the output.
        #[serde(default, with = "forms::pair")]
        output_padding: [usize; 2],
        /// Distance between neighbouring kernel cells `[rows, columns]`.
        #[serde(default = "forms::ones", with = "forms::pair")]
        dilation: [usize; 2],
        /// Number of groups into which the channels are split.
        #[serde(default = "forms::one")]
        groups: usize,
        /// Whether each output channel has a bias.
        #[serde(default = "forms::yes")]
        bias: bool,
    },
    /// [`crate::ops::pool2d`].
    Pool2d {
        /// How a window's pixels become one value.
        kind: Pooling,
        /// Extents of the window `[rows, columns]`.
        #[serde(with = "forms::pair")]
        size: [usize; 2],
        /// Step between neighbouring outputs `[rows, columns]`; as `size` if `None`.
        #[serde(
            default,
            with = "forms::optional_pair",
            skip_serializing_if = "Option::is_none"
        )]
        stride: Option<[usize; 2]>,
        /// How much padding surrounds the input.
        #[serde(default, with = "forms::padding")]
        padding: Padding,
        /// Distance between neighbouring pixels of the window `[rows, columns]`.
        #[serde(default = "forms::ones", with = "forms::pair")]
        dilation: [usize; 2],
        /// Whether output extents are rounded up.
        #[serde(default)]
        ceil_mode: bool,
        /// Whether padding counts as pixels of value 0; for means only.
        #[serde(default = "forms::yes")]
        count_include_pad: bool,
        /// The exponent; for p-norms only.
        #[serde(default = "forms::two")]
        p: f64,
    },
    /// [`crate::ops::global_pool2d`].
    GlobalPool2d {
        /// How a channel's pixels become one value.
        kind: Pooling,
    },
    /// [`crate::ops::adaptive_pool2d`].
    AdaptivePool2d {
        /// How a region's pixels become one value.
        kind: Pooling,
        /// Extents of the output `[rows, columns]`.
        #[serde(with = "forms::pair")]
        size: [usize; 2],
    },
    /// [`crate::ops::blur_pool2d`].
    BlurPool2d {
        /// Extent of the binomial kernel.
        taps: usize,
        /// Step between neighbouring outputs `[rows, columns]`.
        #[serde(with = "forms::pair")]
        stride: [usize; 2],
    },
    /// [`crate::ops::pad2d`].
    Pad2d {
        /// How much padding surrounds the input.
        #[serde(with = "forms::sides")]
        padding: Sides,
        /// How it is filled.
        #[serde(default)]
        mode: PaddingMode,
    },
    /// [`crate::ops::resize2d`] by a whole factor.
    Resize2d {
        /// Output extent over input extent `[rows, columns]`.
        #[serde(with = "forms::pair")]
        scale: [usize; 2],
        /// How values between pixels are found.
        kind: Interpolation,
    },
    /// [`crate::ops::activation`] with its default parameters.
    Activation {
        /// The function's name.
        kind: String,
    },
    /// [`crate::ops::prelu`], one slope for each channel.
    Prelu {},
    /// [`crate::ops::batch_norm`] with a scale and a shift for each channel.
    BatchNorm {
        /// Added to the variance.
        #[serde(default = "forms::epsilon")]
        epsilon: f64,
        /// Whether the scale is learned too; TF-Slim's Inception networks learn the shift alone.
        #[serde(default = "forms::yes")]
        scale: bool,
    },
    /// [`crate::ops::group_norm`] with a scale and a shift for each channel.
    GroupNorm {
        /// Number of groups into which the channels are split.
        groups: usize,
        /// Added to the variance.
        #[serde(default = "forms::epsilon")]
        epsilon: f64,
    },
    /// [`crate::ops::local_response_norm`].
    LocalResponseNorm {
        /// Number of neighbouring channels summed.
        size: usize,
        /// Weight of the sum.
        alpha: f64,
        /// The exponent.
        beta: f64,
        /// Added to the sum.
        k: f64,
    },
    /// [`crate::ops::dropout`].
    Dropout {
        /// Share of the values set to 0 in training.
        probability: f64,
    },
    /// Multiplies by a constant.
    Scale {
        /// The constant.
        factor: f64,
    },
    /// Multiplies each channel by a learned coefficient and adds a learned bias, as LeNet-5's
    /// subsampling does.
    ChannelScale {},
    /// The sum of inputs of one shape.
    Add {},
    /// The channels of all inputs, in their order.
    Concat {},
    /// [`crate::ops::flatten`]: all values of an example as one vector.
    Flatten {},
    /// [`crate::ops::dense`].
    Dense {
        /// Values of the output.
        features: usize,
        /// Whether each has a bias.
        #[serde(default = "forms::yes")]
        bias: bool,
    },
    /// [`crate::ops::softmax`] over the channels.
    Softmax {},
}

impl Op {
    /// The name in a spec.
    pub const fn name(&self) -> &'static str {
        match self {
            Op::Conv2d { .. } => "conv2d",
            Op::ConvTranspose2d { .. } => "convTranspose2d",
            Op::Pool2d { .. } => "pool2d",
            Op::GlobalPool2d { .. } => "globalPool2d",
            Op::AdaptivePool2d { .. } => "adaptivePool2d",
            Op::BlurPool2d { .. } => "blurPool2d",
            Op::Pad2d { .. } => "pad2d",
            Op::Resize2d { .. } => "resize2d",
            Op::Activation { .. } => "activation",
            Op::Prelu {} => "prelu",
            Op::BatchNorm { .. } => "batchNorm",
            Op::GroupNorm { .. } => "groupNorm",
            Op::LocalResponseNorm { .. } => "localResponseNorm",
            Op::Dropout { .. } => "dropout",
            Op::Scale { .. } => "scale",
            Op::ChannelScale {} => "channelScale",
            Op::Add {} => "add",
            Op::Concat {} => "concat",
            Op::Flatten {} => "flatten",
            Op::Dense { .. } => "dense",
            Op::Softmax {} => "softmax",
        }
    }
}

/// How pixels become one value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Pooling {
    /// The largest.
    Max,
    /// The mean.
    Average,
    /// The p-norm.
    Lp,
}

impl Pooling {
    /// Every kind.
    pub const ALL: [Pooling; 3] = [Pooling::Max, Pooling::Average, Pooling::Lp];

    /// The name in a spec.
    pub const fn name(self) -> &'static str {
        match self {
            Pooling::Max => "max",
            Pooling::Average => "average",
            Pooling::Lp => "lp",
        }
    }
}

/// How values between pixels are found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Interpolation {
    /// The nearest pixel.
    Nearest,
    /// A mean of the nearest four, weighted by distance; half-pixel centres.
    Bilinear,
}

impl Interpolation {
    /// Every kind.
    pub const ALL: [Interpolation; 2] = [Interpolation::Nearest, Interpolation::Bilinear];

    /// The name in a spec.
    pub const fn name(self) -> &'static str {
        match self {
            Interpolation::Nearest => "nearest",
            Interpolation::Bilinear => "bilinear",
        }
    }
}
