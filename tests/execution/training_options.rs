//! What a trainer may be asked for: other losses, clipping, frozen layers, and to go on elsewhere.

use std::iter::zip;

use cnn_playground::error::{Error, Result};
use cnn_playground::math::real::Real;
use cnn_playground::net::graph::Graph;
use cnn_playground::ops::loss::Reduction;
use cnn_playground::ops::loss::mean_squared_error::mean_squared_error;
use cnn_playground::train::clipping::Clipping;
use cnn_playground::train::loss::{Loss, LossKind, Targets};
use cnn_playground::train::optimizer::{Method, OptimizerOptions};
use cnn_playground::train::regularization::Regularization;
use cnn_playground::train::rules::adam::Adam;
use cnn_playground::train::rules::sgd::Sgd;
use cnn_playground::train::trainer::{Trainer, TrainerOptions, TrainerSnapshot, TrainingStep};
use ndarray::{Array4, ArrayD};
use serde_json::{Value, json};

use crate::training::{batch, graph, halves, learn, learner, options, parameter, sgd, trained};

const RATE: f64 = 0.125;

/// A body of a convolution with its norm, and a head.
fn layers() -> Value {
    json!([
        { "id": "conv", "op": "conv2d", "channels": 3, "kernel": 3 },
        { "id": "norm", "op": "batchNorm" },
        { "id": "act", "op": "activation", "kind": "tanh" },
        { "id": "pool", "op": "pool2d", "kind": "average", "size": 2 },
        { "id": "flat", "op": "flatten" },
        { "id": "hidden", "op": "dense", "features": 4 },
        { "id": "scores", "op": "dense", "features": 3 },
    ])
}

fn body_and_head() -> Graph {
    graph([1, 6, 6], layers())
}

fn freezing(optimizer: OptimizerOptions, frozen: &[&str]) -> TrainerOptions {
    TrainerOptions {
        frozen: frozen.iter().map(|&id| id.to_owned()).collect(),
        ..trained(optimizer, 3)
    }
}

fn wide_batch(examples: usize, seed: u64) -> Array4<f64> {
    batch(examples, [1, 6, 6], seed).mapv(f64::from)
}

/// All parameters, with their names.
fn all<F: Real>(trainer: &Trainer<F>) -> Vec<(String, ArrayD<F>)> {
    let parameters = trainer.network().parameters().unwrap().into_iter();
    let named = parameters.map(|(id, name, values)| (format!("{id} {name}"), values.clone()));
    named.collect()
}

/// The Euclidean distance of two states, of the parameters that `counts` names.
fn distance(
    before: &[(String, ArrayD<f64>)],
    after: &[(String, ArrayD<f64>)],
    counts: impl Fn(&str) -> bool,
) -> f64 {
    let pairs = zip(before, after).filter(|((name, _), _)| counts(name));
    let squares = pairs.flat_map(|((_, before), (_, after))| {
        let off = before - after;
        off.mapv(|off| off * off)
    });
    squares.sum::<f64>().sqrt()
}

fn is_statistic(name: &str) -> bool {
    name.contains("running")
}

#[test]
fn what_is_frozen_keeps_every_bit_and_the_rest_learns() {
    let adam = OptimizerOptions {
        regularization: Regularization {
            l1: 0.01,
            weight_decay: 0.1,
            decoupled: false,
        },
        ..options(Method::Adam(Adam::default()))
    };
    let frozen = ["conv", "norm", "act", "hidden"];
    let mut trainer = Trainer::new(body_and_head(), freezing(adam, &frozen)).unwrap();
    let before = all(&trainer);
    for step in 0..3 {
        learn(&mut trainer, &wide_batch(4, step), &[0, 1, 2, 1], 0.01);
    }
    for ((name, before), (_, after)) in zip(before, all(&trainer)) {
        assert_eq!(before != after, name.starts_with("scores"), "{name}");
    }
    assert_eq!(trainer.optimizer().shapes(), [vec![3, 4], vec![3]]);
}

