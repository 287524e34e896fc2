//! LaTeX matrices: `&` between the numbers, `\\` between the rows.

use super::Rows;
use super::bare::fields;
use super::factor::Factors;
use super::refusal::unexpected;
use crate::error::Result;

/// A matrix in its environment; `rest` begins with the environment's name.
pub(super) fn environment<'a>(before: &str, rest: &'a str) -> Result<(Rows<'a>, Factors)> {
    let (name, rest) = rest.split_once('}').unwrap_or((rest, ""));
    if !name.ends_with("matrix") {
        return Err(unexpected(1, "pmatrix or bmatrix", name));
    }
    let rows_in = |body: &str| body.matches(r"\\").count() + 1;
    let Some((body, ending)) = rest.split_once(r"\end{") else {
        return Err(unexpected(rows_in(rest), r"\end{...}", ""));
    };
    let after = ending.strip_prefix(name);
    let Some(after) = after.and_then(|after| after.strip_prefix('}')) else {
        return Err(unexpected(rows_in(body), r"\end{...}", ending));
    };
    let (before, after) = (before.trim_start(), after.trim_end());
    let factors = Factors::read(
        before.strip_prefix(r"\[").unwrap_or(before),
        after.strip_suffix(r"\]").unwrap_or(after),
    )?;
    Ok((rows(body), factors))
}

/// The rows of an environment's body.
pub(super) fn rows(body: &str) -> Rows<'_> {
    let rows = body.split(r"\\").filter(|row| !row.trim().is_empty());
    rows.map(|row| fields(row, Some('&'))).collect()
}
