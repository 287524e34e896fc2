//! The shape of a layer's output from the shapes of its inputs.

use std::fmt::{self, Display};

use crate::error::check_range;
use crate::error::{Axis, Error, Result};
use crate::net::graph::shortened;
use crate::net::spec::{Op, Pooling};
use crate::ops::activation::Activation;
use crate::ops::conv2d::check_groups;
use crate::ops::pool2d::check_sees_input;
use crate::window::{Padding, PaddingMode, Sides, Window, check_extents, check_padding};

/// What leaves a layer, without the batch. An extent is `None` if it follows from one of the input
/// that is not given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A feature map.
    Map {
        /// Number of channels.
        channels: usize,
        /// Rows.
        height: Option<usize>,
        /// Columns.
        width: Option<usize>,
    },
    /// A vector.
    Vector {
        /// Number of values.
        features: Option<usize>,
    },
}

impl Shape {
    /// Number of values, `None` if an extent is not known.
    pub fn values(&self) -> Option<u64> {
        match *self {
            Shape::Map {
                channels,
                height,
                width,
            } => {
                let extents = [channels, height?, width?].map(|extent| extent as u64);
                // At most 2^52: see EXTENT_LIMIT.
                Some(extents.into_iter().product())
            }
            Shape::Vector { features } => features.map(|features| features as u64),
        }
    }

    /// The extents in their order, as the JavaScript interface gives them.
    pub fn extents(&self) -> Vec<Option<usize>> {
        match *self {
            Shape::Map {
                channels,
                height,
                width,
            } => vec![Some(channels), height, width],
            Shape::Vector { features } => vec![features],
        }
    }

    /// Channels of a map, features of a vector.
    pub fn channels(&self) -> Option<usize> {
        match *self {
            Shape::Map { channels, .. } => Some(channels),
            Shape::Vector { features } => features,
        }
    }

    /// `[rows, columns]`; a vector is one position, at which all its values stand.
    pub fn spatial(&self) -> [Option<usize>; 2] {
        match *self {
            Shape::Map { height, width, .. } => [height, width],
            Shape::Vector { .. } => [Some(1), Some(1)],
        }
    }
}

/// `[64, 56, 56]`, with `?` for an extent that is not known.
impl Display for Shape {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let extents = self.extents().into_iter().map(|extent| match extent {
            Some(extent) => extent.to_string(),
            None => "?".into(),
        });
        write!(f, "[{}]", extents.collect::<Vec<_>>().join(", "))
    }
}

/// An input of a layer: its id and its shape.
pub(in crate::net) type Source<'a> = (&'a str, Shape);

/// The shape that `op` makes of its inputs.
///
/// # Errors
/// Whatever the operator would refuse; [`Error::ShapesDiffer`] if inputs do not fit together;
/// [`Error::WrongCount`] for inputs too many or too few.
pub(in crate::net) fn output_shape(op: &Op, inputs: &[Source]) -> Result<Shape> {
    let operator = op.name();
    let shape = match op {
        Op::Add {} => sum(operator, inputs),
        Op::Concat {} => concatenation(operator, inputs),
        _ => {
            let [(_, input)] = *inputs else {
                return Err(wrong_count(operator, inputs.len(), 1));
            };
            single(op, input)
        }
    }?;
    check_limits(operator, shape)?;
    Ok(shape)
}

/// Most inputs of one layer.
const INPUT_LIMIT: usize = 256;

/// Largest extent and number of channels or features of a layer. Far above any network's, and their
/// product is still a whole number that JavaScript holds exactly.
const EXTENT_LIMIT: usize = 1 << 16;
const CHANNEL_LIMIT: usize = 1 << 20;

/// # Errors
/// [`Error::OutOfRange`].
pub(in crate::net) fn check_limits(operator: &'static str, shape: Shape) -> Result<()> {
    let check = |argument, min: usize, max: usize, got: Option<usize>| match got {
        Some(got) => check_range(operator, argument, [min as f64, max as f64], got as f64),
        None => Ok(()),
    };
    match shape {
        Shape::Map {
            channels,
            height,
            width,
        } => {
            check("channels", 1, CHANNEL_LIMIT, Some(channels))?;
            check("height", 1, EXTENT_LIMIT, height)?;
            check("width", 1, EXTENT_LIMIT, width)
        }
        Shape::Vector { features } => check("features", 1, usize::MAX, features),
    }
}

