//! Inception v2, v3 and v4 as TF-Slim builds them.

use super::Architecture;
use super::builder::{Builder, Extents, conv, max_pool};
use super::slim::{Step, Unit, mixed, same};
use crate::net::spec::Spec;

pub const MEMBERS: &[Architecture] = &[
    Architecture {
        name: "inception_v2",
        title: "Inception v2",
        family: "Inception",
        year: 2015,
        source: "Ioffe, Szegedy, arXiv:1502.03167; TF-Slim",
        spec: || inception_v2(true),
    },
    Architecture {
        name: "inception_v2-no-separable-conv",
        title: "Inception v2 without the separable convolution",
        family: "Inception",
        year: 2015,
        source: "Ioffe, Szegedy, arXiv:1502.03167; TF-Slim with use_separable_conv=False",
        spec: || inception_v2(false),
    },
    Architecture {
        name: "slim_inception_v3",
        title: "Inception v3 (TF-Slim)",
        family: "Inception",
        year: 2015,
        source: "Szegedy et al., arXiv:1512.00567; TF-Slim, without the auxiliary head",
        spec: inception_v3,
    },
    Architecture {
        name: "inception_v4",
        title: "Inception v4",
        family: "Inception",
        year: 2016,
        source: "Szegedy, Ioffe, Vanhoucke, Alemi, arXiv:1602.07261; TF-Slim, without the auxiliary head",
        spec: inception_v4,
    },
];

const UNIT: Unit = Unit::INCEPTION;

/// A convolution inside the map at every other position.
fn halving(channels: usize) -> Step {
    Step::Conv(conv(channels, 3).stride(2))
}

fn max_halving() -> Step {
    Step::MaxHalving(max_pool(3, 2))
}

fn inception_v2(separable: bool) -> Spec {
    let mut net = Builder::new('/', 3, 224);
    let pool = max_pool(3, 2).same();
    net.within("Conv2d_1a_7x7", |net| {
        let stem = conv(64, 7).stride(2).same();
        if separable {
            let depthwise = conv(24, 7).stride(2).same().groups(3);
            net.conv("depthwise", depthwise.no_bias());
        }
        let stem = if separable { conv(64, 1) } else { stem };
        net.conv("Conv2D", stem.no_bias())
            .norm("BatchNorm", 1e-3, false);
        UNIT.activate(net);
    });
    net.pool("MaxPool_2a_3x3", pool);
    UNIT.add(&mut net, "Conv2d_2b_1x1", conv(64, 1));
    UNIT.add(&mut net, "Conv2d_2c_3x3", conv(192, 3).same());
    net.pool("MaxPool_3a_3x3", pool);
    v2_module(
        &mut net,
        "Mixed_3b",
        [64, 64, 64, 64, 96],
        Step::Average,
        32,
    );
    v2_module(
        &mut net,
        "Mixed_3c",
        [64, 64, 96, 64, 96],
        Step::Average,
        64,
    );
    v2_reduction(&mut net, "Mixed_4a", [128, 160, 64, 96]);
    v2_module(
        &mut net,
        "Mixed_4b",
        [224, 64, 96, 96, 128],
        Step::Average,
        128,
    );
    v2_module(
        &mut net,
        "Mixed_4c",
        [192, 96, 128, 96, 128],
        Step::Average,
        128,
    );
    v2_module(
        &mut net,
        "Mixed_4d",
        [160, 128, 160, 128, 160],
        Step::Average,
        96,
    );
    v2_module(
        &mut net,
        "Mixed_4e",
        [96, 128, 192, 160, 192],
        Step::Average,
        96,
    );
    v2_reduction(&mut net, "Mixed_5a", [128, 192, 192, 256]);
    v2_module(
        &mut net,
        "Mixed_5b",
        [352, 192, 320, 160, 224],
        Step::Average,
        128,
    );
    v2_module(
        &mut net,
        "Mixed_5c",
        [352, 192, 320, 192, 224],
        Step::Max,
        128,
    );
    net.within("Logits", |net| {
        net.global_average("AvgPool_1a_7x7")
            .dropout("Dropout_1b", 0.2)
            .conv("Conv2d_1c_1x1", conv(1000, 1))
            .flatten("SpatialSqueeze");
    });
    net.softmax("Predictions").finish()
}

/// `#1x1, #3x3 reduce, #3x3, double #3x3 reduce, double #3x3`, the pooling and its projection: a row of
/// the paper's Figure 5.
fn v2_module(net: &mut Builder, name: &str, row: [usize; 5], pool: Step, project: usize) {
    let [one, three_reduce, three, double_reduce, double] = row;
    mixed(
        net,
        name,
        &[
            &[same(one, 1)],
            &[same(three_reduce, 1), same(three, 3)],
            &[same(double_reduce, 1), same(double, 3), same(double, 3)],
            &[pool, same(project, 1)],
        ],
    );
}

fn v2_reduction(net: &mut Builder, name: &str, row: [usize; 4]) {
    let [three_reduce, three, double_reduce, double] = row;
    let halving = |channels| Step::Conv(conv(channels, 3).stride(2).same());
    mixed(
        net,
        name,
        &[
            &[same(three_reduce, 1), halving(three)],
            &[same(double_reduce, 1), same(double, 3), halving(double)],
            &[Step::MaxHalving(max_pool(3, 2).same())],
        ],
    );
}

