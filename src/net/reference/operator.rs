//! A layer of a spec as the operator that computes its part, with that operator's options.

use crate::compute::convolution::Rounding;
use crate::error::Result;
use crate::net::reference::plan::Stage;
use crate::net::spec::{Interpolation, Op, Pooling};
use crate::ops::activation::Activation;
use crate::ops::adaptive_pool2d::{AdaptivePool2dOptions, AdaptivePoolKind};
use crate::ops::batch_norm::BatchNormOptions;
use crate::ops::blur_pool2d::BlurPool2dOptions;
use crate::ops::conv_transpose2d::ConvTranspose2dOptions;
use crate::ops::conv2d::Conv2dOptions;
use crate::ops::dropout::DropoutOptions;
use crate::ops::group_norm::GroupNormOptions;
use crate::ops::local_response_norm::LocalResponseNormOptions;
use crate::ops::pad2d::Pad2dOptions;
use crate::ops::pool2d::{Pool2dOptions, PoolKind};
use crate::ops::resize2d::{Resize2dOptions, ResizeKind, ResizeTarget};
use crate::window::Padding;

/// What computes a layer.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Operator {
    Conv2d(Conv2dOptions, Rounding),
    ConvTranspose2d(ConvTranspose2dOptions),
    Pool2d(Pool2dOptions),
    AdaptivePool2d(AdaptivePool2dOptions),
    BlurPool2d(BlurPool2dOptions),
    Pad2d(Pad2dOptions),
    Resize2d(Resize2dOptions),
    Activation(Activation),
    Prelu,
    BatchNorm(BatchNormOptions),
    ChannelScale,
    GroupNorm(GroupNormOptions),
    LocalResponseNorm(LocalResponseNormOptions),
    Dropout(DropoutOptions),
    Identity,
    Scale(f64),
    Add,
    Concat,
    Flatten,
    Dense,
    Softmax,
}

impl Operator {
    /// That of `op` for the part that `stage` describes; for a training pass with its seed.
    ///
    /// # Errors
    /// None for a layer of a checked graph.
    pub fn new(
        op: &Op,
        stage: &Stage,
        batch_statistics: bool,
        training: Option<u64>,
    ) -> Result<Operator> {
        Ok(match *op {
            Op::Conv2d {
                stride,
                dilation,
                groups,
                ..
            } => {
                let options = Conv2dOptions {
                    stride,
                    padding: Padding::Explicit(stage.padding),
                    dilation,
                    groups,
                    ..Conv2dOptions::default()
                };
                let rounding = match training {
                    Some(_) => Rounding::Bounded,
                    None => Rounding::AsDefined,
                };
                Operator::Conv2d(options, rounding)
            }
            Op::ConvTranspose2d {
                stride,
                dilation,
                groups,
                ..
            } => Operator::ConvTranspose2d(ConvTranspose2dOptions {
                stride,
                padding: stage.padding,
                output_padding: stage.output_padding,
                dilation,
                groups,
            }),
            Op::Pool2d {
                kind,
                size,
                stride,
                dilation,
                ceil_mode,
                count_include_pad,
                p,
                ..
            } => Operator::Pool2d(Pool2dOptions {
                kind: pool_kind(kind, count_include_pad, p),
                size,
                stride: Some(stride.unwrap_or(size)),
                padding: Padding::Explicit(stage.padding),
                dilation,
                ceil_mode,
            }),
            // The norm of a whole channel is the Euclidean one, as in ONNX.
            Op::GlobalPool2d { kind: Pooling::Lp } => Operator::Pool2d(Pool2dOptions {
                kind: PoolKind::Lp { p: 2.0 },
                size: stage.taken.map(|span| span.len()),
                ..Pool2dOptions::default()
            }),
            Op::GlobalPool2d { kind } => adaptive(kind, [1, 1]),
            Op::AdaptivePool2d { kind, size } => adaptive(kind, size),
            Op::BlurPool2d { taps, stride } => Operator::BlurPool2d(BlurPool2dOptions {
                taps,
                stride,
                ..BlurPool2dOptions::default()
            }),
            Op::Pad2d { mode, .. } => Operator::Pad2d(Pad2dOptions {
                padding: stage.padding,
                mode,
                ..Pad2dOptions::default()
            }),
            Op::Resize2d { scale, kind } => Operator::Resize2d(Resize2dOptions {
                kind: match kind {
                    Interpolation::Nearest => ResizeKind::Nearest,
                    Interpolation::Bilinear => ResizeKind::Bilinear {
                        align_corners: false,
                    },
                },
                target: ResizeTarget::Scale(scale.map(|factor| factor as f64)),
            }),
            Op::Activation { ref kind } => Operator::Activation(Activation::from_name(kind)?),
            Op::Prelu {} => Operator::Prelu,
            Op::BatchNorm { epsilon, .. } => Operator::BatchNorm(BatchNormOptions {
                training: batch_statistics,
                epsilon,
                ..BatchNormOptions::default()
            }),
            Op::ChannelScale {} => Operator::ChannelScale,
            Op::GroupNorm { groups, epsilon } => {
                Operator::GroupNorm(GroupNormOptions { groups, epsilon })
            }
            Op::LocalResponseNorm {
                size,
                alpha,
                beta,
                k,
            } => Operator::LocalResponseNorm(LocalResponseNormOptions {
                size,
                alpha,
                beta,
                k,
            }),
            Op::Dropout { probability } => match training {
                Some(seed) => Operator::Dropout(DropoutOptions {
                    probability,
                    training: true,
                    seed,
                }),
                None => Operator::Identity,
            },
            Op::Scale { factor } => Operator::Scale(factor),
            Op::Add {} => Operator::Add,
            Op::Concat {} => Operator::Concat,
            Op::Flatten {} => Operator::Flatten,
            Op::Dense { .. } => Operator::Dense,
            Op::Softmax {} => Operator::Softmax,
        })
    }

