//! The operators against results that other libraries computed (`tests/data/truth/`).
//!
//! The tolerance is the rounding error that summing `f32` products may leave: a sum of n products
//! differs from the exact one by at most n · ε · Σ|product| (Higham, Accuracy and Stability of
//! Numerical Algorithms, section 3.1). It is computed per output from the absolute inputs, never
//! chosen.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in its helpers"
)]

use cnn_playground::ops::conv2d::{Conv2dOptions, conv2d, conv2d_naive};
use cnn_playground::ops::pad2d::pad2d;
use cnn_playground::window::{Padding, PaddingMode, Sides};
use ndarray::{Array1, Array4};
use serde_json::Value;

struct ConvCase {
    name: String,
    input: Array4<f32>,
    weights: Array4<f32>,
    bias: Option<Array1<f32>>,
    options: Conv2dOptions,
    output: Array4<f64>,
}

impl ConvCase {
    fn check(&self) -> Result<(), String> {
        let bias = self.bias.as_ref().map(|bias| bias.view());
        let run = |operator: fn(_, _, _, &_) -> _| {
            operator(self.input.view(), self.weights.view(), bias, &self.options)
        };
        let tolerance = self.tolerance();
        for (path, got) in [("fast", run(conv2d)), ("naive", run(conv2d_naive))] {
            let got = got.map_err(|error| format!("{}, {path}: {error}", self.name))?;
            if got.dim() != self.output.dim() {
                return Err(format!(
                    "{}, {path}: shape {:?}, expected {:?}",
                    self.name,
                    got.dim(),
                    self.output.dim()
                ));
            }
            for ((index, &expected), &tolerance) in self.output.indexed_iter().zip(&tolerance) {
                let error = (f64::from(got[index]) - expected).abs();
                if error > tolerance {
                    return Err(format!(
                        "{}, {path}: {index:?} differs by {error}, allowed {tolerance}",
                        self.name
                    ));
                }
            }
        }
        Ok(())
    }

    fn tolerance(&self) -> Array4<f64> {
        let (input, weights) = (self.input.mapv(f32::abs), self.weights.mapv(f32::abs));
        let bias = self.bias.as_ref().map(|bias| bias.mapv(f32::abs));
        let bias = bias.as_ref().map(|bias| bias.view());
        let magnitude = conv2d_naive(input.view(), weights.view(), bias, &self.options).unwrap();
        let terms = self.weights.len() / self.weights.dim().0 + 1;
        magnitude.mapv(|sum| terms as f64 * f64::from(f32::EPSILON) * f64::from(sum))
    }
}

#[test]
fn conv2d_agrees_with_pytorch() {
    let cases = cases(include_str!("data/truth/torch_conv2d.json"));
    let passed = check_all(cases.iter().map(|case| {
        let attrs = &case["attrs"];
        let [top, left, bottom, right] = wholes(&attrs["pad"]);
        ConvCase {
            name: name(case),
            input: tensor(&case["inputs"]["x"]),
            weights: tensor(&case["inputs"]["w"]),
            bias: case["inputs"]
                .get("b")
                .filter(|bias| !bias.is_null())
                .map(vector),
            options: Conv2dOptions {
                stride: wholes(&attrs["stride"]),
                padding: Padding::Explicit(Sides {
                    top,
                    left,
                    bottom,
                    right,
                }),
                dilation: wholes(&attrs["dilation"]),
                groups: attrs["groups"].as_u64().unwrap() as usize,
                ..Default::default()
            },
            output: tensor64(&case["output"]),
        }
    }));
    println!("PyTorch conv2d: {passed} cases passed");
    assert_eq!(passed, 60);
}