fn wrong_count(operator: &'static str, got: usize, max: usize) -> Error {
    Error::WrongCount {
        operator,
        argument: "inputs",
        min: 1,
        max,
        got,
    }
}

fn single(op: &Op, input: Shape) -> Result<Shape> {
    let operator = op.name();
    match op {
        Op::Flatten {} => match input.values() {
            Some(values) => {
                let features = usize::try_from(values).map_err(|_| too_many(operator, values))?;
                Ok(Shape::Vector {
                    features: Some(features),
                })
            }
            None => Ok(Shape::Vector { features: None }),
        },
        Op::Dense { features, .. } => match input {
            Shape::Vector { .. } => {
                check_extents(operator, "features", &[*features], 1)?;
                Ok(Shape::Vector {
                    features: Some(*features),
                })
            }
            Shape::Map { .. } => Err(not(operator, "[features], as flatten gives it", input)),
        },
        Op::Activation { kind } => Activation::from_name(&shortened(kind)).map(|_| input),
        Op::Dropout { probability } => {
            check_range(operator, "probability", [0.0, 1.0], *probability)?;
            Ok(input)
        }
        Op::Scale { factor } => {
            check_range(operator, "factor", FINITE, *factor)?;
            Ok(input)
        }
        Op::Softmax {} => Ok(input),
        Op::BatchNorm { epsilon, .. } => {
            check_range(operator, "epsilon", [0.0, f64::MAX], *epsilon)?;
            Ok(input)
        }
        _ => match input {
            Shape::Map {
                channels,
                height,
                width,
            } => map(op, channels, [height, width]),
            Shape::Vector { .. } => Err(not(operator, "[channels, height, width]", input)),
        },
    }
}

const FINITE: [f64; 2] = [-f32::MAX as f64, f32::MAX as f64];

/// The output of an operator on feature maps.
fn map(op: &Op, in_channels: usize, input: [Option<usize>; 2]) -> Result<Shape> {
    let operator = op.name();
    let shaped = |channels: usize, [height, width]: [Option<usize>; 2]| {
        Ok(Shape::Map {
            channels,
            height,
            width,
        })
    };
    match op {
        Op::Conv2d {
            channels,
            groups,
            connections,
            ..
        } => {
            check_extents(operator, "channels", &[*channels], 1)?;
            check_groups(operator, "input", in_channels, *groups)?;
            check_groups(operator, "output", *channels, *groups)?;
            if let Some(connections) = connections {
                check_connections(operator, connections, *channels, in_channels, *groups)?;
            }
            shaped(*channels, window_extents(op, input)?)
        }
        Op::Pool2d { kind, p, .. } => {
            if *kind == Pooling::Lp {
                check_range(operator, "p", [1.0, 1000.0], *p)?;
            }
            shaped(in_channels, window_extents(op, input)?)
        }
        Op::BlurPool2d { .. } => shaped(in_channels, window_extents(op, input)?),
        Op::ConvTranspose2d {
            channels,
            groups,
            output_padding,
            ..
        } => {
            check_extents(operator, "channels", &[*channels], 1)?;
            check_groups(operator, "input", in_channels, *groups)?;
            check_groups(operator, "output", *channels, *groups)?;
            let Some(window) = window(op, input)? else {
                return shaped(*channels, input);
            };
            let extents = along_axes(|axis| {
                let added = output_padding[axis as usize];
                let limit = window.stride[axis as usize].max(window.dilation[axis as usize]) - 1;
                check_range(operator, "outputPadding", [0.0, limit as f64], added as f64)?;
                input[axis as usize]
                    .map(|input| window.transposed_extent(operator, axis, input, added))
                    .transpose()
            })?;
            shaped(*channels, extents)
        }
        Op::GlobalPool2d { .. } => shaped(in_channels, [Some(1); 2]),
        Op::AdaptivePool2d { kind, size } => {
            if *kind == Pooling::Lp {
                return Err(Error::UnknownName {
                    operator,
                    argument: "kind".into(),
                    expected: "max, average".into(),
                    got: "lp".into(),
                });
            }
            check_extents(operator, "size", size, 1)?;
            shaped(in_channels, size.map(Some))
        }
        Op::Pad2d { padding, mode } => {
            let Sides {
                top,
                left,
                bottom,
                right,
            } = *padding;
            check_extents(operator, "padding", &[top, left, bottom, right], 0)?;
            check_filling(operator, *mode, *padding, input)?;
            shaped(
                in_channels,
                along_axes(|axis| {
                    let [before, after] = padding.along(axis);
                    Ok(input[axis as usize].map(|input| before + input + after))
                })?,
            )
        }
        Op::Resize2d { scale, kind: _ } => {
            check_extents(operator, "scale", scale, 1)?;
            shaped(
                in_channels,
                along_axes(|axis| {
                    Ok(
                        input[axis as usize]
                            .map(|input| input.saturating_mul(scale[axis as usize])),
                    )
                })?,
            )
        }
        Op::GroupNorm { groups, epsilon } => {
            check_groups(operator, "input", in_channels, *groups)?;
            check_range(operator, "epsilon", [0.0, f64::MAX], *epsilon)?;
            shaped(in_channels, input)
        }
        Op::LocalResponseNorm {
            size,
            alpha,
            beta,
            k,
        } => {
            check_extents(operator, "size", &[*size], 1)?;
            for (argument, value) in [("alpha", alpha), ("beta", beta), ("k", k)] {
                check_range(operator, argument, FINITE, *value)?;
            }
            shaped(in_channels, input)
        }
        _ => shaped(in_channels, input),
    }
}

