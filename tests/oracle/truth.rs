//! Reading the truth.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use cnn_playground::math::real::Real;
use ndarray::{Array4, ArrayD, Axis, Ix4};
use serde_json::Value;

static TORCH: LazyLock<Vec<Case>> =
    LazyLock::new(|| cases(include_str!("../data/truth/torch_ops.json")));
static ONNX: LazyLock<Vec<Case>> =
    LazyLock::new(|| cases(include_str!("../data/truth/onnx_nodes.json")));

/// The PyTorch cases of `op`.
pub fn torch(op: &str) -> impl Iterator<Item = &'static Case> {
    TORCH.iter().filter(move |case| case.0["op"] == op)
}

/// The ONNX cases of `op`.
pub fn onnx(op: &str) -> impl Iterator<Item = &'static Case> {
    ONNX.iter().filter(move |case| case.0["op"] == op)
}

/// One case of a truth file.
pub struct Case(Value);

impl Case {
    /// Its name.
    pub fn name(&self) -> &str {
        self.0["name"].as_str().unwrap()
    }

    /// The name of its operator.
    pub fn operator(&self) -> &str {
        self.0["op"].as_str().unwrap()
    }

    /// The attribute `name`, if it is there and not null.
    pub fn attr(&self, name: &str) -> Option<&Value> {
        self.0["attrs"].get(name).filter(|value| !value.is_null())
    }

    /// The attribute `name`, a list of whole numbers.
    pub fn wholes(&self, name: &str) -> Option<Vec<usize>> {
        self.attr(name).map(wholes)
    }

    /// The attribute `name`, a pair; a single number stands for the columns of a single row.
    pub fn pair(&self, name: &str, default: [usize; 2]) -> [usize; 2] {
        match self.wholes(name).as_deref() {
            None => default,
            Some([cols]) => [1, *cols],
            Some([rows, cols]) => [*rows, *cols],
            Some(others) => panic!("{}: {name} is {others:?}", self.name()),
        }
    }

    /// Number of spatial axes of an ONNX case.
    pub fn spatial(&self) -> u64 {
        self.0["spatial"].as_u64().unwrap_or(2)
    }

    /// The array at `path`, such as `["grads", "x"]` or `["outputs", "0"]`.
    pub fn array<F: Real>(&self, path: &[&str]) -> Option<ArrayD<F>> {
        let value = path.iter().try_fold(&self.0, |value, key| match value {
            Value::Array(items) => items.get(key.parse::<usize>().unwrap()),
            value => value.get(key),
        })?;
        (!value.is_null()).then(|| array(value))
    }

    /// The largest absolute value in any of its arrays.
    pub fn largest(&self) -> f64 {
        fn largest(value: &Value) -> f64 {
            let children: Vec<f64> = match value {
                Value::Array(items) => items.iter().map(largest).collect(),
                Value::Object(array) if array.contains_key("data") => vec![largest(&array["data"])],
                Value::Object(arrays) => arrays.values().map(largest).collect(),
                Value::Number(number) => vec![number.as_f64().unwrap().abs()],
                _ => vec![],
            };
            children.into_iter().fold(0.0, f64::max)
        }
        let arrays = ["inputs", "output", "outputs", "grad_output", "grads"];
        let arrays = arrays.iter().filter_map(|name| self.0.get(name));
        arrays.map(largest).fold(0.0, f64::max)
    }

    /// The feature map or weights at `path`; a row of pixels becomes a picture of height 1.
    pub fn map<F: Real>(&self, path: &[&str]) -> Array4<F> {
        let array = self.array(path).unwrap();
        let array = match array.ndim() {
            2 => array.insert_axis(Axis(2)).insert_axis(Axis(3)),
            3 => array.insert_axis(Axis(2)),
            _ => array,
        };
        array.into_dimensionality::<Ix4>().unwrap()
    }
}

/// A list of whole numbers.
pub fn wholes(value: &Value) -> Vec<usize> {
    let numbers = value.as_array().unwrap().iter();
    numbers.map(|n| n.as_u64().unwrap() as usize).collect()
}

fn cases(file: &str) -> Vec<Case> {
    let file: Value = serde_json::from_str(file).unwrap();
    let cases = file["cases"].as_array().unwrap();
    cases.iter().cloned().map(Case).collect()
}

fn array<F: Real>(value: &Value) -> ArrayD<F> {
    let number = |value: &Value| match value.as_str() {
        Some("nan") => f64::NAN,
        Some("inf") => f64::INFINITY,
        Some("-inf") => f64::NEG_INFINITY,
        _ => match value.as_bool() {
            Some(flag) => f64::from(u8::from(flag)),
            None => value.as_f64().unwrap(),
        },
    };
    let values = value["data"].as_array().unwrap().iter();
    let values = values.map(|value| F::of(number(value))).collect();
    ArrayD::from_shape_vec(wholes(&value["shape"]), values).unwrap()
}

/// The ONNX operators that have cases, each with their number.
pub fn onnx_operators() -> BTreeMap<&'static str, usize> {
    let mut counts = BTreeMap::new();
    for case in ONNX.iter() {
        *counts.entry(case.0["op"].as_str().unwrap()).or_default() += 1;
    }
    counts
}
