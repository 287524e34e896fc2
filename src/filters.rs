//! Named kernels: classical filters with their formulas and where they come from.
//!
//! All kernels are written for cross-correlation, so none is flipped: `sobel_x` is
//! \[-1 0 1; -2 0 2; -1 0 1\] and answers with positive values where brightness rises to the
//! right. Columns count x to the right and rows count y downwards, so angles turn clockwise as
//! seen: 0 degrees point right, 90 down.

use crate::error::{Error, Result};
use crate::kernel::{Kernel, check};

/// A named kernel, fixed or computed from parameters.
#[derive(Clone, Copy, Debug)]
pub struct Filter {
    /// Identifier, `snake_case`.
    pub name: &'static str,
    /// What it is for.
    pub family: Family,
    /// Its parameters, none for a fixed kernel.
    pub parameters: &'static [Parameter],
    /// Its formula in plain text; x counts columns and y rows from the kernel's centre.
    pub definition: &'static str,
    /// Where it was published.
    pub source: &'static str,
    weights: Weights,
}

/// What a filter is for.
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
    /// Answers to thin lines of one direction: weights sum to 0.
    Line,
    /// Answers to corners or isolated points: weights sum to 0.
    Corner,
    /// Answers to stripes of one direction and width.
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

/// A number that shapes a filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parameter {
    /// Identifier; `sigma`, `wavelength`, `length` and `size` are in pixels, `angle` and `phase`
    /// in degrees.
    pub name: &'static str,
    /// Value if none is given.
    pub default: f64,
    /// Smallest value allowed.
    pub min: f64,
    /// Largest value allowed.
    pub max: f64,
    /// Distance between offered values; a `size` must lie on a step.
    pub step: f64,
}