/// The window that `op` slides over a map of `input` `[rows, columns]`, if it has one. Along an axis
/// of unknown extent, [`Padding::Same`] is resolved for an empty one: see
/// [`Window::same_padding_before`].
///
/// # Errors
/// As [`Window::new`].
pub(crate) fn window(op: &Op, input: [Option<usize>; 2]) -> Result<Option<Window>> {
    let (kernel, stride, padding, dilation) = match *op {
        Op::Conv2d {
            kernel,
            stride,
            padding,
            dilation,
            ..
        } => (kernel, stride, padding, dilation),
        Op::ConvTranspose2d {
            kernel,
            stride,
            padding,
            dilation,
            ..
        } => (kernel, stride, Padding::Explicit(padding), dilation),
        Op::Pool2d {
            size,
            stride,
            padding,
            dilation,
            ..
        } => (size, stride.unwrap_or(size), padding, dilation),
        Op::BlurPool2d { taps, stride } => {
            check_range(op.name(), "taps", [2.0, 7.0], taps as f64)?;
            let (before, after) = ((taps - 1) / 2, taps / 2);
            let sides = Sides {
                top: before,
                left: before,
                bottom: after,
                right: after,
            };
            ([taps; 2], stride, Padding::Explicit(sides), [1, 1])
        }
        _ => return Ok(None),
    };
    let input = input.map(Option::unwrap_or_default);
    Window::new(op.name(), kernel, stride, dilation, padding, input).map(Some)
}

fn window_extents(op: &Op, input: [Option<usize>; 2]) -> Result<[Option<usize>; 2]> {
    let operator = op.name();
    let Some(window) = window(op, input)? else {
        return Ok(input);
    };
    if let Op::BlurPool2d { .. } = op {
        check_filling(operator, PaddingMode::Reflect, window.padding, input)?;
    }
    along_axes(|axis| {
        let Some(input) = input[axis as usize] else {
            return Ok(None);
        };
        let output = match op {
            Op::Pool2d {
                ceil_mode: true, ..
            } => window.output_extent_ceil(operator, axis, input)?,
            _ => window.output_extent(operator, axis, input)?,
        };
        if let Op::Pool2d { .. } = op {
            check_sees_input(operator, &window, axis, input, output)?;
        }
        Ok(Some(output))
    })
}

/// [`check_padding`] along the axes whose extents are known.
fn check_filling(
    operator: &'static str,
    mode: PaddingMode,
    padding: Sides,
    input: [Option<usize>; 2],
) -> Result<()> {
    // An extent that is not known is taken to be large enough.
    let input = input.map(|extent| extent.unwrap_or(EXTENT_LIMIT.pow(2) / 2));
    check_padding(operator, mode, padding, input)
}

fn along_axes<T>(of: impl Fn(Axis) -> Result<T>) -> Result<[T; 2]> {
    Ok([of(Axis::Height)?, of(Axis::Width)?])
}

