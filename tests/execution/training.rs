//! Steps of training: against PyTorch, against the same steps by hand, and what a seed decides.

use cnn_playground::data::rng::Rng;
use cnn_playground::error::{Error, Result};
use cnn_playground::math::real::Real;
use cnn_playground::net::graph::Graph;
use cnn_playground::net::reference::ReferenceNetwork;
use cnn_playground::net::reference::training::TrainingNetwork;
use cnn_playground::net::spec::{Op, Spec};
use cnn_playground::net::weights::parameters;
use cnn_playground::ops::activation::{Activation, activation, activation_backward};
use cnn_playground::ops::conv2d::{Conv2dOptions, conv2d, conv2d_backward};
use cnn_playground::ops::dense::{dense, dense_backward};
use cnn_playground::ops::loss::cross_entropy::{
    CrossEntropyOptions, cross_entropy, cross_entropy_backward,
};
use cnn_playground::ops::pool2d::{Pool2dOptions, pool2d, pool2d_backward};
use cnn_playground::train::loss::Targets;
use cnn_playground::train::optimizer::{Method, Optimizer, OptimizerOptions};
use cnn_playground::train::regularization::Regularization;
use cnn_playground::train::rules::adam::Adam;
use cnn_playground::train::rules::sgd::Sgd;
use cnn_playground::train::trainer::{Trainer, TrainerOptions};
use ndarray::{Array4, ArrayD, Ix1, Ix2, Ix4};
use serde_json::{Value, json};

use crate::draw::{Draw, Kinks};
use crate::torch::{Case, array, cases};

pub fn sgd() -> OptimizerOptions {
    options(Method::Sgd(Sgd::default()))
}

pub fn options(method: Method) -> OptimizerOptions {
    OptimizerOptions {
        method,
        regularization: Regularization::default(),
    }
}

pub fn trained(optimizer: OptimizerOptions, seed: u64) -> TrainerOptions {
    TrainerOptions {
        seed,
        ..TrainerOptions::new(optimizer)
    }
}

/// A network of an input `[channels, height, width]`.
pub fn graph([channels, height, width]: [usize; 3], layers: Value) -> Graph {
    let input = json!({ "channels": channels, "height": height, "width": width });
    let spec = json!({ "input": input, "layers": layers });
    Graph::new(&serde_json::from_value::<Spec>(spec).unwrap()).unwrap()
}

/// The loss of a step.
pub fn learn<F: Real>(
    trainer: &mut Trainer<F>,
    inputs: &Array4<F>,
    labels: &[i32],
    rate: f64,
) -> F {
    let targets = Targets::Labels(labels);
    trainer.step(inputs.view(), targets, rate).unwrap().loss
}

/// The parameter `name` of the layer `id`.
pub fn parameter<F: Real>(trainer: &Trainer<F>, id: &str, name: &str) -> ArrayD<F> {
    let network = trainer.network();
    let node = network.graph().find(id).unwrap();
    let known = parameters(network.graph(), node).unwrap();
    let idx = known.iter().position(|known| known.name == name).unwrap();
    network.weights().unwrap().of(node)[idx].clone()
}

#[test]
fn a_step_of_every_network_of_pytorch_goes_down_its_gradients() {
    for case in &cases() {
        goes_down::<f32>(case);
        goes_down::<f64>(case);
    }
}

/// With plain gradient descent at rate 1 a parameter moves by its gradient.
fn goes_down<F: Real>(truth: &Value) {
    let case = Case::<F>::new(truth);
    let mut trainer = Trainer::<F>::new(case.graph.clone(), trained(sgd(), 0)).unwrap();
    let mut given = Vec::new();
    for (id, node) in case.graph.iter() {
        let known = parameters(&case.graph, id).unwrap();
        for (parameter, values) in known.iter().zip(case.weights.of(id)) {
            given.push((node.id.clone(), parameter.name.to_owned(), values.clone()));
        }
    }
    trainer.load(given).unwrap();
    let loss = learn(&mut trainer, &case.inputs, &case.labels, 1.0);
    let expected = ArrayD::from_elem(vec![], truth["loss"].as_f64().unwrap());
    let loss = ArrayD::from_elem(vec![], loss);
    case.close.check("loss", loss.view(), &expected);
    for (id, name, truth_name) in &case.parameters {
        let before = array::<f64>(&truth["params"][truth_name]);
        let after = parameter(&trainer, id, name).mapv(F::as_f64);
        // The values of the file are exact in f32, so only the difference was rounded, once.
        let rounding = (&before - &after).mapv(f64::abs) + before.mapv(f64::abs);
        let moved = &before - &after;
        let gradient = array::<f64>(&truth["grads"][truth_name]);
        let off = (&moved - &gradient).mapv(f64::abs)
            - rounding.mapv(|size| size * F::epsilon().as_f64());
        let inside = gradient.clone() + off.mapv(|off| off.max(0.0));
        let inside = inside.mapv(F::of);
        case.close.check(truth_name, inside.view(), &gradient);
    }
}

