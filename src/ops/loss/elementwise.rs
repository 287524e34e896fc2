//! Losses that compare each value with its own target.

use ndarray::{ArrayD, ArrayViewD};

use crate::compute::check_budget;
use crate::error::Result;
use crate::math::arrays::shaped;
use crate::math::real::Real;
use crate::ops::loss::Reduction;
use crate::ops::shape::check_shape;

/// Reduces `loss(x, target)` of every value, computed in `f64`.
pub(crate) fn forward<F: Real>(
    operator: &'static str,
    input: &ArrayViewD<F>,
    target: &ArrayViewD<F>,
    reduction: Reduction,
    loss: impl Fn(f64, f64) -> f64,
) -> Result<ArrayD<F>> {
    check_shape(operator, "target", input.shape(), target.shape())?;
    check_budget(operator, &[input.shape()])?;
    let pairs = input.iter().zip(target);
    let losses = pairs.map(|(x, target)| loss(x.as_f64(), target.as_f64()));
    Ok(reduction.apply(input.shape(), losses, input.len() as f64))
}

/// The gradient with respect to the input, from `derivative(x, target)` of the loss.
pub(crate) fn backward<F: Real>(
    operator: &'static str,
    input: &ArrayViewD<F>,
    target: &ArrayViewD<F>,
    d_output: &ArrayViewD<F>,
    reduction: Reduction,
    derivative: impl Fn(f64, f64) -> f64,
) -> Result<ArrayD<F>> {
    check_shape(operator, "target", input.shape(), target.shape())?;
    check_budget(operator, &[input.shape()])?;
    let gradients = reduction.spread(operator, input.shape(), d_output, input.len() as f64)?;
    let d_input = input.iter().zip(target).zip(gradients);
    let d_input =
        d_input.map(|((x, target), d)| F::of(d * derivative(x.as_f64(), target.as_f64())));
    Ok(shaped(input.shape(), d_input.collect()))
}
