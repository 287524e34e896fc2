//! The training lab with one run.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Result;
use crate::labs::training::gallery::gallery;
use crate::labs::training::slowly::{Question, Slowly, Stage, Weight};
use crate::labs::training::spec::rates;
use crate::labs::training::{Facts, Inside, Mistake, RateChange, Run, RunSpec, Spread, sketch};
use crate::render::color::Theme;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::picture::read_picture;
use crate::wasm::boundary::plain::read_plain;
use crate::wasm::boundary::read::{self, Fields};
use crate::wasm::boundary::rendered::{legended, picture};
use crate::wasm::boundary::write::{array, object, plain};

/// One run: a network that learns. A call says to which step it refers, so a lab made anew from the
/// same settings answers alike.
#[wasm_bindgen]
pub struct TrainingLab(Run);

#[wasm_bindgen]
impl TrainingLab {
    /// A run before its first step.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "RunSettings")] settings: &JsValue,
    ) -> JsResult<TrainingLab> {
        const OPERATOR: &str = "TrainingLab";
        let fields = Fields::new(OPERATOR, settings, &["spec", "digits"])?;
        let spec = read_plain::<RunSpec>(OPERATOR, &fields.get("spec")?)?;
        let digits = fields.get("digits")?;
        let digits = match digits.is_undefined() || digits.is_null() {
            true => None,
            false => Some(read::text(OPERATOR, "digits", "a text", &digits)?),
        };
        Ok(TrainingLab(Run::new(spec, digits.as_deref())?))
    }

    /// What is known before the first step.
    #[wasm_bindgen(unchecked_return_type = "RunFacts")]
    pub fn facts(&self) -> JsResult<JsValue> {
        Ok(plain(&Facts::of(&self.0)?))
    }

    /// Goes on to step `until` with the given changes of the learning rate, and returns the records
    /// from number `known` on.
    #[wasm_bindgen(unchecked_return_type = "Progress")]
    pub fn advance(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "number")] until: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly RateChange[]")] changes: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] known: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "trainingLabAdvance";
        let until = read::whole(OPERATOR, "until", until)?;
        let changes = read_plain::<Vec<RateChange>>(OPERATOR, changes)?;
        let known = read::whole(OPERATOR, "known", known)?;
        self.0.advance(until, &changes)?;
        let records = self.0.records();
        Ok(object([
            ("step", self.0.step().into()),
            ("learningRate", self.0.rate(self.0.step())?.into()),
            (
                "stopped",
                self.0.stopped().map_or(JsValue::NULL, Into::into),
            ),
            ("records", plain(&&records[known.min(records.len())..])),
            ("saved", plain(&self.0.saved().collect::<Vec<_>>())),
        ]))
    }

    /// What is inside the network at the latest saved step that is not after `step`.
    #[wasm_bindgen(unchecked_return_type = "Inside")]
    pub fn inside(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] step: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"light\" | \"dark\"")] theme: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "trainingLabInside";
        let step = read::whole(OPERATOR, "step", step)?;
        let theme = read_plain::<Theme>(OPERATOR, theme)?;
        Ok(inside(&Inside::of(&self.0, step, theme)?))
    }

    /// The probability of each class for a drawing in dark ink on white.
    #[wasm_bindgen(unchecked_return_type = "SketchAnswer")]
    pub fn answer(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] step: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "Picture")] drawing: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "trainingLabAnswer";
        let step = read::whole(OPERATOR, "step", step)?;
        let drawing = read_picture(OPERATOR, drawing)?;
        let (trainer, step) = self.0.at(step)?;
        let answer = sketch::answer(&self.0, &trainer, &drawing)?;
        Ok(object([
            ("step", step.into()),
            ("probabilities", array(answer.probabilities.iter().copied())),
            ("input", picture(&answer.input)),
        ]))
    }

    /// One example forward and back, and where the gradient of one weight comes from.
    #[wasm_bindgen(unchecked_return_type = "Slowly")]
    pub fn slowly(
        &self,
        #[wasm_bindgen(unchecked_param_type = "SlowQuestion")] question: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"light\" | \"dark\"")] theme: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "trainingLabSlowly";
        let question = read_plain::<Question>(OPERATOR, question)?;
        let theme = read_plain::<Theme>(OPERATOR, theme)?;
        Ok(slowly(&Slowly::of(&self.0, question, theme)?))
    }

    /// A few training examples of each class, with the label that is learned.
    #[wasm_bindgen(unchecked_return_type = "Picture[][]")]
    pub fn gallery(
        &self,
        #[wasm_bindgen(unchecked_param_type = "number")] count: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"light\" | \"dark\"")] theme: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "trainingLabGallery";
        let count = read::whole(OPERATOR, "count", count)?;
        let theme = read_plain::<Theme>(OPERATOR, theme)?;
        let classes = gallery(&self.0, count, theme);
        Ok(array(
            classes.iter().map(|shown| array(shown.iter().map(picture))),
        ))
    }
}

