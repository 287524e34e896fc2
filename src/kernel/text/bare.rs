//! Numbers without brackets: CSV, spreadsheets, printed matrices, columns between spaces.

use super::Rows;
use super::factor::{Factors, is_name};
use super::number::is_odd;
use super::refusal::{ambiguous, unexpected};
use crate::error::{Error, Result};
use crate::kernel::text::OPERATOR;

/// Reads a table with what may stand above it: a name, a factor.
///
/// # Errors
/// [`Error::TextAmbiguous`] for commas that may mark decimals as well as separate numbers;
/// [`Error::TextSeveralMatrices`] for blocks of rows with empty lines between them.
pub(super) fn read(text: &str) -> Result<(Rows<'_>, Factors)> {
    let text = text.trim_matches(['\n', ' ']);
    let first_line = text.split('\n').next().unwrap_or_default();
    // n = 3 above other lines may be a value of its own.
    let is_alone = first_line.len() == text.len();
    let rest = match first_line.split_once('=') {
        Some((name, behind)) if is_name(name.trim()) && (behind.trim().is_empty() || is_alone) => {
            &text[name.len() + 1..]
        }
        _ => text,
    };
    let body = rest.trim_start_matches(['\n', ' ']);
    // SVG's kernelMatrix="1 0 -1 .." has its size beside it.
    if rest.len() < text.len() && body.starts_with('"') {
        return Err(ambiguous(text, "one row", "several rows"));
    }
    let first_line = body.split('\n').next().unwrap_or_default();
    let (factor, body) = match first_line.trim_end().ends_with('*') {
        true => body.split_at(first_line.len()),
        false => ("", body),
    };
    let factors = Factors::read(factor, "")?;
    Ok((rows(body)?, factors))
}

/// The rows of `text`; see [`parse`](super::parse) for what a comma and a semicolon mean.
fn rows(text: &str) -> Result<Rows<'_>> {
    let lines = lines(text)?;
    let decimal = check_commas(text, &lines)?;
    let has_bars = lines.iter().any(|line| line.contains('|'));
    let crowded =
        |field: &str| field.contains(char::is_whitespace) || (!decimal && field.contains(','));
    let mut fields_between = lines.iter().flat_map(|line| line.split(';'));
    let by_semicolon = fields_between.any(|field| crowded(field.trim()));
    let delimiter = [
        ('|', true),
        (',', !decimal),
        (';', !by_semicolon),
        ('\t', true),
    ]
    .into_iter()
    .find_map(|(delimiter, allowed)| {
        (allowed && lines.iter().any(|line| line.contains(delimiter))).then_some(delimiter)
    });
    if let [line] = lines[..]
        && !has_bars
        && line
            .split_whitespace()
            .all(|row| row.matches(',').count() > 1 && !row.ends_with(','))
        && !line.contains(';')
    {
        // ImageMagick's 1,0,-1 2,0,-2
        return Ok(line
            .split_whitespace()
            .map(|row| fields(row, Some(',')))
            .collect());
    }
    let rows = lines.into_iter().flat_map(|line| {
        line.split(move |c| c == ';' && by_semicolon)
            .filter(|row| !row.trim().is_empty())
            .map(move |row| fields(row, delimiter))
    });
    Ok(rows.collect())
}

/// The lines that hold numbers, without the bars around them and the rules between them.
fn lines(text: &str) -> Result<Vec<&str>> {
    let (mut blocks, mut longest, mut length) = (0, 0, 0);
    let mut lines = Vec::new();
    for line in text.split('\n') {
        let line = line.trim_matches(' ');
        let inner = line
            .strip_prefix('|')
            .and_then(|line| line.strip_suffix('|'));
        let line = inner.unwrap_or(line);
        if line.trim_matches(['|', ' ', '\t']).is_empty() {
            length = 0;
            continue;
        }
        if length == 0 {
            blocks += 1;
        }
        length += 1;
        longest = longest.max(length);
        if !(line.contains("--") && line.chars().all(|c| "-|: +".contains(c))) {
            lines.push(line);
        }
    }
    if blocks > 1 && longest > 1 {
        return Err(Error::TextSeveralMatrices { operator: OPERATOR });
    }
    Ok(lines)
}

/// The cells of a row, between spaces if there is no delimiter; one delimiter may end the row.
pub(super) fn fields(row: &str, delimiter: Option<char>) -> Vec<&str> {
    let Some(delimiter) = delimiter else {
        return row.split_whitespace().collect();
    };
    let row = row.trim_matches(' ');
    let row = row.strip_suffix(delimiter).unwrap_or(row);
    let is_quotable = delimiter != '&';
    row.split(delimiter)
        .map(str::trim)
        .map(|cell| {
            if is_quotable {
                cell.trim_matches('"')
            } else {
                cell
            }
        })
        .collect()
}

/// Whether commas mark decimals.
///
/// # Errors
/// [`Error::TextAmbiguous`] if they may do that and may as well separate numbers or thousands.
fn check_commas(text: &str, lines: &[&str]) -> Result<bool> {
    let words = || {
        let words = text.split(|c: char| c == ';' || c == '"' || c == '|' || c.is_whitespace());
        words.filter(|word| !word.is_empty())
    };
    let is_decimal = |word: &str| match word.split_once(',') {
        None => true,
        Some((whole, fraction)) => {
            whole.ends_with(|c: char| c.is_ascii_digit())
                && fraction.starts_with(|c: char| c.is_ascii_digit())
                && !fraction.contains(',')
                && !word.contains('.')
        }
    };
    let refused = |first, second| Err(ambiguous(text, first, second));
    let with_comma = || words().filter(|word| word.contains(','));
    if with_comma().next().is_none() {
        return Ok(false);
    }
    let has_quoted_comma = text
        .split('"')
        .skip(1)
        .step_by(2)
        .any(|field| field.contains(','));
    let can_be_decimals = words().all(is_decimal);
    let is_column = words().count() <= lines.len();
    let has_oddity = with_comma().any(|word| word.split(',').any(is_odd));
    let is_one_line_of_rows = lines.len() == 1 && text.contains(';');
    if !can_be_decimals {
        let is_doubtful = has_quoted_comma || has_oddity;
        return if is_doubtful {
            refused("decimal commas", "numbers between commas")
        } else {
            Ok(false)
        };
    }
    if with_comma().all(may_group_thousands) {
        return refused("decimal commas", "thousands");
    }
    let all_have = words().all(|word| word.contains(','));
    if (is_column && (has_oddity || has_quoted_comma)) || (is_one_line_of_rows && all_have) {
        return refused("decimal commas", "numbers between commas");
    }
    Ok(!is_column)
}

fn may_group_thousands(word: &str) -> bool {
    let word = word.trim_start_matches(['-', '+']);
    let (thousands, rest) = word.split_once(',').unwrap_or((word, ""));
    (1..=3).contains(&thousands.len()) && !thousands.starts_with('0') && rest.len() == 3
}

/// The rows that R prints behind their labels.
pub(super) fn r_rows(text: &str) -> Result<Rows<'_>> {
    let lines = text.split('\n').filter(|line| !line.trim().is_empty());
    let mut rows = Vec::new();
    for (index, line) in lines.skip(1).enumerate() {
        let mut words = line.split_whitespace();
        let label = words.next().unwrap_or_default();
        if label != format!("[{},]", index + 1) {
            return Err(unexpected(index + 1, "[1,]", label));
        }
        rows.push(words.collect());
    }
    Ok(rows)
}
