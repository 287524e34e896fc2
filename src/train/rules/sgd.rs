//! Stochastic gradient descent, with momentum.

use serde::Deserialize;

use crate::error::range::check_finite_range;
use crate::error::{Error, Result};
use crate::math::real::Real;
use crate::train::rules::rule::{OPERATOR, Rule, Step, for_each};

/// Stochastic gradient descent: v ← μ v + (1 − τ) g, p ← p − η v, with learning rate η,
/// momentum μ, dampening τ and v = g at the first step. Without momentum p ← p − η g.
///
/// Nesterov's form steps along g + μ v instead of v.
///
/// # Source
/// Robbins and Monro, "A Stochastic Approximation Method", 1951; momentum: Polyak, "Some methods
/// of speeding up the convergence of iteration methods", 1964; Nesterov's form: Sutskever,
/// Martens, Dahl and Hinton, "On the importance of initialization and momentum in deep learning",
/// ICML 2013, equations 3 and 4. PyTorch's form is followed: the learning rate multiplies v. In
/// the paper and in TensorFlow v contains it, which differs once the rate changes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Deserialize)]
#[serde(default, rename_all = "camelCase", deny_unknown_fields)]
pub struct Sgd {
    /// μ, from 0 to 1: the part of the velocity that survives a step.
    pub momentum: f64,
    /// τ, from 0 to 1: the part of the gradient that does not enter the velocity.
    pub dampening: f64,
    /// Nesterov's form; needs a momentum and no dampening.
    pub nesterov: bool,
}

impl Rule for Sgd {
    fn check(&self) -> Result<()> {
        check_finite_range(OPERATOR, "momentum", [0.0, 1.0], self.momentum)?;
        check_finite_range(OPERATOR, "dampening", [0.0, 1.0], self.dampening)?;
        let conflict = |condition: &str| Error::WrongType {
            operator: OPERATOR,
            argument: "nesterov".into(),
            expected: format!("false {condition}"),
            got: "true".into(),
        };
        match self {
            Sgd {
                nesterov: false, ..
            } => Ok(()),
            Sgd { momentum: 0.0, .. } => Err(conflict("without momentum")),
            Sgd { dampening: 0.0, .. } => Ok(()),
            _ => Err(conflict("with dampening")),
        }
    }

    fn slots(&self) -> &'static [&'static str] {
        if self.momentum == 0.0 {
            &[]
        } else {
            &["velocity"]
        }
    }

    fn update<F: Real>(&self, step: &Step, values: &mut [F], gradient: &[F], state: &mut [Vec<F>]) {
        let rate = F::of(step.learning_rate);
        if self.momentum == 0.0 {
            return for_each(values, gradient, state, |value, gradient, []| {
                *value -= rate * gradient;
            });
        }
        let momentum = F::of(self.momentum);
        let undamped = F::of(1.0 - self.dampening);
        for_each(values, gradient, state, |value, gradient, [velocity]| {
            *velocity = if step.count == 1 {
                gradient
            } else {
                momentum * *velocity + undamped * gradient
            };
            *value -= rate
                * if self.nesterov {
                    gradient + momentum * *velocity
                } else {
                    *velocity
                };
        });
    }
}
