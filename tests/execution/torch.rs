//! Whole networks: loss and every gradient as PyTorch computed them.

use cnn_playground::math::real::Real;
use cnn_playground::net::graph::Graph;
use cnn_playground::net::reference::ReferenceNetwork;
use cnn_playground::net::spec::Spec;
use cnn_playground::net::weights::{Initial, Weights, parameters};
use cnn_playground::ops::loss::cross_entropy::{
    CrossEntropyOptions, cross_entropy, cross_entropy_backward,
};
use ndarray::{Array4, ArrayD, ArrayViewD};
use serde_json::{Value, json};

const FILE: &str = include_str!("../data/truth/torch_nets.json");

#[test]
fn every_network_of_pytorch_has_its_logits_loss_and_gradients() {
    for case in cases() {
        check::<f32>(&case);
        check::<f64>(&case);
    }
}

/// The networks of the file.
pub fn cases() -> Vec<Value> {
    let file: Value = serde_json::from_str(FILE).unwrap();
    let cases = file["cases"].as_array().unwrap();
    assert_eq!(cases.len(), 13);
    cases.clone()
}

/// A network of the file as this crate has it, with its batch.
pub struct Case<'a, F> {
    pub graph: Graph,
    pub weights: Weights<F>,
    pub inputs: Array4<F>,
    pub labels: Vec<i32>,
    /// Layer, parameter, name in the file.
    pub parameters: Vec<(String, &'static str, String)>,
    pub close: Close<'a>,
}

impl<'a, F: Real> Case<'a, F> {
    pub fn new(case: &'a Value) -> Self {
        let name = case["name"].as_str().unwrap();
        let mut net = Translation::default();
        net.add(&case["layers"], "l", "input");
        let [_, channels, height, width] = shape(&case["x"])[..] else {
            panic!("{name}: {}", case["x"])
        };
        let input = json!({ "channels": channels, "height": height, "width": width });
        let spec = json!({ "input": input, "layers": net.layers });
        let graph = Graph::new(&serde_json::from_value::<Spec>(spec).unwrap()).unwrap();
        let last = graph.last();
        let mut weights = Weights::<F>::new(&graph, last, Initial::Uniform).unwrap();
        for (id, parameter, truth) in &net.parameters {
            let values = array(&case["params"][truth]);
            weights.set(&graph, id, parameter, values).unwrap();
        }
        for (id, slope) in &net.slopes {
            let shape = &parameters(&graph, graph.find(id).unwrap()).unwrap()[0].shape;
            let slopes = ArrayD::from_elem(&shape[..], F::of(*slope));
            weights.set(&graph, id, "weights", slopes).unwrap();
        }
        let labels = case["target"].as_array().unwrap().iter();
        Case {
            graph,
            weights,
            inputs: array::<F>(&case["x"]).into_dimensionality().unwrap(),
            labels: labels.map(|class| class.as_i64().unwrap() as i32).collect(),
            parameters: net.parameters,
            close: Close { name, case },
        }
    }
}

fn check<F: Real>(case: &Value) {
    let Case {
        graph,
        weights,
        inputs,
        labels,
        parameters: learned,
        close,
    } = Case::<F>::new(case);
    let last = graph.last();
    let network = ReferenceNetwork::new(graph, weights);
    let pass = network.forward(inputs.view(), last, true).unwrap();
    let logits = pass.values(last).unwrap();
    let options = CrossEntropyOptions::default();
    let target = ArrayD::from_shape_vec(vec![labels.len()], labels).unwrap();
    let loss = cross_entropy(logits.view(), target.view(), None, &options).unwrap();
    let one = ArrayD::from_elem(vec![], F::one());
    let d_logits =
        cross_entropy_backward(logits.view(), target.view(), None, one.view(), &options).unwrap();
    let gradients = network.backward(&pass, d_logits.view()).unwrap();

    close.check("logits", logits, &array(&case["logits"]));
    let expected = ArrayD::from_elem(vec![], case["loss"].as_f64().unwrap());
    close.check("loss", loss.view(), &expected);
    close.check("grad_x", gradients.d_input.view(), &array(&case["grad_x"]));
    assert_eq!(learned.len(), case["grads"].as_object().unwrap().len());
    for (id, parameter, truth) in &learned {
        let node = network.graph().find(id).unwrap();
        let known = parameters(network.graph(), node).unwrap();
        let idx = known.iter().position(|known| known.name == *parameter);
        let gradient = &gradients.weights(node)[idx.unwrap()];
        close.check(truth, gradient.view(), &array(&case["grads"][truth]));
    }
}

