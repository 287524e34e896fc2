//! Penalties on large parameters.

use crate::error::Result;
use crate::error::range::{LIMIT, check_finite_range};
use crate::math::real::Real;
use crate::train::rules::rule::OPERATOR;

/// Penalties on the size of the parameters p. The default is none.
///
/// L1 adds λ₁ sign(p) to the gradient, that of λ₁ Σ|p|; sign(0) = 0, a subgradient. Weight decay
/// adds λ₂ p, the gradient of ½ λ₂ Σp² (L2 regularisation); decoupled, it leaves the gradient alone
/// and shrinks the parameter itself: p ← (1 − η λ₂) p before the step of learning rate η.
///
/// For plain gradient descent both forms of decay are one; for all rules that keep running
/// quantities they differ.
///
/// # Source
/// Krogh and Hertz, "A Simple Weight Decay Can Improve Generalization", NIPS 1991; decoupled:
/// Loshchilov and Hutter, "Decoupled Weight Decay Regularization", ICLR 2019, algorithms 1 and 2,
/// scaled by the learning rate as in PyTorch's AdamW (in the paper only by a schedule's factor).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Regularization {
    /// λ₁, 0 or more.
    pub l1: f64,
    /// λ₂, 0 or more.
    pub weight_decay: f64,
    /// Shrink the parameters instead of adding to the gradients.
    pub decoupled: bool,
}

impl Regularization {
    pub(crate) fn check(&self) -> Result<()> {
        check_finite_range(OPERATOR, "l1", [0.0, LIMIT], self.l1)?;
        check_finite_range(OPERATOR, "weightDecay", [0.0, LIMIT], self.weight_decay)
    }

    /// Adds to `gradient` what the penalties on `values` contribute.
    pub(crate) fn add_to<F: Real>(&self, gradient: &mut [F], values: &[F]) {
        let (l1, l2) = (F::of(self.l1), F::of(self.weight_decay));
        if self.l1 != 0.0 {
            for (gradient, &value) in gradient.iter_mut().zip(values) {
                *gradient += l1 * sign(value);
            }
        }
        if self.weight_decay != 0.0 && !self.decoupled {
            for (gradient, &value) in gradient.iter_mut().zip(values) {
                *gradient += l2 * value;
            }
        }
    }

    /// Shrinks `values` if the decay is decoupled.
    pub(crate) fn shrink<F: Real>(&self, values: &mut [F], learning_rate: f64) {
        if self.decoupled && self.weight_decay != 0.0 {
            let factor = F::of(1.0 - learning_rate * self.weight_decay);
            values.iter_mut().for_each(|value| *value *= factor);
        }
    }
}

/// −1, 0 or 1; NaN stays.
fn sign<F: Real>(value: F) -> F {
    if value == F::zero() {
        F::zero()
    } else {
        value.signum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_penalties_add_their_gradients() {
        let both = Regularization {
            l1: 0.5,
            weight_decay: 0.25,
            decoupled: false,
        };
        let mut gradient = [1.0_f64; 4];
        both.add_to(&mut gradient, &[2.0, -2.0, 0.0, -0.0]);
        assert_eq!(gradient, [2.0, 0.0, 1.0, 1.0]);
        let mut values = [2.0_f64];
        both.shrink(&mut values, 0.1);
        assert_eq!(values, [2.0]);
    }

    #[test]
    fn decoupled_decay_shrinks_and_leaves_the_gradient() {
        let decoupled = Regularization {
            l1: 0.0,
            weight_decay: 0.5,
            decoupled: true,
        };
        let (mut gradient, mut values) = ([1.0_f64, 1.0], [4.0_f64, -4.0]);
        decoupled.add_to(&mut gradient, &values);
        decoupled.shrink(&mut values, 0.5);
        assert_eq!((gradient, values), ([1.0, 1.0], [3.0, -3.0]));
    }
}
