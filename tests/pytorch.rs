//! The PyTorch code of networks, run: each step's shape and each module's parameters are compared
//! with PyTorch's own.
//!
//! It needs a Python with PyTorch: the one that the variable `PYTHON` names, else `python3`. Without
//! one the test says so and checks nothing. Tensors are on PyTorch's `meta` device, which has shapes
//! but no values, so that the largest network takes no longer than the smallest.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

use std::io::Write;
use std::process::{Command, Stdio};

use cnn_playground::net::analysis::cost::costs;
use cnn_playground::net::graph::Graph;
use cnn_playground::net::pytorch::module;
use cnn_playground::net::spec::Spec;
use cnn_playground::net::zoo::ARCHITECTURES;

/// Reads networks as JSON, writes for each the shape and the number of parameters of each step.
const RUNNER: &str = r#"
import json, re, sys
import torch

def measured(network):
    step = re.compile(r"^        (\w+) = (.*)$")
    head, _, forward = network["code"].rpartition("    def forward(self")
    lines = [step.sub(r"        \1 = keep(self, '''\2''', \2)", line) for line in forward.split("\n")]
    steps = []
    def keep(self, text, value):
        name = re.search(r"self\.(\w+)\(", text)
        found = getattr(self, name[1]).parameters() if name else []
        steps.append([list(value.shape[1:]), sum(p.numel() for p in found)])
        return value
    scope = {"keep": keep}
    with torch.device("meta"), torch.no_grad():
        exec(head + "    def forward(self" + "\n".join(lines), scope)
        model = scope["Network"]().eval()
        model(torch.zeros(1, *network["input"]))
    assert sum(p.numel() for p in model.parameters()) == sum(count for _, count in steps)
    return steps

print(json.dumps([measured(network) for network in json.load(sys.stdin)]))
"#;

/// Layers that no network of the zoo has, and options that PyTorch has no name for.
const OTHERS: &[&str] = &[
    r#"{ "id": "a", "op": "convTranspose2d", "channels": 4, "kernel": [3, 4], "stride": [2, 3],
         "padding": [1, 0, 2, 1], "outputPadding": [1, 0], "groups": 1, "bias": false },
       { "id": "b", "op": "convTranspose2d", "channels": 6, "kernel": 3, "stride": 2, "padding": 1,
         "outputPadding": 1, "groups": 2, "dilation": 2 },
       { "id": "c", "op": "prelu" },
       { "id": "d", "op": "groupNorm", "groups": 3 },
       { "id": "e", "op": "resize2d", "scale": [2, 1], "kind": "bilinear" },
       { "id": "f", "op": "blurPool2d", "taps": 4, "stride": 2 },
       { "id": "g", "op": "adaptivePool2d", "kind": "max", "size": [3, 2] },
       { "id": "h", "op": "globalPool2d", "kind": "lp" },
       { "id": "i", "op": "flatten" },
       { "id": "j", "op": "batchNorm" },
       { "id": "type", "op": "dense", "features": 5, "bias": false },
       { "id": "l", "op": "softmax" }"#,
    r#"{ "id": "max", "op": "pool2d", "kind": "max", "size": 3, "stride": 2, "padding": "same" },
       { "id": "max_full", "op": "pool2d", "kind": "max", "size": 3, "stride": 2, "padding": 2,
         "dilation": 2, "ceilMode": true },
       { "id": "mean", "op": "pool2d", "kind": "average", "size": [2, 3], "stride": 1,
         "padding": "same", "countIncludePad": false },
       { "id": "mean_sides", "op": "pool2d", "kind": "average", "size": 3, "stride": 2,
         "padding": [0, 1, 1, 0], "ceilMode": true },
       { "id": "mean_gaps", "op": "pool2d", "kind": "average", "size": 2, "stride": 1,
         "padding": 1, "dilation": 2, "countIncludePad": false },
       { "id": "norm", "op": "pool2d", "kind": "lp", "size": 2, "stride": 1, "padding": 1, "p": 3 },
       { "id": "norm_gaps", "op": "pool2d", "kind": "lp", "size": 2, "stride": 1, "dilation": 2 },
       { "id": "pad", "op": "pad2d", "padding": [1, 2, 3, 0], "mode": "circular" },
       { "id": "pad_mirror", "op": "pad2d", "padding": [1, 2, 3, 0], "mode": "reflect" },
       { "id": "pad_edge", "op": "pad2d", "padding": [1, 2, 3, 0], "mode": "replicate" },
       { "id": "scale", "op": "scale", "factor": 0.5 },
       { "id": "gaps", "op": "conv2d", "channels": 4, "kernel": [3, 1], "padding": "full",
         "dilation": [2, 1] },
       { "id": "normed", "op": "batchNorm", "scale": false }"#,
];

