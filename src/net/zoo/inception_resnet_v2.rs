//! Inception-ResNet v2 as TF-Slim builds it: Szegedy, Ioffe, Vanhoucke, Alemi, arXiv:1602.07261.

use super::Architecture;
use super::builder::Builder;
use super::options::{Conv, Pool, conv, max_pool};
use super::slim::Unit;
use super::slim_mixed::{Step, branch_out, mixed, same};
use crate::net::spec::Spec;

pub const MEMBERS: &[Architecture] = &[
    Architecture {
        name: "inception_resnet_v2",
        title: "Inception-ResNet v2",
        family: "Inception",
        year: 2016,
        source: "Szegedy, Ioffe, Vanhoucke, Alemi, arXiv:1602.07261; TF-Slim, without the auxiliary head",
        spec: || inception_resnet_v2(Edges::Valid),
    },
    Architecture {
        name: "inception_resnet_v2-same",
        title: "Inception-ResNet v2 with SAME padding",
        family: "Inception",
        year: 2016,
        source: "Szegedy, Ioffe, Vanhoucke, Alemi, arXiv:1602.07261; TF-Slim with align_feature_maps=True, without the auxiliary head",
        spec: || inception_resnet_v2(Edges::Same),
    },
];

const UNIT: Unit = Unit::INCEPTION;

/// The padding of the layers that shrink the map.
#[derive(Clone, Copy)]
enum Edges {
    Valid,
    Same,
}

impl Edges {
    fn conv(self, conv: Conv) -> Conv {
        match self {
            Edges::Valid => conv,
            Edges::Same => conv.same(),
        }
    }

    fn halving(self, channels: usize) -> Step {
        Step::Conv(self.conv(conv(channels, 3).stride(2)))
    }

    fn pool(self) -> Pool {
        match self {
            Edges::Valid => max_pool(3, 2),
            Edges::Same => max_pool(3, 2).same(),
        }
    }
}

fn inception_resnet_v2(edges: Edges) -> Spec {
    let mut net = Builder::new('/', 3, 299);
    UNIT.add(&mut net, "Conv2d_1a_3x3", edges.conv(conv(32, 3).stride(2)));
    UNIT.add(&mut net, "Conv2d_2a_3x3", edges.conv(conv(32, 3)));
    UNIT.add(&mut net, "Conv2d_2b_3x3", conv(64, 3).same());
    net.pool("MaxPool_3a_3x3", edges.pool());
    UNIT.add(&mut net, "Conv2d_3b_1x1", conv(80, 1));
    UNIT.add(&mut net, "Conv2d_4a_3x3", edges.conv(conv(192, 3)));
    net.pool("MaxPool_5a_3x3", edges.pool());
    mixed(
        &mut net,
        "Mixed_5b",
        &[
            &[same(96, 1)],
            &[same(48, 1), same(64, 5)],
            &[same(64, 1), same(96, 3), same(96, 3)],
            &[Step::Average, same(64, 1)],
        ],
    );
    let block35: &[&[Step]] = &[
        &[same(32, 1)],
        &[same(32, 1), same(32, 3)],
        &[same(32, 1), same(48, 3), same(64, 3)],
    ];
    net.within("Repeat", |net| {
        for number in 1..=10 {
            residual(net, &format!("block35_{number}"), block35, 0.17);
            net.relu(&format!("block35_{number}/Relu"));
        }
    });
    mixed(
        &mut net,
        "Mixed_6a",
        &[
            &[edges.halving(384)],
            &[same(256, 1), same(256, 3), edges.halving(384)],
            &[Step::MaxHalving(edges.pool())],
        ],
    );
    let block17: &[&[Step]] = &[
        &[same(192, 1)],
        &[same(128, 1), same(160, [1, 7]), same(192, [7, 1])],
    ];
    net.within("Repeat_1", |net| {
        for number in 1..=20 {
            residual(net, &format!("block17_{number}"), block17, 0.10);
            if number < 20 {
                net.relu(&format!("block17_{number}/Relu"));
            }
        }
    });
    net.relu("PreAuxLogits");
    mixed(
        &mut net,
        "Mixed_7a",
        &[
            &[same(256, 1), edges.halving(384)],
            &[same(256, 1), edges.halving(288)],
            &[same(256, 1), same(288, 3), edges.halving(320)],
            &[Step::MaxHalving(edges.pool())],
        ],
    );
    let block8: &[&[Step]] = &[
        &[same(192, 1)],
        &[same(192, 1), same(224, [1, 3]), same(256, [3, 1])],
    ];
    net.within("Repeat_2", |net| {
        for number in 1..=9 {
            residual(net, &format!("block8_{number}"), block8, 0.20);
            net.relu(&format!("block8_{number}/Relu"));
        }
    });
    residual(&mut net, "Block8", block8, 1.0);
    UNIT.add(&mut net, "Conv2d_7b_1x1", conv(1536, 1));
    net.within("Logits", |net| {
        net.global_average("AvgPool_1a_8x8")
            .flatten("PreLogitsFlatten")
            .dropout("Dropout", 0.2)
            .dense("Logits", 1001)
            .softmax("Predictions");
    });
    net.finish()
}

/// The branches, joined, projected to the channels of the input, scaled and added to it.
fn residual(net: &mut Builder, name: &str, branches: &[&[Step]], factor: f64) {
    let input = net.here();
    net.within(name, |net| {
        branch_out(net, branches);
        net.conv("Conv2d_1x1", conv(input.channels, 1))
            .scale("mul", factor)
            .add("add", &input);
    });
}
