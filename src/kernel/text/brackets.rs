//! Matrices in brackets: nested lists, MATLAB's rows, constructors of libraries, printouts.

use std::mem::{discriminant, take};

use super::factor::{Factors, is_name, is_name_char};
use super::number::{Fraction, is_odd};
use super::refusal::{ambiguous, unexpected};
use super::{OPERATOR, Rows};
use crate::error::{Error, Result};

/// A text with brackets around numbers.
pub(super) struct Matrix<'a> {
    /// The words before the name that is assigned to, such as `float`.
    declared: &'a str,
    before: &'a str,
    rest: &'a str,
    behind: &'a str,
}

/// Finds the matrix in a text that has brackets other than those of `(1/9)` and `(1)`.
///
/// # Errors
/// [`Error::TextUnexpected`] for the left side of an assignment that does not name one variable.
pub(super) fn find(text: &str) -> Result<Option<Matrix<'_>>> {
    let text = text.trim();
    let (declared, text) = declaration(text)?;
    let (text, behind) = value_of_key(text).unwrap_or((text, ""));
    let mut searched = 0;
    while let Some(offset) = text[searched..].find(is_opening) {
        let (before, rest) = text.split_at(searched + offset);
        let name = &before[before.trim_end_matches(is_name_char).len()..];
        let name = name.trim_start_matches(|c: char| c.is_ascii_digit() || c == '.');
        let group = rest.strip_prefix('(').and_then(|rest| rest.split_once(')'));
        match group.filter(|(inner, _)| Fraction::read(inner.trim()).is_some()) {
            Some((inner, _)) if name.is_empty() => searched += offset + inner.len() + 2,
            _ => {
                let (before, rest) = text.split_at(before.len() - name.len());
                return Ok(Some(Matrix {
                    declared,
                    before,
                    rest,
                    behind,
                }));
            }
        }
    }
    Ok(None)
}

/// Splits `float k[3][3] = {..}` behind its sign; the first part is what stands before the name.
fn declaration(text: &str) -> Result<(&str, &str)> {
    let Some((left, right)) = text.split_once('=') else {
        return Ok(("", text));
    };
    if left.contains(['(', '{', '"', '\n', ',', '*']) || !right.contains(is_opening) {
        return Ok(("", text));
    }
    let left = left.trim().trim_end_matches(':').trim_end();
    let name = &left[left
        .trim_end_matches(|c| is_name_char(c) || c == '[' || c == ']')
        .len()..];
    let types = &left[..left.len() - name.len()];
    let bare_name = name.split('[').next().unwrap_or_default();
    // k[0] = .. sets a part of a matrix.
    let is_part = types.is_empty() && bare_name.len() < name.len();
    let is_plain = |c: char| is_name_char(c) || " :<>[]&".contains(c);
    if is_part || right.starts_with('=') || !is_name(bare_name) || !types.chars().all(is_plain) {
        return Err(unexpected(1, "a number or a matrix", text));
    }
    Ok((types, right))
}

/// The value in `{"kernel": [..]}` and `kernel: [..]`, and what stands behind it.
fn value_of_key(text: &str) -> Option<(&str, &str)> {
    let (key, value) = text.split_once(':')?;
    let inner = key.trim().strip_prefix('{');
    let is_key = is_name(inner.unwrap_or(key).trim().trim_matches('"'));
    if !is_key || value.contains(':') {
        return None;
    }
    match inner {
        Some(_) => Some((value.trim_end().strip_suffix('}')?, "")),
        None => Some((value, "")),
    }
}

impl<'a> Matrix<'a> {
    /// Reads it with what scales it.
    ///
    /// # Errors
    /// As [`parse`](super::parse).
    pub fn read(self) -> Result<(Rows<'a>, Factors)> {
        let mut reader = Reader {
            rest: self.rest,
            rows_read: 0,
            types: vec![self.declared],
        };
        let rows = match reader.lists()? {
            List::Row(row) => vec![row],
            List::Matrix(rows) | List::Parted(rows) => rows,
            List::Points(_) => return Err(Error::TextSeveralMatrices { operator: OPERATOR }),
        };
        reader.check_types(&rows)?;
        if !self.behind.is_empty() {
            return Err(unexpected(rows.len(), "end of text", self.behind));
        }
        Ok((rows, Factors::read(self.before, reader.rest)?))
    }
}

/// Deepest nesting of brackets read; a convolution weight has 4, and a call may be around it.
const DEPTH_LIMIT: usize = 8;