/// Layers of [`by_hand`].
fn small() -> Graph {
    let layers = json!([
        { "id": "conv", "op": "conv2d", "channels": 4, "kernel": 3, "padding": 1 },
        { "id": "relu", "op": "activation", "kind": "relu" },
        { "id": "pool", "op": "pool2d", "kind": "max", "size": 2 },
        { "id": "flat", "op": "flatten" },
        { "id": "dense", "op": "dense", "features": 3 },
    ]);
    graph([2, 6, 6], layers)
}

const NAMES: [(&str, &str); 4] = [
    ("conv", "weights"),
    ("conv", "bias"),
    ("dense", "weights"),
    ("dense", "bias"),
];

pub fn batch(examples: usize, [channels, height, width]: [usize; 3], seed: u64) -> Array4<f32> {
    let mut rng = Rng::new(seed);
    Array4::from_shape_simple_fn((examples, channels, height, width), || rng.normal() as f32)
}

/// One step of [`small`] by the public operators and the optimiser; returns the loss.
fn by_hand(
    params: &mut [ArrayD<f32>],
    optimizer: &mut Optimizer<f32>,
    inputs: &Array4<f32>,
    labels: &[i32],
) -> f32 {
    let padding = cnn_playground::window::Padding::Explicit(cnn_playground::window::Sides::all(1));
    let convolution = Conv2dOptions {
        padding,
        ..Conv2dOptions::default()
    };
    let pooling = Pool2dOptions {
        size: [2, 2],
        stride: Some([2, 2]),
        ..Pool2dOptions::default()
    };
    let relu = Activation::from_name("relu").unwrap();
    let grads = {
        let kernel = params[0].view().into_dimensionality::<Ix4>().unwrap();
        let bias = params[1].view().into_dimensionality::<Ix1>().unwrap();
        let matrix = params[2].view().into_dimensionality::<Ix2>().unwrap();
        let shift = params[3].view().into_dimensionality::<Ix1>().unwrap();
        let map = conv2d(inputs.view(), kernel, Some(bias), &convolution).unwrap();
        let active = activation(map.view().into_dyn(), relu).unwrap();
        let active = active.into_dimensionality::<Ix4>().unwrap();
        let pooled = pool2d(active.view(), &pooling).unwrap().output;
        let flat = pooled.to_shape((labels.len(), 36)).unwrap();
        let logits = dense(flat.view(), matrix, Some(shift)).unwrap().into_dyn();
        let target = ArrayD::from_shape_vec(vec![labels.len()], labels.to_vec()).unwrap();
        let options = CrossEntropyOptions::default();
        let loss = cross_entropy(logits.view(), target.view(), None, &options).unwrap();
        let one = ArrayD::from_elem(vec![], 1.0);
        let d_logits =
            cross_entropy_backward(logits.view(), target.view(), None, one.view(), &options)
                .unwrap();
        let d_logits = d_logits.into_dimensionality::<Ix2>().unwrap();
        let dense = dense_backward(flat.view(), matrix, d_logits.view()).unwrap();
        let d_pooled = dense.d_input.to_shape(pooled.dim()).unwrap();
        let d_active = pool2d_backward(active.view(), d_pooled.view(), &pooling).unwrap();
        let d_map =
            activation_backward(map.view().into_dyn(), d_active.view().into_dyn(), relu).unwrap();
        let d_map = d_map.into_dimensionality::<Ix4>().unwrap();
        let conv = conv2d_backward(inputs.view(), kernel, d_map.view(), &convolution).unwrap();
        (
            loss.sum(),
            [
                conv.d_weights.into_dyn(),
                conv.d_bias.into_dyn(),
                dense.d_weights.into_dyn(),
                dense.d_bias.into_dyn(),
            ],
        )
    };
    optimizer.step(params, &grads.1, 0.01).unwrap();
    grads.0
}

