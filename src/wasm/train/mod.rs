//! Training: optimisers, learning rates, initialisers, clipping.
//!
//! The TypeScript types at the end of the file are the interface.

mod trainer;

use ndarray::ArrayD;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Error, Result};
use crate::init::initializer::{Distribution, Fan, Initialiser, Nonlinearity};
use crate::train;
use crate::train::clipping::Clipping;
use crate::train::optimizer::{Method, OptimizerOptions, Snapshot};
use crate::train::regularization::Regularization;
use crate::train::rules::adadelta::Adadelta;
use crate::train::rules::adagrad::Adagrad;
use crate::train::rules::adam::Adam;
use crate::train::rules::adamax::Adamax;
use crate::train::rules::nadam::Nadam;
use crate::train::rules::rmsprop::RmsProp;
use crate::train::rules::sgd::Sgd;
use crate::train::schedule::plateau::{Goal, ReduceOnPlateau, ThresholdMode};
use crate::train::schedule::{Anneal, OneCycle, Schedule};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{self, Fields, wrong_type};
use crate::wasm::boundary::tensor::{read_tensors, write_tensor};
use crate::wasm::boundary::write::{array, floats, object};

const OPTIMIZER: &str = "Optimizer";

/// An update rule with its state for a fixed list of parameters.
#[wasm_bindgen]
pub struct Optimizer {
    optimizer: train::optimizer::Optimizer<f32>,
    learning_rate: f64,
}

#[wasm_bindgen]
impl Optimizer {
    /// An optimiser that has taken no step yet, for parameters of the given shapes.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "OptimizerOptions")] options: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number[][]")] shapes: &JsValue,
    ) -> JsResult<Optimizer> {
        let (options, learning_rate) = read_optimizer(options)?;
        let shapes = read::array(OPTIMIZER, "shapes", shapes)?
            .iter()
            .map(|shape| read::wholes(OPTIMIZER, "shapes", shape))
            .collect::<Result<Vec<_>>>()?;
        let shapes: Vec<&[usize]> = shapes.iter().map(Vec::as_slice).collect();
        Ok(Optimizer {
            optimizer: train::optimizer::Optimizer::new(options, &shapes)?,
            learning_rate,
        })
    }

    /// The parameters one step against `grads`, the gradients of the loss without penalties;
    /// `learningRate` replaces that of the options for this step.
    #[wasm_bindgen(unchecked_return_type = "Tensor[]")]
    pub fn step(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "TensorLike[]")] params: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "TensorLike[]")] grads: &JsValue,
        #[wasm_bindgen(js_name = learningRate, unchecked_optional_param_type = "number")]
        learning_rate: &JsValue,
    ) -> JsResult<JsValue> {
        let mut params = read_tensors(OPTIMIZER, "params", params)?;
        let grads = read_tensors(OPTIMIZER, "grads", grads)?;
        let learning_rate = if learning_rate.is_undefined() {
            self.learning_rate
        } else {
            read::number(OPTIMIZER, "learningRate", learning_rate)?
        };
        self.optimizer.step(&mut params, &grads, learning_rate)?;
        Ok(write_tensors(&params))
    }

    /// A copy of the state: what `restore` takes.
    #[wasm_bindgen(unchecked_return_type = "OptimizerSnapshot")]
    pub fn snapshot(&self) -> JsValue {
        let snapshot = self.optimizer.snapshot();
        let names = self.optimizer.slots().iter().enumerate();
        let slots = names.map(|(slot_idx, name)| {
            let values = snapshot.slots.iter().map(|slots| floats(&slots[slot_idx]));
            object([("name", (*name).into()), ("values", array(values))])
        });
        object([
            ("step", (snapshot.step as f64).into()),
            ("momentumProduct", snapshot.momentum_product.into()),
            ("slots", array(slots)),
        ])
    }

    /// Continues from `snapshot`, taken from an optimiser with the same options and shapes.
    pub fn restore(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "OptimizerSnapshot")] snapshot: &JsValue,
    ) -> JsResult<()> {
        let snapshot = self.read_snapshot(snapshot)?;
        Ok(self.optimizer.restore(snapshot)?)
    }

    fn read_snapshot(&self, value: &JsValue) -> Result<Snapshot<f32>> {
        let fields = Fields::new(OPTIMIZER, value, &["step", "momentumProduct", "slots"])?;
        let names = self.optimizer.slots();
        let given = read::array(OPTIMIZER, "slots", &fields.get("slots")?)?;
        let mismatch = |expected: String, got: String| Error::ShapeMismatch {
            operator: OPTIMIZER,
            argument: "slots",
            expected,
            got,
        };
        if given.len() != names.len() {
            let got = format!("{} slots", given.len());
            return Err(mismatch(format!("{names:?}"), got));
        }
        let mut slots = vec![Vec::new(); self.optimizer.shapes().len()];
        for (slot, name) in given.iter().zip(names) {
            let slot = Fields::new(OPTIMIZER, slot, &["name", "values"])?;
            slot.choice("name", &[(name, ())])?
                .ok_or_else(|| missing(OPTIMIZER, "name"))?;
            let values = read::array(OPTIMIZER, "values", &slot.get("values")?)?;
            if values.len() != slots.len() {
                let got = format!("{} parameters", values.len());
                return Err(mismatch(format!("{} parameters", slots.len()), got));
            }
            for (slots, values) in slots.iter_mut().zip(&values) {
                slots.push(read::floats(OPTIMIZER, "values", values)?);
            }
        }
        let step = fields.whole("step")?;
        let momentum_product = fields.number("momentumProduct")?;
        Ok(Snapshot {
            step: step.ok_or_else(|| missing(OPTIMIZER, "step"))? as u64,
            momentum_product: momentum_product
                .ok_or_else(|| missing(OPTIMIZER, "momentumProduct"))?,
            slots,
        })
    }
}

