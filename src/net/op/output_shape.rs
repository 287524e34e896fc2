//! The shape of an operator's output from the shapes of its inputs.

use crate::error::{Error, Result, check_range};
use crate::net::op::shape::{Shape, check_limits};
use crate::net::op::window::{along_axes, check_filling, window, window_extents};
use crate::net::refusal::shortened;
use crate::net::spec::{Op, Pooling};
use crate::ops::activation::Activation;
use crate::ops::conv2d::check_groups;
use crate::window::{Sides, check_extents};

/// Most inputs of one layer.
const INPUT_LIMIT: usize = 256;

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
                    argument: "kind",
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
