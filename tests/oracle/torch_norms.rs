//! Normalisations against PyTorch: outputs, gradients and running statistics.

use cnn_playground::error::Result;
use cnn_playground::math::real::Real;
use cnn_playground::ops::batch_norm::{
    BatchNormOptions, Statistics, batch_norm, batch_norm_backward,
};
use cnn_playground::ops::group_norm::{
    GroupNormOptions, group_norm, group_norm_backward, instance_norm, instance_norm_backward,
};
use cnn_playground::ops::layer_norm::{LayerNormOptions, layer_norm, layer_norm_backward};
use cnn_playground::ops::local_response_norm::{
    LocalResponseNormOptions, local_response_norm, local_response_norm_backward,
};
use cnn_playground::ops::normalize::AffineGradients;
use ndarray::{Array1, ArrayD, Ix1};

use crate::rounding::torch_array;
use crate::tally::{Comparison, check_both};
use crate::truth::Case;

#[test]
fn batch_norm_agrees_with_pytorch() {
    check_both("batchnorm2d", 12, batch_case::<f32>, batch_case::<f64>);
}

fn batch_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let (x, dy) = (
        array::<F>(case, &["inputs", "x"]),
        array::<F>(case, &["grad_output"]),
    );
    let [gamma, beta, mean, variance] = ["gamma", "beta", "running_mean", "running_var"]
        .map(|name| vector::<F>(case, &["inputs", name]));
    let running = Statistics { mean, variance };
    let options = BatchNormOptions {
        training: case.attr("training").unwrap().as_bool().unwrap(),
        momentum: number(case, "momentum"),
        epsilon: number(case, "eps"),
        ..Default::default()
    };
    let (weights, bias) = (Some(gamma.view()), Some(beta.view()));
    let result = batch_norm(x.view(), weights, bias, Some(&running), &options)?;
    let gradients = batch_norm_backward(x.view(), weights, Some(&running), dy.view(), &options)?;
    let terms = terms(x.len() / gamma.len());
    let mut comparisons = affine(case, &result.output, &gradients, terms);
    let Statistics { mean, variance } = &result.running;
    comparisons.push(torch_array(case, &["new_running_mean"], mean, terms));
    comparisons.push(torch_array(case, &["new_running_var"], variance, terms));
    Ok(comparisons)
}

#[test]
fn group_norm_agrees_with_pytorch() {
    check_both("groupnorm", 1, group_case::<f32>, group_case::<f64>);
}

fn group_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let (x, dy) = (
        array::<F>(case, &["inputs", "x"]),
        array::<F>(case, &["grad_output"]),
    );
    let [gamma, beta] = ["gamma", "beta"].map(|name| vector::<F>(case, &["inputs", name]));
    let options = GroupNormOptions {
        groups: number(case, "groups") as usize,
        epsilon: number(case, "eps"),
    };
    let (weights, bias) = (Some(gamma.view()), Some(beta.view()));
    let output = group_norm(x.view(), weights, bias, &options)?;
    let gradients = group_norm_backward(x.view(), weights, dy.view(), &options)?;
    Ok(affine(case, &output, &gradients, terms(x.len())))
}

#[test]
fn instance_norm_agrees_with_pytorch() {
    check_both(
        "instancenorm2d",
        1,
        instance_case::<f32>,
        instance_case::<f64>,
    );
}

fn instance_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let (x, dy) = (
        array::<F>(case, &["inputs", "x"]),
        array::<F>(case, &["grad_output"]),
    );
    let [gamma, beta] = ["gamma", "beta"].map(|name| vector::<F>(case, &["inputs", name]));
    let (weights, bias, epsilon) = (Some(gamma.view()), Some(beta.view()), number(case, "eps"));
    let output = instance_norm(x.view(), weights, bias, epsilon)?;
    let gradients = instance_norm_backward(x.view(), weights, dy.view(), epsilon)?;
    Ok(affine(case, &output, &gradients, terms(x.len())))
}

#[test]
fn layer_norm_agrees_with_pytorch() {
    check_both("layernorm", 2, layer_case::<f32>, layer_case::<f64>);
}

fn layer_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let (x, dy) = (
        array::<F>(case, &["inputs", "x"]),
        array::<F>(case, &["grad_output"]),
    );
    let [gamma, beta] = ["gamma", "beta"].map(|name| array::<F>(case, &["inputs", name]));
    let axes = case
        .attr("axes")
        .unwrap()
        .as_str()
        .unwrap()
        .split(',')
        .count();
    let options = LayerNormOptions {
        axis: -(axes as isize),
        epsilon: number(case, "eps"),
    };
    let (weights, bias) = (Some(gamma.view()), Some(beta.view()));
    let result = layer_norm(x.view(), weights.clone(), bias, &options)?;
    let gradients = layer_norm_backward(x.view(), weights, dy.view(), &options)?;
    Ok(affine(case, &result.output, &gradients, terms(x.len())))
}

#[test]
fn local_response_norm_agrees_with_pytorch() {
    check_both("lrn", 4, response_case::<f32>, response_case::<f64>);
}

fn response_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let (x, dy) = (
        array::<F>(case, &["inputs", "x"]),
        array::<F>(case, &["grad_output"]),
    );
    let options = LocalResponseNormOptions {
        size: number(case, "size") as usize,
        alpha: number(case, "alpha"),
        beta: number(case, "beta"),
        k: number(case, "k"),
    };
    let output = local_response_norm(x.view(), &options)?;
    let d_input = local_response_norm_backward(x.view(), dy.view(), &options)?;
    Ok(vec![
        torch_array(case, &["output"], &output, options.size),
        torch_array(case, &["grads", "x"], &d_input, options.size),
    ])
}

fn affine<F: Real>(
    case: &Case,
    output: &ArrayD<F>,
    gradients: &AffineGradients<F>,
    terms: usize,
) -> Vec<Comparison> {
    vec![
        torch_array(case, &["output"], output, terms),
        torch_array(case, &["grads", "x"], &gradients.d_input, terms),
        torch_array(case, &["grads", "gamma"], &gradients.d_weights, terms),
        torch_array(case, &["grads", "beta"], &gradients.d_bias, terms),
    ]
}

/// The mean, the variance and each sum of the gradient run over the values of a block.
fn terms(block: usize) -> usize {
    3 * block
}

fn array<F: Real>(case: &Case, path: &[&str]) -> ArrayD<F> {
    case.array(path).unwrap()
}

fn vector<F: Real>(case: &Case, path: &[&str]) -> Array1<F> {
    array(case, path).into_dimensionality::<Ix1>().unwrap()
}

fn number(case: &Case, name: &str) -> f64 {
    case.attr(name).unwrap().as_f64().unwrap()
}
