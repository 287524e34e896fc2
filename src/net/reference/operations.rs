//! How much work a plan is.

use crate::error::Result;
use crate::net::graph::Graph;
use crate::net::op::cost::Multiplies;
use crate::net::op::shape::Shape;
use crate::net::reference::plan::{Part, Plan};
use crate::net::spec::{Op, Pooling};
use crate::net::weights::{Parameter, parameters};

impl Plan {
    /// Multiply-adds of a forward pass and of a backward pass to the input, and all else counted as
    /// the multiply-adds that take as long.
    ///
    /// # Errors
    /// As [`parameters`].
    pub fn operations(&self, graph: &Graph) -> Result<f64> {
        /// Per weight that is drawn.
        const DRAWN: f64 = 128.0;
        let mut sum = 0.0;
        for (node, stage) in self.node.up_to().zip(&self.stages) {
            let (Some(stage), Some(op)) = (stage, &graph[node].op) else {
                continue;
            };
            let positions = |part: Part| part.map(|span| span.len() as f64).iter().product::<f64>();
            let channels = |shape: Shape| shape.channels().unwrap_or_default() as f64;
            let made = channels(graph[node].shape) * positions(stage.computed);
            let taken =
                graph.input_shapes(node).map(channels).sum::<f64>() * positions(stage.taken);
            let parameters = parameters(graph, node)?;
            let weights = parameters.iter().map(Parameter::count).collect::<Vec<_>>();
            let meeting = match Multiplies::of(op) {
                Multiplies::PerOutput => positions(stage.computed),
                Multiplies::PerInput => positions(stage.taken),
                Multiplies::Never => 0.0,
            };
            sum += 2.0 * weights.first().unwrap_or(&0.0) * meeting
                + DRAWN * weights.iter().sum::<f64>()
                + cost_per_value(op) * (taken + made);
        }
        Ok(sum)
    }
}

/// How many multiply-adds take as long as a layer's work on one value, but for those it has; measured
/// in WebAssembly.
fn cost_per_value(op: &Op) -> f64 {
    const MOVED: f64 = 32.0;
    const ELEMENTARY: f64 = 256.0;
    match op {
        Op::Activation { kind } if matches!(&kind[..], "relu" | "leaky_relu" | "relu6") => {
            2.0 * MOVED
        }
        Op::Activation { .. } | Op::Softmax {} | Op::LocalResponseNorm { .. } => ELEMENTARY,
        Op::Pool2d { kind, size, .. } => {
            let cells = size[0] as f64 * size[1] as f64;
            match kind {
                Pooling::Lp => ELEMENTARY * cells,
                Pooling::Max | Pooling::Average => MOVED + 8.0 * cells,
            }
        }
        Op::Conv2d { .. }
        | Op::ConvTranspose2d { .. }
        | Op::GlobalPool2d { .. }
        | Op::AdaptivePool2d { .. }
        | Op::BlurPool2d { .. }
        | Op::Pad2d { .. }
        | Op::Resize2d { .. }
        | Op::Prelu {}
        | Op::BatchNorm { .. }
        | Op::GroupNorm { .. }
        | Op::Dropout { .. }
        | Op::Scale { .. }
        | Op::ChannelScale {}
        | Op::Add {}
        | Op::Concat {}
        | Op::Flatten {}
        | Op::Dense { .. } => MOVED,
    }
}
