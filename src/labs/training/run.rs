//! A run: its data, its trainer, and what was measured on the way.

use serde::Serialize;

use crate::data::digits;
use crate::data::examples::{Examples, shifted, shuffled};
use crate::data::rng::Rng;
use crate::error::{Error, Result};
use crate::net::graph::Graph;
use crate::net::reference::Parameters;
use crate::train::loss::{Loss, Targets};
use crate::train::optimizer::{Method, OptimizerOptions};
use crate::train::regularization::Regularization;
use crate::train::rules::sgd::Sgd;
use crate::train::trainer::{Trainer, TrainerOptions, TrainerSnapshot};

use super::measured::Measured;
use super::network::{self, HEAD};
use super::spec::{DataSet, DataSpec, NetworkKind, OPERATOR, RateChange, RunSpec, Start, rates};

/// Examples held out of a generated set.
const HELD_OUT: usize = 400;
/// Share of the digits that is held out.
const HELD_OUT_SHARE: f64 = 0.2;
/// Training examples on which accuracy is measured.
const MEASURED: usize = 200;
/// Most saved steps.
const SAVED: usize = 48;
/// Bytes that all saved steps may take.
const SAVED_BYTES: usize = 1 << 26;
/// Steps on the other task before a network that is not trained from scratch begins.
const FORMER_STEPS: usize = 400;
const FORMER_RATE: f64 = 0.05;
const FORMER_BATCH: usize = 32;

/// What was measured at a step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Record {
    /// Steps taken before.
    pub step: usize,
    /// The mean loss of the batches since the last record; at step 0 that of the training examples
    /// measured.
    pub training_loss: f64,
    /// Share of right answers on the first 200 training examples.
    pub training_accuracy: f64,
    /// The mean loss on the examples held out.
    pub held_out_loss: f64,
    /// Share of right answers on them.
    pub held_out_accuracy: f64,
    /// The training accuracy minus that on the examples held out.
    pub gap: f64,
    /// Epochs so far.
    pub epoch: f64,
    /// The norm of all gradients at the last step; 0 at step 0.
    pub gradient_norm: f64,
    /// The learning rate of the next step.
    pub learning_rate: f64,
}

/// A run that goes on as far as it is asked to.
#[derive(Debug)]
pub struct Run {
    spec: RunSpec,
    training: Examples,
    held_out: Examples,
    trainer: Trainer<f32>,
    changes: Vec<RateChange>,
    step: usize,
    order: Order,
    losses: Losses,
    records: Vec<Record>,
    saved: Vec<Saved>,
    most_saved: usize,
    stopped: Option<usize>,
}

/// In which order an epoch takes its examples.
#[derive(Debug)]
struct Order {
    epoch: usize,
    examples: Vec<usize>,
}

/// The steps since the last record.
#[derive(Clone, Copy, Debug, Default)]
struct Losses {
    sum: f64,
    count: usize,
    gradient_norm: f64,
}

/// A step to which a run can go back.
#[derive(Debug)]
struct Saved {
    step: usize,
    records: usize,
    snapshot: TrainerSnapshot<f32>,
}

impl Run {
    /// A run before its first step. `digits` is the text of [`digits::read`], for the sets that need
    /// it.
    ///
    /// # Errors
    /// As [`RunSpec::check`], [`digits::read`], [`network::graph`] and [`Trainer::new`].
    pub fn new(spec: RunSpec, digits: Option<&str>) -> Result<Run> {
        spec.check()?;
        let [training, held_out] = examples(&spec.data, spec.seed, digits)?;
        let mut trainer = trainer(&spec, &training)?;
        trainer.load(first_weights(&spec, digits, &trainer)?)?;
        let parameters = trainer.network().parameters()?.into_iter();
        let values = parameters.map(|(_, _, values)| values.len()).sum::<usize>();
        let copies = 1 + trainer.optimizer().slots().len();
        let order = Order::new(training.len(), spec.seed, 0);
        let mut run = Run {
            spec,
            training,
            held_out,
            trainer,
            changes: Vec::new(),
            step: 0,
            order,
            losses: Losses::default(),
            records: Vec::new(),
            saved: Vec::new(),
            most_saved: (SAVED_BYTES / (4 * values * copies).max(1)).clamp(2, SAVED),
            stopped: None,
        };
        run.record()?;
        Ok(run)
    }