/// The kernel called `name`, with defaults for the parameters that are not `given`.
///
/// # Errors
/// [`Error::UnknownName`] for an unknown filter or parameter, [`Error::OutOfRange`] for a value
/// outside its range, [`Error::NotFinite`], [`Error::WrongType`] for a size between two steps.
pub fn kernel(name: &str, given: &[(String, f64)]) -> Result<Kernel> {
    let filter = find(name)?;
    for (parameter, value) in given {
        check_parameter(filter, parameter, *value)?;
    }
    let kernel = match filter.weights {
        Weights::Fixed(rows) => {
            Kernel::from_shape_fn((rows.len(), rows[0].len()), |(row, column)| {
                rows[row][column]
            })
        }
        Weights::Computed(compute) => compute(&Values { filter, given }),
    };
    // Adding 0 turns a minus zero, which a grid would show as -0, into zero.
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
    Filter {
        name: "identity",
        family: Family::Identity,
        parameters: &[],
        definition: "1 at the centre, 0 elsewhere",
        source: "The unit impulse: Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.4",
        weights: Weights::Fixed(&[&[0.0, 0.0, 0.0], &[0.0, 1.0, 0.0], &[0.0, 0.0, 0.0]]),
    },
    Filter {
        name: "box",
        family: Family::Smooth,
        parameters: &[Parameter {
            name: "size",
            default: 3.0,
            min: 1.0,
            max: 15.0,
            step: 1.0,
        }],
        definition: "1 / size² everywhere",
        source: "Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.5",
        weights: Weights::Computed(box_mean),
    },
    Filter {
        name: "gaussian",
        family: Family::Smooth,
        parameters: &[SIGMA, SIZE],
        definition: "exp(−(x² + y²) / (2 sigma²)), divided by the sum of all weights",
        source: "Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.5",
        weights: Weights::Computed(gaussian),
    },
    Filter {
        name: "motion_blur",
        family: Family::Smooth,
        parameters: &[
            Parameter {
                name: "length",
                default: 7.0,
                min: 1.0,
                max: 15.0,
                step: 1.0,
            },
            ANGLE,
        ],
        definition: "The share of a straight line through the centre, length long, that lies within the weight's square",
        source: "Uniform linear motion: Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 5.6",
        weights: Weights::Computed(motion_blur),
    },
    Filter {
        name: "sharpen",
        family: Family::Sharpen,
        parameters: &[],
        definition: "identity − laplacian_4",
        source: "Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.6",
        weights: Weights::Fixed(&[&[0.0, -1.0, 0.0], &[-1.0, 5.0, -1.0], &[0.0, -1.0, 0.0]]),
    },
    Filter {
        name: "sharpen_8",
        family: Family::Sharpen,
        parameters: &[],
        definition: "identity − laplacian_8",
        source: "Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.6",
        weights: Weights::Fixed(&[&[-1.0, -1.0, -1.0], &[-1.0, 9.0, -1.0], &[-1.0, -1.0, -1.0]]),
    },
    Filter {
        name: "unsharp",
        family: Family::Sharpen,
        parameters: &[
            SIGMA,
            SIZE,
            Parameter {
                name: "amount",
                default: 1.0,
                min: 0.0,
                max: 10.0,
                step: 0.1,
            },
        ],
        definition: "identity + amount · (identity − gaussian(sigma, size))",
        source: "Unsharp masking: Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.6",
        weights: Weights::Computed(unsharp),
    },
    Filter {
        name: "emboss",
        family: Family::Sharpen,
        parameters: &[],
        definition: "x + y, and 1 at the centre: the picture lit along its diagonal",
        source: "GNU Image Manipulation Program 2.10, User Manual, filter \"Convolution Matrix\"",
        weights: Weights::Fixed(&[&[-2.0, -1.0, 0.0], &[-1.0, 1.0, 1.0], &[0.0, 1.0, 2.0]]),
    },
    Filter {
        name: "sobel_x",
        family: Family::Edge,
        parameters: &[],
        definition: "[1 2 1] down times [−1 0 1] across; positive where brightness rises to the right",
        source: SOBEL,
        weights: Weights::Fixed(&[&[-1.0, 0.0, 1.0], &[-2.0, 0.0, 2.0], &[-1.0, 0.0, 1.0]]),
    },
    Filter {
        name: "sobel_y",
        family: Family::Edge,
        parameters: &[],
        definition: "[−1 0 1] down times [1 2 1] across; positive where brightness rises downwards",
        source: SOBEL,
        weights: Weights::Fixed(&[&[-1.0, -2.0, -1.0], &[0.0, 0.0, 0.0], &[1.0, 2.0, 1.0]]),
    },
    Filter {
        name: "prewitt_x",
        family: Family::Edge,
        parameters: &[],
        definition: "[1 1 1] down times [−1 0 1] across; positive where brightness rises to the right",
        source: PREWITT,
        weights: Weights::Fixed(&[&[-1.0, 0.0, 1.0], &[-1.0, 0.0, 1.0], &[-1.0, 0.0, 1.0]]),
    },
    Filter {
        name: "prewitt_y",
        family: Family::Edge,
        parameters: &[],
        definition: "[−1 0 1] down times [1 1 1] across; positive where brightness rises downwards",
        source: PREWITT,
        weights: Weights::Fixed(&[&[-1.0, -1.0, -1.0], &[0.0, 0.0, 0.0], &[1.0, 1.0, 1.0]]),
    },
    Filter {
        name: "scharr_x",
        family: Family::Edge,
        parameters: &[],
        definition: "[3 10 3] down times [−1 0 1] across; positive where brightness rises to the right",
        source: SCHARR,
        weights: Weights::Fixed(&[&[-3.0, 0.0, 3.0], &[-10.0, 0.0, 10.0], &[-3.0, 0.0, 3.0]]),
    },
    Filter {
        name: "scharr_y",
        family: Family::Edge,
        parameters: &[],
        definition: "[−1 0 1] down times [3 10 3] across; positive where brightness rises downwards",
        source: SCHARR,
        weights: Weights::Fixed(&[&[-3.0, -10.0, -3.0], &[0.0, 0.0, 0.0], &[3.0, 10.0, 3.0]]),
    },
    Filter {
        name: "roberts_1",
        family: Family::Edge,
        parameters: &[],
        definition: "Lower right minus upper left; positive where brightness rises to the lower right",
        source: ROBERTS,
        weights: Weights::Fixed(&[&[-1.0, 0.0], &[0.0, 1.0]]),
    },
    Filter {
        name: "roberts_2",
        family: Family::Edge,
        parameters: &[],
        definition: "Lower left minus upper right; positive where brightness rises to the lower left",
        source: ROBERTS,
        weights: Weights::Fixed(&[&[0.0, -1.0], &[1.0, 0.0]]),
    },
    Filter {
        name: "laplacian_4",
        family: Family::Edge,
        parameters: &[],
        definition: "[1 −2 1] across plus [1 −2 1] down: ∂²/∂x² + ∂²/∂y² by differences",
        source: "Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.6",
        weights: Weights::Fixed(&[&[0.0, 1.0, 0.0], &[1.0, -4.0, 1.0], &[0.0, 1.0, 0.0]]),
    },
    Filter {
        name: "laplacian_8",
        family: Family::Edge,
        parameters: &[],
        definition: "laplacian_4 plus [1 −2 1] along both diagonals",
        source: "Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.6",
        weights: Weights::Fixed(&[&[1.0, 1.0, 1.0], &[1.0, -8.0, 1.0], &[1.0, 1.0, 1.0]]),
    },
    Filter {
        name: "laplacian_of_gaussian",
        family: Family::Edge,
        parameters: &[
            Parameter {
                name: "sigma",
                default: 1.4,
                ..SIGMA
            },
            Parameter {
                name: "size",
                default: 9.0,
                ..SIZE
            },
        ],
        definition: "(x² + y² − 2 sigma²) / sigma⁴ · gaussian(sigma, size), minus the mean of all weights",
        source: "Marr and Hildreth, Theory of edge detection, Proc. R. Soc. Lond. B 207 (1980), 187-217",
        weights: Weights::Computed(laplacian_of_gaussian),
    },
    Filter {
        name: "line_horizontal",
        family: Family::Line,
        parameters: &[],
        definition: "2 along the line, −1 beside it; positive on bright lines",
        source: LINES,
        weights: Weights::Fixed(&[&[-1.0, -1.0, -1.0], &[2.0, 2.0, 2.0], &[-1.0, -1.0, -1.0]]),
    },
    Filter {
        name: "line_vertical",
        family: Family::Line,
        parameters: &[],
        definition: "2 along the line, −1 beside it; positive on bright lines",
        source: LINES,
        weights: Weights::Fixed(&[&[-1.0, 2.0, -1.0], &[-1.0, 2.0, -1.0], &[-1.0, 2.0, -1.0]]),
    },
    Filter {
        name: "line_diagonal_down",
        family: Family::Line,
        parameters: &[],
        definition: "2 along the line from upper left to lower right, −1 beside it; positive on bright lines",
        source: LINES,
        weights: Weights::Fixed(&[&[2.0, -1.0, -1.0], &[-1.0, 2.0, -1.0], &[-1.0, -1.0, 2.0]]),
    },
    Filter {
        name: "line_diagonal_up",
        family: Family::Line,
        parameters: &[],
        definition: "2 along the line from lower left to upper right, −1 beside it; positive on bright lines",
        source: LINES,
        weights: Weights::Fixed(&[&[-1.0, -1.0, 2.0], &[-1.0, 2.0, -1.0], &[2.0, -1.0, -1.0]]),
    },
    Filter {
        name: "corner",
        family: Family::Corner,
        parameters: &[],
        definition: "[−1 0 1] down times [−1 0 1] across: 4 ∂²/∂x∂y by differences; 0 on straight horizontal and vertical edges",
        source: "Abramowitz and Stegun, Handbook of Mathematical Functions (1964), section 25.3; \
                 part of the corner measure of Beaudet, Rotationally invariant image operators, \
                 Proc. 4th Int. Joint Conf. on Pattern Recognition (1978), 579-583",
        weights: Weights::Fixed(&[&[1.0, 0.0, -1.0], &[0.0, 0.0, 0.0], &[-1.0, 0.0, 1.0]]),
    },
    Filter {
        name: "point",
        family: Family::Corner,
        parameters: &[],
        definition: "−laplacian_8; positive on bright points",
        source: LINES,
        weights: Weights::Fixed(&[&[-1.0, -1.0, -1.0], &[-1.0, 8.0, -1.0], &[-1.0, -1.0, -1.0]]),
    },
    Filter {
        name: "gabor",
        family: Family::Texture,
        parameters: &[
            ANGLE,
            Parameter {
                name: "wavelength",
                default: 4.0,
                min: 2.0,
                max: 15.0,
                step: 0.5,
            },
            Parameter {
                name: "phase",
                default: 0.0,
                min: -180.0,
                max: 180.0,
                step: 15.0,
            },
            Parameter {
                name: "sigma",
                default: 2.0,
                ..SIGMA
            },
            Parameter {
                name: "aspect",
                default: 1.0,
                min: 0.2,
                max: 5.0,
                step: 0.1,
            },
            Parameter {
                name: "size",
                default: 11.0,
                ..SIZE
            },
        ],
        definition: "exp(−(u² + aspect² v²) / (2 sigma²)) · cos(360° u / wavelength + phase), \
                     where u = x cos(angle) + y sin(angle) runs across the stripes \
                     and v = y cos(angle) − x sin(angle) along them",
        source: "Daugman, Uncertainty relation for resolution in space, spatial frequency, and \
                 orientation optimized by two-dimensional visual cortical filters, J. Opt. Soc. Am. A \
                 2 (1985), 1160-1169; with aspect and phase as in Petkov and Kruizinga, Biol. Cybern. \
                 76 (1997), 83-96",
        weights: Weights::Computed(gabor),
    },
];

