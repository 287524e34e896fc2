//! Per-layer tables: torchvision's modules, AlexNet of 2012, LeNet-5.

use std::collections::{BTreeMap, BTreeSet};

use cnn_playground::net::spec::{Op, Pooling};
use cnn_playground::window::{Padding, Sides};

use crate::measured::{Measured, measure};
use crate::truth::{LAYERS, Row, RowField};

/// The rows of a table beside the indices of their nodes.
///
/// A module that a network calls several times has a row for each call; the graph tracer of PyTorch
/// names the calls `relu`, `relu_1`, `relu_2`.
fn matched<'a>(network: &Measured, rows: &'a [Row]) -> Vec<(&'a Row, usize)> {
    let mut calls = BTreeMap::new();
    let of_row = |row: &'a Row| {
        let call = calls.entry(&row.name).or_insert(0);
        let id = match call {
            0 => row.name.clone(),
            _ => format!("{}_{call}", row.name),
        };
        *call += 1;
        (row, network.index_of(&id))
    };
    rows.iter().map(of_row).collect()
}

/// What of a table disagrees with the network, in words.
///
/// The table has one field for each module: that of its last call.
pub fn disagreements(network: &Measured, rows: &[Row]) -> Vec<String> {
    let matched = matched(network, rows);
    let last_calls = matched
        .iter()
        .map(|(row, idx)| (&row.name, *idx))
        .collect::<BTreeMap<_, _>>();
    let mut found = Vec::new();
    for (row, idx) in &matched {
        let node = &network.nodes()[*idx];
        let cost = &network.costs[*idx];
        let input = network.graph[node.inputs[0]].shape.extents();
        let mut check = |what: &str, agrees: bool| {
            if !agrees {
                found.push(format!("{}: {what}", row.name));
            }
        };
        let known = |extents: &[usize]| extents.iter().copied().map(Some).collect::<Vec<_>>();
        check("options", options_agree(node.op.as_ref().unwrap(), row));
        check("input", reads_as(&input, &row.input));
        check("output", node.shape.extents() == known(&row.output));
        check("parameters", cost.parameters == Some(row.params));
        check("multiply-adds", cost.multiply_adds == Some(row.macs));
        if let Some(field) = row.rf {
            let axes = network.fields[last_calls[&row.name]].axes;
            let ours = axes.map(|axis| [axis.size, axis.stride, axis.padding]);
            let RowField { rf, stride, pad } = field;
            // A vector has one position, so no stride; the table keeps that of the map it was.
            let stride = Some(stride).filter(|_| row.output.len() > 1);
            // Where the kernel is not square, the table has the rows of the field.
            check("field", ours[0] == [Some(rf), stride, Some(pad)]);
        }
    }
    let learned = (0..network.nodes().len()).filter(|&idx| {
        let rows_have = matched.iter().any(|(_, of_row)| *of_row == idx);
        network.costs[idx].parameters != Some(0) && !rows_have
    });
    found.extend(learned.map(|idx| format!("{}: not in the table", network.nodes()[idx].id)));
    found
}

/// A dense layer flattens what it reads; the table then gives the vector.
fn reads_as(ours: &[Option<usize>], table: &[usize]) -> bool {
    let values = ours.iter().copied().product::<Option<usize>>();
    values == Some(table.iter().product()) && (table.len() == 1 || ours.len() == table.len())
}

fn options_agree(op: &Op, row: &Row) -> bool {
    let padding = row.pad.map(|[rows, cols]| {
        let sides = Sides {
            top: rows,
            left: cols,
            bottom: rows,
            right: cols,
        };
        match sides == Sides::default() {
            true => vec![Padding::Valid, Padding::Explicit(sides)],
            false => vec![Padding::Explicit(sides)],
        }
    });
    let padded = |ours: &Padding| padding.as_ref().is_some_and(|any| any.contains(ours));
    match (row.kind.as_str(), op) {
        (
            "Conv2d",
            Op::Conv2d {
                kernel,
                stride,
                padding,
                dilation,
                groups,
                bias,
                connections: None,
                ..
            },
        ) => {
            (Some(*kernel), Some(*stride), Some(*dilation))
                == (row.kernel, row.stride, row.dilation)
                && (Some(*groups), Some(*bias)) == (row.groups, row.bias)
                && padded(padding)
        }
        (
            kind @ ("MaxPool2d" | "AvgPool2d"),
            Op::Pool2d {
                kind: ours,
                size,
                stride,
                padding,
                ceil_mode,
                ..
            },
        ) => {
            (kind == "MaxPool2d") == (*ours == Pooling::Max)
                && (Some(*size), *stride, Some(*ceil_mode))
                    == (row.kernel, row.stride, row.ceil_mode)
                && padded(padding)
        }
        ("AdaptiveAvgPool2d", Op::GlobalPool2d { kind }) => {
            *kind == Pooling::Average && row.output_size == Some([1, 1])
        }
        ("AdaptiveAvgPool2d", Op::AdaptivePool2d { kind, size }) => {
            *kind == Pooling::Average && row.output_size == Some(*size)
        }
        ("BatchNorm2d", Op::BatchNorm { scale, .. }) => *scale,
        (
            "LocalResponseNorm",
            Op::LocalResponseNorm {
                size,
                alpha,
                beta,
                k,
            },
        ) => {
            (Some(*size), Some(*alpha), Some(*beta), Some(*k))
                == (row.size, row.alpha, row.beta, row.k)
        }
        (name @ ("ReLU" | "ReLU6" | "Tanh"), Op::Activation { kind }) => {
            *kind == name.to_lowercase()
        }
        ("Linear", Op::Dense { bias, .. }) => *bias,
        ("Dropout", Op::Dropout { .. }) | ("Flatten", Op::Flatten {}) => true,
        _ => false,
    }
}

