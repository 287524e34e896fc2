//! How right a network is on examples.

use ndarray::{Array4, ArrayD, ArrayViewD, Axis, Slice, aview1};

use crate::data::examples::Examples;
use crate::error::Result;
use crate::ops::loss::cross_entropy::{CrossEntropyOptions, cross_entropy};
use crate::train::trainer::Trainer;

/// Examples that are measured at once.
const CHUNK: usize = 100;

/// Loss, right answers and probabilities of a set of examples.
#[derive(Debug)]
pub(super) struct Measured {
    pub loss: f64,
    pub accuracy: f64,
    /// `[n, classes]`
    pub logits: ArrayD<f32>,
}

impl Measured {
    /// # Errors
    /// As [`ReferenceNetwork::forward`](crate::net::reference::ReferenceNetwork::forward).
    pub fn of(trainer: &Trainer<f32>, examples: &Examples) -> Result<Measured> {
        let logits = logits(trainer, &examples.inputs)?;
        let options = CrossEntropyOptions::default();
        let labels = aview1(&examples.labels).into_dyn();
        let loss = cross_entropy(logits.view(), labels, None, &options)?;
        let right = answers(logits.view()).into_iter().zip(&examples.labels);
        let right = right.filter(|(answer, label)| *answer as i32 == **label);
        Ok(Measured {
            accuracy: right.count() as f64 / examples.len().max(1) as f64,
            loss: loss.iter().map(|&loss| f64::from(loss)).sum(),
            logits,
        })
    }
}

/// The values of the last layer, `[n, classes]`.
///
/// # Errors
/// As [`ReferenceNetwork::forward`](crate::net::reference::ReferenceNetwork::forward).
pub(super) fn logits(trainer: &Trainer<f32>, inputs: &Array4<f32>) -> Result<ArrayD<f32>> {
    let network = trainer.network();
    let last = network.graph().last();
    let mut rows = Vec::new();
    let count = inputs.dim().0;
    for start in (0..count).step_by(CHUNK) {
        let end = (start + CHUNK).min(count);
        let part = inputs.slice_axis(Axis(0), Slice::from(start..end));
        let pass = network.forward(part, last, false)?;
        rows.extend(
            pass.values(last)
                .into_iter()
                .flatten()
                .copied()
                .collect::<Vec<_>>(),
        );
    }
    let classes = rows.len() / count.max(1);
    Ok(ArrayD::from_shape_vec(vec![count, classes], rows).unwrap_or_default())
}

/// The class with the largest value of each example; the first of equals.
pub(super) fn answers(logits: ArrayViewD<f32>) -> Vec<usize> {
    let best = |row: ArrayViewD<f32>| {
        let largest = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        row.iter().position(|&value| value == largest).unwrap_or(0)
    };
    logits.outer_iter().map(best).collect()
}
