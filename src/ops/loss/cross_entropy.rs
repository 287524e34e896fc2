//! Cross-entropy of class logits, the standard loss of classification.

use ndarray::{ArrayD, ArrayView1, ArrayViewD};

use crate::error::{Result, check_range};
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::loss::Reduction;
use crate::ops::loss::classes::{IGNORE_INDEX, Samples};
use crate::ops::shape::values;
use crate::ops::softmax::{log_softmax_lane, softmax_lane};

const OPERATOR: &str = "crossEntropy";

/// Label smoothing, the ignored class and the reduction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CrossEntropyOptions {
    /// Part of the target's probability that is spread evenly over all classes, 0 to 1.
    pub label_smoothing: f64,
    /// Samples with this target have loss 0 and do not count in the mean; −100 by default, as in
    /// PyTorch. `None` ignores none.
    pub ignore_index: Option<i32>,
    /// How the losses of the samples are reduced.
    pub reduction: Reduction,
}

impl Default for CrossEntropyOptions {
    fn default() -> Self {
        CrossEntropyOptions {
            label_smoothing: 0.0,
            ignore_index: Some(IGNORE_INDEX),
            reduction: Reduction::default(),
        }
    }
}

/// −ln softmax(`input`)\[target\] of each sample, reduced: the softmax is part of the loss.
///
/// With class weights w and label smoothing s over K classes, a sample costs
/// −(1 − s) · w\[target\] · ln p\[target\] − s / K · Σ w · ln p; the mean divides by the sum of the
/// weights of the targets. Computed and summed in `f64`.
///
/// # Shapes
/// `input` `[n, c, ...]`, logits; `target` `[n, ...]`, class indices; `weights` `[c]`, by
/// default 1. Returns a scalar (rank 0), or the target's shape without reduction.
///
/// # Errors
/// [`crate::error::Error::ShapeMismatch`] if the shapes do not match;
/// [`crate::error::Error::OutOfRange`] for a target that is not a class, or the label smoothing;
/// [`crate::error::Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Goodfellow, Bengio and Courville, Deep Learning (2016), equation 6.30; label smoothing of
/// Szegedy et al., arXiv:1512.00567, section 7; weights as PyTorch's `cross_entropy`.
///
/// # Examples
/// Two classes with equal logits: the loss is ln 2.
/// ```
/// use cnn_playground::{CrossEntropyOptions, cross_entropy};
/// use ndarray::array;
///
/// let logits = array![[3.0_f32, 3.0]].into_dyn(); // [n, c]
/// let target = array![1].into_dyn(); // [n]
/// let options = CrossEntropyOptions::default();
/// let loss = cross_entropy(logits.view(), target.view(), None, &options)?;
/// assert_eq!(loss.first(), Some(&std::f32::consts::LN_2));
/// # Ok::<(), cnn_playground::Error>(())
/// ```
pub fn cross_entropy<F: Real>(
    input: ArrayViewD<F>,
    target: ArrayViewD<i32>,
    weights: Option<ArrayView1<F>>,
    options: &CrossEntropyOptions,
) -> Result<ArrayD<F>> {
    let samples = check(&input, &target, weights, options)?;
    let input = values(&input);
    let losses = samples.targets.iter().enumerate().map(|(idx, &target)| {
        let Some(target) = target else { return 0.0 };
        let mut log_probabilities = samples.lane(&input, idx);
        log_softmax_lane(&mut log_probabilities);
        let shares = shares(&samples.weights, target, options.label_smoothing);
        let terms = shares.zip(log_probabilities);
        // A class with share 0 costs nothing, even if its probability is 0.
        let costs = terms.filter(|&(share, _)| share != 0.0);
        -costs.map(|(share, log)| share * log).sum::<f64>()
    });
    let divisor = samples.total_weight();
    Ok(options.reduction.apply(&samples.shape, losses, divisor))
}

/// The gradient of [`cross_entropy`] with respect to its input: without weights and smoothing,
/// softmax − 1 at the target and softmax elsewhere.
///
/// # Shapes
/// `d_output` has the shape of the loss; returns the input's shape.
///
/// # Errors
/// As [`cross_entropy`].
pub fn cross_entropy_backward<F: Real>(
    input: ArrayViewD<F>,
    target: ArrayViewD<i32>,
    weights: Option<ArrayView1<F>>,
    d_output: ArrayViewD<F>,
    options: &CrossEntropyOptions,
) -> Result<ArrayD<F>> {
    let samples = check(&input, &target, weights, options)?;
    let divisor = samples.total_weight();
    let gradients = options
        .reduction
        .spread(OPERATOR, &samples.shape, &d_output, divisor)?;
    let input_values = values(&input);
    let mut d_input = vec![F::zero(); input.len()];
    for ((idx, &target), d) in samples.targets.iter().enumerate().zip(gradients) {
        let Some(target) = target else { continue };
        let mut probabilities = samples.lane(&input_values, idx);
        softmax_lane(&mut probabilities);
        let shares = || shares(&samples.weights, target, options.label_smoothing);
        let total = shares().sum::<f64>();
        for (class, (share, probability)) in shares().zip(probabilities).enumerate() {
            d_input[samples.index_of(idx, class)] = F::of(d * (probability * total - share));
        }
    }
    Ok(shaped(input.shape(), d_input))
}