fn inception_v3() -> Spec {
    let mut net = Builder::new('/', 3, 299);
    stem(&mut net);
    net.pool("MaxPool_3a_3x3", max_pool(3, 2));
    UNIT.add(&mut net, "Conv2d_3b_1x1", conv(80, 1));
    UNIT.add(&mut net, "Conv2d_4a_3x3", conv(192, 3));
    net.pool("MaxPool_5a_3x3", max_pool(3, 2));
    for (name, project) in [("Mixed_5b", 32), ("Mixed_5c", 64), ("Mixed_5d", 64)] {
        mixed(
            &mut net,
            name,
            &[
                &[same(64, 1)],
                &[same(48, 1), same(64, 5)],
                &[same(64, 1), same(96, 3), same(96, 3)],
                &[Step::Average, same(project, 1)],
            ],
        );
    }
    mixed(
        &mut net,
        "Mixed_6a",
        &[
            &[halving(384)],
            &[same(64, 1), same(96, 3), halving(96)],
            &[max_halving()],
        ],
    );
    let (wide, tall) = ([1, 7], [7, 1]);
    for (name, inner) in [
        ("Mixed_6b", 128),
        ("Mixed_6c", 160),
        ("Mixed_6d", 160),
        ("Mixed_6e", 192),
    ] {
        mixed(
            &mut net,
            name,
            &[
                &[same(192, 1)],
                &[same(inner, 1), same(inner, wide), same(192, tall)],
                &[
                    same(inner, 1),
                    same(inner, tall),
                    same(inner, wide),
                    same(inner, tall),
                    same(192, wide),
                ],
                &[Step::Average, same(192, 1)],
            ],
        );
    }
    mixed(
        &mut net,
        "Mixed_7a",
        &[
            &[same(192, 1), halving(320)],
            &[same(192, 1), same(192, wide), same(192, tall), halving(192)],
            &[max_halving()],
        ],
    );
    for name in ["Mixed_7b", "Mixed_7c"] {
        mixed(
            &mut net,
            name,
            &[
                &[same(320, 1)],
                &[same(384, 1), split(384)],
                &[same(448, 1), same(384, 3), split(384)],
                &[Step::Average, same(192, 1)],
            ],
        );
    }
    net.within("Logits", |net| {
        net.global_average("AvgPool_1a_8x8")
            .dropout("Dropout_1b", 0.2)
            .conv("Conv2d_1c_1x1", conv(1000, 1))
            .flatten("SpatialSqueeze");
    });
    net.softmax("Predictions").finish()
}

/// The first three convolutions of Inception v3 and v4.
fn stem(net: &mut Builder) {
    UNIT.add(net, "Conv2d_1a_3x3", conv(32, 3).stride(2));
    UNIT.add(net, "Conv2d_2a_3x3", conv(32, 3));
    UNIT.add(net, "Conv2d_2b_3x3", conv(64, 3).same());
}

/// 1x3 beside 3x1.
fn split(channels: usize) -> Step {
    Step::Split(conv(channels, [1, 3]).same(), conv(channels, [3, 1]).same())
}

fn valid(channels: usize, kernel: impl Extents) -> Step {
    Step::Conv(conv(channels, kernel))
}

fn inception_v4() -> Spec {
    let (wide, tall) = ([1, 7], [7, 1]);
    let mut net = Builder::new('/', 3, 299);
    stem(&mut net);
    mixed(&mut net, "Mixed_3a", &[&[max_halving()], &[halving(96)]]);
    mixed(
        &mut net,
        "Mixed_4a",
        &[
            &[same(64, 1), valid(96, 3)],
            &[same(64, 1), same(64, wide), same(64, tall), valid(96, 3)],
        ],
    );
    mixed(&mut net, "Mixed_5a", &[&[halving(192)], &[max_halving()]]);
    for name in ["Mixed_5b", "Mixed_5c", "Mixed_5d", "Mixed_5e"] {
        mixed(
            &mut net,
            name,
            &[
                &[same(96, 1)],
                &[same(64, 1), same(96, 3)],
                &[same(64, 1), same(96, 3), same(96, 3)],
                &[Step::Average, same(96, 1)],
            ],
        );
    }
    mixed(
        &mut net,
        "Mixed_6a",
        &[
            &[halving(384)],
            &[same(192, 1), same(224, 3), halving(256)],
            &[max_halving()],
        ],
    );
    for letter in 'b'..='h' {
        mixed(
            &mut net,
            &format!("Mixed_6{letter}"),
            &[
                &[same(384, 1)],
                &[same(192, 1), same(224, wide), same(256, tall)],
                &[
                    same(192, 1),
                    same(192, tall),
                    same(224, wide),
                    same(224, tall),
                    same(256, wide),
                ],
                &[Step::Average, same(128, 1)],
            ],
        );
    }
    mixed(
        &mut net,
        "Mixed_7a",
        &[
            &[same(192, 1), halving(192)],
            &[same(256, 1), same(256, wide), same(320, tall), halving(320)],
            &[max_halving()],
        ],
    );
    for name in ["Mixed_7b", "Mixed_7c", "Mixed_7d"] {
        mixed(
            &mut net,
            name,
            &[
                &[same(256, 1)],
                &[same(384, 1), split(256)],
                &[
                    same(384, 1),
                    same(448, [3, 1]),
                    same(512, [1, 3]),
                    split(256),
                ],
                &[Step::Average, same(256, 1)],
            ],
        );
    }
    net.within("Logits", |net| {
        net.global_average("AvgPool_1a")
            .dropout("Dropout_1b", 0.2)
            .flatten("PreLogitsFlatten")
            .dense("Logits", 1001)
            .softmax("Predictions");
    });
    net.finish()
}
