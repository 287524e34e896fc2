//! Adam and AMSGrad; AdamW is Adam with decoupled weight decay.

use serde::Deserialize;

use crate::error::Result;
use crate::error::range::{BELOW_ONE, check_finite_range};
use crate::math::real::Real;
use crate::train::rules::rule::{
    OPERATOR, Rule, Step, check_epsilon, for_each, maximum, running_mean,
};

/// Adam: m ← β₁ m + (1 − β₁) g, s ← β₂ s + (1 − β₂) g²,
/// p ← p − η · m / (1 − β₁ᵗ) / (√(s / (1 − β₂ᵗ)) + ε), with t counting steps from 1.
///
/// AMSGrad puts the largest s so far in the place of s. AdamW is this rule with decoupled weight
/// decay, see [`Regularization`](crate::train::regularization::Regularization).
///
/// # Source
/// Kingma and Ba, "Adam: A Method for Stochastic Optimization", ICLR 2015, algorithm 1, as PyTorch
/// does; TensorFlow adds ε to √s before the correction ("epsilon hat", end of section 2).
/// AMSGrad: Reddi, Kale and Kumar, "On the Convergence of Adam and Beyond", ICLR 2018, algorithm 2;
/// PyTorch is followed, which corrects the bias of the largest s, where the paper corrects none.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Adam {
    /// β₁ and β₂, in [0, 1): the parts of the running means that survive a step.
    pub betas: [f64; 2],
    /// ε, 0 or more: keeps the division finite.
    pub epsilon: f64,
    /// AMSGrad: never let the divisor shrink.
    pub amsgrad: bool,
}

impl Default for Adam {
    fn default() -> Self {
        Adam {
            betas: [0.9, 0.999],
            epsilon: 1e-8,
            amsgrad: false,
        }
    }
}

impl Rule for Adam {
    fn check(&self) -> Result<()> {
        check_betas(self.betas)?;
        check_epsilon(self.epsilon)
    }

    fn slots(&self) -> &'static [&'static str] {
        if self.amsgrad {
            &["mean", "squareMean", "squareMeanMax"]
        } else {
            &["mean", "squareMean"]
        }
    }

    fn update<F: Real>(&self, step: &Step, values: &mut [F], gradient: &[F], state: &mut [Vec<F>]) {
        let [beta_mean, beta_square] = self.betas;
        let rate = F::of(step.learning_rate / step.bias_correction(beta_mean));
        let correction = F::of(step.bias_correction(beta_square).sqrt());
        let epsilon = F::of(self.epsilon);
        let advance = |value: &mut F, mean: F, square: F| {
            *value -= rate * mean / (square.sqrt() / correction + epsilon);
        };
        if self.amsgrad {
            for_each(
                values,
                gradient,
                state,
                |value, gradient, [mean, square, largest]| {
                    *mean = running_mean(*mean, gradient, beta_mean);
                    *square = running_mean(*square, gradient * gradient, beta_square);
                    *largest = maximum(*largest, *square);
                    advance(value, *mean, *largest);
                },
            );
        } else {
            for_each(
                values,
                gradient,
                state,
                |value, gradient, [mean, square]| {
                    *mean = running_mean(*mean, gradient, beta_mean);
                    *square = running_mean(*square, gradient * gradient, beta_square);
                    advance(value, *mean, *square);
                },
            );
        }
    }
}

/// Refuses betas outside [0, 1).
pub(crate) fn check_betas(betas: [f64; 2]) -> Result<()> {
    betas
        .iter()
        .try_for_each(|&beta| check_finite_range(OPERATOR, "betas", [0.0, BELOW_ONE], beta))
}
