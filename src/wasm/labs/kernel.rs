//! The kernel lab with its picture.

use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen::{Clamped, JsValue};

use crate::error::{Axis, Result};
use crate::kernel::check_weight;
use crate::labs;
use crate::labs::kernel::Inspection;
use crate::labs::kernel::{KernelLabSpec, Output};
use crate::ops::conv2d::Conv2dOptions;
use crate::render::color::Theme;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{self, Fields};
use crate::wasm::boundary::write::{
    array, bytes_clamped, cells, floats, legend, object, rendered, sides,
};
use crate::wasm::kernel::read_kernel;
use crate::wasm::labs::shared::{
    coordinates, flags, formula_parts, read_color, read_display, read_picture, read_theme,
};

/// One picture, looked at through kernels.
#[wasm_bindgen]
pub struct KernelLab(labs::kernel::KernelLab);

#[wasm_bindgen]
impl KernelLab {
    /// A lab that looks at a picture of `width` x `height` RGBA bytes.
    #[wasm_bindgen(constructor)]
    pub fn new(width: &JsValue, height: &JsValue, rgba: Clamped<Vec<u8>>) -> JsResult<KernelLab> {
        let picture = read_picture("KernelLab", width, height, rgba)?;
        Ok(KernelLab(labs::kernel::KernelLab::new(picture)))
    }

    /// The padded input as the engine sees it: `{ width, height, rgba, legend, padding }`.
    pub fn input(&self, spec: &JsValue) -> JsResult<JsValue> {
        let input = self.0.input(&read_spec("kernelLabInput", spec)?)?;
        Ok(object([
            ("width", input.rendered.width.into()),
            ("height", input.rendered.height.into()),
            ("rgba", bytes_clamped(&input.rendered.rgba)),
            ("legend", legend(&input.rendered.legend)),
            ("padding", sides(input.padding)),
        ]))
    }

    /// The output picture, its legend, sizes and the kernel's summary.
    pub fn output(&self, spec: &JsValue) -> JsResult<JsValue> {
        Ok(frame(&self.0.output(&read_spec("kernelLabOutput", spec)?)?))
    }

    /// The outputs at `positions` taken apart, and the difference of two.
    pub fn inspect(
        &self,
        spec: &JsValue,
        positions: &JsValue,
        channel: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "kernelLabInspect";
        let spec = read_spec(OPERATOR, spec)?;
        let positions = read::array(OPERATOR, "positions", positions)?
            .iter()
            .map(|position| read::pair(OPERATOR, "positions", position))
            .collect::<Result<Vec<_>>>()?;
        let channel = read::whole(OPERATOR, "channel", channel)?;
        let (inspections, difference) = self.0.inspect(&spec, &positions, channel)?;
        let inspections = inspections.iter().map(|item| inspection(item, spec.theme));
        Ok(object([
            ("inspections", array(inspections)),
            (
                "difference",
                difference.map_or(JsValue::NULL, JsValue::from),
            ),
        ]))
    }

    /// What each kernel does to a small copy of the picture.
    pub fn thumbnails(&self, spec: &JsValue, kernels: &JsValue) -> JsResult<JsValue> {
        const OPERATOR: &str = "kernelLabThumbnails";
        let spec = read_spec(OPERATOR, spec)?;
        let kernels = read::array(OPERATOR, "kernels", kernels)?
            .iter()
            .map(|kernel| read_kernel(OPERATOR, kernel))
            .collect::<Result<Vec<_>>>()?;
        let thumbnails = self.0.thumbnails(spec.color, spec.theme, &kernels)?;
        Ok(array(thumbnails.iter().map(rendered)))
    }

    /// The output values as CSV.
    pub fn csv(&self, spec: &JsValue) -> JsResult<String> {
        Ok(self.0.csv(&read_spec("kernelLabCsv", spec)?)?)
    }

    /// PyTorch code that computes the same output.
    pub fn pytorch(&self, spec: &JsValue) -> JsResult<String> {
        Ok(self.0.pytorch(&read_spec("kernelLabPytorch", spec)?)?)
    }
}

const SPEC_FIELDS: [&str; 11] = [
    "kernel",
    "color",
    "padding",
    "paddingMode",
    "stride",
    "dilation",
    "bias",
    "flipKernel",
    "relu",
    "display",
    "theme",
];

fn read_spec(operator: &'static str, value: &JsValue) -> Result<KernelLabSpec> {
    let fields = Fields::new(operator, value, &SPEC_FIELDS)?;
    let default = Conv2dOptions::default();
    let bias = fields.number("bias")?.unwrap_or(0.0);
    check_weight(operator, "bias", bias)?;
    Ok(KernelLabSpec {
        kernel: read_kernel(operator, &fields.get("kernel")?)?,
        color: read_color(operator, &fields)?,
        conv: Conv2dOptions {
            stride: fields.pair("stride")?.unwrap_or(default.stride),
            padding: fields.padding("padding")?.unwrap_or(default.padding),
            padding_mode: fields
                .padding_mode("paddingMode")?
                .unwrap_or(default.padding_mode),
            dilation: fields.pair("dilation")?.unwrap_or(default.dilation),
            groups: 1,
            flip_kernel: fields.boolean("flipKernel")?.unwrap_or(default.flip_kernel),
        },
        bias,
        relu: fields.boolean("relu")?.unwrap_or(false),
        display: read_display(operator, &fields)?,
        theme: read_theme(operator, &fields)?,
    })
}

fn frame(frame: &Output) -> JsValue {
    let formula = |axis| {
        let output = match axis {
            Axis::Height => frame.rendered.height,
            Axis::Width => frame.rendered.width,
        };
        object(formula_parts(&frame.window, axis, frame.input_size, output))
    };
    object([
        ("width", frame.rendered.width.into()),
        ("height", frame.rendered.height.into()),
        ("channels", frame.channels.into()),
        ("rgba", bytes_clamped(&frame.rendered.rgba)),
        ("legend", legend(&frame.rendered.legend)),
        ("padding", sides(frame.window.padding)),
        (
            "formula",
            object([
                ("height", formula(Axis::Height)),
                ("width", formula(Axis::Width)),
            ]),
        ),
        ("origin", array(frame.origin)),
        (
            "kernel",
            object([
                ("sum", frame.summary.sum.into()),
                ("l1", frame.summary.l1.into()),
                ("cells", cells(&frame.cells)),
            ]),
        ),
        ("multiplyAdds", (frame.multiply_adds as f64).into()),
    ])
}

fn inspection(inspection: &Inspection, theme: Theme) -> JsValue {
    let [window_cells, kernel_cells, product_cells] = inspection.cells(theme);
    object([
        ("row", inspection.position[0].into()),
        ("col", inspection.position[1].into()),
        ("channel", inspection.channel.into()),
        ("size", array(inspection.size)),
        ("window", floats(&inspection.window)),
        ("kernel", floats(&inspection.kernel)),
        ("products", floats(&inspection.products)),
        ("partialSums", floats(&inspection.partial_sums)),
        ("outside", flags(&inspection.outside)),
        ("rows", coordinates(&inspection.rows)),
        ("cols", coordinates(&inspection.cols)),
        ("sum", inspection.sum.into()),
        ("bias", inspection.bias.into()),
        ("beforeRelu", inspection.before_relu.into()),
        ("value", inspection.value.into()),
        (
            "cells",
            object([
                ("window", cells(&window_cells)),
                ("kernel", cells(&kernel_cells)),
                ("products", cells(&product_cells)),
            ]),
        ),
    ])
}
