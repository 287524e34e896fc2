//! DenseNet: Huang, Liu, van der Maaten, Weinberger, arXiv:1608.06993, Table 1, as torchvision builds it.

use super::Architecture;
use super::builder::Builder;
use super::options::{average_pool, conv, max_pool};
use crate::net::spec::Spec;

pub const MEMBERS: &[Architecture] = &[
    densenet("densenet121", "DenseNet-121", || spec(32, [6, 12, 24, 16])),
    densenet("densenet161", "DenseNet-161", || spec(48, [6, 12, 36, 24])),
    densenet("densenet169", "DenseNet-169", || spec(32, [6, 12, 32, 32])),
    densenet("densenet201", "DenseNet-201", || spec(32, [6, 12, 48, 32])),
];

const fn densenet(name: &'static str, title: &'static str, spec: fn() -> Spec) -> Architecture {
    Architecture {
        name,
        title,
        family: "DenseNet",
        year: 2016,
        source: "Huang, Liu, van der Maaten, Weinberger, arXiv:1608.06993; torchvision",
        spec,
    }
}

fn spec(growth: usize, layers: [usize; 4]) -> Spec {
    let mut net = Builder::new('.', 3, 224);
    net.within("features", |net| {
        net.conv("conv0", conv(2 * growth, 7).stride(2).pad(3).no_bias())
            .batch_norm("norm0")
            .relu("relu0")
            .pool("pool0", max_pool(3, 2).pad(1));
        for (number, layers) in (1..).zip(layers) {
            net.within(&format!("denseblock{number}"), |net| {
                dense_block(net, growth, layers);
            });
            if number < 4 {
                net.within(&format!("transition{number}"), transition);
            }
        }
        net.batch_norm("norm5");
    });
    net.relu("relu")
        .global_average("adaptive_avg_pool2d")
        .flatten("flatten")
        .dense("classifier", 1000)
        .finish()
}

/// Each layer sees what entered the block and what all layers before it added.
fn dense_block(net: &mut Builder, growth: usize, layers: usize) {
    let mut features = vec![net.here()];
    for number in 1..=layers {
        net.within(&format!("denselayer{number}"), |net| {
            if features.len() > 1 {
                net.concat("cat", &features);
            }
            net.batch_norm("norm1")
                .relu("relu1")
                .conv("conv1", conv(4 * growth, 1).no_bias())
                .batch_norm("norm2")
                .relu("relu2")
                .conv("conv2", conv(growth, 3).pad(1).no_bias());
        });
        features.push(net.here());
    }
    net.concat("cat", &features);
}

fn transition(net: &mut Builder) {
    let half = net.here().channels / 2;
    net.batch_norm("norm")
        .relu("relu")
        .conv("conv", conv(half, 1).no_bias())
        .pool("pool", average_pool(2, 2));
}