    #[cfg(test)]
    pub(super) fn thin_out_to(&mut self, most: usize) {
        self.most_saved = most;
        self.saved.truncate(most);
    }

    /// What decides the run.
    pub fn spec(&self) -> &RunSpec {
        &self.spec
    }

    /// The examples that it learns from, with the labels that it learns.
    pub fn training(&self) -> &Examples {
        &self.training
    }

    /// The examples held out.
    pub fn held_out(&self) -> &Examples {
        &self.held_out
    }

    /// The network and its optimiser.
    pub fn trainer(&self) -> &Trainer<f32> {
        &self.trainer
    }

    /// Steps taken.
    pub fn step(&self) -> usize {
        self.step
    }

    /// The step whose loss was no number any more: there the run ends.
    pub fn stopped(&self) -> Option<usize> {
        self.stopped
    }

    /// What was measured so far.
    pub fn records(&self) -> &[Record] {
        &self.records
    }

    /// The steps to which [`Run::at`] can go back, in ascending order.
    pub fn saved(&self) -> impl Iterator<Item = usize> {
        self.saved.iter().map(|saved| saved.step)
    }

    /// Steps from one end of an epoch to the next.
    pub fn epoch_steps(&self) -> usize {
        self.training.len().div_ceil(self.spec.training.batch)
    }

    /// Goes on to step `until`, or to where the loss is no number any more. If `changes` differ from
    /// those that were followed so far, the run first goes back to before they do.
    ///
    /// # Errors
    /// As [`Trainer::step`].
    pub fn advance(&mut self, until: usize, changes: &[RateChange]) -> Result<()> {
        self.follow(changes)?;
        while self.step < until && self.stopped.is_none() {
            self.one_step()?;
        }
        Ok(())
    }

    /// The trainer as it was at the latest saved step that is not after `step`, and that step.
    ///
    /// # Errors
    /// None for a snapshot of its own.
    pub fn at(&self, step: usize) -> Result<(Trainer<f32>, usize)> {
        let mut trainer = self.trainer.clone();
        if step >= self.step && self.stopped.is_none() {
            return Ok((trainer, self.step));
        }
        let saved = self.saved.iter().rev().find(|saved| saved.step <= step);
        let Some(saved) = saved else {
            return Ok((trainer, self.step));
        };
        trainer.restore(saved.snapshot.clone())?;
        Ok((trainer, saved.step))
    }

    /// The batch of step `step`, as it is learned.
    pub fn batch(&self, step: usize) -> Examples {
        let (epoch, place) = (step / self.epoch_steps(), step % self.epoch_steps());
        let own;
        let order = if epoch == self.order.epoch {
            &self.order
        } else {
            own = Order::new(self.training.len(), self.spec.seed, epoch);
            &own
        };
        let size = self.spec.training.batch;
        let chosen = order.examples.iter().skip(place * size).take(size);
        let mut batch = self.training.select(&chosen.copied().collect::<Vec<_>>());
        if self.spec.data.shift {
            let mut rng = Rng::new(mixed(self.spec.seed, 3));
            rng.skip(2 * step as u64);
            let [down, right] = [0; 2].map(|_| (rng.uniform() * 3.0) as isize - 1);
            batch.inputs = shifted(&batch.inputs, down, right);
        }
        batch
    }

    /// The learning rate of step `step`.
    ///
    /// # Errors
    /// As [`learning_rate`].
    pub fn rate(&self, step: usize) -> Result<f64> {
        let made = self.changes.iter().filter(|change| change.step <= step);
        let factor = made.map(|change| change.factor).product::<f64>();
        let planned = rates(&self.spec.training, &[step]).sum::<Result<f64>>()?;
        Ok(factor * planned)
    }

    fn one_step(&mut self) -> Result<()> {
        let epoch = self.step / self.epoch_steps();
        if epoch != self.order.epoch {
            self.order = Order::new(self.training.len(), self.spec.seed, epoch);
        }
        let batch = self.batch(self.step);
        let rate = self.rate(self.step)?;
        let taken = self
            .trainer
            .step(batch.inputs.view(), Targets::Labels(&batch.labels), rate)?;
        self.losses.sum += f64::from(taken.loss);
        self.losses.count += 1;
        self.losses.gradient_norm = taken.gradient_norm;
        if !(taken.loss.is_finite() && taken.gradient_norm.is_finite()) {
            self.stopped = Some(self.step);
            return Ok(());
        }
        self.step += 1;
        if is_measured(self.step) {
            self.record()?;
        }
        Ok(())
    }