/// Every published table, beside the network it is of.
pub fn tables() -> impl Iterator<Item = (&'static str, &'static [Row])> {
    let torchvision = LAYERS.torchvision_layers.iter();
    let classic = LAYERS.classic.iter();
    torchvision
        .map(|(name, rows)| (name.as_str(), rows.as_slice()))
        .chain(classic.map(|(name, table)| (name.as_str(), table.layers.as_slice())))
}

#[test]
fn every_row_of_every_table_agrees() {
    let names = tables().map(|(name, _)| name).collect::<BTreeSet<_>>();
    assert_eq!(names.len(), 16);
    for (name, rows) in tables() {
        let found = disagreements(&measure(name), rows);
        assert_eq!(found, Vec::<String>::new(), "{name}");
    }
}

#[test]
fn lenet5_of_1998_has_the_published_maps_parameters_and_connections() {
    let network = measure("lenet5_1998");
    let table = &LAYERS.lenet5_1998;
    let (output, learned) = table.layers.split_last().unwrap();
    let mut connections = 0;
    for layer in learned {
        let block = format!("{}/", layer.name);
        let indices = (0..network.nodes().len())
            .filter(|&idx| network.nodes()[idx].id.starts_with(&block))
            .collect::<Vec<_>>();
        let parameters = indices
            .iter()
            .map(|&idx| network.costs[idx].parameters.unwrap())
            .sum::<u64>();
        assert_eq!(parameters, layer.params, "{}", layer.name);
        let last = network.nodes()[*indices.last().unwrap()].shape;
        let [rows, cols] = layer.size;
        assert_eq!(last.channels(), Some(layer.maps), "{}", layer.name);
        assert_eq!(last.spatial(), [Some(rows), Some(cols)], "{}", layer.name);
        let of_layer = indices
            .iter()
            .map(|&idx| inputs_and_biases(&network, idx))
            .sum::<u64>();
        assert_eq!(of_layer, layer.connections, "{}", layer.name);
        connections += of_layer;
    }
    assert_eq!(network.total().parameters, Some(table.total_params));
    assert_eq!(output.params, 0);
    assert_eq!(connections + output.connections, table.total_connections);
}

/// The paper counts each input of a unit as a connection, and its bias as one.
fn inputs_and_biases(network: &Measured, idx: usize) -> u64 {
    let node = &network.nodes()[idx];
    let values = node.shape.values().unwrap();
    match node.op {
        Some(Op::Conv2d { .. } | Op::Dense { .. }) => {
            network.costs[idx].multiply_adds.unwrap() + values
        }
        Some(Op::Pool2d { size, .. }) => values * (size[0] * size[1]) as u64,
        Some(Op::ChannelScale {}) => values,
        _ => 0,
    }
}

/// Table I of the paper has ten crosses in each row, and no two columns alike.
#[test]
fn each_map_of_s2_is_seen_by_ten_maps_of_c3() {
    let network = measure("lenet5_1998");
    let idx = network.index_of("C3/convolution");
    let Some(Op::Conv2d {
        connections: Some(table),
        ..
    }) = &network.nodes()[idx].op
    else {
        panic!("C3 has no table");
    };
    for map in 0..6 {
        let seen_by = table.iter().filter(|sees| sees.contains(&map)).count();
        assert_eq!(seen_by, 10, "map {map}");
    }
    assert_eq!(table.iter().collect::<BTreeSet<_>>().len(), 16);
}