/// A list of PyTorch layers as a spec.
#[derive(Default)]
struct Translation {
    layers: Vec<Value>,
    /// Layer, parameter, name in the file.
    parameters: Vec<(String, &'static str, String)>,
    /// Layers that multiply negative values by a given number.
    slopes: Vec<(String, f64)>,
}

impl Translation {
    /// Adds `layers` after the node `from`; their names are `prefix` with their place. Returns the
    /// last one.
    fn add(&mut self, layers: &Value, prefix: &str, from: &str) -> String {
        let mut last = from.to_owned();
        for (idx, layer) in layers.as_array().unwrap().iter().enumerate() {
            let id = format!("{prefix}{idx}");
            let number = |at: usize| layer[at].as_u64().unwrap_or_else(|| panic!("{layer}"));
            let learned = match layer[0].as_str().unwrap() {
                "conv" | "linear" | "dwconv" => vec![("weights", "w"), ("bias", "b")],
                "batchnorm" => vec![("weights", "gamma"), ("bias", "beta")],
                _ => vec![],
            };
            for (parameter, suffix) in learned {
                let truth = format!("{id}.{suffix}");
                self.parameters.push((id.clone(), parameter, truth));
            }
            let op = match layer[0].as_str().unwrap() {
                "conv" => json!({ "op": "conv2d", "channels": number(2), "kernel": number(3),
                    "stride": number(4), "padding": number(5),
                    "dilation": layer[6].as_u64().unwrap_or(1) }),
                "dwconv" => json!({ "op": "conv2d", "channels": number(1), "kernel": number(2),
                    "stride": number(3), "padding": number(4), "groups": number(1) }),
                "linear" => json!({ "op": "dense", "features": number(2) }),
                "batchnorm" => json!({ "op": "batchNorm" }),
                "maxpool" => json!({ "op": "pool2d", "kind": "max", "size": number(1),
                    "stride": number(2), "padding": layer[3].as_u64().unwrap_or(0) }),
                "avgpool" => json!({ "op": "pool2d", "kind": "average", "size": number(1),
                    "stride": number(2) }),
                "flatten" => json!({ "op": "flatten" }),
                "gap" => {
                    let pooled = format!("{id}.pool");
                    self.push(
                        &pooled,
                        &last,
                        json!({ "op": "globalPool2d", "kind": "average" }),
                    );
                    last = pooled;
                    json!({ "op": "flatten" })
                }
                "leaky_relu" => {
                    self.slopes.push((id.clone(), layer[1].as_f64().unwrap()));
                    json!({ "op": "prelu" })
                }
                "res" => {
                    let body = self.add(&layer[1], &format!("{id}r"), &last);
                    let beside = match &layer[2] {
                        Value::Null => last.clone(),
                        shortcut => self.add(shortcut, &format!("{id}s"), &last),
                    };
                    self.join(&id, &[body, beside], "add");
                    last = id;
                    continue;
                }
                "cat" => {
                    let branches = layer[1].as_array().unwrap().iter().enumerate();
                    let ends = branches
                        .map(|(at, branch)| self.add(branch, &format!("{id}b{at}_"), &last))
                        .collect::<Vec<_>>();
                    self.join(&id, &ends, "concat");
                    last = id;
                    continue;
                }
                kind => json!({ "op": "activation", "kind": kind }),
            };
            self.push(&id, &last, op);
            last = id;
        }
        last
    }

    fn push(&mut self, id: &str, from: &str, mut layer: Value) {
        layer["id"] = json!(id);
        layer["from"] = json!(from);
        self.layers.push(layer);
    }

    fn join(&mut self, id: &str, from: &[String], op: &str) {
        self.layers
            .push(json!({ "id": id, "from": from, "op": op }));
    }
}

pub struct Close<'a> {
    name: &'a str,
    case: &'a Value,
}

impl Close<'_> {
    /// Rounding may differ by half a unit in the last place for each number that is summed on the way,
    /// through every layer forward and back. Sums may cancel, as those of a bias before batch norm,
    /// so the unit is that of the largest gradient of the network.
    pub fn check<F: Real>(&self, what: &str, got: ArrayViewD<F>, expected: &ArrayD<f64>) {
        assert_eq!(got.shape(), expected.shape(), "{}: {what}", self.name);
        let positions = shape(&self.case["x"]).iter().product::<usize>();
        let weights = self.case["params"].as_object().unwrap().values().map(shape);
        let summed = weights.map(|shape| match shape[..] {
            [outputs, ref inputs @ ..] => outputs.max(inputs.iter().product()),
            [] => 0,
        });
        let terms = positions + 2 * summed.sum::<usize>();
        let largest = match what {
            "logits" | "loss" => largest(expected),
            _ => {
                let gradients = self.case["grads"].as_object().unwrap().values();
                gradients
                    .map(|gradient| largest(&array(gradient)))
                    .fold(0.0, f64::max)
            }
        };
        let tolerance = terms as f64 * F::epsilon().as_f64() / 2.0 * largest;
        for (got, expected) in got.iter().zip(expected) {
            let error = (got.as_f64() - expected).abs();
            assert!(
                error <= tolerance,
                "{}: {what}: {got}, expected {expected}: {error:e} above {tolerance:e}",
                self.name
            );
        }
    }
}

fn largest(values: &ArrayD<f64>) -> f64 {
    values
        .iter()
        .fold(0.0, |most: f64, value| most.max(value.abs()))
}

fn shape(array: &Value) -> Vec<usize> {
    let extents = array["shape"].as_array().unwrap().iter();
    extents
        .map(|extent| extent.as_u64().unwrap() as usize)
        .collect()
}

pub fn array<F: Real>(array: &Value) -> ArrayD<F> {
    let values = array["data"].as_array().unwrap().iter();
    let values = values.map(|value| F::of(value.as_f64().unwrap())).collect();
    ArrayD::from_shape_vec(shape(array), values).unwrap()
}
