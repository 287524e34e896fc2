//! Kernels as rows of numbers: editing, reading from text, writing as text.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::{Error, Result};
use crate::kernel::edit::{self, Edit};
use crate::kernel::text::{self, Format};
use crate::kernel::{self, Kernel};
use crate::wasm::js_error::JsResult;
use crate::wasm::read::{self, Fields};
use crate::wasm::write::kernel_rows;

/// The kernel after one edit such as `{ kind: "rotate" }`.
#[wasm_bindgen(js_name = editKernel, unchecked_return_type = "number[][]")]
pub fn edit_kernel(kernel: &JsValue, edit: &JsValue) -> JsResult<JsValue> {
    const OPERATOR: &str = "editKernel";
    let kernel = read_kernel(OPERATOR, kernel)?;
    let edit = read_edit(OPERATOR, edit)?;
    Ok(kernel_rows(&edit::apply(&kernel, &edit)?))
}

/// The matrix in `text`, written as NumPy, PyTorch, MATLAB, LaTeX, CSV or copied from a sheet.
#[wasm_bindgen(js_name = parseKernel, unchecked_return_type = "number[][]")]
pub fn parse_kernel(text: &str) -> JsResult<JsValue> {
    Ok(kernel_rows(&text::parse(text)?))
}

/// The number in `text`: decimal point or comma, or a fraction such as 1/9.
#[wasm_bindgen(js_name = parseNumber)]
pub fn parse_number(text: &str) -> JsResult<f64> {
    Ok(text::parse_number(text)?)
}

/// The kernel written as `"numpy"`, `"pytorch"`, `"latex"` or `"csv"`.
#[wasm_bindgen(js_name = formatKernel)]
pub fn format_kernel(kernel: &JsValue, format: &str) -> JsResult<String> {
    const OPERATOR: &str = "formatKernel";
    let kernel = read_kernel(OPERATOR, kernel)?;
    let format = match format {
        "numpy" => Format::Numpy,
        "pytorch" => Format::Pytorch,
        "latex" => Format::Latex,
        "csv" => Format::Csv,
        other => {
            let expected = "numpy, pytorch, latex, csv".into();
            let got = other.chars().take(40).collect();
            return Err(Error::UnknownName {
                operator: OPERATOR,
                argument: "format",
                expected,
                got,
            }
            .into());
        }
    };
    Ok(text::format(&kernel, format))
}

/// Rows of numbers as a checked kernel.
pub(crate) fn read_kernel(operator: &'static str, value: &JsValue) -> Result<Kernel> {
    let row = |row: &JsValue| {
        let cells = read::array(operator, "kernel", row)?;
        cells
            .iter()
            .map(|cell| read::number(operator, "kernel", cell))
            .collect::<Result<Vec<_>>>()
    };
    let rows = read::array(operator, "kernel", value)?
        .iter()
        .map(row)
        .collect::<Result<Vec<_>>>()?;
    kernel::from_rows(operator, &rows)
}

fn read_edit(operator: &'static str, value: &JsValue) -> Result<Edit> {
    let fields = Fields::new(operator, value, &["kind", "height", "width", "seed"])?;
    let whole = |name: &'static str| {
        let value = fields.get(name)?;
        read::whole(operator, name, &value)
    };
    let kinds = [
        "rotate",
        "mirror",
        "flip",
        "transpose",
        "negate",
        "sum_to_one",
        "sum_to_zero",
        "l1_to_one",
        "clear",
        "resize",
        "random",
    ];
    let kind = fields.choice("kind", &kinds.map(|kind| (kind, kind)))?;
    Ok(match kind.unwrap_or_default() {
        "rotate" => Edit::Rotate,
        "mirror" => Edit::Mirror,
        "flip" => Edit::Flip,
        "transpose" => Edit::Transpose,
        "negate" => Edit::Negate,
        "sum_to_one" => Edit::SumToOne,
        "sum_to_zero" => Edit::SumToZero,
        "l1_to_one" => Edit::L1ToOne,
        "clear" => Edit::Clear,
        "resize" => Edit::Resize {
            height: whole("height")?,
            width: whole("width")?,
        },
        "random" => Edit::Random {
            seed: whole("seed")? as u64,
        },
        _ => {
            let (expected, got) = (kinds.join(", "), "undefined".into());
            return Err(Error::UnknownName {
                operator,
                argument: "kind",
                expected,
                got,
            });
        }
    })
}
