//! Activations, normalisations, dense layers, joins and losses against ONNX's backend node tests.

use cnn_playground::error::Result;
use cnn_playground::math::real::Real;
use cnn_playground::ops::activation::{Activation, GeluForm, activation};
use cnn_playground::ops::add::add;
use cnn_playground::ops::batch_norm::{BatchNormOptions, Statistics, batch_norm};
use cnn_playground::ops::concat::concat;
use cnn_playground::ops::dense::dense;
use cnn_playground::ops::dropout::{DropoutOptions, dropout};
use cnn_playground::ops::flatten::flatten;
use cnn_playground::ops::group_norm::{GroupNormOptions, group_norm, instance_norm};
use cnn_playground::ops::layer_norm::{LayerNormOptions, layer_norm};
use cnn_playground::ops::local_response_norm::{LocalResponseNormOptions, local_response_norm};
use cnn_playground::ops::loss::Reduction;
use cnn_playground::ops::loss::cross_entropy::{CrossEntropyOptions, cross_entropy};
use cnn_playground::ops::loss::negative_log_likelihood::{
    NegativeLogLikelihoodOptions, negative_log_likelihood,
};
use cnn_playground::ops::prelu::prelu;
use cnn_playground::ops::softmax::{log_softmax, softmax};
use ndarray::{Array1, Array2, ArrayD, Axis, Ix1, Ix2};

use crate::rounding::onnx_output;
use crate::tally::{Comparison, Tally};
use crate::truth::{Case, onnx, onnx_operators};

/// ONNX's operators outside the list of this project, with the reason.
const UNCOVERED: [(&str, &str); 11] = [
    ("Adagrad", "an optimiser, not in src/ops"),
    ("Adam", "an optimiser, not in src/ops"),
    ("Momentum", "an optimiser, not in src/ops"),
    (
        "Col2Im",
        "no operator of a course, but a step of some convolutions",
    ),
    ("DepthToSpace", "super-resolution is no topic of the course"),
    ("SpaceToDepth", "as DepthToSpace"),
    (
        "Hardmax",
        "it has no gradient, so no network learns through it",
    ),
    ("LpNormalization", "no layer of the course's networks"),
    (
        "MatMul",
        "products of stacks of matrices; a dense layer is Gemm",
    ),
    (
        "MeanVarianceNormalization",
        "it adds its epsilon to the deviation, as no layer here does",
    ),
    ("Transpose", "it computes nothing"),
];

/// Those that `onnx_windows` checks.
const WINDOWS: [&str; 9] = [
    "AveragePool",
    "Conv",
    "ConvTranspose",
    "GlobalMaxPool",
    "LpPool",
    "MaxPool",
    "MaxUnpool",
    "Pad",
    "Upsample",
];

type Check = fn(&Case) -> Result<Vec<Comparison>>;

/// Those that are checked here, with the number of their cases.
const COVERED: [(&str, usize, Check); 31] = [
    ("Add", 5, add_case),
    ("BatchNormalization", 6, batch_norm_case),
    ("Celu", 1, activation_case),
    ("Clip", 11, activation_case),
    ("Concat", 10, concat_case),
    ("Dropout", 3, dropout_case),
    ("Elu", 2, activation_case),
    ("Flatten", 8, flatten_case),
    ("Gelu", 4, activation_case),
    ("Gemm", 10, gemm_case),
    ("GroupNormalization", 2, group_norm_case),
    ("HardSigmoid", 2, activation_case),
    ("HardSwish", 1, activation_case),
    ("InstanceNormalization", 3, instance_norm_case),
    ("LRN", 2, local_response_norm_case),
    ("LayerNormalization", 14, layer_norm_case),
    ("LeakyRelu", 2, activation_case),
    ("LogSoftmax", 4, log_softmax_case),
    ("NegativeLogLikelihoodLoss", 12, likelihood_case),
    ("PRelu", 6, prelu_case),
    ("Relu", 2, activation_case),
    ("Selu", 4, activation_case),
    ("Sigmoid", 2, activation_case),
    ("Softmax", 4, softmax_case),
    ("SoftmaxCrossEntropyLoss", 19, cross_entropy_case),
    ("Softplus", 1, activation_case),
    ("Softsign", 2, activation_case),
    ("Sum", 3, add_case),
    ("Swish", 1, activation_case),
    ("Tanh", 1, activation_case),
    ("ThresholdedRelu", 2, activation_case),
];

