use cnn_playground::error::Axis;
use cnn_playground::net::analysis::receptive_field::{ReceptiveField, receptive_fields, region};
use serde_json::{Value, json};

use crate::{conv, network, network_on};

fn last(layers: Value) -> ReceptiveField {
    receptive_fields(&network(layers).unwrap())
        .unwrap()
        .pop()
        .unwrap()
}

/// Size, stride and padding along the rows.
fn rows(field: &ReceptiveField) -> [Option<f64>; 3] {
    [
        field.axes[0].size,
        field.axes[0].stride,
        field.axes[0].padding,
    ]
}

#[test]
fn dilation_widens_the_kernel() {
    let field = last(json!([
        { "id": "a", "op": "conv2d", "channels": 1, "kernel": 3, "stride": 2 },
        { "id": "b", "op": "conv2d", "channels": 1, "kernel": 3, "dilation": 4, "padding": 4 },
    ]));
    // 1 + 2 + 2 · 4 · 2
    assert_eq!(rows(&field), [Some(19.0), Some(2.0), Some(8.0)]);
}

#[test]
fn the_formula_names_its_numbers_and_the_largest_input() {
    let graph = network(json!([
        conv("a", "input", 3),
        { "id": "sum", "from": ["input", "a"], "op": "add" },
        { "id": "b", "op": "conv2d", "channels": 1, "kernel": [5, 1], "stride": 2, "dilation": 2 },
        { "id": "c", "op": "pool2d", "kind": "max", "size": 2 },
    ]))
    .unwrap();
    let fields = receptive_fields(&graph).unwrap();
    let formula = |idx: usize| {
        let formula = fields[idx].axes[0].formula.unwrap();
        assert_eq!(
            formula.size,
            formula.size_before
                + ((formula.kernel - 1) * formula.dilation) as f64 * formula.stride_before
        );
        let before = formula.size_before;
        (
            formula.from.index(),
            before,
            formula.kernel,
            formula.stride_before,
            formula.size,
        )
    };
    assert_eq!(formula(2), (1, 3.0, 1, 1.0, 3.0));
    assert_eq!(formula(3), (2, 3.0, 5, 1.0, 11.0));
    assert_eq!(formula(4), (3, 11.0, 2, 2.0, 13.0));
}

#[test]
fn a_transposed_convolution_has_a_fraction_of_a_stride() {
    let up = |kernel: usize, padding: usize| {
        rows(&last(
            json!([{ "id": "a", "op": "convTranspose2d", "channels": 1, "kernel": kernel,
            "stride": 2, "padding": padding }]),
        ))
    };
    // Each output sees one input: 0 0 1 1 2 2. Its centre is u / 2 − 1 / 4 on average.
    assert_eq!(up(2, 0), [Some(1.0), Some(0.5), Some(0.25)]);
    // Two each: −1 to 0, 0 to 1, 0 to 1, 1 to 2.
    assert_eq!(up(4, 1), [Some(2.0), Some(0.5), Some(0.75)]);
}

#[test]
fn misaligned_inputs_are_named_with_their_centres() {
    let graph = network(json!([
        { "id": "a", "from": "input", "op": "conv2d", "channels": 1, "kernel": 3, "padding": [1, 1, 1, 1] },
        { "id": "b", "from": "input", "op": "conv2d", "channels": 1, "kernel": 3, "padding": [2, 1, 0, 1] },
        { "id": "sum", "from": ["a", "b"], "op": "add" },
        { "id": "after", "op": "activation", "kind": "relu" },
    ]))
    .unwrap();
    let fields = receptive_fields(&graph).unwrap();
    assert_eq!(fields[2].aligned, Some(true));
    let [misalignment] = &fields[3].misaligned[..] else {
        panic!("{:?}", fields[3].misaligned);
    };
    assert_eq!(misalignment.axis, Axis::Height);
    let branches = misalignment.branches.iter();
    let branches = branches.map(|branch| {
        let id = graph[branch.input].id.as_str();
        (id, branch.stride, branch.centre, branch.offset)
    });
    assert_eq!(
        branches.collect::<Vec<_>>(),
        [
            ("a", 1.0, Some(0.0), Some(0.0)),
            ("b", 1.0, Some(-1.0), Some(-1.0)),
        ]
    );
    // Together they see four rows: −2 to 1.
    assert_eq!(rows(&fields[3]), [Some(4.0), Some(1.0), Some(2.0)]);
    assert_eq!(fields[4].aligned, Some(false));
    assert!(fields[4].misaligned.is_empty());
}

