//! A planned network that runs allocates nothing: counted by the allocator itself.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]
#![allow(
    unsafe_code,
    reason = "an allocator is unsafe to write; this one counts and hands on to the system's"
)]

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;

use cnn_playground::net::graph::Graph;
use cnn_playground::net::planned::Network;
use cnn_playground::net::weights::{Initial, Weights};

struct Counting;

thread_local! {
    static ALLOCATIONS: Cell<usize> = const { Cell::new(0) };
}

fn count() {
    // While a thread ends there is nothing left to count with.
    let _ = ALLOCATIONS.try_with(|count| count.set(count.get() + 1));
}

// SAFETY: every call goes to the system's allocator as it came.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        count();
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        unsafe { System.dealloc(memory, layout) }
    }

    unsafe fn realloc(&self, memory: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        count();
        unsafe { System.realloc(memory, layout, size) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Every kind of layer that has a kernel of its own.
const LAYERS: &str = r#"[
    { "id": "conv1", "op": "conv2d", "channels": 16, "kernel": 7, "stride": 2, "padding": 3, "bias": false },
    { "id": "norm1", "op": "batchNorm" },
    { "id": "relu1", "op": "activation", "kind": "relu" },
    { "id": "wide", "op": "conv2d", "channels": 16, "kernel": 3, "padding": 1 },
    { "id": "relu6", "op": "activation", "kind": "relu6" },
    { "id": "depth", "op": "conv2d", "channels": 16, "kernel": 3, "padding": 1, "groups": 16 },
    { "id": "norm2", "op": "batchNorm" },
    { "id": "sum", "op": "add", "from": ["norm2", "relu1"] },
    { "id": "relu2", "op": "activation", "kind": "relu" },
    { "id": "norm3", "op": "batchNorm" },
    { "id": "max", "op": "pool2d", "kind": "max", "size": 3, "stride": 1, "padding": 1 },
    { "id": "mean", "op": "pool2d", "kind": "average", "size": 3, "stride": 1, "padding": 1 },
    { "id": "tanh", "op": "activation", "kind": "tanh" },
    { "id": "point", "op": "conv2d", "channels": 8, "kernel": 1 },
    { "id": "both", "op": "concat", "from": ["point", "relu2", "tanh"] },
    { "id": "scale", "op": "scale", "factor": 0.5 },
    { "id": "drop", "op": "dropout", "probability": 0.5 },
    { "id": "global", "op": "globalPool2d", "kind": "max" },
    { "id": "parts", "op": "adaptivePool2d", "kind": "average", "size": 3, "from": "drop" },
    { "id": "whole", "op": "add", "from": ["parts", "parts"] },
    { "id": "flat", "op": "flatten" },
    { "id": "dense", "op": "dense", "features": 10 },
    { "id": "classes", "op": "softmax" },
    { "id": "channel", "op": "globalPool2d", "kind": "average", "from": "global" },
    { "id": "thin", "op": "flatten" },
    { "id": "end", "op": "concat", "from": ["classes", "thin"] }
]"#;

#[test]
fn a_run_allocates_nothing() {
    let text = format!(
        r#"{{ "input": {{ "channels": 3, "height": 33, "width": 31 }}, "layers": {LAYERS} }}"#
    );
    let graph = Graph::new(&serde_json::from_str(&text).unwrap()).unwrap();
    let last = graph.last();
    let weights = Weights::<f32>::new(&graph, last, Initial::Random { seed: 1 }).unwrap();
    let mut network = Network::new(graph, |node| Ok(weights.of(node).to_vec())).unwrap();
    network.input_mut().fill(0.5);
    let allocations = || ALLOCATIONS.with(Cell::get);
    let before = allocations();
    assert!(before > 0, "planning allocates");
    network.run().unwrap();
    assert_eq!(allocations() - before, 0);
    assert!(network.output().iter().all(|value| value.is_finite()));
}
