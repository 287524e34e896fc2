//! Gradient clipping.

use ndarray::ArrayD;
use serde::Deserialize;

use crate::error::Result;
use crate::error::range::{LIMIT, check_finite_range};
use crate::math::real::Real;

const OPERATOR: &str = "clipGradients";

/// How gradients are kept from growing too large.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Clipping {
    /// Scales all gradients together so that their common norm is at most `limit`.
    Norm {
        /// 0 or more.
        limit: f64,
    },
    /// Limits every value to plus or minus `limit`.
    Value {
        /// 0 or more.
        limit: f64,
    },
}

impl Clipping {
    /// # Errors
    /// [`NotFinite`](crate::error::Error::NotFinite) or
    /// [`OutOfRange`](crate::error::Error::OutOfRange) for a limit outside 0 to 10⁶.
    pub(crate) fn check(self) -> Result<()> {
        let (Clipping::Norm { limit } | Clipping::Value { limit }) = self;
        check_finite_range(OPERATOR, "limit", [0.0, LIMIT], limit)
    }
}

/// The Euclidean norm of all `grads` together: the root of the sum of the squares of all values of
/// all arrays, summed in `f64`.
pub fn gradient_norm<F: Real>(grads: &[ArrayD<F>]) -> f64 {
    let squares = grads
        .iter()
        .flatten()
        .map(|value| value.as_f64() * value.as_f64());
    squares.sum::<f64>().sqrt()
}

/// Clips `grads` in place and returns their [`gradient_norm`] before.
///
/// NaN stays NaN. If the norm is NaN or infinite, clipping by norm leaves no gradient usable, as
/// in PyTorch: the returned norm tells.
///
/// # Errors
/// [`NotFinite`](crate::error::Error::NotFinite) or
/// [`OutOfRange`](crate::error::Error::OutOfRange) for a limit outside 0 to 10⁶.
///
/// # Source
/// Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks",
/// ICML 2013, algorithm 1. As in PyTorch, 10⁻⁶ is added to the norm that is divided by, so that a
/// clipped gradient is a little shorter than the limit; TensorFlow adds nothing.
pub fn clip_gradients<F: Real>(grads: &mut [ArrayD<F>], clipping: Clipping) -> Result<f64> {
    clipping.check()?;
    let norm = gradient_norm(grads);
    match clipping {
        Clipping::Norm { limit } => {
            let factor = limit / (norm + 1e-6);
            if factor < 1.0 || factor.is_nan() {
                let factor = F::of(factor);
                grads
                    .iter_mut()
                    .flatten()
                    .for_each(|value| *value *= factor);
            }
        }
        Clipping::Value { limit } => {
            let limit = F::of(limit);
            grads.iter_mut().flatten().for_each(|value| {
                if *value > limit {
                    *value = limit;
                } else if *value < -limit {
                    *value = -limit;
                }
            });
        }
    }
    Ok(norm)
}

#[cfg(test)]
mod tests {
    use ndarray::arr1;

    use super::*;

    fn clipped(values: [f64; 2], clipping: Clipping) -> (f64, [f64; 2]) {
        let mut grads = [arr1(&values[..1]).into_dyn(), arr1(&values[1..]).into_dyn()];
        let norm = clip_gradients(&mut grads, clipping).unwrap();
        (norm, [grads[0][[0]], grads[1][[0]]])
    }

    #[test]
    fn the_norm_is_that_of_all_arrays_together() {
        let (norm, [a, b]) = clipped([3.0, -4.0], Clipping::Norm { limit: 1.0 });
        assert_eq!(norm, 5.0);
        let factor = 1.0 / (5.0 + 1e-6);
        assert_eq!([a, b], [3.0 * factor, -4.0 * factor]);
        assert_eq!(
            clipped([3.0, -4.0], Clipping::Norm { limit: 6.0 }),
            (5.0, [3.0, -4.0])
        );
    }

    #[test]
    fn values_are_limited_one_by_one() {
        assert_eq!(
            clipped([3.0, -4.0], Clipping::Value { limit: 3.5 }),
            (5.0, [3.0, -3.5])
        );
        assert_eq!(
            clipped([3.0, -4.0], Clipping::Value { limit: 0.0 }).1,
            [0.0, 0.0]
        );
    }

    #[test]
    fn broken_gradients_stay_visible() {
        let (norm, values) = clipped([f64::NAN, 1.0], Clipping::Norm { limit: 1.0 });
        assert!(norm.is_nan() && values.iter().all(|value| value.is_nan()));
        let (_, [nan, one]) = clipped([f64::NAN, 2.0], Clipping::Value { limit: 1.0 });
        assert!(nan.is_nan() && one == 1.0);
        let (norm, [infinite, zero]) = clipped([f64::INFINITY, 1.0], Clipping::Norm { limit: 1.0 });
        assert!(norm == f64::INFINITY && infinite.is_nan() && zero == 0.0);
    }

    #[test]
    fn no_gradient_has_no_norm_and_a_bad_limit_is_refused() {
        assert_eq!(
            clip_gradients::<f32>(&mut [], Clipping::Norm { limit: 1.0 }),
            Ok(0.0)
        );
        for limit in [-1.0, f64::NAN, f64::INFINITY] {
            assert!(clip_gradients::<f32>(&mut [], Clipping::Norm { limit }).is_err());
            assert!(clip_gradients::<f32>(&mut [], Clipping::Value { limit }).is_err());
        }
    }
}
