//! Losses against PyTorch: values and gradients.

use cnn_playground::error::Result;
use cnn_playground::math::real::Real;
use cnn_playground::ops::loss::Reduction;
use cnn_playground::ops::loss::binary_cross_entropy::{
    binary_cross_entropy, binary_cross_entropy_backward,
};
use cnn_playground::ops::loss::cross_entropy::{
    CrossEntropyOptions, cross_entropy, cross_entropy_backward,
};
use cnn_playground::ops::loss::hinge::{HingeLossOptions, hinge_loss, hinge_loss_backward};
use cnn_playground::ops::loss::huber::{HuberLossOptions, huber_loss, huber_loss_backward};
use cnn_playground::ops::loss::l1::{l1_loss, l1_loss_backward};
use cnn_playground::ops::loss::mean_squared_error::{
    mean_squared_error, mean_squared_error_backward,
};
use ndarray::{ArrayD, ArrayViewD, Ix1, Ix2};

use crate::rounding::torch_array;
use crate::tally::{Comparison, check_both};
use crate::truth::Case;

#[test]
fn elementwise_losses_agree_with_pytorch() {
    check_both("mse", 4, mse_case::<f32>, mse_case::<f64>);
    check_both("l1", 3, l1_case::<f32>, l1_case::<f64>);
    check_both("bce_logits", 1, binary_case::<f32>, binary_case::<f64>);
    check_both("huber", 4, huber_case::<f32>, huber_case::<f64>);
}

fn mse_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let reduction = reduction(case)?;
    elementwise::<F>(
        case,
        |x, target| mean_squared_error(x, target, reduction),
        |x, target, dy| mean_squared_error_backward(x, target, dy, reduction),
    )
}

fn l1_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let reduction = reduction(case)?;
    elementwise::<F>(
        case,
        |x, target| l1_loss(x, target, reduction),
        |x, target, dy| l1_loss_backward(x, target, dy, reduction),
    )
}

fn binary_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let reduction = reduction(case)?;
    elementwise::<F>(
        case,
        |x, target| binary_cross_entropy(x, target, reduction),
        |x, target, dy| binary_cross_entropy_backward(x, target, dy, reduction),
    )
}

fn huber_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let options = HuberLossOptions {
        delta: number(case, "delta"),
        reduction: reduction(case)?,
    };
    elementwise::<F>(
        case,
        |x, target| huber_loss(x, target, &options),
        |x, target, dy| huber_loss_backward(x, target, dy, &options),
    )
}

fn elementwise<F: Real>(
    case: &Case,
    forward: impl Fn(ArrayViewD<F>, ArrayViewD<F>) -> Result<ArrayD<F>>,
    backward: impl Fn(ArrayViewD<F>, ArrayViewD<F>, ArrayViewD<F>) -> Result<ArrayD<F>>,
) -> Result<Vec<Comparison>> {
    let (x, dy) = (
        array::<F>(case, &["inputs", "x"]),
        array::<F>(case, &["grad_output"]),
    );
    let target = array::<F>(case, &["inputs", "target"]);
    let output = forward(x.view(), target.view())?;
    let d_input = backward(x.view(), target.view(), dy.view())?;
    Ok(loss(case, &output, &d_input, x.len()))
}

#[test]
fn hinge_loss_agrees_with_pytorch() {
    check_both("multi_margin", 4, hinge_case::<f32>, hinge_case::<f64>);
}

fn hinge_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let x = array::<F>(case, &["inputs", "x"])
        .into_dimensionality::<Ix2>()
        .unwrap();
    let target = classes(case).into_dimensionality::<Ix1>().unwrap();
    let dy = array::<F>(case, &["grad_output"]);
    let options = HingeLossOptions {
        margin: number(case, "margin"),
        reduction: reduction(case)?,
    };
    let output = hinge_loss(x.view(), target.view(), &options)?;
    let d_input = hinge_loss_backward(x.view(), target.view(), dy.view(), &options)?;
    Ok(loss(case, &output, &d_input.into_dyn(), x.len()))
}

#[test]
fn cross_entropy_agrees_with_pytorch() {
    check_both(
        "softmax_cross_entropy",
        14,
        entropy_case::<f32>,
        entropy_case::<f64>,
    );
}

fn entropy_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let (x, dy) = (
        array::<F>(case, &["inputs", "x"]),
        array::<F>(case, &["grad_output"]),
    );
    let target = classes(case);
    let weights = case.array::<F>(&["inputs", "weight"]);
    let weights = weights.map(|weights| weights.into_dimensionality::<Ix1>().unwrap());
    let weights = weights.as_ref().map(|weights| weights.view());
    let options = CrossEntropyOptions {
        label_smoothing: number(case, "label_smoothing"),
        ignore_index: None,
        reduction: reduction(case)?,
    };
    let output = cross_entropy(x.view(), target.view(), weights, &options)?;
    let d_input = cross_entropy_backward(x.view(), target.view(), weights, dy.view(), &options)?;
    Ok(loss(case, &output, &d_input, x.len()))
}

fn loss<F: Real>(
    case: &Case,
    output: &ArrayD<F>,
    d_input: &ArrayD<F>,
    terms: usize,
) -> Vec<Comparison> {
    vec![
        torch_array(case, &["output"], output, terms),
        torch_array(case, &["grads", "x"], d_input, terms),
    ]
}

fn classes(case: &Case) -> ArrayD<i32> {
    array::<f64>(case, &["inputs", "target"]).mapv(|class| class as i32)
}

fn reduction(case: &Case) -> Result<Reduction> {
    Reduction::from_name("test", case.attr("reduction").unwrap().as_str().unwrap())
}

fn array<F: Real>(case: &Case, path: &[&str]) -> ArrayD<F> {
    case.array(path).unwrap()
}

fn number(case: &Case, name: &str) -> f64 {
    case.attr(name).unwrap().as_f64().unwrap()
}