/// A network, its code, and what its steps should be.
struct Case {
    name: String,
    graph: Graph,
    code: String,
}

impl Case {
    fn new(name: &str, spec: &Spec) -> Case {
        let graph = Graph::new(spec).unwrap();
        Case {
            name: name.into(),
            code: module(&graph).unwrap(),
            graph,
        }
    }

    /// Shape and parameters of each layer.
    fn expected(&self) -> Vec<(Vec<usize>, u64)> {
        let costs = costs(&self.graph).unwrap();
        let nodes = self.graph.nodes().iter().zip(costs).skip(1);
        nodes
            .map(|(node, cost)| {
                let extents = node.shape.extents().into_iter().flatten().collect();
                (extents, cost.parameters.unwrap())
            })
            .collect()
    }

    fn input(&self) -> Vec<usize> {
        let extents = self.graph.nodes()[0].shape.extents();
        extents.into_iter().flatten().collect()
    }
}

fn cases() -> Vec<Case> {
    let zoo = ARCHITECTURES
        .iter()
        .map(|known| Case::new(known.name, &(known.spec)()));
    let others = OTHERS.iter().enumerate().map(|(number, layers)| {
        let text = format!(
            r#"{{ "input": {{ "channels": 4, "height": 41, "width": 45 }}, "layers": [{layers}] }}"#
        );
        let spec = serde_json::from_str(&text).unwrap();
        Case::new(&format!("others {number}"), &spec)
    });
    zoo.chain(others).collect()
}

fn python() -> Option<String> {
    let python = std::env::var("PYTHON").unwrap_or_else(|_| "python3".into());
    let probe = Command::new(&python)
        .args(["-c", "import torch"])
        .stderr(Stdio::null())
        .status();
    probe.is_ok_and(|status| status.success()).then_some(python)
}

#[test]
fn the_code_gives_every_layer_the_same_shape_and_as_many_parameters() {
    let Some(python) = python() else {
        println!("skipped: no Python with PyTorch here (the variable PYTHON names one)");
        return;
    };
    let cases = cases();
    let networks = cases
        .iter()
        .map(|case| serde_json::json!({ "code": case.code, "input": case.input() }))
        .collect::<Vec<_>>();
    let mut runner = Command::new(python)
        .args(["-c", RUNNER])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let text = serde_json::to_string(&networks).unwrap();
    runner
        .stdin
        .take()
        .unwrap()
        .write_all(text.as_bytes())
        .unwrap();
    let output = runner.wait_with_output().unwrap();
    assert!(output.status.success());
    let measured: Vec<Vec<(Vec<usize>, u64)>> = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(measured.len(), cases.len());
    for (case, measured) in cases.iter().zip(measured) {
        let expected = case.expected();
        assert_eq!(measured.len(), expected.len(), "{}", case.name);
        let layers = case.graph.nodes()[1..].iter().zip(expected).zip(measured);
        for ((node, expected), measured) in layers {
            assert_eq!(expected, measured, "{}: {}", case.name, node.id);
        }
    }
    println!("{} networks", cases.len());
}
