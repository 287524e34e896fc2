//! ResNets as TF-Slim builds them: the stride of a block stands in its last unit, not in its first.

use super::Architecture;
use super::builder::Builder;
use super::options::{Conv, conv, max_pool};
use super::slim::Unit;
use crate::net::spec::Spec;
use crate::window::Sides;

pub const MEMBERS: &[Architecture] = &[
    v1("resnet_v1_50", "ResNet v1-50", || {
        resnet("resnet_v1_50", [3, 4, 6, 3], Version::V1)
    }),
    v1("resnet_v1_101", "ResNet v1-101", || {
        resnet("resnet_v1_101", [3, 4, 23, 3], Version::V1)
    }),
    v1("resnet_v1_152", "ResNet v1-152", || {
        resnet("resnet_v1_152", [3, 8, 36, 3], Version::V1)
    }),
    v1("resnet_v1_200", "ResNet v1-200", || {
        resnet("resnet_v1_200", [3, 24, 36, 3], Version::V1)
    }),
    v2("resnet_v2_50", "ResNet v2-50", || {
        resnet("resnet_v2_50", [3, 4, 6, 3], Version::V2)
    }),
    v2("resnet_v2_101", "ResNet v2-101", || {
        resnet("resnet_v2_101", [3, 4, 23, 3], Version::V2)
    }),
    v2("resnet_v2_152", "ResNet v2-152", || {
        resnet("resnet_v2_152", [3, 8, 36, 3], Version::V2)
    }),
    v2("resnet_v2_200", "ResNet v2-200", || {
        resnet("resnet_v2_200", [3, 24, 36, 3], Version::V2)
    }),
];

const fn v1(name: &'static str, title: &'static str, spec: fn() -> Spec) -> Architecture {
    Architecture {
        name,
        title,
        family: "ResNet",
        year: 2015,
        source: "He, Zhang, Ren, Sun, arXiv:1512.03385; TF-Slim, the stride in the last unit of a block",
        spec,
    }
}

const fn v2(name: &'static str, title: &'static str, spec: fn() -> Spec) -> Architecture {
    Architecture {
        year: 2016,
        source: "He, Zhang, Ren, Sun, arXiv:1603.05027; TF-Slim, the stride in the last unit of a block",
        ..v1(name, title, spec)
    }
}

#[derive(Clone, Copy)]
enum Version {
    /// Normalisation and ReLU after a convolution.
    V1,
    /// Before it.
    V2,
}

const UNIT: Unit = Unit::RESNET;

fn resnet(scope: &str, units: [usize; 4], version: Version) -> Spec {
    let mut net = Builder::new('/', 3, 224);
    net.within(scope, |net| {
        net.pad("Pad", Sides::all(3));
        let stem = conv(64, 7).stride(2);
        match version {
            Version::V1 => UNIT.add(net, "conv1", stem),
            Version::V2 => _ = net.conv("conv1", stem),
        }
        net.pool("pool1", max_pool(3, 2).same());
        for (block_idx, (units, depth)) in units.into_iter().zip([64, 128, 256, 512]).enumerate() {
            net.within(&format!("block{}", block_idx + 1), |net| {
                for number in 1..=units {
                    let stride = if number == units && block_idx < 3 {
                        2
                    } else {
                        1
                    };
                    net.within(&format!("unit_{number}"), |net| match version {
                        Version::V1 => {
                            _ = net.within("bottleneck_v1", |net| v1_unit(net, depth, stride))
                        }
                        Version::V2 => {
                            _ = net.within("bottleneck_v2", |net| v2_unit(net, depth, stride))
                        }
                    });
                }
            });
        }
        if let Version::V2 = version {
            net.batch_norm("postnorm").relu("Relu");
        }
        net.global_average("pool5")
            .conv("logits", conv(1000, 1))
            .flatten("SpatialSqueeze");
    });
    net.softmax("predictions").finish()
}

fn v1_unit(net: &mut Builder, depth: usize, stride: usize) {
    let input = net.here();
    if input.channels == 4 * depth {
        subsample(net, stride);
    } else {
        UNIT.add_linear(net, "shortcut", conv(4 * depth, 1).stride(stride));
    }
    let shortcut = net.here();
    net.go(&input);
    UNIT.add(net, "conv1", conv(depth, 1));
    conv2(net, depth, stride);
    UNIT.add_linear(net, "conv3", conv(4 * depth, 1));
    net.add("add", &shortcut).relu("Relu");
}

fn v2_unit(net: &mut Builder, depth: usize, stride: usize) {
    let input = net.here();
    net.within("preact", |net| {
        net.batch_norm("BatchNorm").relu("Relu");
    });
    let preact = net.here();
    if input.channels == 4 * depth {
        net.go(&input);
        subsample(net, stride);
    } else {
        net.conv("shortcut", conv(4 * depth, 1).stride(stride));
    }
    let shortcut = net.here();
    net.go(&preact);
    UNIT.add(net, "conv1", conv(depth, 1));
    conv2(net, depth, stride);
    net.conv("conv3", conv(4 * depth, 1)).add("add", &shortcut);
}

fn subsample(net: &mut Builder, stride: usize) {
    if stride > 1 {
        net.pool("shortcut", max_pool(1, stride).same());
    }
}

/// TF-Slim's `conv2d_same`: with a stride, one pixel on every side whatever the extents.
fn conv2(net: &mut Builder, depth: usize, stride: usize) {
    let strided = |net: &mut Builder, conv: Conv| {
        net.pad("Pad", Sides::all(1));
        UNIT.add(net, "conv2", conv.stride(stride));
    };
    match stride {
        1 => UNIT.add(net, "conv2", conv(depth, 3).same()),
        _ => strided(net, conv(depth, 3)),
    }
}
