//! The kernel lab with its picture.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Axis, Result};
use crate::labs;
use crate::labs::kernel::{Inspection, KernelLabSpec, Output, PlainSpec};
use crate::render::color::Theme;
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::picture::read_picture;
use crate::wasm::boundary::plain::read_plain;
use crate::wasm::boundary::read;
use crate::wasm::boundary::rendered::{legend, picture};
use crate::wasm::boundary::write::{array, cells, floats, object, sides};
use crate::wasm::kernel::read_kernel;
use crate::wasm::labs::shared::{coordinates, flags, formula_parts};

/// One picture, looked at through kernels.
#[wasm_bindgen]
pub struct KernelLab(labs::kernel::KernelLab);

#[wasm_bindgen]
impl KernelLab {
    /// A lab that looks at a picture.
    #[wasm_bindgen(constructor)]
    pub fn new(
        #[wasm_bindgen(unchecked_param_type = "Picture")] picture: &JsValue,
    ) -> JsResult<KernelLab> {
        let picture = read_picture("KernelLab", picture)?;
        Ok(KernelLab(labs::kernel::KernelLab::new(picture)))
    }

    /// The padded input as the engine sees it.
    #[wasm_bindgen(unchecked_return_type = "PaddedInput")]
    pub fn input(
        &self,
        #[wasm_bindgen(unchecked_param_type = "KernelLabSpec")] spec: &JsValue,
    ) -> JsResult<JsValue> {
        let input = self.0.input(&read_spec("kernelLabInput", spec)?)?;
        Ok(object([
            ("picture", picture(&input.rendered)),
            ("legend", legend(&input.rendered.legend)),
            ("padding", sides(input.padding)),
        ]))
    }

    /// The output picture, its legend, sizes and the kernel's summary.
    #[wasm_bindgen(unchecked_return_type = "Frame")]
    pub fn output(
        &self,
        #[wasm_bindgen(unchecked_param_type = "KernelLabSpec")] spec: &JsValue,
    ) -> JsResult<JsValue> {
        Ok(frame(&self.0.output(&read_spec("kernelLabOutput", spec)?)?))
    }

    /// The outputs at `positions` `[row, column]` taken apart, and the difference of two.
    #[wasm_bindgen(unchecked_return_type = "InspectionResult")]
    pub fn inspect(
        &self,
        #[wasm_bindgen(unchecked_param_type = "KernelLabSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly (readonly [number, number])[]")]
        positions: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "number")] channel: &JsValue,
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
    #[wasm_bindgen(unchecked_return_type = "Picture[]")]
    pub fn thumbnails(
        &self,
        #[wasm_bindgen(unchecked_param_type = "KernelLabSpec")] spec: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "readonly number[][][]")] kernels: &JsValue,
    ) -> JsResult<JsValue> {
        const OPERATOR: &str = "kernelLabThumbnails";
        let spec = read_spec(OPERATOR, spec)?;
        let kernels = read::array(OPERATOR, "kernels", kernels)?
            .iter()
            .map(|kernel| read_kernel(OPERATOR, kernel))
            .collect::<Result<Vec<_>>>()?;
        let thumbnails = self.0.thumbnails(spec.color, spec.theme, &kernels)?;
        Ok(array(thumbnails.iter().map(picture)))
    }

    /// The output values as CSV.
    pub fn csv(
        &self,
        #[wasm_bindgen(unchecked_param_type = "KernelLabSpec")] spec: &JsValue,
    ) -> JsResult<String> {
        Ok(self.0.csv(&read_spec("kernelLabCsv", spec)?)?)
    }

    /// PyTorch code that computes the same output.
    pub fn pytorch(
        &self,
        #[wasm_bindgen(unchecked_param_type = "KernelLabSpec")] spec: &JsValue,
    ) -> JsResult<String> {
        Ok(self.0.pytorch(&read_spec("kernelLabPytorch", spec)?)?)
    }
}

fn read_spec(operator: &'static str, value: &JsValue) -> Result<KernelLabSpec> {
    read_plain::<PlainSpec>(operator, value)?.checked(operator)
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
        ("picture", picture(&frame.rendered)),
        ("legend", legend(&frame.rendered.legend)),
        ("channels", frame.channels.into()),
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

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What decides the output, next to the picture; what is left out is the default of `conv2d`. Pairs are [rows, columns]. */
export interface KernelLabSpec {
  kernel: readonly (readonly number[])[];
  color: "grey" | "color";
  padding?: LabPadding;
  paddingMode?: "zeros" | "reflect" | "replicate" | "circular";
  stride?: readonly [number, number];
  dilation?: readonly [number, number];
  bias?: number;
  flipKernel?: boolean;
  relu?: boolean;
  display?: Display;
  theme: "light" | "dark";
}
export interface PaddedInput extends LegendedPicture {
  /** How much of the picture is padding. */
  padding: Sides;
}
/** The output and what is said about it. */
export interface Frame extends LegendedPicture {
  /** Of the output, 1 or 3. */
  channels: number;
  padding: Sides;
  formula: { height: ExtentFormula; width: ExtentFormula };
  /** Top left corner of output pixel (0, 0) in input pixels. */
  origin: [row: number, column: number];
  kernel: { sum: number; l1: number; cells: Cells };
  multiplyAdds: number;
}
/** One output taken apart; grids are row-major. */
export interface Inspection {
  row: number;
  col: number;
  channel: number;
  /** Kernel rows and columns. */
  size: [rows: number, columns: number];
  window: Float32Array;
  /** As applied: flipped if the spec says so. */
  kernel: Float32Array;
  products: Float32Array;
  /** After each tap. */
  partialSums: Float32Array;
  /** 1 where the tap lies in the padding. */
  outside: Uint8Array;
  /** Input row of each kernel row. */
  rows: Int32Array;
  /** Input column of each kernel column. */
  cols: Int32Array;
  sum: number;
  bias: number;
  beforeRelu: number;
  value: number;
  cells: { window: Cells; kernel: Cells; products: Cells };
}
export interface InspectionResult {
  inspections: Inspection[];
  /** The first value less the second, if there are two. */
  difference: number | null;
}
"#;
