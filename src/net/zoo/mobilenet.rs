//! MobileNet v1 as TF-Slim builds it, MobileNet v2 and MnasNet as torchvision does.

use super::Architecture;
use super::builder::Builder;
use super::options::{Conv, conv};
use super::slim::Unit;
use crate::net::spec::Spec;

pub const MEMBERS: &[Architecture] = &[
    Architecture {
        name: "mobilenet_v1",
        title: "MobileNet v1",
        family: "MobileNet",
        year: 2017,
        source: "Howard et al., arXiv:1704.04861; TF-Slim",
        spec: || mobilenet_v1(4),
    },
    Architecture {
        name: "mobilenet_v1_075",
        title: "MobileNet v1, 0.75 of the channels",
        family: "MobileNet",
        year: 2017,
        source: "Howard et al., arXiv:1704.04861; TF-Slim with depth_multiplier=0.75",
        spec: || mobilenet_v1(3),
    },
    Architecture {
        name: "mobilenet_v2",
        title: "MobileNet v2",
        family: "MobileNet",
        year: 2018,
        source: "Sandler, Howard, Zhu, Zhmoginov, Chen, arXiv:1801.04381; torchvision",
        spec: mobilenet_v2,
    },
    Architecture {
        name: "mnasnet1_0",
        title: "MnasNet 1.0",
        family: "MobileNet",
        year: 2018,
        source: "Tan et al., arXiv:1807.11626; torchvision",
        spec: mnasnet,
    },
];

/// Stride and channels of each depthwise separable convolution: Table 1 of the paper.
const V1: [(usize, usize); 13] = [
    (1, 64),
    (2, 128),
    (1, 128),
    (2, 256),
    (1, 256),
    (2, 512),
    (1, 512),
    (1, 512),
    (1, 512),
    (1, 512),
    (1, 512),
    (2, 1024),
    (1, 1024),
];

fn mobilenet_v1(quarters: usize) -> Spec {
    let unit = |net: &mut Builder, name: &str, conv: Conv| Unit::MOBILENET.add(net, name, conv);
    let mut net = Builder::new('/', 3, 224);
    unit(
        &mut net,
        "Conv2d_0",
        conv(32 * quarters / 4, 3).stride(2).same(),
    );
    for (number, (stride, channels)) in (1..).zip(V1) {
        let before = net.here().channels;
        let depthwise = conv(before, 3).stride(stride).same().groups(before);
        unit(&mut net, &format!("Conv2d_{number}_depthwise"), depthwise);
        let pointwise = conv(channels * quarters / 4, 1);
        unit(&mut net, &format!("Conv2d_{number}_pointwise"), pointwise);
    }
    net.within("Logits", |net| {
        net.global_average("AvgPool_1a")
            .dropout("Dropout_1b", 0.001)
            .conv("Conv2d_1c_1x1", conv(1000, 1))
            .flatten("SpatialSqueeze");
    });
    net.softmax("Predictions").finish()
}

/// Expansion `t`, channels `c`, repetitions `n`, stride `s`: Table 2 of the paper.
const V2: [[usize; 4]; 7] = [
    [1, 16, 1, 1],
    [6, 24, 2, 2],
    [6, 32, 3, 2],
    [6, 64, 4, 2],
    [6, 96, 3, 1],
    [6, 160, 3, 2],
    [6, 320, 1, 1],
];

fn mobilenet_v2() -> Spec {
    let mut net = Builder::new('.', 3, 224);
    net.within("features", |net| {
        net.within("0", |net| relu6_unit(net, conv(32, 3).stride(2).pad(1)));
        let mut number = 0;
        for [expansion, channels, repetitions, stride] in V2 {
            for repetition in 0..repetitions {
                number += 1;
                let stride = if repetition == 0 { stride } else { 1 };
                net.within(&number.to_string(), |net| {
                    inverted_residual(net, expansion, channels, stride);
                });
            }
        }
        net.within("18", |net| relu6_unit(net, conv(1280, 1)));
    });
    net.global_average("adaptive_avg_pool2d")
        .flatten("flatten")
        .within("classifier", |net| {
            net.dropout("0", 0.2).dense("1", 1000);
        });
    net.finish()
}

fn relu6_unit(net: &mut Builder, conv: Conv) {
    net.conv("0", conv.no_bias())
        .batch_norm("1")
        .activation("2", "relu6");
}

/// Expands the channels, filters each and projects them, with no activation after the projection.
fn inverted_residual(net: &mut Builder, expansion: usize, channels: usize, stride: usize) {
    let input = net.here();
    let inner = expansion * input.channels;
    let depthwise = conv(inner, 3).stride(stride).pad(1).groups(inner);
    net.within("conv", |net| {
        let mut steps = vec![depthwise];
        if expansion > 1 {
            steps.insert(0, conv(inner, 1));
        }
        for (step_idx, &step) in steps.iter().enumerate() {
            net.within(&step_idx.to_string(), |net| relu6_unit(net, step));
        }
        net.conv(&steps.len().to_string(), conv(channels, 1).no_bias())
            .batch_norm(&(steps.len() + 1).to_string());
    });
    if stride == 1 && channels == input.channels {
        net.add("add", &input);
    }
}

/// Expansion, kernel, channels, repetitions, stride: Figure 7 of the paper.
const MNAS: [[usize; 5]; 6] = [
    [3, 3, 24, 3, 2],
    [3, 5, 40, 3, 2],
    [6, 5, 80, 3, 2],
    [6, 3, 96, 2, 1],
    [6, 5, 192, 4, 2],
    [6, 3, 320, 1, 1],
];

fn mnasnet() -> Spec {
    let mut net = Builder::new('.', 3, 224);
    net.within("layers", |net| {
        net.conv("0", conv(32, 3).stride(2).pad(1).no_bias())
            .batch_norm("1")
            .relu("2")
            .conv("3", conv(32, 3).pad(1).groups(32).no_bias())
            .batch_norm("4")
            .relu("5")
            .conv("6", conv(16, 1).no_bias())
            .batch_norm("7");
        for (number, [expansion, kernel, channels, repetitions, stride]) in (8..).zip(MNAS) {
            for repetition in 0..repetitions {
                let stride = if repetition == 0 { stride } else { 1 };
                net.within(&format!("{number}.{repetition}"), |net| {
                    mnas_unit(net, expansion, kernel, channels, stride);
                });
            }
        }
        net.conv("14", conv(1280, 1).no_bias())
            .batch_norm("15")
            .relu("16");
    });
    net.global_average("mean")
        .flatten("flatten")
        .within("classifier", |net| {
            net.dropout("0", 0.2).dense("1", 1000);
        });
    net.finish()
}

fn mnas_unit(net: &mut Builder, expansion: usize, kernel: usize, channels: usize, stride: usize) {
    let input = net.here();
    let inner = expansion * input.channels;
    let depthwise = conv(inner, kernel)
        .stride(stride)
        .pad(kernel / 2)
        .groups(inner);
    net.within("layers", |net| {
        net.conv("0", conv(inner, 1).no_bias())
            .batch_norm("1")
            .relu("2")
            .conv("3", depthwise.no_bias())
            .batch_norm("4")
            .relu("5")
            .conv("6", conv(channels, 1).no_bias())
            .batch_norm("7");
    });
    if stride == 1 && channels == input.channels {
        net.add("add", &input);
    }
}
