//! Training, step by step.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::read_optimizer;
use crate::net::graph::Graph;
use crate::train;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{self, Fields};
use crate::wasm::boundary::tensor::read_tensor4;
use crate::wasm::boundary::write::object;
use crate::wasm::net::read_spec;
use crate::wasm::net::weights::{read_weights, write_weights};

const OPERATOR: &str = "Trainer";

/// A network with its optimiser, which learns by steps on batches of labelled examples. The loss is
/// the softmax cross-entropy of the last layer, whose values are the logits of the classes, as a mean
/// over the batch.
#[wasm_bindgen]
pub struct Trainer {
    trainer: train::trainer::Trainer<f32>,
    learning_rate: f64,
}

#[wasm_bindgen]
impl Trainer {
    /// The network of `spec` before its first step. `seed`, 0 if left out, decides its weights
    /// (normal, variance 2 / fan-in) and what dropout leaves out: the same seed, the same training.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "NetworkSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "TrainerOptions")] options: &JsValue,
    ) -> JsResult<Trainer> {
        let spec = read_spec(OPERATOR, spec)?;
        let fields = Fields::new(OPERATOR, options, &["optimizer", "seed"])?;
        let (optimizer, learning_rate) = read_optimizer(&fields.get("optimizer")?)?;
        let seed = fields.whole("seed")?.unwrap_or(0) as u64;
        Ok(Trainer {
            trainer: train::trainer::Trainer::new(Graph::new(&spec)?, optimizer, seed)?,
            learning_rate,
        })
    }

    /// Takes one step on `inputs` `[n, channels, height, width]` with `labels`, n classes from 0:
    /// forward with the statistics of the batch and with dropout, back, and the optimiser's update.
    /// The loss is that before the update; `learningRate` replaces that of the options for this
    /// step. A step that is refused changes no parameter.
    #[wasm_bindgen(unchecked_return_type = "TrainingStep")]
    pub fn step(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "TensorLike")] inputs: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number[] | Int32Array")] labels: &JsValue,
        #[wasm_bindgen(js_name = learningRate, unchecked_optional_param_type = "number")]
        learning_rate: &JsValue,
    ) -> JsResult<JsValue> {
        let inputs = read_tensor4(OPERATOR, "inputs", inputs)?;
        let labels = read::integers(OPERATOR, "labels", labels)?;
        let learning_rate = if learning_rate.is_undefined() {
            self.learning_rate
        } else {
            read::number(OPERATOR, "learningRate", learning_rate)?
        };
        let loss = self.trainer.step(inputs.view(), &labels, learning_rate)?;
        Ok(object([("loss", loss.into())]))
    }

    /// Replaces parameters, all or, if one is refused, none. The optimiser keeps what it remembers.
    #[wasm_bindgen(js_name = loadWeights)]
    pub fn load_weights(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "LoadedParameter[]")] weights: &JsValue,
    ) -> JsResult<()> {
        Ok(self.trainer.load(read_weights(OPERATOR, weights)?)?)
    }

    /// Copies of all parameters as they are now, layer by layer.
    #[wasm_bindgen(unchecked_return_type = "CopiedParameter[]")]
    pub fn weights(&self) -> JsResult<JsValue> {
        Ok(write_weights(self.trainer.network())?)
    }
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface TrainerOptions {
  optimizer: OptimizerOptions;
  /** Of the initial weights and of dropout. */
  seed?: number;
}
export interface TrainingStep {
  /** The mean loss of the batch before the update. */
  loss: number;
}
"#;
