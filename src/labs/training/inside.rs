//! What is inside a network that learns: its kernels, its layers, its mistakes.

use std::iter::zip;

use ndarray::{Array3, ArrayD, ArrayViewD, Axis};
use serde::Serialize;

use crate::data::examples::{Examples, shifted};
use crate::error::Result;
use crate::net::graph::NodeId;
use crate::net::spec::Op;
use crate::ops::softmax::softmax;
use crate::render::color::Theme;
use crate::render::display::{DisplayRange, Rendered, render};
use crate::train::clipping::gradient_norm;
use crate::train::loss::Targets;
use crate::train::trainer::Trainer;

use super::gallery::example_picture;
use super::measured::{Measured, answers, logits};
use super::run::Run;

/// Bars of a histogram.
const BARS: usize = 24;
/// Mistakes shown.
const SHOWN: usize = 6;
/// Most kernels shown.
const KERNELS: usize = 32;
/// Examples on which dead units are looked for.
const PROBES: usize = 100;

/// A network at one step.
#[derive(Clone, Debug, PartialEq)]
pub struct Inside {
    /// The step.
    pub step: usize,
    /// What the first layer looks for, all on one scale.
    pub kernels: Vec<Rendered>,
    /// The layers with kernels or dense weights, in order.
    pub layers: Vec<LayerState>,
    /// How many examples held out of each class (rows) were answered with each class (columns).
    pub confusion: Vec<Vec<usize>>,
    /// Wrong answers on the examples held out.
    pub mistakes: usize,
    /// The wrong answers with the highest probabilities.
    pub worst: Vec<Mistake>,
    /// Share of the answers on the examples held out that change when the picture moves by one pixel
    /// to the right.
    pub changed_by_shift: f64,
}

/// A layer at one step.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LayerState {
    /// The name.
    pub id: String,
    /// The norm of the gradients of its parameters for the next batch, without dropout; 0 if it is
    /// frozen.
    pub gradient_norm: f64,
    /// How far the next step moves its weights, as a share of their norm.
    pub update: f64,
    /// Units whose activation is 0 for each of 100 examples held out; `None` without an activation
    /// that can be 0 on a whole side.
    pub dead: Option<usize>,
    /// Channels or values of its output.
    pub units: usize,
    /// How many of the weights lie in each of 24 even parts from `-reach` to `reach`.
    pub histogram: Vec<usize>,
    /// The largest magnitude of a weight.
    pub reach: f64,
    /// Share of the weights that are almost 0: smaller than a thousandth of the largest.
    pub zeros: f64,
}

/// A wrong answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Mistake {
    /// The example.
    pub picture: Rendered,
    /// Its class.
    pub label: usize,
    /// The answer.
    pub answer: usize,
    /// The answer's probability.
    pub probability: f64,
}

impl Inside {
    /// The network of `run` at the latest saved step that is not after `step`.
    ///
    /// # Errors
    /// As [`Trainer::step`].
    pub fn of(run: &Run, step: usize, theme: Theme) -> Result<Inside> {
        let (trainer, step) = run.at(step)?;
        let held_out = run.held_out();
        let measured = Measured::of(&trainer, held_out)?;
        let given = answers(measured.logits.view());
        let moved = answers(logits(&trainer, &shifted(&held_out.inputs, 0, 1))?.view());
        let changed = zip(&given, &moved).filter(|(before, after)| before != after);
        let worst = worst(held_out, &given, measured.logits.view(), theme)?;
        Ok(Inside {
            step,
            kernels: first_kernels(run, &trainer, theme),
            layers: layers(run, &trainer, step)?,
            confusion: confusion(held_out, &given),
            mistakes: zip(&given, &held_out.labels)
                .filter(|(answer, label)| **answer as i32 != **label)
                .count(),
            worst,
            changed_by_shift: changed.count() as f64 / held_out.len().max(1) as f64,
        })
    }
}

fn confusion(examples: &Examples, given: &[usize]) -> Vec<Vec<usize>> {
    let mut counts = vec![vec![0; examples.classes]; examples.classes];
    for (&label, &answer) in zip(&examples.labels, given) {
        counts[label as usize][answer] += 1;
    }
    counts
}

fn worst(
    examples: &Examples,
    given: &[usize],
    logits: ArrayViewD<f32>,
    theme: Theme,
) -> Result<Vec<Mistake>> {
    let shares = softmax(logits, 1)?;
    let mut wrong = (0..examples.len())
        .filter(|&idx| given[idx] as i32 != examples.labels[idx])
        .map(|idx| (idx, shares[[idx, given[idx]]]))
        .collect::<Vec<_>>();
    wrong.sort_by(|(_, a), (_, b)| b.total_cmp(a));
    wrong.truncate(SHOWN);
    let mistake = |(idx, probability): (usize, f32)| Mistake {
        picture: example_picture(examples.inputs.index_axis(Axis(0), idx), theme),
        label: examples.labels[idx] as usize,
        answer: given[idx],
        probability: f64::from(probability),
    };
    Ok(wrong.into_iter().map(mistake).collect())
}

