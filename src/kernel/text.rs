//! Kernels as text: what people paste from notebooks, papers and spreadsheets, and what they copy.

use serde::{Deserialize, Serialize};

use super::{Kernel, LIMIT, check_weight, from_rows};
use crate::error::{Error, Result};

/// How a kernel is written down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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

/// Reads a kernel from pasted text.
///
/// Understood are nested brackets (JSON, Python; leading axes of length 1 are dropped), also
/// within `np.array(...)`, `torch.tensor(...)` and as NumPy and PyTorch print them, MATLAB's
/// `[1 2; 3 4]`, LaTeX matrices and their bodies, and numbers without brackets between commas,
/// semicolons, tabs or spaces. Bracketed and LaTeX matrices may carry a factor: `1/9 *` before or
/// `/ 9` behind. Numbers may be fractions.
///
/// Without brackets a comma is a decimal comma if each stands between two digits, no number has
/// more than one, and something else separates the numbers (`0,5;1,5`); otherwise it separates
/// numbers. A semicolon without brackets separates numbers, unless spaces or commas already do.
///
/// # Errors
/// [`Error::TextTooLarge`] for more than 64 KB, [`LIMIT`] rows or columns or one matrix,
/// [`Error::TextEmpty`], [`Error::TextNotANumber`], [`Error::TextRagged`],
/// [`Error::TextUnexpected`], and for too large weights as [`super::check`]. The time taken grows
/// linearly with the text.
pub fn parse(text: &str) -> Result<Kernel> {
    if text.len() > TEXT_LIMIT {
        return Err(too_large(format!("{} bytes", text.len())));
    }
    let text = normalised(text);
    let (cells, factors) = if let Some((before, rest)) = text.split_once(r"\begin{") {
        environment(before, rest)?
    } else if let Some(start) = text.find('[') {
        bracketed(&text[..start], &text[start..])?
    } else if text.contains('&') || text.contains(r"\\") {
        (latex_rows(&text), Vec::new())
    } else {
        (bare_rows(&text), Vec::new())
    };
    let rows = numbers(&cells, &factors)?;
    check_shape(&rows)?;
    from_rows(OPERATOR, &rows)
}

/// Reads one typed number: `-1.5`, `1/9`, `−2`, `0,5`, `1e-3`.
///
/// # Errors
/// [`Error::NotANumber`], also for a division by 0; [`Error::OutOfRange`] beyond the
/// [`super::WEIGHT_LIMIT`].
pub fn parse_number(text: &str) -> Result<f64> {
    const OPERATOR: &str = "parseNumber";
    let value = number(normalised(text).trim()).ok_or_else(|| Error::NotANumber {
        operator: OPERATOR,
        got: shortened(text.trim()),
    })?;
    check_weight(OPERATOR, "number", value)?;
    Ok(value)
}

/// Writes `kernel` so that [`parse`] gives back the very same weights.
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
pub fn format_rows(kernel: &Kernel) -> String {
    format!("[{}]", python_rows(kernel).join(", "))
}

/// The shortest decimal that reads back as `value`; an exponent only below 1e-6 and from 1e6 on.
pub fn format_number(value: f64) -> String {
    let value = value + 0.0; // Minus zero is written 0.
    if value == 0.0 || (1e-6..1e6).contains(&value.abs()) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

const OPERATOR: &str = "parseKernel";

/// Longest text read, in bytes.
const TEXT_LIMIT: usize = 64 * 1024;

/// Deepest nesting of brackets read; a convolution weight has 4.
const DEPTH_LIMIT: usize = 8;

/// Functions that make an array of nested lists and leave the numbers as they are.
const CONSTRUCTORS: [&str; 6] = [
    "array",
    "asarray",
    "matrix",
    "tensor",
    "as_tensor",
    "Tensor",
];

type Rows<'a> = Vec<Vec<&'a str>>;

/// A scalar beside the matrix. Kept apart from its operation, because 2 / 9 and 2 · (1 / 9) round
/// differently.
#[derive(Clone, Copy)]
enum Factor {
    Times { over: f64, under: f64 },
    Divided(f64),
}

impl Factor {
    fn apply(self, value: f64) -> f64 {
        match self {
            Factor::Times { over, under } => value * over / under,
            Factor::Divided(divisor) => value / divisor,
        }
    }
}

// Reading: one spelling of signs, fractions and spaces first.

fn normalised(text: &str) -> String {
    let text = text
        .trim_start_matches('\u{feff}')
        .replace(['\u{2212}', '\u{2013}'], "-")
        .replace('$', " ")
        .replace(r"\dfrac", r"\frac")
        .replace(r"\tfrac", r"\frac");
    joined_fractions(&slashed_fractions(&text))
}

/// `\frac{1}{9}` becomes `1/9`; from the first fraction on that is none of two decimals all stays.
fn slashed_fractions(text: &str) -> String {
    let mut slashed = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, fraction)) = rest.split_once(r"\frac{") {
        let Some((over, tail)) = fraction.split_once('}') else {
            break;
        };
        let Some((under, tail)) = tail.strip_prefix('{').and_then(|tail| tail.split_once('}'))
        else {
            break;
        };
        let (over, under) = (over.trim(), under.trim());
        if decimal(over).is_none() || decimal(under).is_none() {
            break;
        }
        // Spaces, lest 2\frac{1}{9} be read as 21/9.
        let space = if before.ends_with(['-', '+']) {
            ""
        } else {
            " "
        };
        slashed.extend([before, space, over, "/", under, " "]);
        rest = tail;
    }
    slashed + rest
}

