//! The operators and their options as data, for an editor of layers.

#[cfg(test)]
mod tests;

use serde::Serialize;

use crate::net::op::ranges::{
    CHANNELS, EPSILON, EXPONENT, EXTENTS, FINITE, INPUTS, MAP_EXTENTS, PADDING, PROBABILITY, TAPS,
};
use crate::net::spec::{Interpolation, Op, Pooling};
use crate::ops::activation::Activation;
use crate::window::{Padding, PaddingMode, Sides};

/// An operator of a spec.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OperatorSchema {
    /// Its name in a spec.
    pub op: &'static str,
    /// Fewest and most inputs.
    pub inputs: [usize; 2],
    /// Its options, in the order of [`Op`].
    pub options: Vec<OptionSchema>,
}

/// An option of an operator.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct OptionSchema {
    /// Its name in a spec.
    pub name: &'static str,
    /// Whether a spec must give it.
    pub required: bool,
    /// What it can be.
    #[serde(flatten)]
    pub kind: OptionKind,
}

/// What an option can be.
///
/// A range holds least and greatest; other options and the input may allow less. `initial` is the
/// default, or a usual value if the option is required.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(tag = "type", rename_all = "camelCase")]
pub enum OptionKind {
    /// A whole number.
    Whole {
        /// Least and greatest.
        range: [usize; 2],
        /// What it starts with.
        initial: usize,
    },
    /// A whole number for both axes, or `[rows, columns]`.
    Pair {
        /// Least and greatest of each.
        range: [usize; 2],
        /// What it starts with; `None` for the stride of `pool2d`, which is then its size.
        initial: Option<[usize; 2]>,
    },
    /// A whole number for all sides, `[rows, columns]` or `[top, left, bottom, right]`.
    Sides {
        /// Least and greatest of each.
        range: [usize; 2],
        /// What it starts with, `[top, left, bottom, right]`.
        initial: [usize; 4],
    },
    /// As [`OptionKind::Sides`], or a name.
    Padding {
        /// Least and greatest of each side.
        range: [usize; 2],
        /// The names.
        names: [&'static str; 3],
        /// What it starts with.
        initial: &'static str,
    },
    /// A number.
    Number {
        /// Least and greatest.
        range: [f64; 2],
        /// What it starts with.
        initial: f64,
    },
    /// Yes or no.
    Flag {
        /// What it starts with.
        initial: bool,
    },
    /// One of several names.
    Choice {
        /// The names.
        names: Vec<&'static str>,
        /// What it starts with.
        initial: &'static str,
    },
    /// For each output channel the input channels that it sees; all of its group if left out.
    Connections,
}

/// Every operator, in the order of [`Op`].
pub fn schema() -> Vec<OperatorSchema> {
    let operator = |op: &Op| OperatorSchema {
        op: op.name(),
        inputs: inputs(op),
        options: options(op),
    };
    initial().iter().map(operator).collect()
}

/// Each operator with what its options start with: their defaults, and usual values for the others.
fn initial() -> [Op; 21] {
    [
        Op::Conv2d {
            channels: 16,
            kernel: [3, 3],
            stride: [1, 1],
            padding: Padding::Valid,
            dilation: [1, 1],
            groups: 1,
            bias: true,
            connections: None,
        },
        Op::ConvTranspose2d {
            channels: 16,
            kernel: [2, 2],
            stride: [1, 1],
            padding: Sides::default(),
            output_padding: [0, 0],
            dilation: [1, 1],
            groups: 1,
            bias: true,
        },
        Op::Pool2d {
            kind: Pooling::Max,
            size: [2, 2],
            stride: None,
            padding: Padding::Valid,
            dilation: [1, 1],
            ceil_mode: false,
            count_include_pad: true,
            p: 2.0,
        },
        Op::GlobalPool2d {
            kind: Pooling::Average,
        },
        Op::AdaptivePool2d {
            kind: Pooling::Average,
            size: [1, 1],
        },
        Op::BlurPool2d {
            taps: 3,
            stride: [2, 2],
        },
        Op::Pad2d {
            padding: Sides::all(1),
            mode: PaddingMode::Zeros,
        },
        Op::Resize2d {
            scale: [2, 2],
            kind: Interpolation::Nearest,
        },
        Op::Activation {
            kind: Activation::Relu.name().into(),
        },
        Op::Prelu {},
        Op::BatchNorm {
            epsilon: 1e-5,
            scale: true,
        },
        Op::GroupNorm {
            groups: 1,
            epsilon: 1e-5,
        },
        Op::LocalResponseNorm {
            size: 5,
            alpha: 1e-4,
            beta: 0.75,
            k: 1.0,
        },
        Op::Dropout { probability: 0.5 },
        Op::Scale { factor: 1.0 },
        Op::ChannelScale {},
        Op::Add {},
        Op::Concat {},
        Op::Flatten {},
        Op::Dense {
            features: 10,
            bias: true,
        },
        Op::Softmax {},
    ]
}

fn inputs(op: &Op) -> [usize; 2] {
    match op {
        Op::Add {} | Op::Concat {} => INPUTS,
        Op::Conv2d { .. }
        | Op::ConvTranspose2d { .. }
        | Op::Pool2d { .. }
        | Op::GlobalPool2d { .. }
        | Op::AdaptivePool2d { .. }
        | Op::BlurPool2d { .. }
        | Op::Pad2d { .. }
        | Op::Resize2d { .. }
        | Op::Activation { .. }
        | Op::Prelu {}
        | Op::BatchNorm { .. }
        | Op::GroupNorm { .. }
        | Op::LocalResponseNorm { .. }
        | Op::Dropout { .. }
        | Op::Scale { .. }
        | Op::ChannelScale {}
        | Op::Flatten {}
        | Op::Dense { .. }
        | Op::Softmax {} => [1, 1],
    }
}

/// The options of `op`, whose values are what they start with. Every pattern names all fields, so that
/// a new option does not compile until it is described.
fn options(op: &Op) -> Vec<OptionSchema> {
    match op {
        Op::Conv2d {
            channels,
            kernel,
            stride,
            padding: _,
            dilation,
            groups,
            bias,
            connections: _,
        } => vec![
            required("channels", whole(CHANNELS, *channels)),
            required("kernel", pair(EXTENTS, *kernel)),
            optional("stride", pair(EXTENTS, *stride)),
            optional("padding", NO_PADDING),
            optional("dilation", pair(EXTENTS, *dilation)),
            optional("groups", whole(CHANNELS, *groups)),
            optional("bias", flag(*bias)),
            optional("connections", OptionKind::Connections),
        ],
        Op::ConvTranspose2d {
            channels,
            kernel,
            stride,
            padding,
            output_padding,
            dilation,
            groups,
            bias,
        } => vec![
            required("channels", whole(CHANNELS, *channels)),
            required("kernel", pair(EXTENTS, *kernel)),
            optional("stride", pair(EXTENTS, *stride)),
            optional("padding", sides(*padding)),
            optional("outputPadding", pair(PADDING, *output_padding)),
            optional("dilation", pair(EXTENTS, *dilation)),
            optional("groups", whole(CHANNELS, *groups)),
            optional("bias", flag(*bias)),
        ],
        Op::Pool2d {
            kind,
            size,
            stride,
            padding: _,
            dilation,
            ceil_mode,
            count_include_pad,
            p,
        } => vec![
            required("kind", pooling(Pooling::ALL, *kind)),
            required("size", pair(EXTENTS, *size)),
            optional(
                "stride",
                OptionKind::Pair {
                    range: EXTENTS,
                    initial: *stride,
                },
            ),
            optional("padding", NO_PADDING),
            optional("dilation", pair(EXTENTS, *dilation)),
            optional("ceilMode", flag(*ceil_mode)),
            optional("countIncludePad", flag(*count_include_pad)),
            optional("p", number(EXPONENT, *p)),
        ],
        Op::GlobalPool2d { kind } => vec![required("kind", pooling(Pooling::ALL, *kind))],
        Op::AdaptivePool2d { kind, size } => vec![
            required("kind", pooling([Pooling::Max, Pooling::Average], *kind)),
            required("size", pair(MAP_EXTENTS, *size)),
        ],
        Op::BlurPool2d { taps, stride } => vec![
            required("taps", whole(TAPS, *taps)),
            required("stride", pair(EXTENTS, *stride)),
        ],
        Op::Pad2d { padding, mode } => vec![
            required("padding", sides(*padding)),
            optional(
                "mode",
                choice(PaddingMode::ALL.map(PaddingMode::name), mode.name()),
            ),
        ],
        Op::Resize2d { scale, kind } => vec![
            required("scale", pair(MAP_EXTENTS, *scale)),
            required(
                "kind",
                choice(Interpolation::ALL.map(Interpolation::name), kind.name()),
            ),
        ],
        Op::Activation { kind: _ } => {
            let names = Activation::ALL.map(Activation::name);
            vec![required("kind", choice(names, names[0]))]
        }
        Op::BatchNorm { epsilon, scale } => vec![
            optional("epsilon", number(EPSILON, *epsilon)),
            optional("scale", flag(*scale)),
        ],
        Op::GroupNorm { groups, epsilon } => vec![
            required("groups", whole(CHANNELS, *groups)),
            optional("epsilon", number(EPSILON, *epsilon)),
        ],
        Op::LocalResponseNorm {
            size,
            alpha,
            beta,
            k,
        } => vec![
            required("size", whole(EXTENTS, *size)),
            required("alpha", number(FINITE, *alpha)),
            required("beta", number(FINITE, *beta)),
            required("k", number(FINITE, *k)),
        ],
        Op::Dropout { probability } => {
            vec![required("probability", number(PROBABILITY, *probability))]
        }
        Op::Scale { factor } => vec![required("factor", number(FINITE, *factor))],
        Op::Dense { features, bias } => vec![
            required("features", whole(EXTENTS, *features)),
            optional("bias", flag(*bias)),
        ],
        Op::Prelu {}
        | Op::ChannelScale {}
        | Op::Add {}
        | Op::Concat {}
        | Op::Flatten {}
        | Op::Softmax {} => Vec::new(),
    }
}

/// Padding by name or per side; none unless it is given.
const NO_PADDING: OptionKind = OptionKind::Padding {
    range: PADDING,
    names: ["valid", "same", "full"],
    initial: "valid",
};

fn required(name: &'static str, kind: OptionKind) -> OptionSchema {
    OptionSchema {
        name,
        required: true,
        kind,
    }
}

fn optional(name: &'static str, kind: OptionKind) -> OptionSchema {
    OptionSchema {
        name,
        required: false,
        kind,
    }
}

fn whole(range: [usize; 2], initial: usize) -> OptionKind {
    OptionKind::Whole { range, initial }
}

fn pair(range: [usize; 2], initial: [usize; 2]) -> OptionKind {
    OptionKind::Pair {
        range,
        initial: Some(initial),
    }
}

fn sides(
    Sides {
        top,
        left,
        bottom,
        right,
    }: Sides,
) -> OptionKind {
    OptionKind::Sides {
        range: PADDING,
        initial: [top, left, bottom, right],
    }
}

fn number(range: [f64; 2], initial: f64) -> OptionKind {
    OptionKind::Number { range, initial }
}

fn flag(initial: bool) -> OptionKind {
    OptionKind::Flag { initial }
}

fn pooling<const N: usize>(kinds: [Pooling; N], initial: Pooling) -> OptionKind {
    choice(kinds.map(Pooling::name), initial.name())
}

fn choice<const N: usize>(names: [&'static str; N], initial: &'static str) -> OptionKind {
    OptionKind::Choice {
        names: names.to_vec(),
        initial,
    }
}
