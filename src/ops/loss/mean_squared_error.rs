//! Mean squared error, the standard loss of regression.

use ndarray::{ArrayD, ArrayViewD};

use crate::error::Result;
use crate::math::real::Real;
use crate::ops::loss::{Reduction, elementwise};

const OPERATOR: &str = "meanSquaredError";

/// (input − target)², reduced; computed in `f64`.
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
/// Goodfellow, Bengio and Courville, Deep Learning (2016), equation 5.4; PyTorch's `mse_loss`.
pub fn mean_squared_error<F: Real>(
    input: ArrayViewD<F>,
    target: ArrayViewD<F>,
    reduction: Reduction,
) -> Result<ArrayD<F>> {
    elementwise::forward(OPERATOR, &input, &target, reduction, |x, target| {
        (x - target) * (x - target)
    })
}

/// The gradient of [`mean_squared_error`] with respect to its input: twice the difference.
///
/// # Shapes
/// `d_output` has the shape of the loss; returns the input's shape.
///
/// # Errors
/// As [`mean_squared_error`].
pub fn mean_squared_error_backward<F: Real>(
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
        |x, target| 2.0 * (x - target),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{arr0, array};

    #[test]
    fn differences_count_by_their_squares() {
        let (input, target) = (array![1.0, 5.0].into_dyn(), array![2.0, 2.0].into_dyn());
        let loss = |reduction| mean_squared_error(input.view(), target.view(), reduction).unwrap();
        assert_eq!(loss(Reduction::None), array![1.0, 9.0].into_dyn());
        assert_eq!(loss(Reduction::Sum), arr0(10.0).into_dyn());
        assert_eq!(loss(Reduction::Mean), arr0(5.0).into_dyn());
        let one = arr0(1.0).into_dyn();
        let (input, target) = (input.view(), target.view());
        let gradient = mean_squared_error_backward(input, target, one.view(), Reduction::Mean);
        assert_eq!(gradient.unwrap(), array![-1.0, 3.0].into_dyn());
    }

    #[test]
    fn shapes_that_differ_are_refused_and_the_mean_of_nothing_is_nan() {
        let (two, three) = (ArrayD::<f32>::zeros(vec![2]), ArrayD::zeros(vec![3]));
        assert!(mean_squared_error(two.view(), three.view(), Reduction::Sum).is_err());
        let one = arr0(1.0).into_dyn();
        assert!(
            mean_squared_error_backward(two.view(), three.view(), one.view(), Reduction::Sum)
                .is_err()
        );
        assert!(
            mean_squared_error_backward(two.view(), two.view(), three.view(), Reduction::None)
                .is_err()
        );
        let empty = ArrayD::<f32>::zeros(vec![0, 3]);
        let mean = mean_squared_error(empty.view(), empty.view(), Reduction::Mean).unwrap();
        assert!(mean.first().unwrap().is_nan());
    }
}
