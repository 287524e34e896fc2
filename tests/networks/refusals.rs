use cnn_playground::error::Error;
use serde_json::json;

use crate::{conv, network, network_on, reason};

#[test]
fn a_sum_of_different_shapes_names_both_inputs_and_shapes() {
    let error = network(json!([
        conv("stage1.0.conv", "input", 8),
        { "id": "stage1.0.pool", "op": "pool2d", "kind": "max", "size": 2 },
        { "id": "stage1.0.add", "from": ["stage1.0.conv", "stage1.0.pool"], "op": "add" },
    ]))
    .unwrap_err();
    assert_eq!(
        error.to_string(),
        "network: layer stage1.0.add: add: stage1.0.conv has shape [8, 32, 24] and stage1.0.pool has \
         shape [8, 16, 12], which do not match"
    );
}

#[test]
fn shapes_that_do_not_fit_are_refused_and_unknown_extents_fit_any() {
    let layers = |op: &str| {
        json!([
            conv("a", "input", 8),
            { "id": "p", "op": "pool2d", "kind": "max", "size": 2 },
            { "id": "m", "from": ["a", "p"], "op": op },
        ])
    };
    for op in ["add", "concat"] {
        assert!(matches!(
            reason(layers(op), "m"),
            Error::ShapesDiffer { .. }
        ));
        assert!(network_on(json!({ "channels": 3 }), layers(op)).is_ok());
    }
    let channels = json!([
        conv("a", "input", 8),
        conv("b", "input", 9),
        { "id": "m", "from": ["a", "b"], "op": "add" },
    ]);
    assert!(matches!(reason(channels, "m"), Error::ShapesDiffer { .. }));
}

#[test]
fn operators_refuse_under_the_name_of_the_layer() {
    let one = |layer: serde_json::Value| reason(json!([layer]), "a");
    let refused = one(json!({ "id": "a", "op": "conv2d", "channels": 8, "kernel": 33 }));
    assert!(matches!(
        refused,
        Error::WindowTooLarge {
            window: 33,
            input: 32,
            ..
        }
    ));
    let refused =
        one(json!({ "id": "a", "op": "conv2d", "channels": 8, "kernel": 3, "groups": 2 }));
    assert!(matches!(refused, Error::GroupsMismatch { .. }));
    let refused = one(json!({ "id": "a", "op": "dense", "features": 8 }));
    assert!(matches!(refused, Error::ShapeMismatch { .. }));
    let refused = one(json!({ "id": "a", "op": "activation", "kind": "reul" }));
    assert!(matches!(refused, Error::UnknownName { .. }));
    let refused = one(json!({ "id": "a", "op": "dropout", "probability": 2 }));
    assert!(matches!(refused, Error::OutOfRange { .. }));
    let refused = one(json!({ "id": "a", "op": "pad2d", "padding": 32, "mode": "reflect" }));
    assert!(matches!(refused, Error::PaddingTooLarge { .. }));
    let refused = one(json!({ "id": "a", "op": "pool2d", "kind": "max", "size": 2, "padding": 5 }));
    assert!(matches!(
        refused,
        Error::OutOfRange {
            argument: "padding",
            ..
        }
    ));
    let refused = one(json!({ "id": "a", "op": "adaptivePool2d", "kind": "lp", "size": 2 }));
    assert!(matches!(refused, Error::UnknownName { .. }));
    let refused = one(json!({ "id": "a", "from": ["input", "input"], "op": "flatten" }));
    assert!(matches!(refused, Error::WrongCount { got: 2, .. }));
    let flat = json!([{ "id": "f", "op": "flatten" }, conv("a", "f", 8)]);
    assert!(matches!(reason(flat, "a"), Error::ShapeMismatch { .. }));
}

#[test]
fn tables_of_connections_are_checked() {
    for connections in [
        json!([[0]]),
        json!([[0], []]),
        json!([[0], [3]]),
        json!([[0], [1, 1]]),
        json!([[0], [0, 1, 2, 0]]),
    ] {
        let layer = json!({ "id": "a", "op": "conv2d", "channels": 2, "kernel": 1,
            "connections": connections });
        assert!(network(json!([layer])).is_err(), "{connections}");
    }
}

#[test]
fn names_are_unlike_each_other_and_known() {
    let twice = network(json!([conv("a", "input", 8), conv("a", "input", 8)])).unwrap_err();
    assert_eq!(
        twice,
        Error::LayerRepeated {
            operator: "network",
            layer: "a".into()
        }
    );
    let reserved = network(json!([conv("input", "input", 8)])).unwrap_err();
    assert!(matches!(reserved, Error::LayerRepeated { .. }));
    let unknown = reason(json!([conv("a", "b", 8)]), "a");
    assert_eq!(
        unknown,
        Error::LayerUnknown {
            operator: "network",
            input: "b".into()
        }
    );
    assert!(matches!(
        reason(json!([conv("", "input", 8)]), ""),
        Error::WrongCount { .. }
    ));
    let empty = network(json!([])).unwrap_err();
    assert!(matches!(empty, Error::WrongCount { got: 0, .. }));
}

#[test]
fn a_circle_is_refused_along_its_layers() {
    let error = network(json!([
        conv("first", "input", 8),
        { "id": "a", "from": ["first", "c"], "op": "add" },
        conv("b", "a", 8),
        conv("c", "b", 8),
        conv("after", "c", 8),
    ]))
    .unwrap_err();
    let Error::LayerCycle { layers, .. } = error else {
        panic!("{error}");
    };
    let mut names = layers.split(" → ").collect::<Vec<_>>();
    assert_eq!(names.first(), names.last());
    names.pop();
    names.sort_unstable();
    assert_eq!(names, ["a", "b", "c"]);
    let own = network(json!([conv("a", "a", 8)])).unwrap_err();
    assert!(matches!(own, Error::LayerCycle { .. }));
}
