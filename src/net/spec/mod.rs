//! The spec of a network: a directed acyclic graph of named layers, as plain data.
//!
//! As JSON: `{ "input": { "channels": 3, "height": 224, "width": 224 }, "layers": [{ "id": "conv1",
//! "op": "conv2d", "channels": 64, "kernel": 3, "padding": 1 }, ...] }`. An `op` and its options have
//! the names of the JavaScript function that computes it. Dots and slashes in ids name blocks:
//! `layer1.0.conv1` lies in the block `layer1.0`, and that in `layer1`.

mod forms;
mod op;

use serde::{Deserialize, Serialize};

pub use op::{Interpolation, Op, Pooling};

/// The name under which layers refer to the network's input.
pub const INPUT: &str = "input";

/// A network.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Spec {
    /// The shape of one input.
    pub input: Input,
    /// The layers, in any order.
    pub layers: Vec<Layer>,
}

/// The shape of one input, without the batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Number of channels.
    pub channels: usize,
    /// Rows, `None` if they are not fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub height: Option<usize>,
    /// Columns, `None` if they are not fixed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub width: Option<usize>,
}

/// A node of the graph.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Layer {
    /// The name, unlike all others and unlike [`INPUT`].
    pub id: String,
    /// Where its inputs come from; empty for the layer before it.
    #[serde(default, with = "forms::names", skip_serializing_if = "Vec::is_empty")]
    pub from: Vec<String>,
    /// What it computes.
    #[serde(flatten)]
    pub op: Op,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Layer, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn a_layer_reads_the_short_forms_and_writes_the_full_ones() {
        let layer = read(r#"{ "id": "a", "from": "b", "op": "conv2d", "channels": 8, "kernel": 3, "padding": [1, 2] }"#).unwrap();
        let text = serde_json::to_value(&layer).unwrap();
        assert_eq!(
            text,
            serde_json::json!({
                "id": "a", "from": ["b"], "op": "conv2d", "channels": 8, "kernel": [3, 3],
                "stride": [1, 1], "padding": [1, 2, 1, 2], "dilation": [1, 1], "groups": 1, "bias": true,
            })
        );
        assert_eq!(serde_json::from_value::<Layer>(text).unwrap(), layer);
    }

    #[test]
    fn an_unknown_option_is_refused_by_name() {
        let refused = read(r#"{ "id": "a", "op": "flatten", "kernel": 3 }"#).unwrap_err();
        assert!(refused.contains("kernel"), "{refused}");
        let refused = read(r#"{ "id": "a", "op": "conv3d" }"#).unwrap_err();
        assert!(refused.contains("conv3d"), "{refused}");
    }
}