/// Functions that make an array of nested lists and leave the numbers as they are.
const CONSTRUCTORS: [&str; 11] = [
    "array",
    "asarray",
    "matrix",
    "mat",
    "tensor",
    "as_tensor",
    "Tensor",
    "FloatTensor",
    "constant",
    "Matrix",
    "Parameter",
];

/// Arguments that leave the numbers as they are.
const HARMLESS: [&str; 6] = [
    "device",
    "requires_grad",
    "grad_fn",
    "copy",
    "order",
    "name",
];

/// What one pair of brackets encloses.
#[derive(Debug)]
enum List<'a> {
    /// Numbers.
    Row(Vec<&'a str>),
    /// Rows, each in its own brackets.
    Matrix(Rows<'a>),
    /// Rows parted by semicolons or lines, as in MATLAB.
    Parted(Rows<'a>),
    /// Numbers that each have brackets of their own, as in Keras's `(3, 3, 1, 1)`.
    Points(Vec<&'a str>),
}

struct Reader<'a> {
    rest: &'a str,
    /// Rows completed so far, for the place in errors.
    rows_read: usize,
    /// The types to which the numbers are converted.
    types: Vec<&'a str>,
}

impl<'a> Reader<'a> {
    /// One list or call, or rows that each have their own brackets.
    fn lists(&mut self) -> Result<List<'a>> {
        let mut lists = vec![self.value(0)?];
        loop {
            let rest = self.rest.trim_start_matches([' ', '\n', ',']);
            let is_parted = rest.len() < self.rest.trim_start_matches(' ').len();
            if !is_parted || !rest.starts_with(is_opening) {
                break;
            }
            self.rest = rest;
            lists.push(self.value(0)?);
        }
        if lists.len() == 1 {
            return lists.pop().ok_or(Error::TextEmpty { operator: OPERATOR });
        }
        joined(lists)
    }

    /// The list or call that comes next, inside `depth` brackets.
    fn value(&mut self, depth: usize) -> Result<List<'a>> {
        check_depth(depth)?;
        let name = self.name();
        let Some(opening) = self.rest.chars().next().filter(|&c| is_opening(c)) else {
            return Err(self.unexpected("[", self.rest));
        };
        self.rest = &self.rest[1..];
        if name.is_empty() {
            return self.list(closing(opening), depth + 1);
        }
        let base = base(name);
        if opening != '(' || !CONSTRUCTORS.contains(&base) {
            let got = format!("{name}{opening}");
            return Err(self.unexpected("np.array, torch.tensor or [", &got));
        }
        let text = self.rest.trim_start();
        let list = if let Some(quoted) = text.strip_prefix('"').filter(|_| base.starts_with("mat"))
        {
            self.rest = quoted;
            self.list('"', depth + 1)?
        } else {
            self.rest = text;
            self.value(depth + 1)?
        };
        self.arguments(&list)?;
        match list {
            // A column in SymPy, a row elsewhere.
            List::Row(row) if base == "Matrix" && row.len() > 1 => {
                Err(ambiguous(name, "one column", "one row"))
            }
            list => Ok(list),
        }
    }

    /// The name before a bracket.
    fn name(&mut self) -> &'a str {
        let rest = self.rest.trim_start();
        let (name, rest) = rest.split_at(rest.find(|c| !is_name_char(c)).unwrap_or(rest.len()));
        self.rest = rest;
        name
    }

    /// Passes over the arguments behind a matrix: its type, its shape and what is harmless.
    fn arguments(&mut self, list: &List) -> Result<()> {
        loop {
            self.rest = self.rest.trim_start();
            if let Some(rest) = self.rest.strip_prefix(')') {
                self.rest = rest;
                return Ok(());
            }
            let Some(rest) = self.rest.strip_prefix(',') else {
                return Err(unexpected(self.rows_read.max(1), ")", self.rest));
            };
            let argument = rest.trim_start();
            let end = match argument.split_once('(') {
                Some((name, group)) if !name.contains([',', ')']) => {
                    name.len() + 2 + group.find(')').unwrap_or(group.len() - 1)
                }
                _ => argument.find([',', ')']).unwrap_or(argument.len()),
            };
            let (argument, rest) = argument.split_at(end);
            self.rest = rest;
            let (name, value) = match argument.split_once('=') {
                Some((name, value)) => (name.trim(), value.trim()),
                None if argument.is_empty() => continue,
                None => ("dtype", argument.trim()),
            };
            let is_type = value.trim_matches('"').starts_with(char::is_alphabetic);
            match name {
                "dtype" if is_type => self.types.push(value),
                "shape" if has_shape(list, value) => {}
                name if HARMLESS.contains(&name) => {}
                _ => {
                    let row = self.rows_read.max(1);
                    return Err(unexpected(row, "dtype=... or )", argument));
                }
            }
        }
    }

    /// The list whose bracket has just been read; the outermost has depth 1.
    fn list(&mut self, end: char, depth: usize) -> Result<List<'a>> {
        check_depth(depth)?;
        let start = self.rest;
        let mut lists = Vec::new();
        let mut parts = Vec::new();
        let mut row = Vec::new();
        // Whether a comma now would stand before an item rather than behind one.
        let mut item_due = true;
        let (mut has_commas, mut has_spaces, mut is_wrapped, mut line_ends) =
            (false, false, false, false);
        loop {
            let token = self.next_token(end);
            match token {
                None => return Err(self.unexpected(bracket_name(end), "")),
                Some(token) if token.starts_with(|c| c == end || is_closing(c)) => {
                    if !token.starts_with(end) {
                        return Err(self.unexpected(bracket_name(end), token));
                    }
                    break;
                }
                Some(token) if token.starts_with(is_opening) => {
                    if !row.is_empty() {
                        return Err(self.unexpected("a number", token));
                    }
                    let place = self.rows_read + 1;
                    let opening = token.chars().next().unwrap_or_default();
                    let list = self.list(closing(opening), depth + 1)?;
                    let first = lists.first().unwrap_or(&list);
                    if discriminant(first) != discriminant(&list) {
                        return Err(unexpected(place, "as many brackets as in row 1", "]"));
                    }
                    lists.push(list);
                    item_due = false;
                }
                Some(",") if !item_due => {
                    item_due = true;
                    has_commas = true;
                }
                Some(mark @ (";" | "\n")) => {
                    // A line end parts rows in MATLAB alone, which has no lists of lists.
                    let parts_rows = mark == ";" || (depth == 1 && !item_due);
                    line_ends |= mark == "\n" && !row.is_empty();
                    if parts_rows && !row.is_empty() {
                        parts.push(take(&mut row));
                        self.rows_read += 1;
                        item_due = true;
                        line_ends = false;
                    }
                }
                Some(cell) if !lists.is_empty() => return Err(self.unexpected("[", cell)),
                Some(cell) => {
                    is_wrapped |= line_ends;
                    has_spaces |= !item_due && cell != ",";
                    // A comma before an item leaves a cell empty, which is not a number.
                    let cell = if cell == "," { "" } else { self.number(cell)? };
                    row.push(cell);
                    item_due = token == Some(",");
                }
            }
        }
        if !lists.is_empty() {
            return joined(lists);
        }
        if !row.is_empty() || parts.is_empty() {
            self.rows_read += 1;
            parts.push(row);
        }
        let cells = || parts.iter().flatten();
        let text = &start[..start.len() - self.rest.len()];
        if has_commas && (has_spaces || cells().any(|cell| is_odd(cell))) {
            return Err(ambiguous(text, "decimal commas", "numbers between commas"));
        }
        let is_sign = |cells: &[&str]| matches!(cells, [_, "-" | "+", _]);
        if parts.iter().any(|row| row.windows(3).any(is_sign)) {
            return Err(ambiguous(text, "a sum", "separate numbers"));
        }
        let is_flat = parts.len() == 1;
        let is_nine = depth == 1 && has_commas && is_flat && parts[0].len() == 9;
        if is_nine || (is_wrapped && (depth == 1 || !has_commas)) {
            return Err(ambiguous(text, "one row", "several rows"));
        }
        Ok(match parts.pop() {
            Some(row) if is_flat => List::Row(row),
            last => {
                parts.extend(last);
                List::Parted(parts)
            }
        })
    }

    /// The number in `np.float64(1)`; any other cell as it is.
    fn number(&mut self, cell: &'a str) -> Result<&'a str> {
        let Some(call) = self.rest.strip_prefix('(') else {
            return Ok(cell);
        };
        let (number, rest) = call.split_once(')').unwrap_or((call, ""));
        if !base(cell).starts_with("float") || Fraction::read(number.trim()).is_none() {
            return Err(self.unexpected("a number", cell));
        }
        self.rest = rest;
        Ok(number.trim())
    }

    /// The next bracket, comma, semicolon, line end or cell, or the mark `end`.
    fn next_token(&mut self, end: char) -> Option<&'a str> {
        let is_mark =
            |c: char| is_opening(c) || is_closing(c) || c == end || matches!(c, ',' | ';' | '\n');
        let text = self
            .rest
            .trim_start_matches(|c: char| c.is_whitespace() && c != '\n');
        let first = text.chars().next()?;
        let end = if is_mark(first) {
            first.len_utf8()
        } else {
            text.find(|c: char| c.is_whitespace() || is_mark(c))
                .unwrap_or(text.len())
        };
        let (token, rest) = text.split_at(end);
        self.rest = rest;
        Some(token)
    }

    /// Refuses numbers that converting to a whole type would change.
    fn check_types(&self, rows: &Rows) -> Result<()> {
        for kind in self.types.iter().map(|kind| kind.to_ascii_lowercase()) {
            let has = |names: &[&str]| names.iter().any(|name| kind.contains(name));
            let is_unsigned = has(&["uint", "unsigned", "uchar", "byte", "bool"]);
            let is_whole = is_unsigned || has(&["int", "long", "short", "char"]);
            let is_kept = |value: f64| {
                (!is_whole || value.fract() == 0.0)
                    && (!is_unsigned || value >= 0.0)
                    && (!kind.contains("bool") || value <= 1.0)
            };
            let values = rows
                .iter()
                .flatten()
                .filter_map(|cell| Fraction::read(cell)?.value());
            if !values.into_iter().all(is_kept) {
                return Err(unexpected(1, "a number that its type can hold", &kind));
            }
        }
        Ok(())
    }

    fn unexpected(&self, expected: &'static str, got: &str) -> Error {
        unexpected(self.rows_read + 1, expected, got)
    }
}

