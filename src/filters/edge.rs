//! Derivatives of brightness: edges.

use super::parameter::{Parameter, SIGMA, SIZE, Values};
use super::sample::sampled;
use super::smooth::gaussian;
use super::{Family, Filter, Weights};
use crate::kernel::Kernel;

pub(super) const SOBEL_X: Filter = Filter {
    name: "sobel_x",
    family: Family::Edge,
    parameters: &[],
    definition: "[1 2 1] down times [−1 0 1] across; positive where brightness rises to the right",
    source: SOBEL,
    weights: Weights::Fixed(&[&[-1.0, 0.0, 1.0], &[-2.0, 0.0, 2.0], &[-1.0, 0.0, 1.0]]),
};

pub(super) const SOBEL_Y: Filter = Filter {
    name: "sobel_y",
    family: Family::Edge,
    parameters: &[],
    definition: "[−1 0 1] down times [1 2 1] across; positive where brightness rises downwards",
    source: SOBEL,
    weights: Weights::Fixed(&[&[-1.0, -2.0, -1.0], &[0.0, 0.0, 0.0], &[1.0, 2.0, 1.0]]),
};

pub(super) const PREWITT_X: Filter = Filter {
    name: "prewitt_x",
    family: Family::Edge,
    parameters: &[],
    definition: "[1 1 1] down times [−1 0 1] across; positive where brightness rises to the right",
    source: PREWITT,
    weights: Weights::Fixed(&[&[-1.0, 0.0, 1.0], &[-1.0, 0.0, 1.0], &[-1.0, 0.0, 1.0]]),
};

pub(super) const PREWITT_Y: Filter = Filter {
    name: "prewitt_y",
    family: Family::Edge,
    parameters: &[],
    definition: "[−1 0 1] down times [1 1 1] across; positive where brightness rises downwards",
    source: PREWITT,
    weights: Weights::Fixed(&[&[-1.0, -1.0, -1.0], &[0.0, 0.0, 0.0], &[1.0, 1.0, 1.0]]),
};

pub(super) const SCHARR_X: Filter = Filter {
    name: "scharr_x",
    family: Family::Edge,
    parameters: &[],
    definition: "[3 10 3] down times [−1 0 1] across; positive where brightness rises to the right",
    source: SCHARR,
    weights: Weights::Fixed(&[&[-3.0, 0.0, 3.0], &[-10.0, 0.0, 10.0], &[-3.0, 0.0, 3.0]]),
};

pub(super) const SCHARR_Y: Filter = Filter {
    name: "scharr_y",
    family: Family::Edge,
    parameters: &[],
    definition: "[−1 0 1] down times [3 10 3] across; positive where brightness rises downwards",
    source: SCHARR,
    weights: Weights::Fixed(&[&[-3.0, -10.0, -3.0], &[0.0, 0.0, 0.0], &[3.0, 10.0, 3.0]]),
};

pub(super) const ROBERTS_1: Filter = Filter {
    name: "roberts_1",
    family: Family::Edge,
    parameters: &[],
    definition: "Lower right minus upper left; positive where brightness rises to the lower right",
    source: ROBERTS,
    weights: Weights::Fixed(&[&[-1.0, 0.0], &[0.0, 1.0]]),
};

pub(super) const ROBERTS_2: Filter = Filter {
    name: "roberts_2",
    family: Family::Edge,
    parameters: &[],
    definition: "Lower left minus upper right; positive where brightness rises to the lower left",
    source: ROBERTS,
    weights: Weights::Fixed(&[&[0.0, -1.0], &[1.0, 0.0]]),
};

pub(super) const LAPLACIAN_4: Filter = Filter {
    name: "laplacian_4",
    family: Family::Edge,
    parameters: &[],
    definition: "[1 −2 1] across plus [1 −2 1] down: ∂²/∂x² + ∂²/∂y² by differences",
    source: "Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.6",
    weights: Weights::Fixed(&[&[0.0, 1.0, 0.0], &[1.0, -4.0, 1.0], &[0.0, 1.0, 0.0]]),
};

pub(super) const LAPLACIAN_8: Filter = Filter {
    name: "laplacian_8",
    family: Family::Edge,
    parameters: &[],
    definition: "laplacian_4 plus [1 −2 1] along both diagonals",
    source: "Gonzalez and Woods, Digital Image Processing (4th ed. 2018), section 3.6",
    weights: Weights::Fixed(&[&[1.0, 1.0, 1.0], &[1.0, -8.0, 1.0], &[1.0, 1.0, 1.0]]),
};

pub(super) const LAPLACIAN_OF_GAUSSIAN: Filter = Filter {
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

fn laplacian_of_gaussian(values: &Values) -> Kernel {
    let variance = values.get("sigma").powi(2);
    let factor = sampled(values.size(), |x, y| {
        (x * x + y * y - 2.0 * variance) / (variance * variance)
    });
    let raw = factor * gaussian(values);
    // Truncating the formula at the kernel's border leaves a sum other than 0, which would respond
    // to flat areas.
    let mean = raw.sum() / raw.len() as f64;
    raw - mean
}

#[cfg(test)]
mod tests {
    use super::super::testing::{named, rotated};
    use super::*;

    #[test]
    fn derivatives_along_x_rise_to_the_right_and_along_y_downwards() {
        for name in ["sobel", "prewitt", "scharr"] {
            let x = named(&format!("{name}_x"), &[]);
            let y = named(&format!("{name}_y"), &[]);
            assert_eq!(x.t(), y);
            assert_eq!(rotated(&x), -&x);
            let on_ramp: f64 = x
                .indexed_iter()
                .map(|((_, column), weight)| weight * column as f64)
                .sum();
            assert!(on_ramp > 0.0, "{name}_x");
        }
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
}
