//! The optimisers and schedules against trajectories that PyTorch computed in `f64`
//! (`tests/data/truth/torch_optim.json`).
//!
//! In `f64` the optimiser runs freely, on gradients of its own parameters, and must stay on the
//! reference for all its steps. In `f32` each step starts from the reference, so that what is
//! measured is the optimiser's rounding and not the objective's sensitivity; the tolerance is
//! computed, see [`Bound`].
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test fails by panicking, also in its helpers"
)]

use std::collections::BTreeMap;

use cnn_playground::math::real::Real;
use cnn_playground::train::optimizer::{Method, Optimizer, OptimizerOptions};
use cnn_playground::train::regularization::Regularization;
use cnn_playground::train::rules::adadelta::Adadelta;
use cnn_playground::train::rules::adagrad::Adagrad;
use cnn_playground::train::rules::adam::Adam;
use cnn_playground::train::rules::adamax::Adamax;
use cnn_playground::train::rules::nadam::Nadam;
use cnn_playground::train::rules::rmsprop::RmsProp;
use cnn_playground::train::rules::sgd::Sgd;
use cnn_playground::train::schedule::{OneCycle, Schedule, learning_rate};
use ndarray::{Array1, ArrayD};
use serde_json::Value;

/// Relative to the larger of 1 and the reference: 20 steps of some 20 roundings of 2⁻⁵³, times 20
/// for what the objectives' curvature makes of them, are 10⁻¹² too.
const F64_TOLERANCE: f64 = 1e-12;

const CASES: usize = 41;

#[test]
fn every_trajectory_is_followed_in_f64() {
    let mut largest = Largest::default();
    for case in trajectories() {
        let mut optimizer = Optimizer::<f64>::new(case.options, &[&[case.start.len()]]).unwrap();
        let mut params = case.start.clone();
        for (expected, expected_loss) in case.params.iter().zip(&case.losses) {
            let loss = case.objective.loss(&params) + case.penalty(&params);
            largest.check(&case, loss, *expected_loss, F64_TOLERANCE);
            let gradient = case.objective.gradient(&params);
            params = step(&mut optimizer, &params, &gradient, case.rate);
            for (&got, &expected) in params.iter().zip(expected) {
                largest.check(&case, got, expected, F64_TOLERANCE);
            }
        }
    }
    largest.print("f64, relative to max(1, |reference|)");
}

#[test]
fn every_step_is_right_in_f32_to_rounding() {
    let mut largest = Largest::default();
    for case in trajectories() {
        let shape = [case.start.len()];
        let mut optimizer = Optimizer::<f32>::new(case.options, &[&shape]).unwrap();
        let mut bound = Bound::new(case.options, shape[0]);
        let mut before = &case.start;
        for expected in &case.params {
            let gradient = case.objective.gradient(before);
            let narrow: Vec<f32> = before.iter().map(|&value| value as f32).collect();
            let narrow_gradient: Vec<f32> = gradient.iter().map(|&value| value as f32).collect();
            let got = step(&mut optimizer, &narrow, &narrow_gradient, case.rate);
            let tolerances = bound.step(before, &gradient, case.rate);
            for ((got, &expected), tolerance) in got.iter().zip(expected).zip(tolerances) {
                largest.check_absolute(&case, got.as_f64(), expected, tolerance);
            }
            before = expected;
        }
    }
    largest.print("f32, as a part of the bound");
}

#[test]
fn every_schedule_is_followed() {
    let mut largest = Largest::default();
    let mut count = 0;
    for case in cases().iter().filter(|case| is_schedule(case)) {
        let schedule = schedule(case);
        let base = number(&case["base_lr"]);
        for (at, expected) in numbers(&case["lr_at_step"]).into_iter().enumerate() {
            let got = learning_rate(&schedule, base, at).unwrap();
            // The reference multiplies step by step: one rounding each.
            let tolerance = (at + 10) as f64 * f64::EPSILON * base.max(expected);
            let error = (got - expected).abs();
            assert!(
                error <= tolerance,
                "{}, step {at}: {got}, not {expected}",
                name(case)
            );
            largest.note(&name(case), error / tolerance);
        }
        count += 1;
    }
    assert_eq!(count, 4);
    largest.print("schedules, as a part of the bound");
}

