//! Named kernels: classical filters with their formulas and sources.
//!
//! All kernels are written for cross-correlation, so none is flipped: `sobel_x` is \[-1 0 1; -2 0
//! 2; -1 0 1\] and responds with positive values where brightness increases to the right. x is the
//! column and points right, y is the row and points down, so angles are clockwise on screen: 0
//! degrees is right, 90 is down.

mod corner;
mod edge;
mod identity;
mod line;
mod parameter;
mod sample;
mod sharpen;
mod smooth;
mod texture;

pub use parameter::Parameter;

use crate::error::{Error, Result};
use crate::kernel::{Kernel, check};
use parameter::Values;

/// A named kernel, fixed or computed from parameters.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// Identifier, `snake_case`.
    pub name: &'static str,
    /// Its purpose.
    pub family: Family,
    /// Its parameters; none for a fixed kernel.
    pub parameters: &'static [Parameter],
    /// Its formula in plain text; x is the column and y the row, from the kernel's centre.
    pub definition: &'static str,
    /// Where it was published.
    pub source: &'static str,
    weights: Weights,
}

/// The purpose of a filter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Leaves the picture as it is.
    Identity,
    /// Averages neighbours: weights sum to 1.
    Smooth,
    /// The picture plus a derivative of it: weights sum to 1.
    Sharpen,
    /// A derivative of brightness: weights sum to 0.
    Edge,
    /// Responds to thin lines of one direction: weights sum to 0.
    Line,
    /// Responds to corners or isolated points: weights sum to 0.
    Corner,
    /// Responds to stripes of one direction and width.
    Texture,
}

impl Family {
    /// The name in lists.
    pub const fn name(self) -> &'static str {
        match self {
            Family::Identity => "identity",
            Family::Smooth => "smooth",
            Family::Sharpen => "sharpen",
            Family::Edge => "edge",
            Family::Line => "line",
            Family::Corner => "corner",
            Family::Texture => "texture",
        }
    }
}

/// The kernel called `name`; parameters that are not `given` take their defaults.
///
/// # Errors
/// [`Error::UnknownName`] for an unknown filter or parameter, [`Error::NotFinite`] or
/// [`Error::OutOfRange`] for a bad value, [`Error::WrongType`] for a size between two steps.
pub fn kernel(name: &str, given: &[(String, f64)]) -> Result<Kernel> {
    let filter = find(name)?;
    let values = Values::new(filter.parameters, given)?;
    let kernel = match filter.weights {
        Weights::Fixed(rows) => {
            Kernel::from_shape_fn((rows.len(), rows[0].len()), |(row, column)| {
                rows[row][column]
            })
        }
        Weights::Computed(compute) => compute(&values),
    };
    // Adding 0 turns -0, which a grid would show as such, into 0.
    let kernel = kernel + 0.0;
    check(OPERATOR, &kernel)?;
    Ok(kernel)
}

/// The identifiers of all filters, in the order in which they are offered.
pub fn names() -> impl Iterator<Item = &'static str> {
    ALL.iter().map(|filter| filter.name)
}

/// Every filter, in the order in which they are offered.
pub const ALL: &[Filter] = &[
    identity::IDENTITY,
    smooth::BOX,
    smooth::GAUSSIAN,
    smooth::MOTION_BLUR,
    sharpen::SHARPEN,
    sharpen::SHARPEN_8,
    sharpen::UNSHARP,
    sharpen::EMBOSS,
    edge::SOBEL_X,
    edge::SOBEL_Y,
    edge::PREWITT_X,
    edge::PREWITT_Y,
    edge::SCHARR_X,
    edge::SCHARR_Y,
    edge::ROBERTS_1,
    edge::ROBERTS_2,
    edge::LAPLACIAN_4,
    edge::LAPLACIAN_8,
    edge::LAPLACIAN_OF_GAUSSIAN,
    line::LINE_HORIZONTAL,
    line::LINE_VERTICAL,
    line::LINE_DIAGONAL_DOWN,
    line::LINE_DIAGONAL_UP,
    corner::CORNER,
    corner::POINT,
    texture::GABOR,
];

const OPERATOR: &str = "filter";

#[derive(Clone, Copy, Debug)]
enum Weights {
    Fixed(&'static [&'static [f64]]),
    Computed(fn(&Values) -> Kernel),
}

fn find(name: &str) -> Result<&'static Filter> {
    ALL.iter()
        .find(|filter| filter.name == name)
        .ok_or_else(|| unknown("name", names(), name))
}

/// The error for a name that is not one of `known`.
fn unknown<'a>(argument: &'static str, known: impl Iterator<Item = &'a str>, got: &str) -> Error {
    let expected = match known.collect::<Vec<_>>().join(", ") {
        none if none.is_empty() => "none".into(),
        names => names,
    };
    let got = got.chars().take(40).collect();
    Error::UnknownName {
        operator: OPERATOR,
        argument: argument.into(),
        expected,
        got,
    }
}

#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