/// `1 / 9` becomes `1/9`, so that spaces never stand inside a number.
fn joined_fractions(text: &str) -> String {
    let mut joined = String::with_capacity(text.len());
    for (index, part) in text.split('/').enumerate() {
        if index == 0 {
            joined.push_str(part);
        } else {
            joined.truncate(joined.trim_end_matches(' ').len());
            joined.push('/');
            joined.push_str(part.trim_start_matches(' '));
        }
    }
    joined
}

// Reading: from the text to its cells.

/// A LaTeX matrix; `rest` begins with the name of its environment.
fn environment<'a>(before: &'a str, rest: &'a str) -> Result<(Rows<'a>, Vec<Factor>)> {
    let before = before.trim_start();
    let leading = leading_factor(before.strip_prefix(r"\[").unwrap_or(before))?;
    let (name, rest) = rest.split_once('}').unwrap_or((rest, ""));
    if !name.ends_with("matrix") {
        return Err(unexpected(1, "pmatrix or bmatrix", name));
    }
    let rows_seen = |body: &str| body.matches(r"\\").count() + 1;
    let Some((body, ending)) = rest.split_once(r"\end{") else {
        return Err(unexpected(rows_seen(rest), r"\end{...}", ""));
    };
    let Some(after) = ending
        .strip_prefix(name)
        .and_then(|after| after.strip_prefix('}'))
    else {
        return Err(unexpected(rows_seen(body), r"\end{...}", ending));
    };
    let after = after.trim_end();
    let trailing = trailing_factor(after.strip_suffix(r"\]").unwrap_or(after))?;
    Ok((
        latex_rows(body),
        [leading, trailing].into_iter().flatten().collect(),
    ))
}

fn latex_rows(body: &str) -> Rows<'_> {
    let rows = body.split(r"\\").filter(|row| !row.trim().is_empty());
    rows.map(|row| fields(row, Some('&'))).collect()
}

/// Numbers without brackets: see [`parse`] for what a comma and a semicolon mean.
fn bare_rows(text: &str) -> Rows<'_> {
    let decimal = has_decimal_commas(text);
    let crowded =
        |field: &str| field.contains(char::is_whitespace) || (!decimal && field.contains(','));
    let by_semicolon = text.split([';', '\n']).any(|field| crowded(field.trim()));
    let delimiter = [(',', !decimal), (';', !by_semicolon), ('\t', true)]
        .into_iter()
        .find_map(|(delimiter, allowed)| {
            (allowed && text.contains(delimiter)).then_some(delimiter)
        });
    text.split(|c| c == '\n' || (c == ';' && by_semicolon))
        .filter(|row| !row.trim().is_empty())
        .map(|row| fields(row, delimiter))
        .collect()
}

fn has_decimal_commas(text: &str) -> bool {
    let is_decimal = |number: &str| match number.split_once(',') {
        None => true,
        Some((whole, fraction)) => {
            whole.ends_with(|c: char| c.is_ascii_digit())
                && fraction.starts_with(|c: char| c.is_ascii_digit())
                && !fraction.contains(',')
                && !number.contains('.')
        }
    };
    let numbers = || {
        text.split(|c: char| c == ';' || c.is_whitespace())
            .filter(|number| !number.is_empty())
    };
    let lines = text.lines().filter(|line| !line.trim().is_empty()).count();
    text.contains(',') && numbers().all(is_decimal) && numbers().count() > lines
}

/// The cells of a row; one delimiter may end it.
fn fields(row: &str, delimiter: Option<char>) -> Vec<&str> {
    let Some(delimiter) = delimiter else {
        return row.split_whitespace().collect();
    };
    let row = row.trim();
    let row = row.strip_suffix(delimiter).unwrap_or(row);
    row.split(delimiter).map(str::trim).collect()
}

