//! The settings of a run as plain data.

use serde::{Deserialize, Serialize};

use crate::data::generated::{self, Generated};
use crate::error::range::check_finite_range;
use crate::error::{Error, Result};
use crate::init::initializer::{Distribution, Initializer, Kaiming};
use crate::net::spec::Pooling;
use crate::train::clipping::Clipping;
use crate::train::named::{CommonOptions, NamedOptimizer};
use crate::train::rules::adagrad::Adagrad;
use crate::train::rules::adam::Adam;
use crate::train::rules::rmsprop::RmsProp;
use crate::train::rules::sgd::Sgd;
use crate::train::schedule::{OneCycle, Schedule, learning_rate};

pub(super) const OPERATOR: &str = "TrainingLab";

/// Most training examples of a run.
pub const MOST_EXAMPLES: usize = 4000;

/// Everything that decides a run: the same settings give the same run, bit for bit.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RunSpec {
    /// What is learned.
    pub data: DataSpec,
    /// What learns it.
    pub network: NetworkSpec,
    /// How it learns.
    pub training: TrainingSpec,
    /// Decides the split, the order of the batches, the first weights and what dropout leaves out.
    pub seed: u64,
}

/// What is learned.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct DataSpec {
    /// Which examples.
    pub set: DataSet,
    /// How many of them are for training; as many as there are if there are fewer.
    pub examples: usize,
    /// Share of the training labels that are wrong on purpose, 0 to 1.
    pub label_noise: f64,
    /// Whether each batch is moved by up to one pixel up, down, left and right.
    pub shift: bool,
}

/// Sets of examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DataSet {
    /// The handwritten digits 0 to 9, 8 x 8.
    Digits,
    /// Of them 5 to 9 alone: a second task for a network that has learned 0 to 4.
    DigitsFrom5,
    /// See [`Generated::Stripes`].
    Stripes,
    /// See [`Generated::Shapes`].
    Shapes,
    /// See [`Generated::Dot`].
    Dot,
    /// See [`Generated::ColorAndShape`].
    ColorAndShape,
}

impl DataSet {
    /// The set that is drawn from a seed, if it is one of those.
    pub fn generated(self) -> Option<Generated> {
        match self {
            DataSet::Digits | DataSet::DigitsFrom5 => None,
            DataSet::Stripes => Some(Generated::Stripes),
            DataSet::Shapes => Some(Generated::Shapes),
            DataSet::Dot => Some(Generated::Dot),
            DataSet::ColorAndShape => Some(Generated::ColorAndShape),
        }
    }

    /// Number of classes.
    pub fn classes(self) -> usize {
        match self {
            DataSet::Digits => 10,
            DataSet::DigitsFrom5 => 5,
            DataSet::Stripes | DataSet::Shapes | DataSet::Dot | DataSet::ColorAndShape => {
                generated::CLASSES
            }
        }
    }
}

/// What learns.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NetworkSpec {
    /// The kind of network.
    pub kind: NetworkKind,
    /// Convolutions, or hidden dense layers.
    pub depth: usize,
    /// Channels of the first convolution, or values of a hidden layer.
    pub width: usize,
    /// The function behind each hidden layer, by its name.
    pub activation: String,
    /// What follows each convolution.
    pub norm: Norm,
    /// How maps become smaller.
    pub pooling: Downsampling,
    /// Share of the values that dropout leaves out before the last layer, 0 to 0.9.
    pub dropout: f64,
    /// What kernels and dense weights start with.
    pub first_weights: FirstWeights,
    /// Whether a convolution that keeps its shape adds its input to its output.
    pub skips: bool,
    /// Where the first weights of all layers but the last come from.
    pub start: Start,
}

/// Kinds of networks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NetworkKind {
    /// The last layer alone.
    Linear,
    /// Dense layers.
    Dense,
    /// 3 x 3 convolutions in up to two stages, each of which halves the maps; the second has twice
    /// the channels.
    Cnn,
    /// The same with each convolution but the first parted into a depthwise and a pointwise one.
    Separable,
}

/// Normalisations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Norm {
    /// None.
    None,
    /// By the statistics of a batch.
    Batch,
    /// By those of four groups of an example's channels.
    Group,
    /// By those of all of an example's channels.
    Layer,
}

