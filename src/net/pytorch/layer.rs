//! One layer: its module, and the expression of its output.

use crate::error::{Error, Result};
use crate::net::graph::{Graph, NodeId};
use crate::net::op::shape::Shape;
use crate::net::op::window::window;
use crate::net::pytorch::OPERATOR;
use crate::net::pytorch::helpers::Helper;
use crate::net::spec::{Interpolation, Op, Pooling};
use crate::ops::activation::Activation;
use crate::window::{Padding, PaddingMode, Sides, Window};

/// A layer in Python.
pub struct Code {
    /// What makes its module, if it has one.
    pub module: Option<String>,
    /// Its output.
    pub expression: Expression,
    /// What it needs beside PyTorch.
    pub helpers: Vec<Helper>,
}

/// An output as a function of the inputs.
pub enum Expression {
    /// The module of its single input.
    Call,
    /// The module of its single input, padded.
    PaddedCall(Sides),
    /// The module of its single input, cut off.
    CutCall(Sides),
    /// `$` stands for the input.
    Of(String),
    /// The sum of the inputs.
    Sum,
    /// The inputs joined along the channels.
    Joined,
}

impl Expression {
    /// The expression with its inputs; `name` is that of the module.
    pub fn with(&self, inputs: &[&str], name: &str) -> String {
        let input = inputs.first().copied().unwrap_or("x");
        match self {
            Expression::Call => format!("self.{name}({input})"),
            Expression::PaddedCall(sides) => format!("self.{name}({})", padded(input, *sides, "")),
            Expression::CutCall(sides) => format!("self.{name}({input}){}", cut(*sides)),
            Expression::Of(template) => template.replace('$', input),
            Expression::Sum => inputs.join(" + "),
            Expression::Joined => format!("torch.cat([{}], dim=1)", inputs.join(", ")),
        }
    }
}

