//! The scalar beside a matrix: `1/9 *` before it, `/ 9` behind it.

use super::number::Fraction;
use super::refusal::unexpected;
use crate::error::Result;

/// What every number of a matrix is multiplied by, in the order written.
#[derive(Default)]
pub(super) struct Factors(Vec<Fraction>);

impl Factors {
    /// Reads all that stands before and behind a matrix.
    pub fn read(before: &str, behind: &str) -> Result<Self> {
        let factors = [leading(before)?, trailing(behind)?];
        Ok(Factors(factors.into_iter().flatten().collect()))
    }

    pub fn apply(&self, number: f64) -> f64 {
        self.0.iter().fold(number, |product, factor| {
            product * factor.over / factor.under
        })
    }
}

/// The factor in `1/9 *`, `K = (1/9) *` or nothing at all.
fn leading(text: &str) -> Result<Option<Fraction>> {
    let refused = || unexpected(1, "a number or a matrix", text);
    let factor = text.trim();
    let factor = factor
        .strip_prefix("Parameter containing:")
        .unwrap_or(factor);
    let factor = match factor.split_once('=') {
        Some((name, value)) if is_name(&name.replace(' ', "")) => value.trim(),
        Some(_) => return Err(refused()),
        None => factor.trim(),
    };
    if factor.is_empty() {
        return Ok(None);
    }
    if factor == "-" && text.ends_with('-') {
        return Ok(Some(Fraction {
            over: -1.0,
            under: 1.0,
        }));
    }
    let scalar = ["*", "·", "×", r"\cdot", r"\times"]
        .iter()
        .find_map(|sign| factor.strip_suffix(sign))
        .unwrap_or(factor);
    scalar_fraction(scalar).map(Some).ok_or_else(refused)
}

/// The factor in `/ 9`, `* (1/9)` or nothing at all; a semicolon may end the statement.
fn trailing(text: &str) -> Result<Option<Fraction>> {
    let text = text.trim().trim_end_matches([';', ',']).trim_end();
    if text.is_empty() {
        return Ok(None);
    }
    let factor = match text.strip_prefix('/') {
        Some(divisor) => reciprocal(divisor.trim()),
        None => text.strip_prefix(['*', '·', '×']).and_then(scalar_fraction),
    };
    factor
        .map(Some)
        .ok_or_else(|| unexpected(1, "end of text", text))
}

/// What dividing by `divisor` multiplies by.
fn reciprocal(divisor: &str) -> Option<Fraction> {
    // Without parentheses a second slash would divide the quotient, not the divisor.
    let is_plain = !divisor.contains('/') || divisor.starts_with('(');
    let Fraction { over, under } = scalar_fraction(divisor).filter(|_| is_plain)?;
    let reciprocal = Fraction {
        over: under,
        under: over,
    };
    (over != 0.0).then_some(reciprocal)
}

fn scalar_fraction(text: &str) -> Option<Fraction> {
    let text = text.trim();
    let inner = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    Fraction::read(inner.unwrap_or(text).trim())
}

/// Whether `text` could be the name of a variable or of an argument.
pub(super) fn is_name(text: &str) -> bool {
    !text.is_empty() && text.chars().all(is_name_char)
}

/// Whether `c` may stand in a name, such as `np.array`.
pub(super) fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '.'
}
