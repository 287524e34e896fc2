//! What is known of a run before its first step.

use serde::Serialize;

use crate::error::Result;
use crate::net::analysis::describe::describe;

use super::network::HEAD;
use super::run::Run;

/// A run's network and data in numbers.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Facts {
    /// Layers with weights, in order.
    pub layers: Vec<LayerFacts>,
    /// Numbers that can be learned.
    pub parameters: u64,
    /// Multiply-adds of one example.
    pub multiply_adds: u64,
    /// The input, `[channels, height, width]`.
    pub input: [usize; 3],
    /// Rows and columns of the input that a value before the first dense layer sees.
    pub receptive_field: [f64; 2],
    /// Training examples.
    pub training: usize,
    /// Examples held out.
    pub held_out: usize,
    /// Steps of an epoch.
    pub epoch_steps: usize,
    /// Number of classes.
    pub classes: usize,
}

/// A layer with weights.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct LayerFacts {
    /// The name.
    pub id: String,
    /// Its own parameters.
    pub parameters: u64,
}

impl Facts {
    /// Those of `run`.
    ///
    /// # Errors
    /// As [`describe`].
    pub fn of(run: &Run) -> Result<Facts> {
        let described = describe(run.trainer().network().graph())?;
        let (_, channels, height, width) = run.training().inputs.dim();
        let layers = described.nodes.iter().filter_map(|node| {
            let parameters = node.cost.parameters.filter(|&count| count > 0)?;
            let id = node.id.clone();
            Some(LayerFacts { id, parameters })
        });
        let flat = described
            .nodes
            .iter()
            .take_while(|node| node.id != HEAD && node.op != "flatten");
        let seen = flat.last().map(|node| &node.receptive_field);
        let seen = |axis: usize| match seen {
            Some(field) if field.everything[axis] => [height, width][axis] as f64,
            Some(field) => field.size[axis].unwrap_or(1.0),
            None => 1.0,
        };
        Ok(Facts {
            layers: layers.collect(),
            parameters: described.totals.cost.parameters.unwrap_or(0),
            multiply_adds: described.totals.cost.multiply_adds.unwrap_or(0),
            input: [channels, height, width],
            receptive_field: [seen(0), seen(1)],
            training: run.training().len(),
            held_out: run.held_out().len(),
            epoch_steps: run.epoch_steps(),
            classes: run.training().classes,
        })
    }
}
