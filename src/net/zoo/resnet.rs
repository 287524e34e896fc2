//! ResNets as torchvision builds them: He, Zhang, Ren, Sun, arXiv:1512.03385, Table 1, with the stride
//! of a bottleneck in its 3x3 convolution.

use super::Architecture;
use super::builder::Builder;
use super::options::{conv, max_pool};
use crate::net::spec::Spec;

pub const MEMBERS: &[Architecture] = &[
    resnet("resnet18", "ResNet-18", || spec([2, 2, 2, 2], Unit::Basic)),
    resnet("resnet34", "ResNet-34", || spec([3, 4, 6, 3], Unit::Basic)),
    resnet("resnet50", "ResNet-50", || spec([3, 4, 6, 3], PLAIN)),
    resnet("resnet101", "ResNet-101", || spec([3, 4, 23, 3], PLAIN)),
    resnet("resnet152", "ResNet-152", || spec([3, 8, 36, 3], PLAIN)),
    Architecture {
        year: 2016,
        source: "Xie, Girshick, Dollár, Tu, He, arXiv:1611.05431; torchvision",
        ..resnet("resnext50_32x4d", "ResNeXt-50 32x4d", || {
            spec(
                [3, 4, 6, 3],
                Unit::Bottleneck {
                    width: 128,
                    groups: 32,
                },
            )
        })
    },
    Architecture {
        year: 2016,
        source: "Zagoruyko, Komodakis, arXiv:1605.07146; torchvision",
        ..resnet("wide_resnet50_2", "Wide ResNet-50-2", || {
            spec(
                [3, 4, 6, 3],
                Unit::Bottleneck {
                    width: 128,
                    groups: 1,
                },
            )
        })
    },
];

const fn resnet(name: &'static str, title: &'static str, spec: fn() -> Spec) -> Architecture {
    Architecture {
        name,
        title,
        family: "ResNet",
        year: 2015,
        source: "He, Zhang, Ren, Sun, arXiv:1512.03385; torchvision",
        spec,
    }
}

#[derive(Clone, Copy)]
enum Unit {
    /// Two 3x3 convolutions.
    Basic,
    /// 1x1, 3x3 and 1x1; `width` channels between them in the first stage.
    Bottleneck { width: usize, groups: usize },
}

const PLAIN: Unit = Unit::Bottleneck {
    width: 64,
    groups: 1,
};

fn spec(units: [usize; 4], unit: Unit) -> Spec {
    let mut net = Builder::new('.', 3, 224);
    net.conv("conv1", conv(64, 7).stride(2).pad(3).no_bias())
        .batch_norm("bn1")
        .relu("relu")
        .pool("maxpool", max_pool(3, 2).pad(1));
    for (stage, units) in units.into_iter().enumerate() {
        for number in 0..units {
            let stride = if stage > 0 && number == 0 { 2 } else { 1 };
            net.within(&format!("layer{}.{number}", stage + 1), |net| match unit {
                Unit::Basic => basic(net, 64 << stage, stride),
                Unit::Bottleneck { width, groups } => {
                    bottleneck(net, 256 << stage, width << stage, groups, stride);
                }
            });
        }
    }
    net.global_average("avgpool")
        .flatten("flatten")
        .dense("fc", 1000)
        .finish()
}

fn basic(net: &mut Builder, channels: usize, stride: usize) {
    let input = net.here();
    net.conv("conv1", conv(channels, 3).stride(stride).pad(1).no_bias())
        .batch_norm("bn1")
        .relu("relu")
        .conv("conv2", conv(channels, 3).pad(1).no_bias())
        .batch_norm("bn2");
    let residual = net.here();
    shortcut(net.go(&input), channels, stride);
    let identity = net.here();
    net.go(&residual).add("add", &identity).relu("relu_1");
}

fn bottleneck(net: &mut Builder, channels: usize, width: usize, groups: usize, stride: usize) {
    let input = net.here();
    let middle = conv(width, 3).stride(stride).pad(1).groups(groups);
    net.conv("conv1", conv(width, 1).no_bias())
        .batch_norm("bn1")
        .relu("relu")
        .conv("conv2", middle.no_bias())
        .batch_norm("bn2")
        .relu("relu_1")
        .conv("conv3", conv(channels, 1).no_bias())
        .batch_norm("bn3");
    let residual = net.here();
    shortcut(net.go(&input), channels, stride);
    let identity = net.here();
    net.go(&residual).add("add", &identity).relu("relu_2");
}

/// The input itself, or its projection where the shape changes.
fn shortcut(net: &mut Builder, channels: usize, stride: usize) {
    if stride > 1 || net.here().channels != channels {
        net.conv("downsample.0", conv(channels, 1).stride(stride).no_bias())
            .batch_norm("downsample.1");
    }
}
