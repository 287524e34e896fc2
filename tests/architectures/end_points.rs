//! The end points of TF-Slim's networks: Araujo, Norris, Sim, Distill 2019.

use std::collections::BTreeMap;

use cnn_playground::net::graph::Node;
use cnn_playground::net::spec::Op;

use crate::measured::{Measured, measure_at};
use crate::truth::{EndPoint, NetworkField, RECEPTIVE_FIELDS};

/// What the README of the published table gives for whole networks it measured at this extent.
pub const SUMMARY_EXTENT: usize = 224;

/// The published names are TF-Slim's; one of them is torchvision's in the zoo.
pub fn zoo_name(model: &str) -> &str {
    match model {
        "inception_v3" => "slim_inception_v3",
        other => other,
    }
}

/// The end point of which the published summary speaks: the last feature map.
pub fn last_end_point(model: &str) -> String {
    match model {
        "alexnet_v2" | "vgg_16" => format!("{model}/pool5"),
        "inception_v2" => "Mixed_5c".into(),
        "inception_v3" => "Mixed_7c".into(),
        "inception_v4" => "Mixed_7d".into(),
        "inception_resnet_v2" => "Conv2d_7b_1x1".into(),
        "mobilenet_v1" | "mobilenet_v1_075" => "Conv2d_13_pointwise".into(),
        _ => format!("{model}/block4"),
    }
}

/// A network measured at an extent, for all rows that ask for it.
#[derive(Default)]
pub struct Cache(BTreeMap<(String, Option<usize>), Measured>);

impl Cache {
    pub fn at(&mut self, model: &str, extent: Option<usize>) -> &Measured {
        let name = zoo_name(model);
        let key = (name.to_owned(), extent);
        self.0
            .entry(key)
            .or_insert_with(|| measure_at(name, extent))
    }
}

/// The operations that TensorFlow's profiler counted for the published table up to a node.
///
/// It counts a multiply-add as two; each bias and each multiplication by a constant as one a value; a
/// pooling as its window a value; fused normalisations and the sums of residual units not at all. The
/// table's networks other than ResNets were built without batch normalisation, each convolution with
/// a bias in its place.
pub fn profiled_operations(network: &Measured, model: &str, idx: usize) -> u64 {
    let norms_are_biases = !model.starts_with("resnet");
    let mut needed = vec![false; idx + 1];
    needed[idx] = true;
    let mut operations = 0;
    for idx in (0..=idx).rev().filter(|&idx| idx > 0) {
        if !needed[idx] {
            continue;
        }
        let node = &network.nodes()[idx];
        for input in &node.inputs {
            needed[input.index()] = true;
        }
        let values = node.shape.values().unwrap();
        operations += 2 * network.costs[idx].multiply_adds.unwrap();
        operations += values * operations_a_value(node, norms_are_biases);
    }
    operations
}

fn operations_a_value(node: &Node, norms_are_biases: bool) -> u64 {
    match node.op {
        Some(Op::Conv2d { bias: true, .. } | Op::Scale { .. }) => 1,
        Some(Op::BatchNorm { .. }) => u64::from(norms_are_biases),
        Some(Op::Pool2d { size, .. }) => (size[0] * size[1]) as u64,
        _ => 0,
    }
}

/// Whether a row agrees: field, stride and padding exactly, operations to the digits published.
pub fn agrees(network: &Measured, row: &EndPoint) -> bool {
    let idx = network.end_point(&row.end_point);
    let published = [
        Some(row.receptive_field),
        Some(row.effective_stride),
        row.effective_padding,
    ];
    let aligned = network.fields[idx].aligned;
    network.field(idx) == published
        && (row.effective_padding.is_none() || aligned == Some(true))
        && row.flops_billion.is_none_or(|billions| {
            let operations = profiled_operations(network, &row.model, idx);
            rounds_to(operations, billions, 3)
        })
}

/// Whether a row of the summary agrees.
pub fn agrees_whole(network: &Measured, row: &NetworkField) -> bool {
    let idx = network.end_point(&last_end_point(&row.model));
    let published = [
        row.receptive_field,
        row.effective_stride,
        row.effective_padding,
    ];
    network.field(idx) == published.map(Some)
        && rounds_to(
            profiled_operations(network, &row.model, idx),
            row.flops_billion,
            2,
        )
}

/// Whether `count`, in billions, has these digits.
pub fn rounds_to(count: u64, billions: f64, digits: usize) -> bool {
    format!("{:.digits$}", count as f64 / 1e9) == format!("{billions:.digits$}")
}

#[test]
fn every_end_point_has_the_published_field_and_operations() {
    let mut cache = Cache::default();
    assert_eq!(RECEPTIVE_FIELDS.endpoints.len(), 370);
    let disagreeing = RECEPTIVE_FIELDS.endpoints.iter().filter_map(|row| {
        let network = cache.at(&row.model, row.resolution);
        let idx = network.end_point(&row.end_point);
        let operations = row
            .resolution
            .map(|_| profiled_operations(network, &row.model, idx));
        let ours = (network.field(idx), operations);
        (!agrees(network, row)).then(|| {
            let (model, end_point) = (&row.model, &row.end_point);
            format!("{model} {:?} {end_point}: {ours:?}", row.resolution)
        })
    });
    assert_eq!(disagreeing.collect::<Vec<_>>(), Vec::<String>::new());
}

#[test]
fn every_network_of_the_published_summary_agrees() {
    assert_eq!(RECEPTIVE_FIELDS.summary.len(), 12);
    for row in &RECEPTIVE_FIELDS.summary {
        let network = measure_at(zoo_name(&row.model), Some(SUMMARY_EXTENT));
        assert!(agrees_whole(&network, row), "{}", row.model);
    }
}

#[test]
fn the_centres_of_the_published_example_come_out() {
    let example = &RECEPTIVE_FIELDS.worked_example;
    let network = measure_at(&example.model, None);
    let idx = network.end_point(&last_end_point(&example.model));
    let [Some(size), Some(stride), Some(padding)] = network.field(idx) else {
        panic!("unknown field");
    };
    let centres = example
        .feature
        .map(|feature| feature * stride - padding + (size - 1.0) / 2.0);
    assert_eq!(centres, example.center);
}