/// A matrix in brackets; `rest` begins with the first of them.
fn bracketed<'a>(before: &'a str, rest: &'a str) -> Result<(Rows<'a>, Vec<Factor>)> {
    let before = before.trim();
    let (factor_text, is_call) = match before.strip_suffix('(') {
        Some(function) => match without_constructor(function) {
            Some(factor_text) => (factor_text, true),
            None => return Err(unexpected(1, "np.array, torch.tensor or [", before)),
        },
        None => (before, false),
    };
    let leading = leading_factor(factor_text)?;
    let mut lists = Lists::default();
    let mut rest = rest;
    while let Some((token, tail)) = next_token(rest) {
        rest = tail;
        lists.read(token)?;
        if lists.open.is_empty() {
            break;
        }
    }
    let rows = lists.finish()?;
    let after = if is_call {
        after_call(rest, rows.len())?
    } else {
        rest
    };
    let trailing = trailing_factor(after)?;
    Ok((rows, [leading, trailing].into_iter().flatten().collect()))
}

/// What stands before the name of an array constructor at the end of `text`.
fn without_constructor(text: &str) -> Option<&str> {
    let text = text.trim_end();
    let before = text.trim_end_matches(is_name_char);
    let function = text[before.len()..].rsplit('.').next()?;
    CONSTRUCTORS.contains(&function).then_some(before)
}

/// What follows the closing parenthesis of a constructor's call; arguments such as
/// `dtype=np.float32` are passed over.
fn after_call(text: &str, row: usize) -> Result<&str> {
    let Some((arguments, after)) = text.split_once(')') else {
        return Err(unexpected(row, ")", text.trim()));
    };
    let (first, others) = arguments.split_once(',').unwrap_or((arguments, ""));
    let is_harmless = |argument: &str| {
        let (name, value) = argument.split_once('=').unwrap_or((argument, ""));
        is_name(name.trim()) && !value.contains('[')
    };
    let mut others = others
        .split(',')
        .map(str::trim)
        .filter(|argument| !argument.is_empty());
    if !first.trim().is_empty() {
        return Err(unexpected(row, ")", first.trim()));
    }
    match others.find(|argument| !is_harmless(argument)) {
        Some(argument) => Err(unexpected(row, "dtype=... or )", argument)),
        None => Ok(after),
    }
}

/// The factor in `1/9 *`, `K = (1/9) *` or nothing at all.
fn leading_factor(text: &str) -> Result<Option<Factor>> {
    let refused = || unexpected(1, "a number or a matrix", text.trim());
    let text = text.trim();
    let text = text.strip_prefix("Parameter containing:").unwrap_or(text);
    let text = match text.split_once('=') {
        Some((name, value)) if is_name(name.trim()) => value,
        Some(_) => return Err(refused()),
        None => text,
    };
    if text.trim().is_empty() {
        return Ok(None);
    }
    let scalar = ["*", "·", "×", r"\cdot", r"\times"]
        .iter()
        .find_map(|sign| text.trim().strip_suffix(sign))
        .unwrap_or(text);
    times(scalar).map(Some).ok_or_else(refused)
}

/// The factor in `/ 9`, `* (1/9)` or nothing at all; a semicolon may end the statement.
fn trailing_factor(text: &str) -> Result<Option<Factor>> {
    let text = text.trim().trim_end_matches(';').trim_end();
    if text.is_empty() {
        return Ok(None);
    }
    let factor = if let Some(divisor) = text.strip_prefix('/') {
        // Without parentheses a second slash would divide the quotient, not the divisor.
        let divisor = divisor.trim();
        let is_plain = !divisor.contains('/') || divisor.starts_with('(');
        number(unparenthesised(divisor))
            .filter(|&divisor| is_plain && divisor != 0.0)
            .map(Factor::Divided)
    } else {
        text.strip_prefix(['*', '·', '×']).and_then(times)
    };
    factor
        .map(Some)
        .ok_or_else(|| unexpected(1, "end of text", text))
}

fn times(scalar: &str) -> Option<Factor> {
    fraction(unparenthesised(scalar.trim())).map(|(over, under)| Factor::Times { over, under })
}

fn unparenthesised(text: &str) -> &str {
    let inner = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    inner.unwrap_or(text).trim()
}

fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_name_char)
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}

/// The next bracket, comma, semicolon, line end or cell, and the text behind it.
fn next_token(text: &str) -> Option<(&str, &str)> {
    let is_mark = |c: char| matches!(c, '[' | ']' | ',' | ';' | '\n');
    let text = text.trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
    let first = text.chars().next()?;
    let end = if is_mark(first) {
        first.len_utf8()
    } else {
        text.find(|c: char| c.is_whitespace() || is_mark(c))
            .unwrap_or(text.len())
    };
    Some(text.split_at(end))
}

/// Reads nested lists into rows.
///
/// A list of numbers is a row. Semicolons, and line ends if there is no outer list, part a list
/// into several rows, as in MATLAB.
#[derive(Default)]
struct Lists<'a> {
    rows: Rows<'a>,
    /// Cells of the row being read.
    row: Vec<&'a str>,
    /// For each list now open, whether it holds lists.
    open: Vec<bool>,
    /// Lists met so far at each depth, the outermost at 0.
    met: [usize; DEPTH_LIMIT],
    /// Depth of the lists that hold numbers; the same for all.
    row_depth: Option<usize>,
    /// Whether the list being read has been parted.
    parted: bool,
    /// Whether any list has been parted.
    any_parted: bool,
    /// Whether a comma now would stand before a number rather than behind one.
    value_due: bool,
}