/// The head alone learns from what the body makes of the inputs with its running statistics.
#[test]
fn a_head_on_a_frozen_body_learns_as_by_itself() {
    let head = json!([
        { "id": "flat", "op": "flatten" },
        { "id": "hidden", "op": "dense", "features": 4 },
        { "id": "scores", "op": "dense", "features": 3 },
    ]);
    let adam = options(Method::Adam(Adam::default()));
    let mut whole = Trainer::new(body_and_head(), freezing(adam, &["conv", "norm"])).unwrap();
    let mut alone = Trainer::new(graph([3, 2, 2], head), trained(adam, 0)).unwrap();
    let of_head = |trainer: &Trainer<f64>| {
        let parameters = all(trainer).into_iter();
        let of_head =
            parameters.filter(|(name, _)| !name.contains("conv") && !name.contains("norm"));
        of_head.collect::<Vec<_>>()
    };
    let start = of_head(&whole).into_iter().map(|(named, values)| {
        let (id, name) = named.split_once(' ').unwrap();
        (id.to_owned(), name.to_owned(), values)
    });
    alone.load(start.collect()).unwrap();
    let pool = whole.network().graph().find("pool").unwrap();
    for step in 0..4 {
        let inputs = wide_batch(5, step);
        let pass = whole.network().forward(inputs.view(), pool, false).unwrap();
        let features = pass.values(pool).unwrap().to_owned();
        let features = features.into_dimensionality().unwrap();
        let labels = [0, 1, 2, 1, 0];
        let targets = || Targets::Labels(&labels);
        let expected = alone.step(features.view(), targets(), RATE).unwrap();
        let got = whole.step(inputs.view(), targets(), RATE).unwrap();
        assert_eq!(got, expected, "step {step}");
        assert_eq!(of_head(&whole), of_head(&alone), "step {step}");
    }
}

#[test]
fn a_gradient_goes_through_what_is_frozen() {
    let step = |frozen: &[&str]| {
        let mut trainer = Trainer::new(body_and_head(), freezing(sgd(), frozen)).unwrap();
        let before = parameter(&trainer, "conv", "weights");
        learn(&mut trainer, &wide_batch(4, 1), &[0, 1, 2, 1], RATE);
        before - parameter(&trainer, "conv", "weights")
    };
    let (free, through) = (step(&[]), step(&["hidden", "scores"]));
    // Sums of some 100 products of about 1.
    let close = zip(&free, &through).all(|(a, b)| (a - b).abs() < 100.0 * f64::EPSILON);
    assert!(close, "{free} {through}");
    assert!(free.iter().any(|moved| moved.abs() > 1e-3));
}

#[test]
fn if_everything_is_frozen_a_step_measures() {
    let frozen = ["conv", "norm", "hidden", "scores"];
    let mut trainer = Trainer::new(body_and_head(), freezing(sgd(), &frozen)).unwrap();
    let before = all(&trainer);
    let labels = [0, 1, 2, 1];
    let inputs = wide_batch(4, 1);
    let step = trainer.step(inputs.view(), Targets::Labels(&labels), RATE);
    let TrainingStep {
        loss,
        gradient_norm,
    } = step.unwrap();
    assert!(loss > 0.0);
    assert_eq!(gradient_norm, 0.0);
    assert_eq!(all(&trainer), before);
}

/// With plain gradient descent the parameters move by the rate times the gradient.
#[test]
fn the_gradient_norm_is_that_of_what_learns_before_clipping() {
    let step = |frozen: &[&str], clipping| {
        let options = TrainerOptions {
            clipping,
            ..freezing(sgd(), frozen)
        };
        let mut trainer = Trainer::new(body_and_head(), options).unwrap();
        let before = all(&trainer);
        let (inputs, labels) = (wide_batch(4, 1), [0, 1, 2, 1]);
        let targets = Targets::Labels(&labels);
        let step = trainer.step(inputs.view(), targets, RATE).unwrap();
        let moved = distance(&before, &all(&trainer), |name| !is_statistic(name));
        (step.gradient_norm, moved / RATE)
    };
    let (norm, moved) = step(&[], None);
    assert!(
        norm > 0.1 && (norm - moved).abs() < 1e-12 * norm,
        "{norm}, {moved}"
    );
    let (head_norm, head_moved) = step(&["conv", "norm"], None);
    assert!((head_norm - head_moved).abs() < 1e-12 * norm);
    assert_ne!(head_norm, norm);
    let limit = norm / 3.0;
    let (clipped_norm, clipped) = step(&[], Some(Clipping::Norm { limit }));
    assert_eq!(clipped_norm, norm);
    // The norm that is divided by is 1e-6 larger.
    assert!(
        (clipped / limit - 1.0).abs() < 2e-6 / norm,
        "{clipped}, {limit}"
    );
    let (_, single) = step(&[], Some(Clipping::Value { limit: 1e-3 }));
    assert!(
        single < 1e-3 * 100.0_f64.sqrt() && single > 1e-3,
        "{single}"
    );
}

