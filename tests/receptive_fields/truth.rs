//! The graphs of the truth files.

use cnn_playground::error::Axis;
use cnn_playground::net::analysis::receptive_field::{ReceptiveField, receptive_fields};
use cnn_playground::net::graph::Graph;
use cnn_playground::net::spec::Spec;
use cnn_playground::window::{Padding, Window};
use serde_json::{Value, json};

/// A graph of the files as a spec of ours, with one channel everywhere: a 1 x 1 convolution makes one
/// of those that a `concat` gives, which changes no receptive field.
fn spec(case: &Value) -> Spec {
    let nodes = case["nodes"].as_array().unwrap();
    let [input, layers @ ..] = &nodes[..] else {
        panic!("a graph without nodes");
    };
    assert_eq!(input["op"], "input");
    let from = |node: &Value| {
        let ids = node["inputs"].as_array().unwrap().iter();
        ids.map(|id| {
            if *id == input["id"] {
                json!("input")
            } else {
                id.clone()
            }
        })
        .collect::<Vec<_>>()
    };
    let layers = layers.iter().flat_map(|node| layers_of(node, from(node)));
    let size = &case["input_size"];
    serde_json::from_value(json!({
        "input": { "channels": 1, "height": size[0], "width": size[1] },
        "layers": layers.collect::<Vec<_>>(),
    }))
    .unwrap()
}

fn layers_of(node: &Value, from: Vec<Value>) -> Vec<Value> {
    let (id, op) = (&node["id"], node["op"].as_str().unwrap());
    let pool = |kind: &str| {
        json!({
            "id": id, "from": from, "op": "pool2d", "kind": kind, "size": node["kernel"],
            "stride": node["stride"], "dilation": node["dilation"], "padding": node["pad"],
        })
    };
    let convolution = |from: &[Value]| {
        json!({
            "id": id, "from": from, "op": "conv2d", "channels": 1, "kernel": node["kernel"],
            "stride": node["stride"], "dilation": node["dilation"], "padding": node["pad"],
        })
    };
    match op {
        "conv" => vec![convolution(&from)],
        "maxpool" => vec![pool("max")],
        "avgpool" => vec![pool("average")],
        "pad" => vec![json!({ "id": id, "from": from, "op": "pad2d", "padding": node["pad"] })],
        "relu" => vec![json!({ "id": id, "from": from, "op": "activation", "kind": "relu" })],
        "dropout" => {
            vec![json!({ "id": id, "from": from, "op": "dropout", "probability": 0.5 })]
        }
        "add" => vec![json!({ "id": id, "from": from, "op": "add" })],
        "concat" => {
            let joined = format!("{}/concat", id.as_str().unwrap());
            vec![
                json!({ "id": joined, "from": from, "op": "concat" }),
                json!({ "id": id, "from": joined, "op": "conv2d", "channels": 1, "kernel": 1 }),
            ]
        }
        other => panic!("an unknown operator {other}"),
    }
}

fn file(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

/// The last node's shape and receptive field.
fn output(case: &Value) -> (Vec<Option<usize>>, ReceptiveField) {
    let graph = Graph::new(&spec(case)).unwrap();
    let field = receptive_fields(&graph).unwrap().pop().unwrap();
    (graph.nodes().last().unwrap().shape.extents(), field)
}

fn pair(of: [Option<f64>; 2]) -> Value {
    // Whole numbers as the files write them.
    json!(of.map(|value| value.map(|value| value as i64)))
}

fn assert_field(case: &Value, field: &ReceptiveField) {
    let (expected, name) = (&case["expect"], &case["name"]);
    let axes = field.axes;
    for value in axes
        .iter()
        .flat_map(|axis| [axis.size, axis.stride, axis.padding])
    {
        assert_eq!(value.unwrap_or(0.0).fract(), 0.0, "{name}");
    }
    assert_eq!(pair(axes.map(|axis| axis.size)), expected["rf"], "{name}");
    assert_eq!(
        pair(axes.map(|axis| axis.stride)),
        expected["stride"],
        "{name}"
    );
    assert_eq!(
        pair(axes.map(|axis| axis.padding)),
        expected["pad"],
        "{name}"
    );
}

#[test]
fn published_graphs_have_their_published_fields() {
    let file = file(include_str!("../data/truth/rf_graphs.json"));
    let (mut fitting, mut misaligned) = (0, 0);
    for case in file["graphs"].as_array().unwrap() {
        let (_, field) = output(case);
        if case["expect"]["error"] == "misaligned" {
            assert_eq!(field.aligned, Some(false), "{}", case["name"]);
            misaligned += 1;
        } else {
            assert_eq!(
                json!(field.aligned),
                case["expect"]["aligned"],
                "{}",
                case["name"]
            );
            assert_field(case, &field);
            fitting += 1;
        }
    }
    assert_eq!((fitting, misaligned), (9, 2));
}

#[test]
fn published_graphs_have_their_published_sizes() {
    let file = file(include_str!("../data/truth/rf_graphs.json"));
    let mut compared = 0;
    for case in file["size_cases"].as_array().unwrap() {
        let graph = Graph::new(&spec(case)).unwrap();
        for (id, expected) in case["expect_output_size"].as_object().unwrap() {
            let id = if id == "x" { "input" } else { id };
            let shape = graph[graph.find(id).unwrap()].shape;
            let expected = expected.as_u64().map(|extent| extent as usize);
            assert_eq!(shape.spatial(), [expected; 2], "{id}");
            compared += 1;
        }
    }
    assert_eq!(compared, 9);
}

#[test]
fn same_padding_is_the_published_one_and_unknown_where_that_is() {
    let file = file(include_str!("../data/truth/rf_graphs.json"));
    let cases = file["same_padding_cases"].as_array().unwrap();
    for case in cases {
        let whole = |name: &str| case[name].as_u64().map(|value| value as usize);
        let (kernel, stride) = (whole("kernel").unwrap(), whole("stride").unwrap());
        let input = [whole("input").unwrap_or(0); 2];
        let window = Window::new(
            "test",
            [kernel; 2],
            [stride; 2],
            [1; 2],
            Padding::Same,
            input,
        )
        .unwrap();
        if case["input"].is_null() {
            let before = window.same_padding_before(Axis::Height);
            assert_eq!(before, whole("pad_before"), "{case}");
        } else {
            let [before, after] = window.padding.along(Axis::Height);
            assert_eq!(Some(before), whole("pad_before"), "{case}");
            assert_eq!(Some(before + after), whole("pad_total"), "{case}");
        }
        let (_, field) = output(&json!({
            "name": case.to_string(),
            "input_size": case["input"].as_u64().map(|input| [input, input]),
            "nodes": [
                { "id": "x", "op": "input", "inputs": [] },
                { "id": "y", "op": "conv", "inputs": ["x"], "kernel": [kernel, kernel],
                  "stride": [stride, stride], "dilation": [1, 1], "pad": "same" },
            ],
        }));
        assert_eq!(
            field.axes[0].padding,
            whole("pad_before").map(|value| value as f64)
        );
    }
    assert_eq!(cases.len(), 4);
}

#[test]
fn random_graphs_have_the_fields_that_gradients_showed() {
    let file = file(include_str!("../data/truth/rf_random.json"));
    let cases = file["cases"].as_array().unwrap();
    for case in cases {
        let (shape, field) = output(case);
        assert_eq!(json!(shape[1..]), case["output_size"], "{}", case["name"]);
        assert_field(case, &field);
    }
    assert_eq!(cases.len(), 90);
}
