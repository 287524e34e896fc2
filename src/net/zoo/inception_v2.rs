//! Inception v2, with batch normalisation, as TF-Slim builds it.

use super::Architecture;
use super::builder::Builder;
use super::options::{conv, max_pool};
use super::slim::Unit;
use super::slim_mixed::{Step, mixed, same};
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
];

const UNIT: Unit = Unit::INCEPTION;

/// `#1x1, #3x3 reduce, #3x3, double #3x3 reduce, double #3x3, pool proj`: the paper's Figure 5.
type Row = [usize; 6];

const STAGE_3: [(&str, Row); 2] = [
    ("Mixed_3b", [64, 64, 64, 64, 96, 32]),
    ("Mixed_3c", [64, 64, 96, 64, 96, 64]),
];

const STAGE_4: [(&str, Row); 4] = [
    ("Mixed_4b", [224, 64, 96, 96, 128, 128]),
    ("Mixed_4c", [192, 96, 128, 96, 128, 128]),
    ("Mixed_4d", [160, 128, 160, 128, 160, 96]),
    ("Mixed_4e", [96, 128, 192, 160, 192, 96]),
];

const MIXED_5B: Row = [352, 192, 320, 160, 224, 128];
const MIXED_5C: Row = [352, 192, 320, 192, 224, 128];

fn inception_v2(separable: bool) -> Spec {
    let mut net = Builder::new('/', 3, 224);
    let pool = max_pool(3, 2).same();
    net.within("Conv2d_1a_7x7", |net| {
        let halving = |channels| conv(channels, 7).stride(2).same().no_bias();
        if separable {
            net.conv("depthwise", halving(24).groups(3))
                .conv("Conv2D", conv(64, 1).no_bias());
        } else {
            net.conv("Conv2D", halving(64));
        }
        net.norm("BatchNorm", 1e-3, false);
        UNIT.activate(net);
    });
    net.pool("MaxPool_2a_3x3", pool);
    UNIT.add(&mut net, "Conv2d_2b_1x1", conv(64, 1));
    UNIT.add(&mut net, "Conv2d_2c_3x3", conv(192, 3).same());
    net.pool("MaxPool_3a_3x3", pool);
    for (name, row) in STAGE_3 {
        module(&mut net, name, row, Step::Average);
    }
    reduction(&mut net, "Mixed_4a", [128, 160, 64, 96]);
    for (name, row) in STAGE_4 {
        module(&mut net, name, row, Step::Average);
    }
    reduction(&mut net, "Mixed_5a", [128, 192, 192, 256]);
    module(&mut net, "Mixed_5b", MIXED_5B, Step::Average);
    module(&mut net, "Mixed_5c", MIXED_5C, Step::Max);
    net.within("Logits", |net| {
        net.global_average("AvgPool_1a_7x7")
            .dropout("Dropout_1b", 0.2)
            .conv("Conv2d_1c_1x1", conv(1000, 1))
            .flatten("SpatialSqueeze");
    });
    net.softmax("Predictions").finish()
}

fn module(net: &mut Builder, name: &str, row: Row, pool: Step) {
    let [one, three_reduce, three, double_reduce, double, project] = row;
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

/// `#3x3 reduce, #3x3, double #3x3 reduce, double #3x3`, each at every other position.
fn reduction(net: &mut Builder, name: &str, row: [usize; 4]) {
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
