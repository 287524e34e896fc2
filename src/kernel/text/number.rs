//! One number: read as a fraction, written as short as it reads back.

/// The shortest decimal that reads back as `value`; an exponent only below 1e-6 and from 1e6 on.
pub fn format_number(value: f64) -> String {
    let value = value + 0.0; // Minus zero is written 0.
    if value == 0.0 || (1e-6..1e6).contains(&value.abs()) {
        value.to_string()
    } else {
        format!("{value:e}")
    }
}

/// A number as written, `over / under`; `under` is 1 for a number without a slash and never 0.
///
/// Not divided yet, because 2 / 9 and 2 · (1 / 9) round differently.
#[derive(Clone, Copy)]
pub(super) struct Fraction {
    pub over: f64,
    pub under: f64,
}

impl Fraction {
    /// Reads `2`, `0,5` or `1/9`.
    pub fn read(text: &str) -> Option<Self> {
        let (over, under) = text.split_once('/').unwrap_or((text, "1"));
        let (over, under) = (decimal(over)?, decimal(under)?);
        (under != 0.0).then_some(Fraction { over, under })
    }

    /// The quotient, if it is finite.
    pub fn value(self) -> Option<f64> {
        let value = self.over / self.under;
        value.is_finite().then_some(value)
    }
}

/// A finite decimal with point or comma; unlike `f64`'s own parser no `inf`, no `nan`.
fn decimal(text: &str) -> Option<f64> {
    // 000 is a part of 1,000; C marks a float by f, R a whole number by L.
    if text.len() > 1 && text.bytes().all(|c| c == b'0') {
        return None;
    }
    let text = text.strip_suffix(['f', 'F', 'L']).unwrap_or(text);
    let is_allowed = |c: char| c.is_ascii_digit() || "+-.,eE".contains(c);
    if !text.chars().all(is_allowed) {
        return None;
    }
    let value: f64 = text.replace(',', ".").parse().ok()?;
    value.is_finite().then_some(value)
}

/// Whether `part` is a whole number as nobody writes one, such as `-0` and `05`: it is a part of
/// `-0,5` or `1,05`.
pub(super) fn is_odd(part: &str) -> bool {
    let digits = part.trim().trim_start_matches(['-', '+']);
    let is_signed = digits.len() < part.trim().len();
    digits.starts_with('0')
        && digits.bytes().all(|c| c.is_ascii_digit())
        && (digits.len() > 1 || is_signed)
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