/// The learning rate of the first `count` steps that `settings` plan.
#[wasm_bindgen(js_name = plannedRates, unchecked_return_type = "number[]")]
pub fn planned_rates(
    #[wasm_bindgen(unchecked_param_type = "RunSpec")] spec: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "readonly number[]")] steps: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "plannedRates";
    let spec = read_plain::<RunSpec>(OPERATOR, spec)?;
    let steps = read::wholes(OPERATOR, "steps", steps)?;
    let rates = rates(&spec.training, &steps).collect::<Result<Vec<_>>>()?;
    Ok(array(rates))
}

/// The spread of results from seed to seed.
#[wasm_bindgen(unchecked_return_type = "Spread")]
pub fn spread(
    #[wasm_bindgen(unchecked_param_type = "readonly number[]")] values: &JsValue,
) -> JsResult<JsValue> {
    let values = read_plain::<Vec<f64>>("spread", values)?;
    Ok(plain(&Spread::of(&values)))
}

fn inside(inside: &Inside) -> JsValue {
    object([
        ("step", inside.step.into()),
        ("kernels", array(inside.kernels.iter().map(picture))),
        (
            "legend",
            inside.kernels.first().map_or(JsValue::NULL, legended),
        ),
        ("layers", plain(&inside.layers)),
        ("confusion", plain(&inside.confusion)),
        ("mistakes", inside.mistakes.into()),
        ("worst", array(inside.worst.iter().map(mistake))),
        ("changedByShift", inside.changed_by_shift.into()),
    ])
}

fn slowly(slowly: &Slowly) -> JsValue {
    object([
        ("step", slowly.step.into()),
        ("examples", slowly.examples.into()),
        ("input", picture(&slowly.input)),
        ("label", slowly.label.into()),
        ("stages", array(slowly.stages.iter().map(stage))),
        ("probabilities", plain(&slowly.probabilities)),
        ("dLogits", plain(&slowly.d_logits)),
        ("loss", slowly.loss.into()),
        (
            "weight",
            slowly.weight.as_ref().map_or(JsValue::NULL, weight),
        ),
    ])
}

fn stage(stage: &Stage) -> JsValue {
    object([
        ("id", stage.id.as_str().into()),
        ("op", stage.op.into()),
        ("map", stage.map.into()),
        ("maps", stage.maps.into()),
        ("forward", picture(&stage.forward)),
        ("backward", picture(&stage.backward)),
    ])
}

fn weight(weight: &Weight) -> JsValue {
    object([
        ("kernels", weight.kernels.into()),
        ("size", array(weight.size)),
        ("kernel", picture(&weight.kernel)),
        ("met", picture(&weight.met)),
        ("there", picture(&weight.there)),
        ("terms", picture(&weight.terms)),
        ("count", weight.count.into()),
        ("sum", weight.sum.into()),
        ("check", weight.check.into()),
        ("rate", weight.rate.into()),
        ("before", weight.before.into()),
        ("after", weight.after.into()),
    ])
}