/// The learning rate of `schedule` at `step`, counted from 0.
#[wasm_bindgen(js_name = learningRate)]
pub fn learning_rate(
    #[wasm_bindgen(unchecked_param_type = "Schedule")] schedule: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] step: &JsValue,
) -> JsResult<f64> {
    let (schedule, base) = read_schedule(schedule)?;
    let step = read::whole(SCHEDULE, "step", step)?;
    Ok(train::schedule::learning_rate(&schedule, base, step)?)
}

/// A parameter of the given shape, wholly determined by the options and their seed.
#[wasm_bindgen(unchecked_return_type = "Tensor")]
pub fn initialise(
    #[wasm_bindgen(unchecked_param_type = "number[]")] shape: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "InitialiserOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    let shape = read::wholes(INITIALISE, "shape", shape)?;
    let (initialiser, seed) = read_initialiser(options)?;
    let parameter = crate::init::initializer::initialise::<f32>(&shape, initialiser, seed)?;
    Ok(write_tensor(parameter.view()))
}

/// Gradients kept from growing too large, and the common norm of all of them before.
#[wasm_bindgen(js_name = clipGradients, unchecked_return_type = "ClippedGradients")]
pub fn clip_gradients(
    #[wasm_bindgen(unchecked_param_type = "TensorLike[]")] grads: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "ClippingOptions")] options: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "clipGradients";
    let mut grads = read_tensors(OPERATOR, "grads", grads)?;
    let fields = Fields::new(OPERATOR, options, &["kind", "limit"])?;
    let kind = required(
        &fields,
        OPERATOR,
        "kind",
        &[
            ("norm", Clipping::Norm as fn(f64) -> Clipping),
            ("value", Clipping::Value),
        ],
    )?;
    let limit = fields
        .number("limit")?
        .ok_or_else(|| missing(OPERATOR, "limit"))?;
    let norm = train::clipping::clip_gradients(&mut grads, kind(limit))?;
    Ok(object([
        ("gradients", write_tensors(&grads)),
        ("norm", norm.into()),
    ]))
}