#[test]
fn the_file_has_all_cases() {
    assert_eq!(cases().len(), CASES);
    assert_eq!(trajectories().len() + 4, CASES);
}

/// How far rounding to `f32` may move each parameter in one step.
///
/// All rules are sums of products of gradients over something positive. A sum of n terms that are
/// each rounded a few times is off by at most about n · ε · Σ|term| (Higham, Accuracy and Stability
/// of Numerical Algorithms, section 3.1). Σ|term| is what the same rule in `f64` makes of the
/// absolute gradients and penalties; n grows by three with every step: a running quantity is
/// multiplied, added to, and its term was rounded.
struct Bound {
    optimizer: Optimizer<f64>,
    penalties: Regularization,
    steps: usize,
}

impl Bound {
    fn new(options: OptimizerOptions, len: usize) -> Self {
        let penalties = options.regularization;
        let unpenalised = OptimizerOptions {
            regularization: Regularization::default(),
            ..options
        };
        Bound {
            optimizer: Optimizer::new(unpenalised, &[&[len]]).unwrap(),
            penalties,
            steps: 0,
        }
    }

    fn step(&mut self, params: &[f64], gradient: &[f64], rate: f64) -> Vec<f64> {
        // Roundings of one step outside the running quantities: the inputs, the scalars, the
        // root, the quotient, the product, the difference.
        const OTHERS: usize = 10;
        let coupled = if self.penalties.decoupled {
            0.0
        } else {
            self.penalties.weight_decay
        };
        let magnitude = |(param, gradient): (&f64, &f64)| {
            gradient.abs() + coupled * param.abs() + self.penalties.l1
        };
        let magnitudes: Vec<f64> = params.iter().zip(gradient).map(magnitude).collect();
        let zeros = vec![0.0; params.len()];
        let moved = step(&mut self.optimizer, &zeros, &magnitudes, rate);
        self.steps += 1;
        let roundings = (3 * self.steps + OTHERS) as f64;
        let tolerance = |(param, moved): (&f64, f64)| {
            roundings * f64::from(f32::EPSILON) / 2.0 * (param.abs() + moved.abs())
        };
        params.iter().zip(moved).map(tolerance).collect()
    }
}

fn step<F: Real>(optimizer: &mut Optimizer<F>, params: &[F], gradient: &[F], rate: f64) -> Vec<F> {
    let array = |values: &[F]| -> ArrayD<F> { Array1::from_vec(values.to_vec()).into_dyn() };
    let mut params = [array(params)];
    optimizer
        .step(&mut params, &[array(gradient)], rate)
        .unwrap();
    params[0].iter().copied().collect()
}

/// The largest error of each method.
#[derive(Default)]
struct Largest(BTreeMap<String, f64>);

impl Largest {
    /// Demands `tolerance` relative to the larger of 1 and `expected`.
    fn check(&mut self, case: &Trajectory, got: f64, expected: f64, tolerance: f64) {
        let error = (got - expected).abs() / expected.abs().max(1.0);
        assert!(error <= tolerance, "{}: {got}, not {expected}", case.name);
        self.note(&case.method, error);
    }

    fn check_absolute(&mut self, case: &Trajectory, got: f64, expected: f64, tolerance: f64) {
        let part = (got - expected).abs() / tolerance;
        assert!(
            part <= 1.0,
            "{}: {got}, not {expected}, bound {tolerance}",
            case.name
        );
        self.note(&case.method, part);
    }

    fn note(&mut self, method: &str, error: f64) {
        let largest = self.0.entry(method.into()).or_default();
        *largest = largest.max(error);
    }

