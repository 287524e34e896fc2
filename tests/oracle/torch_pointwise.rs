//! Activations, softmax, dense layers and joins against PyTorch: outputs and gradients.

use cnn_playground::error::Result;
use cnn_playground::math::real::Real;
use cnn_playground::ops::activation::{Activation, GeluForm, activation, activation_backward};
use cnn_playground::ops::concat::{concat, concat_backward};
use cnn_playground::ops::dense::{dense, dense_backward, dense_naive};
use cnn_playground::ops::prelu::{prelu, prelu_backward};
use cnn_playground::ops::softmax::{log_softmax, log_softmax_backward, softmax, softmax_backward};
use ndarray::{Array, Array1, Array2, ArrayD, Dimension, Ix1, Ix2};

use crate::rounding::torch_array;
use crate::tally::{Comparison, check_both};
use crate::truth::Case;

#[test]
fn activations_agree_with_pytorch() {
    for (op, count) in [
        ("relu", 1),
        ("relu6", 2),
        ("leaky_relu", 3),
        ("elu", 2),
        ("selu", 2),
        ("celu", 3),
        ("gelu_erf", 2),
        ("gelu_tanh", 1),
        ("sigmoid", 3),
        ("tanh", 2),
        ("softplus", 1),
        ("softsign", 1),
        ("silu", 1),
        ("mish", 1),
        ("hardswish", 2),
        ("hardsigmoid", 3),
        ("hardtanh", 1),
    ] {
        check_both(
            op,
            count,
            |case| activation_case::<f32>(op, case),
            |case| activation_case::<f64>(op, case),
        );
    }
}

fn activation_case<F: Real>(op: &str, case: &Case) -> Result<Vec<Comparison>> {
    let kind = match op {
        "gelu_erf" => Activation::Gelu {
            form: GeluForm::Erf,
        },
        "gelu_tanh" => Activation::Gelu {
            form: GeluForm::Tanh,
        },
        _ => with_attributes(Activation::from_name(op)?, case),
    };
    let (x, dy) = (input::<F>(case, "x"), d_output::<F>(case));
    let output = activation(x.view(), kind)?;
    let d_input = activation_backward(x.view(), dy.view(), kind)?;
    let d_input = match kind {
        // PyTorch's slope is the `f32` nearest to 1/6, also where it computes in `f64`.
        Activation::Hardsigmoid { .. } => torch_array(
            case,
            &["grads", "x"],
            &d_input.mapv(|d| d.as_f64() as f32),
            1,
        ),
        _ => torch_array(case, &["grads", "x"], &d_input, 1),
    };
    Ok(vec![torch_array(case, &["output"], &output, 1), d_input])
}

fn with_attributes(kind: Activation, case: &Case) -> Activation {
    let number = |name: &str| case.attr(name).unwrap().as_f64().unwrap();
    match kind {
        Activation::LeakyRelu { .. } => Activation::LeakyRelu {
            slope: number("slope"),
        },
        Activation::Elu { .. } => Activation::Elu {
            alpha: number("alpha"),
        },
        Activation::Celu { .. } => Activation::Celu {
            alpha: number("alpha"),
        },
        Activation::Softplus { .. } => Activation::Softplus {
            beta: number("beta"),
            threshold: number("threshold"),
        },
        Activation::Hardtanh { .. } => Activation::Hardtanh {
            min: number("min"),
            max: number("max"),
        },
        others => others,
    }
}

#[test]
fn prelu_agrees_with_pytorch() {
    check_both("prelu", 1, prelu_case::<f32>, prelu_case::<f64>);
}

fn prelu_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let (x, w, dy) = (
        input::<F>(case, "x"),
        input::<F>(case, "w"),
        d_output::<F>(case),
    );
    let output = prelu(x.view(), w.view())?;
    let gradients = prelu_backward(x.view(), w.view(), dy.view())?;
    // One more rounding in `F`: each product is one.
    let terms = x.len();
    let mut comparisons = vec![
        torch_array(case, &["output"], &output, 1),
        torch_array(case, &["grads", "x"], &gradients.d_input, 1),
    ];
    let magnitude = prelu_backward(
        x.mapv(|x| -x.abs()).view(),
        w.view(),
        dy.mapv(|d| -d.abs()).view(),
    )?;
    let magnitude = magnitude.d_weights.mapv(|value| value.as_f64());
    let expected = case.array(&["grads", "w"]).unwrap();
    comparisons.push(Comparison::new(
        "w",
        &gradients.d_weights,
        &expected,
        terms,
        &magnitude,
    ));
    Ok(comparisons)
}

#[test]
fn softmax_agrees_with_pytorch() {
    check_both("softmax", 2, softmax_case::<f32>, softmax_case::<f64>);
    check_both(
        "log_softmax",
        2,
        log_softmax_case::<f32>,
        log_softmax_case::<f64>,
    );
}