/// The kinds of optimisers with PyTorch's default learning rates.
const OPTIMIZERS: [(&str, (&str, f64)); 8] = [
    ("sgd", ("sgd", 1e-3)),
    ("adagrad", ("adagrad", 1e-2)),
    ("rmsprop", ("rmsprop", 1e-2)),
    ("adadelta", ("adadelta", 1.0)),
    ("adam", ("adam", 1e-3)),
    ("adamw", ("adamw", 1e-3)),
    ("adamax", ("adamax", 2e-3)),
    ("nadam", ("nadam", 2e-3)),
];

/// The options of an optimiser and its learning rate.
fn read_optimizer(value: &JsValue) -> Result<(OptimizerOptions, f64)> {
    const COMMON: [&str; 5] = [
        "kind",
        "learningRate",
        "weightDecay",
        "decoupledWeightDecay",
        "l1",
    ];
    let (kind, default_rate) = read_kind(OPTIMIZER, value, &OPTIMIZERS)?;
    let own: &[&str] = match kind {
        "sgd" => &["momentum", "dampening", "nesterov"],
        "adagrad" => &["learningRateDecay", "initialAccumulator", "epsilon"],
        "rmsprop" => &["alpha", "momentum", "centered", "epsilon"],
        "adadelta" => &["rho", "epsilon"],
        "adamax" => &["betas", "epsilon"],
        "nadam" => &["betas", "epsilon", "momentumDecay"],
        _ => &["betas", "epsilon", "amsgrad"],
    };
    let fields = Fields::new(OPTIMIZER, value, &[&COMMON, own].concat())?;
    let number = |name, default| Ok(fields.number(name)?.unwrap_or(default));
    let flag = |name, default| Ok(fields.boolean(name)?.unwrap_or(default));
    let method = match kind {
        "sgd" => Method::Sgd(Sgd {
            momentum: number("momentum", Sgd::default().momentum)?,
            dampening: number("dampening", Sgd::default().dampening)?,
            nesterov: flag("nesterov", Sgd::default().nesterov)?,
        }),
        "adagrad" => {
            let default = Adagrad::default();
            Method::Adagrad(Adagrad {
                learning_rate_decay: number("learningRateDecay", default.learning_rate_decay)?,
                initial_accumulator: number("initialAccumulator", default.initial_accumulator)?,
                epsilon: number("epsilon", default.epsilon)?,
            })
        }
        "rmsprop" => {
            let default = RmsProp::default();
            Method::RmsProp(RmsProp {
                alpha: number("alpha", default.alpha)?,
                momentum: number("momentum", default.momentum)?,
                centered: flag("centered", default.centered)?,
                epsilon: number("epsilon", default.epsilon)?,
            })
        }
        "adadelta" => {
            let default = Adadelta::default();
            Method::Adadelta(Adadelta {
                rho: number("rho", default.rho)?,
                epsilon: number("epsilon", default.epsilon)?,
            })
        }
        "adamax" => {
            let default = Adamax::default();
            Method::Adamax(Adamax {
                betas: read_betas(&fields)?.unwrap_or(default.betas),
                epsilon: number("epsilon", default.epsilon)?,
            })
        }
        "nadam" => {
            let default = Nadam::default();
            Method::Nadam(Nadam {
                betas: read_betas(&fields)?.unwrap_or(default.betas),
                epsilon: number("epsilon", default.epsilon)?,
                momentum_decay: number("momentumDecay", default.momentum_decay)?,
            })
        }
        _ => {
            let default = Adam::default();
            Method::Adam(Adam {
                betas: read_betas(&fields)?.unwrap_or(default.betas),
                epsilon: number("epsilon", default.epsilon)?,
                amsgrad: flag("amsgrad", default.amsgrad)?,
            })
        }
    };
    let is_adamw = kind == "adamw";
    let regularization = Regularization {
        l1: number("l1", 0.0)?,
        weight_decay: number("weightDecay", if is_adamw { 0.01 } else { 0.0 })?,
        decoupled: flag("decoupledWeightDecay", is_adamw)?,
    };
    let options = OptimizerOptions {
        method,
        regularization,
    };
    Ok((options, number("learningRate", default_rate)?))
}

