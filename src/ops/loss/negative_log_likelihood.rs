//! Negative log-likelihood of classes: cross-entropy from log-probabilities.

use ndarray::{ArrayD, ArrayView1, ArrayViewD};

use crate::error::Result;
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::loss::Reduction;
use crate::ops::loss::classes::{IGNORE_INDEX, Samples};
use crate::ops::shape::values;

const OPERATOR: &str = "negativeLogLikelihood";

/// The ignored class and the reduction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NegativeLogLikelihoodOptions {
    /// Samples with this target have loss 0 and do not count in the mean; −100 by default, as in
    /// PyTorch. `None` ignores none.
    pub ignore_index: Option<i32>,
    /// How the losses of the samples are reduced.
    pub reduction: Reduction,
}

impl Default for NegativeLogLikelihoodOptions {
    fn default() -> Self {
        NegativeLogLikelihoodOptions {
            ignore_index: Some(IGNORE_INDEX),
            reduction: Reduction::default(),
        }
    }
}

/// −`weights`\[target\] · `input`\[target\] of each sample, reduced; the mean divides by the sum of
/// the weights of the targets, as in PyTorch and ONNX. Sums are accumulated in `f64`.
///
/// # Shapes
/// `input` `[n, c, ...]`, log-probabilities; `target` `[n, ...]`, class indices; `weights` `[c]`,
/// by default 1. Returns a scalar (rank 0), or the target's shape without reduction.
///
/// # Errors
/// [`crate::error::Error::ShapeMismatch`] if the shapes do not match;
/// [`crate::error::Error::OutOfRange`] for a target that is not a class;
/// [`crate::error::Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Goodfellow, Bengio and Courville, Deep Learning (2016), equation 5.59; PyTorch's `nll_loss`.
pub fn negative_log_likelihood<F: Real>(
    input: ArrayViewD<F>,
    target: ArrayViewD<i32>,
    weights: Option<ArrayView1<F>>,
    options: &NegativeLogLikelihoodOptions,
) -> Result<ArrayD<F>> {
    let samples = Samples::new(OPERATOR, &input, &target, weights, options.ignore_index)?;
    let input = values(&input);
    let losses = samples.targets.iter().enumerate().map(|(idx, &target)| {
        target.map_or(0.0, |class| {
            -samples.weights[class] * input[samples.index_of(idx, class)].as_f64()
        })
    });
    let divisor = samples.total_weight();
    Ok(options.reduction.apply(&samples.shape, losses, divisor))
}

/// The gradient of [`negative_log_likelihood`] with respect to its input: −`weights`\[target\] at
/// the target, 0 elsewhere.
///
/// # Shapes
/// `d_output` has the shape of the loss; returns the input's shape.
///
/// # Errors
/// As [`negative_log_likelihood`].
pub fn negative_log_likelihood_backward<F: Real>(
    input: ArrayViewD<F>,
    target: ArrayViewD<i32>,
    weights: Option<ArrayView1<F>>,
    d_output: ArrayViewD<F>,
    options: &NegativeLogLikelihoodOptions,
) -> Result<ArrayD<F>> {
    let samples = Samples::new(OPERATOR, &input, &target, weights, options.ignore_index)?;
    let divisor = samples.total_weight();
    let gradients = options
        .reduction
        .spread(OPERATOR, &samples.shape, &d_output, divisor)?;
    let mut d_input = vec![F::zero(); input.len()];
    for ((idx, &target), d) in samples.targets.iter().enumerate().zip(gradients) {
        if let Some(class) = target {
            d_input[samples.index_of(idx, class)] = F::of(-samples.weights[class] * d);
        }
    }
    Ok(shaped(input.shape(), d_input))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Error;
    use ndarray::{arr0, array};

    fn options(reduction: Reduction) -> NegativeLogLikelihoodOptions {
        NegativeLogLikelihoodOptions {
            ignore_index: Some(-1),
            reduction,
        }
    }

    #[test]
    fn each_sample_costs_the_weighted_value_of_its_class() {
        // One sample of two classes at three positions.
        let input = array![[[-1.0, -2.0, -3.0], [-10.0, -20.0, -30.0]]].into_dyn();
        let (target, weights) = (array![[0, 1, -1]].into_dyn(), array![0.5, 2.0]);
        let weights = Some(weights.view());
        let loss = |reduction| {
            let (input, target) = (input.view(), target.view());
            negative_log_likelihood(input, target, weights, &options(reduction)).unwrap()
        };
        assert_eq!(loss(Reduction::None), array![[0.5, 40.0, 0.0]].into_dyn());
        assert_eq!(loss(Reduction::Sum), arr0(40.5).into_dyn());
        assert_eq!(loss(Reduction::Mean), arr0(40.5 / 2.5).into_dyn());
        let (input, target, five) = (input.view(), target.view(), arr0(5.0).into_dyn());
        let mean = options(Reduction::Mean);
        let gradient = negative_log_likelihood_backward(input, target, weights, five.view(), &mean);
        let expected = array![[[-1.0, 0.0, 0.0], [0.0, -4.0, 0.0]]];
        assert_eq!(gradient.unwrap(), expected.into_dyn());
    }

    #[test]
    fn the_target_of_pytorch_for_no_class_is_ignored_by_default() {
        let (input, target) = (array![[-1.0, -2.0], [-3.0, -4.0]], array![-100, 1]);
        let (input, target) = (input.into_dyn(), target.into_dyn());
        let options = NegativeLogLikelihoodOptions::default();
        let loss = negative_log_likelihood(input.view(), target.view(), None, &options);
        assert_eq!(loss.unwrap(), arr0(4.0).into_dyn());
    }

    #[test]
    fn bad_shapes_and_targets_are_refused() {
        let run = |shape: &[usize], target: &[i32]| {
            let input = ArrayD::<f32>::zeros(shape);
            let target = ndarray::aview1(target).into_dyn();
            negative_log_likelihood(input.view(), target, None, &Default::default())
        };
        assert!(run(&[3], &[0]).is_err());
        assert!(run(&[2, 3], &[0]).is_err());
        assert!(matches!(run(&[1, 3], &[3]), Err(Error::OutOfRange { .. })));
        assert!(run(&[1, 0], &[0]).is_err());
        assert!(run(&[1, 3], &[-1]).is_err());
        assert!(run(&[0, 3], &[]).unwrap().first().unwrap().is_nan());
    }
}
