//! Training, step by step.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use super::clipping::read_clipping;
use super::missing;
use super::optimizer::{read_optimizer, read_snapshot, write_snapshot};
use crate::error::Result;
use crate::net::graph::Graph;
use crate::train;
use crate::train::loss::{Loss, LossKind, Targets};
use crate::train::trainer::{TrainerOptions, TrainerSnapshot};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{self, Fields};
use crate::wasm::boundary::tensor::{read_tensor, read_tensor4};
use crate::wasm::boundary::write::{array, object};
use crate::wasm::net::read_spec;
use crate::wasm::net::weights::{read_weights, write_parameter, write_weights};

const OPERATOR: &str = "Trainer";

/// A network with its optimiser, which learns by steps on batches of examples. The loss is that of the
/// last layer as a mean over the batch: the cross-entropy of the softmax of its values, the logits of
/// the classes, or the mean squared error.
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
        let (options, learning_rate) = read_options(options)?;
        Ok(Trainer {
            trainer: train::trainer::Trainer::new(Graph::new(&spec)?, options)?,
            learning_rate,
        })
    }

    /// Takes one step on `inputs` `[n, channels, height, width]`: forward with the statistics of the
    /// batch and with dropout, back, clipping, and the optimiser's update. `targets` are n classes from
    /// 0 for the cross-entropy, and a tensor as the last layer gives it for the mean squared error.
    /// Loss and gradient norm are those before the update; `learningRate` replaces that of the options
    /// for this step. A step that is refused changes nothing.
    #[wasm_bindgen(unchecked_return_type = "TrainingStep")]
    pub fn step(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "TensorLike")] inputs: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Numbers | TensorLike")] targets: &JsValue,
        #[wasm_bindgen(js_name = learningRate, unchecked_optional_param_type = "number")]
        learning_rate: &JsValue,
    ) -> JsResult<JsValue> {
        let inputs = read_tensor4(OPERATOR, "inputs", inputs)?;
        let learning_rate = if learning_rate.is_undefined() {
            self.learning_rate
        } else {
            read::number(OPERATOR, "learningRate", learning_rate)?
        };
        let step = match self.trainer.loss() {
            Loss::CrossEntropy { .. } => {
                let labels = read::integers(OPERATOR, "labels", targets)?;
                let labels = Targets::Labels(&labels);
                self.trainer.step(inputs.view(), labels, learning_rate)
            }
            Loss::MeanSquaredError => {
                let values = read_tensor(OPERATOR, "targets", targets)?;
                let values = Targets::Values(values.view());
                self.trainer.step(inputs.view(), values, learning_rate)
            }
        }?;
        Ok(object([
            ("loss", step.loss.into()),
            ("gradientNorm", step.gradient_norm.into()),
        ]))
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

    /// A copy of all that the steps so far have left, as plain data: what `restore` takes, also in
    /// another worker.
    #[wasm_bindgen(unchecked_return_type = "TrainerSnapshot")]
    pub fn snapshot(&self) -> JsResult<JsValue> {
        let snapshot = self.trainer.snapshot()?;
        let slots = self.trainer.optimizer().slots();
        let weights = snapshot.weights.iter();
        let weights = weights.map(|(layer, name, values)| write_parameter(layer, name, values));
        Ok(object([
            ("seed", (snapshot.seed as f64).into()),
            ("optimizer", write_snapshot(slots, &snapshot.optimizer)),
            ("weights", array(weights)),
        ]))
    }

    /// Goes on from `snapshot`, taken from a trainer of the same spec and options, bit for bit; the
    /// snapshot's seed replaces that of the options.
    pub fn restore(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "TrainerSnapshot")] snapshot: &JsValue,
    ) -> JsResult<()> {
        let fields = Fields::new(OPERATOR, snapshot, &["seed", "optimizer", "weights"])?;
        let seed = fields.whole("seed")?;
        Ok(self.trainer.restore(TrainerSnapshot {
            seed: seed.ok_or_else(|| missing(OPERATOR, "seed"))? as u64,
            optimizer: read_snapshot(self.trainer.optimizer(), &fields.get("optimizer")?)?,
            weights: read_weights(OPERATOR, &fields.get("weights")?)?,
        })?)
    }
}

/// How a network is trained, and the learning rate.
fn read_options(value: &JsValue) -> Result<(TrainerOptions, f64)> {
    const KNOWN: [&str; 6] = [
        "optimizer",
        "loss",
        "labelSmoothing",
        "clipping",
        "frozen",
        "seed",
    ];
    let fields = Fields::new(OPERATOR, value, &KNOWN)?;
    let (optimizer, learning_rate) = read_optimizer(&fields.get("optimizer")?)?;
    let losses = [
        ("crossEntropy", LossKind::CrossEntropy),
        ("meanSquaredError", LossKind::MeanSquaredError),
    ];
    let loss = fields.choice("loss", &losses)?.unwrap_or_default();
    let options = TrainerOptions {
        optimizer,
        loss: Loss::new(loss, fields.number("labelSmoothing")?)?,
        clipping: fields.read("clipping", read_clipping)?,
        frozen: fields.read("frozen", read_ids)?.unwrap_or_default(),
        seed: fields.whole("seed")?.unwrap_or(0) as u64,
    };
    Ok((options, learning_rate))
}

fn read_ids(value: &JsValue) -> Result<Vec<String>> {
    let ids = read::array(OPERATOR, "frozen", value)?;
    let ids = ids.iter();
    ids.map(|id| read::text(OPERATOR, "frozen", "an array of texts", id))
        .collect()
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
export interface TrainerOptions {
  optimizer: OptimizerOptions;
  /** What is made small, "crossEntropy" if left out. */
  loss?: "crossEntropy" | "meanSquaredError";
  /** Share of the target's probability that is spread over all classes; of the cross-entropy alone. */
  labelSmoothing?: number;
  /** What becomes of large gradients. */
  clipping?: ClippingOptions;
  /**
   * Ids of layers whose parameters stay as they are. They take part in no penalty and in no gradient
   * norm; batch norm among them uses its running statistics and keeps them.
   */
  frozen?: string[];
  /** Of the initial weights and of dropout. */
  seed?: number;
}
export interface TrainingStep {
  /** The mean loss of the batch before the update. */
  loss: number;
  /** The Euclidean norm of the gradients of all parameters that learn, before clipping. */
  gradientNorm: number;
}
/** All that a trainer has gathered since it was made, as plain data; the steps taken are those of the optimiser. */
export interface TrainerSnapshot {
  seed: number;
  optimizer: OptimizerSnapshot;
  weights: CopiedParameter[];
}
"#;
