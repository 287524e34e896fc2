//! Kernels as the languages that people paste them into write them.

use ndarray::ArrayView1;

use super::number::format_number;
use crate::kernel::Kernel;

/// How a kernel is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// `np.array([[1., 2.], ...])`, rows x columns.
    Numpy,
    /// `torch.tensor([[[[1., 2.], ...]]])`, a `conv2d` weight of shape 1 x 1 x rows x columns.
    Pytorch,
    /// A `bmatrix`.
    Latex,
    /// Commas between the numbers, a line per row.
    Csv,
}

impl Format {
    /// Every format, in the order in which they are offered.
    pub const ALL: [Format; 4] = [Format::Numpy, Format::Pytorch, Format::Latex, Format::Csv];

    /// The name in calls.
    pub const fn name(self) -> &'static str {
        match self {
            Format::Numpy => "numpy",
            Format::Pytorch => "pytorch",
            Format::Latex => "latex",
            Format::Csv => "csv",
        }
    }
}

/// Writes `kernel` so that [`parse`](super::parse) gives back the very same weights.
pub fn format(kernel: &Kernel, format: Format) -> String {
    match format {
        Format::Numpy => python(kernel, "np.array([", "])"),
        Format::Pytorch => python(kernel, "torch.tensor([[[", "]]])"),
        Format::Latex => {
            let rows = rows(kernel, format_number, " & ").join(" \\\\\n");
            format!("\\begin{{bmatrix}}\n{rows}\n\\end{{bmatrix}}")
        }
        Format::Csv => rows(kernel, format_number, ",").join("\n"),
    }
}

/// The rows of `kernel` as a Python literal on one line, every number a float:
/// `[[1., 0.], [2., -1.]]`.
pub fn python_matrix(kernel: &Kernel) -> String {
    format!("[{}]", python_rows(kernel).join(", "))
}

/// Python source with a row per line, the rows below one another.
fn python(kernel: &Kernel, opening: &str, closing: &str) -> String {
    let between = format!(",\n{}", " ".repeat(opening.len()));
    format!("{opening}{}{closing}", python_rows(kernel).join(&between))
}

fn python_rows(kernel: &Kernel) -> Vec<String> {
    let rows = rows(kernel, python_float, ", ").into_iter();
    rows.map(|row| format!("[{row}]")).collect()
}

/// Each row's numbers, written by `write` and joined by `between`.
fn rows(kernel: &Kernel, write: fn(f64) -> String, between: &str) -> Vec<String> {
    let row = |row: ArrayView1<f64>| {
        let numbers: Vec<_> = row.iter().map(|&weight| write(weight)).collect();
        numbers.join(between)
    };
    kernel.rows().into_iter().map(row).collect()
}

/// `value` with a point, which makes Python read a float.
pub fn python_float(value: f64) -> String {
    let number = format_number(value);
    if number.contains('.') {
        return number;
    }
    match number.split_once('e') {
        Some((mantissa, exponent)) => format!("{mantissa}.e{exponent}"),
        None => number + ".",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::array;

    #[test]
    fn every_format_is_written_in_its_own_language() {
        let kernel = array![[-1.0, 0.25], [1e-7, 3.0]];
        assert_eq!(
            format(&kernel, Format::Numpy),
            "np.array([[-1., 0.25],\n          [1.e-7, 3.]])"
        );
        assert_eq!(
            format(&kernel, Format::Pytorch),
            "torch.tensor([[[[-1., 0.25],\n                [1.e-7, 3.]]]])"
        );
        assert_eq!(
            format(&kernel, Format::Latex),
            "\\begin{bmatrix}\n-1 & 0.25 \\\\\n1e-7 & 3\n\\end{bmatrix}"
        );
        assert_eq!(format(&kernel, Format::Csv), "-1,0.25\n1e-7,3");
        assert_eq!(
            python_matrix(&array![[1.0, 0.0], [2.0, -1.0]]),
            "[[1., 0.], [2., -1.]]"
        );
    }
}
