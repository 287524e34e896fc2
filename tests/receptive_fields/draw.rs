//! Random networks of every operator that moves positions.

use cnn_playground::net::spec::Spec;
use proptest::prelude::*;
use serde_json::{Value, json};

/// A network whose maps may fit together or not.
pub fn networks() -> impl Strategy<Value = Spec> {
    let extents = (6_usize..24, 6_usize..24);
    (extents, prop::collection::vec(step(), 1..6)).prop_map(|((height, width), steps)| {
        let mut layers: Vec<Value> = Vec::new();
        for (idx, step) in steps.into_iter().enumerate() {
            let mut from = layers
                .last()
                .map_or(json!("input"), |last| last["id"].clone());
            match step {
                Step::Layer(mut layer) => {
                    layer["id"] = json!(format!("n{idx}"));
                    layers.push(layer);
                }
                Step::Fork(branches) => {
                    let stem = from.clone();
                    let mut ends = Vec::new();
                    for (branch, path) in branches.into_iter().enumerate() {
                        from = stem.clone();
                        for (depth, mut layer) in path.into_iter().enumerate() {
                            layer["id"] = json!(format!("n{idx}.{branch}.{depth}"));
                            layer["from"] = from;
                            from = layer["id"].clone();
                            layers.push(layer);
                        }
                        ends.push(from.clone());
                    }
                    layers.push(json!({ "id": format!("n{idx}"), "from": ends, "op": "add" }));
                }
            }
        }
        let input = json!({ "channels": 1, "height": height, "width": width });
        serde_json::from_value(json!({ "input": input, "layers": layers })).unwrap()
    })
}

#[derive(Clone, Debug)]
enum Step {
    Layer(Value),
    Fork(Vec<Vec<Value>>),
}

fn step() -> impl Strategy<Value = Step> {
    let path = prop::collection::vec(keeping(), 0..3);
    prop_oneof![
        3 => layer().prop_map(Step::Layer),
        1 => keeping().prop_map(Step::Layer),
        2 => prop::collection::vec(path, 2..4).prop_map(Step::Fork),
        1 => enlarged().prop_map(Step::Fork),
    ]
}

fn layer() -> impl Strategy<Value = Value> {
    let pair = |values: std::ops::Range<usize>| [values.clone(), values];
    let window = (pair(1..5), pair(1..4), pair(1..3), padding());
    let window = window.prop_map(|(kernel, stride, dilation, padding)| {
        json!({ "op": "conv2d", "channels": 1, "kernel": kernel, "stride": stride,
            "dilation": dilation, "padding": padding })
    });
    let pool = (pair(2..4), pair(1..4), any::<bool>()).prop_map(|(size, stride, ceil)| {
        json!({ "op": "pool2d", "kind": "max", "size": size, "stride": stride, "ceilMode": ceil,
            "padding": 1 })
    });
    let transposed = (pair(1..5), pair(1..4), pair(1..3), 0_usize..2);
    let transposed = transposed.prop_map(|(kernel, stride, dilation, padding)| {
        json!({ "op": "convTranspose2d", "channels": 1, "kernel": kernel, "stride": stride,
            "dilation": dilation, "padding": padding })
    });
    let resize = (pair(1..4), any::<bool>()).prop_map(|(scale, nearest)| {
        json!({ "op": "resize2d", "scale": scale,
            "kind": if nearest { "nearest" } else { "bilinear" } })
    });
    let adaptive = pair(1..6)
        .prop_map(|size| json!({ "op": "adaptivePool2d", "kind": "average", "size": size }));
    let pad = ([0_usize..3, 0..3, 0..3, 0..3], 0_usize..4).prop_map(|(padding, mode)| {
        let mode = ["zeros", "reflect", "replicate", "circular"][mode];
        json!({ "op": "pad2d", "padding": padding, "mode": mode })
    });
    let blur = (2_usize..6, pair(1..3))
        .prop_map(|(taps, stride)| json!({ "op": "blurPool2d", "taps": taps, "stride": stride }));
    let whole = prop_oneof![
        Just(json!({ "op": "globalPool2d", "kind": "max" })),
        Just(json!({ "op": "groupNorm", "groups": 1 })),
    ];
    prop_oneof![
        4 => window, 2 => pool, 2 => transposed, 1 => resize, 1 => adaptive, 1 => pad, 1 => blur,
        1 => whole
    ]
}

fn padding() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(json!("valid")),
        Just(json!("same")),
        Just(json!("full")),
        [0_usize..4, 0..4, 0..4, 0..4].prop_map(|sides| json!(sides)),
    ]
}

/// A layer that keeps the extents, aligned or not.
fn keeping() -> impl Strategy<Value = Value> {
    (1_usize..5, 1_usize..3, any::<bool>()).prop_map(|(kernel, dilation, early)| {
        let total = (kernel - 1) * dilation;
        let before = if early { total } else { total / 2 };
        json!({ "op": "conv2d", "channels": 1, "kernel": kernel, "dilation": dilation,
            "padding": [before, before, total - before, total - before] })
    })
}

/// Down and up again beside a shortcut, as in U-Net; both ends have the same extents if they are
/// even.
fn enlarged() -> impl Strategy<Value = Vec<Vec<Value>>> {
    (1_usize..4, keeping()).prop_map(|(half, between)| {
        let down = json!({ "op": "pool2d", "kind": "max", "size": 2 });
        let up = json!({ "op": "convTranspose2d", "channels": 1, "kernel": 2 * half, "stride": 2,
            "padding": half - 1 });
        vec![vec![down, between, up], Vec::new()]
    })
}