/// The layer `node`, whose operator is `op`, in Python.
///
/// # Errors
/// [`Error::WrongType`] if it depends on an extent that is not known.
pub fn code(op: &Op, graph: &Graph, node: NodeId) -> Result<Code> {
    let input = graph.input_shapes(node).next();
    let spatial = input.map_or([None; 2], |shape| shape.spatial());
    let channels = input.and_then(|shape| shape.channels());
    let is_vector = matches!(input, Some(Shape::Vector { .. }));
    let known = || channels.ok_or_else(|| unknown("features"));
    Ok(match op {
        Op::Conv2d {
            channels,
            groups,
            bias,
            connections,
            padding,
            ..
        } => conv2d(
            &resolved(op, spatial, *padding)?,
            [known()?, *channels],
            *groups,
            *bias,
            connections.as_deref(),
        ),
        Op::ConvTranspose2d {
            channels,
            groups,
            bias,
            output_padding,
            ..
        } => {
            let window = resolved(op, spatial, Padding::Valid)?;
            transposed(
                &window,
                [known()?, *channels],
                *groups,
                *bias,
                *output_padding,
            )
        }
        Op::Pool2d {
            kind,
            padding,
            ceil_mode,
            count_include_pad,
            p,
            ..
        } => {
            let window = resolved(op, spatial, *padding)?;
            let output = graph[node].shape.spatial();
            let ends_vary = *ceil_mode && window.stride != [1, 1] && spatial.contains(&None);
            let beyond = (!ends_vary)
                .then(|| std::array::from_fn(|axis| beyond(&window, axis, spatial, output)));
            let how = Pool {
                kind: *kind,
                ceil_mode: *ceil_mode,
                count_include_pad: *count_include_pad,
                p: *p,
            };
            match how.module(&window, beyond) {
                Some(module) => module,
                None => how.expression(&window, beyond.ok_or_else(|| unknown("input"))?),
            }
        }
        Op::GlobalPool2d { kind } => match kind {
            Pooling::Max => module("nn.AdaptiveMaxPool2d(1)"),
            Pooling::Average => module("nn.AdaptiveAvgPool2d(1)"),
            Pooling::Lp => expression("torch.linalg.vector_norm($, dim=(2, 3), keepdim=True)"),
        },
        Op::AdaptivePool2d { kind, size } => {
            let name = if *kind == Pooling::Max { "Max" } else { "Avg" };
            module(format!("nn.Adaptive{name}Pool2d({})", pair(*size)))
        }
        Op::BlurPool2d { taps, stride } => Code {
            helpers: vec![Helper::BlurPool],
            ..module(format!(
                "BlurPool2d({}, {taps}, {})",
                known()?,
                pair(*stride)
            ))
        },
        Op::Pad2d { padding, mode } => {
            let name = match mode {
                PaddingMode::Zeros => "Zero",
                PaddingMode::Reflect => "Reflection",
                PaddingMode::Replicate => "Replication",
                PaddingMode::Circular => "Circular",
            };
            module(format!("nn.{name}Pad2d(({}))", sides(*padding)))
        }
        Op::Resize2d { scale, kind } => {
            let mode = match kind {
                Interpolation::Nearest => "nearest",
                Interpolation::Bilinear => "bilinear",
            };
            let [rows, cols] = scale;
            module(format!(
                "nn.Upsample(scale_factor=({rows}, {cols}), mode=\"{mode}\")"
            ))
        }
        Op::Activation { kind } => {
            module(format!("nn.{}", activation(Activation::from_name(kind)?)))
        }
        Op::Prelu {} => module(format!("nn.PReLU({})", known()?)),
        Op::BatchNorm { epsilon, scale } => {
            let channels = known()?;
            match (is_vector, scale) {
                (false, false) => Code {
                    helpers: vec![Helper::ShiftedBatchNorm],
                    ..module(format!("ShiftedBatchNorm2d({channels}, eps={epsilon:?})"))
                },
                (true, _) => module(format!("nn.BatchNorm1d({channels}, eps={epsilon:?})")),
                (false, true) => module(format!("nn.BatchNorm2d({channels}, eps={epsilon:?})")),
            }
        }
        Op::GroupNorm { groups, epsilon } => module(format!(
            "nn.GroupNorm({groups}, {}, eps={epsilon:?})",
            known()?
        )),
        Op::LocalResponseNorm {
            size,
            alpha,
            beta,
            k,
        } => module(format!(
            "nn.LocalResponseNorm({size}, alpha={alpha:?}, beta={beta:?}, k={k:?})"
        )),
        Op::Dropout { probability } => module(format!("nn.Dropout({probability:?})")),
        Op::Scale { factor } => expression(format!("{factor:?} * $")),
        Op::ChannelScale {} => Code {
            helpers: vec![Helper::ChannelScale],
            ..module(format!("ChannelScale({})", known()?))
        },
        Op::Add {} => plain(Expression::Sum),
        Op::Concat {} => plain(Expression::Joined),
        Op::Flatten {} => expression("torch.flatten($, 1)"),
        Op::Dense { features, bias } => {
            let bias = if *bias { "" } else { ", bias=False" };
            module(format!("nn.Linear({}, {features}{bias})", known()?))
        }
        Op::Softmax {} => module("nn.Softmax(dim=1)"),
    })
}

fn conv2d(
    window: &Window,
    [from, to]: [usize; 2],
    groups: usize,
    bias: bool,
    connections: Option<&[Vec<usize>]>,
) -> Code {
    let Asked { own, added } = Asked::of(window);
    let options = [
        option("stride", window.stride, 1),
        option("padding", own, 0),
        option("dilation", window.dilation, 1),
        count("groups", groups),
        flag("bias", bias, true),
    ]
    .concat();
    let kernel = pair(window.kernel);
    let (made, helpers) = match connections {
        Some(connections) => (
            format!("PartialConv2d({connections:?}, {kernel}{options})"),
            vec![Helper::PartialConv],
        ),
        None => (
            format!("nn.Conv2d({from}, {to}, {kernel}{options})"),
            Vec::new(),
        ),
    };
    Code {
        module: Some(made),
        expression: call(added),
        helpers,
    }
}

fn transposed(
    window: &Window,
    [from, to]: [usize; 2],
    groups: usize,
    bias: bool,
    output_padding: [usize; 2],
) -> Code {
    let Asked { own, added } = Asked::of(window);
    let options = [
        option("stride", window.stride, 1),
        option("padding", own, 0),
        option("output_padding", output_padding, 0),
        count("groups", groups),
        flag("bias", bias, true),
        option("dilation", window.dilation, 1),
    ]
    .concat();
    let kernel = pair(window.kernel);
    Code {
        module: Some(format!(
            "nn.ConvTranspose2d({from}, {to}, {kernel}{options})"
        )),
        expression: match added {
            Some(sides) => Expression::CutCall(sides),
            None => Expression::Call,
        },
        helpers: Vec::new(),
    }
}

/// A pooling without its window.
struct Pool {
    kind: Pooling,
    ceil_mode: bool,
    count_include_pad: bool,
    p: f64,
}