#[test]
fn the_mean_squared_error_of_a_map_is_made_small() {
    let layers = json!([
        { "id": "conv", "op": "conv2d", "channels": 2, "kernel": 3, "padding": 1 },
    ]);
    let options = TrainerOptions {
        loss: Loss::MeanSquaredError,
        ..trained(sgd(), 1)
    };
    let mut trainer = Trainer::<f64>::new(graph([1, 6, 6], layers), options).unwrap();
    let inputs = wide_batch(3, 0);
    // Both channels shall copy the input.
    let targets = ndarray::concatenate![ndarray::Axis(1), inputs, inputs].into_dyn();
    let mut losses = Vec::new();
    for _ in 0..80 {
        let network = trainer.network();
        let last = network.graph().last();
        let pass = network.forward(inputs.view(), last, true).unwrap();
        let output = pass.values(last).unwrap();
        let expected = mean_squared_error(output, targets.view(), Reduction::Mean).unwrap();
        let values = Targets::Values(targets.view());
        let step = trainer.step(inputs.view(), values, 0.5).unwrap();
        assert_eq!(step.loss, expected.sum());
        losses.push(step.loss);
    }
    assert!(losses[79] < 1e-3 * losses[0], "{losses:?}");
}

#[test]
fn options_that_make_no_sense_are_refused_by_name() {
    let refusal = |change: &dyn Fn(&mut TrainerOptions)| {
        let mut options = trained(sgd(), 0);
        change(&mut options);
        let trainer = Trainer::<f32>::new(body_and_head(), options);
        trainer.unwrap_err().to_string()
    };
    let smoothed = |label_smoothing| Loss::CrossEntropy { label_smoothing };
    assert_eq!(
        refusal(&|options| options.loss = smoothed(1.5)),
        "Trainer: labelSmoothing must be between 0 and 1, got 1.5"
    );
    assert_eq!(
        refusal(&|options| options.clipping = Some(Clipping::Norm { limit: -1.0 })),
        "clipGradients: limit must be between 0 and 1000000, got -1"
    );
    assert_eq!(
        refusal(&|options| options.frozen = vec!["conv".into(), "stem".into()]),
        "network: there is no layer stem"
    );
    let smooth = Loss::new(LossKind::MeanSquaredError, Some(0.1));
    assert_eq!(
        smooth.unwrap_err().to_string(),
        "Trainer: labelSmoothing must be left out unless the loss is crossEntropy, got 0.1"
    );
}

#[test]
fn targets_of_another_loss_or_shape_are_refused() {
    let trainer = |loss| {
        let options = TrainerOptions {
            loss,
            ..trained(sgd(), 0)
        };
        Trainer::<f64>::new(body_and_head(), options).unwrap()
    };
    let inputs = wide_batch(2, 0);
    let (right, wrong) = (ArrayD::zeros(vec![2, 3]), ArrayD::zeros(vec![2, 4]));
    let refusal = |loss, targets| {
        let refused = trainer(loss).step(inputs.view(), targets, RATE);
        refused.unwrap_err().to_string()
    };
    assert_eq!(
        refusal(Loss::default(), Targets::Values(right.view())),
        "Trainer: targets must be class labels, got values"
    );
    assert_eq!(
        refusal(Loss::MeanSquaredError, Targets::Labels(&[0, 1])),
        "Trainer: targets must be values, got class labels"
    );
    assert_eq!(
        refusal(Loss::MeanSquaredError, Targets::Values(wrong.view())),
        "Trainer: targets must have shape [2, 3], got [2, 4]"
    );
    let none = Array4::zeros((0, 1, 6, 6));
    let nothing = ArrayD::zeros(vec![0, 3]);
    let refused =
        trainer(Loss::MeanSquaredError).step(none.view(), Targets::Values(nothing.view()), RATE);
    assert!(matches!(refused, Err(Error::ShapeMismatch { .. })));
}

