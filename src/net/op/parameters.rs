//! Which arrays an operator computes with besides its inputs.

use crate::net::op::shape::Shape;
use crate::net::spec::Op;

/// An array that a layer computes with.
#[derive(Clone, Debug, PartialEq)]
pub struct Parameter {
    /// `weights`, `bias`, `runningMean` or `runningVariance`.
    pub name: &'static str,
    /// As its operator in [`crate::ops`] takes it.
    pub shape: Vec<usize>,
    pub(in crate::net) role: Role,
    /// Pairs of an output and an input channel, if not all of a convolution's are connected.
    connected: Option<u64>,
}

/// What a parameter does, which decides what it starts with.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::net) enum Role {
    /// The weights of a sum over `fan_in` inputs.
    Kernel { fan_in: usize },
    /// One number for each channel, which starts with this value.
    PerChannel(f64),
}

impl Parameter {
    /// Whether its gradient moves it; running statistics follow the batches instead.
    pub fn is_learned(&self) -> bool {
        !matches!(self.name, "runningMean" | "runningVariance")
    }

    /// Whether it holds the weights of sums over several inputs.
    pub(in crate::net) fn is_kernel(&self) -> bool {
        matches!(self.role, Role::Kernel { .. })
    }

    /// Number of values, in `f64`, where no product overflows.
    pub(crate) fn count(&self) -> f64 {
        let extents = self.shape.iter().map(|&extent| extent as f64);
        extents.product()
    }

    /// Factors of the number of values that can differ from 0: without the weights of missing
    /// connections.
    pub(in crate::net) fn connected_extents(&self) -> Vec<u64> {
        let extents = self.shape.iter().map(|&extent| extent as u64);
        match self.connected {
            Some(pairs) => std::iter::once(pairs).chain(extents.skip(2)).collect(),
            None => extents.collect(),
        }
    }

    fn kernel(shape: &[usize], fan_in: usize) -> Parameter {
        Parameter {
            name: "weights",
            shape: shape.to_vec(),
            role: Role::Kernel { fan_in },
            connected: None,
        }
    }

    fn per_channel(name: &'static str, start: f64, channels: usize) -> Parameter {
        Parameter {
            name,
            shape: vec![channels],
            role: Role::PerChannel(start),
            connected: None,
        }
    }
}

/// The parameters of `op` for an input of shape `input`, in the order in which its operator takes
/// them; `None` if their number depends on an extent that is not known.
pub(in crate::net) fn parameters(op: &Op, input: Shape) -> Option<Vec<Parameter>> {
    let per_channel = |name, start| Some(Parameter::per_channel(name, start, input.channels()?));
    Some(match op {
        Op::Conv2d {
            channels,
            kernel: [rows, cols],
            groups,
            bias,
            connections,
            ..
        } => {
            let in_channels = input.channels()? / groups;
            let shape = [*channels, in_channels, *rows, *cols];
            let pairs = connections.as_ref().map(|connections| {
                let seen = connections.iter().map(|seen| seen.len() as u64);
                seen.sum()
            });
            let kernel = Parameter {
                connected: pairs,
                ..Parameter::kernel(&shape, in_channels * rows * cols)
            };
            with_bias(kernel, *bias, *channels)
        }
        Op::ConvTranspose2d {
            channels,
            kernel: [rows, cols],
            groups,
            bias,
            ..
        } => {
            let in_channels = input.channels()?;
            let shape = [in_channels, channels / groups, *rows, *cols];
            let kernel = Parameter::kernel(&shape, in_channels / groups * rows * cols);
            with_bias(kernel, *bias, *channels)
        }
        Op::Dense { features, bias } => {
            let values = input.channels()?;
            let kernel = Parameter::kernel(&[*features, values], values);
            with_bias(kernel, *bias, *features)
        }
        Op::Prelu {} => vec![per_channel("weights", 0.25)?],
        Op::BatchNorm { scale, .. } => {
            let all = [
                per_channel("weights", 1.0)?,
                per_channel("bias", 0.0)?,
                per_channel("runningMean", 0.0)?,
                per_channel("runningVariance", 1.0)?,
            ];
            all.into_iter().skip(usize::from(!scale)).collect()
        }
        Op::GroupNorm { .. } | Op::ChannelScale {} => {
            vec![per_channel("weights", 1.0)?, per_channel("bias", 0.0)?]
        }
        Op::Pool2d { .. }
        | Op::GlobalPool2d { .. }
        | Op::AdaptivePool2d { .. }
        | Op::BlurPool2d { .. }
        | Op::Pad2d { .. }
        | Op::Resize2d { .. }
        | Op::Activation { .. }
        | Op::LocalResponseNorm { .. }
        | Op::Dropout { .. }
        | Op::Scale { .. }
        | Op::Add {}
        | Op::Concat {}
        | Op::Flatten {}
        | Op::Softmax {} => Vec::new(),
    })
}

fn with_bias(kernel: Parameter, bias: bool, channels: usize) -> Vec<Parameter> {
    let bias = bias.then(|| Parameter::per_channel("bias", 0.0, channels));
    std::iter::once(kernel).chain(bias).collect()
}
