//! Kernels as text: what people paste from notebooks, papers and spreadsheets, and what they copy.

mod bare;
mod brackets;
mod characters;
mod comments;
mod factor;
mod latex;
mod number;
mod refusal;
mod spelling;
mod typed;
mod write;

pub use number::format_number;
pub use typed::parse_number;
pub use write::{Format, format, python_float, python_matrix};

use super::{Kernel, LIMIT, WEIGHT_LIMIT, from_rows};
use crate::error::{Error, Result};
use factor::Factors;
use number::Fraction;
use refusal::shortened;

/// Reads a kernel from pasted text.
///
/// Understood are nested brackets of every kind (JSON, Python, C; leading axes of length 1 are
/// dropped, and those of `(h, w, 1, 1)`), also within calls such as `np.array(...)` and as NumPy,
/// PyTorch, TensorFlow and R print them, MATLAB's `[1 2; 3 4]`, LaTeX matrices and their bodies, and
/// numbers without brackets between commas, semicolons, tabs, bars or spaces. Matrices may carry a
/// factor: `1/9 *` before or `/ 9` behind. Numbers may be fractions. Comments are passed over.
///
/// Text with two readings is refused: commas that may mark decimals as well as separate numbers, as
/// in `0,1;-1,0`; lists that may be one row or several; signs that may join or part two numbers.
///
/// # Errors
/// [`Error::TextAmbiguous`] for text with two readings; [`Error::TextTooLong`] for more than 64 KB;
/// [`Error::TextEmpty`], [`Error::TextNotANumber`], [`Error::TextUnexpected`],
/// [`Error::TextTooDeep`], [`Error::TextSeveralMatrices`], [`Error::TextRagged`] for what is not a
/// matrix; [`Error::TextTooLarge`] beyond [`LIMIT`] rows or columns; [`Error::TextOutOfRange`] for a
/// weight beyond [`WEIGHT_LIMIT`]. The time taken grows linearly with the text.
pub fn parse(text: &str) -> Result<Kernel> {
    if text.len() > BYTE_LIMIT {
        return Err(Error::TextTooLong {
            operator: OPERATOR,
            limit: BYTE_LIMIT,
            got: text.len(),
        });
    }
    let text = comments::removed(&spelling::normalised(text));
    let text = latex::plain(text);
    let (cells, factors) = if let Some((before, rest)) = text.split_once(r"\begin{") {
        latex::environment(before, rest)?
    } else if text.trim_start().starts_with("[,1]") && text.contains("[1,]") {
        (bare::r_rows(&text)?, Factors::default())
    } else if text.contains('&') || text.contains(r"\\") {
        (latex::rows(&text), Factors::default())
    } else if let Some(matrix) = brackets::find(&text)? {
        matrix.read()?
    } else {
        bare::read(&text)?
    };
    let rows = weights(&cells, &factors)?;
    check_shape(&rows)?;
    from_rows(OPERATOR, &rows)
}

const OPERATOR: &str = "parseKernel";

/// Longest text read, in bytes.
const BYTE_LIMIT: usize = 64 * 1024;

/// The cells of a matrix as they are written.
type Rows<'a> = Vec<Vec<&'a str>>;

fn weights(cells: &Rows, factors: &Factors) -> Result<Vec<Vec<f64>>> {
    let row = |(row, cells): (usize, &Vec<&str>)| -> Result<Vec<f64>> {
        let cells = cells.iter().enumerate();
        cells
            .map(|(column, cell)| weight(row + 1, column + 1, cell, factors))
            .collect()
    };
    cells.iter().enumerate().map(row).collect()
}

fn weight(row: usize, column: usize, cell: &str, factors: &Factors) -> Result<f64> {
    let number = Fraction::read(cell).and_then(Fraction::value);
    let number = number.ok_or_else(|| Error::TextNotANumber {
        operator: OPERATOR,
        row,
        column,
        got: shortened(cell),
    })?;
    let weight = factors.apply(number);
    if (-WEIGHT_LIMIT..=WEIGHT_LIMIT).contains(&weight) {
        return Ok(weight);
    }
    Err(Error::TextOutOfRange {
        operator: OPERATOR,
        row,
        column,
        min: -WEIGHT_LIMIT,
        max: WEIGHT_LIMIT,
        got: weight,
    })
}

fn check_shape(rows: &[Vec<f64>]) -> Result<()> {
    if rows.iter().all(Vec::is_empty) {
        return Err(Error::TextEmpty { operator: OPERATOR });
    }
    let (height, width) = (rows.len(), rows[0].len());
    if let Some((index, row)) = rows.iter().enumerate().find(|(_, row)| row.len() != width) {
        return Err(Error::TextRagged {
            operator: OPERATOR,
            row: index + 1,
            expected: width,
            got: row.len(),
        });
    }
    if height > LIMIT || width > LIMIT {
        return Err(Error::TextTooLarge {
            operator: OPERATOR,
            limit: LIMIT,
            rows: height,
            columns: width,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests;
