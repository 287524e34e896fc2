//! The pooling lab with its picture.

use js_sys::{Float64Array, Object, Reflect};
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{Clamped, JsValue};

use crate::error::{Axis, Result};
use crate::labs;
use crate::labs::pooling::{
    Change, Curve, Inspection, Measure, Method, Output, PoolingLabSpec, Reconstruction, Slide,
    Stage, StageKind, StridedKernel,
};
use crate::ops::adaptive_pool2d::AdaptivePoolKind;
use crate::ops::pool2d::Pool2dOptions;
use crate::render::color::Theme;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{self, Fields, wrong_type};
use crate::wasm::boundary::write::{array, cells, floats, legended, object};
use crate::wasm::labs::shared::{
    coordinates, flags, formula_parts, read_color, read_display, read_picture, read_theme,
};

/// One picture, made smaller by pooling.
#[wasm_bindgen]
pub struct PoolingLab(labs::pooling::PoolingLab);

#[wasm_bindgen]
impl PoolingLab {
    /// A lab that looks at a picture of `width` x `height` RGBA bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(width: &JsValue, height: &JsValue, rgba: Clamped<Vec<u8>>) -> JsResult<PoolingLab> {
        let picture = read_picture("PoolingLab", width, height, rgba)?;
        Ok(PoolingLab(labs::pooling::PoolingLab::new(picture)))
    }

    /// The input as the engine sees it: `{ width, height, rgba, legend }`.
    pub fn input(&self, spec: &JsValue) -> JsResult<JsValue> {
        let spec = read_spec("poolingLabInput", spec)?;
        Ok(legended(&self.0.input(spec.color, spec.theme)))
    }

    /// The output picture of one method, its legend, and where its pixels lie on the input.
    pub fn output(&self, spec: &JsValue) -> JsResult<JsValue> {
        Ok(frame(
            &self.0.output(&read_spec("poolingLabOutput", spec)?)?,
        ))
    }

    /// The output at `position` `[row, column]` of `channel` taken apart.
    pub fn inspect(
        &self,
        spec: &JsValue,
        position: &JsValue,
        channel: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "poolingLabInspect";
        let spec = read_spec(OPERATOR, spec)?;
        let position = read::pair(OPERATOR, "position", position)?;
        let channel = read::whole(OPERATOR, "channel", channel)?;
        let parts = self.0.inspect(&spec, position, channel)?;
        Ok(inspection(&parts, spec.theme))
    }

    /// Where a gradient of 1 goes back to, from one output or, without a position, from all.
    pub fn gradient(
        &self,
        spec: &JsValue,
        position: &JsValue,
        channel: &JsValue,
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

    /// The picture made from the output alone, `"nearest"` or `"unpool"`, and what it lacks.
    pub fn restored(&self, spec: &JsValue, restoring: &JsValue) -> JsResult<JsValue> {
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
    pub fn savings(&self, spec: &JsValue, channels: &JsValue) -> JsResult<JsValue> {
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

    /// The middle of the picture moved by `shift` `[down, right]`: `{ map, change }`.
    #[wasm_bindgen(js_name = shiftedInput)]
    pub fn shifted_input(&self, spec: &JsValue, shift: &JsValue) -> JsResult<JsValue> {
        const OPERATOR: &str = "poolingLabShiftedInput";
        let spec = read_spec(OPERATOR, spec)?;
        let shift = read_shift(OPERATOR, shift)?;
        let (moved, changed) = self.0.shifted_input(spec.color, spec.theme, shift)?;
        Ok(object([
            ("map", legended(&moved)),
            ("change", change(changed)),
        ]))
    }

    /// What a shift of the picture does to the output; `measure` is `"stay"` or `"follow"`.
    pub fn shift(&self, spec: &JsValue, shift: &JsValue, measure: &JsValue) -> JsResult<JsValue> {
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

    /// The change over shifts to the right: `{ shifts, stay, follow }`, NaN where there is none.
    pub fn curve(&self, spec: &JsValue) -> JsResult<JsValue> {
        Ok(curve(&self.0.curve(&read_spec("poolingLabCurve", spec)?)?))
    }

    /// The change of the picture itself over the same shifts.
    #[wasm_bindgen(js_name = inputCurve)]
    pub fn input_curve(&self, spec: &JsValue) -> JsResult<JsValue> {
        let spec = read_spec("poolingLabInputCurve", spec)?;
        Ok(curve(&self.0.input_curve(spec.color)?))
    }

    /// The output values as CSV.
    pub fn csv(&self, spec: &JsValue) -> JsResult<String> {
        Ok(self.0.csv(&read_spec("poolingLabCsv", spec)?)?)
    }
}

const SPEC_FIELDS: [&str; 16] = [
    "method",
    "size",
    "stride",
    "padding",
    "dilation",
    "ceilMode",
    "countIncludePad",
    "p",
    "kernel",
    "seed",
    "taps",
    "kind",
    "outputSize",
    "color",
    "display",
    "theme",
];

fn read_spec(operator: &'static str, value: &JsValue) -> Result<PoolingLabSpec> {
    let fields = Fields::new(operator, value, &SPEC_FIELDS)?;
    let default = Pool2dOptions::default();
    let size = fields.pair("size")?.unwrap_or(default.size);
    Ok(PoolingLabSpec {
        method: read_method(operator, &fields)?,
        slide: Slide {
            size,
            stride: fields.pair("stride")?.unwrap_or(size),
            padding: fields.padding("padding")?.unwrap_or(default.padding),
            dilation: fields.pair("dilation")?.unwrap_or(default.dilation),
            ceil_mode: fields.boolean("ceilMode")?.unwrap_or(default.ceil_mode),
        },
        color: read_color(operator, &fields)?,
        display: read_display(operator, &fields)?,
        theme: read_theme(operator, &fields)?,
    })
}

fn read_method(operator: &'static str, fields: &Fields) -> Result<Method> {
    let taps = fields.whole("taps")?.unwrap_or(3);
    let kinds = [
        ("max", AdaptivePoolKind::Max),
        ("average", AdaptivePoolKind::Average),
    ];
    let kind = fields.choice("kind", &kinds)?.unwrap_or_default();
    let seed = fields.whole("seed")?.unwrap_or(0) as u64;
    let kernels = [
        ("identity", StridedKernel::Identity),
        ("box", StridedKernel::Box),
        ("binomial", StridedKernel::Binomial),
        ("random", StridedKernel::Random { seed }),
    ];
    let kernel = fields.choice("kernel", &kernels)?;
    let methods = [
        ("max", Method::Max),
        (
            "average",
            Method::Average {
                count_include_pad: fields.boolean("countIncludePad")?.unwrap_or(true),
            },
        ),
        (
            "lp",
            Method::Lp {
                p: fields.number("p")?.unwrap_or(2.0),
            },
        ),
        (
            "strided",
            Method::Strided(kernel.unwrap_or(StridedKernel::Identity)),
        ),
        ("blur", Method::Blur { taps }),
        ("max_blur", Method::MaxBlur { taps }),
        (
            "adaptive",
            Method::Adaptive {
                kind,
                size: fields.pair("outputSize")?.unwrap_or([1, 1]),
            },
        ),
        ("global", Method::Global { kind }),
    ];
    let missing = || wrong_type(operator, "method", "given", &JsValue::UNDEFINED);
    fields.choice("method", &methods)?.ok_or_else(missing)
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
        let parts = formula_parts(
            &stage.window,
            axis,
            stage.input,
            stage.output[axis as usize],
        );
        let formula = Object::from(object(parts));
        for (name, value) in [
            ("ceil", JsValue::from(stage.ceil_mode)),
            ("dropped", stage.dropped[axis as usize].into()),
        ] {
            // Setting a field of a fresh plain object cannot fail.
            let _ = Reflect::set(&formula, &name.into(), &value);
        }
        JsValue::from(formula)
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
