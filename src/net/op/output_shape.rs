//! The shape of an operator's output from the shapes of its inputs.

use crate::error::{Error, Result, check_range};
use crate::net::op::join::{concatenation, sum};
use crate::net::op::ranges::{EPSILON, EXPONENT, FINITE, PROBABILITY};
use crate::net::op::shape::{NamedShape, Shape, check_limits};
use crate::net::op::window::{along_axes, check_filling, output_extents, window};
use crate::net::refusal::shortened;
use crate::net::spec::{Op, Pooling};
use crate::ops::activation::Activation;
use crate::ops::shape::check_groups;
use crate::window::{Sides, check_extents};

/// The shape that `op` makes of its inputs.
///
/// # Errors
/// Whatever the operator would refuse; [`Error::ShapesDiffer`] if inputs do not fit together;
/// [`Error::WrongCount`] for too many or too few inputs.
pub(in crate::net) fn output_shape(op: &Op, inputs: &[NamedShape]) -> Result<Shape> {
    let operator = op.name();
    let input = || single(operator, inputs);
    let map = || Map::of(operator, single(operator, inputs)?);
    let shape = match op {
        Op::Conv2d {
            channels,
            groups,
            connections,
            ..
        } => {
            let map = map()?;
            check_channels(operator, map.channels, *channels, *groups)?;
            if let Some(connections) = connections {
                check_connections(operator, connections, *channels, map.channels, *groups)?;
            }
            shaped(*channels, output_extents(op, map.extents)?)
        }
        Op::ConvTranspose2d {
            channels,
            groups,
            output_padding,
            ..
        } => {
            let map = map()?;
            check_channels(operator, map.channels, *channels, *groups)?;
            shaped(
                *channels,
                transposed_extents(op, map.extents, *output_padding)?,
            )
        }
        Op::Pool2d { kind, p, .. } => {
            let map = map()?;
            if *kind == Pooling::Lp {
                check_range(operator, "p", EXPONENT, *p)?;
            }
            shaped(map.channels, output_extents(op, map.extents)?)
        }
        Op::BlurPool2d { .. } => {
            let map = map()?;
            shaped(map.channels, output_extents(op, map.extents)?)
        }
        Op::GlobalPool2d { .. } => shaped(map()?.channels, [Some(1); 2]),
        Op::AdaptivePool2d { kind, size } => {
            let map = map()?;
            if *kind == Pooling::Lp {
                return Err(Error::UnknownName {
                    operator,
                    argument: "kind".into(),
                    expected: "max, average".into(),
                    got: "lp".into(),
                });
            }
            check_extents(operator, "size", size, 1)?;
            shaped(map.channels, size.map(Some))
        }
        Op::Pad2d { padding, mode } => {
            let map = map()?;
            let Sides {
                top,
                left,
                bottom,
                right,
            } = *padding;
            check_extents(operator, "padding", &[top, left, bottom, right], 0)?;
            check_filling(operator, *mode, *padding, map.extents)?;
            let extents = along_axes(|axis| {
                let [before, after] = padding.along(axis);
                Ok(map.extents[axis as usize].map(|extent| before + extent + after))
            })?;
            shaped(map.channels, extents)
        }
        Op::Resize2d { scale, kind: _ } => {
            let map = map()?;
            check_extents(operator, "scale", scale, 1)?;
            let extents = along_axes(|axis| {
                let scale = scale[axis as usize];
                Ok(map.extents[axis as usize].map(|extent| extent.saturating_mul(scale)))
            })?;
            shaped(map.channels, extents)
        }
        Op::Activation { kind } => {
            let input = input()?;
            Activation::from_name(&shortened(kind))?;
            input
        }
        Op::BatchNorm { epsilon, scale: _ } => {
            let input = input()?;
            check_range(operator, "epsilon", EPSILON, *epsilon)?;
            input
        }
        Op::GroupNorm { groups, epsilon } => {
            let map = map()?;
            check_groups(operator, "input", map.channels, *groups)?;
            check_range(operator, "epsilon", EPSILON, *epsilon)?;
            map.into()
        }
        Op::LocalResponseNorm {
            size,
            alpha,
            beta,
            k,
        } => {
            let map = map()?;
            check_extents(operator, "size", &[*size], 1)?;
            for (argument, value) in [("alpha", alpha), ("beta", beta), ("k", k)] {
                check_range(operator, argument, FINITE, *value)?;
            }
            map.into()
        }
        Op::Dropout { probability } => {
            let input = input()?;
            check_range(operator, "probability", PROBABILITY, *probability)?;
            input
        }
        Op::Scale { factor } => {
            let input = input()?;
            check_range(operator, "factor", FINITE, *factor)?;
            input
        }
        Op::Prelu {} | Op::ChannelScale {} => map()?.into(),
        Op::Softmax {} => input()?,
        Op::Flatten {} => flattened(operator, input()?)?,
        Op::Dense { features, bias: _ } => match input()? {
            Shape::Vector { .. } => {
                check_extents(operator, "features", &[*features], 1)?;
                Shape::Vector {
                    features: Some(*features),
                }
            }
            map @ Shape::Map { .. } => {
                return Err(not(operator, "[features], as flatten gives it", map));
            }
        },
        Op::Add {} => sum(operator, inputs)?,
        Op::Concat {} => concatenation(operator, inputs)?,
    };
    check_limits(operator, shape)?;
    Ok(shape)
}