#[test]
fn inputs_that_move_differently_are_misaligned_and_the_largest_counts() {
    let field = receptive_fields(
        &network_on(
            json!({ "channels": 1 }),
            json!([
                { "id": "a", "from": "input", "op": "conv2d", "channels": 1, "kernel": 5, "stride": 2 },
                { "id": "b", "from": "input", "op": "conv2d", "channels": 1, "kernel": 3 },
                { "id": "sum", "from": ["b", "a"], "op": "add" },
            ]),
        )
        .unwrap(),
    )
    .unwrap()
    .pop()
    .unwrap();
    assert_eq!(field.aligned, Some(false));
    assert_eq!(rows(&field), [Some(5.0), Some(2.0), Some(0.0)]);
    assert_eq!(field.misaligned.len(), 2);
}

#[test]
fn padding_of_an_unknown_extent_is_unknown_but_branches_from_it_can_be_aligned() {
    let stem = json!({ "id": "stem", "op": "conv2d", "channels": 8, "kernel": 3, "stride": 2,
        "padding": "same" });
    let fields = |end: Value| {
        let layers = json!([stem, conv("a", "stem", 8), end,
            { "id": "sum", "from": ["stem", "a", "b"], "op": "add" }]);
        let graph = network_on(json!({ "channels": 3 }), layers).unwrap();
        receptive_fields(&graph).unwrap().pop().unwrap()
    };
    let field = fields(conv("b", "a", 8));
    assert_eq!(field.aligned, Some(true));
    assert_eq!(rows(&field), [Some(11.0), Some(2.0), None]);
    let elsewhere = json!({ "id": "b", "from": "a", "op": "pad2d", "padding": [1, 1, 0, 0] });
    assert_eq!(fields(elsewhere).aligned, Some(false));
    let again = json!({ "id": "b", "from": "input", "op": "conv2d", "channels": 8, "kernel": 3,
        "stride": 2, "padding": "same" });
    assert_eq!(fields(again).aligned, None);
}

#[test]
fn pooling_as_a_whole_and_dense_layers_see_everything() {
    let layers = json!([
        conv("a", "input", 8),
        { "id": "pool", "op": "globalPool2d", "kind": "average" },
        { "id": "flat", "op": "flatten" },
        { "id": "dense", "op": "dense", "features": 10 },
        { "id": "softmax", "op": "softmax" },
    ]);
    let fields = receptive_fields(&network(layers.clone()).unwrap()).unwrap();
    for field in &fields[2..] {
        // 32 rows and one more on each side.
        assert_eq!(rows(field), [Some(34.0), None, Some(1.0)]);
        assert!(field.axes.iter().all(|axis| axis.everything));
    }
    assert!(!fields[1].axes[0].everything);
    let graph = network_on(json!({ "channels": 3 }), layers).unwrap();
    let unknown = receptive_fields(&graph).unwrap().pop().unwrap();
    assert_eq!(rows(&unknown), [None, None, None]);
    assert!(unknown.axes[0].everything);
}

#[test]
fn softmax_over_the_channels_of_a_map_sees_one_position() {
    let field = last(json!([conv("a", "input", 8), { "id": "s", "op": "softmax" }]));
    assert_eq!(rows(&field), [Some(3.0), Some(1.0), Some(1.0)]);
}

#[test]
fn a_region_reaches_outside_where_padding_stands() {
    let graph = network(json!([
        conv("a", "input", 8),
        { "id": "pool", "op": "pool2d", "kind": "max", "size": 2 },
        conv("b", "pool", 8),
        { "id": "side", "from": "input", "op": "prelu" },
    ]))
    .unwrap();
    let regions = region(&graph, graph.find("b").unwrap(), [0, 11]).unwrap();
    let found = regions.iter().map(|region| {
        (
            region.node.index(),
            region.unclipped,
            region.inside.unwrap(),
        )
    });
    let expected = [
        (0, [[-3, 4], [19, 26]], [[0, 4], [19, 23]]),
        (1, [[-2, 3], [20, 25]], [[0, 3], [20, 23]]),
        (2, [[-1, 1], [10, 12]], [[0, 1], [10, 11]]),
        (3, [[0, 0], [11, 11]], [[0, 0], [11, 11]]),
    ];
    let expected = expected.map(|(node, open, inside)| (node, open.map(Some), inside.map(Some)));
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

#[test]
fn what_padding_alone_leads_to_is_not_inside() {
    // Output 1 sees positions 0 to 2 of the layer before, which has only 0 and 1.
    let graph = network(json!([
        { "id": "a", "op": "conv2d", "channels": 1, "kernel": 1, "stride": 16 },
        conv("b", "a", 1),
    ]))
    .unwrap();
    let regions = region(&graph, graph.last(), [1, 1]).unwrap();
    assert_eq!(regions[0].unclipped[0], Some([0, 32]));
    assert_eq!(regions[0].inside.unwrap()[0], Some([0, 16]));
}

#[test]
fn a_position_outside_the_map_is_refused() {
    let graph = network(json!([conv("a", "input", 8)])).unwrap();
    let is_known = |position| region(&graph, graph.last(), position).is_ok();
    assert!(is_known([31, 23]));
    assert!(!is_known([32, 0]));
    assert!(!is_known([0, 24]));
}