impl Pool {
    /// The module that computes the same, if PyTorch has one; `beyond` is how far the last window
    /// reaches beyond the padding, `None` if that depends on the size of the input.
    fn module(&self, window: &Window, beyond: Option<[usize; 2]>) -> Option<Code> {
        let Asked { own, added } = Asked::of(window);
        let is_small = (0..2).all(|axis| own[axis] <= window.kernel[axis] / 2);
        let is_dilated = window.dilation != [1, 1] && self.kind != Pooling::Max;
        let fits = added.is_none() && is_small && !is_dilated;
        if !fits || (self.kind == Pooling::Lp && !self.is_lp_pool(own, beyond)) {
            return None;
        }
        let size = pair(window.kernel);
        let stride = match window.stride == window.kernel {
            true => String::new(),
            false => format!(", stride={}", pair(window.stride)),
        };
        let padding = option("padding", own, 0);
        let ceil = flag("ceil_mode", self.ceil_mode, false);
        Some(module(match self.kind {
            Pooling::Max => {
                let dilation = option("dilation", window.dilation, 1);
                format!("nn.MaxPool2d({size}{stride}{padding}{dilation}{ceil})")
            }
            Pooling::Average => {
                let include = flag("count_include_pad", self.count_include_pad, true);
                format!("nn.AvgPool2d({size}{stride}{padding}{ceil}{include})")
            }
            Pooling::Lp => format!("nn.LPPool2d({:?}, {size}{stride}{ceil})", self.p),
        }))
    }

    /// Whether `nn.LPPool2d` computes this norm. It has no padding, raises the pixels themselves to
    /// the power p instead of their magnitudes, and scales up the sums of windows that the end of the
    /// input cuts.
    fn is_lp_pool(&self, padding: [usize; 2], beyond: Option<[usize; 2]>) -> bool {
        let is_even = self.p % 2.0 == 0.0;
        is_even && padding == [0, 0] && beyond == Some([0, 0])
    }

    /// The same in functions of PyTorch.
    fn expression(&self, window: &Window, beyond: [usize; 2]) -> Code {
        let is_dilated = window.dilation != [1, 1] && self.kind != Pooling::Max;
        let all = Sides {
            bottom: window.padding.bottom + beyond[0],
            right: window.padding.right + beyond[1],
            ..window.padding
        };
        let last = Sides {
            bottom: beyond[0],
            right: beyond[1],
            ..Sides::default()
        };
        let (size, stride) = (pair(window.kernel), pair(window.stride));
        let mean = |of: String| {
            if is_dilated {
                let [kernel, stride, dilation] =
                    [window.kernel, window.stride, window.dilation].map(tuple);
                format!("average_windows({of}, {kernel}, {stride}, {dilation})")
            } else {
                format!("F.avg_pool2d({of}, {size}, {stride})")
            }
        };
        let helpers = if is_dilated {
            vec![Helper::AverageWindows]
        } else {
            Vec::new()
        };
        let text = match self.kind {
            Pooling::Max => {
                let input = padded("$", all, ", value=float(\"-inf\")");
                let dilation = option("dilation", window.dilation, 1);
                format!("F.max_pool2d({input}, {size}, {stride}{dilation})")
            }
            Pooling::Average if !self.count_include_pad => share(mean, "$", all),
            Pooling::Average if beyond == [0, 0] => mean(padded("$", all, "")),
            Pooling::Average => share(mean, &padded("$", window.padding, ""), last),
            Pooling::Lp => {
                let [rows, cols] = window.kernel;
                let p = self.p;
                let powers = mean(format!("{}.abs() ** {p:?}", padded("$", all, "")));
                format!("({} * {powers}) ** (1 / {p:?})", rows * cols)
            }
        };
        Code {
            helpers,
            ..expression(text)
        }
    }
}

/// The mean over those pixels alone that `input` has.
fn share(mean: impl Fn(String) -> String, input: &str, sides: Sides) -> String {
    let ones = format!("torch.ones_like({input})");
    let (sum, count) = (padded(input, sides, ""), padded(&ones, sides, ""));
    format!("{} / {}", mean(sum), mean(count))
}

/// Pixels that the last window needs beyond the padding, along an axis.
fn beyond(
    window: &Window,
    axis: usize,
    input: [Option<usize>; 2],
    output: [Option<usize>; 2],
) -> usize {
    let (Some(input), Some(output)) = (input[axis], output[axis]) else {
        return 0;
    };
    let Sides {
        top,
        left,
        bottom,
        right,
    } = window.padding;
    let padded = input + [top + bottom, left + right][axis];
    let covered = window.dilation[axis] * (window.kernel[axis] - 1) + 1;
    ((output - 1) * window.stride[axis] + covered).saturating_sub(padded)
}

