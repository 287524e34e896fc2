//! Networks of the ONNX test suite that are in the zoo too: the same convolutions and parameters.

use cnn_playground::net::spec::{Op, Pooling};

use crate::measured::{Measured, measure, measure_at};
use crate::truth::{LAYERS, Onnx};

/// The name there and here, and why shapes differ where they do.
pub const PAIRS: [(&str, &str, Option<&str>); 8] = [
    ("bvlc_alexnet", "alexnet_2012", None),
    (
        "inception_v1",
        "googlenet_2014",
        Some("its poolings round down: the rounding up of the original was lost"),
    ),
    ("inception_v2", "inception_v2-no-separable-conv", None),
    ("vgg19", "vgg19", None),
    ("squeezenet", "squeezenet1_1", None),
    ("resnet50", "resnet50", None),
    ("densenet121", "densenet121", None),
    ("zfnet512", "zfnet512", None),
];

/// Channels out and in a group, kernel, stride, and rows and columns of the output.
type Convolution = ([usize; 4], [usize; 2], Vec<usize>);

fn theirs(network: &Onnx) -> Vec<Convolution> {
    let convolutions = network.nodes.iter().filter(|node| node.op == "Conv");
    let convolutions = convolutions.map(|node| {
        let weights = node.weights[0].as_slice().try_into().unwrap();
        let stride = node.attrs.strides.unwrap_or([1, 1]);
        (weights, stride, node.output[2..].to_vec())
    });
    convolutions.collect()
}

fn ours(network: &Measured) -> Vec<Convolution> {
    let mut found = Vec::new();
    for node in network.nodes() {
        if let Some(Op::Conv2d {
            channels,
            kernel: [rows, cols],
            stride,
            groups,
            ..
        }) = node.op
        {
            let channels_in = network.graph[node.inputs[0]].shape.channels().unwrap() / groups;
            let extents = node.shape.spatial().map(Option::unwrap);
            let weights = [channels, channels_in, rows, cols];
            found.push((weights, stride, extents.to_vec()));
        }
    }
    found
}

/// Whether both have the same convolutions, with the extents of their outputs or without.
pub fn agrees(network: &Measured, published: &Onnx, with_extents: bool) -> bool {
    let sorted = |mut convolutions: Vec<Convolution>| {
        // A last dense layer may be a 1x1 convolution in one of the two.
        convolutions.retain(|(weights, ..)| *weights != [1000, 1024, 1, 1]);
        for (.., extents) in &mut convolutions {
            if !with_extents {
                extents.clear();
            }
        }
        convolutions.sort();
        convolutions
    };
    sorted(ours(network)) == sorted(theirs(published))
}

#[test]
fn the_convolutions_are_those_of_the_onnx_networks() {
    for (published, name, difference) in PAIRS {
        let network = measure_at(name, Some(224));
        let published = &LAYERS.onnx_light[published];
        assert!(agrees(&network, published, false), "{name}");
        let shapes = agrees(&network, published, true);
        assert_eq!(shapes, difference.is_none(), "{name}");
    }
}

/// Kind, window and stride of each pooling that is not of a whole map, sorted.
type Pool = (&'static str, [usize; 2], [usize; 2]);

fn their_pools(network: &Onnx) -> Vec<Pool> {
    let pools = network
        .nodes
        .iter()
        .filter(|node| node.output[2..] != [1, 1]);
    let mut pools = pools
        .filter_map(|node| {
            let kind = match node.op.as_str() {
                "MaxPool" => "max",
                "AveragePool" => "average",
                _ => return None,
            };
            let attributes = &node.attrs;
            Some((
                kind,
                attributes.kernel_shape?,
                attributes.strides.unwrap_or([1, 1]),
            ))
        })
        .collect::<Vec<_>>();
    pools.sort();
    pools
}

fn our_pools(network: &Measured) -> Vec<Pool> {
    let ops = network.nodes().iter().filter_map(|node| node.op.as_ref());
    let mut pools = ops
        .filter_map(|op| match op {
            Op::Pool2d {
                kind: Pooling::Max,
                size,
                stride,
                ..
            } => Some(("max", *size, stride.unwrap_or(*size))),
            Op::Pool2d { size, stride, .. } => Some(("average", *size, stride.unwrap_or(*size))),
            _ => None,
        })
        .collect::<Vec<_>>();
    pools.sort();
    pools
}

#[test]
fn the_poolings_are_those_of_the_onnx_networks() {
    for (published, name, _) in PAIRS {
        let theirs = their_pools(&LAYERS.onnx_light[published]);
        assert!(!theirs.is_empty(), "{name}");
        assert_eq!(our_pools(&measure(name)), theirs, "{name}");
    }
}

#[test]
fn the_parameters_are_those_of_the_onnx_networks() {
    for (onnx, name, _) in PAIRS {
        // The weights of AlexNet's dense layers fit 227 pixels.
        let extent = if name == "alexnet_2012" { 227 } else { 224 };
        let total = measure_at(name, Some(extent)).total();
        let (parameters, buffers) = (total.parameters.unwrap(), total.buffers.unwrap());
        let channels = buffers / 2;
        let expected = match onnx {
            // Where ours learns a shift, the original has mean, variance and an idle scale and shift, and
            // then a scale and a shift that are learned.
            "inception_v2" => parameters - channels + 6 * channels,
            "densenet121" => parameters - 2 * channels + 6 * channels,
            _ => parameters + buffers,
        };
        let published = LAYERS.onnx_light[onnx].params_including_bn_statistics;
        assert_eq!(expected, published, "{name}");
    }
}
