//! SqueezeNet: Iandola et al., arXiv:1602.07360, as torchvision builds it.

use super::Architecture;
use super::builder::Builder;
use super::options::{Conv, conv, max_pool};
use crate::net::spec::Spec;

pub const MEMBERS: &[Architecture] = &[
    Architecture {
        name: "squeezenet1_0",
        title: "SqueezeNet 1.0",
        family: "SqueezeNet",
        year: 2016,
        source: "Iandola et al., arXiv:1602.07360; torchvision",
        spec: || {
            squeezenet(
                conv(96, 7),
                [true, false, false, true, false, false, false, true],
            )
        },
    },
    Architecture {
        name: "squeezenet1_1",
        title: "SqueezeNet 1.1",
        family: "SqueezeNet",
        year: 2016,
        source: "Iandola et al., the authors' release 1.1: pools earlier; torchvision",
        spec: || {
            squeezenet(
                conv(64, 3),
                [true, false, true, false, true, false, false, false],
            )
        },
    },
];

/// Squeezed and expanded channels of the fire modules 2 to 9: `#s1x1`, and `#e1x1 = #e3x3`.
const FIRE: [(usize, usize); 8] = [
    (16, 64),
    (16, 64),
    (32, 128),
    (32, 128),
    (48, 192),
    (48, 192),
    (64, 256),
    (64, 256),
];

/// `pooled` tells before which fire modules a max pooling stands.
fn squeezenet(stem: Conv, pooled: [bool; 8]) -> Spec {
    let mut net = Builder::new('.', 3, 224);
    net.within("features", |net| {
        net.conv("0", stem.stride(2)).relu("1");
        let mut number = 2;
        for ((squeeze, expand), pooled) in FIRE.into_iter().zip(pooled) {
            if pooled {
                net.pool(&number.to_string(), max_pool(3, 2).ceil());
                number += 1;
            }
            net.within(&number.to_string(), |net| fire(net, squeeze, expand));
            number += 1;
        }
    });
    net.within("classifier", |net| {
        net.dropout("0", 0.5)
            .conv("1", conv(1000, 1))
            .relu("2")
            .global_average("3");
    });
    net.flatten("flatten").finish()
}

fn fire(net: &mut Builder, squeeze: usize, expand: usize) {
    net.conv("squeeze", conv(squeeze, 1))
        .relu("squeeze_activation")
        .branches(
            "cat",
            &[
                &|net| {
                    net.conv("expand1x1", conv(expand, 1))
                        .relu("expand1x1_activation");
                },
                &|net| {
                    net.conv("expand3x3", conv(expand, 3).pad(1))
                        .relu("expand3x3_activation");
                },
            ],
        );
}