#[test]
fn pointwise_operators_norms_and_losses_agree_with_onnx() {
    for (op, passed, run) in COVERED {
        let mut tally = Tally::new(op);
        for case in onnx(op) {
            tally.check(case.name(), run(case));
        }
        tally.finish(passed, 0);
    }
}

#[test]
fn every_onnx_operator_is_checked_or_not_covered_for_a_reason() {
    let mut unnamed = onnx_operators();
    for (op, reason) in UNCOVERED {
        let cases = unnamed.remove(op).unwrap();
        println!("{op}: {cases} not covered, {reason}");
    }
    let covered = COVERED.iter().map(|(op, ..)| *op);
    for op in covered.chain(WINDOWS) {
        assert!(unnamed.remove(op).is_some(), "{op} has no cases");
    }
    assert!(unnamed.is_empty(), "{unnamed:?}");
}

fn activation_case(case: &Case) -> Result<Vec<Comparison>> {
    let x = input(case, "0");
    let number = |name, default| number(case, name, default);
    let kind = match case.operator() {
        "Celu" => Activation::Celu {
            alpha: number("alpha", 1.0),
        },
        "Clip" => Activation::Hardtanh {
            min: limit(case, "min", "1", f64::NEG_INFINITY),
            max: limit(case, "max", "2", f64::INFINITY),
        },
        "Elu" => Activation::Elu {
            alpha: number("alpha", 1.0),
        },
        "Gelu" => Activation::Gelu {
            form: match case.attr("approximate").and_then(|form| form.as_str()) {
                Some("tanh") => GeluForm::Tanh,
                _ => GeluForm::Erf,
            },
        },
        "HardSigmoid" => Activation::Hardsigmoid {
            alpha: number("alpha", 0.2),
            beta: number("beta", 0.5),
        },
        "HardSwish" => Activation::Hardswish,
        "LeakyRelu" => Activation::LeakyRelu {
            slope: number("alpha", 0.01),
        },
        "Relu" => Activation::Relu,
        "Selu" => Activation::Selu {
            alpha: number("alpha", 1.673_263_192_176_818_8),
            scale: number("gamma", 1.050_701_022_148_132_3),
        },
        "Sigmoid" => Activation::Sigmoid,
        "Softplus" => Activation::from_name("softplus")?,
        "Softsign" => Activation::Softsign,
        "Swish" => Activation::Silu {
            beta: number("alpha", 1.0),
        },
        "Tanh" => Activation::Tanh,
        "ThresholdedRelu" => Activation::ThresholdedRelu {
            threshold: number("alpha", 1.0),
        },
        others => panic!("{others} is no activation"),
    };
    Ok(vec![onnx_output(
        case,
        "0",
        &activation(x.view(), kind)?,
        1,
    )])
}

/// A limit of Clip: an attribute in old versions, an input in new ones.
fn limit(case: &Case, attr: &str, input: &str, default: f64) -> f64 {
    let given = case.array::<f64>(&["inputs", input]);
    let given = given.map(|given| *given.first().unwrap());
    given.unwrap_or(number(case, attr, default))
}

/// Old versions hold the slopes of the channels; new ones broadcast from the last axis.
fn prelu_case(case: &Case) -> Result<Vec<Comparison>> {
    let (x, mut slopes) = (input(case, "0"), input(case, "1"));
    if slopes.len() != 1 && slopes.len() != x.shape()[1] {
        slopes = slopes.insert_axis(Axis(0));
    }
    Ok(vec![onnx_output(
        case,
        "0",
        &prelu(x.view(), slopes.view())?,
        1,
    )])
}

fn softmax_case(case: &Case) -> Result<Vec<Comparison>> {
    let (x, axis) = (input(case, "0"), axis(case, -1));
    Ok(vec![onnx_output(
        case,
        "0",
        &softmax(x.view(), axis)?,
        x.len(),
    )])
}

fn log_softmax_case(case: &Case) -> Result<Vec<Comparison>> {
    let (x, axis) = (input(case, "0"), axis(case, -1));
    Ok(vec![onnx_output(
        case,
        "0",
        &log_softmax(x.view(), axis)?,
        x.len(),
    )])
}

/// In `f64`, for some cases hold values that no `f32` can.
fn add_case(case: &Case) -> Result<Vec<Comparison>> {
    let inputs = inputs::<f64>(case);
    let sum =
        |inputs: &[ArrayD<f64>]| add(&inputs.iter().map(|input| input.view()).collect::<Vec<_>>());
    let magnitudes = inputs.iter().map(|input| input.abs()).collect::<Vec<_>>();
    let expected = case.array(&["outputs", "0"]).unwrap();
    let (got, magnitude) = (sum(&inputs)?, sum(&magnitudes)?);
    Ok(vec![Comparison::new(
        "output",
        &got,
        &expected,
        inputs.len(),
        &magnitude,
    )])
}

