use cnn_playground::net::graph::Graph;
use serde_json::json;

use crate::{conv, network, network_on};

fn shapes(graph: &Graph) -> Vec<String> {
    let nodes = graph.nodes().iter();
    nodes
        .map(|node| format!("{} {}", node.id, node.shape))
        .collect()
}

#[test]
fn every_operator_shapes_its_output() {
    let graph = network(json!([
        { "id": "conv", "op": "conv2d", "channels": 8, "kernel": [5, 3], "stride": 2, "padding": "same" },
        { "id": "norm", "op": "batchNorm" },
        { "id": "act", "op": "activation", "kind": "relu" },
        { "id": "slope", "op": "prelu" },
        { "id": "lrn", "op": "localResponseNorm", "size": 5, "alpha": 1e-4, "beta": 0.75, "k": 2 },
        { "id": "max", "op": "pool2d", "kind": "max", "size": 3, "stride": 2, "ceilMode": true },
        { "id": "up", "op": "convTranspose2d", "channels": 4, "kernel": 4, "stride": 2, "padding": 1 },
        { "id": "pad", "op": "pad2d", "padding": [1, 2, 3, 4], "mode": "reflect" },
        { "id": "blur", "op": "blurPool2d", "taps": 3, "stride": 2 },
        { "id": "resize", "op": "resize2d", "scale": [2, 3], "kind": "bilinear" },
        { "id": "group", "op": "groupNorm", "groups": 2 },
        { "id": "drop", "op": "dropout", "probability": 0.5 },
        { "id": "scale", "op": "scale", "factor": 0.1 },
        { "id": "coefficients", "op": "channelScale" },
        { "id": "adaptive", "op": "adaptivePool2d", "kind": "average", "size": [3, 2] },
        { "id": "vector", "op": "flatten" },
        { "id": "dense", "op": "dense", "features": 10 },
        { "id": "softmax", "op": "softmax" },
        { "id": "global", "from": "up", "op": "globalPool2d", "kind": "max" },
    ]))
    .unwrap();
    let expected = [
        "input [3, 32, 24]",
        "conv [8, 16, 12]",
        "norm [8, 16, 12]",
        "act [8, 16, 12]",
        "slope [8, 16, 12]",
        "lrn [8, 16, 12]",
        "max [8, 8, 6]",
        "up [4, 16, 12]",
        "pad [4, 20, 18]",
        "blur [4, 10, 9]",
        "resize [4, 20, 27]",
        "group [4, 20, 27]",
        "drop [4, 20, 27]",
        "scale [4, 20, 27]",
        "coefficients [4, 20, 27]",
        "adaptive [4, 3, 2]",
        "vector [24]",
        "dense [10]",
        "softmax [10]",
        "global [4, 1, 1]",
    ];
    assert_eq!(shapes(&graph), expected);
}

#[test]
fn what_an_unknown_extent_decides_is_unknown() {
    let graph = network_on(
        json!({ "channels": 3, "width": 24 }),
        json!([
            conv("a", "input", 8),
            { "id": "flat", "op": "flatten" },
            { "id": "global", "from": "a", "op": "globalPool2d", "kind": "average" },
            { "id": "vector", "op": "flatten" },
        ]),
    )
    .unwrap();
    let expected = [
        "input [3, ?, 24]",
        "a [8, ?, 24]",
        "flat [?]",
        "global [8, 1, 1]",
        "vector [8]",
    ];
    assert_eq!(shapes(&graph), expected);
}

#[test]
fn inputs_meet_in_sums_and_concatenations() {
    let graph = network(json!([
        conv("a", "input", 8),
        conv("b", "input", 8),
        { "id": "sum", "from": ["a", "b"], "op": "add" },
        { "id": "all", "from": ["sum", "a", "input"], "op": "concat" },
    ]))
    .unwrap();
    assert_eq!(shapes(&graph)[3..], ["sum [8, 32, 24]", "all [19, 32, 24]"]);
}

#[test]
fn layers_in_any_order_are_sorted_and_those_in_order_stay() {
    let graph = network(json!([
        { "id": "sum", "from": ["b", "a"], "op": "add" },
        conv("b", "a", 8),
        conv("a", "input", 8),
        { "id": "after a", "op": "prelu" },
    ]))
    .unwrap();
    let ids = graph.nodes().iter().map(|node| node.id.as_str());
    assert_eq!(
        ids.collect::<Vec<_>>(),
        ["input", "a", "b", "sum", "after a"]
    );
    let [sum, b, a] = ["sum", "b", "a"].map(|id| graph.find(id).unwrap());
    assert_eq!(graph[sum].inputs, [b, a]);
}
