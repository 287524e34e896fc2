//! Learning rates that change with the steps.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::train::schedule::{self, BaseRate, Schedule};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read;
use crate::wasm::boundary::tagged::read_tagged;

const OPERATOR: &str = "learningRate";

/// The learning rate of `schedule` at `step`, counted from 0.
#[wasm_bindgen(js_name = learningRate)]
pub fn learning_rate(
    #[wasm_bindgen(unchecked_param_type = "Schedule")] schedule: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "number")] step: &JsValue,
) -> JsResult<f64> {
    let (schedule, base) = read_tagged::<Schedule, BaseRate>(OPERATOR, schedule)?;
    let step = read::whole(OPERATOR, "step", step)?;
    Ok(schedule::learning_rate(
        &schedule,
        base.learning_rate,
        step,
    )?)
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
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
"#;