fn concat_case(case: &Case) -> Result<Vec<Comparison>> {
    let inputs = inputs::<f32>(case);
    let views = inputs.iter().map(|input| input.view()).collect::<Vec<_>>();
    Ok(vec![onnx_output(
        case,
        "0",
        &concat(&views, axis(case, 1))?,
        0,
    )])
}

fn flatten_case(case: &Case) -> Result<Vec<Comparison>> {
    let x = input(case, "0");
    let output = flatten(x.view(), axis(case, 1))?;
    let shape = case
        .array::<f64>(&["outputs", "0"])
        .unwrap()
        .shape()
        .to_vec();
    assert_eq!(output.shape(), shape, "{}", case.name());
    Ok(vec![onnx_output(case, "0", &output, 0)])
}

/// alpha · A · B + beta · C: a dense layer with weights Bᵀ, and an addition if C is no bias.
fn gemm_case(case: &Case) -> Result<Vec<Comparison>> {
    let matrix = |idx, transposed: &str| {
        let matrix = input(case, idx).into_dimensionality::<Ix2>().unwrap();
        let transposed = number(case, transposed, 0.0) == 1.0;
        if transposed {
            matrix.reversed_axes()
        } else {
            matrix
        }
    };
    let (a, b) = (matrix("0", "transA"), matrix("1", "transB"));
    let weights: Array2<f32> = b.reversed_axes() * number(case, "alpha", 1.0) as f32;
    let c = case.array::<f32>(&["inputs", "2"]);
    let c = c.map(|c| c * number(case, "beta", 1.0) as f32);
    let output = match c {
        None => dense(a.view(), weights.view(), None)?.into_dyn(),
        Some(c) if c.len() == weights.nrows() => {
            let bias = c.flatten();
            dense(a.view(), weights.view(), Some(bias.view()))?.into_dyn()
        }
        Some(c) => {
            let product = dense(a.view(), weights.view(), None)?.into_dyn();
            add(&[product.view(), c.view()])?
        }
    };
    Ok(vec![onnx_output(case, "0", &output, a.ncols() + 1)])
}

fn batch_norm_case(case: &Case) -> Result<Vec<Comparison>> {
    let x = input(case, "0");
    let [scale, shift, mean, variance] = ["1", "2", "3", "4"].map(|idx| vector(case, idx));
    let options = BatchNormOptions {
        training: number(case, "training_mode", 0.0) == 1.0,
        momentum: 1.0 - number(case, "momentum", 0.9),
        epsilon: number(case, "epsilon", 1e-5),
        unbiased_running_variance: false,
    };
    let running = Statistics { mean, variance };
    let (scale, shift) = (Some(scale.view()), Some(shift.view()));
    let result = batch_norm(x.view(), scale, shift, Some(&running), &options)?;
    let terms = if options.training { x.len() } else { 1 };
    let mut comparisons = vec![onnx_output(case, "0", &result.output, terms)];
    if options.training {
        comparisons.push(onnx_output(case, "1", &result.running.mean, terms));
        comparisons.push(onnx_output(case, "2", &result.running.variance, terms));
    }
    Ok(comparisons)
}

fn layer_norm_case(case: &Case) -> Result<Vec<Comparison>> {
    let (x, scale, shift) = (input(case, "0"), input(case, "1"), input(case, "2"));
    let options = LayerNormOptions {
        axis: axis(case, -1),
        epsilon: number(case, "epsilon", 1e-5),
    };
    let result = layer_norm(x.view(), Some(scale.view()), Some(shift.view()), &options)?;
    let terms = scale.len();
    Ok(vec![
        onnx_output(case, "0", &result.output, terms),
        onnx_output(case, "1", &result.mean, terms),
        onnx_output(case, "2", &result.inverse_std, terms),
    ])
}

fn group_norm_case(case: &Case) -> Result<Vec<Comparison>> {
    let (x, scale, shift) = (input(case, "0"), vector(case, "1"), vector(case, "2"));
    let options = GroupNormOptions {
        groups: number(case, "num_groups", 1.0) as usize,
        epsilon: number(case, "epsilon", 1e-5),
    };
    let output = group_norm(x.view(), Some(scale.view()), Some(shift.view()), &options)?;
    let terms = x.len() / x.shape()[0] / options.groups;
    Ok(vec![onnx_output(case, "0", &output, terms)])
}

