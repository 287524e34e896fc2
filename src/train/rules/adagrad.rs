//! AdaGrad.

use serde::Deserialize;

use crate::error::Result;
use crate::error::range::{LIMIT, check_finite_range};
use crate::math::real::Real;
use crate::train::rules::rule::{OPERATOR, Rule, Step, check_epsilon, for_each};

/// AdaGrad: s ← s + g², p ← p − η / (1 + (t − 1) δ) · g / (√s + ε), with learning rate η, its
/// decay δ, and t counting steps from 1.
///
/// # Source
/// Duchi, Hazan and Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic
/// Optimization", JMLR 12, 2011, the diagonal form. PyTorch is followed: ε stands outside the
/// root and s starts at 0; in TensorFlow ε stands inside and s starts at 0.1.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Adagrad {
    /// δ, 0 or more: how fast the learning rate falls with the steps.
    pub learning_rate_decay: f64,
    /// What s starts with, 0 or more.
    pub initial_accumulator: f64,
    /// ε, 0 or more: keeps the division finite.
    pub epsilon: f64,
}

impl Default for Adagrad {
    fn default() -> Self {
        Adagrad {
            learning_rate_decay: 0.0,
            initial_accumulator: 0.0,
            epsilon: 1e-10,
        }
    }
}

impl Rule for Adagrad {
    fn check(&self) -> Result<()> {
        let at_least_0 = |name, value| check_finite_range(OPERATOR, name, [0.0, LIMIT], value);
        at_least_0("learningRateDecay", self.learning_rate_decay)?;
        at_least_0("initialAccumulator", self.initial_accumulator)?;
        check_epsilon(self.epsilon)
    }

    fn slots(&self) -> &'static [&'static str] {
        &["squareSum"]
    }

    fn initial(&self) -> f64 {
        self.initial_accumulator
    }

    fn update<F: Real>(&self, step: &Step, values: &mut [F], gradient: &[F], state: &mut [Vec<F>]) {
        let steps_before = (step.count - 1) as f64;
        let rate = F::of(step.learning_rate / (1.0 + steps_before * self.learning_rate_decay));
        let epsilon = F::of(self.epsilon);
        for_each(values, gradient, state, |value, gradient, [square_sum]| {
            *square_sum += gradient * gradient;
            *value -= rate * gradient / (square_sum.sqrt() + epsilon);
        });
    }
}