fn check<F: Real>(
    input: &ArrayViewD<F>,
    target: &ArrayViewD<i32>,
    weights: Option<ArrayView1<F>>,
    options: &CrossEntropyOptions,
) -> Result<Samples> {
    check_range(
        OPERATOR,
        "labelSmoothing",
        [0.0, 1.0],
        options.label_smoothing,
    )?;
    Samples::new(OPERATOR, input, target, weights, options.ignore_index)
}

/// The weight of each class's −ln p in the loss of a sample of class `target`.
fn shares(weights: &[f64], target: usize, smoothing: f64) -> impl Iterator<Item = f64> {
    let even = smoothing / weights.len() as f64;
    weights.iter().enumerate().map(move |(class, weight)| {
        let own = if class == target {
            1.0 - smoothing
        } else {
            0.0
        };
        weight * (own + even)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{Array1, arr0, array};

    fn options(label_smoothing: f64, reduction: Reduction) -> CrossEntropyOptions {
        CrossEntropyOptions {
            label_smoothing,
            ignore_index: Some(-1),
            reduction,
        }
    }

    #[test]
    fn equal_logits_of_k_classes_cost_ln_k_with_any_smoothing() {
        let (input, target) = (ArrayD::<f64>::zeros(vec![2, 4]), array![1, 3].into_dyn());
        for smoothing in [0.0, 0.3, 1.0] {
            let options = options(smoothing, Reduction::Mean);
            let loss = cross_entropy(input.view(), target.view(), None, &options).unwrap();
            assert!((loss.first().unwrap() - 4.0_f64.ln()).abs() < 1e-15);
        }
    }

    #[test]
    fn the_gradient_is_softmax_minus_the_smoothed_target_and_0_where_ignored() {
        let (input, target) = (ArrayD::<f64>::zeros(vec![2, 4]), array![1, -1].into_dyn());
        let two = arr0(2.0).into_dyn();
        let options = options(0.5, Reduction::Mean);
        let gradient =
            cross_entropy_backward(input.view(), target.view(), None, two.view(), &options);
        let expected = array![[0.25, -0.75, 0.25, 0.25], [0.0, 0.0, 0.0, 0.0]];
        assert_eq!(gradient.unwrap(), expected.into_dyn());
    }

    #[test]
    fn the_target_of_pytorch_for_no_class_is_ignored_by_default() {
        // torch.nn.functional.cross_entropy(torch.zeros(2, 4), torch.tensor([1, -100])) is ln 4.
        let (input, target) = (ArrayD::<f64>::zeros(vec![2, 4]), array![1, -100].into_dyn());
        let (options, one) = (CrossEntropyOptions::default(), arr0(1.0).into_dyn());
        let loss = cross_entropy(input.view(), target.view(), None, &options).unwrap();
        assert!((loss.first().unwrap() - 4.0_f64.ln()).abs() < 1e-15);
        let gradient =
            cross_entropy_backward(input.view(), target.view(), None, one.view(), &options);
        let expected = array![[0.25, -0.75, 0.25, 0.25], [0.0, 0.0, 0.0, 0.0]];
        assert_eq!(gradient.unwrap(), expected.into_dyn());
        let none = CrossEntropyOptions {
            ignore_index: None,
            ..options
        };
        assert!(cross_entropy(input.view(), target.view(), None, &none).is_err());
    }

    #[test]
    fn distant_logits_cost_their_distance_and_a_certain_answer_costs_nothing() {
        let input = array![[0.0_f32, 1000.0], [0.0, f32::NEG_INFINITY]].into_dyn();
        let target = array![0, 0].into_dyn();
        let options = options(0.0, Reduction::None);
        let loss = cross_entropy(input.view(), target.view(), None, &options).unwrap();
        assert_eq!(loss, array![1000.0, 0.0].into_dyn());
    }

    #[test]
    fn bad_smoothing_shapes_and_targets_are_refused() {
        let input = ArrayD::<f32>::zeros(vec![1, 3]);
        let (first, third) = (array![0].into_dyn(), array![3].into_dyn());
        let run = |target: &ArrayD<i32>, weights: Option<&Array1<f32>>, smoothing| {
            let options = options(smoothing, Reduction::Mean);
            let weights = weights.map(|weights| weights.view());
            cross_entropy(input.view(), target.view(), weights, &options)
        };
        assert!(run(&first, None, 0.0).is_ok());
        assert!(run(&third, None, 0.0).is_err());
        assert!(run(&first, Some(&Array1::ones(2)), 0.0).is_err());
        for smoothing in [-0.1, 1.1, f64::NAN] {
            assert!(run(&first, None, smoothing).is_err());
        }
        let two = array![1.0_f32, 2.0].into_dyn();
        let none = options(0.0, Reduction::None);
        assert!(
            cross_entropy_backward(input.view(), first.view(), None, two.view(), &none).is_err()
        );
    }
}
