//! AlexNet: the two-GPU network of 2012, the one-column network of 2014, and what followed from looking
//! into the first.

use super::Architecture;
use super::builder::Builder;
use super::options::{Conv, conv, max_pool};
use super::slim::Unit;
use crate::net::spec::Spec;

pub const MEMBERS: &[Architecture] = &[
    Architecture {
        name: "alexnet_2012",
        title: "AlexNet (2012)",
        family: "AlexNet",
        year: 2012,
        source: "Krizhevsky, Sutskever, Hinton, NIPS 2012, with its two groups and response normalisation; 227 pixels, which its figures need, instead of 224",
        spec: alexnet_2012,
    },
    Architecture {
        name: "alexnet",
        title: "AlexNet",
        family: "AlexNet",
        year: 2014,
        source: "Krizhevsky, arXiv:1404.5997; torchvision",
        spec: alexnet,
    },
    Architecture {
        name: "alexnet_v2",
        title: "AlexNet v2",
        family: "AlexNet",
        year: 2014,
        source: "Krizhevsky, arXiv:1404.5997; TF-Slim",
        spec: alexnet_v2,
    },
    Architecture {
        name: "zfnet512",
        title: "ZFNet-512",
        family: "AlexNet",
        year: 2013,
        source: "Zeiler, Fergus, arXiv:1311.2901, with 512 channels in the last three convolutions; the ONNX model zoo",
        spec: zfnet512,
    },
];

fn alexnet_2012() -> Spec {
    let mut net = Builder::new('.', 3, 227);
    net.within("features", |net| {
        net.conv("conv1", conv(96, 11).stride(4))
            .relu("relu1")
            .response_norm("norm1", 2.0)
            .pool("pool1", max_pool(3, 2))
            .conv("conv2", conv(256, 5).pad(2).groups(2))
            .relu("relu2")
            .response_norm("norm2", 2.0)
            .pool("pool2", max_pool(3, 2))
            .conv("conv3", conv(384, 3).pad(1))
            .relu("relu3")
            .conv("conv4", conv(384, 3).pad(1).groups(2))
            .relu("relu4")
            .conv("conv5", conv(256, 3).pad(1).groups(2))
            .relu("relu5")
            .pool("pool5", max_pool(3, 2));
    });
    net.flatten("flatten").within("classifier", |net| {
        net.dense("fc6", 4096)
            .relu("relu6")
            .dropout("drop6", 0.5)
            .dense("fc7", 4096)
            .relu("relu7")
            .dropout("drop7", 0.5)
            .dense("fc8", 1000);
    });
    net.finish()
}

fn alexnet() -> Spec {
    let mut net = Builder::new('.', 3, 224);
    net.within("features", |net| {
        net.conv("0", conv(64, 11).stride(4).pad(2))
            .relu("1")
            .pool("2", max_pool(3, 2))
            .conv("3", conv(192, 5).pad(2))
            .relu("4")
            .pool("5", max_pool(3, 2))
            .conv("6", conv(384, 3).pad(1))
            .relu("7")
            .conv("8", conv(256, 3).pad(1))
            .relu("9")
            .conv("10", conv(256, 3).pad(1))
            .relu("11")
            .pool("12", max_pool(3, 2));
    });
    net.adaptive_average("avgpool", 6)
        .flatten("flatten")
        .within("classifier", |net| {
            net.dropout("0", 0.5)
                .dense("1", 4096)
                .relu("2")
                .dropout("3", 0.5)
                .dense("4", 4096)
                .relu("5")
                .dense("6", 1000);
        });
    net.finish()
}

fn alexnet_v2() -> Spec {
    let unit = |net: &mut Builder, name: &str, conv: Conv| Unit::BIASED.add(net, name, conv);
    let mut net = Builder::new('/', 3, 224);
    net.within("alexnet_v2", |net| {
        unit(net, "conv1", conv(64, 11).stride(4));
        net.pool("pool1", max_pool(3, 2));
        unit(net, "conv2", conv(192, 5).same());
        net.pool("pool2", max_pool(3, 2));
        unit(net, "conv3", conv(384, 3).same());
        unit(net, "conv4", conv(384, 3).same());
        unit(net, "conv5", conv(256, 3).same());
        net.pool("pool5", max_pool(3, 2));
        unit(net, "fc6", conv(4096, 5));
        net.dropout("dropout6", 0.5);
        unit(net, "fc7", conv(4096, 1));
        net.dropout("dropout7", 0.5)
            .conv("fc8", conv(1000, 1))
            .flatten("squeezed");
    });
    net.finish()
}

fn zfnet512() -> Spec {
    Builder::new('.', 3, 224)
        .conv("conv1", conv(96, 7).stride(2))
        .relu("relu1")
        .response_norm("norm1", 2.0)
        .pool("pool1", max_pool(3, 2))
        .conv("conv2", conv(256, 5).stride(2))
        .relu("relu2")
        .response_norm("norm2", 2.0)
        .pool("pool2", max_pool(3, 2))
        .conv("conv3", conv(512, 3).pad(1))
        .relu("relu3")
        .conv("conv4", conv(512, 3).pad(1))
        .relu("relu4")
        .conv("conv5", conv(512, 3).pad(1))
        .relu("relu5")
        .pool("pool5", max_pool(2, 2))
        .flatten("flatten")
        .dense("fc6", 4096)
        .relu("relu6")
        .dense("fc7", 1024)
        .relu("relu7")
        .dense("fc8", 1000)
        .softmax("prob")
        .finish()
}