const OPERATOR: &str = "filter";

const SIGMA: Parameter = Parameter {
    name: "sigma",
    default: 1.0,
    min: 0.3,
    max: 5.0,
    step: 0.1,
};
const SIZE: Parameter = Parameter {
    name: "size",
    default: 7.0,
    min: 3.0,
    max: 15.0,
    step: 2.0,
};
const ANGLE: Parameter = Parameter {
    name: "angle",
    default: 0.0,
    min: -180.0,
    max: 180.0,
    step: 15.0,
};

const SOBEL: &str = "Sobel and Feldman, A 3x3 isotropic gradient operator for image processing, \
                     talk at the Stanford Artificial Intelligence Project (1968); \
                     Duda and Hart, Pattern Classification and Scene Analysis (1973), 271-272";
const PREWITT: &str = "Prewitt, Object enhancement and extraction, in Lipkin and Rosenfeld (eds.), \
                       Picture Processing and Psychopictorics (1970), 75-149";
const SCHARR: &str = "Scharr, Optimale Operatoren in der Digitalen Bildverarbeitung, doctoral thesis, \
                      Heidelberg (2000)";
const ROBERTS: &str =
    "Roberts, Machine perception of three-dimensional solids, doctoral thesis, MIT (1963)";
const LINES: &str = "Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 10.2";