fn mistake(mistake: &Mistake) -> JsValue {
    object([
        ("picture", picture(&mistake.picture)),
        ("label", mistake.label.into()),
        ("answer", mistake.answer.into()),
        ("probability", mistake.probability.into()),
    ])
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** Everything that decides a run. */
export interface RunSpec {
  data: {
    set: "digits" | "digits_from5" | "stripes" | "shapes" | "dot" | "color_and_shape";
    examples: number;
    labelNoise: number;
    shift: boolean;
  };
  network: {
    kind: "linear" | "dense" | "cnn" | "separable";
    depth: number;
    width: number;
    activation: string;
    norm: "none" | "batch" | "group" | "layer";
    pooling: "max" | "average" | "strided" | "blurred";
    dropout: number;
    firstWeights: "he" | "xavier" | "lecun" | "orthogonal" | "too_small" | "too_large" | "zeros";
    skips: boolean;
    start: "scratch" | "frozen" | "fine_tuned";
  };
  training: {
    optimizer: "sgd" | "nesterov" | "adagrad" | "rmsprop" | "adam" | "adamw";
    momentum: number;
    learningRate: number;
    schedule: "constant" | "step" | "cosine" | "exponential" | "one_cycle";
    scheduleSteps: number;
    l1: number;
    l2: number;
    clip: number;
    labelSmoothing: number;
    batch: number;
  };
  seed: number;
}
/** A run, and the digits as text for the sets that need them. */
export interface RunSettings { spec: RunSpec; digits?: string | null; }
/** From `step` on the learning rate is multiplied by `factor`. */
export interface RateChange { step: number; factor: number; }
export interface RunFacts {
  layers: { id: string; parameters: number }[];
  parameters: number;
  multiplyAdds: number;
  input: [channels: number, height: number, width: number];
  receptiveField: [rows: number, columns: number];
  training: number;
  heldOut: number;
  epochSteps: number;
  classes: number;
}
/** What was measured at a step; a number that is not finite is null. */
export interface RunRecord {
  step: number;
  trainingLoss: number | null;
  trainingAccuracy: number;
  heldOutLoss: number | null;
  heldOutAccuracy: number;
  /** The training accuracy minus that held out. */
  gap: number;
  epoch: number;
  gradientNorm: number;
  learningRate: number;
}
export interface Progress {
  step: number;
  /** Of the next step. */
  learningRate: number;
  /** The step whose loss was no number. */
  stopped: number | null;
  records: RunRecord[];
  saved: number[];
}
export interface LayerState {
  id: string;
  gradientNorm: number;
  /** How far the next step moves the weights, as a share of their norm. */
  update: number;
  dead: number | null;
  units: number;
  histogram: number[];
  reach: number;
  zeros: number;
}
export interface Mistake { picture: Picture; label: number; answer: number; probability: number; }
export interface Inside {
  step: number;
  kernels: Picture[];
  /** Of all kernels together. */
  legend: LegendedPicture | null;
  layers: LayerState[];
  /** True classes in rows, answers in columns. */
  confusion: number[][];
  mistakes: number;
  worst: Mistake[];
  changedByShift: number;
}
/** The standard deviation is that of a sample; 0 for one value. */
export interface Spread { mean: number; deviation: number; least: number; most: number; }
/** Which example of the step's batch, and which weight of the first convolution. */
export interface SlowQuestion { step: number; example: number; kernel: number; cell: readonly [row: number, column: number]; }
/** One map of a layer, forward and backward, each on its own scale. */
export interface SlowStage { id: string; op: string; map: number; maps: number; forward: Picture; backward: Picture; }
/** A weight: its gradient is the sum of what it met times the gradient there. */
export interface SlowWeight {
  kernels: number;
  size: [rows: number, columns: number];
  kernel: Picture;
  met: Picture;
  there: Picture;
  terms: Picture;
  count: number;
  sum: number;
  /** (loss at w + h − loss at w − h) / 2h with h = 10⁻⁴. */
  check: number;
  rate: number;
  before: number;
  /** After a step on this example alone. */
  after: number;
}
export interface Slowly {
  step: number;
  examples: number;
  input: Picture;
  label: number;
  stages: SlowStage[];
  probabilities: number[];
  dLogits: number[];
  loss: number;
  weight: SlowWeight | null;
}
export interface SketchAnswer { step: number; probabilities: number[]; input: Picture; }
"#;