fn read_betas(fields: &Fields) -> Result<Option<[f64; 2]>> {
    let value = fields.get("betas")?;
    if value.is_undefined() {
        return Ok(None);
    }
    match &read::array(OPTIMIZER, "betas", &value)?[..] {
        [first, second] => Ok(Some([
            read::number(OPTIMIZER, "betas", first)?,
            read::number(OPTIMIZER, "betas", second)?,
        ])),
        _ => Err(wrong_type(OPTIMIZER, "betas", "two numbers", &value)),
    }
}

const SCHEDULE: &str = "learningRate";

/// A schedule and its base rate.
fn read_schedule(value: &JsValue) -> Result<(Schedule, f64)> {
    const COMMON: [&str; 2] = ["kind", "learningRate"];
    const DEFAULT_RATE: f64 = 0.1;
    let kinds = [
        "constant",
        "step",
        "multi_step",
        "exponential",
        "cosine",
        "one_cycle",
        "polynomial",
        "linear",
        "reduce_on_plateau",
    ];
    let kind = read_kind(SCHEDULE, value, &kinds.map(|kind| (kind, kind)))?;
    let own: &[&str] = match kind {
        "constant" => &["factor", "totalSteps"],
        "step" => &["stepSize", "gamma"],
        "multi_step" => &["milestones", "gamma"],
        "exponential" => &["gamma"],
        "cosine" => &["totalSteps", "minLearningRate"],
        "one_cycle" => &[
            "maxLearningRate",
            "totalSteps",
            "warmUpFraction",
            "anneal",
            "divFactor",
            "finalDivFactor",
            "threePhase",
        ],
        "polynomial" => &["totalSteps", "power"],
        "linear" => &["startFactor", "endFactor", "totalSteps"],
        _ => &[
            "metrics",
            "mode",
            "factor",
            "patience",
            "threshold",
            "thresholdMode",
            "cooldown",
            "minLearningRate",
            "epsilon",
        ],
    };
    let fields = Fields::new(SCHEDULE, value, &[&COMMON, own].concat())?;
    let number = |name, default| Ok(fields.number(name)?.unwrap_or(default));
    let given = |name| fields.number(name)?.ok_or_else(|| missing(SCHEDULE, name));
    let steps = |name| fields.whole(name)?.ok_or_else(|| missing(SCHEDULE, name));
    let schedule = match kind {
        "constant" => Schedule::Constant {
            factor: number("factor", 1.0)?,
            total_steps: fields.whole("totalSteps")?.unwrap_or(5),
        },
        "step" => Schedule::Step {
            step_size: steps("stepSize")?,
            gamma: number("gamma", 0.1)?,
        },
        "multi_step" => Schedule::MultiStep {
            milestones: read::wholes(SCHEDULE, "milestones", &fields.get("milestones")?)?,
            gamma: number("gamma", 0.1)?,
        },
        "exponential" => Schedule::Exponential {
            gamma: given("gamma")?,
        },
        "cosine" => Schedule::Cosine {
            total_steps: steps("totalSteps")?,
            min_learning_rate: number("minLearningRate", 0.0)?,
        },
        "one_cycle" => {
            let default = OneCycle::default();
            let curves = [("cosine", Anneal::Cosine), ("linear", Anneal::Linear)];
            Schedule::OneCycle(OneCycle {
                max_learning_rate: given("maxLearningRate")?,
                total_steps: steps("totalSteps")?,
                warm_up_fraction: number("warmUpFraction", default.warm_up_fraction)?,
                anneal: fields.choice("anneal", &curves)?.unwrap_or(default.anneal),
                div_factor: number("divFactor", default.div_factor)?,
                final_div_factor: number("finalDivFactor", default.final_div_factor)?,
                three_phase: fields.boolean("threePhase")?.unwrap_or(default.three_phase),
            })
        }
        "polynomial" => Schedule::Polynomial {
            total_steps: fields.whole("totalSteps")?.unwrap_or(5),
            power: number("power", 1.0)?,
        },
        "linear" => Schedule::Linear {
            start_factor: number("startFactor", 1.0 / 3.0)?,
            end_factor: number("endFactor", 1.0)?,
            total_steps: fields.whole("totalSteps")?.unwrap_or(5),
        },
        _ => Schedule::ReduceOnPlateau(read_plateau(&fields)?),
    };
    Ok((schedule, number("learningRate", DEFAULT_RATE)?))
}