fn instance_norm_case(case: &Case) -> Result<Vec<Comparison>> {
    let (x, scale, shift) = (input(case, "0"), vector(case, "1"), vector(case, "2"));
    let epsilon = number(case, "epsilon", 1e-5);
    let output = instance_norm(x.view(), Some(scale.view()), Some(shift.view()), epsilon)?;
    let terms = x.len() / x.shape()[0] / x.shape()[1];
    Ok(vec![onnx_output(case, "0", &output, terms)])
}

fn local_response_norm_case(case: &Case) -> Result<Vec<Comparison>> {
    let x = input(case, "0");
    let options = LocalResponseNormOptions {
        size: number(case, "size", 0.0) as usize,
        alpha: number(case, "alpha", 1e-4),
        beta: number(case, "beta", 0.75),
        k: number(case, "bias", 1.0),
    };
    let output = local_response_norm(x.view(), &options)?;
    Ok(vec![onnx_output(case, "0", &output, options.size)])
}

/// Without a training flag it is inference, whatever the ratio.
fn dropout_case(case: &Case) -> Result<Vec<Comparison>> {
    let x = input(case, "0");
    let first = |idx| {
        case.array::<f64>(&["inputs", idx])
            .map(|value| *value.first().unwrap())
    };
    let options = DropoutOptions {
        probability: first("1").unwrap_or(0.5),
        training: first("2") == Some(1.0),
        seed: 0,
    };
    let result = dropout(x.view(), &options)?;
    let mut comparisons = vec![onnx_output(case, "0", &result.output, 0)];
    if case.array::<f64>(&["outputs", "1"]).is_some() {
        comparisons.push(onnx_output(case, "1", &result.mask, 0));
    }
    Ok(comparisons)
}

fn likelihood_case(case: &Case) -> Result<Vec<Comparison>> {
    let (x, target, weights) = class_arguments(case);
    let options = NegativeLogLikelihoodOptions {
        ignore_index: ignore_index(case),
        reduction: reduction(case)?,
    };
    let weights = weights.as_ref().map(|weights| weights.view());
    let output = negative_log_likelihood(x.view(), target.view(), weights, &options)?;
    Ok(vec![onnx_output(case, "0", &output, target.len())])
}

fn cross_entropy_case(case: &Case) -> Result<Vec<Comparison>> {
    let (x, target, weights) = class_arguments(case);
    let options = CrossEntropyOptions {
        label_smoothing: 0.0,
        ignore_index: ignore_index(case),
        reduction: reduction(case)?,
    };
    let weights = weights.as_ref().map(|weights| weights.view());
    let output = cross_entropy(x.view(), target.view(), weights, &options)?;
    let mut comparisons = vec![onnx_output(case, "0", &output, x.len())];
    if case.array::<f64>(&["outputs", "1"]).is_some() {
        let log_probabilities = log_softmax(x.view(), 1)?;
        comparisons.push(onnx_output(case, "1", &log_probabilities, x.shape()[1]));
    }
    Ok(comparisons)
}

fn class_arguments(case: &Case) -> (ArrayD<f32>, ArrayD<i32>, Option<Array1<f32>>) {
    let target = case.array::<f64>(&["inputs", "1"]).unwrap();
    let weights = case.array::<f32>(&["inputs", "2"]);
    let weights = weights.map(|weights| weights.into_dimensionality::<Ix1>().unwrap());
    (input(case, "0"), target.mapv(|class| class as i32), weights)
}

fn ignore_index(case: &Case) -> Option<i32> {
    case.attr("ignore_index")
        .map(|idx| idx.as_i64().unwrap() as i32)
}

fn reduction(case: &Case) -> Result<Reduction> {
    let name = case.attr("reduction").and_then(|name| name.as_str());
    Reduction::from_name("test", name.unwrap_or("mean"))
}

fn axis(case: &Case, default: isize) -> isize {
    number(case, "axis", default as f64) as isize
}

fn number(case: &Case, name: &str, default: f64) -> f64 {
    case.attr(name)
        .map_or(default, |value| value.as_f64().unwrap())
}

fn input(case: &Case, idx: &str) -> ArrayD<f32> {
    case.array(&["inputs", idx]).unwrap()
}

fn vector(case: &Case, idx: &str) -> Array1<f32> {
    input(case, idx).into_dimensionality::<Ix1>().unwrap()
}

fn inputs<F: Real>(case: &Case) -> Vec<ArrayD<F>> {
    (0..)
        .map_while(|idx: usize| case.array(&["inputs", &idx.to_string()]))
        .collect()
}
