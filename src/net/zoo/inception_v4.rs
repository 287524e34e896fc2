//! Inception v4 as TF-Slim builds it: Figures 3 to 9 of the paper.

use super::Architecture;
use super::builder::Builder;
use super::options::conv;
use super::slim_mixed::{Step, halving, max_halving, mixed, same, split, stem};
use crate::net::spec::Spec;

pub const MEMBERS: &[Architecture] = &[Architecture {
    name: "inception_v4",
    title: "Inception v4",
    family: "Inception",
    year: 2016,
    source: "Szegedy, Ioffe, Vanhoucke, Alemi, arXiv:1602.07261; TF-Slim, without the auxiliary head",
    spec: inception_v4,
}];

fn inception_v4() -> Spec {
    let (wide, tall) = ([1, 7], [7, 1]);
    let inside = Step::Conv(conv(96, 3));
    let mut net = Builder::new('/', 3, 299);
    stem(&mut net);
    mixed(&mut net, "Mixed_3a", &[&[max_halving()], &[halving(96)]]);
    mixed(
        &mut net,
        "Mixed_4a",
        &[
            &[same(64, 1), inside],
            &[same(64, 1), same(64, wide), same(64, tall), inside],
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
