//! The pooling lab with its picture.

use js_sys::Float64Array;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Axis, Result};
use crate::labs;
use crate::labs::pooling::{
    Change, Curve, Inspection, Measure, Output, PlainSpec, PoolingLabSpec, Reconstruction, Stage,
    StageKind,
};
use crate::render::color::Theme;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::picture::read_picture;
use crate::wasm::boundary::plain::read_plain;
use crate::wasm::boundary::read::{self, wrong_type};
use crate::wasm::boundary::rendered::legended;
use crate::wasm::boundary::write::{array, cells, floats, object};
use crate::wasm::labs::shared::{coordinates, flags, formula_parts};

/// One picture, made smaller by pooling.
#[wasm_bindgen]
pub struct PoolingLab(labs::pooling::PoolingLab);

#[wasm_bindgen]
impl PoolingLab {
    /// A lab that looks at a picture.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Picture")] picture: &JsValue,
    ) -> JsResult<PoolingLab> {
        let picture = read_picture("PoolingLab", picture)?;
        Ok(PoolingLab(labs::pooling::PoolingLab::new(picture)))
    }

    /// The input as the engine sees it.
    #[wasm_bindgen(unchecked_return_type = "LegendedPicture")]
    pub fn input(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PoolingLabSpec")] spec: &JsValue,
    ) -> JsResult<JsValue> {
        let spec = read_spec("poolingLabInput", spec)?;
        Ok(legended(&self.0.input(spec.color, spec.theme)))
    }

    /// The output picture of one method, its legend, and where its pixels lie on the input.
    #[wasm_bindgen(unchecked_return_type = "PoolingFrame")]
    pub fn output(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PoolingLabSpec")] spec: &JsValue,
    ) -> JsResult<JsValue> {
        Ok(frame(
            &self.0.output(&read_spec("poolingLabOutput", spec)?)?,
        ))
    }

    /// The output at `position` `[row, column]` of `channel` taken apart.
    #[wasm_bindgen(unchecked_return_type = "PoolingInspection")]
    pub fn inspect(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PoolingLabSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly [row: number, column: number]")]
        position: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] channel: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "poolingLabInspect";
        let spec = read_spec(OPERATOR, spec)?;
        let position = read::pair(OPERATOR, "position", position)?;
        let channel = read::whole(OPERATOR, "channel", channel)?;
        let parts = self.0.inspect(&spec, position, channel)?;
        Ok(inspection(&parts, spec.theme))
    }

    /// Where a gradient of 1 goes back to, from one output or, without a position, from all.
    #[wasm_bindgen(unchecked_return_type = "PoolingGradient")]
    pub fn gradient(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PoolingLabSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly [row: number, column: number] | null")]
        position: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] channel: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "poolingLabGradient";
        let spec = read_spec(OPERATOR, spec)?;
        let position = match position.is_null() || position.is_undefined() {
            true => None,
            false => Some(read::pair(OPERATOR, "position", position)?),
        };
        let channel = read::whole(OPERATOR, "channel", channel)?;
        let gradient = self.0.gradient(&spec, position, channel)?;
        Ok(object([
            ("map", legended(&gradient.rendered)),
            ("reached", gradient.reached.into()),
            ("pixels", gradient.pixels.into()),
            ("sum", gradient.sum.into()),
        ]))
    }

    /// The picture made from the output alone, and what it lacks.
    #[wasm_bindgen(unchecked_return_type = "PoolingRestored")]
    pub fn restored(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PoolingLabSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"nearest\" | \"unpool\"")] restoring: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "poolingLabRestored";
        let spec = read_spec(OPERATOR, spec)?;
        let ways = [
            ("nearest", Reconstruction::Nearest),
            ("unpool", Reconstruction::Unpool),
        ];
        let restoring = read::choice(OPERATOR, "restoring", &ways, restoring)?;
        let restored = self.0.reconstruct(&spec, restoring)?;
        let mean = restored.mean_absolute_difference;
        Ok(object([
            ("map", legended(&restored.rendered)),
            ("difference", legended(&restored.difference)),
            ("meanAbsoluteDifference", mean.into()),
            ("kept", restored.kept.into()),
            ("values", restored.values.into()),
        ]))
    }

    /// What a 3 x 3 convolution with `channels` inputs and outputs saves behind the pooling.
    #[wasm_bindgen(unchecked_return_type = "PoolingSavings")]
    pub fn savings(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PoolingLabSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] channels: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "poolingLabSavings";
        let spec = read_spec(OPERATOR, spec)?;
        let channels = read::whole(OPERATOR, "channels", channels)?;
        let savings = self.0.savings(&spec, channels)?;
        Ok(object([
            ("channels", savings.channels.into()),
            ("bytes", array(savings.bytes)),
            ("multiplyAdds", array(savings.multiply_adds)),
            ("ratio", savings.ratio.into()),
        ]))
    }

    /// The middle of the picture moved by `shift` `[down, right]`.
    #[wasm_bindgen(js_name = shiftedInput, unchecked_return_type = "PoolingShiftedInput")]
    pub fn shifted_input(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PoolingLabSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly [down: number, right: number]")]
        shift: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "poolingLabShiftedInput";
        let spec = read_spec(OPERATOR, spec)?;
        let shift = read_shift(OPERATOR, shift)?;
        let (moved, changed) = self.0.shifted_input(spec.color, spec.theme, shift)?;
        Ok(object([
            ("map", legended(&moved)),
            ("change", change(changed)),
        ]))
    }

    /// What a shift of the picture does to the output.
    #[wasm_bindgen(unchecked_return_type = "PoolingShifted")]
    pub fn shift(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PoolingLabSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly [down: number, right: number]")]
        shift: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "\"stay\" | \"follow\"")] measure: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "poolingLabShift";
        let spec = read_spec(OPERATOR, spec)?;
        let shift = read_shift(OPERATOR, shift)?;
        let measures = [("stay", Measure::Stay), ("follow", Measure::Follow)];
        let measure = read::choice(OPERATOR, "measure", &measures, measure)?;
        let shifted = self.0.shift(&spec, shift, measure)?;
        Ok(object([
            ("map", legended(&shifted.rendered)),
            (
                "difference",
                shifted.difference.as_ref().map_or(JsValue::NULL, legended),
            ),
            ("stay", change(shifted.stay)),
            ("follow", change(shifted.follow)),
            ("outputs", array(shifted.outputs)),
            ("first", array(shifted.first)),
            ("origin", array(shifted.layout.origin())),
            ("step", array(shifted.layout.step())),
        ]))
    }

    /// The change over shifts to the right.
    #[wasm_bindgen(unchecked_return_type = "PoolingCurve")]
    pub fn curve(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PoolingLabSpec")] spec: &JsValue,
    ) -> JsResult<JsValue> {
        Ok(curve(&self.0.curve(&read_spec("poolingLabCurve", spec)?)?))
    }

    /// The change of the picture itself over the same shifts.
    #[wasm_bindgen(js_name = inputCurve, unchecked_return_type = "PoolingCurve")]
    pub fn input_curve(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PoolingLabSpec")] spec: &JsValue,
    ) -> JsResult<JsValue> {
        let spec = read_spec("poolingLabInputCurve", spec)?;
        Ok(curve(&self.0.input_curve(spec.color)?))
    }

    /// The output values as CSV.
    pub fn csv(
        &self,
        #[wasm_bindgen(unchecked_param_type = "PoolingLabSpec")] spec: &JsValue,
    ) -> JsResult<String> {
        Ok(self.0.csv(&read_spec("poolingLabCsv", spec)?)?)
    }
}