#[derive(Clone, Copy, Debug)]
enum Weights {
    Fixed(&'static [&'static [f64]]),
    Computed(fn(&Values) -> Kernel),
}

/// Checked parameter values of one filter.
struct Values<'a> {
    filter: &'a Filter,
    given: &'a [(String, f64)],
}

impl Values<'_> {
    /// The value given for `name`, else its default; NaN if the filter has no such parameter.
    fn get(&self, name: &str) -> f64 {
        let given = self.given.iter().find(|(given, _)| given == name);
        let default = || {
            self.filter
                .parameters
                .iter()
                .find(|parameter| parameter.name == name)
        };
        match given {
            Some(&(_, value)) => value,
            None => default().map_or(f64::NAN, |parameter| parameter.default),
        }
    }

    fn size(&self) -> usize {
        self.get("size") as usize
    }
}

fn box_mean(values: &Values) -> Kernel {
    let size = values.size();
    Kernel::from_elem((size, size), 1.0 / (size * size) as f64)
}

fn gaussian(values: &Values) -> Kernel {
    let sigma = values.get("sigma");
    let bell = sampled(values.size(), |x, y| {
        (-(x * x + y * y) / (2.0 * sigma * sigma)).exp()
    });
    &bell / bell.sum()
}

fn unsharp(values: &Values) -> Kernel {
    let amount = values.get("amount");
    let mut sharp = gaussian(values) * -amount;
    let centre = values.size() / 2;
    sharp[[centre, centre]] += 1.0 + amount;
    sharp
}

fn laplacian_of_gaussian(values: &Values) -> Kernel {
    let variance = values.get("sigma").powi(2);
    let factor = sampled(values.size(), |x, y| {
        (x * x + y * y - 2.0 * variance) / (variance * variance)
    });
    let raw = factor * gaussian(values);
    // Cutting the formula off at the kernel's border leaves a sum beside 0, which would answer to
    // flat areas.
    let mean = raw.sum() / raw.len() as f64;
    raw - mean
}

