//! Corners and isolated points.

use super::line::LINES;
use super::{Family, Filter, Weights};

pub(super) const CORNER: Filter = Filter {
    name: "corner",
    family: Family::Corner,
    parameters: &[],
    definition: "[−1 0 1] down times [−1 0 1] across: 4 ∂²/∂x∂y by differences; 0 on straight horizontal and vertical edges",
    source: "Abramowitz and Stegun, Handbook of Mathematical Functions (1964), section 25.3; \
             part of the corner measure of Beaudet, Rotationally invariant image operators, \
             Proc. 4th Int. Joint Conf. on Pattern Recognition (1978), 579-583",
    weights: Weights::Fixed(&[&[1.0, 0.0, -1.0], &[0.0, 0.0, 0.0], &[-1.0, 0.0, 1.0]]),
};

pub(super) const POINT: Filter = Filter {
    name: "point",
    family: Family::Corner,
    parameters: &[],
    definition: "−laplacian_8; positive on bright points",
    source: LINES,
    weights: Weights::Fixed(&[&[-1.0, -1.0, -1.0], &[-1.0, 8.0, -1.0], &[-1.0, -1.0, -1.0]]),
};