#[test]
fn steps_have_the_bits_of_the_same_steps_by_hand() {
    for method in [
        Method::Sgd(Sgd {
            momentum: 0.9,
            ..Sgd::default()
        }),
        Method::Adam(Adam::default()),
    ] {
        let mut trainer = Trainer::<f32>::new(small(), trained(options(method), 3)).unwrap();
        let mut params = NAMES.map(|(id, name)| parameter(&trainer, id, name));
        let shapes = params.each_ref().map(|param| param.shape().to_vec());
        let shapes = shapes.each_ref().map(Vec::as_slice);
        let mut optimizer = Optimizer::new(options(method), &shapes).unwrap();
        for (step, examples) in (0..).zip([5, 5, 2, 7, 1, 5]) {
            let labels = &[0, 2, 1, 1, 0, 2, 0][..examples];
            let inputs = batch(labels.len(), [2, 6, 6], step);
            let expected = by_hand(&mut params, &mut optimizer, &inputs, labels);
            let loss = learn(&mut trainer, &inputs, labels, 0.01);
            assert_eq!(loss.to_bits(), expected.to_bits(), "step {step}");
            let got = NAMES.map(|(id, name)| parameter(&trainer, id, name));
            assert_eq!(got, params, "step {step}");
        }
    }
}

#[test]
fn the_gradients_of_weights_alone_are_those_of_the_whole_backward_pass() {
    let mut checked = 0;
    for seed in 0..100 {
        let draw = &mut Draw(Rng::new(seed));
        let mut spec = draw.network(Kinks::With);
        for layer in &mut spec.layers {
            if let Op::Dropout { probability } = &mut layer.op {
                *probability = 0.0;
            }
        }
        let graph = Graph::new(&spec).unwrap();
        let last = graph.last();
        let extents = graph.nodes()[0].shape.extents().into_iter();
        let extents = extents.collect::<Option<Vec<_>>>().unwrap();
        let network = ReferenceNetwork::new(graph.clone(), draw.weights(&graph, last));
        let input = draw.array(&[&[2], &extents[..]].concat());
        let input = input.into_dimensionality::<Ix4>().unwrap();
        let Ok(whole) = network.forward(input.view(), last, true) else {
            continue;
        };
        let mut training = TrainingNetwork::new(network.clone(), last, &[]).unwrap();
        let pass = training.forward(input.view(), seed).unwrap();
        assert_eq!(pass.values(last), whole.values(last), "seed {seed}");
        let d_output = draw.array(whole.values(last).unwrap().shape());
        let expected = network.backward(&whole, d_output.view()).unwrap();
        let got = training.weight_gradients(&pass, d_output.view()).unwrap();
        for (node, got) in last.up_to().zip(&got) {
            assert_eq!(got, expected.weights(node), "seed {seed}, {node:?}");
            checked += got.len();
        }
    }
    assert!(checked > 150, "{checked} gradients compared");
}

/// Pictures whose brighter half is the left one (0) or the right one (1).
pub fn halves(examples: usize, seed: u64) -> (Array4<f32>, Vec<i32>) {
    let mut noise = Rng::new(seed);
    let labels = (0..examples as i32).map(|idx| idx % 2).collect::<Vec<_>>();
    let pictures = Array4::from_shape_fn((examples, 1, 8, 8), |(idx, _, _, col)| {
        let bright = (col >= 4) == (labels[idx] == 1);
        f32::from(bright) + 0.3 * noise.normal() as f32
    });
    (pictures, labels)
}

pub fn learner(seed: u64) -> Trainer<f32> {
    let layers = json!([
        { "id": "conv", "op": "conv2d", "channels": 4, "kernel": 3 },
        { "id": "norm", "op": "batchNorm" },
        { "id": "relu", "op": "activation", "kind": "relu" },
        { "id": "pool", "op": "pool2d", "kind": "max", "size": 2 },
        { "id": "flat", "op": "flatten" },
        { "id": "drop", "op": "dropout", "probability": 0.25 },
        { "id": "dense", "op": "dense", "features": 2 },
    ]);
    Trainer::new(
        graph([1, 8, 8], layers),
        trained(options(Method::Adam(Adam::default())), seed),
    )
    .unwrap()
}

