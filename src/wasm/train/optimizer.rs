//! Optimisers, step by step.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::missing;
use crate::error::{Error, Result};
use crate::train;
use crate::train::named::{CommonOptions, NamedOptimizer};
use crate::train::optimizer::{OptimizerOptions, Snapshot};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{self, Fields};
use crate::wasm::boundary::tagged::read_tagged;
use crate::wasm::boundary::tensor::{read_tensors, write_tensors};
use crate::wasm::boundary::write::{array, floats, object};

const OPERATOR: &str = "Optimizer";

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
        let shapes = read::array(OPERATOR, "shapes", shapes)?
            .iter()
            .map(|shape| read::wholes(OPERATOR, "shapes", shape))
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
        let mut params = read_tensors(OPERATOR, "params", params)?;
        let grads = read_tensors(OPERATOR, "grads", grads)?;
        let learning_rate = if learning_rate.is_undefined() {
            self.learning_rate
        } else {
            read::number(OPERATOR, "learningRate", learning_rate)?
        };
        self.optimizer.step(&mut params, &grads, learning_rate)?;
        Ok(write_tensors(&params))
    }

    /// A copy of the state: what `restore` takes.
    #[wasm_bindgen(unchecked_return_type = "OptimizerSnapshot")]
    pub fn snapshot(&self) -> JsValue {
        write_snapshot(self.optimizer.slots(), &self.optimizer.snapshot())
    }

    /// Continues from `snapshot`, taken from an optimiser with the same options and shapes.
    pub fn restore(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "OptimizerSnapshot")] snapshot: &JsValue,
    ) -> JsResult<()> {
        let snapshot = read_snapshot(&self.optimizer, snapshot)?;
        Ok(self.optimizer.restore(snapshot)?)
    }
}

/// The options of an optimiser and its learning rate.
///
/// # Errors
/// [`Error::WrongType`] or [`Error::UnknownName`] naming an option; as [`NamedOptimizer::with`].
pub(super) fn read_optimizer(value: &JsValue) -> Result<(OptimizerOptions, f64)> {
    let (optimizer, common) = read_tagged::<NamedOptimizer, CommonOptions>(OPERATOR, value)?;
    optimizer.with(&common)
}

/// Writes `{ step, momentumProduct, slots }`, slot by slot.
pub(super) fn write_snapshot(names: &[&str], snapshot: &Snapshot<f32>) -> JsValue {
    let slots = names.iter().enumerate().map(|(slot_idx, name)| {
        let values = snapshot.slots.iter().map(|slots| floats(&slots[slot_idx]));
        object([("name", (*name).into()), ("values", array(values))])
    });
    object([
        ("step", (snapshot.step as f64).into()),
        ("momentumProduct", snapshot.momentum_product.into()),
        ("slots", array(slots)),
    ])
}

/// Reads what [`write_snapshot`] writes for an optimiser such as `optimizer`.
///
/// # Errors
/// [`Error::WrongType`] or [`Error::UnknownName`] naming a part; [`Error::ShapeMismatch`] for the
/// slots of another optimiser.
pub(super) fn read_snapshot(
    optimizer: &train::optimizer::Optimizer<f32>,
    value: &JsValue,
) -> Result<Snapshot<f32>> {
    let fields = Fields::new(OPERATOR, value, &["step", "momentumProduct", "slots"])?;
    let names = optimizer.slots();
    let given = read::array(OPERATOR, "slots", &fields.get("slots")?)?;
    let mismatch = |expected: String, got: String| Error::ShapeMismatch {
        operator: OPERATOR,
        argument: "slots",
        expected,
        got,
    };
    if given.len() != names.len() {
        let got = format!("{} slots", given.len());
        return Err(mismatch(format!("{names:?}"), got));
    }
    let mut slots = vec![Vec::new(); optimizer.shapes().len()];
    for (slot, name) in given.iter().zip(names) {
        let slot = Fields::new(OPERATOR, slot, &["name", "values"])?;
        slot.choice("name", &[(name, ())])?
            .ok_or_else(|| missing(OPERATOR, "name"))?;
        let values = read::array(OPERATOR, "values", &slot.get("values")?)?;
        if values.len() != slots.len() {
            let got = format!("{} parameters", values.len());
            return Err(mismatch(format!("{} parameters", slots.len()), got));
        }
        for (slots, values) in slots.iter_mut().zip(&values) {
            slots.push(read::floats(OPERATOR, "values", values)?);
        }
    }
    let step = fields.whole("step")?;
    let momentum_product = fields.number("momentumProduct")?;
    Ok(Snapshot {
        step: step.ok_or_else(|| missing(OPERATOR, "step"))? as u64,
        momentum_product: momentum_product.ok_or_else(|| missing(OPERATOR, "momentumProduct"))?,
        slots,
    })
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
"#;
