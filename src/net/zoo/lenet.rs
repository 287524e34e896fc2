//! LeNet-5: LeCun, Bottou, Bengio, Haffner, *Gradient-based learning applied to document
//! recognition*, Proceedings of the IEEE 86(11), 1998, section II.B.

use super::Architecture;
use super::builder::Builder;
use super::options::{average_pool, conv};
use crate::net::spec::Spec;

pub const MEMBERS: &[Architecture] = &[
    Architecture {
        name: "lenet5_1998",
        title: "LeNet-5 (1998)",
        family: "LeNet",
        year: 1998,
        source: "LeCun, Bottou, Bengio, Haffner, Proc. IEEE 86(11), 1998, doi:10.1109/5.726791, up to F6",
        spec: lenet5_1998,
    },
    Architecture {
        name: "lenet5_modern",
        title: "LeNet-5 (modern form)",
        family: "LeNet",
        year: 1998,
        source: "LeCun et al. 1998 as mostly built today: C3 fully connected, plain average pooling, a dense output",
        spec: lenet5_modern,
    },
];

/// Table I of the paper: the maps of S2 that each map of C3 sees.
const C3: [&[usize]; 16] = [
    &[0, 1, 2],
    &[1, 2, 3],
    &[2, 3, 4],
    &[3, 4, 5],
    &[0, 4, 5],
    &[0, 1, 5],
    &[0, 1, 2, 3],
    &[1, 2, 3, 4],
    &[2, 3, 4, 5],
    &[0, 3, 4, 5],
    &[0, 1, 4, 5],
    &[0, 1, 2, 5],
    &[0, 1, 3, 4],
    &[1, 2, 4, 5],
    &[0, 2, 3, 5],
    &[0, 1, 2, 3, 4, 5],
];

/// Up to F6. The ten outputs after it are distances to fixed patterns drawn by hand, with nothing to
/// learn.
fn lenet5_1998() -> Spec {
    let mut net = Builder::new('/', 1, 32);
    net.within("C1", |net| {
        net.conv("convolution", conv(6, 5));
        squash(net);
    });
    net.within("S2", subsample);
    net.within("C3", |net| {
        let table = C3.map(<[usize]>::to_vec).to_vec();
        net.connected_conv("convolution", conv(16, 5), Some(table));
        squash(net);
    });
    net.within("S4", subsample);
    net.within("C5", |net| {
        net.conv("convolution", conv(120, 5));
        squash(net);
    });
    net.flatten("flatten");
    net.within("F6", |net| {
        net.dense("dense", 84);
        squash(net);
    });
    net.finish()
}

/// The paper sums the four inputs: its coefficient is a quarter of the one here.
fn subsample(net: &mut Builder) {
    net.pool("mean", average_pool(2, 2))
        .channel_scale("coefficient");
    squash(net);
}

/// 1.7159 · tanh(2/3 · a), appendix A.
fn squash(net: &mut Builder) {
    net.scale("slope", 2.0 / 3.0)
        .activation("tanh", "tanh")
        .scale("amplitude", 1.7159);
}

fn lenet5_modern() -> Spec {
    Builder::new('.', 1, 32)
        .conv("c1", conv(6, 5))
        .activation("t1", "tanh")
        .pool("s2", average_pool(2, 2))
        .conv("c3", conv(16, 5))
        .activation("t3", "tanh")
        .pool("s4", average_pool(2, 2))
        .conv("c5", conv(120, 5))
        .activation("t5", "tanh")
        .flatten("flat")
        .dense("f6", 84)
        .activation("t6", "tanh")
        .dense("out", 10)
        .finish()
}
