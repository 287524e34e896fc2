//! GoogLeNet: Szegedy et al., *Going deeper with convolutions*, arXiv:1409.4842, Table 1.

use super::Architecture;
use super::builder::Builder;
use super::options::{Conv, conv, max_pool};
use crate::net::spec::Spec;

pub const MEMBERS: &[Architecture] = &[
    Architecture {
        name: "googlenet_2014",
        title: "GoogLeNet / Inception v1 (2014)",
        family: "Inception",
        year: 2014,
        source: "Szegedy et al., arXiv:1409.4842, with 5x5 kernels and response normalisation; layers named as in the BVLC model",
        spec: googlenet_2014,
    },
    Architecture {
        name: "googlenet",
        title: "GoogLeNet / Inception v1",
        family: "Inception",
        year: 2014,
        source: "Szegedy et al., arXiv:1409.4842; torchvision, with 3x3 kernels instead of 5x5, batch norm, and without the two auxiliary heads",
        spec: googlenet,
    },
];

/// A row of Table 1: `#1x1, #3x3 reduce, #3x3, #5x5 reduce, #5x5, pool proj`.
type Row = [usize; 6];

const ROWS: [(&str, &[(&str, Row)]); 3] = [
    (
        "3",
        &[
            ("a", [64, 96, 128, 16, 32, 32]),
            ("b", [128, 128, 192, 32, 96, 64]),
        ],
    ),
    (
        "4",
        &[
            ("a", [192, 96, 208, 16, 48, 64]),
            ("b", [160, 112, 224, 24, 64, 64]),
            ("c", [128, 128, 256, 24, 64, 64]),
            ("d", [112, 144, 288, 32, 64, 64]),
            ("e", [256, 160, 320, 32, 128, 128]),
        ],
    ),
    (
        "5",
        &[
            ("a", [256, 160, 320, 32, 128, 128]),
            ("b", [384, 192, 384, 48, 128, 128]),
        ],
    ),
];

fn googlenet_2014() -> Spec {
    let mut net = Builder::new('/', 3, 224);
    net.within("conv1", |net| {
        net.conv("7x7_s2", conv(64, 7).stride(2).pad(3))
            .relu("relu_7x7");
    })
    .within("pool1", |net| {
        net.pool("3x3_s2", max_pool(3, 2).ceil())
            .response_norm("norm1", 1.0);
    })
    .within("conv2", |net| {
        caffe_unit(net, "3x3_reduce", conv(64, 1));
        caffe_unit(net, "3x3", conv(192, 3).pad(1));
        net.response_norm("norm2", 1.0);
    })
    .within("pool2", halve);
    for (stage, rows) in ROWS {
        if stage != "3" {
            let before = if stage == "4" { "pool3" } else { "pool4" };
            net.within(before, halve);
        }
        for &(letter, row) in rows {
            net.within(&format!("inception_{stage}{letter}"), |net| {
                paper_module(net, row);
            });
        }
    }
    net.within("pool5", |net| {
        net.global_average("7x7_s1").dropout("drop_7x7_s1", 0.4);
    })
    .flatten("flatten")
    .within("loss3", |net| {
        net.dense("classifier", 1000);
    })
    .softmax("prob");
    net.finish()
}

fn halve(net: &mut Builder) {
    net.pool("3x3_s2", max_pool(3, 2).ceil());
}

fn caffe_unit(net: &mut Builder, name: &str, conv: Conv) {
    net.conv(name, conv).relu(&format!("relu_{name}"));
}

fn paper_module(net: &mut Builder, row: Row) {
    let [one, three_reduce, three, five_reduce, five, project] = row;
    net.branches(
        "output",
        &[
            &|net| caffe_unit(net, "1x1", conv(one, 1)),
            &|net| {
                caffe_unit(net, "3x3_reduce", conv(three_reduce, 1));
                caffe_unit(net, "3x3", conv(three, 3).pad(1));
            },
            &|net| {
                caffe_unit(net, "5x5_reduce", conv(five_reduce, 1));
                caffe_unit(net, "5x5", conv(five, 5).pad(2));
            },
            &|net| {
                net.pool("pool", max_pool(3, 1).pad(1));
                caffe_unit(net, "pool_proj", conv(project, 1));
            },
        ],
    );
}

fn googlenet() -> Spec {
    let mut net = Builder::new('.', 3, 224);
    basic_unit(&mut net, "conv1", conv(64, 7).stride(2).pad(3));
    net.pool("maxpool1", max_pool(3, 2).ceil());
    basic_unit(&mut net, "conv2", conv(64, 1));
    basic_unit(&mut net, "conv3", conv(192, 3).pad(1));
    net.pool("maxpool2", max_pool(3, 2).ceil());
    for (stage, rows) in ROWS {
        match stage {
            "4" => net.pool("maxpool3", max_pool(3, 2).ceil()),
            "5" => net.pool("maxpool4", max_pool(2, 2).ceil()),
            _ => &mut net,
        };
        for &(letter, row) in rows {
            net.within(&format!("inception{stage}{letter}"), |net| {
                torchvision_module(net, row);
            });
        }
    }
    net.global_average("avgpool")
        .flatten("flatten")
        .dropout("dropout", 0.2)
        .dense("fc", 1000)
        .finish()
}

/// torchvision's `BasicConv2d`: convolution, batch norm, ReLU.
pub fn basic_unit(net: &mut Builder, name: &str, conv: Conv) {
    net.within(name, |net| {
        net.conv("conv", conv.no_bias())
            .norm("bn", 1e-3, true)
            .relu("relu");
    });
}

fn torchvision_module(net: &mut Builder, row: Row) {
    let [one, three_reduce, three, five_reduce, five, project] = row;
    net.branches(
        "cat",
        &[
            &|net| basic_unit(net, "branch1", conv(one, 1)),
            &|net| {
                basic_unit(net, "branch2.0", conv(three_reduce, 1));
                basic_unit(net, "branch2.1", conv(three, 3).pad(1));
            },
            &|net| {
                basic_unit(net, "branch3.0", conv(five_reduce, 1));
                basic_unit(net, "branch3.1", conv(five, 3).pad(1));
            },
            &|net| {
                net.pool("branch4.0", max_pool(3, 1).pad(1).ceil());
                basic_unit(net, "branch4.1", conv(project, 1));
            },
        ],
    );
}