#[test]
fn what_can_be_told_apart_is_learned_and_told_apart_in_new_pictures() {
    let mut trainer = learner(1);
    let losses = (0..60).map(|step| {
        let (pictures, labels) = halves(16, step);
        learn(&mut trainer, &pictures, &labels, 0.01)
    });
    let losses = losses.collect::<Vec<_>>();
    let mean = |losses: &[f32]| losses.iter().sum::<f32>() / losses.len() as f32;
    let (early, late) = (mean(&losses[..5]), mean(&losses[55..]));
    assert!(late < 0.1 * early && late < 0.1, "{losses:?}");
    // Without dropout, and with the running statistics that the steps have left.
    let (pictures, labels) = halves(64, 1000);
    let network = trainer.network();
    let last = network.graph().last();
    let pass = network.forward(pictures.view(), last, false).unwrap();
    let logits = pass.values(last).unwrap();
    let right = labels
        .iter()
        .enumerate()
        .filter(|&(idx, &label)| (logits[[idx, 1]] > logits[[idx, 0]]) == (label == 1));
    assert!(right.count() > 60, "{logits}");
}

#[test]
fn a_seed_decides_the_whole_training() {
    let run = |seed| {
        let mut trainer = learner(seed);
        let losses = (0..4).map(|step| {
            let (pictures, labels) = halves(6, step);
            learn(&mut trainer, &pictures, &labels, 0.01)
        });
        let losses = losses.collect::<Vec<_>>();
        (losses, parameter(&trainer, "dense", "weights"))
    };
    assert_eq!(run(7), run(7));
    assert_ne!(run(7), run(8));
}

#[test]
fn dropout_leaves_out_other_values_at_each_step_and_makes_up_for_them() {
    const FEATURES: usize = 400;
    const PROBABILITY: f64 = 0.25;
    let layers = json!([
        { "id": "flat", "op": "flatten" },
        { "id": "drop", "op": "dropout", "probability": PROBABILITY },
        { "id": "dense", "op": "dense", "features": 2 },
    ]);
    let mut trainer = Trainer::<f64>::new(graph([1, 20, 20], layers), trained(sgd(), 5)).unwrap();
    let ones = Array4::ones((1, 1, 20, 20));
    let mut left_out = Vec::new();
    for _ in 0..2 {
        let before = ["weights", "bias"].map(|name| parameter(&trainer, "dense", name));
        learn(&mut trainer, &ones, &[1], 1e-3);
        let after = ["weights", "bias"].map(|name| parameter(&trainer, "dense", name));
        // An input of 1 moves its weight as the bias, and 1 / (1 - p) times as far if it is kept.
        let bias_moved = after[1][[0]] - before[1][[0]];
        let moved = |idx| (after[0][[0, idx]] - before[0][[0, idx]]) / bias_moved;
        let moved = (0..FEATURES).map(moved).collect::<Vec<_>>();
        for moved in &moved {
            let kept = (moved - 1.0 / (1.0 - PROBABILITY)).abs() < 1e-9;
            assert!(kept || *moved == 0.0, "{moved}");
        }
        left_out.push(moved.iter().map(|&moved| moved == 0.0).collect::<Vec<_>>());
    }
    for left_out in &left_out {
        let count = left_out.iter().filter(|&&left_out| left_out).count() as f64;
        let deviation = (FEATURES as f64 * PROBABILITY * (1.0 - PROBABILITY)).sqrt();
        assert!((count - FEATURES as f64 * PROBABILITY).abs() < 5.0 * deviation);
    }
    assert_ne!(left_out[0], left_out[1]);
}

/// As `torch.nn.BatchNorm2d` documents it: momentum 0.1, the variance unbiased.
#[test]
fn running_statistics_move_by_a_tenth_towards_those_of_each_batch() {
    let layers = json!([
        { "id": "norm", "op": "batchNorm" },
        { "id": "flat", "op": "flatten" },
        { "id": "dense", "op": "dense", "features": 2 },
    ]);
    let mut trainer = Trainer::<f64>::new(graph([2, 3, 4], layers), trained(sgd(), 0)).unwrap();
    let (mut mean, mut variance) = ([0.0; 2], [1.0; 2]);
    for step in 0..3 {
        let inputs = batch(5, [2, 3, 4], step).mapv(f64::from);
        learn(&mut trainer, &inputs, &[0, 1, 0, 1, 1], 0.1);
        for channel in 0..2 {
            let values = inputs.index_axis(ndarray::Axis(1), channel);
            let count = values.len() as f64;
            let of_batch = values.sum() / count;
            let squares = values.mapv(|value| (value - of_batch).powi(2)).sum();
            mean[channel] = 0.9 * mean[channel] + 0.1 * of_batch;
            variance[channel] = 0.9 * variance[channel] + 0.1 * squares / (count - 1.0);
        }
        let got = ["runningMean", "runningVariance"].map(|name| parameter(&trainer, "norm", name));
        for channel in 0..2 {
            // Sums of 60 values around 1, each rounded once.
            assert!((got[0][[channel]] - mean[channel]).abs() < 60.0 * f64::EPSILON);
            assert!((got[1][[channel]] - variance[channel]).abs() < 60.0 * f64::EPSILON);
        }
    }
}