#[test]
fn conv2d_agrees_with_onnx() {
    let cases = cases(include_str!("data/truth/onnx_conv.json"));
    let (covered, others): (Vec<_>, Vec<_>) = cases
        .iter()
        .partition(|case| case["spatial"].as_u64().unwrap() <= 2);
    for case in &others {
        println!(
            "ONNX Conv: {} not covered, it has {} spatial axes",
            name(case),
            case["spatial"]
        );
    }
    let passed = check_all(covered.iter().map(|case| {
        let attrs = &case["attrs"];
        let [top, left, bottom, right] = match spatial(attrs.get("pads"), 0)[..] {
            [left, right] => [0, left, 0, right],
            [top, left, bottom, right] => [top, left, bottom, right],
            _ => [0; 4],
        };
        let pair = |attr: &str| match spatial(attrs.get(attr), 1)[..] {
            [rows, cols] => [rows, cols],
            [cols] => [1, cols],
            _ => [1, 1],
        };
        ConvCase {
            name: name(case),
            input: tensor(&case["inputs"][0]),
            weights: tensor(&case["inputs"][1]),
            bias: case["inputs"]
                .get(2)
                .filter(|bias| !bias.is_null())
                .map(vector),
            options: Conv2dOptions {
                stride: pair("strides"),
                padding: Padding::Explicit(Sides {
                    top,
                    left,
                    bottom,
                    right,
                }),
                dilation: pair("dilations"),
                groups: attrs
                    .get("group")
                    .map_or(1, |group| group.as_u64().unwrap() as usize),
                ..Default::default()
            },
            output: tensor64(&case["outputs"][0]),
        }
    }));
    println!(
        "ONNX Conv: {passed} cases passed, {} not covered",
        others.len()
    );
    assert_eq!((passed, others.len()), (14, 5));
}

#[test]
fn pad2d_agrees_with_pytorch() {
    for case in &cases(include_str!("data/truth/torch_pad.json")) {
        let mode = match case["attrs"]["mode"].as_str().unwrap() {
            "constant" => PaddingMode::Zeros,
            name => *PaddingMode::ALL
                .iter()
                .find(|mode| mode.name() == name)
                .unwrap(),
        };
        let [top, left, bottom, right] = wholes(&case["attrs"]["pad"]);
        let sides = Sides {
            top,
            left,
            bottom,
            right,
        };
        let padded = pad2d("pad2d", tensor(&case["inputs"]["x"]).view(), sides, mode).unwrap();
        assert_eq!(
            padded.mapv(f64::from),
            tensor64(&case["output"]),
            "{}",
            name(case)
        );
    }
}

fn check_all(cases: impl Iterator<Item = ConvCase>) -> usize {
    let results = cases.map(|case| case.check()).collect::<Vec<_>>();
    let failures = results
        .iter()
        .filter_map(|result| result.as_ref().err())
        .collect::<Vec<_>>();
    assert!(failures.is_empty(), "{failures:#?}");
    results.len()
}

fn cases(file: &str) -> Vec<Value> {
    let file: Value = serde_json::from_str(file).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn name(case: &Value) -> String {
    case["name"].as_str().unwrap().into()
}

fn spatial(values: Option<&Value>, default: usize) -> Vec<usize> {
    let numbers = |values: &Value| {
        values
            .as_array()
            .unwrap()
            .iter()
            .map(|v| v.as_u64().unwrap() as usize)
            .collect()
    };
    values.map_or_else(|| vec![default; 2], numbers)
}

fn wholes<const N: usize>(values: &Value) -> [usize; N] {
    spatial(Some(values), 0).try_into().unwrap()
}

fn tensor64(value: &Value) -> Array4<f64> {
    let shape = spatial(Some(&value["shape"]), 0);
    let shape = match shape[..] {
        [n, c, w] => [n, c, 1, w],
        [n, c, h, w] => [n, c, h, w],
        _ => panic!("{shape:?} is no feature map"),
    };
    let values = value["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap());
    Array4::from_shape_vec(shape, values.collect()).unwrap()
}

fn tensor(value: &Value) -> Array4<f32> {
    tensor64(value).mapv(|number| number as f32)
}

fn vector(value: &Value) -> Array1<f32> {
    value["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|number| number.as_f64().unwrap() as f32)
        .collect()
}
