//! NAdam.

use serde::Deserialize;

use crate::error::Result;
use crate::error::range::{LIMIT, check_finite_range};
use crate::math::elementary::pow;
use crate::math::real::Real;
use crate::train::rules::adam::check_betas;
use crate::train::rules::rule::{OPERATOR, Rule, Step, check_epsilon, for_each, running_mean};

/// NAdam, Adam with Nesterov's momentum: m and s as in [`Adam`](super::adam::Adam),
/// p ← p − η ((1 − μₜ) g / (1 − Πₜ) + μₜ₊₁ m / (1 − Πₜ₊₁)) / (√(s / (1 − β₂ᵗ)) + ε), where
/// μₜ = β₁ (1 − ½ · 0.96^(ψ t)) and Πₜ = μ₁ μ₂ ⋯ μₜ.
///
/// # Source
/// Dozat, "Incorporating Nesterov Momentum into Adam", ICLR workshop 2016, with the momentum's
/// schedule of PyTorch and TensorFlow.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Nadam {
    /// β₁ and β₂, in [0, 1): the parts of the running means that survive a step.
    pub betas: [f64; 2],
    /// ε, 0 or more: keeps the division finite.
    pub epsilon: f64,
    /// ψ, 0 or more: how fast the momentum grows towards β₁.
    pub momentum_decay: f64,
}

impl Default for Nadam {
    fn default() -> Self {
        Nadam {
            betas: [0.9, 0.999],
            epsilon: 1e-8,
            momentum_decay: 0.004,
        }
    }
}

impl Nadam {
    /// μₜ, the momentum of step `count`.
    pub(crate) fn momentum(&self, count: u64) -> f64 {
        self.betas[0] * (1.0 - 0.5 * pow(0.96, count as f64 * self.momentum_decay))
    }
}

impl Rule for Nadam {
    fn check(&self) -> Result<()> {
        check_betas(self.betas)?;
        check_finite_range(OPERATOR, "momentumDecay", [0.0, LIMIT], self.momentum_decay)?;
        check_epsilon(self.epsilon)
    }

    fn slots(&self) -> &'static [&'static str] {
        &["mean", "squareMean"]
    }

    fn update<F: Real>(&self, step: &Step, values: &mut [F], gradient: &[F], state: &mut [Vec<F>]) {
        let [beta_mean, beta_square] = self.betas;
        let (product, next) = (step.momentum_product, self.momentum(step.count + 1));
        let gradient_rate =
            F::of(step.learning_rate * (1.0 - self.momentum(step.count)) / (1.0 - product));
        let mean_rate = F::of(step.learning_rate * next / (1.0 - product * next));
        let correction = F::of(step.bias_correction(beta_square).sqrt());
        let epsilon = F::of(self.epsilon);
        for_each(
            values,
            gradient,
            state,
            |value, gradient, [mean, square]| {
                *mean = running_mean(*mean, gradient, beta_mean);
                *square = running_mean(*square, gradient * gradient, beta_square);
                let divisor = square.sqrt() / correction + epsilon;
                *value -= (gradient_rate * gradient + mean_rate * *mean) / divisor;
            },
        );
    }
}
