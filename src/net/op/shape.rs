//! The shape of a layer's output.

use std::fmt::{self, Display};

use crate::error::{Result, check_range};

/// The shape of a layer's output, without the batch. An extent is `None` if it follows from one of
/// the input that is not given.
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
                // At most 2^52 in a checked graph.
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

    /// `[rows, columns]`; a vector is one position that holds all its values.
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
pub(in crate::net) type NamedShape<'a> = (&'a str, Shape);

/// Largest height or width of a layer. Far above any network's, and with as many channels as allowed
/// the number of values is still a whole number that JavaScript holds exactly.
pub(in crate::net) const MAP_EXTENT_LIMIT: usize = 1 << 16;

/// Most channels of a layer.
pub(in crate::net) const CHANNEL_LIMIT: usize = 1 << 20;

/// Refuses a shape beyond [`MAP_EXTENT_LIMIT`] and [`CHANNEL_LIMIT`].
///
/// # Errors
/// [`Error::OutOfRange`](crate::error::Error::OutOfRange).
pub(in crate::net) fn check_limits(operator: &'static str, shape: Shape) -> Result<()> {
    let check = |argument, max: usize, got: Option<usize>| match got {
        Some(got) => check_range(operator, argument, [1.0, max as f64], got as f64),
        None => Ok(()),
    };
    match shape {
        Shape::Map {
            channels,
            height,
            width,
        } => {
            check("channels", CHANNEL_LIMIT, Some(channels))?;
            check("height", MAP_EXTENT_LIMIT, height)?;
            check("width", MAP_EXTENT_LIMIT, width)
        }
        Shape::Vector { features } => check("features", usize::MAX, features),
    }
}
