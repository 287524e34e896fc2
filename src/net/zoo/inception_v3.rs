//! Inception v3 as torchvision builds it: Szegedy et al., *Rethinking the Inception architecture*,
//! arXiv:1512.00567.

use super::Architecture;
use super::builder::Builder;
use super::googlenet::basic_unit as unit;
use super::options::{average_pool, conv, max_pool};
use crate::net::spec::Spec;

pub const MEMBERS: &[Architecture] = &[Architecture {
    name: "inception_v3",
    title: "Inception v3",
    family: "Inception",
    year: 2015,
    source: "Szegedy et al., arXiv:1512.00567; torchvision, without the auxiliary head",
    spec: inception_v3,
}];

fn inception_v3() -> Spec {
    let mut net = Builder::new('.', 3, 299);
    unit(&mut net, "Conv2d_1a_3x3", conv(32, 3).stride(2));
    unit(&mut net, "Conv2d_2a_3x3", conv(32, 3));
    unit(&mut net, "Conv2d_2b_3x3", conv(64, 3).pad(1));
    net.pool("maxpool1", max_pool(3, 2));
    unit(&mut net, "Conv2d_3b_1x1", conv(80, 1));
    unit(&mut net, "Conv2d_4a_3x3", conv(192, 3));
    net.pool("maxpool2", max_pool(3, 2))
        .within("Mixed_5b", |net| module_a(net, 32))
        .within("Mixed_5c", |net| module_a(net, 64))
        .within("Mixed_5d", |net| module_a(net, 64))
        .within("Mixed_6a", reduction_b)
        .within("Mixed_6b", |net| module_c(net, 128))
        .within("Mixed_6c", |net| module_c(net, 160))
        .within("Mixed_6d", |net| module_c(net, 160))
        .within("Mixed_6e", |net| module_c(net, 192))
        .within("Mixed_7a", reduction_d)
        .within("Mixed_7b", module_e)
        .within("Mixed_7c", module_e)
        .global_average("avgpool")
        .dropout("dropout", 0.5)
        .flatten("flatten")
        .dense("fc", 1000)
        .finish()
}

/// Figure 5 of the paper: 5x5 as two 3x3.
fn module_a(net: &mut Builder, pool_channels: usize) {
    net.branches(
        "cat",
        &[
            &|net| unit(net, "branch1x1", conv(64, 1)),
            &|net| {
                unit(net, "branch5x5_1", conv(48, 1));
                unit(net, "branch5x5_2", conv(64, 5).pad(2));
            },
            &|net| {
                unit(net, "branch3x3dbl_1", conv(64, 1));
                unit(net, "branch3x3dbl_2", conv(96, 3).pad(1));
                unit(net, "branch3x3dbl_3", conv(96, 3).pad(1));
            },
            &|net| pooled(net, pool_channels),
        ],
    );
}

fn reduction_b(net: &mut Builder) {
    net.branches(
        "cat",
        &[
            &|net| unit(net, "branch3x3", conv(384, 3).stride(2)),
            &|net| {
                unit(net, "branch3x3dbl_1", conv(64, 1));
                unit(net, "branch3x3dbl_2", conv(96, 3).pad(1));
                unit(net, "branch3x3dbl_3", conv(96, 3).stride(2));
            },
            &|net| {
                net.pool("max_pool2d", max_pool(3, 2));
            },
        ],
    );
}

/// Figure 6 of the paper: 7x7 as 1x7 and 7x1.
fn module_c(net: &mut Builder, inner: usize) {
    let (wide, tall) = ([1, 7], [7, 1]);
    net.branches(
        "cat",
        &[
            &|net| unit(net, "branch1x1", conv(192, 1)),
            &|net| {
                unit(net, "branch7x7_1", conv(inner, 1));
                unit(net, "branch7x7_2", conv(inner, wide).pad([0, 3]));
                unit(net, "branch7x7_3", conv(192, tall).pad([3, 0]));
            },
            &|net| {
                unit(net, "branch7x7dbl_1", conv(inner, 1));
                unit(net, "branch7x7dbl_2", conv(inner, tall).pad([3, 0]));
                unit(net, "branch7x7dbl_3", conv(inner, wide).pad([0, 3]));
                unit(net, "branch7x7dbl_4", conv(inner, tall).pad([3, 0]));
                unit(net, "branch7x7dbl_5", conv(192, wide).pad([0, 3]));
            },
            &|net| pooled(net, 192),
        ],
    );
}

fn reduction_d(net: &mut Builder) {
    net.branches(
        "cat",
        &[
            &|net| {
                unit(net, "branch3x3_1", conv(192, 1));
                unit(net, "branch3x3_2", conv(320, 3).stride(2));
            },
            &|net| {
                unit(net, "branch7x7x3_1", conv(192, 1));
                unit(net, "branch7x7x3_2", conv(192, [1, 7]).pad([0, 3]));
                unit(net, "branch7x7x3_3", conv(192, [7, 1]).pad([3, 0]));
                unit(net, "branch7x7x3_4", conv(192, 3).stride(2));
            },
            &|net| {
                net.pool("max_pool2d", max_pool(3, 2));
            },
        ],
    );
}

/// Figure 7 of the paper: 3x3 as 1x3 beside 3x1.
fn module_e(net: &mut Builder) {
    net.branches(
        "cat_2",
        &[
            &|net| unit(net, "branch1x1", conv(320, 1)),
            &|net| {
                unit(net, "branch3x3_1", conv(384, 1));
                split(net, "cat", ["branch3x3_2a", "branch3x3_2b"]);
            },
            &|net| {
                unit(net, "branch3x3dbl_1", conv(448, 1));
                unit(net, "branch3x3dbl_2", conv(384, 3).pad(1));
                split(net, "cat_1", ["branch3x3dbl_3a", "branch3x3dbl_3b"]);
            },
            &|net| pooled(net, 192),
        ],
    );
}

fn split(net: &mut Builder, id: &str, [wide, tall]: [&str; 2]) {
    net.branches(
        id,
        &[
            &|net| unit(net, wide, conv(384, [1, 3]).pad([0, 1])),
            &|net| unit(net, tall, conv(384, [3, 1]).pad([1, 0])),
        ],
    );
}

fn pooled(net: &mut Builder, channels: usize) {
    net.pool("avg_pool2d", average_pool(3, 1).pad(1));
    unit(net, "branch_pool", conv(channels, 1));
}
