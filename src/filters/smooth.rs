//! Blurs: averages of neighbouring pixels.

use super::parameter::{ANGLE, Parameter, SIGMA, SIZE, Values};
use super::sample::{sampled, sin_cos_degrees};
use super::{Family, Filter, Weights};
use crate::kernel::Kernel;

pub(super) const BOX: Filter = Filter {
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
};

pub(super) const GAUSSIAN: Filter = Filter {
    name: "gaussian",
    family: Family::Smooth,
    parameters: &[SIGMA, SIZE],
    definition: "exp(−(x² + y²) / (2 sigma²)), divided by the sum of all weights",
    source: "Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.5",
    weights: Weights::Computed(gaussian),
};

pub(super) const MOTION_BLUR: Filter = Filter {
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
    definition: "The fraction of a straight line of the given length through the centre that lies within each weight's square",
    source: "Uniform linear motion: Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 5.6",
    weights: Weights::Computed(motion_blur),
};

fn box_mean(values: &Values) -> Kernel {
    let size = values.size();
    Kernel::from_elem((size, size), 1.0 / (size * size) as f64)
}

/// A Gaussian of standard deviation `sigma` on `size` x `size` weights, with sum 1.
pub(super) fn gaussian(values: &Values) -> Kernel {
    let sigma = values.get("sigma");
    let bell = sampled(values.size(), |x, y| {
        (-(x * x + y * y) / (2.0 * sigma * sigma)).exp()
    });
    &bell / bell.sum()
}

fn motion_blur(values: &Values) -> Kernel {
    let length = values.get("length");
    let (sin, cos) = sin_cos_degrees(values.get("angle"));
    // Squares that the line reaches, on each side of the middle one.
    let reach = |extent: f64| ((extent - 1.0) / 2.0).max(0.0).ceil() as usize;
    let (rows, columns) = (reach(length * sin.abs()), reach(length * cos.abs()));
    Kernel::from_shape_fn((2 * rows + 1, 2 * columns + 1), |(row, column)| {
        let (x, y) = (column as f64 - columns as f64, row as f64 - rows as f64);
        let (enter_x, leave_x) = passage(x, cos);
        let (enter_y, leave_y) = passage(y, sin);
        let enter = enter_x.max(enter_y).max(-length / 2.0);
        let leave = leave_x.min(leave_y).min(length / 2.0);
        let inside = leave - enter;
        // A line through a corner of the square has no length within it, apart from rounding.
        if inside > 1e-9 { inside / length } else { 0.0 }
    })
}

/// The t at which t · `slope` enters and leaves the interval of length 1 around `center`.
fn passage(center: f64, slope: f64) -> (f64, f64) {
    const ALWAYS: (f64, f64) = (f64::NEG_INFINITY, f64::INFINITY);
    const NEVER: (f64, f64) = (f64::INFINITY, f64::NEG_INFINITY);
    if slope == 0.0 {
        return if center.abs() < 0.5 { ALWAYS } else { NEVER };
    }
    let (a, b) = ((center - 0.5) / slope, (center + 0.5) / slope);
    (a.min(b), a.max(b))
}

#[cfg(test)]
mod tests {
    use super::super::testing::{named, near};
    use super::*;
    use ndarray::array;

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
}