fn read_plateau(fields: &Fields) -> Result<ReduceOnPlateau> {
    let default = ReduceOnPlateau::default();
    let number = |name, default| Ok(fields.number(name)?.unwrap_or(default));
    let metric = |value: &JsValue| {
        value
            .as_f64()
            .ok_or_else(|| wrong_type(SCHEDULE, "metrics", "an array of numbers", value))
    };
    let goals = [("min", Goal::Min), ("max", Goal::Max)];
    let threshold_modes = [
        ("relative", ThresholdMode::Relative),
        ("absolute", ThresholdMode::Absolute),
    ];
    Ok(ReduceOnPlateau {
        metrics: read::array(SCHEDULE, "metrics", &fields.get("metrics")?)?
            .iter()
            .map(metric)
            .collect::<Result<_>>()?,
        goal: fields.choice("mode", &goals)?.unwrap_or(default.goal),
        factor: number("factor", default.factor)?,
        patience: fields.whole("patience")?.unwrap_or(default.patience),
        threshold: number("threshold", default.threshold)?,
        threshold_mode: fields
            .choice("thresholdMode", &threshold_modes)?
            .unwrap_or(default.threshold_mode),
        cooldown: fields.whole("cooldown")?.unwrap_or(default.cooldown),
        min_learning_rate: number("minLearningRate", default.min_learning_rate)?,
        epsilon: number("epsilon", default.epsilon)?,
    })
}

const INITIALISE: &str = "initialise";

/// An initialiser and its seed.
fn read_initialiser(value: &JsValue) -> Result<(Initialiser, u64)> {
    const COMMON: [&str; 2] = ["kind", "seed"];
    let kinds = [
        "zeros",
        "constant",
        "uniform",
        "normal",
        "xavier",
        "kaiming",
        "lecun",
        "orthogonal",
        "identity",
    ];
    let kind = read_kind(INITIALISE, value, &kinds.map(|kind| (kind, kind)))?;
    let own: &[&str] = match kind {
        "constant" => &["value"],
        "uniform" => &["low", "high"],
        "normal" => &["mean", "std"],
        "xavier" => &["distribution", "gain"],
        "kaiming" => &["distribution", "mode", "nonlinearity", "slope"],
        "lecun" => &["distribution"],
        "orthogonal" => &["gain"],
        "identity" => &["groups"],
        _ => &[],
    };
    let fields = Fields::new(INITIALISE, value, &[&COMMON, own].concat())?;
    let number = |name, default| Ok(fields.number(name)?.unwrap_or(default));
    let distribution = || {
        let known = [
            ("uniform", Distribution::Uniform),
            ("normal", Distribution::Normal),
        ];
        let chosen = fields.choice("distribution", &known)?;
        Ok(chosen.unwrap_or(Distribution::Uniform))
    };
    let initialiser = match kind {
        "constant" => Initialiser::Constant(
            fields
                .number("value")?
                .ok_or_else(|| missing(INITIALISE, "value"))?,
        ),
        "uniform" => Initialiser::Uniform {
            low: number("low", 0.0)?,
            high: number("high", 1.0)?,
        },
        "normal" => Initialiser::Normal {
            mean: number("mean", 0.0)?,
            std: number("std", 1.0)?,
        },
        "xavier" => Initialiser::Xavier {
            distribution: distribution()?,
            gain: number("gain", 1.0)?,
        },
        "kaiming" => {
            let fans = [("fan_in", Fan::In), ("fan_out", Fan::Out)];
            Initialiser::Kaiming {
                distribution: distribution()?,
                fan: fields.choice("mode", &fans)?.unwrap_or(Fan::In),
                nonlinearity: read_nonlinearity(&fields)?,
            }
        }
        "lecun" => Initialiser::Lecun {
            distribution: distribution()?,
        },
        "orthogonal" => Initialiser::Orthogonal {
            gain: number("gain", 1.0)?,
        },
        "identity" => Initialiser::Identity {
            groups: fields.whole("groups")?.unwrap_or(1),
        },
        _ => Initialiser::Zeros,
    };
    Ok((initialiser, fields.whole("seed")?.unwrap_or(0) as u64))
}