#[test]
fn connections_that_are_not_there_do_not_grow() {
    let layers = json!([
        { "id": "conv", "op": "conv2d", "channels": 2, "kernel": 3, "connections": [[0], [0, 1]] },
        { "id": "flat", "op": "flatten" },
        { "id": "dense", "op": "dense", "features": 2 },
    ]);
    let adam = options(Method::Adam(Adam::default()));
    let mut trainer = Trainer::<f32>::new(graph([2, 5, 5], layers), trained(adam, 2)).unwrap();
    let before = parameter(&trainer, "conv", "weights");
    for step in 0..3 {
        let inputs = batch(2, [2, 5, 5], step);
        learn(&mut trainer, &inputs, &[0, 1], 0.1);
    }
    let after = parameter(&trainer, "conv", "weights");
    for ((idx, before), after) in before.indexed_iter().zip(&after) {
        let connected = !(idx[0] == 0 && idx[1] == 1);
        assert_eq!(before != after, connected, "{idx:?}");
        assert_eq!(*after != 0.0, connected, "{idx:?}");
    }
}

#[test]
fn what_does_not_fit_is_refused_and_changes_nothing() {
    let mut trainer = learner(1);
    let (pictures, labels) = halves(4, 0);
    let before = trainer.network().weights().unwrap().clone();
    let mut refusal = |pictures: &Array4<f32>, labels: &[i32], rate: f64| {
        let refused = trainer.step(pictures.view(), Targets::Labels(labels), rate);
        assert_eq!(trainer.network().weights().unwrap(), &before);
        refused.unwrap_err().to_string()
    };
    let none = Array4::zeros((0, 1, 8, 8));
    for (pictures, labels, rate, expected) in [
        (
            &pictures,
            &[0, 1, 2, 1][..],
            0.1,
            "Trainer: labels must be between 0 and 1, got 2",
        ),
        (
            &pictures,
            &[0, 1, -1, 1],
            0.1,
            "Trainer: labels must be between 0 and 1, got -1",
        ),
        (
            &pictures,
            &[0, 1],
            0.1,
            "Trainer: labels must have shape [4], got [2]",
        ),
        (
            &none,
            &[],
            0.1,
            "Trainer: labels must have shape [at least 1], got [0]",
        ),
        (
            &Array4::zeros((4, 1, 8, 9)),
            &labels,
            0.1,
            "network: input must have shape [4, 1, 8, 8], got [4, 1, 8, 9]",
        ),
        (
            &pictures,
            &labels,
            f64::NAN,
            "Optimizer: learningRate must be a finite number, got NaN",
        ),
    ] {
        assert_eq!(refusal(pictures, labels, rate), expected);
    }
    let unfit = vec![
        ("dense".to_owned(), "bias".to_owned(), ArrayD::ones(vec![2])),
        ("dense".to_owned(), "bias".to_owned(), ArrayD::ones(vec![3])),
    ];
    assert!(trainer.load(unfit).is_err());
    assert_eq!(trainer.network().weights().unwrap(), &before);
}

#[test]
fn a_network_that_ends_in_no_vector_or_begins_anywhere_is_refused() {
    let refusal = |spec: Value| -> Result<Trainer<f32>> {
        let graph = Graph::new(&serde_json::from_value::<Spec>(spec).unwrap()).unwrap();
        Trainer::new(graph, trained(sgd(), 0))
    };
    let convolution = json!([{ "id": "a", "op": "conv2d", "channels": 2, "kernel": 3 }]);
    let map = json!({ "input": { "channels": 1, "height": 8, "width": 8 }, "layers": convolution });
    let anywhere = json!({ "input": { "channels": 1 }, "layers": convolution });
    for (spec, argument) in [(map, "output"), (anywhere, "input")] {
        assert!(matches!(
            refusal(spec),
            Err(Error::ShapeMismatch { operator: "Trainer", argument: got, .. }) if got == argument
        ));
    }
}
