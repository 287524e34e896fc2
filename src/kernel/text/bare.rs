//! Numbers without brackets: CSV, spreadsheets, columns between spaces.

use super::Rows;

/// The rows of `text`; see [`parse`](super::parse) for what a comma and a semicolon mean.
pub(super) fn rows(text: &str) -> Rows<'_> {
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

/// The cells of a row, between spaces if there is no delimiter; one delimiter may end the row.
pub(super) fn fields(row: &str, delimiter: Option<char>) -> Vec<&str> {
    let Some(delimiter) = delimiter else {
        return row.split_whitespace().collect();
    };
    let row = row.trim();
    let row = row.strip_suffix(delimiter).unwrap_or(row);
    row.split(delimiter).map(str::trim).collect()
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
