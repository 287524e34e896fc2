//! The networks lab: EfficientNet-Lite0, trained on ImageNet, asked about a picture and taken apart.

mod architectures;
mod input;
mod layers;
mod maps;
#[cfg(test)]
mod tests;
mod weights;
mod why;

use crate::data::picture::Picture;
use crate::error::{Error, Result};
use crate::net::graph::Graph;
use crate::net::planned::Network;
use crate::net::refusal::unknown_layer;
use crate::net::zoo::find;
use crate::ops::softmax::softmax_lane;

pub use architectures::{Architecture, Stage, architecture, architectures};
pub use input::{Change, Input, MIDDLE, SIDE};
pub use layers::{Role, ShownLayer, shown_layers};
pub use maps::{FieldOnInput, MapView, Order, Place, Sheet, field_on_input};
pub use why::{ChannelOff, PLACES};

const NETWORK: &str = "efficientnet_lite0";

/// The trained network with the picture that it saw last.
#[derive(Debug)]
pub struct NetworksLab {
    network: Network,
    weights: weights::Packed,
    layers: Vec<ShownLayer>,
    has_run: bool,
}

/// What the network says of a picture.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// What it saw.
    pub input: Input,
    /// One number per class, before softmax.
    pub logits: Vec<f32>,
    /// One per class; their sum is 1.
    pub probabilities: Vec<f32>,
    /// The classes, the most probable first.
    pub order: Vec<usize>,
}

/// The layers of the network.
///
/// # Errors
/// None: the network is one of the zoo.
pub fn graph() -> Result<Graph> {
    let known = find(NETWORK).ok_or(Error::UnknownName {
        operator: "networksLab",
        argument: "network".into(),
        expected: NETWORK.into(),
        got: String::new(),
    })?;
    Graph::new(&(known.spec)())
}

impl NetworksLab {
    /// The network with the weights of a file, as `weights.rs` describes it.
    ///
    /// # Errors
    /// [`Error::SpecUnreadable`] for bytes that are no such file; then nothing is held.
    pub fn new(bytes: Vec<u8>) -> Result<NetworksLab> {
        let graph = graph()?;
        let weights = weights::Packed::new(&graph, bytes)?;
        let layers = shown_layers(&graph);
        let kept = layers.iter().map(|layer| layer.node).collect::<Vec<_>>();
        let arrays = |node| weights.arrays(&graph, node);
        let network = Network::keeping(graph.clone(), &kept, arrays)?;
        Ok(NetworksLab {
            network,
            weights,
            layers,
            has_run: false,
        })
    }

    /// What the network says of the changed middle of `picture`.
    ///
    /// # Errors
    /// As [`Input::changed`]; [`Error::NotFinite`] if the answer is no numbers.
    pub fn answer(&mut self, picture: &Picture, change: Change) -> Result<Answer> {
        self.see(Input::new(picture).changed(change)?)
    }

    /// Runs the network unless it has just seen the same.
    fn see(&mut self, input: Input) -> Result<Answer> {
        if input.write(self.network.input_mut()) || !self.has_run {
            self.has_run = false;
            self.network.run()?;
            self.has_run = true;
        }
        let logits = self.network.output().to_vec();
        if let Some(value) = logits.iter().find(|value| !value.is_finite()) {
            return Err(Error::NotFinite {
                operator: "networksLabAnswer",
                argument: "output",
                got: value.to_string(),
            });
        }
        let probabilities = probabilities(&logits);
        let mut order = (0..probabilities.len()).collect::<Vec<_>>();
        order.sort_by(|&a, &b| probabilities[b].total_cmp(&probabilities[a]));
        Ok(Answer {
            input,
            logits,
            probabilities,
            order,
        })
    }

    /// The shown layer of this id.
    ///
    /// # Errors
    /// [`Error::LayerUnknown`].
    fn layer(&self, id: &str) -> Result<ShownLayer> {
        let found = self.layers.iter().find(|layer| layer.id == id);
        found.cloned().ok_or_else(|| {
            let operator = "networksLab";
            unknown_layer(operator, id)
        })
    }
}

/// The softmax of `logits`.
fn probabilities(logits: &[f32]) -> Vec<f32> {
    let mut lane = logits
        .iter()
        .map(|&logit| f64::from(logit))
        .collect::<Vec<_>>();
    softmax_lane(&mut lane);
    lane.into_iter().map(|value| value as f32).collect()
}