impl<'a> Lists<'a> {
    fn read(&mut self, token: &'a str) -> Result<()> {
        match token {
            "[" => self.open_list(),
            "]" => self.close_list(),
            "," => {
                if self.value_due {
                    self.push_cell("")?;
                }
                self.value_due = true;
                Ok(())
            }
            ";" | "\n" => {
                self.part(token);
                Ok(())
            }
            cell => self.push_cell(cell),
        }
    }

    /// The rows read, once the outermost list has closed.
    fn finish(self) -> Result<Rows<'a>> {
        if !self.open.is_empty() {
            return Err(unexpected(self.rows.len() + 1, "]", ""));
        }
        let depth = self.row_depth.unwrap_or(0);
        let matrices = match depth.checked_sub(1) {
            Some(outer) if !self.any_parted => self.met[outer],
            None if !self.any_parted => 1,
            _ => self.met[depth],
        };
        if matrices > 1 {
            return Err(too_large(format!("{matrices} matrices")));
        }
        Ok(self.rows)
    }

    fn open_list(&mut self) -> Result<()> {
        if !self.row.is_empty() {
            return Err(self.unexpected("a number", "["));
        }
        let depth = self.open.len();
        if depth == DEPTH_LIMIT {
            return Err(too_large(format!(
                "more than {DEPTH_LIMIT} nested brackets"
            )));
        }
        self.met[depth] += 1;
        if let Some(outer) = self.open.last_mut() {
            *outer = true;
        }
        self.open.push(false);
        self.parted = false;
        self.value_due = true;
        Ok(())
    }

    fn close_list(&mut self) -> Result<()> {
        let depth = self.open.len().saturating_sub(1);
        if self.open.pop() == Some(false) {
            if *self.row_depth.get_or_insert(depth) != depth {
                return Err(self.unexpected("as many brackets as in row 1", "]"));
            }
            if !self.row.is_empty() || !self.parted {
                self.rows.push(std::mem::take(&mut self.row));
            }
        }
        self.value_due = false;
        Ok(())
    }

    fn part(&mut self, mark: &str) {
        let parts = mark == ";" || (self.open.len() == 1 && !self.value_due);
        if parts && !self.row.is_empty() {
            self.rows.push(std::mem::take(&mut self.row));
            self.parted = true;
            self.any_parted = true;
            self.value_due = true;
        }
    }

    fn push_cell(&mut self, cell: &'a str) -> Result<()> {
        if self.open.last() == Some(&true) {
            return Err(self.unexpected("[", if cell.is_empty() { "," } else { cell }));
        }
        self.row.push(cell);
        self.value_due = false;
        Ok(())
    }

    fn unexpected(&self, expected: &'static str, got: &str) -> Error {
        unexpected(self.rows.len() + 1, expected, got)
    }
}

// Reading: from cells to numbers.

fn numbers(cells: &Rows, factors: &[Factor]) -> Result<Vec<Vec<f64>>> {
    let value = |row: usize, column: usize, cell: &str| -> Result<f64> {
        let value = number(cell).ok_or_else(|| Error::TextNotANumber {
            operator: OPERATOR,
            row: row + 1,
            column: column + 1,
            got: shortened(cell),
        })?;
        Ok(factors
            .iter()
            .fold(value, |value, factor| factor.apply(value)))
    };
    let row = |(row, cells): (usize, &Vec<&str>)| -> Result<Vec<f64>> {
        let cells = cells.iter().enumerate();
        cells
            .map(|(column, cell)| value(row, column, cell))
            .collect()
    };
    cells.iter().enumerate().map(row).collect()
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
        return Err(too_large(format!("{height} x {width}")));
    }
    Ok(())
}

fn number(text: &str) -> Option<f64> {
    let (over, under) = fraction(text)?;
    Some(over / under).filter(|value| value.is_finite())
}

/// Numerator and denominator, which is 1 unless written and never 0.
fn fraction(text: &str) -> Option<(f64, f64)> {
    let (over, under) = text.split_once('/').unwrap_or((text, "1"));
    let under = decimal(under).filter(|&under| under != 0.0)?;
    Some((decimal(over)?, under))
}

/// A finite decimal with point or comma; unlike `f64`'s own parser no `inf`, no `nan`.
fn decimal(text: &str) -> Option<f64> {
    let is_allowed = |c: char| c.is_ascii_digit() || "+-.,eE".contains(c);
    if !text.chars().all(is_allowed) {
        return None;
    }
    let value: f64 = text.replace(',', ".").parse().ok()?;
    value.is_finite().then_some(value)
}

fn unexpected(row: usize, expected: &'static str, got: &str) -> Error {
    let got = if got.is_empty() {
        "end of text".into()
    } else {
        shortened(got)
    };
    Error::TextUnexpected {
        operator: OPERATOR,
        row,
        expected,
        got,
    }
}

