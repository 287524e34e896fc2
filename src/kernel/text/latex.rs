//! LaTeX matrices: `&` between the numbers, `\\` between the rows.

use super::Rows;
use super::bare::fields;
use super::factor::{Factors, is_name};
use super::refusal::unexpected;
use crate::error::Result;

/// `text` without the macros that only set the formula.
pub(super) fn plain(text: String) -> String {
    if !text.contains('\\') {
        return text;
    }
    const NOTHING: [&str; 9] = [
        r"\displaystyle",
        r"\hline",
        r"\quad",
        r"\,",
        r"\;",
        r"\!",
        r"\ ",
        r"\left",
        r"\right",
    ];
    // A row's end is kept apart, lest its second backslash begin a macro.
    let mut text = text.replace(r"\\", "\u{1}");
    for (sized, bracket) in ["(", ")", "[", "]", "|", "."]
        .iter()
        .flat_map(|bracket| [(r"\left", bracket), (r"\right", bracket)])
    {
        text = text.replace(&format!("{sized}{bracket}"), " ");
    }
    for nothing in NOTHING {
        text = text.replace(nothing, " ");
    }
    let rows = text.split('\u{1}').enumerate();
    let rows: Vec<&str> = rows
        .map(|(index, row)| if index > 0 { without_space(row) } else { row })
        .collect();
    rows.join(r"\\")
}

/// A row without the space that a length such as `[4pt]` adds before it.
fn without_space(row: &str) -> &str {
    match row
        .trim_start()
        .strip_prefix('[')
        .and_then(|row| row.split_once(']'))
    {
        Some((length, row)) if length.ends_with(char::is_alphabetic) => row,
        _ => row,
    }
}

/// A matrix in its environment; `rest` begins with the environment's name.
pub(super) fn environment<'a>(before: &str, rest: &'a str) -> Result<(Rows<'a>, Factors)> {
    let (name, rest) = rest.split_once('}').unwrap_or((rest, ""));
    let rest = match name.ends_with("matrix") {
        true => rest,
        false if name == "array" => rest.split_once('}').map_or("", |(_columns, rest)| rest),
        false => return Err(unexpected(1, "pmatrix or bmatrix", name)),
    };
    let rows_in = |body: &str| body.matches(r"\\").count() + 1;
    let Some((body, ending)) = rest.split_once(r"\end{") else {
        return Err(unexpected(rows_in(rest), r"\end{...}", ""));
    };
    let after = ending.strip_prefix(name);
    let Some(after) = after.and_then(|after| after.strip_prefix('}')) else {
        return Err(unexpected(rows_in(body), r"\end{...}", ending));
    };
    let (before, after) = (
        before.replace(['{', '}'], " "),
        after.replace(['{', '}'], " "),
    );
    let (before, after) = (before.trim(), after.trim());
    let before = before.strip_prefix(r"\[").unwrap_or(before);
    let after = after.strip_suffix(r"\]").unwrap_or(after).trim();
    // The picture that the matrix is convolved with.
    let is_picture = after
        .strip_prefix('*')
        .is_some_and(|name| is_name(name.trim()) && name.trim().starts_with(char::is_alphabetic));
    let factors = Factors::read(before, if is_picture { "" } else { after })?;
    Ok((rows(body), factors))
}

/// The rows of an environment's body.
pub(super) fn rows(body: &str) -> Rows<'_> {
    let rows = body.split(r"\\").filter(|row| !row.trim().is_empty());
    rows.map(|row| fields(row, Some('&'))).collect()
}
