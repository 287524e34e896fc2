//! VGG: Simonyan, Zisserman, arXiv:1409.1556, Table 1, columns A, B, D and E.

use super::Architecture;
use super::builder::Builder;
use super::options::{conv, max_pool};
use super::slim::Unit;
use crate::net::spec::Spec;

pub const MEMBERS: &[Architecture] = &[
    torchvision("vgg11", "VGG-11", || vgg(A, false)),
    torchvision("vgg11_bn", "VGG-11 with batch norm", || vgg(A, true)),
    torchvision("vgg13", "VGG-13", || vgg(B, false)),
    torchvision("vgg13_bn", "VGG-13 with batch norm", || vgg(B, true)),
    torchvision("vgg16", "VGG-16", || vgg(D, false)),
    torchvision("vgg16_bn", "VGG-16 with batch norm", || vgg(D, true)),
    torchvision("vgg19", "VGG-19", || vgg(E, false)),
    torchvision("vgg19_bn", "VGG-19 with batch norm", || vgg(E, true)),
    slim("vgg_a", "VGG-A (TF-Slim)", || slim_vgg("vgg_a", A)),
    slim("vgg_16", "VGG-16 (TF-Slim)", || slim_vgg("vgg_16", D)),
];

const fn torchvision(name: &'static str, title: &'static str, spec: fn() -> Spec) -> Architecture {
    Architecture {
        name,
        title,
        family: "VGG",
        year: 2014,
        source: "Simonyan, Zisserman, arXiv:1409.1556; torchvision",
        spec,
    }
}

const fn slim(name: &'static str, title: &'static str, spec: fn() -> Spec) -> Architecture {
    Architecture {
        source: "Simonyan, Zisserman, arXiv:1409.1556; TF-Slim",
        ..torchvision(name, title, spec)
    }
}

/// How many 3x3 convolutions stand before each pooling.
type Column = [usize; 5];

const A: Column = [1, 1, 2, 2, 2];
const B: Column = [2, 2, 2, 2, 2];
const D: Column = [2, 2, 3, 3, 3];
const E: Column = [2, 2, 4, 4, 4];

const CHANNELS: [usize; 5] = [64, 128, 256, 512, 512];

fn vgg(column: Column, batch_norm: bool) -> Spec {
    let mut net = Builder::new('.', 3, 224);
    net.within("features", |net| {
        let mut numbers = (0..).map(|number: usize| number.to_string());
        let mut next = || numbers.next().unwrap_or_default();
        for (convolutions, channels) in column.into_iter().zip(CHANNELS) {
            for _ in 0..convolutions {
                net.conv(&next(), conv(channels, 3).pad(1));
                if batch_norm {
                    net.batch_norm(&next());
                }
                net.relu(&next());
            }
            net.pool(&next(), max_pool(2, 2));
        }
    });
    net.adaptive_average("avgpool", 7)
        .flatten("flatten")
        .within("classifier", |net| {
            net.dense("0", 4096)
                .relu("1")
                .dropout("2", 0.5)
                .dense("3", 4096)
                .relu("4")
                .dropout("5", 0.5)
                .dense("6", 1000);
        });
    net.finish()
}

fn slim_vgg(scope: &str, column: Column) -> Spec {
    let mut net = Builder::new('/', 3, 224);
    net.within(scope, |net| {
        for (block, (convolutions, channels)) in (1..).zip(column.into_iter().zip(CHANNELS)) {
            net.within(&format!("conv{block}"), |net| {
                for number in 1..=convolutions {
                    let name = format!("conv{block}_{number}");
                    Unit::BIASED.add(net, &name, conv(channels, 3).same());
                }
            });
            net.pool(&format!("pool{block}"), max_pool(2, 2));
        }
        Unit::BIASED.add(net, "fc6", conv(4096, 7));
        net.dropout("dropout6", 0.5);
        Unit::BIASED.add(net, "fc7", conv(4096, 1));
        net.dropout("dropout7", 0.5)
            .conv("fc8", conv(1000, 1))
            .flatten("squeezed");
    });
    net.finish()
}
