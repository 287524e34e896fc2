//! Kernels as rows of numbers: editing them and writing them as text.

use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::error::Result;
use crate::kernel::edit::{self, Edit};
use crate::kernel::text::{self, Format};
use crate::kernel::{self, Kernel};
use crate::wasm::boundary::js_error::JsResult;
use crate::wasm::boundary::read::{self, Fields};
use crate::wasm::boundary::write::kernel_rows;

/// The kernel after one edit such as `{ kind: "rotate" }`.
#[wasm_bindgen(js_name = editKernel, unchecked_return_type = "number[][]")]
pub fn edit_kernel(
    #[wasm_bindgen(unchecked_param_type = "readonly (readonly number[])[]")] kernel: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "KernelEdit")] edit: &JsValue,
) -> JsResult<JsValue> {
    const OPERATOR: &str = "editKernel";
    let kernel = read_kernel(OPERATOR, kernel)?;
    let edit = read_edit(OPERATOR, edit)?;
    Ok(kernel_rows(&edit::apply(&kernel, &edit)?))
}

/// The number in `text`: decimal point or comma, or a fraction such as 1/9.
#[wasm_bindgen(js_name = parseNumber)]
pub fn parse_number(text: &str) -> JsResult<f64> {
    Ok(text::parse_number(text)?)
}

/// The kernel written as text.
#[wasm_bindgen(js_name = formatKernel)]
pub fn format_kernel(
    #[wasm_bindgen(unchecked_param_type = "readonly (readonly number[])[]")] kernel: &JsValue,
    #[wasm_bindgen(unchecked_param_type = "KernelFormat")] format: &JsValue,
) -> JsResult<String> {
    const OPERATOR: &str = "formatKernel";
    let kernel = read_kernel(OPERATOR, kernel)?;
    let formats = Format::ALL.map(|format| (format.name(), format));
    let format = read::choice(OPERATOR, "format", &formats, format)?;
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
    let kinds = [
        ("rotate", Edit::Rotate),
        ("mirror", Edit::Mirror),
        ("flip", Edit::Flip),
        ("transpose", Edit::Transpose),
        ("negate", Edit::Negate),
        ("sum_to_one", Edit::SumToOne),
        ("sum_to_zero", Edit::SumToZero),
        ("l1_to_one", Edit::L1ToOne),
        ("clear", Edit::Clear),
        (
            "resize",
            Edit::Resize {
                height: 0,
                width: 0,
            },
        ),
        ("random", Edit::Random { seed: 0 }),
    ];
    let fields = Fields::new(operator, value, &["kind", "height", "width", "seed"])?;
    let whole = |name: &'static str| read::whole(operator, name, &fields.get(name)?);
    let edit = read::choice(operator, "kind", &kinds, &fields.get("kind")?)?;
    Ok(match edit {
        Edit::Resize { .. } => Edit::Resize {
            height: whole("height")?,
            width: whole("width")?,
        },
        Edit::Random { .. } => Edit::Random {
            seed: whole("seed")? as u64,
        },
        edit => edit,
    })
}

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** A change of a whole kernel. */
export type KernelEdit =
  | {
      kind: "rotate" | "mirror" | "flip" | "transpose" | "negate" | "sum_to_one" | "sum_to_zero" | "l1_to_one" | "clear";
    }
  | { kind: "resize"; height: number; width: number }
  | { kind: "random"; seed: number };
/** What a kernel is written for. */
export type KernelFormat = "numpy" | "pytorch" | "latex" | "csv";
"#;
