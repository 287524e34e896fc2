//! Adadelta.

use serde::Deserialize;

use crate::error::Result;
use crate::error::range::{BELOW_ONE, check_finite_range};
use crate::math::real::Real;
use crate::train::rules::rule::{OPERATOR, Rule, Step, check_epsilon, for_each, running_mean};

/// Adadelta: s ← ρ s + (1 − ρ) g², d = √(u + ε) / √(s + ε) · g, u ← ρ u + (1 − ρ) d²,
/// p ← p − η d.
///
/// # Source
/// Zeiler, "ADADELTA: An Adaptive Learning Rate Method", 2012, algorithm 1, which has no learning
/// rate: η = 1. PyTorch's default is followed, 1; TensorFlow's is 0.001.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Adadelta {
    /// ρ, in [0, 1): the part of the running means that survives a step.
    pub rho: f64,
    /// ε, 0 or more: keeps the division finite and starts the first step.
    pub epsilon: f64,
}

impl Default for Adadelta {
    fn default() -> Self {
        Adadelta {
            rho: 0.9,
            epsilon: 1e-6,
        }
    }
}

impl Rule for Adadelta {
    fn check(&self) -> Result<()> {
        check_finite_range(OPERATOR, "rho", [0.0, BELOW_ONE], self.rho)?;
        check_epsilon(self.epsilon)
    }

    fn slots(&self) -> &'static [&'static str] {
        &["squareMean", "squareUpdateMean"]
    }

    fn update<F: Real>(&self, step: &Step, values: &mut [F], gradient: &[F], state: &mut [Vec<F>]) {
        let (rate, epsilon) = (F::of(step.learning_rate), F::of(self.epsilon));
        for_each(
            values,
            gradient,
            state,
            |value, gradient, [square, square_update]| {
                *square = running_mean(*square, gradient * gradient, self.rho);
                let update =
                    (*square_update + epsilon).sqrt() / (*square + epsilon).sqrt() * gradient;
                *square_update = running_mean(*square_update, update * update, self.rho);
                *value -= rate * update;
            },
        );
    }
}