/// The weights of the first layer that has any: kernels, or one picture for each value of a dense
/// layer.
fn first_kernels(run: &Run, trainer: &Trainer<f32>, theme: Theme) -> Vec<Rendered> {
    let network = trainer.network();
    let parameters = network.parameters().unwrap_or_default();
    let Some((_, _, weights)) = parameters
        .into_iter()
        .find(|(_, _, values)| values.ndim() >= 2)
    else {
        return Vec::new();
    };
    let (_, channels, height, width) = run.training().inputs.dim();
    let reach = reach(weights).max(f64::MIN_POSITIVE);
    let range = DisplayRange::Fixed {
        min: -reach,
        max: reach,
    };
    let kernels = weights.outer_iter().take(KERNELS).filter_map(|kernel| {
        let shape = match *kernel.shape() {
            [c, h, w] => [c, h, w],
            _ => [channels, height, width],
        };
        let values = kernel.iter().copied().collect();
        Array3::from_shape_vec(shape, values).ok()
    });
    kernels
        .map(|kernel| render(kernel.view(), &range, theme))
        .collect()
}

fn reach(weights: &ArrayD<f32>) -> f64 {
    let largest = weights
        .iter()
        .fold(0.0_f32, |most, value| most.max(value.abs()));
    f64::from(largest)
}

fn layers(run: &Run, trainer: &Trainer<f32>, step: usize) -> Result<Vec<LayerState>> {
    let network = trainer.network();
    let graph = network.graph();
    let batch = run.batch(step);
    let mut next = trainer.clone();
    let rate = run.rate(step)?;
    next.step(batch.inputs.view(), Targets::Labels(&batch.labels), rate)?;
    let gradients = gradients(trainer, &batch)?;
    let probes = run.held_out().len().min(PROBES);
    let probes = run.held_out().select(&(0..probes).collect::<Vec<_>>());
    let pass = network.forward(probes.inputs.view(), graph.last(), false)?;
    let before = network.parameters()?;
    let after = next.network().parameters()?;
    let mut found = Vec::new();
    for ((id, name, weights), (_, _, moved)) in zip(before, after) {
        if weights.ndim() < 2 {
            continue;
        }
        let node = graph.find(id)?;
        let reach = reach(weights);
        let norm = norm(weights.view());
        let difference = norm_of(zip(weights, moved).map(|(before, after)| after - before));
        let small = weights
            .iter()
            .filter(|value| f64::from(value.abs()) < reach * 1e-3);
        let of_node = gradients
            .iter()
            .find(|(of, _)| *of == node)
            .map_or(0.0, |(_, norm)| *norm);
        found.push(LayerState {
            id: label(id, name),
            gradient_norm: of_node,
            update: if norm > 0.0 { difference / norm } else { 0.0 },
            dead: activation_behind(trainer, node)
                .and_then(|behind| pass.values(behind).map(dead_units)),
            units: weights.shape()[0],
            histogram: histogram(weights, reach),
            reach,
            zeros: small.count() as f64 / weights.len().max(1) as f64,
        });
    }
    Ok(found)
}

fn label(id: &str, name: &str) -> String {
    if name == "weights" {
        id.to_owned()
    } else {
        format!("{id} {name}")
    }
}

/// The norm of the gradients of each node's parameters.
fn gradients(trainer: &Trainer<f32>, batch: &Examples) -> Result<Vec<(NodeId, f64)>> {
    let network = trainer.network();
    let last = network.graph().last();
    let pass = network.forward(batch.inputs.view(), last, true)?;
    let Some(logits) = pass.values(last) else {
        return Ok(Vec::new());
    };
    let targets = Targets::Labels(&batch.labels);
    let shape = network.graph()[last].shape;
    let loss = trainer.loss().for_batch(targets, batch.len(), shape)?;
    let (_, d_logits) = loss.of(logits)?;
    let gradients = network.backward(&pass, d_logits.view())?;
    let nodes = network.graph().iter();
    Ok(nodes
        .map(|(node, _)| (node, gradient_norm(gradients.weights(node))))
        .collect())
}

/// The activation that takes what `node` gives, past norms, if it can leave a unit dead.
fn activation_behind(trainer: &Trainer<f32>, node: NodeId) -> Option<NodeId> {
    let graph = trainer.network().graph();
    let mut here = node;
    loop {
        let (next, behind) = graph
            .iter()
            .find(|(_, other)| other.inputs.contains(&here))?;
        match behind.op.as_ref()? {
            Op::Activation { kind } => return (kind == "relu").then_some(next),
            Op::BatchNorm { .. } | Op::GroupNorm { .. } => here = next,
            _ => return None,
        }
    }
}

/// Units, along axis 1, whose values are all 0.
fn dead_units(values: ArrayViewD<f32>) -> usize {
    let units = values.axis_iter(Axis(1));
    units
        .filter(|unit| unit.iter().all(|&value| value == 0.0))
        .count()
}

fn histogram(weights: &ArrayD<f32>, reach: f64) -> Vec<usize> {
    let mut bars = vec![0; BARS];
    for &value in weights {
        let place = (f64::from(value) / reach.max(f64::MIN_POSITIVE) + 1.0) / 2.0;
        bars[((place * BARS as f64) as usize).min(BARS - 1)] += 1;
    }
    bars
}

fn norm(values: ArrayViewD<f32>) -> f64 {
    norm_of(values.iter().copied())
}

fn norm_of(values: impl Iterator<Item = f32>) -> f64 {
    values
        .map(|value| f64::from(value).powi(2))
        .sum::<f64>()
        .sqrt()
}