fn too_large(got: String) -> Error {
    Error::TextTooLarge {
        operator: OPERATOR,
        limit: LIMIT,
        got,
    }
}

/// The first characters of `text`, enough to find it again.
fn shortened(text: &str) -> String {
    const LENGTH: usize = 24;
    match text.char_indices().nth(LENGTH) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into(),
    }
}

// Writing.

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
    let row = |row: ndarray::ArrayView1<f64>| {
        let numbers: Vec<_> = row.iter().map(|&weight| write(weight)).collect();
        numbers.join(between)
    };
    kernel.rows().into_iter().map(row).collect()
}

/// `value` with a point, which makes Python read a float.
fn python_float(value: f64) -> String {
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
    use proptest::prelude::*;
    use std::time::{Duration, Instant};

    #[track_caller]
    fn reads(expected: &Kernel, texts: &[&str]) {
        for text in texts {
            assert_eq!(parse(text).as_ref(), Ok(expected), "{text:?}");
        }
    }

    #[track_caller]
    fn refuses(text: &str, message: &str) {
        let error = parse(text).map(|kernel| format!("{kernel}")).unwrap_err();
        assert_eq!(
            error.to_string(),
            format!("parseKernel: {message}"),
            "{text:?}"
        );
    }

    #[test]
    fn nested_brackets_of_every_dialect_are_read() {
        reads(
            &array![[1.0, -2.0], [3.0, 4.5]],
            &[
                "[[1, -2], [3, 4.5]]",
                "[[1,-2],[3,4.5]]",
                " [ [1,-2,],\r\n   [3,4.5,], ] ",
                "np.array([[1, -2], [3, 4.5]])",
                "numpy.array( [[1, -2], [3, 4.5]], dtype=np.float32 )",
                "array([[ 1. , -2. ],\n       [ 3. ,  4.5]], dtype=float32)",
                "np.array([[1, -2], [3, 4.5]], np.float32)",
                "[[ 1.  -2. ]\n [ 3.   4.5]]",
                "k = np.array([\n    [1., -2.],\n    [3., 4.5],\n])",
                "torch.tensor([[[[1., -2.], [3., 4.5]]]])",
                "tensor([[[[ 1.0000, -2.0000],\n          [ 3.0000,  4.5000]]]], device='cuda:0')",
                "tensor([[1., -2.], [3., 4.5]], grad_fn=<MulBackward0>)",
                "Parameter containing:\ntensor([[[[1., -2.],\n [3., 4.5]]]], requires_grad=True)",
                "[[1, \u{2212}2], [3, 45e-1]]",
                "\u{feff}[[1,-2],[3,4.5]]",
            ],
        );
    }

    #[test]
    fn matlab_is_read() {
        reads(
            &array![[1.0, -2.0], [3.0, 4.0]],
            &[
                "[1 -2; 3 4]",
                "[1, -2; 3, 4];",
                "K = [1 -2\n     3  4]",
                "[1 -2;\n 3 4;]",
                "[[1 -2]; [3 4]]",
                "[[1 -2; 3 4]]",
            ],
        );
    }

    #[test]
    fn numbers_without_brackets_are_read() {
        reads(
            &array![[1.0, -2.0, 0.5], [3.0, 4.0, 0.0]],
            &[
                "1 -2 .5\n3 4 0",
                "1,-2,0.5\n3,4,0\n",
                "1, -2, 0.5\r\n3, 4, 0\r\n",
                "1,-2,0.5,\n3,4,0,\n",
                "1\t-2\t0.5\n3\t4\t0",
                "1\t-2\t0,5\n3\t4\t0",
                "1;-2;0,5\n3;4;0",
                "1;-2;0.5;\n3;4;0;",
                "1 -2 0,5\n3 4 0",
                "1 -2 0.5; 3 4 0",
                "1, -2, 0.5; 3, 4, 0",
                "1,-2,.5;3,4,0",
                "\n\n  1 -2 0.5  \n\n  3 4 0  \n\n",
            ],
        );
        reads(
            &array![[1.0, 2.0]],
            &["1,2", "1 2", "1;2", "[1,2]", "[1 2]"],
        );
        reads(&array![[1.5, 2.5]], &["1,5;2,5", "1,5 2,5", "1,5\t2,5"]);
        reads(&array![[1.0], [2.0]], &["1\n2", "[1;2]", "[[1],[2]]"]);
        reads(&array![[7.0]], &["7", "[7]", "[[[[7]]]]", "7;"]);
    }

    #[test]
    fn latex_is_read() {
        reads(
            &array![[1.0, -2.0], [0.5, 4.0]],
            &[
                "\\begin{pmatrix} 1 & -2 \\\\ 0.5 & 4 \\end{pmatrix}",
                "$$\\begin{bmatrix}\n1 & -2 \\\\\n\\frac{1}{2} & 4 \\\\\n\\end{bmatrix}$$",
                "\\[ K = \\begin{bmatrix} 1&-2\\\\0,5&4 \\end{bmatrix} \\]",
                "\\frac{1}{2} \\begin{matrix} 2 & -4 \\\\ 1 & 8 \\end{matrix}",
                "\\tfrac{1}{2} \\cdot \\begin{matrix} 2 & -4 \\\\ 1 & 8 \\end{matrix}",
                "1 & -2 \\\\ 0.5 & 4",
                "1 & -\\frac{2}{1} \\\\\n\\frac{-1}{ -2 } & 4 \\\\",
            ],
        );
        reads(&array![[1.0], [2.0]], &["1 \\\\ 2"]);
        reads(&array![[1.0, 2.0]], &["1 & 2"]);
    }

    #[test]
    fn factors_and_fractions_are_computed_as_written() {
        reads(
            &array![[1.0 / 9.0, -2.0 / 9.0]],
            &[
                "1/9 * [[1, -2]]",
                "(1/9)*[1 -2]",
                "1 / 9 * np.array([[1, -2]])",
                "np.array([[1, -2]]) / 9",
                "np.array([[1, -2]], dtype=float)/9.0",
                "k = [1 -2] / 9;",
                "[1 -2] * (1/9)",
                "[1 -2] * 1/9",
                "[1/9, -2/9]",
                "[[1 / 9, -2 / 9]]",
                "1/9 -2/9",
                "1/9,-2/9",
                "\\frac{1}{9}\\begin{bmatrix}1 & -2\\end{bmatrix}",
                "1/9 × [1 \u{2013}2]",
            ],
        );
        reads(&array![[3.0]], &["[1] / (1/3)", "2 * [3] / 2"]);
    }

    #[test]
    fn words_and_impossible_numbers_are_named_with_their_place() {
        for (word, row) in [
            ("nan", "nan"),
            ("-inf", "-inf"),
            ("Infinity", "Infinity"),
            ("1e400", "1e400"),
            ("1/0", "1/0"),
            ("1/2/3", "1/2/3"),
            ("1e300/1e-300", "1e300/1e-300"),
            ("--1", "--1"),
            ("-", "-"),
            ("0x10", "0x10"),
            ("1_000", "1_000"),
            ("...", "..."),
            ("\"2\"", "\"2\""),
            ("(2)", "(2)"),
            ("٣", "٣"),
            ("abcdefghijklmnopqrstuvwxyz", "abcdefghijklmnopqrstuvwx…"),
        ] {
            let message = format!("expected a number in row 2, column 3, got {row}");
            refuses(&format!("[[1, 2, 3], [4, 5, {word}]]"), &message);
            refuses(&format!("1 2 3\n4 5 {word}"), &message);
            refuses(&format!("1 & 2 & 3 \\\\ 4 & 5 & {word}"), &message);
        }
        refuses(
            "a,b,c\n1,2,3",
            "expected a number in row 1, column 1, got a",
        );
        refuses("1,,3", "expected a number in row 1, column 2, got ");
        refuses("[[1,,3]]", "expected a number in row 1, column 2, got ");
        refuses("[,1]", "expected a number in row 1, column 1, got ");
        refuses("1\t\t3", "expected a number in row 1, column 2, got ");
        refuses("1, 2 3", "expected a number in row 1, column 2, got 2 3");
        refuses(
            "hello world",
            "expected a number in row 1, column 1, got hello",
        );
        refuses(
            "2\\frac{1}{9} & 3",
            "expected a number in row 1, column 1, got 2 1/9",
        );
        refuses(
            "\\frac{1}{9}2 & 3",
            "expected a number in row 1, column 1, got 1/9 2",
        );
        refuses(
            "1 & \\frac{a}{9}",
            "expected a number in row 1, column 2, got \\frac{a}{9}",
        );
        refuses("1]", "expected a number in row 1, column 1, got 1]");
    }

    #[test]
    fn text_without_numbers_is_empty() {
        for text in [
            "",
            "  \n\t ",
            "[]",
            "[[], []]",
            "np.array([])",
            "$$",
            "\\begin{bmatrix}\\end{bmatrix}",
        ] {
            refuses(text, "expected a matrix of numbers, got empty text");
        }
    }

    #[test]
    fn ragged_rows_are_named() {
        refuses(
            "[[1, 2], [3, 4], [5]]",
            "row 3 should have 2 numbers like the first, got 1",
        );
        refuses(
            "1 2\n3 4 5",
            "row 2 should have 2 numbers like the first, got 3",
        );
        refuses(
            "[[1], []]",
            "row 2 should have 1 numbers like the first, got 0",
        );
        refuses(
            "1 & 2 \\\\ 3",
            "row 2 should have 2 numbers like the first, got 1",
        );
    }

    #[test]
    fn brackets_must_balance_and_nest_alike() {
        refuses("[[1, 2], [3, 4]", "expected ] in row 3, got end of text");
        refuses("[[1, 2], [3, 4", "expected ] in row 2, got end of text");
        refuses("[[1, 2]]]", "expected end of text in row 1, got ]");
        refuses("[1, [2, 3]]", "expected a number in row 1, got [");
        refuses("[[1, 2], 3]", "expected [ in row 2, got 3");
        refuses("[[1, 2],, [3, 4]]", "expected [ in row 2, got ,");
        refuses(
            "[[1], [[2]]]",
            "expected as many brackets as in row 1 in row 2, got ]",
        );
        refuses("np.array([[1, 2]]", "expected ) in row 1, got end of text");
        refuses(
            "np.array([[1]], [[2]])",
            "expected dtype=... or ) in row 1, got [[2]]",
        );
        refuses(
            "\\begin{bmatrix} 1 & 2",
            "expected \\end{...} in row 1, got end of text",
        );
        refuses(
            "\\begin{bmatrix}1\\end{pmatrix}",
            "expected \\end{...} in row 1, got pmatrix}",
        );
        refuses(
            "\\begin{align}1\\end{align}",
            "expected pmatrix or bmatrix in row 1, got align",
        );
    }

    #[test]
    fn code_that_would_change_the_matrix_is_refused() {
        refuses(
            "np.array([[1, 2]]).T",
            "expected end of text in row 1, got .T",
        );
        refuses("[1 2]'", "expected end of text in row 1, got '");
        refuses(
            "np.flip([[1, 2]])",
            "expected np.array, torch.tensor or [ in row 1, got np.flip(",
        );
        refuses(
            "([1 2])",
            "expected np.array, torch.tensor or [ in row 1, got (",
        );
        refuses("-[1 2]", "expected a number or a matrix in row 1, got -");
        refuses(
            "1/0 * [1 2]",
            "expected a number or a matrix in row 1, got 1/0 *",
        );
        refuses("[1 2] / 0", "expected end of text in row 1, got /0");
        refuses("[1 2] / 2/3", "expected end of text in row 1, got /2/3");
        refuses("[1 2] + 1", "expected end of text in row 1, got + 1");
        refuses("[1 2] [3 4]", "expected end of text in row 1, got [3 4]");
    }

    #[test]
    fn several_matrices_are_refused() {
        let message = "expected a matrix of at most 15 x 15, got 2 matrices";
        refuses("[[[1, 2], [3, 4]], [[5, 6], [7, 8]]]", message);
        refuses("[[1; 2], [3; 4]]", message);
    }

    #[test]
    fn large_matrices_large_weights_and_deep_brackets_are_refused() {
        let row = |n: usize| vec!["1"; n].join(" ");
        let square = |n: usize| vec![row(n); n].join("\n");
        assert_eq!(parse(&square(15)), Ok(Kernel::ones((15, 15))));
        refuses(
            &square(16),
            "expected a matrix of at most 15 x 15, got 16 x 16",
        );
        refuses(&row(16), "expected a matrix of at most 15 x 15, got 1 x 16");
        refuses(
            &vec!["1"; 20_000].join("\n"),
            "expected a matrix of at most 15 x 15, got 20000 x 1",
        );
        refuses(
            "1 2000000",
            "kernel must be between -1000000 and 1000000, got 2000000",
        );
        refuses(
            "1e6 * [1 2]",
            "kernel must be between -1000000 and 1000000, got 2000000",
        );
        refuses(
            &"[".repeat(9),
            "expected a matrix of at most 15 x 15, got more than 8 nested brackets",
        );
        refuses(
            &"1".repeat(65_537),
            "expected a matrix of at most 15 x 15, got 65537 bytes",
        );
    }

    #[test]
    fn hostile_text_of_full_length_is_answered_at_once() {
        let pieces = [
            "[",
            "]",
            "[]",
            "[],",
            "[[1],",
            "(",
            ")",
            ",",
            ";",
            "\n",
            " ",
            "/",
            "/ ",
            " /",
            "1/",
            "1",
            "1 ",
            "1,",
            "1;",
            "1,1 ",
            "1\n",
            "&",
            "1&",
            "\\\\",
            "\\frac{",
            "\\frac{}",
            "\\frac{1}{",
            "\\frac{1}{2}",
            "\\begin{",
            "\\begin{bmatrix}",
            "\\end{",
            "=",
            "a=",
            "array(",
            "*",
            "$",
            "-",
            "\u{2212}",
            "e",
            ".",
            "0",
            "9",
            "\u{feff}",
            "1e9",
            "[1;",
            "[1\n",
            "\t",
            "1\t",
        ];
        let start = Instant::now();
        for piece in pieces {
            let body = piece.repeat(TEXT_LIMIT / piece.len() - 1);
            for text in [
                body.clone(),
                format!("[{body}"),
                format!("array([{body}"),
                format!("{body}[1]"),
            ] {
                if let Ok(kernel) = parse(&text) {
                    assert_eq!(kernel.len(), 1, "{piece:?} was read as {kernel}");
                }
            }
        }
        // A single pass of 64 KB squared would alone take longer.
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{:?}",
            start.elapsed()
        );
    }

    #[test]
    fn typed_numbers_are_read() {
        for (text, value) in [
            ("-1.5", -1.5),
            (" 1/9 ", 1.0 / 9.0),
            ("1 / 9", 1.0 / 9.0),
            ("\u{2212}2", -2.0),
            ("0,5", 0.5),
            ("1e-3", 1e-3),
            ("+.5", 0.5),
            ("5.", 5.0),
            ("-1/\u{2212}4", 0.25),
            ("1000000", 1e6),
        ] {
            assert_eq!(parse_number(text), Ok(value), "{text:?}");
        }
    }

    #[test]
    fn typed_text_that_is_no_number_is_refused() {
        for text in [
            "", " ", "-", "abc", "1 2", "1/0", "nan", "inf", "1e999", "1.2.3", "1,2,3", "[1]",
            "1/2/3",
        ] {
            let got = text.trim().to_string();
            assert_eq!(
                parse_number(text),
                Err(Error::NotANumber {
                    operator: "parseNumber",
                    got
                })
            );
        }
        assert!(matches!(
            parse_number("1e7"),
            Err(Error::OutOfRange {
                operator: "parseNumber",
                argument: "number",
                got: 1e7,
                ..
            })
        ));
    }

    #[test]
    fn numbers_are_written_as_short_as_they_read_back() {
        for (value, text) in [
            (0.0, "0"),
            (-0.0, "0"),
            (1.0, "1"),
            (-2.0, "-2"),
            (0.1, "0.1"),
            (1.0 / 3.0, "0.3333333333333333"),
            (999_999.5, "999999.5"),
            (1e6, "1e6"),
            (1e-6, "0.000001"),
            (-1.5e-7, "-1.5e-7"),
            (5e-324, "5e-324"),
        ] {
            assert_eq!(format_number(value), text);
        }
    }

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
            format_rows(&array![[1.0, 0.0], [2.0, -1.0]]),
            "[[1., 0.], [2., -1.]]"
        );
    }

    const FORMATS: [Format; 4] = [Format::Numpy, Format::Pytorch, Format::Latex, Format::Csv];

    fn weights() -> impl Strategy<Value = f64> {
        prop_oneof![
            -1e6..1e6,
            -1.0..1.0,
            -1e-5..1e-5,
            (-9..=9).prop_map(f64::from),
            prop::num::f64::ANY.prop_filter("within the limit", |weight| weight.abs() <= 1e6),
        ]
    }

    fn kernels() -> impl Strategy<Value = Kernel> {
        (1..=LIMIT, 1..=LIMIT).prop_flat_map(|(height, width)| {
            prop::collection::vec(weights(), height * width)
                .prop_map(move |weights| Kernel::from_shape_vec((height, width), weights).unwrap())
        })
    }

    fn answers(text: &str) {
        if let Ok(kernel) = parse(text) {
            crate::kernel::check("test", &kernel).unwrap();
        }
        if let Ok(value) = parse_number(text) {
            assert!(value.abs() <= 1e6);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(256))]

        #[test]
        fn every_format_reads_back_exactly(kernel in kernels()) {
            for style in FORMATS {
                prop_assert_eq!(parse(&format(&kernel, style)), Ok(kernel.clone()), "{:?}", style);
            }
        }

        #[test]
        fn a_written_number_reads_back_exactly(value in weights()) {
            prop_assert_eq!(parse_number(&format_number(value)), Ok(value));
        }

        #[test]
        fn any_text_is_answered(text in any::<String>()) {
            answers(&text);
        }

        #[test]
        fn any_heap_of_matrix_signs_is_answered(
            pieces in prop::collection::vec(prop::sample::select(vec![
                "[", "]", "[[", "]]", "(", ")", ",", ";", "\n", "\t", " ", "&", "\\\\", "\\begin{bmatrix}",
                "\\end{bmatrix}", "\\frac{1}{2}", "\\frac{", "}", "/", "*", "=", "array(", "tensor(", "1", "-2",
                "0,5", ".5", "1e9", "nan", "\u{2212}", "é", "$",
            ]), 0..40),
        ) {
            answers(&pieces.concat());
        }

        #[test]
        fn damaged_matrices_are_answered(
            kernel in kernels(),
            style in prop::sample::select(FORMATS.to_vec()),
            damage in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>(), any::<char>()), 1..6),
        ) {
            let mut text: Vec<char> = format(&kernel, style).chars().collect();
            for (from, to, replacement) in damage {
                let (from, to) = (from.index(text.len()), to.index(text.len()));
                text.splice(from.min(to)..(from.min(to) + from.max(to) % 5).min(text.len()), [replacement]);
            }
            answers(&text.into_iter().collect::<String>());
        }
    }
}
