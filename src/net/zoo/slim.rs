//! What TF-Slim's networks share: a convolution and what follows it.

use super::builder::Builder;
use super::options::Conv;

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
