//! Native benchmarks of the kernels in the race: `cargo bench`, or `cargo bench -- pooling` for one
//! group.
//!
//! Each kernel is a network of one layer, planned once, as in `benches/race/`; there is also a
//! training step. Native builds use no vector intrinsics, so compare these figures between
//! versions, not with other libraries.

#![allow(
    clippy::expect_used,
    reason = "a benchmark that cannot start may panic"
)]

use std::hint::black_box;
use std::time::Duration;

use cnn_playground::data::rng::Rng;
use cnn_playground::net::graph::Graph;
use cnn_playground::net::planned::Network;
use cnn_playground::net::spec::Spec;
use cnn_playground::net::weights::{Initial, Weights};
use cnn_playground::net::zoo;
use cnn_playground::train::loss::Targets;
use cnn_playground::train::optimizer::{Method, OptimizerOptions};
use cnn_playground::train::regularization::Regularization;
use cnn_playground::train::rules::adam::Adam;
use cnn_playground::train::trainer::{Trainer, TrainerOptions};
use criterion::Criterion;
use ndarray::Array4;
use serde_json::{Value, json};

fn main() {
    let mut criterion = Criterion::default()
        .sample_size(10)
        .warm_up_time(Duration::from_millis(200))
        .measurement_time(Duration::from_secs(1))
        .configure_from_args();
    convolutions(&mut criterion);
    pooling(&mut criterion);
    products(&mut criterion);
    training(&mut criterion);
    criterion.final_summary();
}

fn convolutions(criterion: &mut Criterion) {
    // Name, channels in and out, side of the input, kernel, stride, padding, groups.
    let layers = [
        ("VGG conv1_1", [3, 64, 224, 3, 1, 1, 1]),
        ("VGG conv1_2", [64, 64, 224, 3, 1, 1, 1]),
        ("VGG conv3_2", [256, 256, 56, 3, 1, 1, 1]),
        ("VGG conv5", [512, 512, 14, 3, 1, 1, 1]),
        ("AlexNet conv1", [3, 64, 224, 11, 4, 2, 1]),
        ("AlexNet conv2", [64, 192, 27, 5, 1, 2, 1]),
        ("ResNet conv1", [3, 64, 224, 7, 2, 3, 1]),
        ("ResNet 1x1", [256, 64, 56, 1, 1, 0, 1]),
        ("MobileNet depthwise", [144, 144, 56, 3, 1, 1, 144]),
        ("MobileNet depthwise, stride 2", [96, 96, 112, 3, 2, 1, 96]),
    ];
    for (name, [from, to, side, kernel, stride, padding, groups]) in layers {
        let layer = json!({
            "id": "conv", "op": "conv2d", "channels": to, "kernel": kernel, "stride": stride,
            "padding": padding, "groups": groups, "bias": false,
        });
        one_layer(criterion, "convolutions", name, [from, side, side], layer);
    }
}

fn pooling(criterion: &mut Criterion) {
    // Kind, channels, side of the input, size, stride, padding.
    let layers = [
        ("max", [64, 224, 2, 2, 0]),
        ("max", [512, 14, 2, 2, 0]),
        ("max", [64, 112, 3, 2, 1]),
        ("max", [64, 55, 3, 2, 0]),
        ("max", [480, 14, 3, 1, 1]),
        ("average", [64, 224, 2, 2, 0]),
    ];
    for (kind, [channels, side, size, stride, padding]) in layers {
        let name = format!("{kind} {size}x{size}, stride {stride}, {channels} @{side}");
        let layer = json!({
            "id": "pool", "op": "pool2d", "kind": kind, "size": size, "stride": stride,
            "padding": padding,
        });
        one_layer(criterion, "pooling", &name, [channels, side, side], layer);
    }
    let global = json!({ "id": "pool", "op": "globalPool2d", "kind": "average" });
    one_layer(
        criterion,
        "pooling",
        "global average 2048 @7",
        [2048, 7, 7],
        global,
    );
}

fn products(criterion: &mut Criterion) {
    for [rows, terms, side] in [[512, 4608, 28], [256, 256, 16]] {
        let name = format!("{rows} x {terms} x {}", side * side);
        let layer = json!({
            "id": "conv", "op": "conv2d", "channels": rows, "kernel": 1, "bias": false,
        });
        one_layer(criterion, "products", &name, [terms, side, side], layer);
    }
    let dense = json!({ "id": "dense", "op": "dense", "features": 4096 });
    one_layer(
        criterion,
        "products",
        "dense 4096 > 4096",
        [4096, 1, 1],
        dense,
    );
}

fn training(criterion: &mut Criterion) {
    let Some(lenet) = zoo::find("lenet5_modern") else {
        return;
    };
    let spec = (lenet.spec)();
    let (height, width) = (
        spec.input.height.unwrap_or(32),
        spec.input.width.unwrap_or(32),
    );
    let shape = [32, spec.input.channels, height, width];
    let graph = Graph::new(&spec).expect("a published network");
    let options = OptimizerOptions {
        method: Method::Adam(Adam::default()),
        regularization: Regularization::default(),
    };
    let options = TrainerOptions {
        seed: 1,
        ..TrainerOptions::new(options)
    };
    let mut trainer = Trainer::<f32>::new(graph, options).expect("a network that classifies");
    let (inputs, labels) = (noise(shape), [3; 32]);
    criterion.bench_function("training/LeNet-5, batch 32, Adam", |bencher| {
        bencher.iter(|| {
            let targets = Targets::Labels(&labels);
            black_box(trainer.step(inputs.view(), targets, 1e-3).expect("a step"))
        });
    });
}

/// Times a network of one layer on an input of `shape`.
fn one_layer(criterion: &mut Criterion, group: &str, name: &str, shape: [usize; 3], layer: Value) {
    let [channels, height, width] = shape;
    let input = json!({ "channels": channels, "height": height, "width": width });
    let spec: Spec = serde_json::from_value(json!({ "input": input, "layers": [layer] }))
        .expect("the spec of a layer");
    let graph = Graph::new(&spec).expect("a layer that fits its input");
    let weights =
        Weights::<f32>::new(&graph, graph.last(), Initial::Random { seed: 1 }).expect("weights");
    let mut network = Network::new(graph, |node| Ok(weights.of(node).to_vec()))
        .expect("weights of the layer's shapes");
    let values = noise([1, channels, height, width]);
    network
        .input_mut()
        .copy_from_slice(values.as_slice().expect("row by row"));
    criterion.bench_function(&format!("{group}/{name}"), |bencher| {
        bencher.iter(|| {
            network.run().expect("a layer that runs");
            black_box(network.output());
        });
    });
}

fn noise(shape: [usize; 4]) -> Array4<f32> {
    let mut rng = Rng::new(1);
    Array4::from_shape_simple_fn(shape, || rng.normal() as f32)
}
