//! Networks: shapes, costs and receptive fields worked out by hand, and specs that are refused.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in its helpers"
)]

mod costs;
mod fields;
mod hostile;
mod refusals;
mod shapes;

use cnn_playground::error::{Error, Result};
use cnn_playground::net::graph::Graph;
use serde_json::{Value, json};

/// The checked network of these layers on an input of 3 channels, 32 rows and 24 columns.
fn network(layers: Value) -> Result<Graph> {
    network_on(json!({ "channels": 3, "height": 32, "width": 24 }), layers)
}

fn network_on(input: Value, layers: Value) -> Result<Graph> {
    let spec = json!({ "input": input, "layers": layers });
    Graph::new(&serde_json::from_value(spec).unwrap())
}

/// Why `layer` is refused, in the words of its operator.
fn reason(layers: Value, layer: &str) -> Error {
    match network(layers) {
        Err(Error::Layer {
            layer: named,
            reason,
            ..
        }) => {
            assert_eq!(named, layer);
            *reason
        }
        other => panic!("{other:?}"),
    }
}

/// A 3 x 3 convolution that keeps the extents.
fn conv(id: &str, from: &str, channels: usize) -> Value {
    json!({ "id": id, "from": from, "op": "conv2d", "channels": channels, "kernel": 3, "padding": 1 })
}