/// How a stage halves its maps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Downsampling {
    /// The largest of 2 x 2.
    Max,
    /// The mean of 2 x 2.
    Average,
    /// The last convolution of the stage takes every second position.
    Strided,
    /// The largest of 2 x 2 at every position, blurred, of which every second one is kept.
    ///
    /// Zhang, "Making Convolutional Networks Shift-Invariant Again", arXiv:1904.11486.
    Blurred,
}

impl Downsampling {
    /// The kind of a plain pooling layer.
    pub(super) fn pooling(self) -> Option<Pooling> {
        match self {
            Downsampling::Max => Some(Pooling::Max),
            Downsampling::Average => Some(Pooling::Average),
            Downsampling::Strided | Downsampling::Blurred => None,
        }
    }
}

/// What kernels and dense weights start with; biases start at 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FirstWeights {
    /// Normal, variance 2 / fan-in.
    He,
    /// Normal, variance 2 / (fan-in + fan-out).
    Xavier,
    /// Normal, variance 1 / fan-in.
    Lecun,
    /// Orthonormal rows.
    Orthogonal,
    /// A tenth of He's.
    TooSmall,
    /// Four times He's.
    TooLarge,
    /// 0.
    Zeros,
}

impl FirstWeights {
    /// What makes an array of weights, and a factor for them.
    pub(super) fn initializer(self) -> (Initializer, f32) {
        let distribution = Distribution::Normal;
        let he = Initializer::Kaiming(Kaiming {
            distribution,
            ..Kaiming::default()
        });
        match self {
            FirstWeights::He => (he, 1.0),
            FirstWeights::TooSmall => (he, 0.1),
            FirstWeights::TooLarge => (he, 4.0),
            FirstWeights::Xavier => (
                Initializer::Xavier {
                    distribution,
                    gain: 1.0,
                },
                1.0,
            ),
            FirstWeights::Lecun => (Initializer::Lecun { distribution }, 1.0),
            FirstWeights::Orthogonal => (Initializer::Orthogonal { gain: 1.0 }, 1.0),
            FirstWeights::Zeros => (Initializer::Zeros, 1.0),
        }
    }
}

/// Where a network begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Start {
    /// With its first weights.
    Scratch,
    /// With what it learned on another task, which stays as it is; the last layer learns.
    Frozen,
    /// With what it learned on another task; all layers learn.
    FineTuned,
}

/// How a network learns.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TrainingSpec {
    /// What moves the weights.
    pub optimizer: OptimizerName,
    /// Of SGD and RMSProp.
    pub momentum: f64,
    /// The rate that the schedule starts from.
    pub learning_rate: f64,
    /// How the rate changes.
    pub schedule: ScheduleName,
    /// Steps that the schedule is made for.
    pub schedule_steps: usize,
    /// λ₁ of the penalty on the sum of magnitudes.
    pub l1: f64,
    /// λ₂ of the penalty on the sum of squares; decoupled for AdamW.
    pub l2: f64,
    /// Largest norm of all gradients together; 0 for no limit.
    pub clip: f64,
    /// Share of the target's probability that all classes share.
    pub label_smoothing: f64,
    /// Examples of a step.
    pub batch: usize,
}

/// Optimisers by name, with PyTorch's defaults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OptimizerName {
    /// Gradient descent.
    Sgd,
    /// With Nesterov's momentum.
    Nesterov,
    /// AdaGrad.
    Adagrad,
    /// RMSProp.
    Rmsprop,
    /// Adam.
    Adam,
    /// Adam with decoupled decay.
    Adamw,
}

/// Schedules by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ScheduleName {
    /// Always the base rate.
    Constant,
    /// A tenth after each third of the steps.
    Step,
    /// Half a cosine wave down to 0, where the rate stays.
    Cosine,
    /// A tenth after every `schedule_steps`, evenly.
    Exponential,
    /// Up from a 25th for three tenths of the steps, then down to almost 0.
    OneCycle,
}

/// From `step` on the learning rate is multiplied by `factor`.
#[derive(Clone, Copy, Debug, PartialEq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct RateChange {
    /// The first step at the new rate, counted from 0.
    pub step: usize,
    /// What the rate is multiplied by.
    pub factor: f64,
}

