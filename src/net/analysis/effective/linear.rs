//! A network with less in it than it has, to see what the rest does.

use crate::net::spec::{Op, Pooling, Spec};

/// What is left out. The default leaves the network as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Simplified {
    /// `activation`, `prelu`, `softmax` and `localResponseNorm` pass their input on.
    pub linear: bool,
    /// Maxima and norms are replaced by means over the same windows, of the pixels inside the input.
    pub average_pooling: bool,
}

impl Simplified {
    /// The spec with the replacements made; ids, inputs and shapes stay.
    pub(super) fn applied(self, spec: &Spec) -> Spec {
        let mut spec = spec.clone();
        for layer in &mut spec.layers {
            match &mut layer.op {
                op @ (Op::Activation { .. }
                | Op::Prelu {}
                | Op::Softmax {}
                | Op::LocalResponseNorm { .. })
                    if self.linear =>
                {
                    *op = Op::Scale { factor: 1.0 };
                }
                Op::Pool2d {
                    kind: kind @ (Pooling::Max | Pooling::Lp),
                    count_include_pad,
                    ..
                } if self.average_pooling => {
                    *kind = Pooling::Average;
                    *count_include_pad = false;
                }
                Op::GlobalPool2d { kind } | Op::AdaptivePool2d { kind, .. }
                    if self.average_pooling =>
                {
                    *kind = Pooling::Average;
                }
                _ => {}
            }
        }
        spec
    }
}
