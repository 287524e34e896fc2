//! Weights from formulas.

use crate::kernel::Kernel;

/// `value(x, y)` at each weight of a square kernel, with the origin at its centre.
pub(super) fn sampled(size: usize, value: impl Fn(f64, f64) -> f64) -> Kernel {
    let center = (size / 2) as f64;
    Kernel::from_shape_fn((size, size), |(row, column)| {
        value(column as f64 - center, row as f64 - center)
    })
}

/// Sine and cosine of an angle in degrees, exact at the multiples of 90.
pub(super) fn sin_cos_degrees(degrees: f64) -> (f64, f64) {
    let quarters = (degrees / 90.0).round();
    let (sin, cos) = (degrees - 90.0 * quarters).to_radians().sin_cos();
    match quarters.rem_euclid(4.0) as u8 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filters::testing::near;

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
}
