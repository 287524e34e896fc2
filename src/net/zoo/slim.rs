//! What TF-Slim's networks share: the scopes of a convolution, and the names of Inception's branches.

use super::builder::{Builder, Conv, Extents, Pool, average_pool, conv, max_pool};

/// What follows every convolution of a network: TF-Slim's argument scope.
#[derive(Clone, Copy)]
pub struct Unit {
    norm: Option<Norm>,
    activation: &'static str,
}

#[derive(Clone, Copy)]
struct Norm {
    epsilon: f64,
    scale: bool,
}

impl Unit {
    /// Convolution with biases, ReLU.
    pub const BIASED: Unit = Unit {
        norm: None,
        activation: "relu",
    };

    /// Convolution, batch normalisation that learns a shift alone, ReLU.
    pub const INCEPTION: Unit = Unit {
        norm: Some(Norm {
            epsilon: 1e-3,
            scale: false,
        }),
        activation: "relu",
    };

    /// Convolution, batch normalisation, ReLU.
    pub const RESNET: Unit = Unit {
        norm: Some(Norm {
            epsilon: 1e-5,
            scale: true,
        }),
        activation: "relu",
    };

    /// Convolution, batch normalisation, ReLU up to 6.
    pub const MOBILENET: Unit = Unit {
        norm: Some(Norm {
            epsilon: 1e-3,
            scale: true,
        }),
        activation: "relu6",
    };

    /// The unit in the block `name`.
    pub fn add(&self, net: &mut Builder, name: &str, conv: Conv) {
        net.within(name, |net| {
            self.convolve(net, conv);
            self.activate(net);
        });
    }

    /// The unit in the block `name`, without the activation.
    pub fn add_linear(&self, net: &mut Builder, name: &str, conv: Conv) {
        net.within(name, |net| self.convolve(net, conv));
    }

    /// What follows the convolution.
    pub fn activate(&self, net: &mut Builder) {
        let id = if self.activation == "relu6" {
            "Relu6"
        } else {
            "Relu"
        };
        net.activation(id, self.activation);
    }

    fn convolve(&self, net: &mut Builder, conv: Conv) {
        match self.norm {
            None => net.conv("Conv2D", conv),
            Some(norm) => {
                net.conv("Conv2D", conv.no_bias())
                    .norm("BatchNorm", norm.epsilon, norm.scale)
            }
        };
    }
}

/// A step of an Inception branch.
#[derive(Clone, Copy)]
pub enum Step {
    /// A convolution and what follows it.
    Conv(Conv),
    /// The mean of 3x3 pixels around each.
    Average,
    /// The largest of 3x3 pixels around each.
    Max,
    /// The largest of 3x3 pixels around every other.
    MaxHalving(Pool),
    /// Two convolutions of the same input, their outputs joined.
    Split(Conv, Conv),
}

/// A convolution at every position, padded so that the map keeps its extents.
pub fn same(channels: usize, kernel: impl Extents) -> Step {
    Step::Conv(conv(channels, kernel).same())
}

/// Adds an Inception module: in `name`, each of `branches` from here, joined.
///
/// The steps of a branch are named by TF-Slim's rule: what they are, `0` or, where the map shrinks,
/// `1`, a letter that counts them, and the kernel: `Conv2d_0b_3x3`.
pub fn mixed(net: &mut Builder, name: &str, branches: &[&[Step]]) {
    net.within(name, |net| branch_out(net, branches));
}

/// [`mixed`] inside the block that is open.
pub fn branch_out(net: &mut Builder, branches: &[&[Step]]) {
    let from = net.here();
    let mut ends = Vec::with_capacity(branches.len());
    for (branch_idx, steps) in branches.iter().enumerate() {
        net.go(&from);
        net.within(&format!("Branch_{branch_idx}"), |net| branch(net, steps));
        ends.push(net.here());
    }
    net.concat("concat", &ends);
}

fn branch(net: &mut Builder, steps: &[Step]) {
    let unit = Unit::INCEPTION;
    let mut letters = 'a'..;
    for &step in steps {
        // The counting starts anew with the step that shrinks.
        let mut letter = |shrinks: bool| {
            if shrinks {
                'a'
            } else {
                letters.next().unwrap_or('z')
            }
        };
        match step {
            Step::Conv(conv) => unit.add(net, &conv_name(conv, letter(conv.shrinks())), conv),
            Step::Average => {
                let id = format!("AvgPool_0{}_3x3", letter(false));
                net.pool(&id, average_pool(3, 1).same());
            }
            Step::Max => {
                let id = format!("MaxPool_0{}_3x3", letter(false));
                net.pool(&id, max_pool(3, 1).same());
            }
            Step::MaxHalving(pool) => {
                net.pool("MaxPool_1a_3x3", pool);
            }
            Step::Split(first, second) => {
                let from = net.here();
                unit.add(net, &conv_name(first, letter(false)), first);
                let ends = net.here();
                net.go(&from);
                unit.add(net, &conv_name(second, letter(false)), second);
                let ends = [ends, net.here()];
                net.concat("concat", &ends);
            }
        }
    }
}

fn conv_name(conv: Conv, letter: char) -> String {
    let [rows, cols] = conv.kernel();
    let stage = usize::from(conv.shrinks());
    format!("Conv2d_{stage}{letter}_{rows}x{cols}")
}
