//! Binary cross-entropy of logits.

use ndarray::{ArrayD, ArrayViewD};

use crate::error::Result;
use crate::math::elementary::{exp, ln_1p, sigmoid};
use crate::math::real::Real;
use crate::ops::loss::{Reduction, elementwise};

const OPERATOR: &str = "binaryCrossEntropy";

/// −target · ln σ(input) − (1 − target) · ln(1 − σ(input)), reduced.
///
/// Computed in `f64` as max(x, 0) − x · target + ln(1 + e^−|x|), which neither overflows nor takes
/// the logarithm of 0. Targets are probabilities, but any number is accepted, as in PyTorch.
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
/// Goodfellow, Bengio and Courville, Deep Learning (2016), equation 6.25; PyTorch's
/// `binary_cross_entropy_with_logits`.
pub fn binary_cross_entropy<F: Real>(
    input: ArrayViewD<F>,
    target: ArrayViewD<F>,
    reduction: Reduction,
) -> Result<ArrayD<F>> {
    elementwise::forward(OPERATOR, &input, &target, reduction, |x, target| {
        let positive = if x < 0.0 { 0.0 } else { x };
        positive - x * target + ln_1p(exp(-x.abs()))
    })
}

/// The gradient of [`binary_cross_entropy`] with respect to its input:
/// σ(input) − target.
///
/// # Shapes
/// `d_output` has the shape of the loss; returns the input's shape.
///
/// # Errors
/// As [`binary_cross_entropy`].
pub fn binary_cross_entropy_backward<F: Real>(
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
        |x, target| sigmoid(x) - target,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{arr0, array};

    #[test]
    fn a_logit_of_0_costs_ln_2_and_large_wrong_logits_cost_their_size() {
        let input = array![0.0_f32, 1000.0, -1000.0, -1000.0].into_dyn();
        let target = array![1.0, 0.0, 1.0, 0.0].into_dyn();
        let (input, target) = (input.view(), target.view());
        let loss = binary_cross_entropy(input.view(), target.view(), Reduction::None).unwrap();
        let expected = array![std::f32::consts::LN_2, 1000.0, 1000.0, 0.0];
        assert_eq!(loss, expected.into_dyn());
        let one = arr0(1.0).into_dyn();
        let gradient = binary_cross_entropy_backward(input, target, one.view(), Reduction::Sum);
        assert_eq!(gradient.unwrap(), array![-0.5, 1.0, -1.0, 0.0].into_dyn());
    }

    #[test]
    fn shapes_that_differ_are_refused_and_the_mean_of_nothing_is_nan() {
        let (two, three) = (ArrayD::<f32>::zeros(vec![2]), ArrayD::zeros(vec![3]));
        assert!(binary_cross_entropy(two.view(), three.view(), Reduction::Sum).is_err());
        let one = arr0(1.0).into_dyn();
        assert!(
            binary_cross_entropy_backward(two.view(), three.view(), one.view(), Reduction::Sum)
                .is_err()
        );
        assert!(
            binary_cross_entropy_backward(two.view(), two.view(), three.view(), Reduction::None)
                .is_err()
        );
        let empty = ArrayD::<f32>::zeros(vec![0, 3]);
        let mean = binary_cross_entropy(empty.view(), empty.view(), Reduction::Mean).unwrap();
        assert!(mean.first().unwrap().is_nan());
    }
}
