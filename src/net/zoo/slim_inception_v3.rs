//! Inception v3 as TF-Slim builds it.

use super::Architecture;
use super::builder::Builder;
use super::options::{conv, max_pool};
use super::slim::Unit;
use super::slim_mixed::{Step, halving, max_halving, mixed, same, split, stem};
use crate::net::spec::Spec;

pub const MEMBERS: &[Architecture] = &[Architecture {
    name: "slim_inception_v3",
    title: "Inception v3 (TF-Slim)",
    family: "Inception",
    year: 2015,
    source: "Szegedy et al., arXiv:1512.00567; TF-Slim, without the auxiliary head",
    spec: inception_v3,
}];

const UNIT: Unit = Unit::INCEPTION;

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
