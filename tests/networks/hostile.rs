use std::time::{Duration, Instant};

use cnn_playground::error::{Error, Result};
use cnn_playground::net::analysis::describe::describe;
use cnn_playground::net::analysis::receptive_field::region;
use cnn_playground::net::graph::Graph;
use serde_json::{Value, json};

use crate::{conv, network_on};

/// Everything that is asked of a network.
fn all(input: Value, layers: Value) -> Result<Graph> {
    let graph = network_on(input, layers)?;
    describe(&graph)?;
    region(&graph, graph.last(), [0, 0])?;
    Ok(graph)
}

fn small() -> Value {
    json!({ "channels": 1, "height": 64, "width": 64 })
}

/// Layers in a row, all with the same options.
fn row(count: usize, layer: &Value) -> Value {
    let layers = (0..count).map(|idx| {
        let mut layer = layer.clone();
        layer["id"] = json!(format!("n{idx}"));
        layer
    });
    layers.collect()
}

#[test]
fn too_many_layers_and_too_long_names_are_refused() {
    let relu = json!({ "op": "activation", "kind": "relu" });
    assert!(all(small(), row(5000, &relu)).is_ok());
    let error = all(small(), row(10_000, &relu)).unwrap_err();
    assert!(matches!(error, Error::WrongCount { got: 10_000, .. }));
    let name = "n".repeat(1 << 20);
    let error = all(small(), json!([conv(&name, "input", 1)])).unwrap_err();
    assert!(error.to_string().len() < 300, "{error}");
    let error = all(small(), json!([conv("a", &name, 1)])).unwrap_err();
    assert!(error.to_string().len() < 300, "{error}");
}

#[test]
fn names_of_object_prototypes_are_names_like_others() {
    let layers = json!([
        conv("__proto__", "input", 1),
        conv("constructor", "__proto__", 1)
    ]);
    assert!(all(small(), layers).is_ok());
}

#[test]
fn absurd_sizes_are_refused() {
    let huge = 1_000_000_000;
    for input in [
        json!({ "channels": huge, "height": 8, "width": 8 }),
        json!({ "channels": 3, "height": huge, "width": 8 }),
        json!({ "channels": 3, "height": 8, "width": huge }),
        json!({ "channels": 0, "height": 8, "width": 8 }),
        json!({ "channels": 3, "height": 0, "width": 8 }),
    ] {
        assert!(
            all(input.clone(), json!([conv("a", "input", 1)])).is_err(),
            "{input}"
        );
    }
    for layer in [
        json!({ "op": "conv2d", "channels": huge, "kernel": 1 }),
        json!({ "op": "conv2d", "channels": 1, "kernel": huge }),
        json!({ "op": "conv2d", "channels": 1, "kernel": 1, "stride": huge }),
        json!({ "op": "conv2d", "channels": 1, "kernel": 3, "dilation": huge, "padding": "full" }),
        json!({ "op": "conv2d", "channels": 1, "kernel": 1, "padding": huge }),
        json!({ "op": "conv2d", "channels": 1, "kernel": 1, "groups": huge }),
        json!({ "op": "conv2d", "channels": 1, "kernel": 0 }),
        json!({ "op": "conv2d", "channels": 1, "kernel": 1, "groups": 0 }),
        json!({ "op": "convTranspose2d", "channels": 1, "kernel": 1, "stride": huge }),
        json!({ "op": "convTranspose2d", "channels": 1, "kernel": 1, "outputPadding": huge }),
        json!({ "op": "pad2d", "padding": huge }),
        json!({ "op": "resize2d", "scale": huge, "kind": "nearest" }),
        json!({ "op": "adaptivePool2d", "kind": "max", "size": huge }),
        json!({ "op": "blurPool2d", "taps": huge, "stride": 1 }),
        json!({ "op": "groupNorm", "groups": 0 }),
        json!({ "op": "localResponseNorm", "size": 0, "alpha": 1, "beta": 1, "k": 1 }),
    ] {
        assert!(all(small(), row(1, &layer)).is_err(), "{layer}");
        let unknown = all(json!({ "channels": 1 }), row(1, &layer));
        assert!(unknown.is_err(), "{layer}");
    }
}

#[test]
fn costs_and_fields_beyond_exact_numbers_are_refused_at_the_layer() {
    let largest = json!({ "channels": 1 << 20, "height": 1 << 16, "width": 1 << 16 });
    let wide = json!([{ "id": "a", "op": "conv2d", "channels": 1 << 20, "kernel": 1 }]);
    let error = all(largest, wide).unwrap_err();
    assert!(matches!(error, Error::Layer { ref layer, .. } if layer == "input" || layer == "a"));
    let strided = row(
        60,
        &json!({ "op": "conv2d", "channels": 1, "kernel": 2, "stride": 2 }),
    );
    let error = all(json!({ "channels": 1 }), strided).unwrap_err();
    assert!(
        matches!(error, Error::Layer { ref layer, .. } if layer == "n53"),
        "{error}"
    );
    let once = row(
        5000,
        &json!({ "op": "conv2d", "channels": 1, "kernel": 1, "stride": 1 << 20 }),
    );
    assert!(all(small(), once).is_err());
}

/// Each of these is accepted or refused; none may take long.
#[test]
fn nothing_takes_long() {
    let inner = |layer: Value| row(500, &layer);
    let enlarging = json!({ "op": "convTranspose2d", "channels": 1, "kernel": 1 << 20, "stride": 1 << 20,
        "dilation": 1 });
    let alternating = (0..500).map(|idx| {
        let mut layer = match idx % 2 {
            0 => json!({ "op": "resize2d", "scale": 127, "kind": "bilinear" }),
            _ => json!({ "op": "conv2d", "channels": 1, "kernel": 1 << 19, "stride": 127,
                "padding": 1 << 18 }),
        };
        layer["id"] = json!(format!("n{idx}"));
        layer
    });
    let long_sums = (0..500).map(|idx: usize| {
        let from = (idx.saturating_sub(255)..=idx)
            .map(|input| match input {
                0 => "input".into(),
                _ => format!("n{}", input - 1),
            })
            .collect::<Vec<_>>();
        json!({ "id": format!("n{idx}"), "from": from, "op": "add" })
    });
    let largest = json!({ "channels": 1, "height": 1 << 16, "width": 1 << 16 });
    let padded = json!({ "op": "pool2d", "kind": "max", "size": 3, "stride": 1, "padding": 1 });
    let dilated = json!({ "op": "conv2d", "channels": 1, "kernel": 3, "dilation": 1 << 18,
        "padding": 1 << 18 });
    for (name, input, layers) in [
        ("enlarging", json!({ "channels": 1 }), inner(enlarging)),
        (
            "alternating",
            json!({ "channels": 1 }),
            alternating.collect(),
        ),
        ("long sums", small(), long_sums.collect()),
        ("long sums on a large input", largest.clone(), Value::Null),
        ("padded pools on a large input", largest, inner(padded)),
        ("dilated", json!({ "channels": 1 }), inner(dilated)),
    ] {
        let layers = match layers {
            Value::Null => row(500, &json!({ "op": "add" })),
            layers => layers,
        };
        let started = Instant::now();
        let outcome = all(input, layers).map(|_| ());
        let took = started.elapsed();
        // Far above what an optimised build takes.
        assert!(
            took < Duration::from_secs(30),
            "{name} took {took:?}: {outcome:?}"
        );
        eprintln!(
            "{name}: {took:?} {:?}",
            outcome.map_err(|error| error.to_string())
        );
    }
}
