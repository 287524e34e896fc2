//! EfficientNet-Lite0: Tan, Le, arXiv:1905.11946, in the form for phones of 2020: without squeeze and
//! excitation, with ReLU6. Layers are named as in the PyTorch port whose weights this fits.

use super::Architecture;
use super::builder::Builder;
use super::options::{Conv, conv};
use crate::net::spec::Spec;

pub const MEMBERS: &[Architecture] = &[Architecture {
    name: "efficientnet_lite0",
    title: "EfficientNet-Lite0",
    family: "EfficientNet",
    year: 2020,
    source: "Tan, Le, arXiv:1905.11946; the Lite variant of the TensorFlow TPU repository, layer names of efficientnet-lite-pytorch",
    spec: efficientnet_lite0,
}];

/// Repetitions, kernel, stride, expansion, channels.
const STAGES: [[usize; 5]; 7] = [
    [1, 3, 1, 1, 16],
    [2, 3, 2, 6, 24],
    [2, 5, 2, 6, 40],
    [3, 3, 2, 6, 80],
    [3, 5, 1, 6, 112],
    [4, 5, 2, 6, 192],
    [1, 3, 1, 6, 320],
];

fn efficientnet_lite0() -> Spec {
    let mut net = Builder::new('.', 3, 224);
    convolve(&mut net, "_conv_stem", "_bn0", conv(32, 3).stride(2).same());
    net.activation("_relu6", "relu6");
    let mut number = 0;
    for [repetitions, kernel, stride, expansion, channels] in STAGES {
        for repetition in 0..repetitions {
            let stride = if repetition == 0 { stride } else { 1 };
            net.within(&format!("_blocks.{number}"), |net| {
                let inner = expansion * net.here().channels;
                let depthwise = conv(inner, kernel).stride(stride).same().groups(inner);
                block(net, depthwise, channels, stride == 1);
            });
            number += 1;
        }
    }
    convolve(&mut net, "_conv_head", "_bn1", conv(1280, 1));
    net.activation("_relu6_1", "relu6")
        .global_average("_avg_pooling")
        .flatten("flatten")
        .dropout("_dropout", 0.2)
        .dense("_fc", 1000)
        .finish()
}

/// Expands the channels, filters each and projects them; adds the input if the shapes agree.
fn block(net: &mut Builder, depthwise: Conv, channels: usize, keeps_extents: bool) {
    let input = net.here();
    if depthwise.channels > input.channels {
        convolve(net, "_expand_conv", "_bn0", conv(depthwise.channels, 1));
        net.activation("_relu6", "relu6");
    }
    convolve(net, "_depthwise_conv", "_bn1", depthwise);
    net.activation("_relu6_1", "relu6");
    convolve(net, "_project_conv", "_bn2", conv(channels, 1));
    if keeps_extents && channels == input.channels {
        net.add("add", &input);
    }
}

fn convolve(net: &mut Builder, id: &str, norm: &str, conv: Conv) {
    net.conv(id, conv.no_bias()).norm(norm, 1e-3, true);
}
