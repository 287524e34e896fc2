//! RMSProp.

use serde::Deserialize;

use crate::error::Result;
use crate::error::range::{BELOW_ONE, check_finite_range};
use crate::math::real::Real;
use crate::train::rules::rule::{OPERATOR, Rule, Step, check_epsilon, for_each, running_mean};

/// RMSProp: s ← α s + (1 − α) g², v ← μ v + g / (√s + ε), p ← p − η v.
///
/// The centred form divides by the root of the variance s − m² instead, with
/// m ← α m + (1 − α) g; rounding below 0 counts as 0, where PyTorch's root gives NaN.
///
/// # Source
/// Tieleman and Hinton, lecture 6.5 of "Neural Networks for Machine Learning", 2012; centred:
/// Graves, "Generating Sequences With Recurrent Neural Networks", 2013, equations 38 to 45.
/// PyTorch is followed: ε stands outside the root; in the second paper and in TensorFlow it stands
/// inside, and v contains the learning rate.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct RmsProp {
    /// α, in [0, 1): the part of the running means that survives a step.
    pub alpha: f64,
    /// μ, from 0 to 1.
    pub momentum: f64,
    /// Subtract the mean before measuring the size of the gradient.
    pub centered: bool,
    /// ε, 0 or more: keeps the division finite.
    pub epsilon: f64,
}

impl Default for RmsProp {
    fn default() -> Self {
        RmsProp {
            alpha: 0.99,
            momentum: 0.0,
            centered: false,
            epsilon: 1e-8,
        }
    }
}

impl Rule for RmsProp {
    fn check(&self) -> Result<()> {
        check_finite_range(OPERATOR, "alpha", [0.0, BELOW_ONE], self.alpha)?;
        check_finite_range(OPERATOR, "momentum", [0.0, 1.0], self.momentum)?;
        check_epsilon(self.epsilon)
    }

    fn slots(&self) -> &'static [&'static str] {
        if self.centered {
            &["squareMean", "velocity", "mean"]
        } else {
            &["squareMean", "velocity"]
        }
    }

    fn update<F: Real>(&self, step: &Step, values: &mut [F], gradient: &[F], state: &mut [Vec<F>]) {
        let rate = F::of(step.learning_rate);
        let (momentum, epsilon) = (F::of(self.momentum), F::of(self.epsilon));
        let square_mean =
            |mean: F, gradient: F| running_mean(mean, gradient * gradient, self.alpha);
        let advance = |value: &mut F, gradient: F, velocity: &mut F, variance: F| {
            let scaled = gradient / (variance.sqrt() + epsilon);
            // 0 · ∞ would keep a velocity broken for ever.
            *velocity = if self.momentum == 0.0 {
                scaled
            } else {
                momentum * *velocity + scaled
            };
            *value -= rate * *velocity;
        };
        if self.centered {
            for_each(
                values,
                gradient,
                state,
                |value, gradient, [square, velocity, mean]| {
                    *square = square_mean(*square, gradient);
                    *mean = running_mean(*mean, gradient, self.alpha);
                    let variance = *square - *mean * *mean;
                    let variance = if variance < F::zero() {
                        F::zero()
                    } else {
                        variance
                    };
                    advance(value, gradient, velocity, variance);
                },
            );
        } else {
            for_each(
                values,
                gradient,
                state,
                |value, gradient, [square, velocity]| {
                    *square = square_mean(*square, gradient);
                    advance(value, gradient, velocity, *square);
                },
            );
        }
    }
}