fn softmax_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let (x, dy, axis) = (input::<F>(case, "x"), d_output::<F>(case), axis(case));
    let output = softmax(x.view(), axis)?;
    let d_input = softmax_backward(x.view(), dy.view(), axis)?;
    along(case, &output, &d_input)
}

fn log_softmax_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let (x, dy, axis) = (input::<F>(case, "x"), d_output::<F>(case), axis(case));
    let output = log_softmax(x.view(), axis)?;
    let d_input = log_softmax_backward(x.view(), dy.view(), axis)?;
    along(case, &output, &d_input)
}

fn along<F: Real>(case: &Case, output: &ArrayD<F>, d_input: &ArrayD<F>) -> Result<Vec<Comparison>> {
    let terms = output.shape()[axis(case) as usize];
    Ok(vec![
        torch_array(case, &["output"], output, terms),
        torch_array(case, &["grads", "x"], d_input, terms),
    ])
}

#[test]
fn dense_agrees_with_pytorch() {
    check_both("linear", 7, dense_case::<f32>, dense_case::<f64>);
}

/// Sums in `F`: the tolerance is that of summed products.
fn dense_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let matrix = |array: ArrayD<F>| array.into_dimensionality::<Ix2>().unwrap();
    let (x, w) = (matrix(input(case, "x")), matrix(input(case, "w")));
    let dy = matrix(d_output(case));
    let bias = case.array::<F>(&["inputs", "b"]);
    let bias = bias.map(|bias| bias.into_dimensionality::<Ix1>().unwrap());
    let bias_view = bias.as_ref().map(|bias| bias.view());
    let output = dense(x.view(), w.view(), bias_view)?;
    let naive = dense_naive(x.view(), w.view(), bias_view)?;
    let gradients = dense_backward(x.view(), w.view(), dy.view())?;

    let (x, w, dy): (Array2<F>, Array2<F>, Array2<F>) = (x.abs(), w.abs(), dy.abs());
    let bias_magnitude: Option<Array1<F>> = bias.as_ref().map(|bias| bias.abs());
    let bias_view = bias_magnitude.as_ref().map(|bias| bias.view());
    let magnitude = dense_naive(x.view(), w.view(), bias_view)?;
    let magnitudes = dense_backward(x.view(), w.view(), dy.view())?;
    let (inputs, outputs, n) = (w.ncols() + 1, w.nrows(), x.nrows());
    let mut comparisons = vec![
        summed(case, &["output"], &output, inputs, &magnitude),
        summed(case, &["output"], &naive, inputs, &magnitude),
        summed(
            case,
            &["grads", "x"],
            &gradients.d_input,
            outputs,
            &magnitudes.d_input,
        ),
        summed(
            case,
            &["grads", "w"],
            &gradients.d_weights,
            n,
            &magnitudes.d_weights,
        ),
    ];
    if bias.is_some() {
        let (got, magnitude) = (&gradients.d_bias, &magnitudes.d_bias);
        comparisons.push(summed(case, &["grads", "b"], got, n, magnitude));
    }
    Ok(comparisons)
}

fn summed<F: Real, D: Dimension>(
    case: &Case,
    path: &[&'static str],
    got: &Array<F, D>,
    terms: usize,
    magnitude: &Array<F, D>,
) -> Comparison {
    let expected = case.array(path).unwrap();
    let magnitude = magnitude.map(|value| value.as_f64());
    Comparison::new(path[path.len() - 1], got, &expected, terms, &magnitude)
}

#[test]
fn concat_agrees_with_pytorch() {
    check_both("concat", 2, concat_case::<f32>, concat_case::<f64>);
}

fn concat_case<F: Real>(case: &Case) -> Result<Vec<Comparison>> {
    let names = ["a", "b", "c"];
    let (arrays, dy) = (
        names.map(|name| input::<F>(case, name)),
        d_output::<F>(case),
    );
    let views = arrays.each_ref().map(|array| array.view());
    let output = concat(&views, axis(case))?;
    let gradients = concat_backward(&views, dy.view(), axis(case))?;
    let mut comparisons = vec![torch_array(case, &["output"], &output, 0)];
    for (name, gradient) in names.into_iter().zip(&gradients) {
        comparisons.push(torch_array(case, &["grads", name], gradient, 0));
    }
    Ok(comparisons)
}

fn input<F: Real>(case: &Case, name: &str) -> ArrayD<F> {
    case.array(&["inputs", name]).unwrap()
}

fn d_output<F: Real>(case: &Case) -> ArrayD<F> {
    case.array(&["grad_output"]).unwrap()
}

fn axis(case: &Case) -> isize {
    case.attr("axis").unwrap().as_i64().unwrap() as isize
}