fn read_spec(operator: &'static str, value: &JsValue) -> Result<PoolingLabSpec> {
    read_plain::<PlainSpec>(operator, value)?.checked(operator)
}

fn read_shift(operator: &'static str, value: &JsValue) -> Result<[f64; 2]> {
    let parts = read::array(operator, "shift", value)?
        .iter()
        .map(|part| read::number(operator, "shift", part))
        .collect::<Result<Vec<_>>>()?;
    match parts[..] {
        [down, right] => Ok([down, right]),
        _ => Err(wrong_type(operator, "shift", "[down, right]", value)),
    }
}

fn frame(frame: &Output) -> JsValue {
    let layout = &frame.layout;
    object([
        ("map", legended(&frame.rendered)),
        ("channels", frame.channels.into()),
        ("stages", array(layout.stages.iter().map(stage))),
        ("inputSize", array(layout.input)),
        ("origin", array(layout.origin())),
        ("step", array(layout.step())),
    ])
}

fn stage(stage: &Stage) -> JsValue {
    let kind = match stage.kind {
        StageKind::Pool => "pool",
        StageKind::Convolution => "convolution",
        StageKind::Blur => "blur",
    };
    let formula = |axis| {
        let output = stage.output[axis as usize];
        let parts = formula_parts(&stage.window, axis, stage.input, output);
        object(parts.into_iter().chain([
            ("ceil", stage.ceil_mode.into()),
            ("dropped", stage.dropped[axis as usize].into()),
        ]))
    };
    object([
        ("kind", kind.into()),
        ("height", formula(Axis::Height)),
        ("width", formula(Axis::Width)),
    ])
}

fn inspection(inspection: &Inspection, theme: Theme) -> JsValue {
    let [window_cells, weight_cells, product_cells] = inspection.cells(theme);
    let footprint = inspection.footprint.clone();
    let [rows, cols] = footprint.map(|range| array([range.start as i32, range.end as i32 - 1]));
    object([
        ("row", inspection.position[0].into()),
        ("col", inspection.position[1].into()),
        ("channel", inspection.channel.into()),
        ("size", array(inspection.size)),
        ("window", floats(&inspection.window)),
        ("weights", floats(&inspection.weights)),
        ("products", floats(&inspection.products)),
        ("outside", flags(&inspection.outside)),
        ("rows", coordinates(&inspection.rows)),
        ("cols", coordinates(&inspection.cols)),
        ("footprint", object([("rows", rows), ("cols", cols)])),
        ("count", inspection.count.into()),
        ("winner", inspection.winner.map_or(JsValue::NULL, array)),
        ("value", inspection.value.into()),
        (
            "cells",
            object([
                ("window", cells(&window_cells)),
                ("weights", cells(&weight_cells)),
                ("products", cells(&product_cells)),
            ]),
        ),
    ])
}