/// The shape of a feature map.
struct Map {
    channels: usize,
    /// `[rows, columns]`
    extents: [Option<usize>; 2],
}

impl Map {
    fn of(operator: &'static str, shape: Shape) -> Result<Map> {
        match shape {
            Shape::Map {
                channels,
                height,
                width,
            } => Ok(Map {
                channels,
                extents: [height, width],
            }),
            Shape::Vector { .. } => Err(not(operator, "[channels, height, width]", shape)),
        }
    }
}

impl From<Map> for Shape {
    fn from(map: Map) -> Shape {
        shaped(map.channels, map.extents)
    }
}

fn shaped(channels: usize, [height, width]: [Option<usize>; 2]) -> Shape {
    Shape::Map {
        channels,
        height,
        width,
    }
}

fn single(operator: &'static str, inputs: &[NamedShape]) -> Result<Shape> {
    match *inputs {
        [(_, input)] => Ok(input),
        _ => Err(Error::WrongCount {
            operator,
            argument: "inputs",
            min: 1,
            max: 1,
            got: inputs.len(),
        }),
    }
}

fn transposed_extents(
    op: &Op,
    input: [Option<usize>; 2],
    output_padding: [usize; 2],
) -> Result<[Option<usize>; 2]> {
    let operator = op.name();
    let Some(window) = window(op, input)? else {
        return Ok(input);
    };
    along_axes(|axis| {
        let added = output_padding[axis as usize];
        let limit = window.stride[axis as usize].max(window.dilation[axis as usize]) - 1;
        check_range(operator, "outputPadding", [0.0, limit as f64], added as f64)?;
        input[axis as usize]
            .map(|input| window.transposed_extent(operator, axis, input, added))
            .transpose()
    })
}

fn flattened(operator: &'static str, input: Shape) -> Result<Shape> {
    let features = input.values().map(|values| {
        usize::try_from(values).map_err(|_| Error::OutOfRange {
            operator,
            argument: "features",
            min: 1.0,
            max: usize::MAX as f64,
            got: values as f64,
        })
    });
    Ok(Shape::Vector {
        features: features.transpose()?,
    })
}

fn check_channels(
    operator: &'static str,
    in_channels: usize,
    channels: usize,
    groups: usize,
) -> Result<()> {
    check_extents(operator, "channels", &[channels], 1)?;
    check_groups(operator, "input", in_channels, groups)?;
    check_groups(operator, "output", channels, groups)
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
    for seen in connections {
        if seen.is_empty() || seen.len() > in_channels {
            return Err(Error::WrongCount {
                operator,
                argument: "connections",
                min: 1,
                max: in_channels,
                got: seen.len(),
            });
        }
        for &channel in seen {
            let max = (in_channels - 1) as f64;
            check_range(operator, "connections", [0.0, max], channel as f64)?;
        }
        let mut sorted = seen.clone();
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

fn not(operator: &'static str, expected: &str, got: Shape) -> Error {
    Error::ShapeMismatch {
        operator,
        argument: "input",
        expected: expected.into(),
        got: got.to_string(),
    }
}
