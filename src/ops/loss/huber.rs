//! Huber's loss: quadratic near the target, linear far from it.

use ndarray::{ArrayD, ArrayViewD};

use crate::error::{Result, check_range};
use crate::math::real::Real;
use crate::ops::loss::{Reduction, elementwise};

const OPERATOR: &str = "huberLoss";

/// The threshold of Huber's loss and the reduction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HuberLossOptions {
    /// Difference at which the loss becomes linear.
    pub delta: f64,
    /// How the losses of the samples are reduced.
    pub reduction: Reduction,
}

impl Default for HuberLossOptions {
    fn default() -> Self {
        HuberLossOptions {
            delta: 1.0,
            reduction: Reduction::Mean,
        }
    }
}

/// Half the squared difference up to `delta`, and `delta` · (|difference| − `delta` / 2) beyond;
/// computed in `f64`.
///
/// # Shapes
/// `input` and `target` of the same shape. Returns a scalar (rank 0), or that shape without
/// reduction.
///
/// # Errors
/// [`crate::error::Error::OutOfRange`] for a delta that is negative or not finite;
/// [`crate::error::Error::ShapeMismatch`] if the shapes differ;
/// [`crate::error::Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Huber, Robust Estimation of a Location Parameter, Annals of Mathematical Statistics 35(1),
/// 1964; PyTorch's `huber_loss`.
pub fn huber_loss<F: Real>(
    input: ArrayViewD<F>,
    target: ArrayViewD<F>,
    options: &HuberLossOptions,
) -> Result<ArrayD<F>> {
    let HuberLossOptions { delta, reduction } = *options;
    check(delta)?;
    elementwise::forward(OPERATOR, &input, &target, reduction, |x, target| {
        let distance = (x - target).abs();
        if distance <= delta {
            0.5 * distance * distance
        } else {
            delta * (distance - 0.5 * delta)
        }
    })
}

/// The gradient of [`huber_loss`] with respect to its input: the difference, clamped to ±`delta`.
///
/// # Shapes
/// `d_output` has the shape of the loss; returns the input's shape.
///
/// # Errors
/// As [`huber_loss`].
pub fn huber_loss_backward<F: Real>(
    input: ArrayViewD<F>,
    target: ArrayViewD<F>,
    d_output: ArrayViewD<F>,
    options: &HuberLossOptions,
) -> Result<ArrayD<F>> {
    let HuberLossOptions { delta, reduction } = *options;
    check(delta)?;
    elementwise::backward(
        OPERATOR,
        &input,
        &target,
        &d_output,
        reduction,
        |x, target| (x - target).clamp(-delta, delta),
    )
}

fn check(delta: f64) -> Result<()> {
    check_range(OPERATOR, "delta", [0.0, f64::from(f32::MAX)], delta)
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{arr0, array};

    fn options(delta: f64, reduction: Reduction) -> HuberLossOptions {
        HuberLossOptions { delta, reduction }
    }

    #[test]
    fn the_loss_is_quadratic_inside_delta_and_linear_outside() {
        let (input, target) = (
            array![1.0, 7.0, -5.0].into_dyn(),
            array![0.0, 2.0, -5.0].into_dyn(),
        );
        let (input, target) = (input.view(), target.view());
        let none = options(2.0, Reduction::None);
        let loss = huber_loss(input.view(), target.view(), &none).unwrap();
        assert_eq!(loss, array![0.5, 8.0, 0.0].into_dyn());
        let d_output = arr0(3.0).into_dyn();
        let mean = options(2.0, Reduction::Mean);
        let gradient = huber_loss_backward(input, target, d_output.view(), &mean).unwrap();
        assert_eq!(gradient, array![1.0, 2.0, 0.0].into_dyn());
    }

    #[test]
    fn a_bad_delta_or_shape_is_refused_and_nan_propagates() {
        let (two, three) = (ArrayD::<f32>::zeros(vec![2]), ArrayD::zeros(vec![3]));
        for delta in [-1.0, f64::NAN, f64::INFINITY] {
            let options = options(delta, Reduction::Mean);
            assert!(huber_loss(two.view(), two.view(), &options).is_err());
            assert!(huber_loss_backward(two.view(), two.view(), two.view(), &options).is_err());
        }
        let sum = options(1.0, Reduction::Sum);
        assert!(huber_loss(two.view(), three.view(), &sum).is_err());
        let nan = ArrayD::from_elem(vec![2], f32::NAN);
        let loss = huber_loss(nan.view(), two.view(), &sum).unwrap();
        assert!(loss.first().unwrap().is_nan());
    }
}