#[test]
fn a_batch_that_would_not_fit_into_memory_is_refused_and_a_smaller_one_goes() {
    let layers = json!([
        { "id": "conv", "op": "conv2d", "channels": 512, "kernel": 1 },
        { "id": "act", "op": "activation", "kind": "relu" },
        { "id": "mean", "op": "globalPool2d", "kind": "average" },
        { "id": "flat", "op": "flatten" },
        { "id": "scores", "op": "dense", "features": 2 },
    ]);
    let mut trainer = Trainer::<f32>::new(graph([1, 16, 16], layers), trained(sgd(), 0)).unwrap();
    for (examples, fits) in [(1, true), (2000, false), (2, true)] {
        let inputs = Array4::zeros((examples, 1, 16, 16));
        let labels = vec![1; examples];
        let result = trainer.step(inputs.view(), Targets::Labels(&labels), RATE);
        match result {
            Ok(_) => assert!(fits, "{examples}"),
            Err(Error::TooLarge { .. }) => assert!(!fits, "{examples}"),
            Err(other) => panic!("{other}"),
        }
    }
}

/// Values of parameters, each by a name of its own.
type Named = Vec<(String, ArrayD<f32>)>;

/// Losses, norms and the last parameters of steps on batches of several sizes.
fn continued(trainer: &mut Trainer<f32>) -> (Vec<TrainingStep<f32>>, Named) {
    let steps = zip(20.., [6, 3, 8, 3]).map(|(seed, examples)| {
        let (pictures, labels) = halves(examples, seed);
        let targets = Targets::Labels(&labels);
        trainer.step(pictures.view(), targets, 0.01).unwrap()
    });
    let steps = steps.collect();
    (steps, all(trainer))
}

/// With dropout, batch norm, and an optimiser that counts its steps.
#[test]
fn a_restored_trainer_goes_on_bit_for_bit() {
    let mut trainer = learner(4);
    for step in 0..3 {
        let (pictures, labels) = halves(5, step);
        learn(&mut trainer, &pictures, &labels, 0.01);
    }
    let snapshot = trainer.snapshot().unwrap();
    assert_eq!(snapshot.optimizer.step, 3);
    let expected = continued(&mut trainer);
    let mut other = learner(99);
    assert_ne!(continued(&mut other), expected);
    other.restore(snapshot.clone()).unwrap();
    assert_eq!(other.snapshot().unwrap(), snapshot);
    assert_eq!(continued(&mut other), expected);
    trainer.restore(snapshot).unwrap();
    assert_eq!(continued(&mut trainer), expected);
}

#[test]
fn a_refused_step_leaves_no_trace() {
    let (mut untouched, mut refused) = (learner(4), learner(4));
    let (pictures, labels) = halves(4, 0);
    for (labels, rate) in [(&[0, 1, 2, 1][..], 0.1), (&labels, f64::NAN)] {
        let targets = Targets::Labels(labels);
        assert!(refused.step(pictures.view(), targets, rate).is_err());
    }
    assert_eq!(refused.snapshot(), untouched.snapshot());
    assert_eq!(continued(&mut refused), continued(&mut untouched));
}

#[test]
fn a_snapshot_of_something_else_is_refused_and_changes_nothing() {
    let mut trainer = learner(4);
    let (pictures, labels) = halves(4, 0);
    learn(&mut trainer, &pictures, &labels, 0.01);
    let own = trainer.snapshot().unwrap();
    let mut refusal = |change: &dyn Fn(&mut TrainerSnapshot<f32>)| {
        let mut snapshot = own.clone();
        snapshot.seed += 1;
        change(&mut snapshot);
        let refused: Result<()> = trainer.restore(snapshot);
        assert_eq!(trainer.snapshot().unwrap(), own);
        refused.unwrap_err().to_string()
    };
    let missing = refusal(&|snapshot| drop(snapshot.weights.pop()));
    assert_eq!(
        missing,
        "Trainer: weights[7] must be the bias of dense, got nothing"
    );
    let doubled = refusal(&|snapshot| snapshot.weights[1] = snapshot.weights[0].clone());
    assert_eq!(
        doubled,
        "Trainer: weights[1] must be the bias of conv, got the weights of conv"
    );
    let misshapen = refusal(&|snapshot| snapshot.weights[1].2 = ArrayD::zeros(vec![5]));
    assert!(
        misshapen.contains("bias must have shape [4], got [5]"),
        "{misshapen}"
    );
    let of_sgd = Trainer::<f32>::new(
        trainer.network().graph().clone(),
        trained(options(Method::Sgd(Sgd::default())), 0),
    );
    let of_sgd = of_sgd.unwrap().snapshot().unwrap();
    let other_rule = trainer.restore(of_sgd).unwrap_err().to_string();
    assert!(
        other_rule.starts_with("Optimizer: slots must have shape"),
        "{other_rule}"
    );
    assert_eq!(trainer.snapshot().unwrap(), own);
}
