//! Small networks that each show one thing.

use super::Architecture;
use super::builder::{Builder, Place};
use super::options::{conv, max_pool};
use crate::net::spec::Spec;
use crate::window::Sides;

pub const MEMBERS: &[Architecture] = &[
    lesson("two_3x3", "Two 3x3 convolutions", 2014, SIMONYAN, two_3x3),
    lesson("one_5x5", "One 5x5 convolution", 2014, SIMONYAN, one_5x5),
    lesson("plain_stack", "Stack of 3x3 convolutions", 2015, YU, || {
        stack([1, 1, 1, 1, 1, 1, 1])
    }),
    lesson("dilated_stack", "Dilated stack", 2015, YU, || {
        stack([1, 1, 2, 4, 8, 16, 1])
    }),
    lesson(
        "skip_connection",
        "A skip connection",
        2015,
        "one unit after He, Zhang, Ren, Sun, arXiv:1512.03385",
        skip_connection,
    ),
    lesson(
        "misaligned_two_branch",
        "Misaligned branches",
        2019,
        "Araujo, Norris, Sim, Distill 2019, doi:10.23915/distill.00021; test_network_3 of google-research/receptive_field at the extent where both branches have one shape",
        misaligned_two_branch,
    ),
    lesson(
        "misaligned_shortcut",
        "A shortcut that SAME padding misaligns",
        2019,
        "after test_network_4 of google-research/receptive_field",
        misaligned_shortcut,
    ),
    lesson(
        "tiny_vgg",
        "Tiny VGG",
        2020,
        "Wang et al., CNN Explainer, arXiv:2004.15004",
        tiny_vgg,
    ),
    lesson(
        "all_cnn_c",
        "All-CNN-C",
        2014,
        "Springenberg, Dosovitskiy, Brox, Riedmiller, arXiv:1412.6806, Table 2",
        all_cnn_c,
    ),
    lesson(
        "unet_small",
        "Small U-Net",
        2015,
        "after Ronneberger, Fischer, Brox, arXiv:1505.04597: two levels, padded convolutions",
        unet_small,
    ),
];

const SIMONYAN: &str = "the comparison of Simonyan, Zisserman, arXiv:1409.1556, section 2.3";
const YU: &str =
    "Yu, Koltun, arXiv:1511.07122, Table 1: the basic context module on three channels";

const fn lesson(
    name: &'static str,
    title: &'static str,
    year: u16,
    source: &'static str,
    spec: fn() -> Spec,
) -> Architecture {
    Architecture {
        name,
        title,
        family: "Teaching",
        year,
        source,
        spec,
    }
}

fn two_3x3() -> Spec {
    Builder::new('.', 3, 64)
        .conv("conv1", conv(3, 3).pad(1))
        .relu("relu1")
        .conv("conv2", conv(3, 3).pad(1))
        .relu("relu2")
        .finish()
}

fn one_5x5() -> Spec {
    Builder::new('.', 3, 64)
        .conv("conv1", conv(3, 5).pad(2))
        .relu("relu1")
        .finish()
}

/// Layer after layer of one extent; without gaps the field grows by two pixels each, with gaps that
/// double it doubles.
fn stack(dilations: [usize; 7]) -> Spec {
    let mut net = Builder::new('.', 3, 64);
    for (number, dilation) in (1..).zip(dilations) {
        net.conv(
            &format!("conv{number}"),
            conv(3, 3).pad(dilation).dilation(dilation),
        )
        .relu(&format!("relu{number}"));
    }
    net.conv("conv8", conv(3, 1)).finish()
}

fn skip_connection() -> Spec {
    let mut net = Builder::new('.', 3, 64);
    net.conv("stem", conv(16, 3).pad(1)).relu("relu");
    let skipped = net.here();
    net.within("unit", |net| {
        net.conv("conv1", conv(16, 3).pad(1))
            .relu("relu")
            .conv("conv2", conv(16, 3).pad(1))
            .add("add", &skipped)
            .relu("relu_1");
    });
    net.finish()
}

fn misaligned_two_branch() -> Spec {
    let mut net = Builder::new('.', 3, 8);
    let input = net.here();
    let padding = Sides {
        top: 2,
        left: 2,
        bottom: 1,
        right: 1,
    };
    net.pad("L1p", padding).conv("L1", conv(3, 5).stride(2));
    let strided = net.here();
    net.go(&input)
        .conv("L2", conv(3, 3))
        .conv("L3", conv(3, 3))
        .add("sum", &strided)
        .relu("output")
        .finish()
}

/// At an even extent SAME pads the 3x3 convolution at the bottom and the right alone, so its windows
/// lie one pixel off those of the 1x1 shortcut; at an odd extent they agree.
fn misaligned_shortcut() -> Spec {
    let mut net = Builder::new('.', 3, 64);
    let input = net.here();
    net.conv("conv", conv(16, 3).stride(2).same());
    let strided = net.here();
    net.go(&input)
        .conv("shortcut", conv(16, 1).stride(2))
        .add("add", &strided)
        .relu("relu")
        .finish()
}

fn tiny_vgg() -> Spec {
    Builder::new('.', 3, 64)
        .conv("conv_1_1", conv(10, 3))
        .relu("relu_1_1")
        .conv("conv_1_2", conv(10, 3))
        .relu("relu_1_2")
        .pool("max_pool_1", max_pool(2, 2))
        .conv("conv_2_1", conv(10, 3))
        .relu("relu_2_1")
        .conv("conv_2_2", conv(10, 3))
        .relu("relu_2_2")
        .pool("max_pool_2", max_pool(2, 2))
        .flatten("flatten")
        .dense("output", 10)
        .softmax("softmax")
        .finish()
}

/// Strides stand where other networks pool; a mean over all positions where they have dense layers.
fn all_cnn_c() -> Spec {
    let mut net = Builder::new('.', 3, 32);
    let layers = [
        conv(96, 3).pad(1),
        conv(96, 3).pad(1),
        conv(96, 3).pad(1).stride(2),
        conv(192, 3).pad(1),
        conv(192, 3).pad(1),
        conv(192, 3).pad(1).stride(2),
        conv(192, 3),
        conv(192, 1),
        conv(10, 1),
    ];
    net.dropout("dropout0", 0.2);
    for (number, layer) in (1..).zip(layers) {
        net.conv(&format!("conv{number}"), layer)
            .relu(&format!("relu{number}"));
        if number == 3 || number == 6 {
            net.dropout(&format!("dropout{number}"), 0.5);
        }
    }
    net.global_average("average")
        .flatten("flatten")
        .softmax("softmax")
        .finish()
}

fn unet_small() -> Spec {
    let mut net = Builder::new('.', 3, 64);
    net.within("down1", |net| double_conv(net, 16));
    let fine = net.here();
    net.pool("pool1", max_pool(2, 2))
        .within("down2", |net| double_conv(net, 32));
    let coarse = net.here();
    net.pool("pool2", max_pool(2, 2))
        .within("bottom", |net| double_conv(net, 64))
        .within("up2", |net| up(net, &coarse))
        .within("up1", |net| up(net, &fine))
        .conv("output", conv(2, 1))
        .finish()
}

fn up(net: &mut Builder, skipped: &Place) {
    net.up_conv("up", skipped.channels);
    let places = [skipped.clone(), net.here()];
    net.concat("cat", &places);
    double_conv(net, skipped.channels);
}

fn double_conv(net: &mut Builder, channels: usize) {
    net.conv("conv1", conv(channels, 3).pad(1))
        .relu("relu1")
        .conv("conv2", conv(channels, 3).pad(1))
        .relu("relu2");
}