fn check_connections(
    operator: &'static str,
    connections: &[Vec<usize>],
    channels: usize,
    in_channels: usize,
    groups: usize,
) -> Result<()> {
    check_range(operator, "groups", [1.0, 1.0], groups as f64)?;
    if connections.len() != channels {
        return Err(Error::WrongCount {
            operator,
            argument: "connections",
            min: channels,
            max: channels,
            got: connections.len(),
        });
    }
    for sees in connections {
        if sees.is_empty() || sees.len() > in_channels {
            return Err(Error::WrongCount {
                operator,
                argument: "connections",
                min: 1,
                max: in_channels,
                got: sees.len(),
            });
        }
        for &channel in sees {
            let max = (in_channels - 1) as f64;
            check_range(operator, "connections", [0.0, max], channel as f64)?;
        }
        let mut sorted = sees.clone();
        sorted.sort_unstable();
        if let Some(twice) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
            return Err(Error::WrongType {
                operator,
                argument: "connections".into(),
                expected: "a list of different channels".into(),
                got: format!("{} twice", twice[0]),
            });
        }
    }
    Ok(())
}

fn sum(operator: &'static str, inputs: &[Source]) -> Result<Shape> {
    let (first, rest) = split(operator, inputs)?;
    rest.iter()
        .try_fold(first.1, |sum, &(id, shape)| match (sum, shape) {
            (
                Shape::Map { channels, .. },
                Shape::Map {
                    channels: other, ..
                },
            ) if channels == other => {
                meet(operator, first, (id, shape), sum).map(|[height, width]| Shape::Map {
                    channels,
                    height,
                    width,
                })
            }
            (Shape::Vector { features }, Shape::Vector { features: other }) => {
                match agreed(features, other) {
                    Ok(features) => Ok(Shape::Vector { features }),
                    Err(()) => Err(differ(operator, first, (id, shape))),
                }
            }
            _ => Err(differ(operator, first, (id, shape))),
        })
}

fn concatenation(operator: &'static str, inputs: &[Source]) -> Result<Shape> {
    let (first, rest) = split(operator, inputs)?;
    rest.iter()
        .try_fold(first.1, |joined, &(id, shape)| match (joined, shape) {
            (
                Shape::Map { channels, .. },
                Shape::Map {
                    channels: other, ..
                },
            ) => {
                let [height, width] = meet(operator, first, (id, shape), joined)?;
                Ok(Shape::Map {
                    channels: channels + other,
                    height,
                    width,
                })
            }
            (Shape::Vector { features }, Shape::Vector { features: other }) => Ok(Shape::Vector {
                features: match (features, other) {
                    (Some(features), Some(other)) => Some(features.saturating_add(other)),
                    _ => None,
                },
            }),
            _ => Err(differ(operator, first, (id, shape))),
        })
}

fn split<'a>(
    operator: &'static str,
    inputs: &'a [Source<'a>],
) -> Result<(Source<'a>, &'a [Source<'a>])> {
    match inputs {
        [first, rest @ ..] if rest.len() < INPUT_LIMIT => Ok((*first, rest)),
        _ => Err(wrong_count(operator, inputs.len(), INPUT_LIMIT)),
    }
}

/// The extents on which all maps so far, of `known`, and one more agree.
fn meet(
    operator: &'static str,
    first: Source,
    other: Source,
    known: Shape,
) -> Result<[Option<usize>; 2]> {
    let ([height, width], [rows, cols]) = (known.spatial(), other.1.spatial());
    match (agreed(height, rows), agreed(width, cols)) {
        (Ok(height), Ok(width)) => Ok([height, width]),
        _ => Err(differ(operator, first, other)),
    }
}

/// What two extents have in common; one that is not known may be any.
fn agreed(one: Option<usize>, other: Option<usize>) -> std::result::Result<Option<usize>, ()> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => Err(()),
        _ => Ok(one.or(other)),
    }
}

fn differ(operator: &'static str, first: Source, second: Source) -> Error {
    Error::ShapesDiffer {
        operator,
        first: shortened(first.0),
        first_shape: first.1.to_string(),
        second: shortened(second.0),
        second_shape: second.1.to_string(),
    }
}

fn not(operator: &'static str, expected: &str, got: Shape) -> Error {
    Error::ShapeMismatch {
        operator,
        argument: "input",
        expected: expected.into(),
        got: got.to_string(),
    }
}

fn too_many(operator: &'static str, values: u64) -> Error {
    Error::OutOfRange {
        operator,
        argument: "features",
        min: 1.0,
        max: usize::MAX as f64,
        got: values as f64,
    }
}