    fn print(&self, what: &str) {
        for (method, error) in &self.0 {
            println!("{what}: {method}: {error:.3e}");
        }
    }
}

struct Trajectory {
    name: String,
    method: String,
    options: OptimizerOptions,
    rate: f64,
    objective: Objective,
    start: Vec<f64>,
    params: Vec<Vec<f64>>,
    losses: Vec<f64>,
}

impl Trajectory {
    fn penalty(&self, params: &[f64]) -> f64 {
        self.options.regularization.l1 * params.iter().map(|value| value.abs()).sum::<f64>()
    }
}

enum Objective {
    /// ½ pᵀ A p − bᵀ p with symmetric A, in row-major order.
    Quadratic { matrix: Vec<f64>, linear: Vec<f64> },
    /// mean((X p − y)²), X in row-major order.
    Regression { inputs: Vec<f64>, targets: Vec<f64> },
    /// (1 − p₀)² + 100 (p₁ − p₀²)²
    Rosenbrock,
}

impl Objective {
    fn read(case: &Value) -> Self {
        let data = |name: &str| numbers(&case["data"][name]["data"]);
        let formula = case["objective"].as_str().unwrap();
        match formula.split(" + l1").next().unwrap() {
            "0.5 p^T A p - b^T p" => Objective::Quadratic {
                matrix: data("A"),
                linear: data("b"),
            },
            "mean((X p - y)^2)" => Objective::Regression {
                inputs: data("X"),
                targets: data("y"),
            },
            "(1-p0)^2 + 100 (p1-p0^2)^2" => Objective::Rosenbrock,
            other => panic!("unknown objective {other}"),
        }
    }

    fn loss(&self, params: &[f64]) -> f64 {
        match self {
            Objective::Quadratic { matrix, linear } => {
                let products = times(matrix, params);
                products
                    .iter()
                    .zip(linear)
                    .zip(params)
                    .map(|((product, linear), param)| (0.5 * product - linear) * param)
                    .sum()
            }
            Objective::Regression { inputs, targets } => {
                let squares = residuals(inputs, targets, params)
                    .into_iter()
                    .map(|error| error * error);
                squares.sum::<f64>() / targets.len() as f64
            }
            Objective::Rosenbrock => {
                (1.0 - params[0]).powi(2) + 100.0 * (params[1] - params[0].powi(2)).powi(2)
            }
        }
    }

    fn gradient(&self, params: &[f64]) -> Vec<f64> {
        match self {
            Objective::Quadratic { matrix, linear } => {
                let products = times(matrix, params);
                products
                    .iter()
                    .zip(linear)
                    .map(|(product, linear)| product - linear)
                    .collect()
            }
            Objective::Regression { inputs, targets } => {
                let residuals = residuals(inputs, targets, params);
                let along = |param_idx: usize| {
                    let rows = inputs.chunks_exact(params.len());
                    let terms = rows
                        .zip(&residuals)
                        .map(|(row, error)| row[param_idx] * error);
                    2.0 * terms.sum::<f64>() / targets.len() as f64
                };
                (0..params.len()).map(along).collect()
            }
            Objective::Rosenbrock => {
                let valley = params[1] - params[0] * params[0];
                vec![
                    -2.0 * (1.0 - params[0]) - 400.0 * params[0] * valley,
                    200.0 * valley,
                ]
            }
        }
    }
}

fn times(matrix: &[f64], vector: &[f64]) -> Vec<f64> {
    let dot = |row: &[f64]| row.iter().zip(vector).map(|(a, b)| a * b).sum();
    matrix.chunks_exact(vector.len()).map(dot).collect()
}

fn residuals(inputs: &[f64], targets: &[f64], params: &[f64]) -> Vec<f64> {
    let predictions = times(inputs, params);
    predictions
        .iter()
        .zip(targets)
        .map(|(got, target)| got - target)
        .collect()
}