impl RunSpec {
    /// Refuses what no run can be made of.
    ///
    /// # Errors
    /// [`Error::OutOfRange`], [`Error::NotFinite`] or [`Error::WrongType`] naming the setting.
    pub fn check(&self) -> Result<()> {
        let DataSpec {
            examples,
            label_noise,
            ..
        } = self.data;
        check_whole("examples", [1, MOST_EXAMPLES], examples)?;
        check_finite_range(OPERATOR, "labelNoise", [0.0, 1.0], label_noise)?;
        let NetworkSpec {
            depth,
            width,
            dropout,
            start,
            ..
        } = self.network;
        check_whole("depth", [1, 12], depth)?;
        check_whole("width", [1, 256], width)?;
        check_finite_range(OPERATOR, "dropout", [0.0, 0.9], dropout)?;
        if start != Start::Scratch && self.data.set != DataSet::DigitsFrom5 {
            return Err(Error::WrongType {
                operator: OPERATOR,
                argument: "network.start".into(),
                expected: "scratch unless the data are the digits from 5".into(),
                got: "another start".into(),
            });
        }
        let training = &self.training;
        check_whole("batch", [1, 512], training.batch)?;
        check_whole("scheduleSteps", [1, 1_000_000], training.schedule_steps)?;
        check_finite_range(OPERATOR, "clip", [0.0, 1e6], training.clip)
    }
}

fn check_whole(argument: &'static str, range: [usize; 2], got: usize) -> Result<()> {
    let range = range.map(|end| end as f64);
    check_finite_range(OPERATOR, argument, range, got as f64)
}

impl TrainingSpec {
    /// The optimiser, its options, and what becomes of large gradients.
    pub(super) fn optimizer(&self) -> (NamedOptimizer, CommonOptions, Option<Clipping>) {
        let sgd = |nesterov| {
            NamedOptimizer::Sgd(Sgd {
                momentum: self.momentum,
                nesterov,
                ..Sgd::default()
            })
        };
        let named = match self.optimizer {
            OptimizerName::Sgd => sgd(false),
            OptimizerName::Nesterov => sgd(self.momentum != 0.0),
            OptimizerName::Adagrad => NamedOptimizer::Adagrad(Adagrad::default()),
            OptimizerName::Rmsprop => NamedOptimizer::RmsProp(RmsProp {
                momentum: self.momentum,
                ..RmsProp::default()
            }),
            OptimizerName::Adam => NamedOptimizer::Adam(Adam::default()),
            OptimizerName::Adamw => NamedOptimizer::AdamW(Adam::default()),
        };
        let common = CommonOptions {
            learning_rate: Some(self.learning_rate),
            weight_decay: Some(self.l2),
            decoupled_weight_decay: None,
            l1: self.l1,
        };
        let clipping = (self.clip > 0.0).then_some(Clipping::Norm { limit: self.clip });
        (named, common, clipping)
    }

    /// How the rate changes with the steps.
    fn schedule(&self) -> Schedule {
        let steps = self.schedule_steps;
        match self.schedule {
            ScheduleName::Constant => Schedule::Constant {
                factor: 1.0,
                total_steps: steps,
            },
            ScheduleName::Step => Schedule::Step {
                step_size: steps.div_ceil(3),
                gamma: 0.1,
            },
            ScheduleName::Cosine => Schedule::Cosine {
                total_steps: steps,
                min_learning_rate: 0.0,
            },
            ScheduleName::Exponential => Schedule::Exponential {
                gamma: crate::math::elementary::pow(0.1, 1.0 / steps as f64),
            },
            ScheduleName::OneCycle => Schedule::OneCycle(OneCycle {
                max_learning_rate: self.learning_rate,
                total_steps: steps,
                warm_up_fraction: 0.3,
                anneal: Default::default(),
                div_factor: 25.0,
                final_div_factor: 1e4,
                three_phase: false,
            }),
        }
    }
}

/// The learning rate of each of `steps` without changes by hand.
pub fn rates(training: &TrainingSpec, steps: &[usize]) -> impl Iterator<Item = Result<f64>> {
    let schedule = training.schedule();
    let rate = move |&step: &usize| learning_rate(&schedule, training.learning_rate, step);
    steps.iter().map(rate)
}