    fn record(&mut self) -> Result<()> {
        let measured = self.training.len().min(MEASURED);
        let measured = self.training.select(&(0..measured).collect::<Vec<_>>());
        let training = Measured::of(&self.trainer, &measured)?;
        let held_out = Measured::of(&self.trainer, &self.held_out)?;
        let Losses {
            sum,
            count,
            gradient_norm,
        } = std::mem::take(&mut self.losses);
        self.records.push(Record {
            step: self.step,
            training_loss: if count == 0 {
                training.loss
            } else {
                sum / count as f64
            },
            training_accuracy: training.accuracy,
            held_out_loss: held_out.loss,
            held_out_accuracy: held_out.accuracy,
            gap: training.accuracy - held_out.accuracy,
            epoch: self.step as f64 / self.epoch_steps() as f64,
            gradient_norm,
            learning_rate: self.rate(self.step)?,
        });
        self.save()
    }

    fn save(&mut self) -> Result<()> {
        if self.saved.len() == self.most_saved {
            let mut place = 0;
            self.saved.retain(|_| {
                place += 1;
                place % 2 == 1
            });
        }
        self.saved.push(Saved {
            step: self.step,
            records: self.records.len(),
            snapshot: self.trainer.snapshot()?,
        });
        Ok(())
    }

    fn follow(&mut self, changes: &[RateChange]) -> Result<()> {
        let known = |list: &[RateChange], change: &RateChange| list.contains(change);
        let dropped = self.changes.iter().filter(|change| !known(changes, change));
        let new = changes
            .iter()
            .filter(|change| !known(&self.changes, change));
        let first = dropped.chain(new).map(|change| change.step).min();
        self.changes = changes.to_vec();
        match first {
            Some(first) if first < self.step || self.stopped.is_some() => self.go_back(first)?,
            _ => {}
        }
        let Some(step) = self.records.last().map(|record| record.step) else {
            return Ok(());
        };
        let rate = self.rate(step)?;
        if let Some(record) = self.records.last_mut() {
            record.learning_rate = rate;
        }
        Ok(())
    }

    fn go_back(&mut self, step: usize) -> Result<()> {
        let later = self.saved.iter().position(|saved| saved.step > step);
        // The first saved step is 0.
        self.saved
            .truncate(later.unwrap_or(self.saved.len()).max(1));
        if let Some(saved) = self.saved.last() {
            self.trainer.restore(saved.snapshot.clone())?;
            self.step = saved.step;
            self.records.truncate(saved.records);
            self.losses = Losses::default();
            self.stopped = None;
        }
        Ok(())
    }
}

impl Order {
    fn new(count: usize, seed: u64, epoch: usize) -> Order {
        Order {
            epoch,
            examples: shuffled(count, mixed(mixed(seed, 2), epoch as u64)),
        }
    }
}

/// Whether a record is made after so many steps: ever more rarely, so that a long run has few.
fn is_measured(step: usize) -> bool {
    let every = match step {
        0..=100 => 10,
        101..=400 => 20,
        401..=2000 => 50,
        2001..=10_000 => 200,
        10_001.. => 1000,
    };
    step.is_multiple_of(every)
}

/// A seed for the purpose `number` of a run with the seed `seed`.
fn mixed(seed: u64, number: u64) -> u64 {
    seed.wrapping_mul(0x9e37_79b9_7f4a_7c15)
        .wrapping_add(number)
}

/// The training examples and those held out.
///
/// # Errors
/// As [`digits::read`]; [`Error::WrongType`] if the digits are needed and not given.
fn examples(data: &DataSpec, seed: u64, digits: Option<&str>) -> Result<[Examples; 2]> {
    let [training, held_out] = match data.set.generated() {
        Some(set) => [
            set.draw(data.examples, mixed(seed, 0)),
            set.draw(HELD_OUT, mixed(seed, 1)),
        ],
        None => {
            let all = read_digits(digits)?;
            let all = match data.set {
                DataSet::DigitsFrom5 => all.of_classes(5..10),
                _ => all,
            };
            split(&all, data.examples, seed)
        }
    };
    let training = training.with_label_noise(data.label_noise, mixed(seed, 4));
    Ok([training, held_out])
}

