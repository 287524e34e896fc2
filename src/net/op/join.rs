//! The shape of several inputs joined into one.

use crate::error::{Error, Result};
use crate::net::op::ranges::INPUTS;
use crate::net::op::shape::{NamedShape, Shape};
use crate::net::refusal::shortened;

/// The shape of a sum: that of all inputs.
///
/// # Errors
/// [`Error::ShapesDiffer`]; [`Error::WrongCount`] for too many or too few inputs.
pub(in crate::net) fn sum(operator: &'static str, inputs: &[NamedShape]) -> Result<Shape> {
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

/// The shape of inputs joined along the channels.
///
/// # Errors
/// [`Error::ShapesDiffer`]; [`Error::WrongCount`] for too many or too few inputs.
pub(in crate::net) fn concatenation(
    operator: &'static str,
    inputs: &[NamedShape],
) -> Result<Shape> {
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
    inputs: &'a [NamedShape<'a>],
) -> Result<(NamedShape<'a>, &'a [NamedShape<'a>])> {
    let [min, max] = INPUTS;
    match inputs {
        [first, rest @ ..] if rest.len() < max => Ok((*first, rest)),
        _ => Err(Error::WrongCount {
            operator,
            argument: "inputs",
            min,
            max,
            got: inputs.len(),
        }),
    }
}

/// The extents on which the maps so far, which have the shape `known`, and one more agree.
fn meet(
    operator: &'static str,
    first: NamedShape,
    other: NamedShape,
    known: Shape,
) -> Result<[Option<usize>; 2]> {
    let ([height, width], [rows, cols]) = (known.spatial(), other.1.spatial());
    match (agreed(height, rows), agreed(width, cols)) {
        (Ok(height), Ok(width)) => Ok([height, width]),
        _ => Err(differ(operator, first, other)),
    }
}

/// The extent that both may be; one that is not known may be any.
fn agreed(one: Option<usize>, other: Option<usize>) -> std::result::Result<Option<usize>, ()> {
    match (one, other) {
        (Some(one), Some(other)) if one != other => Err(()),
        _ => Ok(one.or(other)),
    }
}

fn differ(operator: &'static str, first: NamedShape, second: NamedShape) -> Error {
    Error::ShapesDiffer {
        operator,
        first: shortened(first.0),
        first_shape: first.1.to_string(),
        second: shortened(second.0),
        second_shape: second.1.to_string(),
    }
}
