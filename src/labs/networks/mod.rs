//! The networks lab: EfficientNet-Lite0, trained on ImageNet, asked about a picture and taken apart.

mod architectures;
mod input;
mod layers;
mod maps;
mod safetensors;
#[cfg(test)]
mod tests;
mod weights;
mod why;

use ndarray::ArrayD;

use crate::data::picture::Picture;
use crate::error::{Error, Result};
use crate::net::graph::{Graph, NodeId};
use crate::net::planned::Network;
use crate::net::refusal::unknown_layer;
use crate::net::weights::parameters;
use crate::net::zoo::find;
use crate::ops::softmax::softmax_lane;

pub use architectures::{Architecture, Stage, architecture, architectures};
pub use input::{Change, Input, MIDDLE, SIDE};
pub use layers::{Role, ShownLayer, shown_layers};
pub use maps::{FieldOnInput, MapView, Order, Place, Sheet, field_on_input};
pub use safetensors::WeightsReport;
pub use why::{ChannelOff, PLACES};

const NETWORK: &str = "efficientnet_lite0";

/// The trained network with the picture that it saw last.
#[derive(Debug)]
pub struct NetworksLab {
    network: Network,
    weights: Weights,
    layers: Vec<ShownLayer>,
    has_run: bool,
}

/// The weights as they came.
#[derive(Clone, Debug)]
enum Weights {
    /// The shipped file.
    Packed(weights::Packed),
    /// A file of the learner's.
    Tensors(safetensors::Tensors),
}

impl Weights {
    /// # Errors
    /// [`Error::SpecUnreadable`] for bytes that are no file of weights.
    fn new(graph: &Graph, bytes: Vec<u8>) -> Result<Weights> {
        match weights::is_packed(&bytes) {
            true => weights::Packed::new(graph, bytes).map(Weights::Packed),
            false => safetensors::Tensors::new(bytes).map(Weights::Tensors),
        }
    }

    /// The parameters of a node.
    fn arrays(&self, graph: &Graph, node: NodeId) -> Result<Vec<ArrayD<f32>>> {
        match self {
            Weights::Packed(packed) => packed.arrays(graph, node),
            Weights::Tensors(tensors) => tensors.arrays(graph, node),
        }
    }
}

/// How a file of weights fits the network, before anything is loaded.
///
/// # Errors
/// [`Error::SpecUnreadable`] for bytes that are no file of weights.
pub fn weights_report(bytes: Vec<u8>) -> Result<WeightsReport> {
    let graph = graph()?;
    match Weights::new(&graph, bytes)? {
        Weights::Packed(_) => Ok(WeightsReport {
            matched: count(&graph)?,
            ..WeightsReport::default()
        }),
        Weights::Tensors(tensors) => tensors.report(&graph),
    }
}

/// Number of parameter arrays.
fn count(graph: &Graph) -> Result<usize> {
    let counts = graph.iter().map(|(id, _)| Ok(parameters(graph, id)?.len()));
    counts.sum()
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
    /// The network with the weights of a file, as `weights.rs` or `safetensors.rs` describes it.
    ///
    /// # Errors
    /// [`Error::SpecUnreadable`] for bytes that are no such file or lack a tensor; then nothing is held.
    pub fn new(bytes: Vec<u8>) -> Result<NetworksLab> {
        let graph = graph()?;
        let weights = Weights::new(&graph, bytes)?;
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