fn split(all: &Examples, count: usize, seed: u64) -> [Examples; 2] {
    let held_out = (all.len() as f64 * HELD_OUT_SHARE).ceil() as usize;
    let [held_out, rest] = all.split(held_out, mixed(seed, 0));
    let count = count.min(rest.len());
    [rest.select(&(0..count).collect::<Vec<_>>()), held_out]
}

fn read_digits(digits: Option<&str>) -> Result<Examples> {
    digits::read(digits.ok_or_else(|| Error::WrongType {
        operator: OPERATOR,
        argument: "digits".into(),
        expected: "the digits as text".into(),
        got: "nothing".into(),
    })?)
}

/// # Errors
/// As [`Trainer::new`].
fn trainer(spec: &RunSpec, examples: &Examples) -> Result<Trainer<f32>> {
    let (named, common, clipping) = spec.training.optimizer();
    let (optimizer, _) = named.with(&common)?;
    let graph = graph_for(spec, examples)?;
    let frozen = match spec.network.start {
        Start::Frozen => {
            let layers = graph.iter().skip(1).map(|(_, node)| node.id.clone());
            layers.filter(|id| id != HEAD).collect()
        }
        Start::Scratch | Start::FineTuned => Vec::new(),
    };
    let options = TrainerOptions {
        optimizer,
        loss: Loss::CrossEntropy {
            label_smoothing: spec.training.label_smoothing,
        },
        clipping,
        frozen,
        seed: mixed(spec.seed, 5),
    };
    Trainer::new(graph, options)
}

fn graph_for(spec: &RunSpec, examples: &Examples) -> Result<Graph> {
    let (_, channels, side, _) = examples.inputs.dim();
    network::graph(&spec.network, [channels, side], examples.classes)
}

/// The weights with which `trainer` begins.
///
/// # Errors
/// As [`Trainer::step`].
fn first_weights(
    spec: &RunSpec,
    digits: Option<&str>,
    trainer: &Trainer<f32>,
) -> Result<Parameters<f32>> {
    let graph = trainer.network().graph();
    let kind = spec.network.first_weights;
    let mut weights = network::first_weights(graph, kind, mixed(spec.seed, 6))?;
    if spec.network.start != Start::Scratch && spec.network.kind != NetworkKind::Linear {
        weights.extend(former_weights(spec, digits)?);
    }
    Ok(weights)
}

/// What the layers but the last have learned on the digits from 0 to 4.
///
/// # Errors
/// As [`Trainer::step`].
fn former_weights(spec: &RunSpec, digits: Option<&str>) -> Result<Parameters<f32>> {
    let former = read_digits(digits)?.of_classes(0..5);
    let graph = graph_for(spec, &former)?;
    let weights = network::first_weights(&graph, spec.network.first_weights, mixed(spec.seed, 6))?;
    let method = Method::Sgd(Sgd {
        momentum: 0.9,
        ..Sgd::default()
    });
    let options = TrainerOptions::new(OptimizerOptions {
        method,
        regularization: Regularization::default(),
    });
    let mut trainer = Trainer::new(graph, options)?;
    trainer.load(weights)?;
    let per_epoch = former.len().div_ceil(FORMER_BATCH);
    for step in 0..FORMER_STEPS {
        let order = shuffled(
            former.len(),
            mixed(spec.seed, 7 + (step / per_epoch) as u64),
        );
        let chosen = order.into_iter().skip(step % per_epoch * FORMER_BATCH);
        let batch = former.select(&chosen.take(FORMER_BATCH).collect::<Vec<_>>());
        let targets = Targets::Labels(&batch.labels);
        trainer.step(batch.inputs.view(), targets, FORMER_RATE)?;
    }
    let learned = trainer.network().parameters()?.into_iter();
    let learned = learned.filter(|(id, _, _)| *id != HEAD);
    Ok(learned
        .map(|(id, name, values)| (id.to_owned(), name.to_owned(), values.clone()))
        .collect())
}
