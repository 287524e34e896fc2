//! Matrices in brackets: JSON, Python, MATLAB, and as NumPy and PyTorch print them.

use std::mem::{discriminant, take};

use super::factor::{Factors, is_name, is_name_char};
use super::refusal::unexpected;
use super::{OPERATOR, Rows};
use crate::error::{Error, Result};

/// Reads a matrix; `rest` begins with its first bracket.
pub(super) fn matrix<'a>(before: &str, rest: &'a str) -> Result<(Rows<'a>, Factors)> {
    let before = before.trim();
    let (leading, is_call) = match before.strip_suffix('(') {
        Some(function) => match without_constructor(function) {
            Some(leading) => (leading, true),
            None => return Err(unexpected(1, "np.array, torch.tensor or [", before)),
        },
        None => (before, false),
    };
    let mut reader = Reader { rest, rows_read: 0 };
    reader.next_token();
    let rows = match reader.list(1)? {
        List::Row(row) => vec![row],
        List::Matrix(rows) => rows,
    };
    let trailing = if is_call {
        after_call(reader.rest, rows.len())?
    } else {
        reader.rest
    };
    Ok((rows, Factors::read(leading, trailing)?))
}

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
        return Err(unexpected(row, ")", text));
    };
    let (behind_matrix, arguments) = arguments.split_once(',').unwrap_or((arguments, ""));
    if !behind_matrix.trim().is_empty() {
        return Err(unexpected(row, ")", behind_matrix));
    }
    let is_harmless = |argument: &str| {
        let (name, value) = argument.split_once('=').unwrap_or((argument, ""));
        argument.is_empty() || (is_name(name.trim()) && !value.contains('['))
    };
    let mut arguments = arguments.split(',').map(str::trim);
    match arguments.find(|argument| !is_harmless(argument)) {
        Some(argument) => Err(unexpected(row, "dtype=... or )", argument)),
        None => Ok(after),
    }
}

/// What one pair of brackets encloses.
enum List<'a> {
    /// Numbers.
    Row(Vec<&'a str>),
    /// Rows, each in its own brackets or parted by semicolons.
    Matrix(Rows<'a>),
}

struct Reader<'a> {
    rest: &'a str,
    /// Rows completed so far, for the place in errors.
    rows_read: usize,
}

impl<'a> Reader<'a> {
    /// The list whose bracket has just been read; the outermost has depth 1.
    fn list(&mut self, depth: usize) -> Result<List<'a>> {
        if depth > DEPTH_LIMIT {
            return Err(Error::TextTooDeep {
                operator: OPERATOR,
                limit: DEPTH_LIMIT,
            });
        }
        let mut lists = Vec::new();
        let mut parts = Vec::new();
        let mut row = Vec::new();
        // Whether a comma now would stand before an item rather than behind one.
        let mut item_due = true;
        loop {
            match self.next_token() {
                None => return Err(self.unexpected("]", "")),
                Some("]") => break,
                Some("[") if !row.is_empty() => return Err(self.unexpected("a number", "[")),
                Some("[") => {
                    let place = self.rows_read + 1;
                    let list = self.list(depth + 1)?;
                    let first = lists.first().unwrap_or(&list);
                    if discriminant(first) != discriminant(&list) {
                        return Err(unexpected(place, "as many brackets as in row 1", "]"));
                    }
                    lists.push(list);
                    item_due = false;
                }
                Some(",") if !item_due => item_due = true,
                Some(mark @ (";" | "\n")) => {
                    // A line end parts rows in MATLAB alone, which has no lists of lists.
                    let parts_rows = mark == ";" || (depth == 1 && !item_due);
                    if parts_rows && !row.is_empty() {
                        parts.push(take(&mut row));
                        self.rows_read += 1;
                        item_due = true;
                    }
                }
                Some(cell) if !lists.is_empty() => return Err(self.unexpected("[", cell)),
                Some(cell) => {
                    // A comma before an item leaves a cell empty, which is no number.
                    row.push(if cell == "," { "" } else { cell });
                    item_due = cell == ",";
                }
            }
        }
        if !lists.is_empty() {
            return joined(lists);
        }
        if parts.is_empty() {
            self.rows_read += 1;
            return Ok(List::Row(row));
        }
        if !row.is_empty() {
            self.rows_read += 1;
            parts.push(row);
        }
        Ok(List::Matrix(parts))
    }

    /// The next bracket, comma, semicolon, line end or cell.
    fn next_token(&mut self) -> Option<&'a str> {
        let is_mark = |c: char| matches!(c, '[' | ']' | ',' | ';' | '\n');
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

    fn unexpected(&self, expected: &'static str, got: &str) -> Error {
        unexpected(self.rows_read + 1, expected, got)
    }
}

/// The matrix that lists within a list make up: they are its rows, or one of them is it already.
fn joined(lists: Vec<List>) -> Result<List> {
    let is_alone = lists.len() == 1;
    let mut rows = Vec::with_capacity(lists.len());
    for list in lists {
        match list {
            List::Row(row) => rows.push(row),
            List::Matrix(matrix) if is_alone => rows = matrix,
            List::Matrix(_) => return Err(Error::TextSeveralMatrices { operator: OPERATOR }),
        }
    }
    Ok(List::Matrix(rows))
}