fn check_depth(depth: usize) -> Result<()> {
    match depth {
        0..=DEPTH_LIMIT => Ok(()),
        _ => Err(Error::TextTooDeep {
            operator: OPERATOR,
            limit: DEPTH_LIMIT,
        }),
    }
}

/// The matrix that lists within a list make up: they are its rows, or one of them is it already.
/// Axes of length 1 behind the others are dropped, as those of Keras's `(3, 3, 1, 1)`.
fn joined(mut lists: Vec<List>) -> Result<List> {
    let several = Err(Error::TextSeveralMatrices { operator: OPERATOR });
    if lists.len() == 1 {
        return match lists.pop() {
            Some(List::Row(row)) => Ok(List::Matrix(vec![row])),
            Some(List::Points(_)) | None => several,
            Some(matrix) => Ok(matrix),
        };
    }
    let mut rows = Vec::with_capacity(lists.len());
    let mut are_points = true;
    for list in lists {
        are_points &= matches!(&list, List::Matrix(rows) if rows.len() == 1);
        match list {
            List::Row(row) | List::Points(row) => rows.push(row),
            List::Matrix(column) if column.iter().all(|row| row.len() == 1) => {
                rows.push(column.concat());
            }
            List::Matrix(_) | List::Parted(_) => return several,
        }
    }
    Ok(match are_points {
        true => List::Points(rows.concat()),
        false => List::Matrix(rows),
    })
}

/// Whether `shape`, as in `(3, 3)`, is that of the list, axes of length 1 left out.
fn has_shape(list: &List, shape: &str) -> bool {
    let extents = shape.split(|c: char| !c.is_ascii_digit());
    let extents = extents.filter_map(|extent| extent.parse().ok());
    let got = match list {
        List::Row(row) | List::Points(row) => vec![1, row.len()],
        List::Matrix(rows) | List::Parted(rows) => {
            vec![rows.len(), rows.first().map_or(0, Vec::len)]
        }
    };
    let without_ones = |extents: Vec<usize>| -> Vec<usize> {
        extents.into_iter().filter(|&extent| extent != 1).collect()
    };
    without_ones(extents.collect()) == without_ones(got)
}

/// The last part of a name such as `np.array`.
fn base(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or_default()
}

fn is_opening(c: char) -> bool {
    matches!(c, '[' | '(' | '{')
}

fn is_closing(c: char) -> bool {
    matches!(c, ']' | ')' | '}')
}

fn closing(opening: char) -> char {
    match opening {
        '[' => ']',
        '{' => '}',
        _ => ')',
    }
}

fn bracket_name(end: char) -> &'static str {
    match end {
        ']' => "]",
        '}' => "}",
        _ => ")",
    }
}