/// What follows the layer; `slope` belongs to leaky ReLU alone.
fn read_nonlinearity(fields: &Fields) -> Result<Nonlinearity> {
    const DEFAULT_SLOPE: f64 = 0.01;
    let slope = fields.number("slope")?;
    let leaky_relu = Nonlinearity::LeakyRelu {
        slope: slope.unwrap_or(DEFAULT_SLOPE),
    };
    let known = [
        ("linear", Nonlinearity::Linear),
        ("sigmoid", Nonlinearity::Sigmoid),
        ("tanh", Nonlinearity::Tanh),
        ("relu", Nonlinearity::Relu),
        ("leaky_relu", leaky_relu),
        ("selu", Nonlinearity::Selu),
    ];
    let chosen = fields
        .choice("nonlinearity", &known)?
        .unwrap_or(Nonlinearity::Relu);
    if slope.is_some() && chosen != leaky_relu {
        let given = fields.get("slope")?;
        let expected = "left out unless the nonlinearity is leaky_relu";
        return Err(wrong_type(INITIALISE, "slope", expected, &given));
    }
    Ok(chosen)
}

/// The `kind` of an options object, whatever its other keys are.
fn read_kind<T: Copy>(operator: &'static str, value: &JsValue, kinds: &[(&str, T)]) -> Result<T> {
    let kind = if value.is_object() {
        js_sys::Reflect::get(value, &"kind".into()).unwrap_or(JsValue::UNDEFINED)
    } else {
        JsValue::UNDEFINED
    };
    let only_kind = Fields::new(operator, &object([("kind", kind)]), &["kind"])?;
    required(&only_kind, operator, "kind", kinds)
}

/// One of the names of `choices`, which must be given.
fn required<T: Copy>(
    fields: &Fields,
    operator: &'static str,
    name: &'static str,
    choices: &[(&str, T)],
) -> Result<T> {
    fields
        .choice(name, choices)?
        .ok_or_else(|| Error::UnknownName {
            operator,
            argument: name.into(),
            expected: choices
                .iter()
                .map(|(known, _)| *known)
                .collect::<Vec<_>>()
                .join(", "),
            got: "undefined".into(),
        })
}

fn missing(operator: &'static str, name: &str) -> Error {
    wrong_type(operator, name, "given", &JsValue::UNDEFINED)
}