fn change(change: Change) -> JsValue {
    let number = |value: Option<f64>| value.map_or(JsValue::NULL, JsValue::from);
    object([
        ("absolute", number(change.absolute)),
        ("relative", number(change.relative)),
    ])
}

fn curve(curve: &Curve) -> JsValue {
    let numbers = |values: &[Option<f64>]| -> JsValue {
        let values = values.iter().map(|value| value.unwrap_or(f64::NAN));
        Float64Array::from(&values.collect::<Vec<_>>()[..]).into()
    };
    object([
        ("shifts", array(curve.shifts.iter().copied())),
        ("stay", numbers(&curve.stay)),
        ("follow", numbers(&curve.follow)),
    ])
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/**
 * What decides the output of one method, next to the picture; what is left out is PyTorch's default. Pairs are
 * [rows, columns].
 */
export interface PoolingLabSpec {
  method: "max" | "average" | "lp" | "strided" | "blur" | "max_blur" | "adaptive" | "global";
  /** Of the window. */
  size?: readonly [number, number];
  stride?: readonly [number, number];
  padding?: LabPadding;
  dilation?: readonly [number, number];
  ceilMode?: boolean;
  /** Of the average. */
  countIncludePad?: boolean;
  /** Of the norm. */
  p?: number;
  /** Of the strided convolution. */
  kernel?: "identity" | "box" | "binomial" | "random";
  /** Of its random weights. */
  seed?: number;
  /** Of the blur. */
  taps?: number;
  /** Of adaptive and global pooling. */
  kind?: "max" | "average";
  /** Of adaptive pooling. */
  outputSize?: readonly [number, number];
  color: "grey" | "color";
  display?: Display;
  theme: "light" | "dark";
}
export interface PoolingFormula extends ExtentFormula {
  /** Whether the extent is rounded up. */
  ceil: boolean;
  /** Windows that would start behind the input. */
  dropped: number;
}
/** One window sliding over one map. */
export interface PoolingStage {
  kind: "pool" | "convolution" | "blur";
  height: PoolingFormula;
  width: PoolingFormula;
}
/** The output of one method. */
export interface PoolingFrame {
  map: LegendedPicture;
  channels: number;
  /** One after the other; none for adaptive and global pooling. */
  stages: PoolingStage[];
  inputSize: [rows: number, columns: number];
  /** Top left corner of output pixel (0, 0) in input pixels. */
  origin: [row: number, column: number];
  /** Input pixels from one output to the next. */
  step: [rows: number, columns: number];
}
/** One output taken apart; grids are row-major, and empty for windows with too many cells to show. */
export interface PoolingInspection {
  row: number;
  col: number;
  channel: number;
  /** Of the window. */
  size: [rows: number, columns: number];
  window: Float32Array;
  /** The output's derivative by each value. */
  weights: Float32Array;
  /** They add up to the output. */
  products: Float32Array;
  /** 1 where the cell lies in the padding. */
  outside: Uint8Array;
  /** Of the map under the window: the input, or the maxima that are blurred. */
  rows: Int32Array;
  cols: Int32Array;
  /** First and last input pixel that has a say, padding included. */
  footprint: { rows: [number, number]; cols: [number, number] };
  /** Of values summarised. */
  count: number;
  /** Input pixel of a maximum. */
  winner: [row: number, column: number] | null;
  value: number;
  cells: { window: Cells; weights: Cells; products: Cells };
}
/** Where the gradient goes: to `reached` of `pixels`. */
export interface PoolingGradient { map: LegendedPicture; reached: number; pixels: number; sum: number; }
/** What the output alone tells of the picture: `kept` of its `values`. */
export interface PoolingRestored {
  map: LegendedPicture;
  difference: LegendedPicture;
  meanAbsoluteDifference: number;
  kept: number;
  values: number;
}
/** Of the next layer, [without, with] pooling, and how many times less both are. */
export interface PoolingSavings {
  channels: number;
  bytes: [number, number];
  multiplyAdds: [number, number];
  ratio: number;
}
/** `null` where nothing can be compared, or where nothing varies. */
export interface Change { absolute: number | null; relative: number | null; }
export interface PoolingShiftedInput { map: LegendedPicture; change: Change; }
/** What a shift of the picture did to one method's output. */
export interface PoolingShifted {
  map: LegendedPicture;
  /** Over the outputs compared. */
  difference: LegendedPicture | null;
  /** Compared with the output before the shift. */
  stay: Change;
  /** Compared with the output moved along. */
  follow: Change;
  /** The shift in outputs. */
  outputs: [number, number];
  /** The first output compared. */
  first: [row: number, column: number];
  /** As in `PoolingFrame`, in the frame looked through. */
  origin: [row: number, column: number];
  step: [rows: number, columns: number];
}
/** Relative changes over shifts, NaN where there is none. */
export interface PoolingCurve { shifts: number[]; stay: Float64Array; follow: Float64Array; }
"#;
