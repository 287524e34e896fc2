//! The multi-class hinge loss of support vector machines.

use ndarray::{Array2, ArrayD, ArrayView1, ArrayView2, ArrayViewD};

use crate::error::{Result, check_range};
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::loss::Reduction;
use crate::ops::loss::classes::Samples;
use crate::ops::shape::values;

const OPERATOR: &str = "hingeLoss";

/// The margin and the reduction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HingeLossOptions {
    /// Margin by which the target's score must exceed another class's for that class to cost
    /// nothing.
    pub margin: f64,
    /// How the losses of the samples are reduced.
    pub reduction: Reduction,
}

impl Default for HingeLossOptions {
    fn default() -> Self {
        HingeLossOptions {
            margin: 1.0,
            reduction: Reduction::Mean,
        }
    }
}

/// Σ max(0, `margin` − input\[target\] + input\[other\]) over the other classes, divided by the
/// number of classes; computed in `f64`.
///
/// # Shapes
/// `input` `[n, c]`, scores; `target` `[n]`, class indices. Returns a scalar (rank 0), or `[n]`
/// without reduction.
///
/// # Errors
/// [`crate::error::Error::ShapeMismatch`] if the shapes do not match;
/// [`crate::error::Error::OutOfRange`] for a target that is not a class or a margin that is not
/// finite; [`crate::error::Error::TooLarge`] beyond the memory budget.
///
/// # Source
/// Weston and Watkins, Support Vector Machines for Multi-Class Pattern Recognition, ESANN 1999; the
/// division by the number of classes is as in PyTorch's `multi_margin_loss`.
pub fn hinge_loss<F: Real>(
    input: ArrayView2<F>,
    target: ArrayView1<i32>,
    options: &HingeLossOptions,
) -> Result<ArrayD<F>> {
    let input = input.into_dyn();
    let samples = check(&input, target, options)?;
    let input = values(&input);
    let losses = samples.targets.iter().enumerate().map(|(idx, &target)| {
        let scores = samples.lane(&input, idx);
        let excesses = excesses(&scores, target, options.margin);
        excesses.map(|(_, excess)| excess).sum::<f64>() / scores.len() as f64
    });
    let count = samples.targets.len() as f64;
    Ok(options.reduction.apply(&samples.shape, losses, count))
}

/// The gradient of [`hinge_loss`] with respect to its input: each class within the margin is pushed
/// down and the target class up; 0 exactly at the margin.
///
/// # Shapes
/// `d_output` that of the loss; returns `[n, c]`.
///
/// # Errors
/// As [`hinge_loss`].
pub fn hinge_loss_backward<F: Real>(
    input: ArrayView2<F>,
    target: ArrayView1<i32>,
    d_output: ArrayViewD<F>,
    options: &HingeLossOptions,
) -> Result<Array2<F>> {
    let extents = input.dim();
    let input = input.into_dyn();
    let samples = check(&input, target, options)?;
    let count = samples.targets.len() as f64;
    let gradients = options
        .reduction
        .spread(OPERATOR, &samples.shape, &d_output, count)?;
    let input = values(&input);
    let mut d_input = vec![F::zero(); input.len()];
    for ((idx, &target), d) in samples.targets.iter().enumerate().zip(gradients) {
        let scores = samples.lane(&input, idx);
        let share = d / scores.len() as f64;
        let mut pushes = 0.0;
        for (class, _) in excesses(&scores, target, options.margin) {
            d_input[samples.index_of(idx, class)] = F::of(share);
            pushes += share;
        }
        if let Some(target) = target {
            d_input[samples.index_of(idx, target)] = F::of(-pushes);
        }
    }
    Ok(shaped(extents, d_input))
}

fn check<F: Real>(
    input: &ArrayViewD<F>,
    target: ArrayView1<i32>,
    options: &HingeLossOptions,
) -> Result<Samples> {
    const FINITE: [f64; 2] = [-f32::MAX as f64, f32::MAX as f64];
    check_range(OPERATOR, "margin", FINITE, options.margin)?;
    Samples::new(OPERATOR, input, &target.into_dyn(), None, None)
}

/// The other classes within the margin of the target's score, and by how much.
fn excesses(
    scores: &[f64],
    target: Option<usize>,
    margin: f64,
) -> impl Iterator<Item = (usize, f64)> {
    let right = target.map_or(f64::INFINITY, |target| scores[target]);
    let others = scores.iter().enumerate();
    let others = others.filter(move |&(class, _)| Some(class) != target);
    others
        .map(move |(class, score)| (class, margin - right + score))
        .filter(|&(_, excess)| excess > 0.0 || excess.is_nan())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{arr0, array};

    #[test]
    fn classes_within_the_margin_cost_and_are_pushed_apart() {
        let (input, target) = (array![[3.0, 2.5, 2.0, 4.0]], array![0]);
        let options = HingeLossOptions {
            margin: 1.0,
            reduction: Reduction::Sum,
        };
        let loss = hinge_loss(input.view(), target.view(), &options).unwrap();
        assert_eq!(loss, arr0((0.5 + 0.0 + 2.0) / 4.0).into_dyn());
        let four = arr0(4.0).into_dyn();
        let gradient = hinge_loss_backward(input.view(), target.view(), four.view(), &options);
        assert_eq!(gradient.unwrap(), array![[-2.0, 1.0, 0.0, 1.0]]);
    }

    #[test]
    fn nan_propagates_and_bad_arguments_are_refused() {
        let input = array![[0.0_f32, f32::NAN]];
        let run = |target: i32, margin| {
            let options = HingeLossOptions {
                margin,
                ..Default::default()
            };
            hinge_loss(input.view(), array![target].view(), &options)
        };
        assert!(run(0, 1.0).unwrap().first().unwrap().is_nan());
        assert!(run(2, 1.0).is_err());
        assert!(run(-1, 1.0).is_err());
        assert!(run(0, f64::NAN).is_err());
        let target = array![0, 1];
        assert!(hinge_loss(input.view(), target.view(), &Default::default()).is_err());
    }
}