fn write_tensors(tensors: &[ArrayD<f32>]) -> JsValue {
    array(tensors.iter().map(|tensor| write_tensor(tensor.view())))
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** PyTorch's optimisers, options and defaults under their JavaScript names. */
export type OptimizerOptions = {
  /** The step size; has PyTorch's default of each kind. */
  learningRate?: number;
  /** Coupled: adds weightDecay * p to the gradient (L2). Decoupled: p *= 1 - learningRate * weightDecay. */
  weightDecay?: number;
  /** True by default for adamw alone. */
  decoupledWeightDecay?: boolean;
  /** Adds l1 * sign(p) to the gradient; sign(0) is 0. */
  l1?: number;
} & (
  | { kind: "sgd"; momentum?: number; dampening?: number; nesterov?: boolean }
  | { kind: "adagrad"; learningRateDecay?: number; initialAccumulator?: number; epsilon?: number }
  | { kind: "rmsprop"; alpha?: number; momentum?: number; centered?: boolean; epsilon?: number }
  | { kind: "adadelta"; rho?: number; epsilon?: number }
  | { kind: "adam" | "adamw"; betas?: [number, number]; epsilon?: number; amsgrad?: boolean }
  | { kind: "adamax"; betas?: [number, number]; epsilon?: number }
  | { kind: "nadam"; betas?: [number, number]; epsilon?: number; momentumDecay?: number }
);
/** All that an optimiser remembers, as plain data. */
export interface OptimizerSnapshot {
  /** Steps taken. */
  step: number;
  /** The product of all momenta of nadam; 1 for the other kinds. */
  momentumProduct: number;
  /** The running quantities, one array per parameter. */
  slots: { name: string; values: (Float32Array | number[])[] }[];
}
/** PyTorch's schedules; learningRate is the base rate, 0.1 by default. */
export type Schedule = { learningRate?: number } & (
  | { kind: "constant"; factor?: number; totalSteps?: number }
  | { kind: "step"; stepSize: number; gamma?: number }
  | { kind: "multi_step"; milestones: number[]; gamma?: number }
  | { kind: "exponential"; gamma: number }
  | { kind: "cosine"; totalSteps: number; minLearningRate?: number }
  | {
      kind: "one_cycle"; maxLearningRate: number; totalSteps: number; warmUpFraction?: number;
      anneal?: "cosine" | "linear"; divFactor?: number; finalDivFactor?: number;
      threePhase?: boolean;
    }
  | { kind: "polynomial"; totalSteps?: number; power?: number }
  | { kind: "linear"; startFactor?: number; endFactor?: number; totalSteps?: number }
  | {
      /** metrics: one observation per step so far, such as validation losses. */
      kind: "reduce_on_plateau"; metrics: number[]; mode?: "min" | "max"; factor?: number;
      patience?: number; threshold?: number; thresholdMode?: "relative" | "absolute";
      cooldown?: number; minLearningRate?: number; epsilon?: number;
    }
);
/** Fans come from shapes [c_out, c_in / groups, ...kernel] or [out, in]; the seed is 0 by default. */
export type InitialiserOptions = { seed?: number } & (
  | { kind: "zeros" }
  | { kind: "constant"; value: number }
  | { kind: "uniform"; low?: number; high?: number }
  | { kind: "normal"; mean?: number; std?: number }
  | { kind: "xavier"; distribution?: "uniform" | "normal"; gain?: number }
  | {
      kind: "kaiming"; distribution?: "uniform" | "normal"; mode?: "fan_in" | "fan_out";
      nonlinearity?: "linear" | "sigmoid" | "tanh" | "relu" | "leaky_relu" | "selu";
      slope?: number;
    }
  | { kind: "lecun"; distribution?: "uniform" | "normal" }
  | { kind: "orthogonal"; gain?: number }
  | { kind: "identity"; groups?: number }
);
/** norm: scales all gradients together; value: limits each value. */
export type ClippingOptions = { kind: "norm" | "value"; limit: number };
/** norm: the common Euclidean norm before clipping. */
export type ClippedGradients = { gradients: Tensor[]; norm: number };
"#;
