use cnn_playground::net::analysis::cost::costs;
use cnn_playground::net::op::cost::Cost;
use serde_json::{Value, json};

use crate::{conv, network, network_on};

/// The cost of the last of these layers.
fn cost(layers: Value) -> [Option<u64>; 4] {
    figures(*costs(&network(layers).unwrap()).unwrap().last().unwrap())
}

fn figures(cost: Cost) -> [Option<u64>; 4] {
    [
        cost.parameters,
        cost.buffers,
        cost.multiply_adds,
        cost.activation_bytes,
    ]
}

fn known(figures: [u64; 4]) -> [Option<u64>; 4] {
    figures.map(Some)
}

#[test]
fn a_convolution_multiplies_each_weight_once_a_position() {
    let layer =
        json!({ "id": "a", "op": "conv2d", "channels": 8, "kernel": [3, 5], "padding": [1, 2] });
    let weights = 8 * 3 * 15;
    let positions = 32 * 24;
    let expected = [weights + 8, 0, weights * positions, 4 * 8 * positions];
    assert_eq!(cost(json!([layer])), known(expected));
}

#[test]
fn groups_and_connections_leave_weights_out() {
    let grouped = json!([conv("a", "input", 8), { "id": "b", "op": "conv2d", "channels": 8,
        "kernel": 3, "padding": 1, "groups": 4, "bias": false }]);
    let weights = 8 * 2 * 9;
    assert_eq!(
        cost(grouped)[..3],
        known([weights, 0, weights * 32 * 24, 0])[..3]
    );
    let connected = json!([{ "id": "a", "op": "conv2d", "channels": 3, "kernel": 1,
        "connections": [[0], [0, 2], [2, 1, 0]] }]);
    assert_eq!(cost(connected)[..3], known([6 + 3, 0, 6 * 32 * 24, 0])[..3]);
}

#[test]
fn a_transposed_convolution_multiplies_its_kernel_once_an_input() {
    let layer = json!({ "id": "a", "op": "convTranspose2d", "channels": 5, "kernel": 4, "stride": 2,
        "padding": 1 });
    let weights = 3 * 5 * 16;
    let expected = [weights + 5, 0, weights * 32 * 24, 4 * 5 * 64 * 48];
    assert_eq!(cost(json!([layer])), known(expected));
}

#[test]
fn norms_learn_and_keep_two_numbers_a_channel() {
    let after = |layer: Value| {
        let [parameters, buffers, multiply_adds, _] = cost(json!([conv("a", "input", 8), layer]));
        [parameters, buffers, multiply_adds].map(Option::unwrap)
    };
    assert_eq!(after(json!({ "id": "b", "op": "batchNorm" })), [16, 16, 0]);
    assert_eq!(
        after(json!({ "id": "b", "op": "batchNorm", "scale": false })),
        [8, 16, 0]
    );
    assert_eq!(
        after(json!({ "id": "b", "op": "groupNorm", "groups": 4 })),
        [16, 0, 0]
    );
    assert_eq!(
        after(json!({ "id": "b", "op": "channelScale" })),
        [16, 0, 0]
    );
    assert_eq!(after(json!({ "id": "b", "op": "prelu" })), [8, 0, 0]);
    let pool = json!({ "id": "b", "op": "pool2d", "kind": "max", "size": 2 });
    assert_eq!(after(pool), [0, 0, 0]);
}

#[test]
fn a_dense_layer_has_a_weight_for_each_pair_and_the_sums_add_up() {
    let graph = network(json!([
        conv("a", "input", 2),
        { "id": "flat", "op": "flatten" },
        { "id": "dense", "op": "dense", "features": 10 },
    ]))
    .unwrap();
    let costs = costs(&graph).unwrap();
    let values = 2 * 32 * 24;
    assert_eq!(
        figures(costs[3]),
        known([values * 10 + 10, 0, values * 10, 40])
    );
    let total = costs.iter().copied().sum::<Cost>();
    let weights = 2 * 3 * 9;
    let expected = [
        weights + 2 + values * 10 + 10,
        0,
        weights * 32 * 24 + values * 10,
        4 * (3 * 32 * 24 + 2 * values + 10),
    ];
    assert_eq!(figures(total), known(expected));
}

#[test]
fn without_a_size_the_parameters_of_convolutions_are_known_and_nothing_else() {
    let layers = json!([
        conv("a", "input", 2),
        { "id": "flat", "op": "flatten" },
        { "id": "dense", "op": "dense", "features": 10 },
    ]);
    let graph = network_on(json!({ "channels": 3 }), layers).unwrap();
    let costs = costs(&graph).unwrap();
    assert_eq!(figures(costs[1]), [Some(2 * 27 + 2), Some(0), None, None]);
    assert_eq!(figures(costs[3]), [None, Some(0), None, Some(40)]);
    let total = costs.into_iter().sum::<Cost>();
    assert_eq!(figures(total), [None, Some(0), None, None]);
}