fn trajectories() -> Vec<Trajectory> {
    let cases = cases();
    let trajectories = cases.iter().filter(|case| !is_schedule(case));
    trajectories.map(trajectory).collect()
}

fn trajectory(case: &Value) -> Trajectory {
    let hyper = &case["hyper"];
    let method = case["optimizer"].as_str().unwrap();
    Trajectory {
        name: name(case),
        method: method.into(),
        options: OptimizerOptions {
            method: read_method(method, hyper),
            regularization: Regularization {
                l1: number(&case["l1"]),
                weight_decay: number(&hyper["weight_decay"]),
                decoupled: method == "AdamW",
            },
        },
        rate: number(&hyper["lr"]),
        objective: Objective::read(case),
        start: numbers(&case["start"]),
        params: case["params_after_step"]
            .as_array()
            .unwrap()
            .iter()
            .map(numbers)
            .collect(),
        losses: numbers(&case["loss_before_step"]),
    }
}

fn read_method(method: &str, hyper: &Value) -> Method {
    let get = |name: &str| number(&hyper[name]);
    let flag = |name: &str| hyper[name].as_bool().unwrap();
    let betas = || {
        let betas = numbers(&hyper["betas"]);
        [betas[0], betas[1]]
    };
    match method {
        "SGD" => Method::Sgd(Sgd {
            momentum: get("momentum"),
            dampening: get("dampening"),
            nesterov: flag("nesterov"),
        }),
        "Adagrad" => Method::Adagrad(Adagrad {
            learning_rate_decay: get("lr_decay"),
            initial_accumulator: get("initial_accumulator_value"),
            epsilon: get("eps"),
        }),
        "RMSprop" => Method::RmsProp(RmsProp {
            alpha: get("alpha"),
            momentum: get("momentum"),
            centered: flag("centered"),
            epsilon: get("eps"),
        }),
        "Adadelta" => Method::Adadelta(Adadelta {
            rho: get("rho"),
            epsilon: get("eps"),
        }),
        "Adam" | "AdamW" => Method::Adam(Adam {
            betas: betas(),
            epsilon: get("eps"),
            amsgrad: flag("amsgrad"),
        }),
        "Adamax" => Method::Adamax(Adamax {
            betas: betas(),
            epsilon: get("eps"),
        }),
        "NAdam" => Method::Nadam(Nadam {
            betas: betas(),
            epsilon: get("eps"),
            momentum_decay: get("momentum_decay"),
        }),
        other => panic!("unknown optimiser {other}"),
    }
}

fn schedule(case: &Value) -> Schedule {
    let hyper = &case["hyper"];
    let get = |name: &str| number(&hyper[name]);
    let steps = |name: &str| hyper[name].as_u64().unwrap() as usize;
    match case["scheduler"].as_str().unwrap() {
        "StepLR" => Schedule::Step {
            step_size: steps("step_size"),
            gamma: get("gamma"),
        },
        "OneCycleLR" => Schedule::OneCycle(OneCycle {
            max_learning_rate: get("max_lr"),
            total_steps: steps("total_steps"),
            ..Default::default()
        }),
        "LinearLR" => Schedule::Linear {
            start_factor: get("start_factor"),
            end_factor: 1.0,
            total_steps: steps("total_iters"),
        },
        "PolynomialLR" => Schedule::Polynomial {
            total_steps: steps("total_iters"),
            power: get("power"),
        },
        other => panic!("unknown schedule {other}"),
    }
}

fn cases() -> Vec<Value> {
    let file: Value = serde_json::from_str(include_str!("data/truth/torch_optim.json")).unwrap();
    file["cases"].as_array().unwrap().clone()
}

fn is_schedule(case: &Value) -> bool {
    case["optimizer"] == "schedule"
}

fn name(case: &Value) -> String {
    case["name"].as_str().unwrap().into()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().unwrap().iter().map(number).collect()
}
