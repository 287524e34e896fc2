//! Adamax.

use serde::Deserialize;

use crate::error::Result;
use crate::math::real::Real;
use crate::train::rules::adam::check_betas;
use crate::train::rules::rule::{Rule, Step, check_epsilon, for_each, maximum, running_mean};

/// Adamax: m ← β₁ m + (1 − β₁) g, u ← max(β₂ u, |g| + ε), p ← p − η / (1 − β₁ᵗ) · m / u, with t
/// counting steps from 1.
///
/// # Source
/// Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 2, without ε.
/// PyTorch is followed, which adds ε to |g|; TensorFlow adds it to u when dividing.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Adamax {
    /// β₁ and β₂, in [0, 1): the parts of m and u that survive a step.
    pub betas: [f64; 2],
    /// ε, 0 or more: keeps the division finite.
    pub epsilon: f64,
}

impl Default for Adamax {
    fn default() -> Self {
        Adamax {
            betas: [0.9, 0.999],
            epsilon: 1e-8,
        }
    }
}

impl Rule for Adamax {
    fn check(&self) -> Result<()> {
        check_betas(self.betas)?;
        check_epsilon(self.epsilon)
    }

    fn slots(&self) -> &'static [&'static str] {
        &["mean", "largest"]
    }

    fn update<F: Real>(&self, step: &Step, values: &mut [F], gradient: &[F], state: &mut [Vec<F>]) {
        let [beta_mean, beta_largest] = self.betas;
        let rate = F::of(step.learning_rate / step.bias_correction(beta_mean));
        let (decay, epsilon) = (F::of(beta_largest), F::of(self.epsilon));
        for_each(
            values,
            gradient,
            state,
            |value, gradient, [mean, largest]| {
                *mean = running_mean(*mean, gradient, beta_mean);
                *largest = maximum(decay * *largest, gradient.abs() + epsilon);
                *value -= rate * *mean / *largest;
            },
        );
    }
}