    /// The same for one image, rounded as the fastest algorithm does.
    pub fn bounded(self) -> Operator {
        match self {
            Operator::Conv2d(options, _) => Operator::Conv2d(options, Rounding::BoundedOnce),
            other => other,
        }
    }

    /// Whether the gradient at the layer's input depends on the values there.
    pub fn reads_input(&self) -> bool {
        match self {
            Operator::Pool2d(options) => !matches!(options.kind, PoolKind::Average { .. }),
            Operator::AdaptivePool2d(options) => options.kind == AdaptivePoolKind::Max,
            Operator::BatchNorm(options) => options.training,
            Operator::Activation(_)
            | Operator::Prelu
            | Operator::GroupNorm(_)
            | Operator::LocalResponseNorm(_)
            | Operator::Softmax => true,
            Operator::Conv2d(..)
            | Operator::ConvTranspose2d(_)
            | Operator::BlurPool2d(_)
            | Operator::Pad2d(_)
            | Operator::Resize2d(_)
            | Operator::ChannelScale
            | Operator::Dropout(_)
            | Operator::Identity
            | Operator::Scale(_)
            | Operator::Add
            | Operator::Concat
            | Operator::Flatten
            | Operator::Dense => false,
        }
    }
}

fn pool_kind(kind: Pooling, count_include_pad: bool, p: f64) -> PoolKind {
    match kind {
        Pooling::Max => PoolKind::Max,
        Pooling::Average => PoolKind::Average {
            count_include_pad,
            divisor_override: None,
        },
        Pooling::Lp => PoolKind::Lp { p },
    }
}

fn adaptive(kind: Pooling, size: [usize; 2]) -> Operator {
    let kind = match kind {
        Pooling::Max => AdaptivePoolKind::Max,
        Pooling::Average | Pooling::Lp => AdaptivePoolKind::Average,
    };
    Operator::AdaptivePool2d(AdaptivePool2dOptions { kind, size })
}
