//! Stripes of one direction and width.

use super::parameter::{ANGLE, Parameter, SIGMA, SIZE, Values};
use super::sample::{sampled, sin_cos_degrees};
use super::{Family, Filter, Weights};
use crate::kernel::Kernel;

pub(super) const GABOR: Filter = Filter {
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
};

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

#[cfg(test)]
mod tests {
    use super::super::testing::{named, rotated};

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
            assert_eq!(at(180.0), rotated(&at(0.0)), "phase {phase}");
        }
        let even = named("gabor", &[]);
        assert_eq!(rotated(&even), even);
        let odd = named("gabor", &[("phase", -90.0)]);
        assert_eq!(rotated(&odd), -&odd);
        assert!(odd[[5, 6]] > 0.0, "as sobel_x, positive on the right");
    }
}