/// Padding as a module takes it, or what has to be added before.
struct Asked {
    own: [usize; 2],
    added: Option<Sides>,
}

impl Asked {
    fn of(window: &Window) -> Self {
        let Sides {
            top,
            left,
            bottom,
            right,
        } = window.padding;
        if top == bottom && left == right {
            Asked {
                own: [top, left],
                added: None,
            }
        } else {
            Asked {
                own: [0, 0],
                added: Some(window.padding),
            }
        }
    }
}

/// The window of `op`; its padding may follow from the size of the input.
fn resolved(op: &Op, spatial: [Option<usize>; 2], padding: Padding) -> Result<Window> {
    let window = window(op, spatial)?.ok_or_else(|| unknown("kernel"))?;
    let depends = padding == Padding::Same && window.stride != [1, 1];
    if depends && spatial.contains(&None) {
        return Err(unknown("input"));
    }
    Ok(window)
}

fn unknown(argument: &str) -> Error {
    Error::WrongType {
        operator: OPERATOR,
        argument: argument.into(),
        expected: "given".into(),
        got: "null".into(),
    }
}

fn activation(kind: Activation) -> &'static str {
    match kind {
        Activation::Relu => "ReLU()",
        Activation::Relu6 => "ReLU6()",
        Activation::LeakyRelu { .. } => "LeakyReLU()",
        Activation::Elu { .. } => "ELU()",
        Activation::Selu { .. } => "SELU()",
        Activation::Celu { .. } => "CELU()",
        Activation::Gelu { .. } => "GELU()",
        Activation::Silu { .. } => "SiLU()",
        Activation::Softplus { .. } => "Softplus()",
        Activation::Softsign => "Softsign()",
        Activation::Sigmoid => "Sigmoid()",
        Activation::Tanh => "Tanh()",
        Activation::Hardtanh { .. } => "Hardtanh()",
        Activation::Hardswish => "Hardswish()",
        Activation::Hardsigmoid { .. } => "Hardsigmoid()",
        Activation::Mish => "Mish()",
        Activation::ThresholdedRelu { .. } => "Threshold(1.0, 0.0)",
    }
}

fn module(text: impl Into<String>) -> Code {
    Code {
        module: Some(text.into()),
        ..plain(Expression::Call)
    }
}

fn expression(text: impl Into<String>) -> Code {
    plain(Expression::Of(text.into()))
}

fn plain(expression: Expression) -> Code {
    Code {
        module: None,
        expression,
        helpers: Vec::new(),
    }
}

fn call(added: Option<Sides>) -> Expression {
    match added {
        Some(sides) => Expression::PaddedCall(sides),
        None => Expression::Call,
    }
}

/// `F.pad` lists left, right, top, bottom.
fn padded(input: &str, padding: Sides, options: &str) -> String {
    if padding == Sides::default() {
        return input.into();
    }
    format!("F.pad({input}, ({}){options})", sides(padding))
}

fn cut(
    Sides {
        top,
        left,
        bottom,
        right,
    }: Sides,
) -> String {
    let end = |cut: usize| {
        if cut == 0 {
            String::new()
        } else {
            format!("-{cut}")
        }
    };
    format!("[:, :, {top}:{}, {left}:{}]", end(bottom), end(right))
}

fn sides(
    Sides {
        top,
        left,
        bottom,
        right,
    }: Sides,
) -> String {
    format!("{left}, {right}, {top}, {bottom}")
}

fn pair([rows, cols]: [usize; 2]) -> String {
    if rows == cols {
        rows.to_string()
    } else {
        tuple([rows, cols])
    }
}

fn tuple([rows, cols]: [usize; 2]) -> String {
    format!("({rows}, {cols})")
}

fn option(name: &str, value: [usize; 2], usual: usize) -> String {
    if value == [usual; 2] {
        String::new()
    } else {
        format!(", {name}={}", pair(value))
    }
}

fn count(name: &str, value: usize) -> String {
    if value == 1 {
        String::new()
    } else {
        format!(", {name}={value}")
    }
}

fn flag(name: &str, value: bool, usual: bool) -> String {
    let word = if value { "True" } else { "False" };
    if value == usual {
        String::new()
    } else {
        format!(", {name}={word}")
    }
}
