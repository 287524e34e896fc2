//! What every optimiser's update rule has in common.

use crate::error::Result;
use crate::error::range::{LIMIT, check_finite_range};
use crate::math::real::Real;

pub(crate) const OPERATOR: &str = "Optimizer";

/// The update rule of one optimiser.
pub(crate) trait Rule {
    /// Refuses options out of their range.
    fn check(&self) -> Result<()>;

    /// The running quantities kept for every parameter value, by name.
    fn slots(&self) -> &'static [&'static str];

    /// What the running quantities start with.
    fn initial(&self) -> f64 {
        0.0
    }

    /// Moves the values of one parameter against their `gradient`; `state` has one array per slot.
    fn update<F: Real>(&self, step: &Step, values: &mut [F], gradient: &[F], state: &mut [Vec<F>]);
}

/// The scalars of one step, in `f64` whatever the parameters are.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Step {
    /// Steps taken, this one included.
    pub count: u64,
    pub learning_rate: f64,
    /// NAdam's product of all momenta, this step's included.
    pub momentum_product: f64,
}

impl Step {
    /// 1 − `beta`ᵗ: the weight that a running mean with decay `beta` has gathered after t steps.
    pub fn bias_correction(&self, beta: f64) -> f64 {
        1.0 - power(beta, self.count)
    }
}

/// Calls `update` with each value, its gradient and its N running quantities.
#[expect(
    clippy::expect_used,
    reason = "the optimizer makes and restores one array per slot, as long as the parameter"
)]
pub(crate) fn for_each<const N: usize, F: Real>(
    values: &mut [F],
    gradient: &[F],
    state: &mut [Vec<F>],
    mut update: impl FnMut(&mut F, F, [&mut F; N]),
) {
    let state: &mut [Vec<F>; N] = state.try_into().expect("one array per slot");
    // Seen to be of one length, they are visited four values at a time.
    let len = values.len();
    let mut state = state.each_mut().map(|slot| &mut slot[..len]);
    for (value_idx, (value, &gradient)) in values.iter_mut().zip(&gradient[..len]).enumerate() {
        let slots = state.each_mut().map(|slot| &mut slot[value_idx]);
        update(value, gradient, slots);
    }
}

/// `decay` · `mean` + (1 − `decay`) · `value`
pub(crate) fn running_mean<F: Real>(mean: F, value: F, decay: f64) -> F {
    F::of(decay) * mean + F::of(1.0 - decay) * value
}

/// The larger of two numbers; NaN if one is, unlike `f32::max`, so that a broken gradient shows.
pub(crate) fn maximum<F: Real>(a: F, b: F) -> F {
    if a > b || a.is_nan() { a } else { b }
}

/// `base` to a whole power by squaring: only products, so the same bits on every platform.
pub(crate) fn power(base: f64, exponent: u64) -> f64 {
    let (mut product, mut square, mut left) = (1.0, base, exponent);
    while left > 0 {
        if left % 2 == 1 {
            product *= square;
        }
        square *= square;
        left /= 2;
    }
    product
}

/// Refuses an epsilon that is negative or absurdly large.
pub(crate) fn check_epsilon(epsilon: f64) -> Result<()> {
    check_finite_range(OPERATOR, "epsilon", [0.0, LIMIT], epsilon)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_are_those_of_repeated_multiplication() {
        assert_eq!(power(0.5, 0), 1.0);
        assert_eq!(power(0.5, 13), 0.5_f64.powi(13));
        let repeated = (0..1000).fold(1.0, |product, _| product * 0.999);
        assert!((power(0.999, 1000) - repeated).abs() < 1000.0 * f64::EPSILON);
        assert_eq!(power(0.9, u64::MAX), 0.0);
    }

    #[test]
    fn the_maximum_keeps_nan() {
        assert_eq!(maximum(1.0, 2.0), 2.0);
        assert_eq!(maximum(2.0, 1.0), 2.0);
        assert!(maximum(f64::NAN, 1.0).is_nan());
        assert!(maximum(1.0, f64::NAN).is_nan());
    }
}