fn gabor(values: &Values) -> Kernel {
    let [sigma, wavelength, phase, aspect] =
        ["sigma", "wavelength", "phase", "aspect"].map(|name| values.get(name));
    let (sin, cos) = sin_cos_degrees(values.get("angle"));
    sampled(values.size(), |x, y| {
        let across = x * cos + y * sin;
        let along = y * cos - x * sin;
        let radius_squared = across.powi(2) + (aspect * along).powi(2);
        let (_, wave) = sin_cos_degrees(360.0 * across / wavelength + phase);
        (-radius_squared / (2.0 * sigma * sigma)).exp() * wave
    })
}

fn motion_blur(values: &Values) -> Kernel {
    let length = values.get("length");
    let (sin, cos) = sin_cos_degrees(values.get("angle"));
    // Squares whose near border the line reaches, on each side of the middle one.
    let reach = |extent: f64| ((extent - 1.0) / 2.0).max(0.0).ceil() as usize;
    let (rows, columns) = (reach(length * sin.abs()), reach(length * cos.abs()));
    Kernel::from_shape_fn((2 * rows + 1, 2 * columns + 1), |(row, column)| {
        let (x, y) = (column as f64 - columns as f64, row as f64 - rows as f64);
        let (enter_x, leave_x) = passage(x, cos);
        let (enter_y, leave_y) = passage(y, sin);
        let enter = enter_x.max(enter_y).max(-length / 2.0);
        let leave = leave_x.min(leave_y).min(length / 2.0);
        let inside = leave - enter;
        // A line through a corner of the square has no length within it but for rounding.
        if inside > 1e-9 { inside / length } else { 0.0 }
    })
}

/// When the point t · `slope` enters and leaves the interval of length 1 about `centre`.
fn passage(centre: f64, slope: f64) -> (f64, f64) {
    const ALWAYS: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
    const NEVER: (f64, f64) = (f64::INFINITY, f64::NEG_INFINITY);
    if slope == 0.0 {
        return if centre.abs() < 0.5 { ALWAYS } else { NEVER };
    }
    let (a, b) = ((centre - 0.5) / slope, (centre + 0.5) / slope);
    (a.min(b), a.max(b))
}

/// `value(x, y)` at the centres of a square kernel's weights.
fn sampled(size: usize, value: impl Fn(f64, f64) -> f64) -> Kernel {
    let centre = (size / 2) as f64;
    Kernel::from_shape_fn((size, size), |(row, column)| {
        value(column as f64 - centre, row as f64 - centre)
    })
}

/// Sine and cosine of an angle in degrees, exact at the multiples of 90.
fn sin_cos_degrees(degrees: f64) -> (f64, f64) {
    let quarters = (degrees / 90.0).round();
    let (sin, cos) = (degrees - 90.0 * quarters).to_radians().sin_cos();
    match quarters.rem_euclid(4.0) as u8 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

fn find(name: &str) -> Result<&'static Filter> {
    ALL.iter()
        .find(|filter| filter.name == name)
        .ok_or_else(|| unknown("name", names().collect(), name))
}

fn check_parameter(filter: &Filter, name: &str, value: f64) -> Result<()> {
    let known = || {
        filter
            .parameters
            .iter()
            .map(|parameter| parameter.name)
            .collect()
    };
    let Some(parameter) = filter
        .parameters
        .iter()
        .find(|parameter| parameter.name == name)
    else {
        return Err(unknown("parameter", known(), name));
    };
    let &Parameter {
        name: argument,
        min,
        max,
        step,
        ..
    } = parameter;
    if !value.is_finite() {
        return Err(Error::NotFinite {
            operator: OPERATOR,
            argument,
            got: value.to_string(),
        });
    }
    if !(min..=max).contains(&value) {
        return Err(Error::OutOfRange {
            operator: OPERATOR,
            argument,
            min,
            max,
            got: value,
        });
    }
    if argument == "size" && (value - min) % step != 0.0 {
        let kind = if step == 2.0 {
            "an odd whole number"
        } else {
            "a whole number"
        };
        return Err(Error::WrongType {
            operator: OPERATOR,
            argument: argument.into(),
            expected: kind.into(),
            got: value.to_string(),
        });
    }
    Ok(())
}

