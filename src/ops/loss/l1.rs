//! Mean absolute error.

use ndarray::{ArrayD, ArrayViewD};

use crate::error::Result;
use crate::math::real::Real;
use crate::ops::loss::{Reduction, elementwise};

const OPERATOR: &str = "l1Loss";

/// |input − target|, reduced; computed in `f64`.
///
/// # Shapes
/// `input` and `target` of the same shape. Returns a scalar (rank 0), or that shape without
/// reduction.
///
/// # Errors
/// [`crate::error::Error::ShapeMismatch`] if the shapes differ;
/// [`crate::error::Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Goodfellow, Bengio and Courville, Deep Learning (2016), section 6.2.1.2; PyTorch's `l1_loss`.
pub fn l1_loss<F: Real>(
    input: ArrayViewD<F>,
    target: ArrayViewD<F>,
    reduction: Reduction,
) -> Result<ArrayD<F>> {
    elementwise::forward(OPERATOR, &input, &target, reduction, |x, target| {
        (x - target).abs()
    })
}

/// The gradient of [`l1_loss`] with respect to its input: the sign of the difference, 0 where it is
/// 0.
///
/// # Shapes
/// `d_output` has the shape of the loss; returns the input's shape.
///
/// # Errors
/// As [`l1_loss`].
pub fn l1_loss_backward<F: Real>(
    input: ArrayViewD<F>,
    target: ArrayViewD<F>,
    d_output: ArrayViewD<F>,
    reduction: Reduction,
) -> Result<ArrayD<F>> {
    elementwise::backward(
        OPERATOR,
        &input,
        &target,
        &d_output,
        reduction,
        |x, target| sign(x - target),
    )
}

/// −1, 0 or 1; NaN for NaN.
fn sign(difference: f64) -> f64 {
    if difference == 0.0 {
        0.0
    } else {
        difference.signum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{arr0, array};

    #[test]
    fn differences_count_by_their_size() {
        let (input, target) = (
            array![1.0, 5.0, 2.0].into_dyn(),
            array![2.0, 2.0, 2.0].into_dyn(),
        );
        let loss = |reduction| l1_loss(input.view(), target.view(), reduction).unwrap();
        assert_eq!(loss(Reduction::None), array![1.0, 3.0, 0.0].into_dyn());
        assert_eq!(loss(Reduction::Sum), arr0(4.0).into_dyn());
        let d_output = array![10.0, 100.0, 1000.0].into_dyn();
        let (input, target) = (input.view(), target.view());
        let gradient = l1_loss_backward(input, target, d_output.view(), Reduction::None);
        assert_eq!(gradient.unwrap(), array![-10.0, 100.0, 0.0].into_dyn());
    }

    #[test]
    fn shapes_that_differ_are_refused_and_the_mean_of_nothing_is_nan() {
        let (two, three) = (ArrayD::<f32>::zeros(vec![2]), ArrayD::zeros(vec![3]));
        assert!(l1_loss(two.view(), three.view(), Reduction::Sum).is_err());
        let one = arr0(1.0).into_dyn();
        assert!(l1_loss_backward(two.view(), three.view(), one.view(), Reduction::Sum).is_err());
        assert!(l1_loss_backward(two.view(), two.view(), three.view(), Reduction::None).is_err());
        let empty = ArrayD::<f32>::zeros(vec![0, 3]);
        let mean = l1_loss(empty.view(), empty.view(), Reduction::Mean).unwrap();
        assert!(mean.first().unwrap().is_nan());
    }
}