fn unknown(argument: &'static str, known: Vec<&str>, got: &str) -> Error {
    let expected = if known.is_empty() {
        "none".into()
    } else {
        known.join(", ")
    };
    let got = got.chars().take(40).collect();
    Error::UnknownName {
        operator: OPERATOR,
        argument,
        expected,
        got,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::{LIMIT, summarise};
    use ndarray::array;

    fn named(name: &str, values: &[(&str, f64)]) -> Kernel {
        let given: Vec<_> = values
            .iter()
            .map(|&(name, value)| (name.to_string(), value))
            .collect();
        kernel(name, &given).unwrap()
    }

    /// Every combination of each parameter's least, default, a middle and greatest value.
    fn everywhere(filter: &Filter) -> Vec<Kernel> {
        let mut settings: Vec<Vec<(&str, f64)>> = vec![Vec::new()];
        for parameter in filter.parameters {
            let &Parameter {
                name,
                default,
                min,
                max,
                step,
            } = parameter;
            let middle = min + step * ((max - min) / step / 3.0).floor();
            settings = settings
                .iter()
                .flat_map(|setting| {
                    [min, default, middle, max]
                        .map(|value| [&setting[..], &[(name, value)]].concat())
                })
                .collect();
        }
        settings
            .iter()
            .map(|setting| named(filter.name, setting))
            .collect()
    }

    fn near(a: f64, b: f64) -> bool {
        (a - b).abs() < 1e-12
    }

    fn turned(kernel: &Kernel) -> Kernel {
        let (height, width) = kernel.dim();
        Kernel::from_shape_fn((height, width), |(row, column)| {
            kernel[[height - 1 - row, width - 1 - column]]
        })
    }

    /// All 2 x 2 minors vanish: the kernel is a column times a row.
    fn is_separable(kernel: &Kernel) -> bool {
        let (height, width) = kernel.dim();
        let rows = (0..height).flat_map(|a| (0..a).map(move |b| (a, b)));
        rows.flat_map(|rows| (0..width).flat_map(move |c| (0..c).map(move |d| (rows, c, d))))
            .all(|((a, b), c, d)| {
                let minor = kernel[[a, c]] * kernel[[b, d]] - kernel[[a, d]] * kernel[[b, c]];
                minor.abs() < 1e-15
            })
    }

    #[test]
    fn no_filter_holds_a_minus_zero() {
        for filter in ALL {
            for weight in everywhere(filter).iter().flatten() {
                assert!(
                    *weight != 0.0 || weight.is_sign_positive(),
                    "{}",
                    filter.name
                );
            }
        }
    }

    #[test]
    fn names_are_distinct_and_well_formed() {
        let mut seen: Vec<_> = names().collect();
        assert!(seen.iter().all(|name| {
            name.chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
        }));
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), ALL.len());
    }

    #[test]
    fn every_filter_is_defined_sourced_and_within_the_limit_over_its_whole_range() {
        for filter in ALL {
            assert!(!filter.definition.is_empty(), "{}", filter.name);
            assert!(
                filter.source.contains(|c: char| c.is_ascii_digit()),
                "{}",
                filter.name
            );
            for parameter in filter.parameters {
                assert!((parameter.min..=parameter.max).contains(&parameter.default));
                assert!(parameter.step > 0.0);
            }
            for kernel in everywhere(filter) {
                let (height, width) = kernel.dim();
                assert!(
                    height <= LIMIT && width <= LIMIT,
                    "{}: {height} x {width}",
                    filter.name
                );
            }
        }
    }

    #[test]
    fn weights_sum_to_what_the_family_promises() {
        for filter in ALL {
            let expected = match filter.family {
                Family::Identity | Family::Smooth | Family::Sharpen => 1.0,
                Family::Edge | Family::Line | Family::Corner => 0.0,
                Family::Texture => continue,
            };
            for kernel in everywhere(filter) {
                let sum = summarise(&kernel).sum;
                assert!(near(sum, expected), "{} sums to {sum}", filter.name);
            }
        }
    }

    #[test]
    fn smoothing_weights_are_never_negative() {
        for filter in ALL.iter().filter(|filter| filter.family == Family::Smooth) {
            for kernel in everywhere(filter) {
                assert!(
                    kernel.iter().all(|&weight| weight >= 0.0),
                    "{}",
                    filter.name
                );
            }
        }
    }

    #[test]
    fn derivatives_along_x_rise_to_the_right_and_along_y_downwards() {
        for name in ["sobel", "prewitt", "scharr"] {
            let x = named(&format!("{name}_x"), &[]);
            let y = named(&format!("{name}_y"), &[]);
            assert_eq!(x.t(), y);
            assert_eq!(turned(&x), -&x);
            let on_ramp: f64 = x
                .indexed_iter()
                .map(|((_, column), weight)| weight * column as f64)
                .sum();
            assert!(on_ramp > 0.0, "{name}_x");
        }
    }

    #[test]
    fn sobel_scharr_prewitt_box_and_gaussian_are_separable_and_others_are_not() {
        for name in [
            "sobel_x",
            "sobel_y",
            "scharr_x",
            "scharr_y",
            "prewitt_x",
            "prewitt_y",
            "box",
            "gaussian",
            "corner",
        ] {
            assert!(is_separable(&named(name, &[])), "{name}");
        }
        for name in [
            "laplacian_4",
            "laplacian_8",
            "sharpen",
            "laplacian_of_gaussian",
            "line_diagonal_down",
        ] {
            assert!(!is_separable(&named(name, &[])), "{name}");
        }
    }

    #[test]
    fn round_filters_look_the_same_from_every_side() {
        for name in [
            "identity",
            "box",
            "gaussian",
            "sharpen",
            "sharpen_8",
            "unsharp",
            "laplacian_4",
            "laplacian_8",
            "laplacian_of_gaussian",
            "point",
        ] {
            let kernel = named(name, &[]);
            assert_eq!(kernel.t(), kernel, "{name}");
            assert_eq!(turned(&kernel), kernel, "{name}");
        }
    }

    #[test]
    fn fixed_filters_are_the_differences_they_are_defined_as() {
        let identity = named("identity", &[]);
        let laplacian_4 = named("laplacian_4", &[]);
        let laplacian_8 = named("laplacian_8", &[]);
        assert_eq!(named("sharpen", &[]), &identity - &laplacian_4);
        assert_eq!(named("sharpen_8", &[]), &identity - &laplacian_8);
        assert_eq!(named("point", &[]), -&laplacian_8);
        let slope = sampled(3, |x, y| x + y);
        assert_eq!(named("emboss", &[]), slope + &identity);
        assert_eq!(named("corner", &[]), sampled(3, |x, y| x * y));
    }

    #[test]
    fn line_filters_answer_most_to_their_own_line() {
        let lines = [
            (
                "line_horizontal",
                array![[0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [0.0, 0.0, 0.0]],
            ),
            (
                "line_vertical",
                array![[0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 0.0]],
            ),
            (
                "line_diagonal_down",
                array![[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
            ),
            (
                "line_diagonal_up",
                array![[0.0, 0.0, 1.0], [0.0, 1.0, 0.0], [1.0, 0.0, 0.0]],
            ),
        ];
        for (name, _) in &lines {
            for (line, picture) in &lines {
                let expected = if name == line { 6.0 } else { 0.0 };
                assert_eq!(
                    (named(name, &[]) * picture).sum(),
                    expected,
                    "{name} on {line}"
                );
            }
        }
    }

    #[test]
    fn the_gaussian_follows_its_formula() {
        let sigma: f64 = 1.3;
        let kernel = named("gaussian", &[("sigma", sigma), ("size", 9.0)]);
        for (row, column) in [(4, 5), (0, 0), (2, 7), (8, 4)] {
            let (x, y) = (column as f64 - 4.0, row as f64 - 4.0);
            let ratio = kernel[[row, column]] / kernel[[4, 4]];
            assert!(near(
                ratio,
                (-(x * x + y * y) / (2.0 * sigma * sigma)).exp()
            ));
        }
        // The density of the two-dimensional normal distribution at its mean.
        let density = 1.0 / (2.0 * std::f64::consts::PI * sigma * sigma);
        assert!((kernel[[4, 4]] - density).abs() < 1e-3);
    }

    #[test]
    fn unsharp_without_amount_is_the_identity() {
        let kernel = named("unsharp", &[("amount", 0.0), ("size", 3.0)]);
        assert_eq!(kernel, named("identity", &[]));
    }

    #[test]
    fn the_laplacian_of_gaussian_agrees_with_second_differences_of_a_gaussian() {
        let sigma = 3.0;
        let g = |x: f64, y: f64| (-(x * x + y * y) / (2.0 * sigma * sigma)).exp();
        let step = 1e-3;
        let differences = sampled(15, |x, y| {
            (g(x + step, y) + g(x - step, y) + g(x, y + step) + g(x, y - step) - 4.0 * g(x, y))
                / (step * step)
        }) / sampled(15, g).sum();
        let expected = &differences - differences.sum() / differences.len() as f64;
        let kernel = named("laplacian_of_gaussian", &[("sigma", sigma), ("size", 15.0)]);
        for (got, expected) in kernel.iter().zip(&expected) {
            assert!((got - expected).abs() < 1e-8, "{got} {expected}");
        }
        assert!(kernel[[7, 7]] < 0.0);
    }

    #[test]
    fn gabor_stripes_turn_with_the_angle() {
        for phase in [0.0, 30.0, 90.0, -90.0] {
            let at = |angle: f64| {
                named(
                    "gabor",
                    &[("angle", angle), ("phase", phase), ("aspect", 0.5)],
                )
            };
            assert_eq!(at(90.0), at(0.0).t(), "phase {phase}");
            assert_eq!(at(180.0), turned(&at(0.0)), "phase {phase}");
        }
        let even = named("gabor", &[]);
        assert_eq!(turned(&even), even);
        let odd = named("gabor", &[("phase", -90.0)]);
        assert_eq!(turned(&odd), -&odd);
        assert!(odd[[5, 6]] > 0.0, "as sobel_x, positive on the right");
    }

    #[test]
    fn motion_blur_is_the_line_it_smears_along() {
        assert_eq!(
            named("motion_blur", &[("length", 5.0)]),
            Kernel::from_elem((1, 5), 0.2)
        );
        assert_eq!(
            named("motion_blur", &[("length", 5.0), ("angle", 90.0)]),
            Kernel::from_elem((5, 1), 0.2)
        );
        assert_eq!(
            named("motion_blur", &[("length", 4.0)]),
            array![[0.125, 0.25, 0.25, 0.25, 0.125]]
        );
        assert_eq!(
            named("motion_blur", &[("length", 1.0), ("angle", 30.0)]),
            array![[1.0]]
        );
        let down = named("motion_blur", &[("length", 3.0), ("angle", 45.0)]);
        assert_eq!(down.dim(), (3, 3));
        for ((row, column), &weight) in down.indexed_iter() {
            assert_eq!(weight > 0.0, row == column, "{down}");
        }
    }

    #[test]
    fn angles_are_exact_at_quarter_turns_and_right_between() {
        assert_eq!(sin_cos_degrees(90.0), (1.0, 0.0));
        assert_eq!(sin_cos_degrees(-180.0), (0.0, -1.0));
        assert_eq!(sin_cos_degrees(270.0), (-1.0, 0.0));
        for degrees in (-800..800).map(f64::from) {
            let (sin, cos) = sin_cos_degrees(degrees);
            let radians = degrees.to_radians();
            assert!(
                near(sin, radians.sin()) && near(cos, radians.cos()),
                "{degrees}"
            );
        }
    }

    #[test]
    fn unknown_names_and_values_out_of_range_are_refused() {
        let refused = |name: &str, parameter: &str, value: f64| {
            kernel(name, &[(parameter.to_string(), value)])
                .unwrap_err()
                .to_string()
        };
        assert!(
            kernel("sobel", &[])
                .unwrap_err()
                .to_string()
                .starts_with("filter: name must be one of identity, box,")
        );
        assert_eq!(
            refused("gaussian", "radius", 1.0),
            "filter: parameter must be one of sigma, size, got radius"
        );
        assert_eq!(
            refused("sobel_x", "size", 3.0),
            "filter: parameter must be one of none, got size"
        );
        assert_eq!(
            refused("gaussian", "sigma", 0.0),
            "filter: sigma must be between 0.3 and 5, got 0"
        );
        assert_eq!(
            refused("box", "size", 16.0),
            "filter: size must be between 1 and 15, got 16"
        );
        assert_eq!(
            refused("box", "size", 2.5),
            "filter: size must be a whole number, got 2.5"
        );
        assert_eq!(
            refused("gabor", "size", 4.0),
            "filter: size must be an odd whole number, got 4"
        );
        assert_eq!(
            refused("gabor", "angle", f64::NAN),
            "filter: angle must be a finite number, got NaN"
        );
    }
}
